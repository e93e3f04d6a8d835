// A claim's function as a graph of Descent's own operations, and the derivative that Descent takes of it.
//
//   tree → one node for each number → Graph.gradient → Program
//
// Numbers and shapes are the evaluator's; only what depends on the variables becomes nodes. What has no
// operation here is not understood, and the caller has finite differences alone.

import Diagnostics
import Notation
import Tensors

final class ClaimGraph {
  struct Value {
    /// What it is worth, with its shape.
    var value: FormulaValue
    /// One for each element; nil where nothing depends on the variables.
    var nodes: [NodeID]?
  }

  let evaluator: ClaimEvaluator
  var graph = Graph()
  /// Variables and arguments of functions, by key.
  var bound: [String: [NodeID]] = [:]
  private var inputs: [(node: NodeID, value: Double)] = []
  private var depth = 0

  init(_ scope: ClaimScope) { evaluator = ClaimEvaluator(scope) }

  // MARK: Derivatives

  /// The derivative that a target names, in the order of its elements.
  /// - Throws: when the function is not made of what there is an operation for.
  static func derivative(_ kind: GradientTarget.Kind, _ scope: ClaimScope) throws(ClaimFailure)
    -> [Double]
  {
    switch kind {
    case .derivative(let of, let by):
      let graph = ClaimGraph(scope)
      let variable = try graph.bind(by)
      let value = try graph.number(of)
      return try graph.run(try graph.gradient(of: value, by: variable, of.span), of.span)
    case .second(let of, let first, let second):
      let graph = ClaimGraph(scope)
      let (a, b) = (try graph.bind(first), try graph.bind(second))
      let slopes = try graph.gradient(of: try graph.number(of), by: a, of.span)
      var all: [NodeID] = []
      for slope in slopes { all += try graph.gradient(of: slope, by: b, of.span) }
      return try graph.run(all, of.span)
    case .several(let of, let by):
      var all: [Double] = []
      for one in by { all += try derivative(.derivative(of: of, by: one), scope) }
      return all
    case .hessian(let of, let by):
      var all: [Double] = []
      for first in by {
        for second in by {
          all += try derivative(.second(of: of, first: first, second: second), scope)
        }
      }
      return all
    case .prime(let name, let argument):
      guard let argument else { throw .notUnderstood("no argument is written", Span(Source(name))) }
      let graph = ClaimGraph(scope)
      let x = try graph.evaluator.number(argument)
      let input = graph.input(x)
      let y = try graph.applied(
        name, [Value(value: FormulaValue(x), nodes: [input])], argument.span)
      guard let node = y.nodes?.first else {
        throw .notUnderstood("it does not depend on it", argument.span)
      }
      return try graph.run(try graph.gradient(of: node, by: [input], argument.span), argument.span)
    }
  }

  private func input(_ value: Double) -> NodeID {
    let node = graph.input("x\(inputs.count)", shape: Shape([]))
    inputs.append((node, value))
    return node
  }

  /// Makes a variable an input; which of its elements are asked for.
  private func bind(_ by: Math) throws(ClaimFailure) -> [NodeID] {
    let (key, whole, offsets) = try evaluator.moved(by)
    if bound[key] == nil {
      bound[key] = whole.elements.map { input($0) }
      // What is put in for an intermediate quantity is what everything behind it sees.
      evaluator.scope.values[key] = whole
    }
    let nodes = bound[key] ?? []
    return offsets.compactMap { nodes.indices.contains($0) ? nodes[$0] : nil }
  }

  private func number(_ of: Math) throws(ClaimFailure) -> NodeID {
    let result = try value(of)
    guard result.value.simplified.scalar != nil, let node = result.nodes?.first else {
      throw .notUnderstood("it is no number that depends on it", of.span)
    }
    return node
  }

  private func gradient(of value: NodeID, by variables: [NodeID], _ span: Span)
    throws(ClaimFailure) -> [NodeID]
  {
    do {
      return try graph.gradient(of: value, withRespectTo: variables)
    } catch {
      throw .notUnderstood("there is no derivative of it", span)
    }
  }

  private func run(_ nodes: [NodeID], _ span: Span) throws(ClaimFailure) -> [Double] {
    let program: Program
    do {
      program = try Program(graph: graph, outputs: nodes, threads: 1)
    } catch {
      throw .notUnderstood("it cannot be run", span)
    }
    for input in inputs { program.write(Tensor(input.value), to: input.node) }
    _ = program.run(steps: 1)
    return nodes.map { program.read($0).scalar ?? .nan }
  }

  // MARK: Parts

  func apply(_ operation: Operation, _ nodes: [NodeID], _ span: Span) throws(ClaimFailure)
    -> NodeID
  {
    do {
      return try graph.apply(operation, nodes)
    } catch {
      throw .notUnderstood("there is no operation for it", span)
    }
  }

  func nodes(_ value: Value) -> [NodeID] {
    value.nodes ?? value.value.elements.map { graph.constant($0) }
  }

  /// Element by element, a number beside everything.
  func elementwise(
    _ operation: Operation, _ a: Value, _ b: Value, _ result: FormulaValue, _ span: Span
  ) throws(ClaimFailure) -> Value {
    let (x, y) = (nodes(a), nodes(b))
    let count = result.elements.count
    guard [1, count].contains(x.count), [1, count].contains(y.count) else {
      throw .notUnderstood("a bias for every row is not lowered", span)
    }
    var all: [NodeID] = []
    for place in 0..<count {
      all.append(
        try apply(
          operation, [x[x.count == 1 ? 0 : place], y[y.count == 1 ? 0 : place]], span))
    }
    return Value(value: result, nodes: all)
  }

  func mapped(_ operation: Operation, _ a: Value, _ result: FormulaValue, _ span: Span)
    throws(ClaimFailure) -> Value
  {
    var all: [NodeID] = []
    for node in nodes(a) { all.append(try apply(operation, [node], span)) }
    return Value(value: result, nodes: all)
  }

  func total(_ nodes: [NodeID], _ span: Span) throws(ClaimFailure) -> NodeID {
    var sum = nodes.first ?? graph.constant(0)
    for node in nodes.dropFirst() { sum = try apply(.add, [sum, node], span) }
    return sum
  }

  /// The same elements at other places: a component, a transpose.
  func moved(_ value: Value, _ run: (FormulaValue) -> FormulaValue?) -> Value? {
    guard let result = run(value.value) else { return nil }
    guard let nodes = value.nodes else { return Value(value: result, nodes: nil) }
    let places = value.value.with(value.value.elements.indices.map(Double.init))
    guard let order = run(places)?.elements else { return nil }
    return Value(value: result, nodes: order.map { nodes[Int($0)] })
  }

  private func depends(_ math: Math) -> Bool {
    var usage = ClaimUsage(evaluator.scope)
    usage.add(math)
    return bound.keys.contains { usage.met.contains($0) || usage.free[$0] != nil }
  }

  func value(_ math: Math) throws(ClaimFailure) -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth < 120 else { throw .tooLong(math.span) }
    let numeric = try evaluator.value(math)
    guard depends(math) else { return Value(value: numeric, nodes: nil) }
    guard numeric.elements.count <= 64 else { throw .tooLong(math.span) }
    return try lowered(math, numeric)
  }
}
