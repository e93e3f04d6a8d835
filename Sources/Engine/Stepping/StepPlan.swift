// One update of every parameter, as a graph: losses, gradients, the rules' lines, what carries over.
//
// Built once for a problem; programs that run it fast, trace it or watch something along with it are
// compiled from the same graph, so all of them compute the same bits.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Where a step's gradients come from.
package enum GradientSource: Hashable, Sendable {
  /// The objectives of the problem.
  case objectives
  /// One objective alone.
  case objective(Name)
  /// Given by hand for the named parameters; the others stand still.
  case given([Name])
}

extension GradientSource {
  var isGiven: Bool {
    if case .given = self { return true }
    return false
  }
}

/// A parameter in a step: what goes in, the lines that run, what comes out.
package struct PlannedParameter {
  package let parameter: Parameter
  package let group: OptimizerGroup
  /// The loss it follows; nil when its gradient is given.
  package let objective: Objective?
  /// Inputs: its value and the number of updates it has had.
  package let w: NodeID
  package let count: NodeID
  /// This update's number: `count + 1`.
  package let t: NodeID
  /// The gradient as it comes in.
  package var rawGradient: NodeID
  /// The gradient as the stages of a chain leave it.
  package var g: NodeID
  package var newW: NodeID
  package var constants: [AppliedLine] = []
  package var lines: [AppliedLine] = []
}

/// A state tensor carried from step to step under a path such as `w.m`.
package struct PlannedState {
  package let path: String
  package let owner: String
  package let state: AppliedState
}

package final class StepPlan {
  package let problem: Problem
  package let source: GradientSource
  package let lowering = Lowering()
  package private(set) var parameters: [PlannedParameter] = []
  package private(set) var states: [PlannedState] = []
  package private(set) var objectives: [(objective: Objective, node: NodeID)] = []

  private let scope: ProblemScope
  private let leaves: InputLeaves
  private var plateaus: [String: NodeID] = [:]

  /// - Parameter frozen: paths of parameters that stand still.
  package init(_ problem: Problem, frozen: Set<String>, source: GradientSource) throws(Diagnostic) {
    self.problem = problem
    self.source = source
    leaves = InputLeaves()
    scope = ProblemScope(problem, leaves: leaves)
    try plan(active: active(frozen: frozen))
  }

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
    if !source.isGiven {
      for objective in problem.objectives
      where active.contains(where: { problem.objective(for: $0.name)?.name == objective.name }) {
        objectives.append((objective, try lossNode(objective)))
      }
    }
    for parameter in active {
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
    for (i, group) in problem.optimizer.enumerated() {
      let members = parameters.indices.filter {
        problem.groupIndex(for: parameters[$0].parameter.name) == i
      }
      if !members.isEmpty { try apply(group, to: members) }
    }
  }

  private func lossNode(_ objective: Objective) throws(Diagnostic) -> NodeID {
    let node = try lowering.lower(objective.expression, in: scope)
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
      let surroundings = Surroundings(plan: self, members: members, packing: packed)
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
  }

  /// What must stay finite.
  package var guards: [NodeID] { parameters.map(\.newW) + objectives.map(\.node) }

  /// Lowers an expression as it stands after the step: parameters at their new values, `m`, `g`, `t`
  /// those of the step.
  package func lowerAfterStep(_ expression: Expression) throws(Diagnostic) -> NodeID {
    let after = ProblemScope(problem, leaves: AfterStepLeaves(plan: self))
    return try lowering.lower(expression, in: after)
  }

  /// Keeps what a schedule remembers, once for each place in the text that asks for it.
  fileprivate func plateau(
    _ arguments: [Name: NodeID], owner: String, t: NodeID, at span: Span
  ) throws(Diagnostic) -> NodeID {
    let path = "\(owner).plateau \(span.text)"
    if let known = plateaus[path] { return known }
    let applied = try Plateau.apply(arguments, path: path, t: t, in: lowering)
    plateaus[path] = applied.value
    for state in applied.states {
      states.append(
        PlannedState(path: "\(path).\(state.name.canonical)", owner: owner, state: state))
    }
    return applied.value
  }

  fileprivate func scopeForSchedules(_ lowering: Lowering) -> ProblemScope {
    lowering === self.lowering ? scope : ProblemScope(problem, leaves: InputLeaves())
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

/// Parameters are inputs under their own names; there are no step values yet.
package final class InputLeaves: ScopeLeaves {
  package init() {}

  package func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID {
    lowering.graph.input(parameter.path, shape: parameter.initial.shape, type: .float64)
  }

  package func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  { nil }

  package var stepNames: [String] { [] }
}

/// The nodes of the step being planned.
private final class AfterStepLeaves: ScopeLeaves {
  let plan: StepPlan

  init(plan: StepPlan) { self.plan = plan }

  func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID {
    plan.parameters.first { $0.parameter.name == parameter.name }?.newW
      ?? lowering.graph.input(parameter.path, shape: parameter.initial.shape, type: .float64)
  }

  func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  {
    let candidates = plan.parameters.filter { owner == nil || $0.parameter.name == owner }
    let found = candidates.compactMap { $0.stepNode(name) }
    guard let first = found.first else { return nil }
    guard Set(found).count == 1 || owner != nil else {
      throw ambiguous(name, owners: candidates.map(\.parameter.name), at: span)
    }
    return first
  }

  var stepNames: [String] {
    Array(Set(plan.parameters.flatMap { $0.lines.map(\.name.canonical) } + ["g", "t"])).sorted()
  }
}

extension PlannedParameter {
  /// The node that bears a name after the step.
  func stepNode(_ name: Name) -> NodeID? {
    switch name.canonical {
    case "t": return t
    case "g" where !lines.contains { $0.name == name }: return g
    default:
      if let line = lines.last(where: { $0.name == name }) { return line.node }
      if let constant = constants.first(where: { $0.name == name }) { return constant.node }
      return lines.lazy.compactMap { $0.operands[name] }.first
    }
  }
}

/// `m` when several parameters have one.
func ambiguous(_ name: Name, owners: [Name], at span: Span) -> Diagnostic {
  let choices = owners.prefix(4).map { "\($0.canonical).\(name.canonical)" }
  return Diagnostic(
    "name.ambiguous", "several parameters have \(name.pretty)", at: span,
    help: "say whose: " + choices.joined(separator: ", "))
}

/// What a rule can ask of the plan it is part of.
private final class Surroundings: RuleSurroundings {
  let plan: StepPlan
  let members: [Int]
  let packing: Packing?

  init(plan: StepPlan, members: [Int], packing: Packing?) {
    self.plan = plan
    self.members = members
    self.packing = packing
  }

  func gradients(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [NodeID]
  {
    let parts = try unpacked(points, in: lowering)
    // Stand-ins keep the points apart from the rest of the graph while differentiating.
    let stand = stand(for: parts, in: lowering)
    var result = parts
    for (objective, node) in plan.objectives {
      let mine = members.indices.filter {
        plan.parameters[members[$0]].objective?.name == objective.name
      }
      guard !mine.isEmpty else { continue }
      let moved = try lowering.substitute([node], stand.forward, at: span)[0]
      let gradients = try lowering.gradients(of: moved, by: mine.map { stand.nodes[$0] }, at: span)
      let placed = try lowering.substitute(gradients, stand.backward, at: span)
      for (i, gradient) in zip(mine, placed) {
        result[i] =
          objective.maximize
          ? try lowering.apply(.negate, [gradient], operands: [], at: span) : gradient
      }
    }
    guard let packing else { return result }
    return [try packing.pack(result, in: lowering)]
  }

  func loss(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    let parts = try unpacked(points, in: lowering)
    guard let first = plan.objectives.first else { throw needsLoss(span) }
    let replaced = Dictionary(
      zip(members.map { plan.parameters[$0].w }, parts), uniquingKeysWith: { a, _ in a })
    let node = try lowering.substitute([first.node], replaced, at: span)[0]
    return first.objective.maximize
      ? try lowering.apply(.negate, [node], operands: [], at: span) : node
  }

  func hessian(at point: NodeID, span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    guard let first = plan.objectives.first else { throw needsLoss(span) }
    let flat = lowering.graph.input(
      "hessian point", shape: lowering.graph[point].shape, type: .float64)
    let parts = try unpacked([flat], in: lowering)
    let replaced = Dictionary(
      zip(members.map { plan.parameters[$0].w }, parts), uniquingKeysWith: { a, _ in a })
    let moved = try lowering.substitute([first.node], replaced, at: span)[0]
    let hessian = try lowering.hessian(of: moved, by: flat, at: span)
    let placed = try lowering.substitute([hessian], [flat: point], at: span)[0]
    return first.objective.maximize
      ? try lowering.apply(.negate, [placed], operands: [], at: span) : placed
  }

  func hyperparameter(_ value: Expression, t: NodeID, in lowering: Lowering) throws(Diagnostic)
    -> Meaning
  {
    let owner = plan.parameters[members[0]].parameter.path
    return try lowering.meaning(
      of: value,
      in: ScheduleScope(t: t, outer: plan.scopeForSchedules(lowering), plan: plan, owner: owner))
  }

  private func unpacked(_ points: [NodeID], in lowering: Lowering) throws(Diagnostic) -> [NodeID] {
    guard !plan.source.isGiven else { throw needsLoss(noSpan) }
    guard let packing else { return points }
    var parts: [NodeID] = []
    for i in members.indices { parts.append(try packing.unpack(points[0], part: i, in: lowering)) }
    return parts
  }

  private func stand(for parts: [NodeID], in lowering: Lowering)
    -> (nodes: [NodeID], forward: [NodeID: NodeID], backward: [NodeID: NodeID])
  {
    var nodes: [NodeID] = []
    var forward: [NodeID: NodeID] = [:]
    var backward: [NodeID: NodeID] = [:]
    for (i, part) in parts.enumerated() {
      let parameter = plan.parameters[members[i]]
      let node = lowering.graph.input(
        "\(parameter.parameter.path) elsewhere", shape: lowering.graph[parameter.w].shape,
        type: .float64)
      nodes.append(node)
      forward[parameter.w] = node
      backward[node] = part
    }
    return (nodes, forward, backward)
  }

  private func needsLoss(_ span: Span) -> Diagnostic {
    Diagnostic(
      "step.needs-loss", "this optimizer asks for the loss at other points, so it needs one",
      at: span, help: "define loss L = … and step without a given gradient")
  }
}

/// Inside a schedule `t` is the update's number, whatever the session calls t.
private final class ScheduleScope: Scope {
  let t: NodeID
  let outer: ProblemScope
  let plan: StepPlan
  let owner: String

  init(t: NodeID, outer: ProblemScope, plan: StepPlan, owner: String) {
    self.t = t
    self.outer = outer
    self.plan = plan
    self.owner = owner
  }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    if name.canonical == "t" { return .node(t) }
    return try outer.meaning(of: name, at: span, in: lowering)
  }

  func meaning(of field: Name, in base: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  { try outer.meaning(of: field, in: base, at: span, in: lowering) }

  func meaning(
    of callee: Expression.Callee, arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    if callee.path.map(\.canonical) == ["plateau"] {
      return .node(try plateau(arguments, at: span, in: lowering))
    }
    return try outer.call(callee, arguments, from: self, at: span, in: lowering)
  }

  private func plateau(_ arguments: [Expression.Argument], at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    var given: [Name: NodeID] = [:]
    for (i, argument) in arguments.enumerated() {
      let known = Plateau.parameters.map(\.name)
      guard let name = argument.label ?? (i < known.count ? Name(spelling: known[i]) : nil),
        known.contains(name.canonical), given[name] == nil
      else {
        throw Diagnostic(
          "schedule.argument", "plateau has no such argument",
          at: argument.labelSpan ?? argument.value.span, help: "usage: \(Plateau.usage)")
      }
      given[name] = try lowering.lower(argument.value, in: self)
      if let node = given[name], lowering.graph[node].shape.count != 1 {
        throw Diagnostic(
          "schedule.scalar", "\(name.canonical) of plateau must be a single number",
          at: argument.value.span)
      }
    }
    for (name, standard) in Plateau.parameters where given[Name(spelling: name)] == nil {
      guard let standard else {
        throw Diagnostic(
          "schedule.missing", "plateau needs \(name)", at: span, help: "usage: \(Plateau.usage)")
      }
      given[Name(spelling: name)] = lowering.graph.constant(Tensor(standard))
    }
    // While shapes are found out nothing is remembered.
    guard lowering === plan.lowering else {
      return given[Name(canonical: "start")] ?? lowering.graph.constant(Tensor(0))
    }
    return try plan.plateau(given, owner: owner, t: t, at: span)
  }

  func gradient(of expression: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  { try outer.gradient(of: expression, at: span, in: lowering) }

  func randomKey() -> [Int] { outer.randomKey() }
  var knownNames: [String] { ["t"] + outer.knownNames }
}
