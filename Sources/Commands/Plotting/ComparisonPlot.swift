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
    let contenders = try arguments.contenders("optimizer", in: session)
    guard contenders.count <= Plotting.mostSeries else {
      throw Diagnostic(
        "plot.many", "\(contenders.count) lines are too many for one chart", at: arguments.span,
        help: "at most \(Plotting.mostSeries) can be told apart")
    }
    let (trials, length) = try trials(contenders)
    let loss = Expression(.name(objective.name), objective.expression.span)
    var series: [Series] = []
    var notes: [String] = []
    for trial in trials {
      let steps = Plotting.sampled(from: 0, to: trial.taken)
      let rows = try rows(
        [loss], of: trial.session, atSteps: steps,
        wasInterrupted: trials.contains { $0.wasInterrupted })
      // Over epochs, runs of different batches are level where they have seen as much of the data.
      let unit = if case .epochs = length { Double(trial.session.stepsPerEpoch ?? 1) } else { 1.0 }
      series.append(
        Series(
          trial.text, rows.map { Point(Double($0.step) / unit, $0.values[0]?.scalar ?? .nan) }))
      if let note = Plotting.note(trial) { notes.append(note) }
    }
    let (xLog, yLog) = isLogarithmic
    try show(
      Chart(
        title: objective.name.pretty, x: Axis(length.unit, isLogarithmic: xLog, isWhole: true),
        y: Axis(isLogarithmic: yLog), series: series, notes: notes))
  }
}
