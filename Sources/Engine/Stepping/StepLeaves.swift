// Where a graph's parameters and step values come from: inputs before a step, its nodes after it.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Parameters are inputs under their own names; there are no step values yet, but for the epoch.
package final class InputLeaves: ScopeLeaves {
  /// The number of whole epochs so far, while a batch is set.
  var epoch: NodeID?

  package let quantizers: [String: Quantizer]

  package init(_ modes: Modes = Modes()) { quantizers = modes.quantizers }

  package func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID {
    lowering.graph.input(parameter.path, shape: parameter.initial.shape, type: .float64)
  }

  package func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  { name.canonical == "epoch" && owner == nil ? epoch : nil }

  package var stepNames: [String] { [] }
}

/// The nodes of the step being planned.
final class AfterStepLeaves: ScopeLeaves {
  let plan: StepPlan

  init(plan: StepPlan) { self.plan = plan }

  var quantizers: [String: Quantizer] { plan.modes.quantizers }
  func scopeBefore() throws(Diagnostic) -> ProblemScope? { plan.scopeBeforeStep() }

  func parameter(_ parameter: Parameter, in lowering: Lowering) -> NodeID {
    plan.parameters.first { $0.parameter.name == parameter.name }?.newW
      ?? lowering.graph.input(parameter.path, shape: parameter.initial.shape, type: .float64)
  }

  func buffer(_ buffer: LayerBuffer, in lowering: Lowering) -> NodeID {
    plan.buffers.first { $0.path == buffer.path }?.output
      ?? lowering.graph.input(buffer.path, shape: buffer.initial.shape, type: .float64)
  }

  func clock(in lowering: Lowering) -> NodeID {
    plan.buffers.first { $0.path == Snapshot.clockPath }?.output
      ?? lowering.graph.input(Snapshot.clockPath, shape: .scalar, type: .float64)
  }

  func stepValue(_ name: Name, owner: Name?, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID?
  {
    if name.canonical == "epoch", owner == nil, let epoch = plan.nextEpoch { return epoch }
    let candidates = plan.parameters.filter { owner == nil || $0.parameter.name == owner }
    if let owner, candidates.isEmpty, stepNames.contains(name.canonical) {
      throw standsStill(owner, name, at: span)
    }
    let found = candidates.compactMap { $0.stepNode(name) }
    guard let first = found.first else { return nil }
    guard Set(found).count == 1 || owner != nil else {
      throw ambiguous(name, owners: candidates.map(\.parameter.name), at: span)
    }
    return first
  }

  func gradients(at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [(owner: Name, node: NodeID)]?
  { plan.parameters.map { ($0.parameter.name, $0.rawGradient) } }

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
    help: "say whose: " + choices.joined(separator: ", ")
      + (name.canonical == "g" ? "; norm(g) is the norm of all of them together" : ""))
}
