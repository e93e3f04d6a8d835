// A rule compiled once, to be run with many values for its hyperparameters on the gradients of a
// `ProbeTape`. Nothing here looks at names.

import Diagnostics
import Notation
import Tensors

/// Values for a rule's hyperparameters.
struct ProbeValues {
  var fixed: [Name: Double]
  /// Those that change, at the step given.
  var changing: ((Int) -> [Name: Double])?

  init(_ fixed: [Name: Double], changing: ((Int) -> [Name: Double])? = nil) {
    self.fixed = fixed
    self.changing = changing
  }
}

final class RuleProbe {
  private let program: Program
  private let starter: Program
  private let application: Application
  private let problem: ProbeProblem
  private let w: NodeID
  private let t: NodeID
  private let shape: Shape

  /// The lines in the order they run; a traced probe has the value of each.
  let lines: [(name: Name, expression: Expression)]

  /// nil when the rule cannot be run alone.
  /// - Parameter shape: of as many elements as a tape has coordinates.
  init?(_ rule: Rule, shape: Shape = [ProbeTape.coordinates], traced: Bool = false) {
    self.shape = shape
    let lowering = Lowering()
    let nowhere = Span(Source(""), 0, 0)
    w = lowering.graph.input("w", shape: shape)
    t = lowering.graph.input("t", shape: .scalar)
    problem = ProbeProblem(
      slope: lowering.graph.input("k", shape: shape),
      center: lowering.graph.input("c", shape: shape),
      offset: lowering.graph.input("b", shape: shape))
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
    lines = application.lines.map { ($0.name, $0.expression) }
    var carries = application.states.map { Program.Carry(from: $0.output, to: $0.input) }
    carries.append(Program.Carry(from: application.w, to: w))
    var outputs = carries.map(\.from)
    if traced { outputs += application.lines.map(\.node) }
    guard
      let program = try? Program(
        graph: lowering.graph, outputs: outputs, carries: carries, threads: 1),
      let starter = try? Program(
        graph: lowering.graph, outputs: application.states.map(\.start), threads: 1)
    else { return nil }
    self.program = program
    self.starter = starter
  }

  /// The parameter after each step.
  func run(_ values: [Name: Double], _ tape: ProbeTape) -> [[Double]] {
    var result: [[Double]] = []
    run(ProbeValues(values), tape) { _, w in
      result.append(w)
      return true
    }
    return result
  }

  func run(_ values: ProbeValues, _ tape: ProbeTape) -> [[Double]] {
    var result: [[Double]] = []
    run(values, tape) { _, w in
      result.append(w)
      return true
    }
    return result
  }

  /// Calls `visit` with the step, from 0, and the parameter after it, until that says to stop.
  /// - Parameter before: called when a step is about to run.
  func run(
    _ values: ProbeValues, _ tape: ProbeTape, before: () -> Void = {},
    visit: (Int, [Double]) -> Bool
  ) {
    set(values.fixed)
    if let changing = values.changing { set(changing(1)) }
    let start = Tensor(tape.start, shape: shape)
    starter.write(start, to: w)
    _ = starter.run(steps: 1)
    for state in application.states { program.write(starter.read(state.start), to: state.input) }
    program.write(start, to: w)
    for step in 0..<tape.steps {
      if step > 0, let changing = values.changing { set(changing(step + 1)) }
      program.write(Tensor(tape.slopes[step], shape: shape), to: problem.slope)
      program.write(Tensor(tape.centers[step], shape: shape), to: problem.center)
      program.write(Tensor(tape.offsets[step], shape: shape), to: problem.offset)
      program.write(Tensor(Double(step + 1)), to: t)
      before()
      _ = program.run(steps: 1)
      guard visit(step, program.read(w).elements) else { return }
    }
  }

  /// For a traced probe: the value of every line at every step, by line and then by step.
  func trace(_ values: ProbeValues, _ tape: ProbeTape) -> [[[Double]]] {
    var result = [[[Double]]](repeating: [], count: lines.count)
    // A line that is a bare name, such as w_old = w, has the value from before the step, and the step
    // writes over it.
    let carried = Set(application.states.map(\.input) + [w])
    func read(_ isCarried: Bool) {
      for (place, line) in application.lines.enumerated()
      where carried.contains(line.node) == isCarried {
        result[place].append(program.read(line.node).elements)
      }
    }
    run(
      values, tape, before: { read(true) },
      visit: { _, _ in
        read(false)
        return true
      })
    return result
  }

  private func set(_ values: [Name: Double]) {
    for (name, input) in problem.inputs {
      guard let value = values[name] else { continue }
      let tensor = Tensor(value)
      program.write(tensor, to: input)
      starter.write(tensor, to: input)
    }
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

/// A gradient that is linear in the point: k·(x - c) + b.
private final class ProbeProblem: RuleSurroundings {
  let slope: NodeID
  let center: NodeID
  let offset: NodeID
  /// Hyperparameters stand for inputs, so that their values can change without compiling anew.
  private(set) var inputs: [Name: NodeID] = [:]
  /// Where the rule is compiled.
  weak var main: Lowering?

  init(slope: NodeID, center: NodeID, offset: NodeID) {
    self.slope = slope
    self.center = center
    self.offset = offset
  }

  private func gradient(_ point: NodeID, _ span: Span, _ lowering: Lowering) throws(Diagnostic)
    -> NodeID
  {
    let apart = try lowering.apply(.subtract, [point, center], operands: [], at: span)
    let sloped = try lowering.apply(.multiply, [slope, apart], operands: [], at: span)
    return try lowering.apply(.add, [sloped, offset], operands: [], at: span)
  }

  func gradients(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [NodeID]
  {
    var result: [NodeID] = []
    for point in points { result.append(try gradient(point, span, lowering)) }
    return result
  }

  /// The sum of k/2·(x - c)² + b·x.
  func loss(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    guard let point = points.first else { throw missing(span) }
    return try lower("sum(k/2*(x - c)^2 + b*x)", at: point, span, lowering)
  }

  func hessian(at point: NodeID, span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    try lower("diag(k + 0*x)", at: point, span, lowering)
  }

  private func lower(_ formula: String, at x: NodeID, _ span: Span, _ lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    guard var parser = try? Parser(Source(formula)),
      let expression = try? parser.parseExpression()
    else { throw missing(span) }
    return try lowering.lower(
      expression, in: NodeScope(["x": x, "k": slope, "c": center, "b": offset]))
  }

  private func missing(_ span: Span) -> Diagnostic {
    Diagnostic("identify.probe", "there is no loss here", at: span)
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

/// Names that stand for nodes.
private final class NodeScope: Scope {
  private let nodes: [String: NodeID]

  init(_ nodes: [String: NodeID]) { self.nodes = nodes }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    nodes[name.canonical].map { .node($0) }
  }

  var knownNames: [String] { nodes.keys.sorted() }
}
