// From a value to its place along an axis: 0 at the lower end, 1 at the upper.
//
// Ranges may be as large as numbers go; what overflows is computed at a quarter of its size.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package struct Scale: Sendable, Equatable {
  package let lower: Double
  package let upper: Double
  package let isLogarithmic: Bool

  /// - Parameter range: for a logarithmic scale both ends are above 0; otherwise 1 to 10 is taken.
  ///   A range of one value, or of values that rounding alone tells apart, is widened.
  package init(_ range: ClosedRange<Double>, isLogarithmic: Bool = false) {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    if !lower.isFinite || !upper.isFinite { (lower, upper) = (0, 1) }
    if isLogarithmic {
      if lower <= 0 { (lower, upper) = upper > 0 ? (upper / 10, upper) : (1, 10) }
      if lower <= 0 || log10(upper) - log10(lower) < 1e-9 {
        lower = max(lower / 2, .leastNonzeroMagnitude)
        upper = min(upper * 2, .greatestFiniteMagnitude)
      }
    } else {
      let largest = max(abs(lower), abs(upper))
      if largest < .leastNormalMagnitude {
        (lower, upper) = (lower < 0 ? -1 : 0, upper > 0 || lower == upper ? 1 : 0)
      } else if upper / 4 - lower / 4 <= largest / 4 * 1e-12 {
        let middle = lower / 2 + upper / 2
        let half = abs(middle) / 2
        lower = max(middle - half, -.greatestFiniteMagnitude)
        upper = min(middle + half, .greatestFiniteMagnitude)
      }
    }
    self.lower = lower
    self.upper = upper
    self.isLogarithmic = isLogarithmic
  }

  /// The smallest range that holds all values that can be on such a scale; nil when there are none.
  package static func range(of values: some Sequence<Double>, isLogarithmic: Bool = false)
    -> ClosedRange<Double>?
  {
    var lower = Double.infinity
    var upper = -Double.infinity
    for value in values where value.isFinite && (!isLogarithmic || value > 0) {
      lower = min(lower, value)
      upper = max(upper, value)
    }
    return lower <= upper ? lower...upper : nil
  }

  /// Whether a value has a place on such a scale, inside the range or beyond it.
  package func holds(_ value: Double) -> Bool {
    value.isFinite && (!isLogarithmic || value > 0)
  }

  /// The place, below 0 or above 1 beyond the ends; nil when there is none. Never decreases with
  /// the value.
  package func fraction(_ value: Double) -> Double? {
    guard holds(value) else { return nil }
    if isLogarithmic {
      return (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
    }
    let span = upper - lower
    if span.isFinite, (value - lower).isFinite { return (value - lower) / span }
    return (value / 4 - lower / 4) / (upper / 4 - lower / 4)
  }

  /// The value at a place; the inverse of `fraction`.
  package func value(at fraction: Double) -> Double {
    if isLogarithmic {
      return pow(10, log10(lower) + fraction * (log10(upper) - log10(lower)))
    }
    return lower * (1 - fraction) + upper * fraction
  }
}
