// grad(at), loss(at) and hessian(at) of a rule: the plan's losses at other points.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// What a rule can ask of the plan it is part of.
final class PlanSurroundings: RuleSurroundings {
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
