// What names mean in a schedule: the session's definitions, t, and plateau with its memory.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Inside a schedule `t` is the update's number, whatever the session calls t.
final class ScheduleScope: Scope {
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
    if name.canonical == "epoch", plan.problem.batching != nil {
      // While shapes are found out there is no step.
      return .node(
        lowering === plan.lowering
          ? plan.epoch ?? lowering.graph.constant(Tensor(0)) : lowering.graph.constant(Tensor(0)))
    }
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
