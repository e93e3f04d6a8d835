// Runs the steps of a problem: snapshot in, snapshot out.
//
// Where the last update of an epoch has fewer rows than the others, or the first one judges the
// epoch before, it has a plan of its own, and a run changes between them. The programs are scratch
// space; what they hold between calls never matters, so a stepper can serve the present and any
// replay of the past.

import Diagnostics
import Notation
import Optimizers
import Tensors

package final class Stepper {
  /// The plan of every update but the first and last of an epoch, if those differ.
  package let plan: StepPlan
  package let modes: Modes
  private let regular: PlanPrograms
  private let first: PlanPrograms?
  private let last: PlanPrograms?

  init(
    _ problem: Problem, modes: Modes, source: GradientSource = .objectives,
    compiled: CompiledSteppers
  ) throws(Diagnostic) {
    plan = try StepPlan(problem, modes: modes, source: source)
    self.modes = modes
    let noticing = Noticing(compiled)
    regular = PlanPrograms(plan) { noticing.note() }
    if plan.batch?.layout.endsDifferently == true, plan.batch?.batching.takesRows == true {
      let lastPlan: StepPlan
      do {
        lastPlan = try StepPlan(problem, modes: modes, source: source, kind: .last)
      } catch  where error.id == "model.batch" {
        throw error.inLastBatch
      }
      last = PlanPrograms(lastPlan) { noticing.note() }
    } else {
      last = nil
    }
    if plan.judgesEpochs, let layout = plan.batch?.layout, layout.updates > 1 {
      let plan = try StepPlan(problem, modes: modes, source: source, kind: .first)
      first = PlanPrograms(plan) { noticing.note() }
    } else {
      first = nil
    }
    noticing.stepper = self
  }

  package var problem: Problem { plan.problem }

  /// How an epoch is divided; nil where no batch is set.
  package var layout: EpochLayout? { plan.batch?.layout }

  /// What a run came to.
  package struct Run {
    package let snapshot: Snapshot
    package let result: RunResult
  }

  /// The programs for the step that follows a snapshot, and how many steps they are for before
  /// others are.
  func programs(after snapshot: Snapshot) -> (programs: PlanPrograms, steps: Int) {
    programs(at: Stepper.counter(snapshot, Batching.positionPath))
  }

  /// The same for the update at a place in its epoch.
  private func programs(at position: Int) -> (programs: PlanPrograms, steps: Int) {
    guard first != nil || last != nil, let layout = plan.batch?.layout else {
      return (regular, .max)
    }
    if let last, position >= layout.updates - 1 { return (last, 1) }
    if let first, position == 0 { return (first, 1) }
    let end = last == nil ? layout.updates : layout.updates - 1
    return (regular, max(1, end - position))
  }

  static func counter(_ snapshot: Snapshot, _ path: String) -> Int {
    snapshot[path]?.scalar.flatMap { Int(exactly: $0) } ?? 0
  }

  /// Takes up to `steps` steps.
  ///
  /// A run that is broken off within a step, or that ends in `.notFinite`, gives a snapshot of no use;
  /// the caller replays the whole ones: `result.completed`, less the one that was not finite.
  package func run(
    from snapshot: Snapshot, steps: Int, lookout: Lookout? = nil,
    interrupted: () -> Bool = { false },
    observe: (Int, [Tensor]) throws(Diagnostic) -> Void = { _, _ in }
  ) throws(Diagnostic) -> Run {
    let start = try prepared(snapshot)
    var (programs, portion) = programs(after: start)
    var program = try self.program(programs, lookout)
    programs.load(start, into: program)
    var loaded = [programs]
    var position = Stepper.counter(start, Batching.positionPath)
    var completed = 0
    while true {
      let result = try run(
        program, steps: min(portion, steps - completed), lookout: lookout, interrupted: interrupted,
        observe: { (number, values) throws(Diagnostic) in try observe(completed + number, values) })
      completed += result.completed
      guard completed < steps, result.reason == .finished, let layout else {
        return Run(
          snapshot: programs.unload(start, from: program),
          result: RunResult(
            completed: completed, reason: result.reason, isBroken: result.isBroken))
      }
      position = (position + result.completed) % layout.updates
      let next = self.programs(at: position)
      portion = next.steps
      guard next.programs !== programs else { continue }
      let nextProgram = try self.program(next.programs, lookout)
      // What carries over is all that changes, once the rest has been loaded.
      if !loaded.contains(where: { $0 === next.programs }) {
        next.programs.load(start, into: nextProgram)
        loaded.append(next.programs)
      }
      nextProgram.copyInputs(
        zip(programs.carried, next.programs.carried).map { ($0.input, $1.input) }, of: program)
      (programs, program) = (next.programs, nextProgram)
    }
  }

  private func program(_ programs: PlanPrograms, _ lookout: Lookout?) throws(Diagnostic) -> Program
  {
    if let lookout { return try lookout.program(for: programs) }
    return try programs.fast()
  }

  private func run(
    _ program: Program, steps: Int, lookout: Lookout?, interrupted: () -> Bool,
    observe: (Int, [Tensor]) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> RunResult {
    guard let lookout, lookout.isObserving else {
      return program.run(steps: steps, interrupted: interrupted)
    }
    var completed = 0
    while completed < steps {
      let result = program.run(steps: 1, interrupted: interrupted)
      completed += result.completed
      if result.completed == 1, result.reason != .notFinite {
        if !lookout.observed.isEmpty { try observe(completed, lookout.values()) }
        if lookout.isJudged() { return RunResult(completed: completed, reason: .stopped) }
      }
      guard result.completed == 1, result.reason == .finished else {
        return RunResult(completed: completed, reason: result.reason, isBroken: result.isBroken)
      }
    }
    return RunResult(completed: completed, reason: .finished)
  }

  /// Takes one step with gradients given by hand.
  package func run(from snapshot: Snapshot, given: [String: Tensor]) throws(Diagnostic) -> Run {
    let start = try prepared(snapshot)
    let program = try regular.fast()
    regular.load(start, into: program)
    regular.write(given, to: program)
    let result = program.run(steps: 1, interrupted: { false })
    return Run(snapshot: regular.unload(start, from: program), result: result)
  }

  /// Recomputes the step that follows a snapshot, line by line.
  package func record(
    from snapshot: Snapshot, step: Int, given: [String: Tensor]? = nil
  ) throws(Diagnostic) -> (record: StepRecord, after: Snapshot) {
    let start = try prepared(snapshot)
    let programs = programs(after: start).programs
    let program = try programs.traced()
    programs.load(start, into: program)
    if let given { programs.write(given, to: program) }
    _ = program.run(steps: 1, interrupted: { false })
    // Nothing is carried over here, so that the operands can still be read as they went in.
    var after = start
    for carry in programs.carried { after[carry.path] = program.read(carry.output) }
    let before = try losses(at: start)
    // The loss after the step is that of its own rows and draws, so that the two can be compared.
    let later = try losses(at: asIf(after: start, after))
    let objectives = plan.objectives.enumerated().map { i, entry in
      StepRecord.ObjectiveRecord(name: entry.objective.name, before: before[i], after: later[i])
    }
    let parameters = programs.plan.parameters.map {
      parameterRecord($0, start: start, after: after, program)
    }
    return (
      StepRecord(
        step: step, batch: rows(after: start), isTraining: plan.isTraining, objectives: objectives,
        parameters: parameters),
      after
    )
  }

  /// A snapshot with the rows and draws of the step that follows another one.
  func asIf(after start: Snapshot, _ snapshot: Snapshot) throws(Diagnostic) -> Snapshot {
    let start = try prepared(start)
    var moved = snapshot
    for path in [Batching.epochPath, Batching.positionPath, Snapshot.clockPath] {
      moved[path] = start[path]
    }
    return moved
  }

  /// The losses at a snapshot on the rows of the step that follows it, in the plan's order.
  package func losses(at snapshot: Snapshot) throws(Diagnostic) -> [Double] {
    guard !plan.objectives.isEmpty else { return [] }
    let programs = programs(after: snapshot).programs
    let program = try programs.losses()
    programs.load(snapshot, into: program)
    _ = program.run(steps: 1, interrupted: { false })
    return programs.plan.objectives.map { program.read($0.node).scalar ?? .nan }
  }

  /// The rows of the step that follows a snapshot; nil where it takes all of the data.
  package func rows(after snapshot: Snapshot) -> BatchRows? {
    guard let batch = plan.batch, batch.batching.takesRows else { return nil }
    return batch.rows(after: snapshot)
  }

  /// The snapshot with every input this plan reads: parameters that were never moved start at their
  /// declared values, states of another optimizer are replaced by fresh ones.
  package func prepared(_ snapshot: Snapshot) throws(Diagnostic) -> Snapshot {
    var result = snapshot
    for parameter in problem.parameters where result[parameter.path] == nil {
      result[parameter.path] = parameter.initial
    }
    plan.batch?.prepare(&result)
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
    let program = try regular.startValues()
    regular.load(result, into: program)
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

  /// Forgets what was compiled; it is compiled again when it is needed.
  func dropPrograms() {
    regular.drop()
    first?.drop()
    last?.drop()
  }
}

/// Tells the cache which stepper has compiled something, without keeping it alive.
private final class Noticing {
  weak var stepper: Stepper?
  private let compiled: CompiledSteppers

  init(_ compiled: CompiledSteppers) { self.compiled = compiled }

  func note() {
    if let stepper { compiled.note(stepper) }
  }
}

extension Diagnostic {
  /// Of a batch of one row that only comes up at the end of an epoch.
  fileprivate var inLastBatch: Diagnostic {
    var placed = self
    placed.message = "the last batch of each epoch has 1 row, but " + message
    placed.help = "batch … last=drop leaves it out; or choose another size"
    return placed
  }
}

extension PlannedParameter {
  /// How the gradient is written: `∇L`, `-∇J` for an objective to climb.
  var gradientFormula: String {
    guard let objective else { return "given" }
    return (objective.maximize ? "-∇" : "∇") + objective.name.pretty
  }
}
