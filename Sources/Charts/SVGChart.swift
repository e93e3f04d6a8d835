// A chart as a standalone SVG file, with the frame and the ticks of `Frame`.

package struct SVGChart {
  private let chart: Chart
  private static let width = 720.0
  private static let height = 440.0

  package init(_ chart: Chart) { self.chart = chart }

  /// Where the plane is on the page.
  private struct Page {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    /// From a place in the frame to one on the page.
    func point(_ place: Point) -> Point {
      Point(left + place.x * (right - left), bottom - place.y * (bottom - top))
    }
  }

  /// The file's text.
  package func text() -> String {
    var document = SVGDocument(width: SVGChart.width, height: SVGChart.height)
    let frame = Frame(chart, xTicks: 8, yTicks: 7)
    let labels = frame.y.ticks.map { Glyphs.columns(of: $0.label) }.max() ?? 1
    let hasLegend = chart.series.count > 1 || chart.series.contains { $0.drawing == .path }
    let rows = hasLegend ? legendRows().count : 0
    let small = Double(chart.notes.count) * 15
    let page = Page(
      left: 26 + 7 * Double(labels) + (chart.y.label.isEmpty ? 0 : 22),
      right: SVGChart.width - 24,
      top: (chart.title.isEmpty ? 18 : 42) + 20 * Double(rows),
      bottom: SVGChart.height - 34 - (chart.x.label.isEmpty ? 0 : 20) - small)
    if !chart.title.isEmpty {
      document.text(chart.title, at: Point(page.left, 26), size: 15, weight: "bold")
    }
    axes(frame, page, &document)
    document.open("clipPath", [("id", "plane")])
    rectangle(page, [], &document)
    document.close("clipPath")
    document.open("g", [("clip-path", "url(#plane)")])
    contours(frame, page, &document)
    bars(frame, page, &document)
    for (i, series) in chart.series.enumerated() { draw(series, i, frame, page, &document) }
    document.close("g")
    if hasLegend { legend(page, &document) }
    for (i, note) in chart.notes.enumerated() {
      let y = SVGChart.height - 8 - 15 * Double(chart.notes.count - 1 - i)
      document.text(note, at: Point(page.left, y), size: 11, color: SVGPalette.axis)
    }
    return document.file(title: chart.title)
  }

  // MARK: Frame

  private func rectangle(
    _ page: Page, _ attributes: [(String, String)], _ document: inout SVGDocument
  ) {
    document.element(
      "rect",
      [
        ("x", SVGDocument.number(page.left)), ("y", SVGDocument.number(page.top)),
        ("width", SVGDocument.number(page.right - page.left)),
        ("height", SVGDocument.number(page.bottom - page.top)),
      ] + attributes)
  }

  private func axes(_ frame: Frame, _ page: Page, _ document: inout SVGDocument) {
    let hasGrid = chart.field == nil
    var free = -Double.infinity
    for tick in frame.x.ticks {
      guard let u = frame.x.scale.fraction(tick.value), u > -1e-9, u < 1 + 1e-9 else { continue }
      let x = page.point(Point(u, 0)).x
      if hasGrid {
        document.line(Point(x, page.top), Point(x, page.bottom), color: SVGPalette.grid)
      }
      document.line(Point(x, page.bottom), Point(x, page.bottom + 5), color: SVGPalette.axis)
      let half = 3.6 * Double(Glyphs.columns(of: tick.label))
      guard x - half > free else { continue }
      document.text(tick.label, at: Point(x, page.bottom + 19), anchor: "middle")
      free = x + half + 4
    }
    for tick in frame.y.ticks {
      guard let v = frame.y.scale.fraction(tick.value), v > -1e-9, v < 1 + 1e-9 else { continue }
      let y = page.point(Point(0, v)).y
      if hasGrid {
        document.line(Point(page.left, y), Point(page.right, y), color: SVGPalette.grid)
      }
      document.line(Point(page.left - 5, y), Point(page.left, y), color: SVGPalette.axis)
      document.text(tick.label, at: Point(page.left - 9, y + 4), anchor: "end")
    }
    rectangle(page, [("fill", "none"), ("stroke", SVGPalette.axis)], &document)
    if !chart.x.label.isEmpty {
      document.text(
        chart.x.label, at: Point((page.left + page.right) / 2, page.bottom + 40),
        anchor: "middle", size: 13)
    }
    if !chart.y.label.isEmpty {
      document.text(
        chart.y.label, at: Point(20, (page.top + page.bottom) / 2), anchor: "middle", size: 13,
        turned: true)
    }
  }

  // MARK: Legend

  /// The series of each row of the legend; every third stands in the same column.
  private func legendRows() -> [[Int]] {
    let longest = chart.series.map { Glyphs.columns(of: $0.name) }.max() ?? 0
    let perRow = max(1, min(4, Int(600 / (7.2 * Double(longest) + 52))))
    return stride(from: 0, to: chart.series.count, by: perRow).map {
      Array($0..<min($0 + perRow, chart.series.count))
    }
  }

  private func legend(_ page: Page, _ document: inout SVGDocument) {
    let rows = legendRows()
    let perRow = rows.map(\.count).max() ?? 1
    let top = page.top - 20 * Double(rows.count)
    let step = (page.right - page.left) / Double(perRow)
    for (row, members) in rows.enumerated() {
      let y = top + 20 * Double(row) + 8
      for (column, number) in members.enumerated() {
        let x = page.left + Double(column) * min(step, 240)
        let series = chart.series[number]
        if series.drawing == .points {
          dot(Point(x + 13, y - 4), 3, SVGPalette.color(number), &document)
        } else {
          document.polyline(
            [Point(x, y - 4), Point(x + 26, y - 4)], stroke(number, isPath: series.drawing == .path)
          )
        }
        let ends = series.drawing == .path ? " (○ start, ● end)" : ""
        document.text(
          Glyphs.cut(series.name, to: 80) + (chart.series.count == 1 ? ends : ""),
          at: Point(x + 32, y))
      }
    }
  }

  // MARK: Contents

  private func stroke(_ number: Int, isPath: Bool) -> [(String, String)] {
    var attributes = [
      ("stroke", SVGPalette.color(number)), ("stroke-width", isPath ? "1.6" : "2"),
      ("stroke-linejoin", "round"), ("stroke-linecap", "round"),
    ]
    if !isPath, !SVGPalette.dash(number).isEmpty {
      attributes.append(("stroke-dasharray", SVGPalette.dash(number)))
    }
    return attributes
  }

  private func dot(
    _ place: Point, _ radius: Double, _ color: String, _ document: inout SVGDocument,
    hollow: Bool = false
  ) {
    document.element(
      "circle",
      [
        ("cx", SVGDocument.number(place.x)), ("cy", SVGDocument.number(place.y)),
        ("r", SVGDocument.number(radius)), ("fill", hollow ? "#ffffff" : color),
        ("stroke", color), ("stroke-width", hollow ? "2" : "0"),
      ])
  }

  private func draw(
    _ series: Series, _ number: Int, _ frame: Frame, _ page: Page, _ document: inout SVGDocument
  ) {
    let isPath = series.drawing == .path
    let color = SVGPalette.color(number)
    let places = series.decimated(columns: 700, on: frame.x.scale).map { frame.place($0) }
    if series.drawing == .points {
      for place in places {
        if let place, Frame.clipped(place, place) != nil {
          dot(page.point(place), 2.5, color, &document)
        }
      }
      return
    }
    var run: [Point] = []
    func finish() {
      if run.count > 1 {
        document.polyline(run.map { page.point($0) }, stroke(number, isPath: isPath))
      }
      run = []
    }
    for (i, place) in places.enumerated() {
      guard let place else {
        finish()
        continue
      }
      let before = i > 0 ? places[i - 1] : nil
      let after = i + 1 < places.count ? places[i + 1] : nil
      if before == nil, after == nil, Frame.clipped(place, place) != nil {
        dot(page.point(place), 3, color, &document)
      }
      // Every segment is cut at the frame, since coordinates in a file are bounded.
      guard let before, let (from, to) = Frame.clipped(before, place) else { continue }
      if run.last != from {
        finish()
        run = [from]
      }
      run.append(to)
    }
    finish()
    guard isPath else { return }
    let inside = places.compactMap { $0 }
    if inside.count <= 60 {
      for place in inside where Frame.clipped(place, place) != nil {
        dot(page.point(place), 2.2, color, &document)
      }
    }
    if let first = inside.first, Frame.clipped(first, first) != nil {
      dot(page.point(first), 5, color, &document, hollow: true)
    }
    if let last = inside.last, inside.count > 1, Frame.clipped(last, last) != nil {
      dot(page.point(last), 5, color, &document)
    }
  }

  private func contours(_ frame: Frame, _ page: Page, _ document: inout SVGDocument) {
    guard let field = chart.field else { return }
    for (i, level) in field.levels.enumerated() {
      let color = SVGPalette.contour(Double(i) / Double(max(1, field.levels.count - 1)))
      var label: Point?
      var longest = 0
      for line in field.contour(at: level) {
        let places = line.compactMap { frame.place($0) }.map { page.point($0) }
        guard places.count > 1 else { continue }
        document.polyline(places, [("stroke", color), ("stroke-width", "1")])
        let inside = places.filter { $0.x > page.left + 24 && $0.x < page.right - 24 }
        if inside.count > longest {
          longest = inside.count
          // Labels go round from level to level, so that they keep out of each other's way.
          label = inside[inside.count * (2 * i + 1) / (2 * field.levels.count)]
        }
      }
      if let label, longest > 6 {
        let text = Field.label(level)
        let width = 6 * Double(text.utf8.count) + 4
        document.element(
          "rect",
          [
            ("x", SVGDocument.number(label.x - width / 2)), ("y", SVGDocument.number(label.y - 6)),
            ("width", SVGDocument.number(width)), ("height", "12"), ("fill", "#ffffff"),
          ])
        document.text(
          text, at: Point(label.x, label.y + 4), anchor: "middle", size: 10,
          color: SVGPalette.axis)
      }
    }
  }

  private func bars(_ frame: Frame, _ page: Page, _ document: inout SVGDocument) {
    for bar in chart.bars where bar.height > 0 {
      let base = frame.y.scale.isLogarithmic ? frame.y.scale.lower : 0
      guard let a = frame.place(Point(bar.from, base)),
        let b = frame.place(Point(bar.to, bar.height))
      else { continue }
      let lower = page.point(a)
      let upper = page.point(b)
      document.element(
        "rect",
        [
          ("x", SVGDocument.number(lower.x + 0.5)), ("y", SVGDocument.number(upper.y)),
          ("width", SVGDocument.number(max(0.5, upper.x - lower.x - 1))),
          ("height", SVGDocument.number(max(0, lower.y - upper.y))),
          ("fill", SVGPalette.color(0)),
        ])
    }
  }
}
