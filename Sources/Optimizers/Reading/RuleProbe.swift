// Rules run on problems made to tell them apart: gradients that change sign, tiny ones near √ε, exact
// zeros, steep and flat coordinates.
//
// At each step the gradient at a point x is k·(x - c), with k and c given step by step, so that rules
// which ask for the gradient elsewhere can be run as well. Nothing here looks at names.

import Diagnostics
import Notation
import Tensors

/// The gradients of a run: k and c for each step, a number per coordinate.
struct ProbeTape: Sendable {
  var start: [Double]
  var slopes: [[Double]]
  var centers: [[Double]]

  /// Signs, sizes and zeros changing with the step; the same every time.
  static func mixed(_ steps: Int) -> ProbeTape {
    var tape = ProbeTape(start: [0.8, -1.3, 0.5, 2], slopes: [], centers: [])
    for step in 1...steps {
      let sign = step % 3 == 0 ? -1.0 : 1.0
      tape.slopes.append([1, 0.3 * sign, 1e-4, step % 4 == 0 ? 0 : 2])
      tape.centers.append([
        sign * 0.4 + 0.05 * Double(step), -0.2 * Double(step % 5), sign, 0.3 * Double(step % 7),
      ])
    }
    return tape
  }
}

/// A rule compiled once, to be run with many values for its hyperparameters.
final class RuleProbe {
  private let program: Program
  private let starter: Program
  private let application: Application
  private let problem: ProbeProblem
  private let w: NodeID
  private let t: NodeID
  private let shape: Shape

  /// nil when the rule cannot be run alone.
  init?(_ rule: Rule, coordinates: Int = 4) {
    shape = [coordinates]
    let lowering = Lowering()
    let nowhere = Span(Source(""), 0, 0)
    w = lowering.graph.input("w", shape: shape)
    t = lowering.graph.input("t", shape: .scalar)
    problem = ProbeProblem(
      slope: lowering.graph.input("k", shape: shape),
      center: lowering.graph.input("c", shape: shape))
    problem.main = lowering
    let arguments = rule.declaration.parameters.map { parameter in
      Expression.Argument(
        label: parameter.name, value: Expression(.name(parameter.name), nowhere))
    }
    guard let chosen = try? ChosenRule(rule, arguments: arguments, at: nowhere),
      let g = try? problem.gradients(at: [w], span: nowhere, in: lowering)[0],
      let application = try? RuleApplier(
        chosen, to: [RuleTarget(path: "w", w: w, g: g, t: t)], in: lowering, surroundings: problem
      ).apply().first
    else { return nil }
    self.application = application
    var carries = application.states.map { Program.Carry(from: $0.output, to: $0.input) }
    carries.append(Program.Carry(from: application.w, to: w))
    guard
      let program = try? Program(
        graph: lowering.graph, outputs: carries.map(\.from), carries: carries, threads: 1),
      let starter = try? Program(
        graph: lowering.graph, outputs: application.states.map(\.start), threads: 1)
    else { return nil }
    self.program = program
    self.starter = starter
  }

  /// The parameter after each step.
  func run(_ values: [Name: Double], _ tape: ProbeTape) -> [[Double]] {
    for (name, input) in problem.inputs {
      let value = Tensor(values[name] ?? .nan)
      program.write(value, to: input)
      starter.write(value, to: input)
    }
    let start = Tensor(tape.start, shape: shape)
    starter.write(start, to: w)
    _ = starter.run(steps: 1)
    for state in application.states { program.write(starter.read(state.start), to: state.input) }
    program.write(start, to: w)
    var result: [[Double]] = []
    for (step, (slope, center)) in zip(tape.slopes, tape.centers).enumerated() {
      program.write(Tensor(slope, shape: shape), to: problem.slope)
      program.write(Tensor(center, shape: shape), to: problem.center)
      program.write(Tensor(Double(step + 1)), to: t)
      _ = program.run(steps: 1)
      result.append(program.read(w).elements)
    }
    return result
  }

  /// Where a second reading departs from the first, in words.
  static func comparison(_ first: RuleDeclaration, with other: RuleDeclaration) -> String? {
    guard let a = try? Rule(first), let b = try? Rule(other) else { return nil }
    var values: [Name: Double] = [:]
    // Values that tell hyperparameters apart, whatever they are called.
    for (place, parameter) in first.parameters.enumerated() {
      values[parameter.name] = 0.9 - 0.13 * Double(place % 6)
    }
    let tape = ProbeTape.mixed(6)
    guard let own = RuleProbe(a), let changed = RuleProbe(b) else { return nil }
    for (step, (x, y)) in zip(own.run(values, tape), changed.run(values, tape)).enumerated() {
      if y.contains(where: { !$0.isFinite }), x.allSatisfy(\.isFinite) {
        return "that gives no number at step \(step + 1)"
      }
      let apart = zip(x, y).contains { abs($0 - $1) > 1e-12 * max(1, abs($0)) }
      if apart { return "that gives other numbers from step \(step + 1) on" }
    }
    return "that gives the same numbers"
  }
}

/// A gradient that is linear in the point: k·(x - c).
private final class ProbeProblem: RuleSurroundings {
  let slope: NodeID
  let center: NodeID
  /// Hyperparameters stand for inputs, so that their values can change without compiling anew.
  private(set) var inputs: [Name: NodeID] = [:]
  /// Where the rule is compiled.
  weak var main: Lowering?

  init(slope: NodeID, center: NodeID) {
    self.slope = slope
    self.center = center
  }

  private func gradient(_ point: NodeID, _ span: Span, _ lowering: Lowering) throws(Diagnostic)
    -> NodeID
  {
    let apart = try lowering.apply(.subtract, [point, center], operands: [], at: span)
    return try lowering.apply(.multiply, [slope, apart], operands: [], at: span)
  }

  func gradients(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [NodeID]
  {
    var result: [NodeID] = []
    for point in points { result.append(try gradient(point, span, lowering)) }
    return result
  }

  func loss(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    throw Diagnostic("latex.probe", "no loss here", at: span)
  }

  func hessian(at point: NodeID, span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    throw Diagnostic("latex.probe", "no loss here", at: span)
  }

  func hyperparameter(_ value: Expression, t: NodeID, in lowering: Lowering) throws(Diagnostic)
    -> Meaning
  {
    guard case .name(let name) = value.kind else {
      return try lowering.meaning(of: value, in: EmptyScope())
    }
    // Shapes are found out on another graph, whose inputs are none of this one's.
    guard lowering === main else { return .node(lowering.graph.constant(Tensor(0.5))) }
    if let input = inputs[name] { return .node(input) }
    let input = lowering.graph.input("hyper." + name.canonical, shape: .scalar)
    inputs[name] = input
    return .node(input)
  }
}
