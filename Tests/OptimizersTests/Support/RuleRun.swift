// Rules applied to one parameter, one step at a time, with nothing of a session around them.

import Diagnostics
import Notation
import Optimizers
import Tensors

/// Where a run's gradients come from.
enum GradientSource {
  /// Handed in at each step.
  case given
  /// A function of x0, x1, …, the elements of the parameter.
  case objective(String)
}

/// A chain of gradient stages and a rule, compiled for one parameter.
final class RuleRun {
  let program: Program
  private let lowering = Lowering()
  private let w: NodeID
  private let g: NodeID
  private let count: NodeID
  private let loss: NodeID?
  private(set) var states: [(name: String, input: NodeID)] = []
  private(set) var lines: [AppliedLine] = []
  private(set) var carries: [Program.Carry] = []

  /// - Parameter calls: as written after `optimizer`, such as `clip_norm(c=1)`, `adam(lr=0.1)`.
  convenience init(_ calls: [String], start: Tensor, source: GradientSource) throws {
    try self.init(try calls.map(chosenRule), start: start, source: source)
  }

  init(_ stages: [ChosenRule], start: Tensor, source: GradientSource) throws {
    w = lowering.graph.input("w", shape: start.shape)
    count = lowering.graph.input("t", shape: .scalar)
    let nowhere = Span(Source(""), 0, 0)
    let t = try lowering.apply(
      .add, [count, lowering.graph.constant(1)], operands: [], at: nowhere)
    let surroundings: TestSurroundings
    switch source {
    case .given:
      surroundings = TestSurroundings(objective: nil)
      g = lowering.graph.input("g", shape: start.shape)
      loss = nil
    case .objective(let text):
      surroundings = TestSurroundings(objective: try expression(text))
      g = try surroundings.gradients(at: [w], span: nowhere, in: lowering)[0]
      loss = try surroundings.loss(at: [w], span: nowhere, in: lowering)
    }
    var gradient = g
    var newW = w
    var starts: [(input: NodeID, start: NodeID)] = []
    for (number, stage) in stages.enumerated() {
      let flat = stage.rule.declaration.overAll
      let shape: Shape = flat ? [start.shape.count] : start.shape
      let target = RuleTarget(
        path: "stage\(number)", w: try lowering.reshape(w, to: shape, at: nowhere),
        g: try lowering.reshape(gradient, to: shape, at: nowhere), t: t)
      let application = try RuleApplier(
        stage, to: [target], in: lowering, surroundings: surroundings
      ).apply()[0]
      gradient = try lowering.reshape(application.g, to: start.shape, at: nowhere)
      newW = try lowering.reshape(application.w, to: start.shape, at: nowhere)
      lines += application.lines
      for state in application.states {
        states.append((state.name.canonical, state.input))
        starts.append((state.input, state.start))
        carries.append(Program.Carry(from: state.output, to: state.input))
      }
    }
    carries += [Program.Carry(from: newW, to: w), Program.Carry(from: t, to: count)]
    program = try Program(
      graph: lowering.graph,
      outputs: carries.map(\.from) + lines.map(\.node) + (loss.map { [$0] } ?? []),
      carries: carries, threads: 1)
    let starter = try Program(graph: lowering.graph, outputs: starts.map(\.start), threads: 1)
    starter.write(start, to: w)
    _ = starter.run(steps: 1)
    for (input, node) in starts { program.write(starter.read(node), to: input) }
    program.write(start, to: w)
    program.write(Tensor(0), to: count)
  }

  func step(_ gradient: Tensor? = nil) {
    if let gradient { program.write(gradient, to: g) }
    _ = program.run(steps: 1)
  }

  /// Steps with the gradient of the objective, without coming back in between.
  func run(steps: Int) { _ = program.run(steps: steps) }

  var parameter: Tensor { program.read(w) }

  func state(_ name: String) -> Tensor? {
    states.first { $0.name == name }.map { program.read($0.input) }
  }

  /// The objective at the parameter before the last step.
  var lossBefore: Double { loss.flatMap { program.read($0).scalar } ?? .nan }

  /// Everything that one step hands to the next.
  var snapshot: [Tensor] {
    get { carries.map { program.read($0.to) } }
    set { for (carry, value) in zip(carries, newValue) { program.write(value, to: carry.to) } }
  }
}

/// `adam(lr=0.1)` → the rule with its hyperparameters.
func chosenRule(_ call: String) throws -> ChosenRule {
  let expression = try expression(call)
  guard case .call(let callee, let arguments) = expression.kind else {
    throw Diagnostic("test", "\(call) is no call")
  }
  let name = callee.path.map(\.canonical).joined(separator: ".")
  return try ChosenRule(try Catalogue.rule(name), arguments: arguments, at: expression.span)
}

func expression(_ text: String) throws -> Expression {
  var parser = try Parser(Source(text))
  let expression = try parser.parseExpression()
  try parser.expectEnd()
  return expression
}

private final class TestSurroundings: RuleSurroundings {
  let objective: Expression?

  init(objective: Expression?) { self.objective = objective }

  func loss(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    guard let objective else { throw Diagnostic("test", "this run has no objective", at: span) }
    return try lowering.lower(objective, in: CoordinateScope(points[0]))
  }

  /// A stand-in keeps the point apart from the rest of the graph while differentiating.
  private func derived(
    at point: NodeID, in lowering: Lowering, span: Span,
    _ derive: (NodeID, NodeID) throws(Diagnostic) -> NodeID
  ) throws(Diagnostic) -> NodeID {
    let standIn = lowering.graph.input("point", shape: lowering.graph[point].shape)
    let result = try derive(try loss(at: [standIn], span: span, in: lowering), standIn)
    do {
      return try lowering.graph.substitute([result], [standIn: point])[0]
    } catch {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    }
  }

  func gradients(at points: [NodeID], span: Span, in lowering: Lowering) throws(Diagnostic)
    -> [NodeID]
  {
    [
      try derived(at: points[0], in: lowering, span: span) {
        (loss, point) throws(Diagnostic) -> NodeID in
        try lowering.gradients(of: loss, by: [point], at: span)[0]
      }
    ]
  }

  func hessian(at point: NodeID, span: Span, in lowering: Lowering) throws(Diagnostic) -> NodeID {
    try derived(at: point, in: lowering, span: span) {
      (loss, point) throws(Diagnostic) -> NodeID in
      try lowering.hessian(of: loss, by: point, at: span)
    }
  }

  func hyperparameter(_ value: Expression, t: NodeID, in lowering: Lowering) throws(Diagnostic)
    -> Meaning
  {
    try lowering.meaning(of: value, in: EmptyScope())
  }
}

/// x0, x1, … are the elements of a tensor.
private final class CoordinateScope: Scope {
  let point: NodeID

  init(_ point: NodeID) { self.point = point }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    guard name.canonical.hasPrefix("x"), let place = Int(name.canonical.dropFirst()) else {
      return nil
    }
    let size = lowering.graph[point].shape.count
    let flat = try lowering.reshape(point, to: [size], at: span)
    let element = try lowering.slice(flat, from: place, to: place + 1, at: span)
    return .node(try lowering.reshape(element, to: .scalar, at: span))
  }

  var knownNames: [String] { [] }
}
