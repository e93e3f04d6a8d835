// Small charts as they are drawn, and drawings of data that is out of the ordinary.

import Testing

@testable import Charts

private func text(_ chart: Chart, width: Int = 40, height: Int = 10, ascii: Bool = false)
  -> [String]
{
  TextChart(chart, width: width, height: height, ascii: ascii).lines().map {
    $0.map(\.text).joined()
  }
}

@Suite struct DrawingTests {
  static let parabola = Chart(
    title: "x²", x: Axis("x"),
    series: [Series("x²", (-20...20).map { Point(Double($0) / 10, Double($0 * $0) / 100) })])

  @Test func aCurve() {
    #expect(
      text(Self.parabola) == [
        "x²",
        "4 ┤⠑⢄                                 ⡠⠊",
        "  │  ⠱⡀                             ⢀⠜",
        "  │   ⠈⠢⡀                         ⢀⠔⠁",
        "2 ┤     ⠈⠒⢄                     ⡠⠒⠁",
        "  │        ⠑⠢⢄⡀             ⢀⡠⠔⠊",
        "0 ┤           ⠈⠑⠢⠤⠤⣀⣀⣀⣀⣀⠤⠤⠔⠊⠁",
        "  └┬────────┬────────┬────────┬────────┬",
        "  -2       -1        0        1        2",
        "                     x",
      ])
  }

  @Test func twoCurvesInASCII() {
    let steps = (0...30).map(Double.init)
    let chart = Chart(
      title: "a, b", x: Axis("step", isWhole: true),
      series: [
        Series("a", steps.map { Point($0, $0) }), Series("b", steps.map { Point($0, 30 - $0) }),
      ])
    #expect(
      text(chart, ascii: true) == [
        "a, b",
        "* a   + b",
        "30 ++++++                           ****",
        "20 +     +++++++++        **********",
        "   |              ++++++++",
        "10 +     *********        +++++++++",
        " 0 +*****                          +++++",
        "   ++-----------+----------+-----------+",
        "    0          10         20          30",
        "                    step",
      ])
  }

  @Test func aHistogram() {
    let chart = Chart(
      title: "w", x: Axis("value", range: 0...3), y: Axis("count", isWhole: true),
      bars: [
        Bar(from: 0, to: 1, height: 3), Bar(from: 1, to: 2, height: 8),
        Bar(from: 2, to: 3, height: 1),
      ])
    #expect(
      text(chart, width: 24, height: 9) == [
        "w",
        "count",
        "10 ┤       ▂▂▂▂▂▂",
        "   │       ██████",
        " 5 ┤▂▂▂▂▂▂▂██████",
        " 0 ┤█████████████▃▃▃▃▃▃▃",
        "   └┬────────────┬──────",
        "    0            2",
        "           value",
      ])
  }

  @Test func aPicture() throws {
    let raster = try #require(Raster("d", rows: 2, columns: 3, values: [0, 8, 16, 16, 4, .nan]))
    let lines = TextRaster(raster, width: 40, height: 8, ascii: true, grays: false).lines()
    #expect(
      lines.map { $0.map(\.text).joined() } == [
        "d",
        "    ++++@@@@",
        "    ++++@@@@",
        "@@@@::::",
        "@@@@::::",
        "2 x 3, from 0 to 16; 1 not finite left blank   low | .:-=+*#%@| high",
      ])
    let halves = TextRaster(raster, width: 6, height: 4, ascii: false, grays: true).lines()
    #expect(halves[1].first?.ink == .grays(upper: 0, lower: 0))
    #expect(halves[1].last?.ink == .grays(upper: 255, lower: 255))
  }

  /// Everything that data can be; each is drawn within its bounds and written as a file.
  @Test(arguments: 0..<14) func oddDataIsDrawn(_ number: Int) throws {
    let data: [[Point]] = [
      [], [Point(0, 0)], [Point(.nan, .nan)], [Point(0, 5), Point(1, 5)],
      [Point(0, 1e-300), Point(1, 1e300)], [Point(0, -1.7e308), Point(1, 1.7e308)],
      [Point(0, .nan), Point(1, 2), Point(2, .infinity), Point(3, 4)],
      [Point(0, 1), Point(0, 2)], [Point(1, 1), Point(0, 0), Point(1, -1)],
      [Point(-1.7e308, Double.leastNonzeroMagnitude), Point(1.7e308, 0)],
      [Point(0, 1), Point(1, 1 + 2e-16)],
      [Point(0, 0), Point(1, -Double.leastNonzeroMagnitude)],
      (0..<5000).map { Point(Double($0), Double($0 % 7)) },
      [Point(1e15, 1e15), Point(1e15 + 1, 1e15 + 1)],
    ]
    for drawing in [Series.Drawing.line, .points, .path] {
      for isLogarithmic in [false, true] {
        for copies in [1, 3] {
          let chart = Chart(
            title: "t", x: Axis("x", isLogarithmic: isLogarithmic),
            y: Axis("y", isLogarithmic: isLogarithmic),
            series: Array(repeating: Series("s", data[number], drawing), count: copies),
            bars: [Bar(from: 0, to: 1, height: 2)])
          for (width, height) in [(12, 7), (30, 3), (100, 20), (1, 1)] {
            for ascii in [false, true] {
              let lines = text(chart, width: width, height: height, ascii: ascii)
              #expect(lines.allSatisfy { $0.count <= max(12, width) }, "\(lines)")
              #expect(lines.count <= max(height, 12))
            }
          }
          let svg = SVGChart(chart).text()
          #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
      }
    }
  }

  @Test func everythingIsInsideTheSVG() {
    let svg = SVGChart(Self.parabola).text()
    for list in svg.split(separator: "points=\"").dropFirst() {
      for pair in list.prefix(while: { $0 != "\"" }).split(separator: " ") {
        let numbers = pair.split(separator: ",").compactMap { Double($0) }
        #expect(numbers.count == 2 && numbers[0] >= 0 && numbers[0] <= 720)
        #expect(numbers[1] >= 0 && numbers[1] <= 440)
      }
    }
  }

  @Test func textInSVGIsEscaped() {
    let chart = Chart(title: "a<b & \"c\"\u{1}", series: [Series("s", [Point(0, 1)])])
    let svg = SVGChart(chart).text()
    #expect(svg.contains("<title>a&lt;b &amp; &quot;c&quot; </title>"))
    #expect(!svg.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }
}
