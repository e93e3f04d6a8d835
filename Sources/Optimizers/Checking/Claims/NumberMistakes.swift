// Which slip of the pen gives a wrong number: each simple change of the expression is tried, and the
// first whose value has the printed digits is named.
//
// A number of one digit fits too many changes when rounded; it is explained only when it is exact.

import Notation

enum NumberMistakes {
  struct Reason {
    var id: String
    var says: String
  }

  static func explain(
    _ math: Math, component: Int?, value: Double, number: PrintedNumber, context: ClaimContext,
    isStopped: Stopping = .never, fits: (Double) -> Bool
  ) -> Reason? {
    if number.value != 0, fits(-value) || abs(number.value + value) <= number.halfUnit {
      return Reason(id: "sign", says: "the sign is the other way round")
    }
    if number.significant >= 2 {
      for power in [1, -1, 2, -2, 3, -3] {
        let moved = value * PrintedNumber.tenTo(power)
        if fits(moved) || abs(number.value - moved) < number.unit * 1e-6 {
          return Reason(id: "decimal-point", says: "the decimal point is in another place")
        }
      }
    }
    let scope = context.scope(.printed)
    for change in ClaimMutation.all(math) {
      if isStopped() { return nil }
      guard let other = try? ClaimEvaluator(scope).value(change.math).simplified else { continue }
      let elements = other.elements
      guard
        let result = component == nil
          ? other.scalar
          : elements.indices.contains(component ?? 0)
            ? elements[component ?? 0] : nil, result != value
      else { continue }
      let isExact = abs(result - number.value) <= 1e-9 * abs(number.value)
      if let made = change.made, isExact || number.significant >= 2 && fits(result) {
        let clause = change.clause { ClaimText.pretty($0.span.text) }
        return Reason(
          id: made.id, says: "\(number.printed(number.value)) is the value \(clause)")
      }
    }
    if swapped(number, value) {
      return Reason(id: "digits-swapped", says: "two digits are swapped")
    }
    return nil
  }

  /// 0.217 for 0.271.
  private static func swapped(_ number: PrintedNumber, _ value: Double) -> Bool {
    let wanted = Array(number.printed(value))
    let printed = Array(number.printed(number.value))
    guard wanted.count == printed.count, number.significant >= 3 else { return false }
    let places = wanted.indices.filter { wanted[$0] != printed[$0] }
    return places.count == 2 && wanted[places[0]] == printed[places[1]]
      && wanted[places[1]] == printed[places[0]] && places[1] - places[0] <= 2
  }
}
