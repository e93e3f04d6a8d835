// A chart or a picture as an answer: drawn for a terminal, or as numbers in JSON.
//
// It is never wider or higher than the window.

import Charts
import Diagnostics

package struct PlotReport: Report {
  package enum Picture: Sendable {
    case chart(Chart)
    case raster(Raster)
  }

  package let kind = "plot"
  let picture: Picture

  /// Rows a chart takes where there is room for more.
  private static let usualHeight = 20

  init(_ picture: Picture) { self.picture = picture }

  package func text(_ format: Format) -> [StyledText] {
    let height = min(PlotReport.usualHeight, format.height - 2)
    let lines =
      switch picture {
      case .chart(let chart):
        TextChart(
          spelled(chart, format), width: format.width, height: height, ascii: format.ascii
        ).lines()
      case .raster(let raster):
        TextRaster(
          raster, width: format.width, height: height, ascii: format.ascii, grays: format.grays
        ).lines()
      }
    return lines.flatMap { line -> [StyledText] in
      var text = StyledText()
      for run in line { text.append(styled(run)) }
      // Only notes may be longer than the width.
      let isNote = line.count == 1 && line[0].ink == .frame
      return isNote ? text.plainSigns(format).folded(to: format.width) : [text]
    }
  }

  /// Names in ASCII where nothing else can be shown.
  private func spelled(_ chart: Chart, _ format: Format) -> Chart {
    guard format.ascii else { return chart }
    var chart = chart
    chart.title = format.signs.plain(chart.title)
    chart.x.label = format.signs.plain(chart.x.label)
    chart.y.label = format.signs.plain(chart.y.label)
    for i in chart.series.indices {
      chart.series[i].name = format.signs.plain(chart.series[i].name)
    }
    return chart
  }

  private func styled(_ run: ChartRun) -> StyledText.Run {
    switch run.ink {
    case .plain: StyledText.Run(run.text, .plain)
    case .title: StyledText.Run(run.text, .accent)
    case .frame, .contour: StyledText.Run(run.text, .dim)
    case .series(let number): StyledText.Run(run.text, .series(number))
    case .grays(let upper, let lower):
      StyledText.Run(run.text, .plain, grays: Grays(upper: upper, lower: lower))
    }
  }

  /// The file's text.
  var svg: String {
    switch picture {
    case .chart(let chart): SVGChart(chart).text()
    case .raster(let raster): SVGRaster(raster).text()
    }
  }

  // MARK: JSON

  package func json() -> [String: JSONValue] {
    switch picture {
    case .chart(let chart): json(chart)
    case .raster(let raster):
      [
        "title": .string(ascii(raster.title)),
        "rows": .array(
          (0..<raster.rows).map { row in
            numbers(raster.values[row * raster.columns..<(row + 1) * raster.columns])
          }),
      ]
    }
  }

  private func json(_ chart: Chart) -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "title": .string(ascii(chart.title)), "x": json(chart.x), "y": json(chart.y),
    ]
    if !chart.series.isEmpty {
      fields["series"] = .array(
        chart.series.map { series in
          .object([
            "name": .string(ascii(series.name)), "x": numbers(series.points.map(\.x)),
            "y": numbers(series.points.map(\.y)),
          ])
        })
    }
    if !chart.bars.isEmpty {
      fields["bars"] = .array(
        chart.bars.map {
          .object([
            "from": JSONValue(number: $0.from), "to": JSONValue(number: $0.to),
            "height": JSONValue(number: $0.height),
          ])
        })
    }
    if let field = chart.field {
      fields["contours"] = .object([
        "name": .string(ascii(field.name)), "levels": numbers(field.levels),
        "x": numbers([field.x.lowerBound, field.x.upperBound]),
        "y": numbers([field.y.lowerBound, field.y.upperBound]),
        "values": .array(
          (0..<field.rows).map { row in
            numbers(field.values[row * field.columns..<(row + 1) * field.columns])
          }),
      ])
    }
    if !chart.notes.isEmpty {
      fields["notes"] = .array(chart.notes.map { .string(ascii($0)) })
    }
    return fields
  }

  private func json(_ axis: Axis) -> JSONValue {
    .object(["label": .string(ascii(axis.label)), "log": .bool(axis.isLogarithmic)])
  }

  private func numbers(_ values: some Sequence<Double>) -> JSONValue {
    .array(values.map { JSONValue(number: $0) })
  }

  private func ascii(_ text: String) -> String { Signs(ascii: true).plain(text) }
}
