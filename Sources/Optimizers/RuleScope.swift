// What names mean inside a rule, and how its grad(at) is asked for in lock-step.

import Diagnostics
import Notation
import Tensors

/// Names inside a rule: closed, so that a rule means the same wherever it is used.
final class RuleScope: Scope {
  let rule: Rule
  private var bindings: [Name: Meaning] = [:]
  var surroundings: LockStep?

  init(rule: Rule, target: RuleTarget) {
    self.rule = rule
    for name in Rule.parameterNames { bindings[Name(canonical: name)] = .node(target.w) }
    bindings[Name(canonical: "g")] = .node(target.g)
    bindings[Name(canonical: "t")] = .node(target.t)
  }

  func bind(_ name: Name, _ meaning: Meaning) {
    bindings[name] = meaning
    if Rule.parameterNames.contains(name.canonical) {
      for other in Rule.parameterNames { bindings[Name(canonical: other)] = meaning }
    }
  }

  func applied(
    _ line: RuleLine, node: NodeID, isState: Bool = false, isParameter: Bool = false
  ) -> AppliedLine {
    var operands: [Name: NodeID] = [:]
    for name in line.expression.names {
      if case .node(let node) = bindings[name] { operands[name] = node }
    }
    return AppliedLine(
      name: line.name, expression: line.expression, remark: line.remark, node: node,
      operands: operands, isState: isState, isParameter: isParameter)
  }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    bindings[name]
  }

  func meaning(
    of callee: Expression.Callee, arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    guard callee.path.count == 1, let surroundings, arguments.count == 1 else { return nil }
    let at = arguments[0].value
    switch callee.path[0].canonical {
    case "grad": return .node(try surroundings.gradient(at: at))
    case "loss": return .node(try surroundings.loss(at: at))
    case "hessian": return .node(try surroundings.hessian(at: at))
    default: return nil
    }
  }

  var knownNames: [String] { bindings.keys.map(\.canonical).sorted() }
}

/// `grad(at)` for one parameter while all of them are on the same line.
final class LockStep {
  let applier: RuleApplier
  let scopes: [RuleScope]
  let index: Int
  let surroundings: any RuleSurroundings

  init(applier: RuleApplier, scopes: [RuleScope], index: Int, surroundings: any RuleSurroundings) {
    self.applier = applier
    self.scopes = scopes
    self.index = index
    self.surroundings = surroundings
  }

  private func points(_ at: Expression) throws(Diagnostic) -> [NodeID] {
    var points: [NodeID] = []
    for (i, scope) in scopes.enumerated() {
      let shape = applier.lowering.graph[applier.targets[i].w].shape
      var node = try applier.lowering.lower(at, in: scope)
      if applier.lowering.graph[node].shape != shape {
        node = try applier.lowering.broadcast(node, to: shape, at: at.span)
      }
      points.append(node)
    }
    return points
  }

  func gradient(at: Expression) throws(Diagnostic) -> NodeID {
    let nodes = try surroundings.gradients(
      at: try points(at), span: at.span, in: applier.lowering)
    return nodes[index]
  }

  func loss(at: Expression) throws(Diagnostic) -> NodeID {
    try surroundings.loss(at: try points(at), span: at.span, in: applier.lowering)
  }

  func hessian(at: Expression) throws(Diagnostic) -> NodeID {
    let points = try points(at)
    guard points.count == 1, applier.lowering.graph[points[0]].shape.rank == 1 else {
      throw Diagnostic(
        "rule.hessian", "hessian(at) needs a rule over all parameters", at: at.span,
        help: "declare it so: rule name(…) over all { … }")
    }
    return try surroundings.hessian(at: points[0], span: at.span, in: applier.lowering)
  }
}
