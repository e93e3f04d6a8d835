// The two axes of a chart with the ranges of its data: shared by the terminal and the file, so both
// show the same.

package struct Frame: Sendable {
  package let x: Ticks
  package let y: Ticks

  /// - Parameters:
  ///   - xTicks: about how many ticks there is room for.
  package init(_ chart: Chart, xTicks: Int, yTicks: Int) {
    let hasField = chart.field != nil
    x = Ticks(
      Frame.xRange(chart), isLogarithmic: chart.x.isLogarithmic, most: xTicks,
      rounded: false, isWhole: chart.x.isWhole)
    y = Ticks(
      Frame.yRange(chart), isLogarithmic: chart.y.isLogarithmic, most: yTicks,
      rounded: !hasField && chart.y.range == nil, isWhole: chart.y.isWhole)
  }

  private static func xRange(_ chart: Chart) -> ClosedRange<Double> {
    if let range = chart.x.range { return range }
    if let field = chart.field { return field.x }
    let ends = chart.bars.flatMap { [$0.from, $0.to] }
    let points = chart.series.lazy.flatMap { $0.points }.filter {
      $0.isFinite && (!chart.y.isLogarithmic || $0.y > 0)
    }.map(\.x)
    let all = [
      Scale.range(of: ends, isLogarithmic: chart.x.isLogarithmic),
      Scale.range(of: points, isLogarithmic: chart.x.isLogarithmic),
    ]
    return union(all) ?? (chart.x.isLogarithmic ? 1...10 : 0...1)
  }

  private static func yRange(_ chart: Chart) -> ClosedRange<Double> {
    if let range = chart.y.range { return range }
    if let field = chart.field { return field.y }
    let isLogarithmic = chart.y.isLogarithmic
    let heights = chart.bars.map(\.height) + (chart.bars.isEmpty || isLogarithmic ? [] : [0])
    let points = chart.series.lazy.flatMap { $0.points }.filter { point in
      point.isFinite && (chart.x.range?.contains(point.x) ?? true)
    }.map(\.y)
    let all = [
      Scale.range(of: heights, isLogarithmic: isLogarithmic),
      Scale.range(of: points, isLogarithmic: isLogarithmic),
    ]
    return union(all) ?? (isLogarithmic ? 1...10 : 0...1)
  }

  private static func union(_ ranges: [ClosedRange<Double>?]) -> ClosedRange<Double>? {
    let ranges = ranges.compactMap { $0 }
    guard let lower = ranges.map(\.lowerBound).min(), let upper = ranges.map(\.upperBound).max()
    else { return nil }
    return lower...upper
  }

  /// Where a point is in the frame, from the lower left: 0 to 1 inside; nil when it has no place.
  package func place(_ point: Point) -> Point? {
    guard let u = x.scale.fraction(point.x), let v = y.scale.fraction(point.y), u.isFinite,
      v.isFinite
    else { return nil }
    return Point(u, v)
  }

  /// The part of a segment that lies in the frame (Liang and Barsky 1984); nil when none does.
  package static func clipped(_ a: Point, _ b: Point) -> (Point, Point)? {
    let dx = b.x - a.x
    let dy = b.y - a.y
    guard dx.isFinite, dy.isFinite else { return nil }
    var from = 0.0
    var to = 1.0
    for (p, q) in [(-dx, a.x), (dx, 1 - a.x), (-dy, a.y), (dy, 1 - a.y)] {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        from = max(from, q / p)
      } else {
        to = min(to, q / p)
      }
    }
    guard from <= to else { return nil }
    return (
      from == 0 ? a : Point(a.x + from * dx, a.y + from * dy),
      to == 1 ? b : Point(a.x + to * dx, a.y + to * dy)
    )
  }
}
