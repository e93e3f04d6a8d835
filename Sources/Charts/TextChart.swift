// A chart in characters: title and legend, the plane in Braille dots, axes with ticks.
//
// Never wider or higher than asked for, down to a handful of cells. In ASCII every series has its own
// character; in Unicode several series carry marks, so that they differ without colour too.

package struct TextChart {
  private let chart: Chart
  private let width: Int
  private let height: Int
  private let ascii: Bool

  package static let widest = 120

  /// - Parameters:
  ///   - width: columns of the whole.
  ///   - height: about how many rows the whole may take; at least 7 are taken.
  package init(_ chart: Chart, width: Int, height: Int, ascii: Bool) {
    self.chart = chart
    self.width = max(12, min(width, TextChart.widest))
    self.height = max(7, min(height, 60))
    self.ascii = ascii
  }

  package func lines() -> [ChartLine] {
    let head = title() + legend()
    let labelled = chart.x.label.isEmpty ? 0 : 1
    let yLabelled = chart.y.label.isEmpty ? 0 : 1
    let rows = max(3, height - head.count - 2 - labelled - yLabelled)
    let yTicks = max(3, 2 * rows / 5)
    let first = Frame(chart, xTicks: 4, yTicks: yTicks)
    let gutter = labelWidth(first.y)
    let columns = max(4, width - gutter - 1)
    let widest = first.x.ticks.map { Glyphs.columns(of: $0.label) }.max() ?? 1
    let frame = Frame(
      chart, xTicks: max(2, min(10, columns / (widest + 6))), yTicks: yTicks)
    var canvas = Canvas(columns: columns, rows: rows, ascii: ascii)
    draw(on: &canvas, in: frame)
    var lines = head
    if yLabelled > 0 {
      let label = Glyphs.cut(chart.y.label, to: width)
      let blanks = max(0, gutter - Glyphs.columns(of: label))
      lines.append([ChartRun(String(repeating: " ", count: blanks) + label)])
    }
    lines += plane(canvas, frame, gutter: gutter)
    lines += axis(frame, columns: columns, gutter: gutter)
    if labelled > 0 {
      let label = Glyphs.cut(chart.x.label, to: columns)
      let blanks = gutter + 1 + max(0, columns - Glyphs.columns(of: label)) / 2
      lines.append([ChartRun(String(repeating: " ", count: blanks) + label)])
    }
    return lines + (contourNote() + chart.notes).map { [ChartRun($0, .frame)] }
  }

  /// Every other level: cells are too coarse for more.
  private var levels: [Double] {
    let all = chart.field?.levels ?? []
    return all.count < 6 ? all : all.indices.filter { $0 % 2 == 1 }.map { all[$0] }
  }

  private func contourNote() -> [String] {
    guard let field = chart.field, !levels.isEmpty else { return [] }
    let heights = levels.map { Field.label($0) }.joined(separator: ", ")
    return ["contours of \(field.name) at \(heights)"]
  }

  // MARK: Around it

  private func title() -> [ChartLine] {
    chart.title.isEmpty ? [] : [[ChartRun(Glyphs.cut(chart.title, to: width), .title)]]
  }

  private func legend() -> [ChartLine] {
    let hasPath = chart.series.contains { $0.drawing == .path }
    guard chart.series.count > 1 || hasPath else { return [] }
    var items: [ChartLine] = []
    for (i, series) in chart.series.enumerated() where chart.series.count > 1 {
      items.append([
        ChartRun(String(Glyphs.mark(i, ascii: ascii)), .series(i)),
        ChartRun(" " + Glyphs.cut(series.name, to: width - 2)),
      ])
    }
    if hasPath {
      items.append([ChartRun("\(Glyphs.start(ascii: ascii)) start")])
      if chart.series.count == 1 {
        items.append([
          ChartRun(String(Glyphs.mark(0, ascii: ascii)), .series(0)), ChartRun(" end"),
        ])
      }
    }
    var lines: [ChartLine] = [[]]
    var used = 0
    for item in items {
      let columns = item.reduce(0) { $0 + Glyphs.columns(of: $1.text) }
      if used > 0, used + 3 + columns > width {
        lines.append([])
        used = 0
      }
      if used > 0 { lines[lines.count - 1].append(ChartRun("   ")) }
      used += columns + (used > 0 ? 3 : 0)
      lines[lines.count - 1] += item
    }
    return lines
  }

  /// Columns for the labels of the y axis and the blank behind them; none when they would take half
  /// of the width.
  private func labelWidth(_ y: Ticks) -> Int {
    let widest = y.ticks.map { Glyphs.columns(of: $0.label) }.max() ?? 0
    return widest + 1 > width / 2 ? 0 : widest + 1
  }

  private func plane(_ canvas: Canvas, _ frame: Frame, gutter: Int) -> [ChartLine] {
    var labels: [Int: String] = [:]
    for tick in frame.y.ticks {
      guard let v = frame.y.scale.fraction(tick.value), v >= -1e-9, v <= 1 + 1e-9 else { continue }
      let row = Int(((1 - v) * Double(canvas.rows - 1)).rounded())
      if labels[row] == nil { labels[row] = tick.label }
    }
    return (0..<canvas.rows).map { row in
      let label = gutter > 0 ? labels[row] ?? "" : ""
      let blanks = max(0, gutter - 1 - Glyphs.columns(of: label))
      var line = [
        ChartRun(String(repeating: " ", count: blanks) + label + (gutter > 0 ? " " : ""), .plain)
      ]
      let side = labels[row] == nil ? (ascii ? "|" : "│") : (ascii ? "+" : "┤")
      line.append(ChartRun(side, .frame))
      return line.filter { !$0.text.isEmpty }
        + canvas.line(row) { Glyphs.character(of: $0, ascii: true) }
    }
  }

  private func axis(_ frame: Frame, columns: Int, gutter: Int) -> [ChartLine] {
    var marks = [Character](repeating: ascii ? "-" : "─", count: columns)
    var labels = [Character](repeating: " ", count: gutter + 1 + columns)
    var free = 0
    for tick in frame.x.ticks {
      guard let u = frame.x.scale.fraction(tick.value), u >= -1e-9, u <= 1 + 1e-9 else { continue }
      let column = max(0, min(columns - 1, Int((u * Double(columns - 1)).rounded())))
      let text = Array(tick.label)
      let middle = gutter + 1 + column - text.count / 2
      let start = max(0, min(middle, labels.count - text.count))
      // The label must be near its mark and leave a blank before it.
      guard start >= free, start + text.count <= labels.count else { continue }
      marks[column] = ascii ? "+" : "┬"
      for (i, character) in text.enumerated() { labels[start + i] = character }
      free = start + text.count + 1
    }
    let corner = ascii ? "+" : "└"
    var text = String(labels)
    while text.last == " " { text.removeLast() }
    return [
      [ChartRun(String(repeating: " ", count: gutter) + corner + String(marks), .frame)],
      [ChartRun(text)],
    ]
  }

  // MARK: Inside it

  private func draw(on canvas: inout Canvas, in frame: Frame) {
    if let field = chart.field {
      for level in levels {
        for line in field.contour(at: level) {
          for (a, b) in zip(line, line.dropFirst()) {
            if let a = frame.place(a), let b = frame.place(b) { canvas.line(a, b, .contour) }
          }
        }
      }
    }
    drawBars(on: &canvas, in: frame)
    for (i, series) in chart.series.enumerated() {
      draw(series, i, on: &canvas, in: frame)
    }
    for (i, series) in chart.series.enumerated() {
      mark(series, i, on: &canvas, in: frame)
    }
  }

  private func draw(_ series: Series, _ number: Int, on canvas: inout Canvas, in frame: Frame) {
    let ink = Ink.series(number)
    let places = series.decimated(columns: 2 * canvas.columns, on: frame.x.scale).map {
      frame.place($0)
    }
    for (i, place) in places.enumerated() {
      guard let place else { continue }
      let before = i > 0 ? places[i - 1] : nil
      if let before, series.drawing != .points {
        canvas.line(before, place, ink)
      } else {
        canvas.point(place, ink)
      }
      // A point between two gaps is hardly seen as a dot.
      if series.drawing == .line, before == nil, i + 1 == places.count || places[i + 1] == nil {
        canvas.sign(Glyphs.mark(number, ascii: ascii), at: place, ink)
      }
    }
  }

  private func mark(_ series: Series, _ number: Int, on canvas: inout Canvas, in frame: Frame) {
    let places = series.points.lazy.compactMap { frame.place($0) }
    let mark = Glyphs.mark(number, ascii: ascii)
    switch series.drawing {
    case .path:
      let ends = Array(places)
      guard let first = ends.first, let end = ends.last else { return }
      // Marks some cells apart tell it from the contours without colour too.
      var last = first
      for place in places where !ascii {
        let across = (place.x - last.x) * Double(canvas.columns)
        let up = 2 * (place.y - last.y) * Double(canvas.rows)
        guard across * across + up * up >= 9 else { continue }
        canvas.sign(chart.series.count == 1 ? "•" : mark, at: place, .series(number))
        last = place
      }
      canvas.sign(Glyphs.start(ascii: ascii), at: first, .series(number))
      if end != first { canvas.sign(mark, at: end, .series(number)) }
    case .line:
      guard chart.series.count > 1, !ascii else { return }
      let spaced = 6.0
      var next = (Double(number) + 0.5) / Double(chart.series.count) / spaced
      for place in places where place.x >= next {
        if place.y >= 0, place.y <= 1, place.x <= 1 {
          canvas.sign(mark, at: place, .series(number))
        }
        next = max(next, place.x - 1 / spaced / 2) + 1 / spaced
      }
    case .points:
      guard chart.series.count > 1, series.points.count <= 400 else { return }
      for place in places { canvas.sign(mark, at: place, .series(number)) }
    }
  }

  private func drawBars(on canvas: inout Canvas, in frame: Frame) {
    let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    for bar in chart.bars {
      guard let from = frame.x.scale.fraction(bar.from), let to = frame.x.scale.fraction(bar.to),
        let top = frame.y.scale.fraction(bar.height), from.isFinite, to.isFinite, top.isFinite
      else { continue }
      let first = max(0, Int((max(0, from) * Double(canvas.columns)).rounded()))
      let end = min(canvas.columns, Int((min(1, to) * Double(canvas.columns)).rounded()))
      guard first < end else { continue }
      var height = Int((max(0, min(1, top)) * Double(8 * canvas.rows)).rounded())
      // What is there is seen.
      if bar.height > 0 { height = max(1, height) }
      for column in first..<end {
        for row in 0..<canvas.rows where height > 8 * row {
          let part = min(8, height - 8 * row)
          let sign: Character = ascii ? (part >= 4 || row == 0 ? "#" : " ") : eighths[part]
          if sign != " " {
            canvas.set(sign, column: column, row: canvas.rows - 1 - row, .series(0))
          }
        }
      }
    }
  }
}
