// What all plots share: which steps are sampled, scales and notes, and where the chart goes, to the
// screen or into a file.

import Charts
import Diagnostics
import Engine
import Notation
import Tensors

/// What a plot is made of, and where to.
struct Plotting {
  let interpreter: Interpreter
  let arguments: Arguments

  /// No line of a chart is made of more points than this, unless that many were asked for.
  static let mostSamples = 400
  /// How many steps ahead may be looked at.
  static let mostSteps = 10_000_000
  /// How many series fit in one chart.
  static let mostSeries = 10

  var session: Session { interpreter.session }

  // MARK: Arguments

  /// The number of steps behind `for`, or the usual one.
  func stepCount(_ expression: Expression?, usual: Int) throws(Diagnostic) -> Int {
    guard let expression else { return usual }
    if arguments.text("unit")?.text.hasPrefix("epoch") == true {
      let epochs = try session.wholeNumber(
        expression, atLeast: 1, atMost: Plotting.mostSteps, what: "the number of epochs")
      let steps = try session.steps(ofEpochs: epochs)
      guard steps <= Plotting.mostSteps else {
        throw Diagnostic(
          "plot.steps",
          "\(epochs) epochs are \(steps) steps, and \(Plotting.mostSteps) are the most",
          at: expression.span)
      }
      return steps
    }
    return try session.wholeNumber(
      expression, atLeast: 1, atMost: Plotting.mostSteps, what: "the number of steps")
  }

  /// `log` is for the y axis, `loglog` for both.
  var isLogarithmic: (x: Bool, y: Bool) {
    switch arguments.text("scale")?.text {
    case "log": (false, true)
    case "loglog": (true, true)
    default: (false, false)
    }
  }

  // MARK: Steps

  /// Steps from one to another, the ends among them, evenly thinned when there are many.
  static func sampled(from first: Int, to last: Int) -> [Int] {
    guard last > first else { return [first] }
    let count = min(last - first, mostSamples)
    // 128 bits in two parts: the product may be large.
    return (0...count).map { i in
      first + Int((Double(last - first) * Double(i) / Double(count)).rounded())
    }
  }

  /// The ends of the epochs among the steps from one to another, thinned when there are many.
  static func epochEnds(from first: Int, to last: Int, every: Int) -> [Int] {
    let every = max(1, every)
    let from = (first + every - 1) / every
    let to = last / every
    guard from <= to else { return sampled(from: first, to: last) }
    return sampled(from: from, to: to).map { $0 * every }
  }

  /// The values of expressions at steps of a session; nil where one has none.
  /// - Parameter wasInterrupted: whether Ctrl-C has ended the run that is to be shown; then it does
  ///   not end this as well.
  func rows(
    _ expressions: [Expression], of session: Session, atSteps steps: [Int],
    wasInterrupted: Bool = false
  ) throws(Diagnostic) -> [HistoryRow] {
    let surface = interpreter.surface
    let rows = try session.values(of: expressions, atSteps: steps) { number in
      if number % 16 == 0, number > 0, steps.count > 32 {
        surface.progress(Progress(step: steps[number], taken: number, count: steps.count))
      }
      return wasInterrupted || !surface.interrupted()
    }
    surface.progress(nil)
    guard !rows.isEmpty else {
      throw Diagnostic("interrupted", "interrupted before there was anything to draw")
    }
    return rows
  }

  /// Tells how far steps that are taken to be looked at have come.
  func progress(of total: Int) -> (Int) -> Void {
    let surface = interpreter.surface
    let start = session.step
    return { surface.progress(Progress(step: start + $0, taken: $0, count: total)) }
  }

  /// Several optimizers' runs from the present place, and how long they were to be.
  func trials(_ contenders: [Contender]) throws(Diagnostic) -> (trials: [Trial], length: RunLength)
  {
    let surface = interpreter.surface
    let start = session.step
    let length = try arguments.runLength("n", in: session)
    let trials = try session.trials(
      contenders, for: length, interrupted: surface.interrupted,
      progress: { taken, total in
        surface.progress(Progress(step: start + taken, taken: taken, count: total))
      })
    surface.progress(nil)
    return (trials, length)
  }

  /// What to say of a run that ended early; nil when it did not.
  static func note(_ trial: Trial) -> String? {
    let name = trial.text.isEmpty ? "" : "\(trial.text): "
    return switch trial.ending {
    case .finished, .conditionMet, .ruleMet: nil
    case .interrupted: "\(name)interrupted after \(trial.taken) steps"
    case .notFinite(let bad): "\(name)step \(bad.step) is not finite, so the line ends before it"
    }
  }

  // MARK: Showing

  /// Points that are not finite, or not above 0 on a logarithmic axis, are left out and counted.
  /// - Throws: when nothing is left.
  func show(_ chart: Chart) throws(Diagnostic) {
    var chart = chart
    var notFinite = 0
    var notPositive = 0
    var shown = 0
    for point in chart.series.lazy.flatMap({ $0.points }) {
      if !point.isFinite {
        notFinite += 1
      } else if chart.y.isLogarithmic && point.y <= 0 || chart.x.isLogarithmic && point.x <= 0 {
        notPositive += 1
      } else {
        shown += 1
      }
    }
    if shown == 0, chart.bars.isEmpty, !chart.series.isEmpty {
      throw Diagnostic(
        "plot.empty",
        notPositive > 0
          ? "a logarithmic axis shows values above 0, and there are none"
          : "there is nothing finite to show", at: arguments.text("scale")?.span)
    }
    if notPositive > 0 {
      chart.notes.append(
        notPositive == 1
          ? "a point that is not above 0 is left out"
          : "\(notPositive) points that are not above 0 are left out")
    }
    if notFinite > 0 {
      chart.notes.append(
        notFinite == 1
          ? "a point that is not finite is left out"
          : "\(notFinite) points that are not finite are left out")
    }
    try show(.chart(chart), called: chart.title)
  }

  /// On the screen, or into the file that is named.
  func show(_ picture: PlotReport.Picture, called title: String) throws(Diagnostic) {
    let report = PlotReport(picture)
    guard let (path, span) = try file() else {
      if !arguments.muted { interpreter.surface.show(report) }
      return
    }
    guard interpreter.surface.mayWrite else {
      throw Diagnostic("file.forbidden", "writing files is not allowed here", at: span)
    }
    try FileAccess.write(report.svg, to: path, at: span)
    try interpreter.reply(
      MessageReport(
        title.isEmpty ? "the plot is in \(path)" : "the plot of \(title) is in \(path)",
        fields: ["file": .string(path)]), arguments.muted)
  }

  /// The file behind `to`.
  private func file() throws(Diagnostic) -> (String, Span)? {
    var found = arguments.text("file")
    if found == nil, let end = arguments.expression("b"), case .string(let text) = end.kind {
      found = (text, end.span)
    }
    guard let (path, span) = found else { return nil }
    guard path.lowercased().hasSuffix(".svg") else {
      throw Diagnostic(
        "plot.format", "a plot is written as SVG, so the file's name ends in .svg", at: span,
        help: "to \"\(path.split(separator: ".").first.map(String.init) ?? "plot").svg\"")
    }
    return (path, span)
  }
}
