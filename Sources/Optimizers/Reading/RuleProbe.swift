// Two readings of the same formulas on a few gradients: do they give the same numbers?
//
// Only for rules that take the gradient they are given; a rule that asks for it elsewhere has no
// answer here.

import Diagnostics
import Notation
import Tensors

enum RuleProbe {
  /// One number per coordinate and step; nil when the rule cannot be run so.
  static func run(_ declaration: RuleDeclaration, steps: Int = 6) -> [[Double]]? {
    guard let rule = try? Rule(declaration) else { return nil }
    let nowhere = Span(Source(""), 0, 0)
    // Values that tell hyperparameters apart, whatever they are called.
    var arguments: [Expression.Argument] = []
    for (place, parameter) in declaration.parameters.enumerated() {
      let value = 0.9 - 0.13 * Double(place % 6)
      arguments.append(
        Expression.Argument(
          label: parameter.name,
          value: Expression(.number(value, spelling: "\(value)"), nowhere)))
    }
    guard let chosen = try? ChosenRule(rule, arguments: arguments, at: nowhere) else { return nil }
    let lowering = Lowering()
    let start = Tensor([0.8, -1.3], shape: [2])
    let w = lowering.graph.input("w", shape: start.shape)
    let g = lowering.graph.input("g", shape: start.shape)
    let t = lowering.graph.input("t", shape: .scalar)
    let target = RuleTarget(path: "w", w: w, g: g, t: t)
    let surroundings = NoProblem()
    guard
      let application = try? RuleApplier(
        chosen, to: [target], in: lowering, surroundings: surroundings
      ).apply().first
    else { return nil }
    var carries = application.states.map { Program.Carry(from: $0.output, to: $0.input) }
    carries.append(Program.Carry(from: application.w, to: w))
    guard
      let program = try? Program(
        graph: lowering.graph, outputs: carries.map(\.from), carries: carries, threads: 1),
      let starter = try? Program(
        graph: lowering.graph, outputs: application.states.map(\.start), threads: 1)
    else { return nil }
    starter.write(start, to: w)
    _ = starter.run(steps: 1)
    for state in application.states { program.write(starter.read(state.start), to: state.input) }
    program.write(start, to: w)
    var result: [[Double]] = []
    for step in 1...steps {
      let scale = step % 2 == 0 ? -0.7 : 1.1
      program.write(Tensor([0.4 * scale, 0.03 * Double(step)], shape: [2]), to: g)
      program.write(Tensor(Double(step)), to: t)
      _ = program.run(steps: 1)
      result.append(program.read(w).elements)
    }
    return result
  }

  /// Where a second reading departs from the first, in words.
  static func comparison(_ chosen: RuleDeclaration, with other: RuleDeclaration) -> String? {
    guard let a = run(chosen), let b = run(other) else { return nil }
    for (step, (x, y)) in zip(a, b).enumerated() {
      if y.contains(where: { !$0.isFinite }), x.allSatisfy(\.isFinite) {
        return "that gives no number at step \(step + 1)"
      }
      let apart = zip(x, y).contains { abs($0 - $1) > 1e-12 * max(1, abs($0)) }
      if apart { return "that gives other numbers from step \(step + 1) on" }
    }
    return "that gives the same numbers"
  }
}

/// Nothing is there to take a gradient of.
private final class NoProblem: RuleSurroundings {
  func gradients(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [NodeID]
  {
    throw Diagnostic("latex.probe", "no problem", at: span)
  }

  func loss(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    throw Diagnostic("latex.probe", "no problem", at: span)
  }

  func hessian(at point: NodeID, span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    throw Diagnostic("latex.probe", "no problem", at: span)
  }

  func hyperparameter(_ value: Expression, t: NodeID, in lowering: Lowering) throws(Diagnostic)
    -> Meaning
  {
    try lowering.meaning(of: value, in: EmptyScope())
  }
}
