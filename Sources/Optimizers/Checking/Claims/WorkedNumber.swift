// A formula that is worked out to a number, `w_5 - \eta g = 0.3589`, is a calculation of one step, also
// where it looks like a rule.

import Notation

enum WorkedNumber {
  /// Whether a chain ends in a number that something is calculated to; `m_0 = v_0 = 0` does not.
  static func isWorked(_ item: MathItem) -> Bool {
    guard case .formula(let sides, _) = item.kind, sides.count > 2, let last = sides.last,
      PrintedVector(last) != nil
    else { return false }
    return sides.dropFirst().dropLast().contains { ClaimSymbol($0) == nil }
  }

  static func isWorked(_ items: [MathItem]) -> Bool { items.contains { isWorked($0) } }

  /// Whether nothing else is said.
  static func isAll(_ items: [MathItem]) -> Bool {
    let formulas = items.filter { if case .formula = $0.kind { true } else { false } }
    return !formulas.isEmpty && formulas.allSatisfy { isWorked($0) }
  }
}
