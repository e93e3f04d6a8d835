// Where an axis has its marks: at 1, 2 or 5 times a power of ten, or at powers of ten on a
// logarithmic axis, with labels that all have the same number of decimals.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package struct Tick: Sendable, Equatable {
  package let value: Double
  package let label: String
}

/// An axis laid out: its scale and its ticks.
package struct Ticks: Sendable {
  package let scale: Scale
  package let ticks: [Tick]

  /// - Parameters:
  ///   - most: about how many ticks there is room for, at least 2.
  ///   - rounded: whether the axis is extended so that it begins and ends with a tick.
  package init(
    _ range: ClosedRange<Double>, isLogarithmic: Bool = false, most: Int, rounded: Bool = false,
    isWhole: Bool = false
  ) {
    let scale = Scale(range, isLogarithmic: isLogarithmic)
    let most = max(2, most)
    if isLogarithmic {
      self = Ticks.logarithmic(scale, most: most, rounded: rounded)
    } else {
      self = Ticks.linear(scale, most: most, rounded: rounded, isWhole: isWhole)
    }
  }

  private init(scale: Scale, ticks: [Tick]) {
    self.scale = scale
    self.ticks = ticks
  }

  // MARK: Linear

  private static func linear(_ scale: Scale, most: Int, rounded: Bool, isWhole: Bool) -> Ticks {
    var (lower, upper) = (scale.lower, scale.upper)
    let span = upper - lower
    let least = span / Double(most)
    guard span.isFinite, least > 1e-290, let step = NiceStep(atLeast: least, isWhole: isWhole)
    else { return ends(scale) }
    var first = (lower / step.size).rounded(rounded ? .down : .up)
    var last = (upper / step.size).rounded(rounded ? .up : .down)
    // A value that is a multiple but for rounding is one.
    let slack = 1e-9
    if rounded {
      if lower / step.size - first > 1 - slack { first += 1 }
      if last - upper / step.size > 1 - slack { last -= 1 }
      lower = min(lower, step.multiple(first))
      upper = max(upper, step.multiple(last))
    } else {
      if first - lower / step.size > 1 - slack { first -= 1 }
      if upper / step.size - last > 1 - slack { last += 1 }
    }
    guard lower.isFinite, upper.isFinite, last >= first, last - first < 1000 else {
      return ends(scale)
    }
    let values = (0...Int(last - first)).map { step.multiple(first + Double($0)) }
    let labels = NumberLabel.labels(of: values, exponent: step.exponent)
    return Ticks(scale: Scale(lower...upper), ticks: zip(values, labels).map(Tick.init))
  }

  /// The two ends, for ranges in which steps overflow or vanish.
  private static func ends(_ scale: Scale) -> Ticks {
    let ends = [scale.lower, scale.upper]
    return Ticks(scale: scale, ticks: ends.map { Tick(value: $0, label: NumberLabel.short($0)) })
  }

  // MARK: Logarithmic

  private static func logarithmic(_ scale: Scale, most: Int, rounded: Bool) -> Ticks {
    let slack = 1e-9
    let low = log10(scale.lower)
    let high = log10(scale.upper)
    let mantissas: [Double] = high - low < 1.5 ? [1, 2, 5] : [1]
    var places: [(value: Double, exponent: Int)] = []
    for decade in Int(low.rounded(.down)) - 1...Int(high.rounded(.up)) + 1 {
      for mantissa in mantissas {
        let value = NiceStep.power(decade) * mantissa
        if value > 0, value.isFinite { places.append((value, decade)) }
      }
    }
    // From the last one at or below the lower end to the first at or above the upper.
    var from = places.lastIndex { log10($0.value) <= low + slack } ?? 0
    var to = places.firstIndex { log10($0.value) >= high - slack } ?? places.count - 1
    var bounds = scale.lower...scale.upper
    if rounded, from < to {
      bounds =
        min(places[from].value, scale.lower)...max(places[to].value, scale.upper)
    } else {
      if places.indices.contains(from), log10(places[from].value) < low - slack { from += 1 }
      if places.indices.contains(to), log10(places[to].value) > high + slack { to -= 1 }
    }
    guard from <= to, places.indices.contains(from), places.indices.contains(to) else {
      return ends(scale)
    }
    let every = max(1, (to - from + most - 1) / most)
    // The last one is kept, the others counted down from it.
    let chosen = stride(from: to, through: from, by: -every).reversed().map { places[$0].value }
    if chosen.count < 2, !rounded { return ends(scale) }
    return Ticks(
      scale: Scale(bounds, isLogarithmic: true),
      ticks: chosen.map { Tick(value: $0, label: NumberLabel.short($0)) })
  }
}

/// 1, 2 or 5 times a power of ten.
struct NiceStep {
  let mantissa: Double
  let exponent: Int

  /// The smallest one that is at least so large.
  init?(atLeast least: Double, isWhole: Bool) {
    guard least > 0, least.isFinite else { return nil }
    if isWhole, least <= 1 {
      (mantissa, exponent) = (1, 0)
      return
    }
    let exponent = Int(log10(least).rounded(.down))
    let rest = least / NiceStep.power(exponent)
    guard let mantissa = [1, 2, 5, 10].first(where: { $0 >= rest * (1 - 1e-9) }) else { return nil }
    self.mantissa = mantissa == 10 ? 1 : mantissa
    self.exponent = mantissa == 10 ? exponent + 1 : exponent
  }

  var size: Double { multiple(1) }

  /// So many steps, rounded once: 3 steps of 0.1 are 0.3.
  func multiple(_ count: Double) -> Double {
    exponent < 0
      ? count * mantissa / NiceStep.power(-exponent) : count * mantissa * NiceStep.power(exponent)
  }

  static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }
}
