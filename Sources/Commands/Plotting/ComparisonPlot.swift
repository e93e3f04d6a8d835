// The loss along the steps of several optimizers from the same start, in one chart.

import Charts
import Diagnostics
import Engine
import Notation
import Tensors

extension Plotting {
  func comparison() throws(Diagnostic) {
    guard let objective = session.problem.objectives.last else {
      throw Diagnostic(
        "step.no-loss", "there is no loss to compare by", help: "loss L = sum((w - 1)^2)")
    }
    let chains = arguments.optimizers("optimizer").map { chain in
      (text: chain.map { $0.text(.pretty) }.joined(separator: " |> "), chain: chain)
    }
    let count = try stepCount(arguments.expression("n"), usual: 100)
    guard chains.count <= Plotting.mostSeries else {
      throw Diagnostic(
        "plot.many", "\(chains.count) lines are too many for one chart", at: arguments.span,
        help: "at most \(Plotting.mostSeries) can be told apart")
    }
    let trials = try session.trials(
      chains, for: count, interrupted: interpreter.surface.interrupted,
      progress: progress(of: count * chains.count))
    interpreter.surface.progress(nil)
    let loss = Expression(.name(objective.name), objective.expression.span)
    var series: [Series] = []
    var notes: [String] = []
    for trial in trials {
      let steps = Plotting.sampled(from: 0, to: trial.taken)
      let rows = try rows(
        [loss], of: trial.session, atSteps: steps,
        wasInterrupted: trials.contains { $0.wasInterrupted })
      series.append(
        Series(
          trial.text, rows.map { Point(Double($0.step), $0.values[0]?.scalar ?? .nan) }))
      if let note = Plotting.note(trial) { notes.append(note) }
    }
    let (xLog, yLog) = isLogarithmic
    try show(
      Chart(
        title: objective.name.pretty, x: Axis("step", isLogarithmic: xLog, isWhole: true),
        y: Axis(isLogarithmic: yLog), series: series, notes: notes))
  }
}
