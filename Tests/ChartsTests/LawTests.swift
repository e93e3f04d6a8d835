// What holds for every chart, whatever the data: ticks lie where they should, nothing leaves the
// frame, thinning keeps the extremes.

import Testing

@testable import Charts

/// A small generator of its own, so that every run sees the same numbers (SplitMix64, Steele 2014).
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From 0 up to 1.
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// Of any size and sign.
  mutating func any() -> Double {
    var value = unit() * 2 - 1
    let exponent = Int(next() % 601) - 300
    for _ in 0..<abs(exponent) { value = exponent > 0 ? value * 10 : value / 10 }
    return value
  }
}

@Suite struct LawTests {
  @Test func roundedTicksCoverTheRange() {
    var numbers = Numbers(state: 1)
    for _ in 0..<3000 {
      let (a, b) = (numbers.any(), numbers.any())
      let range = min(a, b)...max(a, b)
      for most in [2, 5, 11] {
        let axis = Ticks(range, most: most, rounded: true)
        #expect(axis.scale.lower <= range.lowerBound, "\(range)")
        #expect(axis.scale.upper >= range.upperBound, "\(range)")
        #expect(axis.ticks.count >= 2 && axis.ticks.count <= most + 2, "\(range) \(axis.ticks)")
        #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0.value < $1.value })
        #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count, "\(axis.ticks)")
      }
    }
  }

  @Test func ticksOfASharpRangeLieInIt() {
    var numbers = Numbers(state: 2)
    for _ in 0..<2000 {
      let low = numbers.any()
      let range = low...(low + abs(low) * (0.001 + 10 * numbers.unit()))
      let axis = Ticks(range, most: 6)
      for tick in axis.ticks {
        let place = axis.scale.fraction(tick.value) ?? .nan
        #expect(place >= -1e-9 && place <= 1 + 1e-9, "\(range) \(tick)")
      }
    }
  }

  @Test func ticksAreRound() {
    #expect(Ticks(0...1, most: 5, rounded: true).ticks.map(\.label).first == "0.0")
    #expect(
      Ticks(0...1, most: 5, rounded: true).ticks.map(\.label)
        == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(
      Ticks(-0.3...0.31, most: 6, rounded: true).ticks.map(\.label)
        == ["-0.4", "-0.2", "0.0", "0.2", "0.4"])
    #expect(Ticks(0...137, most: 8, isWhole: true).ticks.map(\.label).last == "120")
    #expect(Ticks(0...3, most: 9, isWhole: true).ticks.map(\.label) == ["0", "1", "2", "3"])
    #expect(
      Ticks(1e-7...3e-7, most: 3, rounded: true).ticks.map(\.label)
        == ["1e-07", "2e-07", "3e-07"])
    #expect(
      Ticks(0.002...130, isLogarithmic: true, most: 8, rounded: true).ticks.map(\.label)
        == ["0.001", "0.01", "0.1", "1", "10", "100", "1000"])
    #expect(
      Ticks(1...4, isLogarithmic: true, most: 8, rounded: true).ticks.map(\.label)
        == ["1", "2", "5"])
  }

  @Test func logarithmicTicksCoverTheRange() {
    var numbers = Numbers(state: 3)
    for _ in 0..<2000 {
      let (a, b) = (abs(numbers.any()), abs(numbers.any()))
      guard a > 0, b > 0 else { continue }
      let axis = Ticks(min(a, b)...max(a, b), isLogarithmic: true, most: 6, rounded: true)
      #expect(axis.scale.lower <= min(a, b) && axis.scale.upper >= max(a, b))
      #expect(axis.ticks.count >= 2 && axis.ticks.count <= 8, "\(a) \(b) \(axis.ticks)")
    }
  }

  @Test func placesGrowWithTheValue() {
    var numbers = Numbers(state: 4)
    for _ in 0..<3000 {
      let (a, b) = (numbers.any(), numbers.any())
      let scale = Scale(min(a, b)...max(a, b))
      let (p, q) = (numbers.any(), numbers.any())
      let first = scale.fraction(min(p, q)) ?? .nan
      let second = scale.fraction(max(p, q)) ?? .nan
      #expect(first <= second, "\(scale): \(p) \(q)")
    }
    #expect(Scale(-1e308...1e308).fraction(0) == 0.5)
    #expect(Scale(5...5).fraction(5) == 0.5)
    #expect(Scale(0...0).fraction(0) == 0)
    #expect(Scale(1...100, isLogarithmic: true).fraction(10) == 0.5)
    #expect(Scale(1...100, isLogarithmic: true).fraction(-1) == nil)
  }

  @Test func thinningKeepsTheExtremes() {
    var numbers = Numbers(state: 5)
    var points = (0..<1_000_000).map { Point(Double($0), numbers.unit()) }
    points[123_456].y = 40
    points[765_432].y = -40
    points[500_000].y = .nan
    let scale = Scale(0...1_000_000)
    let kept = Series("y", points).decimated(columns: 200, on: scale)
    #expect(kept.count <= 4 * 200 + 8)
    #expect(kept.contains(points[123_456]) && kept.contains(points[765_432]))
    #expect(kept.first == points.first && kept.last == points.last)
    #expect(kept.contains { !$0.isFinite })
    #expect(zip(kept, kept.dropFirst()).allSatisfy { !($0.x > $1.x) })
  }

  @Test func cutSegmentsLieInTheFrame() {
    var numbers = Numbers(state: 6)
    for _ in 0..<5000 {
      let a = Point(numbers.unit() * 6 - 3, numbers.unit() * 6 - 3)
      let b = Point(numbers.unit() * 6 - 3, numbers.unit() * 6 - 3)
      guard let (p, q) = Frame.clipped(a, b) else { continue }
      for end in [p, q] {
        #expect(end.x >= -1e-9 && end.x <= 1 + 1e-9 && end.y >= -1e-9 && end.y <= 1 + 1e-9)
      }
    }
    #expect(Frame.clipped(Point(2, 2), Point(3, 0)) == nil)
  }

  @Test func contoursLieAtTheirHeight() throws {
    let columns = 41
    let values = (0..<columns * columns).map { i -> Double in
      let x = Double(i % columns) / 10 - 2
      let y = Double(i / columns) / 10 - 2
      return x * x + 3 * y * y
    }
    let field = try #require(
      Field("f", x: -2...2, y: -2...2, columns: columns, rows: columns, values: values))
    for level in [0.5, 1.3, 6, 11] {
      let lines = field.contour(at: level)
      #expect(!lines.isEmpty)
      for point in lines.joined() {
        #expect(abs(point.x * point.x + 3 * point.y * point.y - level) < 0.01)
      }
      // An ellipse that fits is one closed line.
      if level < 4 {
        #expect(lines.count == 1)
        #expect(lines[0].first == lines[0].last)
      }
    }
    #expect(field.levels == field.levels.sorted() && field.levels.count >= 6)
  }

  @Test func levelsTellHeightsApart() throws {
    let cases: [(Double, Double)] = [
      (0, 1), (1, 1e-3), (-5, 1e6), (1e5, 1), (0, 1e-200), (3e100, 1e98),
    ]
    for (base, span) in cases {
      let values = (0..<400).map { (i: Int) -> Double in
        let share = Double(i) / 400
        return base + span * share * share
      }
      let field = try #require(
        Field("f", x: 0...1, y: 0...1, columns: 20, rows: 20, values: values))
      #expect(field.levels.count >= 8, "\(base) \(span) \(field.levels)")
      #expect(Set(field.levels.map { Field.label($0) }).count == field.levels.count)
      #expect(zip(field.levels, field.levels.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func aSaddleIsCrossedTwice() throws {
    let field = try #require(
      Field("f", x: 0...1, y: 0...1, columns: 2, rows: 2, values: [1, 0, 0, 1]))
    #expect(field.contour(at: 0.5).count == 2)
    #expect(field.contour(at: 2).isEmpty)
    let broken = try #require(
      Field("f", x: 0...1, y: 0...1, columns: 2, rows: 2, values: [1, .nan, 0, .infinity]))
    #expect(broken.contour(at: 0.5).isEmpty)
  }
}
