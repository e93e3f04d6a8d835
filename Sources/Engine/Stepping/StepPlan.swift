// One update of every parameter, as a graph: losses, gradients, the rules' lines, what carries over.
//
// Built once for a problem; programs that run it fast, trace it or watch something along with it are
// compiled from the same graph, so all of them compute the same bits.

import Diagnostics
import Notation
import Optimizers
import Tensors

package final class StepPlan {
  package let problem: Problem
  package let source: GradientSource
  package let modes: Modes
  package let kind: UpdateKind
  package let lowering = Lowering()
  package internal(set) var parameters: [PlannedParameter] = []
  package private(set) var states: [PlannedState] = []
  package private(set) var buffers: [PlannedBuffer] = []
  package private(set) var objectives: [(objective: Objective, node: NodeID)] = []
  /// The rows it takes; nil where no batch is set, or gradients are given.
  private(set) var batch: PlannedBatch?
  /// The number of whole epochs before the step and after it; nil where no batch is set.
  var epoch: NodeID? { leaves.epoch }
  private(set) var nextEpoch: NodeID?

  private let scope: ProblemScope
  private let leaves: InputLeaves
  private var plateaus: [String: NodeID] = [:]
  /// Whether training makes the losses other than they are at the prompt.
  package private(set) var isTraining = false
  /// What the losses of parts of a batch have made of buffers, and whether they asked for the clock.
  private var partUpdates: [(path: String, node: NodeID)] = []
  private var usesClock = false
  /// Whether the first update of an epoch judges the one before, and so differs from the others.
  private(set) var judgesEpochs = false

  /// - Parameters:
  ///   - modes: which parameters stand still, stay 0 in places, and so on.
  ///   - kind: which updates of an epoch it is for.
  package init(
    _ problem: Problem, modes: Modes, source: GradientSource, kind: UpdateKind = .regular
  ) throws(Diagnostic) {
    self.problem = problem
    self.source = source
    self.kind = kind
    self.modes = modes
    leaves = InputLeaves(modes)
    scope = ProblemScope(problem, leaves: leaves, pass: .train)
    try plan(active: active(frozen: modes.frozen))
  }

  /// Whether it is for the first update of an epoch; where no batch is set, each step is an epoch.
  private var startsEpoch: Bool { kind == .first || (batch?.layout.updates ?? 1) == 1 }

  private func active(frozen: Set<String>) -> [Parameter] {
    problem.parameters.filter { parameter in
      guard !frozen.contains(parameter.path), problem.group(for: parameter.name) != nil else {
        return false
      }
      switch source {
      case .objectives: return problem.objective(for: parameter.name) != nil
      case .objective(let name): return problem.objective(for: parameter.name)?.name == name
      case .given(let names): return names.contains(parameter.name)
      }
    }
  }

  private func plan(active: [Parameter]) throws(Diagnostic) {
    try planBatch()
    if !source.isGiven {
      for objective in problem.objectives
      where active.contains(where: { problem.objective(for: $0.name)?.name == objective.name }) {
        objectives.append((objective, try lossNode(objective)))
      }
    }
    for parameter in dependedOn(active) {
      guard let group = problem.group(for: parameter.name) else { continue }
      let w = leaves.parameter(parameter, in: lowering)
      let count = lowering.graph.input("\(parameter.path).t", shape: .scalar, type: .float64)
      let one = lowering.graph.constant(Tensor(1))
      let t = try lowering.apply(.add, [count, one], operands: [], at: noSpan)
      parameters.append(
        PlannedParameter(
          parameter: parameter, group: group,
          objective: !source.isGiven ? problem.objective(for: parameter.name) : nil, w: w,
          count: count, t: t, rawGradient: w, g: w, newW: w))
    }
    try differentiate()
    try showRounding()
    try maskGradients()
    for (i, group) in problem.optimizer.enumerated() {
      let members = parameters.indices.filter {
        problem.groupIndex(for: parameters[$0].parameter.name) == i
      }
      if !members.isEmpty { try apply(group, to: members) }
    }
    try projectParameters()
    try carryBuffers()
  }

  /// The parameters that their losses depend on: those of a model that no loss uses stand still,
  /// whatever momentum or decay their optimizer has. Where a loss depends on none at all, a zero
  /// gradient says so.
  private func dependedOn(_ active: [Parameter]) -> [Parameter] {
    guard !source.isGiven else { return active }
    let needed = Set(lowering.graph.reachable(from: objectives.map(\.node)))
    let moving = active.filter { needed.contains(leaves.parameter($0, in: lowering)) }
    return moving.isEmpty ? active : moving
  }

  /// What the models used in the losses have made of their buffers; and the clock, when something
  /// was drawn.
  private func carryBuffers() throws(Diagnostic) {
    let usesClock = scope.usesClock || usesClock
    isTraining = usesClock || !(partUpdates.isEmpty && scope.bufferUpdates.isEmpty)
    for update in partUpdates + scope.bufferUpdates
    where !buffers.contains(where: { $0.path == update.path }) {
      guard let buffer = problem.buffers.first(where: { $0.path == update.path }) else { continue }
      buffers.append(
        PlannedBuffer(
          path: buffer.path, initial: buffer.initial, input: leaves.buffer(buffer, in: lowering),
          output: update.node))
    }
    guard usesClock else { return }
    let clock = leaves.clock(in: lowering)
    let one = lowering.graph.constant(Tensor(1))
    buffers.append(
      PlannedBuffer(
        path: Snapshot.clockPath, initial: Tensor(0), input: clock,
        output: try lowering.apply(.add, [clock, one], operands: [], at: noSpan)))
  }

  private func planBatch() throws(Diagnostic) {
    guard let batching = problem.batching else { return }
    // A gradient given by hand takes no rows.
    guard !source.isGiven else {
      let epoch = lowering.graph.input(Batching.epochPath, shape: .scalar, type: .float64)
      leaves.epoch = epoch
      nextEpoch = epoch
      buffers.append(
        PlannedBuffer(path: Batching.epochPath, initial: Tensor(0), input: epoch, output: epoch))
      return
    }
    let planned = try PlannedBatch(
      batching, kind, in: lowering, scope: ProblemScope(problem, leaves: leaves))
    batch = planned
    leaves.epoch = planned.epoch
    nextEpoch = planned.nextEpoch
    scope.rows = planned.rows
    buffers += [
      PlannedBuffer(
        path: Batching.epochPath, initial: Tensor(0), input: planned.epoch,
        output: planned.nextEpoch),
      PlannedBuffer(
        path: Batching.positionPath, initial: Tensor(0), input: planned.position,
        output: planned.nextPosition),
    ]
  }

  private func lossNode(_ objective: Objective) throws(Diagnostic) -> NodeID {
    guard let batch, batch.parts.count > 1 else { return try lossNode(objective, in: scope) }
    let average = try batch.average(
      over: batch.parts, leaves: leaves, of: problem,
      lower: { (scope) throws(Diagnostic) in try lossNode(objective, in: scope) })
    for update in average.bufferUpdates
    where !partUpdates.contains(where: { $0.path == update.path }) {
      partUpdates.append(update)
    }
    usesClock = usesClock || average.usesClock
    return average.node
  }

  private func lossNode(_ objective: Objective, in scope: ProblemScope) throws(Diagnostic) -> NodeID
  {
    // By its name, which keys what is random in it, as at the prompt.
    let node = try lowering.lower(
      Expression(.name(objective.name), objective.expression.span), in: scope)
    guard lowering.graph[node].shape.count == 1 else {
      throw LoweringError.tensor(
        .notScalar(lowering.graph[node].shape), objective.expression.span, operands: []
      ).diagnostic
    }
    return try lowering.reshape(node, to: .scalar, at: objective.expression.span)
  }

  private func differentiate() throws(Diagnostic) {
    if source.isGiven {
      for i in parameters.indices {
        let shape = lowering.graph[parameters[i].w].shape
        parameters[i].g = lowering.graph.input(
          "\(parameters[i].parameter.path).g", shape: shape, type: .float64)
        parameters[i].rawGradient = parameters[i].g
      }
      return
    }
    for (objective, node) in objectives {
      let members = parameters.indices.filter { parameters[$0].objective?.name == objective.name }
      let span = objective.expression.span
      let gradients = try lowering.gradients(
        of: node, by: members.map { parameters[$0].w }, at: span)
      for (i, gradient) in zip(members, gradients) {
        // Rules minimise: climbing J is descending -J.
        parameters[i].g =
          objective.maximize
          ? try lowering.apply(.negate, [gradient], operands: [], at: span) : gradient
        parameters[i].rawGradient = parameters[i].g
      }
    }
  }

  /// Runs the stages of a group one after the other over all its parameters.
  private func apply(_ group: OptimizerGroup, to members: [Int]) throws(Diagnostic) {
    for (number, stage) in group.stages.enumerated() {
      let flat = stage.rule.declaration.overAll
      let packed = flat ? try Packing(members.map { parameters[$0].w }, in: lowering) : nil
      var targets: [RuleTarget] = []
      if let packed {
        targets = [
          RuleTarget(
            path: packed.isTrivial ? parameters[members[0]].parameter.path : "all",
            w: packed.flat, g: try packed.pack(members.map { parameters[$0].g }, in: lowering),
            t: parameters[members[0]].t)
        ]
      } else {
        targets = members.map {
          RuleTarget(
            path: parameters[$0].parameter.path, w: parameters[$0].w, g: parameters[$0].g,
            t: parameters[$0].t)
        }
      }
      let surroundings = PlanSurroundings(plan: self, members: members, packing: packed)
      let applications = try RuleApplier(
        stage, to: targets, in: lowering, surroundings: surroundings
      ).apply()
      let isLast = number == group.stages.count - 1
      for (target, application) in zip(targets, applications) {
        for state in application.states {
          states.append(
            PlannedState(
              path: "\(target.path).\(state.name.canonical)",
              owner: flat ? parameters[members[0]].parameter.path : target.path, state: state))
        }
      }
      for (i, member) in members.enumerated() {
        let application = flat ? applications[0] : applications[i]
        parameters[member].constants += application.constants
        // Lines of a rule over all parameters are listed once, under the first of them.
        if !flat || i == 0 { parameters[member].lines += application.lines }
        if let packed {
          parameters[member].g = try packed.unpack(application.g, part: i, in: lowering)
          if !isLast, !packed.isTrivial {
            let g = Name(canonical: "g")
            parameters[member].lines.append(
              AppliedLine(
                name: g, expression: packed.slice(of: g, part: i),
                remark: "the part of the vector of all parameters", node: parameters[member].g,
                operands: [g: application.g], isState: false, isParameter: false))
          }
          if isLast {
            parameters[member].newW = try packed.unpack(application.w, part: i, in: lowering)
          }
        } else {
          parameters[member].g = application.g
          if isLast { parameters[member].newW = application.w }
        }
      }
    }
  }

  /// What carries over from one step to the next.
  package var carries: [Program.Carry] {
    parameters.flatMap {
      [Program.Carry(from: $0.newW, to: $0.w), Program.Carry(from: $0.t, to: $0.count)]
    } + states.map { Program.Carry(from: $0.state.output, to: $0.state.input) }
      + buffers.map { Program.Carry(from: $0.output, to: $0.input) }
  }

  /// What must stay finite.
  package var guards: [NodeID] { parameters.map(\.newW) + objectives.map(\.node) }

  /// Lowers an expression as it stands after the step: parameters at their new values, `m`, `g`, `t`
  /// those of the step.
  package func lowerAfterStep(_ expression: Expression) throws(Diagnostic) -> NodeID {
    let after = ProblemScope(problem, leaves: AfterStepLeaves(plan: self))
    if let rows = batch?.rows {
      let whole = ProblemScope(problem, leaves: AfterStepLeaves(plan: self))
      after.rows = BatchedRows(nodes: rows.nodes, whole: whole)
    }
    return try lowering.lower(expression, in: after)
  }

  /// Lowers an expression on all the data as it stands before the step, in eval mode.
  func lowerWhole(_ expression: Expression) throws(Diagnostic) -> NodeID {
    try lowering.lower(expression, in: ProblemScope(problem, leaves: leaves))
  }

  /// Where names mean all the data as it stands before the step, in eval mode.
  func scopeOfWhole() -> ProblemScope { ProblemScope(problem, leaves: leaves) }

  /// A scope like that of `lowerAfterStep` before the step.
  func scopeBeforeStep() -> ProblemScope {
    let before = ProblemScope(problem, leaves: leaves)
    if let rows = batch?.rows {
      before.rows = BatchedRows(
        nodes: rows.nodes, whole: ProblemScope(problem, leaves: leaves))
    }
    return before
  }

  /// Keeps what a schedule remembers, once for each place in the text that asks for it.
  func plateau(
    _ arguments: Plateau.Arguments, owner: String, t: NodeID, at span: Span
  ) throws(Diagnostic) -> NodeID {
    let path = "\(owner).plateau \(span.text)"
    if let known = plateaus[path] { return known }
    if arguments.rhythm == .epoch { judgesEpochs = true }
    let applied = try Plateau.apply(
      arguments, path: path, t: t, judges: arguments.rhythm == .step || startsEpoch, in: lowering)
    plateaus[path] = applied.value
    for state in applied.states {
      states.append(
        PlannedState(path: "\(path).\(state.name.canonical)", owner: owner, state: state))
    }
    return applied.value
  }

  func scopeForSchedules(_ lowering: Lowering) -> ProblemScope {
    lowering === self.lowering
      ? scope : ProblemScope(problem, leaves: InputLeaves(modes), pass: .train)
  }

  /// The average of a loss over one worker's rows, for comparing workers; nil when it has none.
  func loss(_ objective: Objective, ofWorker worker: Int) throws(Diagnostic) -> NodeID? {
    guard let batch else { return nil }
    let parts = batch.parts.filter { $0.worker == worker }
    guard !parts.isEmpty else { return nil }
    return try batch.average(
      over: parts, leaves: leaves, of: problem,
      lower: { (scope) throws(Diagnostic) in try lossNode(objective, in: scope) }
    ).node
  }

  /// A loss on all rows of the update in one piece.
  func undividedLoss(_ objective: Objective) throws(Diagnostic) -> NodeID {
    try lossNode(objective, in: scope)
  }
}

/// A place for errors that no text stands for.
let noSpan = Span(Source(""), 0, 0)

extension Problem {
  /// The index of the group that moves a parameter.
  func groupIndex(for parameter: Name) -> Int? {
    optimizer.firstIndex { $0.parameters?.contains(parameter) == true }
      ?? optimizer.firstIndex { $0.parameters == nil }
  }
}
