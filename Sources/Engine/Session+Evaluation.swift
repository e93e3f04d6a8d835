// What an expression is now: definitions live, parameters at their present values, the names of a
// step those of the last one.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// The value of an expression at the present position.
  /// - Parameter owner: the name whose value it will be once and for all, which then keys its random
  ///   tensors; without one they are keyed by the statement's number.
  package func evaluate(_ expression: Expression, as owner: Name? = nil) throws(Diagnostic)
    -> Tensor
  {
    let position = timeline.position
    return try evaluate([expression], as: owner, snapshot: snapshot, at: position)[0]
  }

  /// The value, or nil when it is one that only the first step will give.
  package func evaluateIfStepped(_ expression: Expression) throws(Diagnostic) -> Tensor? {
    do {
      return try evaluate(expression)
    } catch {
      if error.id == "step.none" { return nil }
      throw error
    }
  }

  /// The values of expressions after the first `events` events, given the snapshot there.
  package func evaluate(
    _ expressions: [Expression], as owner: Name? = nil, snapshot: Snapshot, at events: Int
  ) throws(Diagnostic) -> [Tensor] {
    let lowering = Lowering()
    lowering.interrupted = interrupted
    let scope = ProblemScope(
      problem, leaves: PromptLeaves(self, events: events, modes: snapshot.modes),
      statement: statementNumber, owner: owner)
    var nodes: [NodeID] = []
    for expression in expressions { nodes.append(try lowering.lower(expression, in: scope)) }
    notes.add(lowering.notes)
    return try evaluate(nodes, in: lowering, snapshot: snapshot)
  }

  /// The scope of the prompt, for lowering something oneself.
  package func promptScope(at events: Int? = nil, modes: Modes? = nil, pass: Pass = .eval)
    -> ProblemScope
  {
    ProblemScope(
      problem, leaves: PromptLeaves(self, events: events ?? timeline.position, modes: modes),
      statement: statementNumber, pass: pass)
  }

  /// The values of nodes of a graph built in the prompt's scope.
  package func evaluate(_ nodes: [NodeID], in lowering: Lowering, snapshot: Snapshot? = nil)
    throws(Diagnostic) -> [Tensor]
  {
    let snapshot = snapshot ?? self.snapshot
    let program: Program
    do {
      program = try Program(
        graph: lowering.graph, outputs: nodes, precision: problem.precision,
        interrupted: interrupted)
    } catch {
      throw TensorProse(error).diagnostic
    }
    problem.write(snapshot, to: program, of: &lowering.graph)
    if program.run(steps: 1, interrupted: interrupted).reason == .interrupted {
      throw TensorProse(.interrupted).diagnostic
    }
    return nodes.map { program.read($0) }
  }

  /// The names a step of the present optimizer gives values to.
  package var stepNames: [String] { PromptLeaves(self, events: timeline.position).stepNames }

  /// Whether an expression refers, through definitions too, to a name.
  package func expression(_ expression: Expression, uses name: Name) -> Bool {
    var seen = Set<Name>()
    var pending = dependencies(of: expression)
    while let next = pending.popLast() {
      if next == name { return true }
      guard seen.insert(next).inserted else { continue }
      if let objective = problem.objective(next) {
        pending += dependencies(of: objective.expression)
      }
      switch problem.definitions[next] {
      case .formula(let formula): pending += dependencies(of: formula)
      case .function(_, _, let body): pending += dependencies(of: body)
      case .value, .table, .bundle, nil: break
      }
    }
    return false
  }

  /// Names that occur as values, and the session's functions that are called. A value may share its
  /// name with a function of the catalogue, so other calls are no dependency.
  private func dependencies(of expression: Expression) -> [Name] {
    expression.names + expression.calledNames.filter { isFunction($0.canonical) }
  }

  /// The names of definitions and losses that draw random numbers, directly or not.
  package var randomNames: [Name] {
    func draws(_ expression: Expression) -> Bool {
      expression.calledNames.contains { Function.named($0.canonical)?.isRandom == true }
    }
    var names = Set<Name>()
    for (name, definition) in problem.definitions {
      switch definition {
      case .formula(let body) where draws(body), .function(_, _, let body) where draws(body):
        names.insert(name)
      default: break
      }
    }
    for objective in problem.objectives where draws(objective.expression) {
      names.insert(objective.name)
    }
    for name in names { names.formUnion(users(of: name)) }
    return names.sorted()
  }

  /// The names of definitions, losses and hyperparameters that use a name, directly or not.
  package func users(of name: Name) -> [Name] {
    var users: [Name] = []
    for (other, definition) in problem.definitions where other != name {
      switch definition {
      case .formula(let formula) where expression(formula, uses: name): users.append(other)
      case .function(_, _, let body) where expression(body, uses: name): users.append(other)
      default: break
      }
    }
    users += problem.objectives.filter { $0.name != name && expression($0.expression, uses: name) }
      .map(\.name)
    for hyperparameter in problem.optimizer.flatMap(\.stages).flatMap(\.hyperparameters)
    where expression(hyperparameter.value, uses: name) && !users.contains(hyperparameter.name) {
      users.append(hyperparameter.name)
    }
    return users.sorted()
  }
}

/// At the prompt parameters are inputs and step values come from the record of the last step.
final class PromptLeaves: ScopeLeaves {
  let session: Session
  let events: Int

  let quantizers: [String: Quantizer]
  var isPrompt: Bool { true }

  /// - Parameter modes: those in force there; the session's present ones unless given.
  init(_ session: Session, events: Int, modes: Modes? = nil) {
    self.session = session
    self.events = events
    quantizers = (modes ?? session.snapshot.modes).quantizers
  }

  func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID {
    lowering.graph.input(parameter.path, shape: parameter.initial.shape, type: .float64)
  }

  func scopeBefore() throws(Diagnostic) -> ProblemScope? {
    guard let event = session.lastStep(at: events) else { return nil }
    let past = PastLeaves(try session.snapshot(at: event - 1))
    return ProblemScope(session.problem, leaves: past, statement: session.statementNumber)
  }

  func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  {
    if name.canonical == "ans", owner == nil, let answer = session.answer {
      return lowering.graph.constant(answer)
    }
    if name.canonical == "epoch", owner == nil, session.problem.batching != nil {
      let isNow = events == session.timeline.position
      let snapshot = isNow ? session.snapshot : try session.snapshot(at: events)
      return lowering.graph.constant(snapshot[Batching.epochPath] ?? Tensor(0))
    }
    // The last step may have been another optimizer's, with names of its own.
    let record = try session.record(at: events)
    guard
      name.canonical == "t" || stepNames.contains(name.canonical)
        || record?.parameters.contains(where: { $0.value(of: name) != nil }) == true
    else { return nil }
    guard let record else {
      return try beforeFirstStep(name, owner: owner, at: span, in: lowering)
    }
    let candidates = record.parameters.filter { owner == nil || $0.name == owner }
    if let owner, candidates.isEmpty {
      return try keptValue(name, of: owner, stoodStillIn: record.step, at: span, in: lowering)
    }
    if name.canonical == "t" {
      let counts = Set(candidates.map(\.t))
      return lowering.graph.constant(
        Tensor(Double(counts.count == 1 ? counts.first ?? 0 : record.step)))
    }
    let found = candidates.compactMap { $0.value(of: name) }
    guard let first = found.first else {
      return try beforeFirstStep(name, owner: owner, at: span, in: lowering)
    }
    guard found.count == 1 || found.allSatisfy({ $0 == first }) else {
      throw ambiguous(name, owners: candidates.map(\.name), at: span)
    }
    return lowering.graph.constant(first)
  }

  func gradients(at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [(owner: Name, node: NodeID)]?
  {
    guard let record = try session.record(at: events) else {
      throw Diagnostic(
        "step.none", "no step has been taken yet, so g has no value", at: span, help: "type step")
    }
    return record.parameters.compactMap { parameter in
      parameter.lines.first { $0.kind != .rule }.map {
        (parameter.name, lowering.graph.constant($0.value))
      }
    }
  }

  /// What a parameter keeps though the last step left it alone: its states and its t.
  private func keptValue(
    _ name: Name, of owner: Name, stoodStillIn step: Int, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    let isNow = events == session.timeline.position
    let snapshot = isNow ? session.snapshot : try session.snapshot(at: events)
    if let kept = snapshot["\(owner.canonical).\(name.canonical)"] {
      return lowering.graph.constant(kept)
    }
    if name.canonical == "t" { return lowering.graph.constant(Tensor(0)) }
    throw Diagnostic(
      "step.stood-still",
      "\(owner.pretty) did not move in step \(step), so \(owner.pretty).\(name.pretty) has no value",
      at: span)
  }

  /// Hyperparameters have a value before any step; the lines of the rule have none.
  private func beforeFirstStep(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  {
    if name.canonical == "t" { return lowering.graph.constant(Tensor(0)) }
    for group in session.problem.optimizer {
      for stage in group.stages {
        // A schedule has no value yet; a plain number has.
        if let entry = stage.hyperparameters.first(where: { $0.name == name }),
          let node = try? lowering.lower(entry.value, in: EmptyScope())
        {
          return node
        }
      }
    }
    throw Diagnostic(
      "step.none", "no step has been taken yet, so \(name.pretty) has no value", at: span,
      help: "type step")
  }

  var stepNames: [String] {
    var names: Set<String> = ["g"]
    for group in session.problem.optimizer {
      for stage in group.stages { names.formUnion(stage.rule.names) }
    }
    return names.sorted()
  }
}

/// Parameters as they were in a snapshot, beside those of now.
private final class PastLeaves: ScopeLeaves {
  private let snapshot: Snapshot

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID {
    lowering.graph.constant(snapshot[parameter.path] ?? parameter.initial)
  }

  func buffer(_ buffer: LayerBuffer, in lowering: Lowering) -> NodeID {
    lowering.graph.constant(snapshot[buffer.path] ?? buffer.initial)
  }

  func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  { nil }

  var stepNames: [String] { [] }
}
