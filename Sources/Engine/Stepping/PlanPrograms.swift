// A plan with what is compiled from it: a program that runs, one that keeps every line, one for the
// losses, one for the states' first values.
//
// What the programs hold between calls never matters; they are compiled when they are first needed.

import Diagnostics
import Notation
import Optimizers
import Tensors

final class PlanPrograms {
  let plan: StepPlan
  private var fastProgram: Program?
  private var tracedProgram: Program?
  private var lossProgram: Program?
  private var startProgram: Program?
  /// Told before something is compiled.
  private let note: () -> Void

  init(_ plan: StepPlan, note: @escaping () -> Void) {
    self.plan = plan
    self.note = note
    carried =
      plan.parameters.flatMap { planned in
        let path = planned.parameter.path
        return [
          Carried(path: path, output: planned.newW, input: planned.w),
          Carried(path: path + ".t", output: planned.t, input: planned.count),
        ]
      } + plan.states.map { Carried(path: $0.path, output: $0.state.output, input: $0.state.input) }
      + plan.buffers.filter { $0.input != $0.output }
      .map { Carried(path: $0.path, output: $0.output, input: $0.input) }
  }

  /// What a step changes: the path in a snapshot, the new value's node and the input it becomes.
  struct Carried {
    let path: String
    let output: NodeID
    let input: NodeID
  }
  let carried: [Carried]

  func fast() throws(Diagnostic) -> Program {
    if let fastProgram { return fastProgram }
    let program = try compile(outputs: [], carries: plan.carries, guards: plan.guards)
    fastProgram = program
    return program
  }

  func traced() throws(Diagnostic) -> Program {
    if let tracedProgram { return tracedProgram }
    var outputs = Set<NodeID>()
    for planned in plan.parameters {
      outputs.formUnion([planned.t, planned.rawGradient])
      for line in planned.lines + planned.constants {
        outputs.insert(line.node)
        outputs.formUnion(line.operands.values)
      }
    }
    outputs.formUnion(carried.map(\.output))
    let program = try compile(outputs: outputs.sorted())
    tracedProgram = program
    return program
  }

  func losses() throws(Diagnostic) -> Program {
    if let lossProgram { return lossProgram }
    let program = try compile(outputs: plan.objectives.map(\.node))
    lossProgram = program
    return program
  }

  func startValues() throws(Diagnostic) -> Program {
    if let startProgram { return startProgram }
    let program = try compile(outputs: plan.states.map(\.state.start))
    startProgram = program
    return program
  }

  /// Compiles a program over the plan's graph.
  func compile(
    outputs: [NodeID], carries: [Program.Carry] = [], guards: [NodeID] = [], stop: NodeID? = nil
  ) throws(Diagnostic) -> Program {
    note()
    do {
      return try Program(
        graph: plan.lowering.graph, outputs: outputs, carries: carries, guards: guards, stop: stop,
        precision: plan.problem.precision)
    } catch {
      throw TensorProse(error).diagnostic
    }
  }

  /// Forgets what was compiled; it is compiled again when it is needed.
  func drop() {
    fastProgram = nil
    tracedProgram = nil
    lossProgram = nil
    startProgram = nil
  }

  /// Gives a program the numbers of a snapshot.
  func load(_ snapshot: Snapshot, into program: Program) {
    plan.problem.write(snapshot, to: program, of: &plan.lowering.graph)
    for planned in plan.parameters {
      program.write(snapshot[planned.parameter.path + ".t"] ?? Tensor(0), to: planned.count)
    }
    for state in plan.states {
      if let value = snapshot[state.path] { program.write(value, to: state.state.input) }
    }
    for buffer in plan.buffers {
      program.write(snapshot[buffer.path] ?? buffer.initial, to: buffer.input)
    }
  }

  func write(_ given: [String: Tensor], to program: Program) {
    for planned in plan.parameters {
      if let value = given[planned.parameter.path] {
        program.write(value, to: planned.rawGradient)
      }
    }
  }

  /// A snapshot with what a program has come to.
  func unload(_ start: Snapshot, from program: Program) -> Snapshot {
    var result = start
    for carry in carried { result[carry.path] = program.read(carry.input) }
    return result
  }
}
