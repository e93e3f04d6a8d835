// Values of expressions along the steps of a branch, replayed in one pass from the first to the last.
//
// The formulas are compiled once; parameters and the lines of each step are their inputs. Names of a
// step have no value at step 0, nor where another optimizer did not have them.

import Diagnostics
import Notation
import Optimizers
import Tensors

package struct HistoryRow {
  package let step: Int
  /// nil where an expression has no value.
  package let values: [Tensor?]
}

extension Session {
  /// The values of expressions after each of some steps of the present branch, in ascending order.
  /// - Parameter visit: called before each row with its number; false ends the walk.
  package func values(
    of expressions: [Expression], atSteps steps: [Int], visit: (Int) -> Bool
  ) throws(Diagnostic) -> [HistoryRow] {
    // One for each way in which parameters were read along the branch.
    var compiled = [try HistoryProgram(expressions, in: self, snapshot.modes)]
    var walk = HistoryWalk(self)
    var rows: [HistoryRow] = []
    for (number, step) in steps.enumerated() {
      guard visit(number) else { break }
      guard let events = timeline.events(atStep: step) else { continue }
      let record = compiled[0].leaves.readsRecords ? try walk.record(ofStep: step) : nil
      let snapshot = try walk.snapshot(at: events)
      let quantizers = snapshot.modes.quantizers
      let there: HistoryProgram
      if let known = compiled.first(where: { $0.leaves.quantizers == quantizers }) {
        there = known
      } else {
        there = try HistoryProgram(expressions, in: self, snapshot.modes)
        compiled.append(there)
      }
      rows.append(
        HistoryRow(step: step, values: there.values(at: snapshot, of: problem, record, step: step)))
    }
    return rows
  }
}

/// Expressions compiled with parameters and step values as inputs.
private final class HistoryProgram {
  let leaves: HistoryLeaves
  private let lowering = Lowering()
  private let nodes: [NodeID]
  private let needs: [Set<NodeID>]
  private let program: Program

  init(_ expressions: [Expression], in session: Session, _ modes: Modes) throws(Diagnostic) {
    leaves = HistoryLeaves(session, modes)
    let scope = ProblemScope(session.problem, leaves: leaves, statement: session.statementNumber)
    var nodes: [NodeID] = []
    for expression in expressions { nodes.append(try lowering.lower(expression, in: scope)) }
    do {
      program = try Program(
        graph: lowering.graph, outputs: nodes, precision: session.problem.precision)
    } catch {
      throw TensorProse(error).diagnostic
    }
    needs = nodes.map { [lowering] in Set(lowering.graph.reachable(from: [$0])) }
    self.nodes = nodes
  }

  func values(at snapshot: Snapshot, of problem: Problem, _ record: StepRecord?, step: Int)
    -> [Tensor?]
  {
    problem.write(snapshot, to: program, of: &lowering.graph)
    leaves.writeEpoch(snapshot, to: program)
    let missing = leaves.write(record, step: step, to: program)
    _ = program.run(steps: 1)
    return zip(nodes, needs).map { node, needed in
      missing.contains { needed.contains($0) } ? nil : program.read(node)
    }
  }
}

/// Parameters and step values as inputs that get other numbers at every row.
private final class HistoryLeaves: ScopeLeaves {
  private struct StepInput {
    let name: Name
    let owner: Name?
    let node: NodeID
    let shape: Shape
  }

  private let session: Session
  private let prompt: PromptLeaves
  private var inputs: [StepInput] = []
  private var stepInput: NodeID?
  private var epochInput: NodeID?
  private lazy var samples = makeSamples()

  /// How many stretches are searched for a name.
  private static let mostSamples = 16

  let quantizers: [String: Quantizer]
  var isPrompt: Bool { true }

  init(_ session: Session, _ modes: Modes) {
    self.session = session
    quantizers = modes.quantizers
    prompt = PromptLeaves(session, events: session.timeline.position)
  }

  var readsRecords: Bool { !inputs.isEmpty }

  func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID {
    lowering.graph.input(parameter.path, shape: parameter.initial.shape)
  }

  func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  {
    if name.canonical == "t", owner == nil {
      let node = lowering.graph.input("number of the step", shape: .scalar)
      stepInput = node
      return node
    }
    if name.canonical == "epoch", owner == nil, session.problem.batching != nil {
      let node = lowering.graph.input("number of epochs", shape: .scalar)
      epochInput = node
      return node
    }
    guard name.canonical != "ans" else {
      return try prompt.stepValue(name, owner: owner, at: span, in: lowering)
    }
    for record in samples {
      let candidates = record.parameters.filter { owner == nil || $0.name == owner }
      let found = candidates.filter { $0.value(of: name) != nil || name.canonical == "t" }
      guard let first = found.first else { continue }
      let shape = first.value(of: name)?.shape ?? .scalar
      let isShared = Set(found.compactMap { $0.value(of: name)?.elements }).count <= 1
      guard found.count == 1 || isShared else {
        throw ambiguous(name, owners: found.map(\.name), at: span)
      }
      let node = lowering.graph.input(
        "\(first.name.canonical).\(name.canonical) of the step", shape: shape)
      inputs.append(
        StepInput(
          name: name, owner: found.count == 1 ? first.name : owner, node: node, shape: shape))
      return node
    }
    return try prompt.stepValue(name, owner: owner, at: span, in: lowering)
  }

  var stepNames: [String] { prompt.stepNames }

  /// A record from each of the newest stretches.
  private func makeSamples() -> [StepRecord] {
    var records: [StepRecord] = []
    var events = session.timeline.position
    while events > 0, records.count < HistoryLeaves.mostSamples {
      guard let (_, offset) = session.timeline.locate(events) else { break }
      if let record = try? session.record(at: events) { records.append(record) }
      events -= offset
    }
    return records
  }

  func writeEpoch(_ snapshot: Snapshot, to program: Program) {
    guard let epochInput else { return }
    program.write(snapshot[Batching.epochPath] ?? Tensor(0), to: epochInput)
  }

  /// Gives the inputs the numbers of a step; returns those that have none there.
  func write(_ record: StepRecord?, step: Int, to program: Program) -> [NodeID] {
    if let stepInput { program.write(Tensor(Double(step)), to: stepInput) }
    var missing: [NodeID] = []
    for input in inputs {
      let owner = record?.parameters.first {
        (input.owner == nil || $0.name == input.owner)
          && ($0.value(of: input.name) != nil || input.name.canonical == "t")
      }
      let value =
        owner?.value(of: input.name)
        ?? (input.name.canonical == "t" ? owner.map { Tensor(Double($0.t)) } : nil)
      if let value, value.shape == input.shape {
        program.write(value, to: input.node)
      } else {
        missing.append(input.node)
      }
    }
    return missing
  }
}

/// Goes along a branch in one direction without replaying what lies behind.
private struct HistoryWalk {
  private let session: Session
  /// The last place visited.
  private var last: (stretch: Int, offset: Int, snapshot: Snapshot)?

  init(_ session: Session) { self.session = session }

  mutating func snapshot(at events: Int) throws(Diagnostic) -> Snapshot {
    guard let (index, offset) = session.timeline.locate(events) else {
      return session.timeline.base
    }
    return try snapshot(stretch: index, offset: offset)
  }

  private mutating func snapshot(stretch index: Int, offset: Int) throws(Diagnostic) -> Snapshot {
    let stretch = session.timeline.branch.stretches[index]
    var (from, start) = stretch.checkpoints.nearest(to: offset)
    if let last, last.stretch == index, last.offset <= offset, last.offset > from {
      (from, start) = (last.offset, last.snapshot)
    }
    switch stretch.kind {
    case .change(_, let after): if offset > 0 { start = after }
    case .steps(let stepper):
      if offset > from { start = try stepper.run(from: start, steps: offset - from).snapshot }
    case .given(let stepper, let gradients):
      for i in from..<max(from, offset) where i < gradients.count {
        start = try stepper.run(from: start, given: gradients[i]).snapshot
      }
    }
    last = (index, offset, start)
    return start
  }

  /// The record of a step, from the snapshot before it; nil at step 0.
  mutating func record(ofStep step: Int) throws(Diagnostic) -> StepRecord? {
    guard step > 0 else { return nil }
    var left = step
    for (index, stretch) in session.timeline.branch.stretches.enumerated()
    where stretch.stepCount > 0 {
      guard left > stretch.count else {
        let before = try snapshot(stretch: index, offset: left - 1)
        switch stretch.kind {
        case .change: return nil
        case .steps(let stepper): return try stepper.record(from: before, step: step).record
        case .given(let stepper, let gradients):
          guard gradients.indices.contains(left - 1) else { return nil }
          return try stepper.record(from: before, step: step, given: gradients[left - 1]).record
        }
      }
      left -= stretch.count
    }
    return nil
  }
}
