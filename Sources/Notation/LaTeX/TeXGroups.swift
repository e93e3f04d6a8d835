// Where the groups of a formula end, and in which of them a whole equation stands: one pass over the
// tokens. A `}` without its `{` closes nothing, a `{` without its `}` is no group.

struct TeXGroups {
  /// The place of the `}` for every `{`.
  private var ends: [Int?]
  private var begins: [Int: Int] = [:]
  private var equations: [Bool]

  init(_ tokens: [TeXToken]) {
    ends = Array(repeating: nil, count: tokens.count)
    equations = Array(repeating: false, count: tokens.count)
    // The groups that are open, and whether rows stand in them.
    var open: [(place: Int, hasRows: Bool)] = []
    for (place, token) in tokens.enumerated() {
      switch token.kind {
      case .beginGroup: open.append((place, false))
      case .endGroup:
        guard let group = open.popLast() else { break }
        ends[group.place] = place
        begins[place] = group.place
        if group.hasRows {
          equations[group.place] = true
          if !open.isEmpty { open[open.count - 1].hasRows = true }
        }
      case .rowBreak, .alignment:
        if !open.isEmpty { open[open.count - 1].hasRows = true }
      default:
        if let group = open.last, TeXGroups.isNoOperand(token) { equations[group.place] = true }
      }
    }
  }

  /// The place of the `}` that closes a group; nil where none begins.
  func end(of place: Int) -> Int? { ends.indices.contains(place) ? ends[place] : nil }

  /// The place of the `{` that a `}` closes.
  func begin(of place: Int) -> Int? { begins[place] }

  /// Whether a relation, rows or a remark stand in a group.
  func holdsEquation(_ place: Int) -> Bool {
    equations.indices.contains(place) && equations[place]
  }

  private static func isNoOperand(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .sign("="), .sign("<"), .sign(">"): true
    case .command(let name):
      TeXCommands.relations[name] != nil || TeXCommands.gaps.contains(name)
        // A remark in a frame is no operand either.
        || TeXCommands.texts.contains(name)
    default: false
    }
  }
}
