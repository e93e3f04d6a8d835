// Functions of one number: `plot sin(x) for x from -3 to 3`, and losses along one element of a
// parameter, `plot L for w[0] from -1 to 4`, with the place where it is now.

import Charts
import Diagnostics
import Engine
import Notation
import Tensors

extension Plotting {
  /// How many places a function is evaluated at.
  private static let places = 401
  private static let mostPlaces = 1_000_000

  func functionCurves(_ expressions: [Expression], of variable: Expression) throws(Diagnostic) {
    let variable = try (variable, session.variable(variable))
    let places = try places()
    let slice = try Slice(session, expressions, by: [variable.1])
    var values: [[Point]] = Array(repeating: [], count: expressions.count)
    var notes: [String] = []
    for (number, place) in places.enumerated() {
      guard let point = slice.values(at: [place]), !interpreter.surface.interrupted() else {
        notes.append("interrupted after \(number) of \(places.count) places")
        break
      }
      for (i, value) in point.enumerated() { values[i].append(Point(place, value)) }
    }
    var series = zip(expressions, values).map { Series($0.text(.pretty), $1) }
    try checkCount(series, at: expressions[0].span)
    let name = variable.0.text(.pretty)
    if let present = variable.1.present, let low = places.min(), let high = places.max(),
      present >= low, present <= high, let now = slice.values(at: [present])
    {
      series.append(Series("now", now.map { Point(present, $0) }, .points))
    }
    let (xLog, yLog) = isLogarithmic
    try show(
      Chart(
        title: expressions.map { $0.text(.pretty) }.joined(separator: ", "),
        x: Axis(name, isLogarithmic: xLog), y: Axis(isLogarithmic: yLog), series: series,
        notes: notes))
  }

  private func places() throws(Diagnostic) -> [Double] {
    if let values = arguments.expression("values") {
      let tensor = try session.evaluate(values)
      guard (2...Plotting.mostPlaces).contains(tensor.elements.count) else {
        throw Diagnostic(
          "plot.places",
          tensor.elements.count < 2
            ? "a curve takes two places or more, and here is \(tensor.elements.count == 0 ? "none" : "one")"
            : "\(tensor.elements.count) places are more than \(Plotting.mostPlaces)",
          at: values.span,
          help: "for x from -2 to 2, or for x in linspace(-2, 2, 100)")
      }
      return tensor.elements
    }
    func end(_ label: String) throws(Diagnostic) -> Double {
      guard let expression = arguments.expression(label) else { return 0 }
      guard let value = try session.evaluate(expression).scalar, value.isFinite else {
        throw Diagnostic(
          "plot.end", "an end of the range must be a single finite number", at: expression.span)
      }
      return value
    }
    let start = try end("start")
    let end = try end("end")
    guard start < end else {
      throw Diagnostic(
        "plot.range", "the range must go from a smaller to a larger number",
        at: arguments.expression("end")?.span)
    }
    let count = Double(Plotting.places - 1)
    if isLogarithmic.x, start > 0 {
      let scale = Scale(start...end, isLogarithmic: true)
      return (0..<Plotting.places).map { scale.value(at: Double($0) / count) }
    }
    return (0..<Plotting.places).map { i in
      // The ends exactly, and round numbers where the range is round.
      let t = Double(i) / count
      return i == 0 ? start : i == Plotting.places - 1 ? end : start * (1 - t) + end * t
    }
  }
}
