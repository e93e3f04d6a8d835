// Pictures of a tensor as it is now: how its values are spread, and its values as shades.

import Charts
import Diagnostics
import Engine
import Notation
import Tensors

extension Plotting {
  private static let mostBins = 1000

  // MARK: Histogram

  func histogram() throws(Diagnostic) {
    guard let expression = arguments.expression("value") else { return }
    let tensor = try session.evaluate(expression)
    let values = tensor.elements.filter(\.isFinite)
    guard let range = Scale.range(of: values) else {
      throw Diagnostic(
        "plot.empty", "\(expression.text(.pretty)) has no finite value to count",
        at: expression.span)
    }
    let edges = try edges(range, count: values.count)
    var counts = [Int](repeating: 0, count: edges.count - 1)
    let scale = Scale(edges[0]...edges[edges.count - 1])
    for value in values {
      let share = scale.fraction(value) ?? 0
      var bin = max(0, min(counts.count - 1, Int(share * Double(counts.count))))
      // A value on an edge belongs to the bin that begins there, whatever the rounding.
      while bin > 0, value < edges[bin] { bin -= 1 }
      while bin < counts.count - 1, value >= edges[bin + 1] { bin += 1 }
      counts[bin] += 1
    }
    let bars = counts.enumerated().map {
      Bar(from: edges[$0], to: edges[$0 + 1], height: Double($1))
    }
    let title = expression.text(.pretty)
    try show(
      Chart(
        title: title,
        x: Axis("value", range: edges[0]...edges[edges.count - 1]),
        y: Axis("count", isLogarithmic: isLogarithmic.y, isWhole: true), bars: bars,
        notes: [summary(values, of: tensor, bins: counts.count)]))
  }

  /// Round edges in a number that fits the number of values (Rice's rule), or as many as asked for.
  private func edges(_ range: ClosedRange<Double>, count: Int) throws(Diagnostic) -> [Double] {
    if let asked = arguments.expression("bins") {
      let bins = try session.wholeNumber(
        asked, atLeast: 1, atMost: Plotting.mostBins, what: "the number of bins")
      let scale = Scale(range)
      return (0...bins).map { scale.value(at: Double($0) / Double(bins)) }
    }
    var bins = 5
    while bins < 40, bins * bins * bins < 8 * count { bins += 1 }
    let ticks = Ticks(range, most: bins, rounded: true)
    let edges = ticks.ticks.map(\.value)
    return edges.count >= 2 ? edges : [ticks.scale.lower, ticks.scale.upper]
  }

  private func summary(_ values: [Double], of tensor: Tensor, bins: Int) -> String {
    let count = Double(values.count)
    let sum = values.reduce(0, +)
    let mean = sum.isFinite ? sum / count : values.reduce(0) { $0 + $1 / count }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
    let range = Scale.range(of: values) ?? 0...0
    func text(_ value: Double) -> String { NumberLabel.short(value) }
    var words =
      "\(values.count) values from \(text(range.lowerBound)) to \(text(range.upperBound)), mean "
      + "\(text(mean)), std \(text(variance.squareRoot())); \(bins) \(bins == 1 ? "bin" : "bins")"
    let missing = tensor.elements.count - values.count
    if missing > 0 { words += "; \(missing) not finite left out" }
    return words
  }

  // MARK: Picture

  func image() throws(Diagnostic) {
    guard let expression = arguments.expression("value") else { return }
    let tensor: Tensor
    if let row = try tableRow(expression) {
      tensor = row
    } else {
      tensor = try session.evaluate(expression)
    }
    let title = expression.text(.pretty)
    let sizes = tensor.shape.dimensions.filter { $0 != 1 }
    var rows = 1
    var columns = tensor.elements.count
    switch sizes.count {
    case 0, 1:
      // A vector of 64 numbers is a square of 8 by 8.
      let side = Int(Double(columns).squareRoot().rounded())
      if side > 1, side * side == columns { (rows, columns) = (side, side) }
    case 2: (rows, columns) = (sizes[0], sizes[1])
    default:
      throw Diagnostic(
        "plot.picture",
        "\(title) has shape \(tensor.shape); a picture is a matrix or a square given as a vector",
        at: expression.span, help: "take one of them: plot image \(expression.text(.ascii))[0]")
    }
    guard let raster = Raster(title, rows: rows, columns: columns, values: tensor.elements) else {
      throw Diagnostic(
        "plot.empty", "\(title) has no elements to show", at: expression.span)
    }
    try show(.raster(raster), called: title)
  }

  /// `d[3]` of a data set: the numbers of that row, without the last column when the others alone
  /// make a square, as pixels with a class behind them do. nil for anything else.
  private func tableRow(_ expression: Expression) throws(Diagnostic) -> Tensor? {
    guard case .index(let base, let subscripts) = expression.kind, subscripts.count == 1,
      case .at(let place) = subscripts[0], case .name(let name) = base.kind,
      case .table(let table) = session.problem.definitions[name]
    else { return nil }
    if case .string = place.kind { return nil }
    let row = try session.wholeNumber(place, atLeast: 0, what: "the row")
    guard row < table.rowCount else {
      throw Diagnostic(
        "plot.row", "there is no row \(row)", at: place.span,
        help: "\(name.pretty) has rows 0 to \(table.rowCount - 1)")
    }
    var numbers = table.columns.compactMap(\.numbers).compactMap { column in
      row < column.elements.count ? column.elements[row] : nil
    }
    func isSquare(_ count: Int) -> Bool {
      let side = Int(Double(count).squareRoot().rounded())
      return side * side == count
    }
    if !isSquare(numbers.count), isSquare(numbers.count - 1) { numbers.removeLast() }
    return Tensor(numbers, shape: Shape([numbers.count]))
  }
}
