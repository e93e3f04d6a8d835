// Setting how steps take the data, and where in an epoch the session is.

import Diagnostics
import Notation
import Optimizers

extension Session {
  /// Sets how steps take the data, after checking it against what there is.
  package mutating func setBatching(_ batching: Batching) throws(Diagnostic) {
    try changeProblem { (problem) throws(Diagnostic) in problem.batching = batching }
    _ = try epochLayout()
    // With everything in place a step is built now, so that a mistake shows here and not later.
    guard !problem.optimizer.isEmpty, !problem.objectives.isEmpty, !problem.parameters.isEmpty
    else { return }
    do {
      _ = try stepper()
    } catch  where error.id == "step.nothing" {
      // Everything is frozen for now.
    }
  }

  /// How an epoch is divided; nil where no batch is set.
  package func epochLayout() throws(Diagnostic) -> EpochLayout? {
    try plannedBatch()?.layout
  }

  private func plannedBatch() throws(Diagnostic) -> PlannedBatch? {
    if let known = steppers[.objectives], known.modes == snapshot.modes {
      return known.plan.batch
    }
    guard let batching = problem.batching else { return nil }
    return try PlannedBatch(
      batching, .regular, in: Lowering(), scope: ProblemScope(problem, leaves: InputLeaves()))
  }

  /// The rows of the step that comes; nil where no batch is set.
  package func comingRows() throws(Diagnostic) -> BatchRows? {
    guard let batch = try plannedBatch() else { return nil }
    return batch.rows(after: snapshot)
  }

  /// The rows of the last step; nil where there was none or it saw all of the data.
  package func lastRows() throws(Diagnostic) -> BatchRows? { try record()?.batch }

  /// How many steps there are to the end of the epoch here, and of those that follow it.
  /// - Parameter epochs: one or more; the present one counts, however little of it is left.
  package func steps(ofEpochs epochs: Int) throws(Diagnostic) -> Int {
    guard let rows = try comingRows() else { return epochs }
    let (steps, overflows) = rows.layout.updates.multipliedReportingOverflow(by: epochs)
    guard !overflows, steps - rows.position <= Session.maximumSteps else {
      throw Diagnostic(
        "step.many", "\(epochs) epochs of \(rows.layout.updates) steps are too many",
        help: "one command takes at most \(Session.maximumSteps) steps")
    }
    return steps - rows.position
  }
}
