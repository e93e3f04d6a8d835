// Runs the steps of a plan: snapshot in, snapshot out.
//
// Its programs are scratch space; what they hold between calls never matters, so a stepper can serve
// the present and any replay of the past.

import Diagnostics
import Notation
import Optimizers
import Tensors

package final class Stepper {
  package let plan: StepPlan
  package let frozen: Set<String>
  private var fastProgram: Program?
  private var tracedProgram: Program?
  private var lossProgram: Program?
  private var startProgram: Program?
  private let compiled: CompiledSteppers

  init(
    _ problem: Problem, frozen: Set<String>, source: GradientSource = .objectives,
    compiled: CompiledSteppers
  ) throws(Diagnostic) {
    self.compiled = compiled
    plan = try StepPlan(problem, frozen: frozen, source: source)
    self.frozen = frozen
  }

  package var problem: Problem { plan.problem }

  /// What a run came to.
  package struct Run {
    package let snapshot: Snapshot
    package let result: RunResult
  }

  /// Takes up to `steps` steps. Broken off within one, it gives a snapshot of no use: the caller
  /// replays the `result.completed` whole ones. After `.notFinite` the snapshot is that of a broken step and of no
  /// use; the caller replays the `result.completed - 1` good ones instead.
  package func run(
    from snapshot: Snapshot, steps: Int, lookout: Lookout? = nil,
    interrupted: () -> Bool = { false },
    observe: (Int, [Tensor]) throws(Diagnostic) -> Void = { _, _ in }
  ) throws(Diagnostic) -> Run {
    let start = try prepared(snapshot)
    let program = if let lookout { try lookout.program(for: self) } else { try fast() }
    load(start, into: program)
    guard let lookout, !lookout.observed.isEmpty else {
      let result = program.run(steps: steps, interrupted: interrupted)
      return Run(snapshot: unload(start, from: program), result: result)
    }
    var completed = 0
    var reason = RunResult.Reason.finished
    var isBroken = false
    while completed < steps, reason == .finished {
      let result = program.run(steps: 1, interrupted: interrupted)
      reason = result.reason
      isBroken = result.isBroken
      completed += result.completed
      guard result.completed == 1, reason != .notFinite else { break }
      try observe(completed, lookout.values())
    }
    return Run(
      snapshot: unload(start, from: program),
      result: RunResult(completed: completed, reason: reason, isBroken: isBroken))
  }

  /// Takes one step with gradients given by hand.
  package func run(from snapshot: Snapshot, given: [String: Tensor]) throws(Diagnostic) -> Run {
    let start = try prepared(snapshot)
    let program = try fast()
    load(start, into: program)
    write(given, to: program)
    let result = program.run(steps: 1, interrupted: { false })
    return Run(snapshot: unload(start, from: program), result: result)
  }

  /// Recomputes the step that follows a snapshot, line by line.
  package func record(
    from snapshot: Snapshot, step: Int, given: [String: Tensor]? = nil
  ) throws(Diagnostic) -> (record: StepRecord, after: Snapshot) {
    let start = try prepared(snapshot)
    let program = try traced()
    load(start, into: program)
    if let given { write(given, to: program) }
    _ = program.run(steps: 1, interrupted: { false })
    // Nothing is carried over here, so that the operands can still be read as they went in.
    var after = start
    for carry in carriedPaths { after[carry.path] = program.read(carry.from) }
    let before = try losses(at: start)
    // The loss after the step is that of the step's own draws, so that the two can be compared.
    var settled = after
    settled[Snapshot.clockPath] = start[Snapshot.clockPath]
    let later = try losses(at: settled)
    let objectives = plan.objectives.enumerated().map { i, entry in
      StepRecord.ObjectiveRecord(name: entry.objective.name, before: before[i], after: later[i])
    }
    let parameters = plan.parameters.map {
      parameterRecord($0, start: start, after: after, program)
    }
    return (StepRecord(step: step, objectives: objectives, parameters: parameters), after)
  }

  /// The losses at a snapshot, in the plan's order.
  package func losses(at snapshot: Snapshot) throws(Diagnostic) -> [Double] {
    guard !plan.objectives.isEmpty else { return [] }
    let program: Program
    if let known = lossProgram {
      program = known
    } else {
      program = try compile(outputs: plan.objectives.map(\.node))
      lossProgram = program
    }
    load(snapshot, into: program)
    _ = program.run(steps: 1, interrupted: { false })
    return plan.objectives.map { program.read($0.node).scalar ?? .nan }
  }

  /// The snapshot with every input this plan reads: parameters that were never moved start at their
  /// declared values, states of another optimizer are replaced by fresh ones.
  package func prepared(_ snapshot: Snapshot) throws(Diagnostic) -> Snapshot {
    var result = snapshot
    for parameter in problem.parameters where result[parameter.path] == nil {
      result[parameter.path] = parameter.initial
    }
    for buffer in plan.buffers where result[buffer.path] == nil {
      result[buffer.path] = buffer.initial
    }
    var fresh = Set<String>()
    for planned in plan.parameters {
      let path = planned.parameter.path
      if result.owners[path] != planned.group.stateKey {
        result.forgetState(of: path)
        result.owners[path] = planned.group.stateKey
        result[path + ".t"] = Tensor(0)
        fresh.insert(path)
      }
    }
    let missing = plan.states.filter { fresh.contains($0.owner) || result[$0.path] == nil }
    guard !missing.isEmpty else { return result }
    let program = try startValues()
    load(result, into: program)
    _ = program.run(steps: 1, interrupted: { false })
    for state in missing { result[state.path] = program.read(state.state.start) }
    return result
  }

  private func parameterRecord(
    _ planned: PlannedParameter, start: Snapshot, after: Snapshot, _ program: Program
  ) -> StepRecord.ParameterRecord {
    let path = planned.parameter.path
    let gradient = StepRecord.Line(
      kind: planned.objective == nil ? .given : .gradient, name: Name(canonical: "g"),
      expression: nil, formula: planned.gradientFormula, operands: [:],
      value: program.read(planned.rawGradient), isState: false, isParameter: false,
      remark: nil)
    let lines = planned.lines.map { line in
      StepRecord.Line(
        kind: .rule, name: line.name, expression: line.expression, formula: nil,
        operands: line.operands.mapValues { program.read($0) }, value: program.read(line.node),
        isState: line.isState, isParameter: line.isParameter, remark: line.remark)
    }
    var constants: [(name: Name, value: Tensor)] = []
    let hyperparameters = planned.group.stages.flatMap { $0.hyperparameters.map(\.name) }
    for name in hyperparameters {
      if let node = planned.stepNode(name), !constants.contains(where: { $0.name == name }) {
        constants.append((name, program.read(node)))
      }
    }
    for line in planned.constants { constants.append((line.name, program.read(line.node))) }
    return StepRecord.ParameterRecord(
      name: planned.parameter.name, optimizer: planned.group.title,
      t: Int(program.read(planned.t).scalar ?? 0), constants: constants, lines: [gradient] + lines,
      before: start[path] ?? planned.parameter.initial,
      after: after[path] ?? planned.parameter.initial)
  }

  private func fast() throws(Diagnostic) -> Program {
    if let fastProgram { return fastProgram }
    let program = try compile(outputs: [], carries: plan.carries, guards: plan.guards)
    fastProgram = program
    return program
  }

  private func traced() throws(Diagnostic) -> Program {
    if let tracedProgram { return tracedProgram }
    var outputs = Set<NodeID>()
    for planned in plan.parameters {
      outputs.formUnion([planned.t, planned.rawGradient])
      for line in planned.lines + planned.constants {
        outputs.insert(line.node)
        outputs.formUnion(line.operands.values)
      }
    }
    outputs.formUnion(carriedPaths.map(\.from))
    let program = try compile(outputs: outputs.sorted())
    tracedProgram = program
    return program
  }

  private func startValues() throws(Diagnostic) -> Program {
    if let startProgram { return startProgram }
    let program = try compile(outputs: plan.states.map(\.state.start))
    startProgram = program
    return program
  }

  /// Compiles a program over the plan's graph.
  func compile(
    outputs: [NodeID], carries: [Program.Carry] = [], guards: [NodeID] = [], stop: NodeID? = nil
  ) throws(Diagnostic) -> Program {
    compiled.note(self)
    do {
      return try Program(
        graph: plan.lowering.graph, outputs: outputs, carries: carries, guards: guards, stop: stop,
        precision: problem.precision)
    } catch {
      throw TensorProse(error).diagnostic
    }
  }

  /// Forgets what was compiled; it is compiled again when it is needed.
  func dropPrograms() {
    fastProgram = nil
    tracedProgram = nil
    lossProgram = nil
    startProgram = nil
  }

  func load(_ snapshot: Snapshot, into program: Program) {
    problem.write(snapshot, to: program, of: &plan.lowering.graph)
    for planned in plan.parameters {
      program.write(snapshot[planned.parameter.path + ".t"] ?? Tensor(0), to: planned.count)
    }
    for state in plan.states {
      if let value = snapshot[state.path] { program.write(value, to: state.state.input) }
    }
  }

  private func write(_ given: [String: Tensor], to program: Program) {
    for planned in plan.parameters {
      if let value = given[planned.parameter.path] {
        program.write(value, to: planned.rawGradient)
      }
    }
  }

  func unload(_ start: Snapshot, from program: Program) -> Snapshot {
    var result = start
    for carry in carriedPaths { result[carry.path] = program.read(carry.to) }
    return result
  }

  /// What a step changes: the path in a snapshot, the value's node and the input it becomes.
  private var carriedPaths: [(path: String, from: NodeID, to: NodeID)] {
    plan.parameters.flatMap { planned in
      let path = planned.parameter.path
      return [(path, planned.newW, planned.w), (path + ".t", planned.t, planned.count)]
    } + plan.states.map { ($0.path, $0.state.output, $0.state.input) }
      + plan.buffers.map { ($0.path, $0.output, $0.input) }
  }
}

extension PlannedParameter {
  /// How the gradient is written: `∇L`, `-∇J` for an objective to climb.
  var gradientFormula: String {
    guard let objective else { return "given" }
    return (objective.maximize ? "-∇" : "∇") + objective.name.pretty
  }
}
