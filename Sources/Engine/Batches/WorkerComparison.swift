// What each simulated worker's rows give by themselves, beside the gradient of the whole batch.
//
// Worked out when somebody asks, from the snapshot before the step; a run computes the average alone.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct WorkerComparison {
  package struct Worker {
    /// From 1.
    package let number: Int
    /// The numbers of its rows in the data.
    package let rows: [Int]
    /// In the order of the objectives.
    package let losses: [Double]
    /// In the order of the parameters, as the optimizer is given them.
    package let gradients: [Tensor]
  }

  package let batch: BatchRows
  /// The session's number of the step.
  package let step: Int
  package let objectives: [Name]
  package let parameters: [Name]
  package let workers: [Worker]
  /// What the step takes: the workers' gradients averaged by their numbers of rows.
  package let average: [Tensor]
  /// The gradients of the losses on all rows of the update in one piece.
  package let whole: [Tensor]

  /// The largest difference between an element of the average and of the whole.
  package var largestDifference: Double {
    var largest = 0.0
    for (a, b) in zip(average, whole) {
      for (x, y) in zip(a.elements, b.elements) {
        let difference = abs(x - y)
        if !(difference <= largest) { largest = difference }
      }
    }
    return largest
  }

  /// The largest element of the whole, for comparison.
  package var largestElement: Double {
    whole.reduce(0) { $1.elements.reduce($0) { max($0, abs($1)) } }
  }
}

extension Session {
  /// The workers of the last step, or of the coming one where none was taken with workers; nil where
  /// no workers are set.
  package mutating func compareWorkers() throws(Diagnostic) -> WorkerComparison? {
    if let event = lastStep(at: timeline.position), let (index, _) = timeline.locate(event),
      case .steps(let stepper) = timeline.branch.stretches[index].kind,
      stepper.problem.batching?.workers ?? 1 > 1
    {
      return try stepper.compareWorkers(
        from: try snapshot(at: event - 1), step: timeline.steps(at: event))
    }
    guard problem.batching?.workers ?? 1 > 1 else { return nil }
    return try stepper().compareWorkers(from: snapshot, step: step + 1)
  }
}

extension Session {
  /// How the average over the parts of the coming step compares with its whole batch; nil where there
  /// are no parts, no step can be taken yet, or parts draw at random for themselves.
  package mutating func compareParts() -> WorkerComparison? {
    guard let batching = problem.batching, batching.accumulated * batching.workers > 1,
      !problem.parameters.isEmpty, !problem.objectives.isEmpty, !problem.optimizer.isEmpty,
      let stepper = try? stepper(), !stepper.plan.isTraining
    else { return nil }
    return (try? stepper.compareWorkers(from: snapshot, step: step + 1)) ?? nil
  }
}

extension Stepper {
  /// The gradients of each worker's rows in the step that follows a snapshot.
  func compareWorkers(from snapshot: Snapshot, step: Int) throws(Diagnostic) -> WorkerComparison? {
    let start = try prepared(snapshot)
    let programs = programs(after: start).programs
    let plan = programs.plan
    guard let batch = plan.batch, let rows = rows(after: start) else { return nil }
    var numbers: [Int] = []
    for part in batch.parts where !numbers.contains(part.worker) { numbers.append(part.worker) }

    func gradients(_ loss: (Objective) throws(Diagnostic) -> NodeID?) throws(Diagnostic)
      -> (losses: [NodeID], gradients: [NodeID])
    {
      var losses: [NodeID] = []
      var found = plan.parameters.map(\.rawGradient)
      for (objective, _) in plan.objectives {
        guard let node = try loss(objective) else { continue }
        losses.append(node)
        let members = plan.parameters.indices.filter {
          plan.parameters[$0].objective?.name == objective.name
        }
        let slopes = try plan.lowering.gradients(
          of: node, by: members.map { plan.parameters[$0].w }, at: objective.expression.span)
        for (member, slope) in zip(members, slopes) {
          found[member] =
            objective.maximize
            ? try plan.lowering.apply(.negate, [slope], operands: [], at: noSpan) : slope
        }
      }
      return (losses, found)
    }

    var shares: [(losses: [NodeID], gradients: [NodeID])] = []
    for number in numbers {
      shares.append(
        try gradients { (objective) throws(Diagnostic) in
          try plan.loss(objective, ofWorker: number)
        })
    }
    let whole = try gradients { (objective) throws(Diagnostic) in
      try plan.undividedLoss(objective)
    }
    let average = plan.parameters.map(\.rawGradient)
    let indices = batch.parts.map(\.indices)
    let outputs =
      shares.flatMap { $0.losses + $0.gradients } + whole.gradients + average + indices
    let program = try programs.compile(outputs: Array(Set(outputs)).sorted())
    programs.load(start, into: program)
    _ = program.run(steps: 1, interrupted: { false })
    let workers = zip(numbers, shares).map { number, share in
      let own = batch.parts.filter { $0.worker == number }
      return WorkerComparison.Worker(
        number: number + 1,
        rows: own.flatMap { program.read($0.indices).elements.compactMap { Int(exactly: $0) } },
        losses: share.losses.map { program.read($0).scalar ?? .nan },
        gradients: share.gradients.map { program.read($0) })
    }
    return WorkerComparison(
      batch: rows, step: step, objectives: plan.objectives.map(\.objective.name),
      parameters: plan.parameters.map(\.parameter.name), workers: workers,
      average: average.map { program.read($0) }, whole: whole.gradients.map { program.read($0) })
  }
}
