// What is known of the sizes along a chain of stages before there is an input.
//
// A layer says which size it takes and gives on one axis, counted from the end; where the next one
// takes another, the chain fits no input at all and is refused where it is declared. Everything that
// depends on the input (`flatten`, a function of the session) ends what is known.

/// The size of an axis.
struct Side: Equatable, Sendable {
  /// -1 for features, -3 for the channels of images.
  let axis: Int
  let size: Int

  static func features(_ size: Int) -> Side { Side(axis: -1, size: size) }
  static func channels(_ size: Int) -> Side { Side(axis: -3, size: size) }

  /// `4 features`
  var text: String { size.counted(axis == -1 ? "feature" : "channel") }
}

/// What a stage does to sizes.
enum Passage: Sendable {
  case unknown
  /// The shape stays, as in relu.
  case keepsShape
  /// One axis stays, as the channels in maxpool.
  case keeps(axis: Int)
  case changes(takes: Side?, gives: Side?)

  static func features(_ inputs: Int, to outputs: Int) -> Passage {
    .changes(takes: .features(inputs), gives: .features(outputs))
  }
}

/// Two stages of a chain of which the later takes what the earlier does not give.
struct Misfit {
  /// The places in the chain.
  let giver: Int
  let taker: Int
  let given: Side
  let taken: Side
}

extension Passage {
  /// A chain's passage, and the first place where it cannot fit.
  static func along(_ chain: [Passage]) -> (passage: Passage, misfit: Misfit?) {
    var takes: Side?
    var present: (side: Side, giver: Int)?
    // Until a stage changes sizes, what comes in is what is there, on the axes that were kept.
    var isOpen = true
    var kept: Int?
    for (place, passage) in chain.enumerated() {
      switch passage {
      case .unknown: (present, isOpen) = (nil, false)
      case .keepsShape: break
      case .keeps(let axis):
        if present?.side.axis != axis { present = nil }
        if isOpen, kept ?? axis != axis { isOpen = false }
        if isOpen { kept = axis }
      case .changes(let taken, let gives):
        if let taken {
          if let present, present.side.axis == taken.axis, present.side != taken {
            let misfit = Misfit(
              giver: present.giver, taker: place, given: present.side, taken: taken)
            return (.unknown, misfit)
          }
          if isOpen, kept ?? taken.axis == taken.axis { takes = taken }
        }
        present = gives.map { ($0, place) }
        isOpen = false
      }
    }
    guard isOpen else { return (.changes(takes: takes, gives: present?.side), nil) }
    return (kept.map { .keeps(axis: $0) } ?? .keepsShape, nil)
  }
}
