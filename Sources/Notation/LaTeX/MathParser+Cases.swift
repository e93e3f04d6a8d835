// Environments in the place of an operand: cases, and matrices.

import Diagnostics

extension MathParser {
  // MARK: Cases

  /// `\begin{cases} a & b > 0 \\ c & \text{otherwise} \end{cases}` in the place of an operand.
  mutating func casesEnvironment() throws(Diagnostic) -> Math? {
    guard let name = peekEnvironment() else { return nil }
    let first = advance()
    try enter(first)
    defer { leave() }
    _ = try group(of: first)
    if name == "array" { _ = try group(of: first) }
    let fences = openFences
    let outer = inCases
    openFences = []
    inCases = true
    defer {
      openFences = fences
      inCases = outer
    }
    var rows: [MathCase] = []
    while true {
      try skip()
      if peek.isCommand("end") { break }
      let value = try expression()
      try skip()
      var condition: Math?
      var sawCondition = false
      while true {
        try skip()
        switch peek.kind {
        case .sign(","), .alignment, .sign(";"): position += 1
        case .command(let name) where TeXCommands.gaps.contains(name): position += 1
        case .command(let name) where TeXCommands.texts.contains(name):
          let token = advance()
          let words = TeXPieces.text(of: Array(try group(of: token)))
          if words.contains(where: { "=<>\\".contains($0) }) {
            throw .tex(
              "cases", "a condition inside \\text{…} is not read", at(token),
              help: "write \\text{if } x > 0")
          }
          if words.filter({ $0.isLetter }).isEmpty { continue }
          sawCondition = true
        case .rowBreak, .command("end"), .end: break
        default:
          if condition == nil, atOperand {
            condition = try self.condition()
            sawCondition = true
          } else {
            throw expected("the end of the row")
          }
        }
        if peek.kind == .rowBreak || peek.isCommand("end") || peek.isEnd { break }
      }
      if !sawCondition, !rows.isEmpty || peek.kind == .rowBreak {
        throw .tex(
          "cases", "this case has no condition", value.span,
          help: "write & and the condition, or & \\text{otherwise}")
      }
      rows.append(MathCase(value: value, condition: condition))
      if accept(.rowBreak) != nil {
        skipRowSpacing()
        continue
      }
      break
    }
    try skip()
    guard peek.isCommand("end") else { throw expected("\\end{\(name)}") }
    let end = advance()
    let closing = TeXPieces.text(of: Array(try group(of: end)))
    guard closing.filter({ $0 != "*" }) == name else {
      throw .tex("end", "\\end{\(closing)} does not end \\begin{\(name)}", at(end))
    }
    guard !rows.isEmpty else { throw .tex("cases", "no cases here", at(first)) }
    return Math(.cases(rows), span(from: first))
  }

  /// `\\[2ex]`, `\\*`
  mutating func skipRowSpacing() {
    if peek.isSign("*"), !peek.spaced { position += 1 }
    guard peek.isSign("["), !peek.spaced else { return }
    var ahead = 1
    while ahead < 12 {
      switch token(ahead).kind {
      case .digit, .letter, .sign("."), .sign("-"), .sign("+"): ahead += 1
      case .sign("]"):
        position += ahead + 1
        return
      default: return
      }
    }
  }

  // MARK: Matrices

  static let matrixEnvironments: Set<String> = [
    "pmatrix", "bmatrix", "matrix", "smallmatrix", "Bmatrix", "psmallmatrix", "bsmallmatrix",
  ]

  /// `\begin{pmatrix} a & b \\ c & d \end{pmatrix}`: a column is a list in brackets, anything else a
  /// list of rows.
  mutating func matrixEnvironment() throws(Diagnostic) -> Math? {
    guard let name = peekEnvironment(), MathParser.matrixEnvironments.contains(name) else {
      return nil
    }
    let first = advance()
    try enter(first)
    defer { leave() }
    _ = try group(of: first)
    let fences = openFences
    openFences = []
    defer { openFences = fences }
    var rows: [[Math]] = [[]]
    while true {
      try skip()
      if peek.isCommand("end") || peek.isEnd { break }
      if accept(.rowBreak) != nil {
        skipRowSpacing()
        rows.append([])
        continue
      }
      if accept(.alignment) != nil || isGap(peek) {
        if isGap(peek) { position += 1 }
        continue
      }
      rows[rows.count - 1].append(try cell())
    }
    guard peek.isCommand("end") else { throw expected("\\end{\(name)}") }
    let end = advance()
    let closing = TeXPieces.text(of: Array(try group(of: end)))
    guard closing.filter({ $0 != "*" }) == name else {
      throw .tex("end", "\\end{\(closing)} does not end \\begin{\(name)}", at(end))
    }
    rows.removeAll(where: \.isEmpty)
    let whole = span(from: first)
    guard let columns = rows.first?.count, rows.allSatisfy({ $0.count == columns }) else {
      throw .tex("matrix", "the rows of this matrix have different lengths", whole)
    }
    if columns == 1 { return Math(.fenced(.bracket, rows.map { $0[0] }), whole) }
    return Math(.fenced(.bracket, rows.map { Math(.fenced(.bracket, $0), whole) }), whole)
  }

  /// `matrix` draws no brackets: with equations in its rows it is a list of them.
  var startsMatrix: Bool {
    guard let name = peekEnvironment(), MathParser.matrixEnvironments.contains(name) else {
      return false
    }
    return name != "matrix" || !holdsEquations
  }

  /// Whether a relation stands in the rows of the environment that begins here.
  private var holdsEquations: Bool {
    var depth = 0
    var ahead = 1
    while ahead < 4000 {
      let token = self.token(ahead)
      switch token.kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .sign("="), .command("leftarrow"), .command("gets"): if depth == 0 { return true }
      case .command("end"), .end: return false
      default: break
      }
      ahead += 1
    }
    return false
  }

  /// One entry; a row break or & ends it.
  private mutating func cell() throws(Diagnostic) -> Math {
    var terms: [MathTerm] = []
    let first = peek
    var isNegative = try sign() ?? false
    while true {
      terms.append(MathTerm(isNegative: isNegative, value: try product(after: first)))
      guard let next = try sign() else { break }
      isNegative = next
    }
    if terms.count == 1, !terms[0].isNegative { return terms[0].value }
    return Math(.sum(terms), span(from: first))
  }
}
