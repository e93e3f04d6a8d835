// Whether a printed number is what was calculated, to the digits printed.
//
// The rule, with u one unit of the last printed digit and v the calculated value:
//
//   exact       v is the number itself
//   rounded     v rounds to it: |v - p| ≤ u/2
//   truncated   cut off instead of rounded: |p| ≤ |v| < |p| + u, with two digits or more
//   carried     it has three digits or more and is off by no more than the numbers it was calculated
//               from may be off by, because those are printed rounded themselves, and its last unit;
//               they must be rounded about as finely as it is, to three of its units
//   slip        it is off by one unit of the last of three or more digits, and nothing explains it
//   wrong       anything else
//
// Rounded, truncated and carried count as right, the latter two with a remark. A whole number behind =
// is held to more than rounding: `= 1` does not stand for 0.6.

struct PrintedDigits {
  enum Outcome: Equatable {
    case exact, rounded, truncated, carried, slip, wrong

    var isRight: Bool { self != .wrong && self != .slip }
  }

  var outcome: Outcome
  /// The distance in units of the last printed digit.
  var units: Double

  /// - Parameters:
  ///   - spread: how far the calculated value may be off, because of rounded numbers in it.
  init(_ printed: PrintedNumber, value: Double, spread: Double = 0, isApproximate: Bool = false) {
    let distance = abs(value - printed.value)
    let scale = max(abs(value), abs(printed.value))
    units = printed.unit > 0 ? distance / printed.unit : 0
    guard value.isFinite else {
      outcome = .wrong
      return
    }
    if distance <= 1e-12 * scale || distance == 0 {
      outcome = .exact
      return
    }
    let half = printed.halfUnit * (1 + 1e-9) + 1e-12 * scale
    if printed.isWhole {
      // 3 for 2.97 is a rounding; 1 for 0.6 is none, unless ≈ says so.
      let isClose = distance <= half && (printed.significant >= 3 || distance <= 0.05 * scale)
      outcome = isClose || isApproximate && distance <= half ? .rounded : .wrong
      if outcome == .wrong, PrintedDigits.isCarried(printed, distance, spread) {
        outcome = .carried
      }
      return
    }
    if distance <= half {
      outcome = .rounded
    } else if PrintedDigits.isCarried(printed, distance, spread) {
      outcome = .carried
    } else if printed.significant >= 2, value * printed.value >= 0,
      abs(printed.value) < abs(value), distance < printed.unit * (1 - 1e-9)
    {
      outcome = .truncated
    } else if isApproximate, units <= 1 + 1e-9, printed.significant >= 2 {
      outcome = .carried
    } else if units <= 1.5, printed.significant >= 3 {
      outcome = .slip
    } else {
      outcome = .wrong
    }
  }

  private static func isCarried(_ printed: PrintedNumber, _ distance: Double, _ spread: Double)
    -> Bool
  {
    guard spread > 0.1 * printed.unit, spread <= 3 * printed.unit, printed.significant >= 3 else {
      return false
    }
    // Beyond half a unit only in long numbers, where the last digit is nobody's aim.
    let own = printed.significant >= 6 ? printed.unit : printed.halfUnit
    return distance <= (own + spread) * (1 + 1e-9)
  }
}
