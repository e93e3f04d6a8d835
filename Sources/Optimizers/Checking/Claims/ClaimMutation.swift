// The changes that may explain a wrong number or derivative, the commonest first.

import Notation

enum ClaimMutation {
  private static let limit = 400

  /// All single changes, those first that are made oftenest.
  static func all(_ math: Math) -> [MathChange] {
    changes(math) { $0.made != nil }.compactMap { change in change.made.map { (change, $0.rank) } }
      .enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
      .map(\.element.0)
  }

  /// With a transpose put on or taken off somewhere, or two neighbours changing places.
  static func transposes(_ math: Math) -> [MathChange] {
    changes(math) { change in
      switch change.kind {
      case .transposed, .notTransposed, .before: true
      default: false
      }
    }
  }

  private static func changes(_ math: Math, _ wants: @escaping (MathChange) -> Bool)
    -> [MathChange]
  {
    MathChanges(
      math, limit: limit,
      symbol: { math in
        let symbol = ClaimSymbol(math)
        return (symbol != nil, symbol?.power)
      },
      isCall: { factors in
        factors.first.flatMap { ClaimSymbol($0.value) }
          .map { FormulaFunctions.applied($0.base) != nil } ?? false
      }, wants: wants
    ).all
  }
}
