// What depends on the variables of a derivative, as a graph of Descent's own operations with one node for
// each number, and the derivative that Descent takes of it.

import Diagnostics
import Tensors

final class FormulaTape {
  private var graph = Graph()
  private var inputs: [(node: NodeID, value: Double)] = []

  /// A value whose elements are variables.
  func variable(_ value: FormulaValue) -> FormulaValue {
    var result = value
    result.nodes = value.elements.map { element in
      let node = graph.input("x\(inputs.count)", shape: Shape([]))
      inputs.append((node, element))
      return node
    }
    return result
  }

  /// One for each element; what depends on nothing is constant.
  func nodes(_ value: FormulaValue) -> [NodeID] {
    value.nodes ?? value.elements.map { graph.constant($0) }
  }

  func apply(_ operation: Operation, _ nodes: [NodeID], _ span: Span) throws(FormulaFailure)
    -> NodeID
  {
    guard graph.nodes.count < 20_000 else { throw .tooLong(span) }
    do {
      return try graph.apply(operation, nodes)
    } catch {
      throw .notUnderstood("there is no operation for it", span)
    }
  }

  func sum(_ nodes: [NodeID], _ span: Span) throws(FormulaFailure) -> NodeID {
    var sum = nodes.first ?? graph.constant(0)
    for node in nodes.dropFirst() { sum = try apply(.add, [sum, node], span) }
    return sum
  }

  func inner(_ a: [NodeID], _ b: [NodeID], _ span: Span) throws(FormulaFailure) -> NodeID {
    var products: [NodeID] = []
    for (x, y) in zip(a, b) { products.append(try apply(.multiply, [x, y], span)) }
    return try sum(products, span)
  }

  func gradient(of value: NodeID, by variables: [NodeID], _ span: Span) throws(FormulaFailure)
    -> [NodeID]
  {
    do {
      return try graph.gradient(of: value, withRespectTo: variables)
    } catch {
      throw .notUnderstood("there is no derivative of it", span)
    }
  }

  func run(_ nodes: [NodeID], _ span: Span) throws(FormulaFailure) -> [Double] {
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
}
