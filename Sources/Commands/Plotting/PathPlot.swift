// The way of an optimizer over the contours of the loss, in the plane of two parameter elements.
//
// The contours are those of a slice: all other parameters stay where they are now. Several branches
// of the history, or several optimizers from the present place, are drawn in one picture.

import Charts
import Diagnostics
import Engine
import Notation
import Tensors

extension Plotting {
  /// Evaluations of the loss, times the numbers each makes, that a picture may take.
  private static let work = 400_000_000
  private static let mostPaths = 6

  func path() throws(Diagnostic) {
    guard let objective = session.problem.objectives.last else {
      throw Diagnostic(
        "step.no-loss", "there is no loss whose contours could be drawn",
        help: "loss L = w[0]^2 + 10*w[1]^2")
    }
    let (axes, contenders) = try parts()
    if contenders.isEmpty, let n = arguments.expression("n") {
      let example = axes.map { $0.text(.ascii) }.joined(separator: ", ")
      throw Diagnostic(
        "plot.ahead", "the path is that of the steps taken, so there is nothing to count",
        at: n.span,
        help: "name optimizers to look ahead: plot path \(example), sgd(lr=0.1) for 50 steps")
    }
    let variables = [try session.variable(axes[0]), try session.variable(axes[1])]
    guard !variables[0].isSame(as: variables[1]) else {
      throw Diagnostic(
        "plot.axes", "both axes are \(variables[0].name)", at: axes[1].span,
        help: "a plane takes two different parameter values")
    }
    let loss = Expression(.name(objective.name), objective.expression.span)
    let slice = try Slice(session, [loss], by: variables)
    let (paths, pathNotes) = try paths(axes, contenders)
    var notes = pathNotes
    var reach: [Point] = []
    for path in paths {
      // One that runs away would make all the others a dot.
      let isRunaway = runsAway(path.points, slice, maximize: objective.maximize)
      reach += path.points.prefix(isRunaway ? 5 : path.points.count).filter(\.isFinite)
      if isRunaway { notes.append("\(path.name) runs away and leaves the picture") }
    }
    let x = Plotting.margin(around: reach.map(\.x))
    let y = Plotting.margin(around: reach.map(\.y))
    let field = try field(slice, objective.name.pretty, x, y)
    let others = session.problem.parameters.reduce(0) { $0 + $1.initial.shape.count } - 2
    if others > 0 {
      notes.append(
        others == 1
          ? "a slice: the other parameter value is as it is now"
          : "a slice: the other \(others) parameter values are as they are now")
    }
    try show(
      Chart(
        title: "\(objective.name.pretty) over \(variables[0].name) and \(variables[1].name)",
        x: Axis(variables[0].name, range: x), y: Axis(variables[1].name, range: y),
        series: paths, field: field, notes: notes))
  }

  // MARK: What is asked for

  /// The two elements and the optimizers; without elements, the only two there are.
  private func parts() throws(Diagnostic)
    -> (axes: [Expression], contenders: [Contender])
  {
    var axes: [Expression] = []
    var contenders: [Contender] = []
    for part in try arguments.contenders("part", in: session) {
      if part.chain.count == 1, part.size == nil, try session.element(part.chain[0]) != nil {
        axes.append(part.chain[0])
      } else {
        contenders.append(part)
      }
    }
    if axes.isEmpty, let only = try session.elementExpressions(atMost: 2), only.count == 2 {
      axes = only
    }
    guard axes.count == 2 else {
      let names = try session.elementExpressions(atMost: 64) ?? []
      let example = names.count >= 2 ? names.prefix(2).map { $0.text(.ascii) } : ["w[0]", "w[1]"]
      let isSingle = session.problem.parameters.reduce(0) { $0 + $1.initial.shape.count } == 1
      throw Diagnostic(
        "plot.axes",
        axes.isEmpty
          ? "there are not exactly two parameter values, so say which two to draw"
          : "a plane takes two parameter values, not \(axes.count)", at: axes.first?.span,
        help: isSingle
          ? "with one: plot L for \(session.problem.parameters[0].path) from -3 to 3"
          : "plot path \(example.joined(separator: ", "))")
    }
    guard contenders.count <= Plotting.mostPaths else {
      throw Diagnostic(
        "plot.many", "\(contenders.count) paths are too many for one picture",
        at: contenders.last?.chain.first?.span, help: "at most \(Plotting.mostPaths)")
    }
    return (axes, contenders)
  }

  // MARK: Paths

  /// Whether the loss at the end of a path is far worse than at its beginning.
  private func runsAway(_ points: [Point], _ slice: Slice, maximize: Bool) -> Bool {
    guard let first = points.first, let last = points.last(where: \.isFinite), points.count > 5,
      let before = slice.values(at: [first.x, first.y])?.first,
      let after = slice.values(at: [last.x, last.y])?.first
    else { return false }
    let rise = maximize ? before - after : after - before
    return !(rise <= 9 * abs(before))
  }

  /// The paths, and what there is to say of them.
  private func paths(_ axes: [Expression], _ contenders: [Contender])
    throws(Diagnostic) -> (paths: [Series], notes: [String])
  {
    var paths: [Series] = []
    var notes: [String] = []
    if contenders.isEmpty {
      let (branches, note) = try branches(atMost: Plotting.mostPaths)
      for branch in branches {
        let points = try points(axes, of: branch.session)
        let name = branches.count > 1 ? branch.name : "\(branch.session.step) steps"
        paths.append(Series(name, points, .path))
      }
      if let note { notes.append(note) }
    } else {
      let (trials, length) = try trials(contenders)
      for trial in trials {
        paths.append(Series(trial.text, try points(axes, of: trial.session), .path))
        if let note = Plotting.note(trial) { notes.append(note) }
      }
      notes.append("\(length.count) \(length.unit)s each")
    }
    return (paths, notes)
  }

  private func points(_ axes: [Expression], of session: Session) throws(Diagnostic) -> [Point] {
    let steps = Plotting.sampled(from: 0, to: session.step)
    return try rows(axes, of: session, atSteps: steps).map { row in
      Point(row.values[0]?.scalar ?? .nan, row.values[1]?.scalar ?? .nan)
    }
  }

  /// The values with a margin on both sides.
  private static func margin(around values: [Double]) -> ClosedRange<Double> {
    guard let range = Scale.range(of: values) else { return -1...1 }
    let (low, high) = (range.lowerBound, range.upperBound)
    var width = high / 2 - low / 2
    if width <= 1e-9 * max(abs(low), abs(high)) || width == 0 {
      width = max(1, abs(high))
    }
    let limit = Double.greatestFiniteMagnitude
    return max(-limit, low - width * 0.5)...min(limit, high + width * 0.5)
  }

  // MARK: Contours

  private func field(
    _ slice: Slice, _ name: String, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>
  ) throws(Diagnostic) -> Field? {
    let affordable = max(1, Plotting.work / slice.cost)
    let columns = max(11, min(129, Int((1.5 * Double(affordable)).squareRoot())))
    let rows = max(9, min(87, columns * 2 / 3))
    var values: [Double] = []
    for row in 0..<rows {
      if row > 0 {
        interpreter.surface.progress(
          rows * columns * slice.cost > Plotting.work / 8
            ? Progress(step: row, taken: row, count: rows) : nil)
      }
      let v = Double(row) / Double(rows - 1)
      for column in 0..<columns {
        let u = Double(column) / Double(columns - 1)
        let place = [
          x.lowerBound * (1 - u) + x.upperBound * u, y.lowerBound * (1 - v) + y.upperBound * v,
        ]
        guard let value = slice.values(at: place), !interpreter.surface.interrupted() else {
          interpreter.surface.progress(nil)
          throw Diagnostic("interrupted", "interrupted while the contours were worked out")
        }
        values.append(value[0])
      }
    }
    interpreter.surface.progress(nil)
    return Field(name, x: x, y: y, columns: columns, rows: rows, values: values)
  }
}
