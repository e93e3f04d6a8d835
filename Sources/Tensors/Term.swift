// Formulas over graph nodes, written as formulas: `dy * exp(x)` appends nodes to the graph that is
// being built.
//
// This is how derivatives and composite functions are spelled. Terms never leave this layer; those
// above deal in node ids.

/// Holds the graph while formulas are being added to it.
package final class GraphBuilder {
  var graph: Graph
  /// Whether new nodes are put in the tidy form of a derivative (`Graph.tidy`).
  let tidies: Bool

  init(_ graph: Graph, tidies: Bool = false) {
    self.graph = graph
    self.tidies = tidies
  }

  func apply(
    _ operation: Operation, _ inputs: [Term], _ attributes: Attributes = .none
  ) throws(TensorError) -> Term {
    let ids = inputs.map(\.id)
    let id =
      tidies
      ? try graph.tidy(operation, ids, attributes) : try graph.apply(operation, ids, attributes)
    return Term(builder: self, id: id)
  }

  func constant(_ value: Double) -> Term { Term(builder: self, id: graph.constant(value)) }
  func constant(_ tensor: Tensor) -> Term { Term(builder: self, id: graph.constant(tensor)) }
  func term(_ id: NodeID) -> Term { Term(builder: self, id: id) }
}

extension Graph {
  /// Adds formulas to the graph.
  mutating func building<Result>(
    tidies: Bool = false, _ body: (GraphBuilder) throws(TensorError) -> Result
  ) throws(TensorError) -> Result {
    let builder = GraphBuilder(self, tidies: tidies)
    self = Graph()  // The builder's is now the only reference: appending copies nothing.
    defer { self = builder.graph }
    return try body(builder)
  }
}

/// A node and the graph it is in.
package struct Term {
  let builder: GraphBuilder
  package let id: NodeID

  package var shape: Shape { builder.graph[id].shape }
  package var elementType: ElementType { builder.graph[id].elementType }

  static func + (a: Term, b: Term) throws(TensorError) -> Term {
    try a.builder.apply(.add, [a, b])
  }
  static func - (a: Term, b: Term) throws(TensorError) -> Term {
    try a.builder.apply(.subtract, [a, b])
  }
  static func * (a: Term, b: Term) throws(TensorError) -> Term {
    try a.builder.apply(.multiply, [a, b])
  }
  static func / (a: Term, b: Term) throws(TensorError) -> Term {
    try a.builder.apply(.divide, [a, b])
  }
  static prefix func - (a: Term) throws(TensorError) -> Term { try a.builder.apply(.negate, [a]) }

  static func + (a: Term, b: Double) throws(TensorError) -> Term { try a + a.builder.constant(b) }
  static func - (a: Term, b: Double) throws(TensorError) -> Term { try a - a.builder.constant(b) }
  static func * (a: Term, b: Double) throws(TensorError) -> Term { try a * a.builder.constant(b) }
  static func / (a: Term, b: Double) throws(TensorError) -> Term { try a / a.builder.constant(b) }
  static func + (a: Double, b: Term) throws(TensorError) -> Term { try b.builder.constant(a) + b }
  static func - (a: Double, b: Term) throws(TensorError) -> Term { try b.builder.constant(a) - b }
  static func * (a: Double, b: Term) throws(TensorError) -> Term { try b.builder.constant(a) * b }
  static func / (a: Double, b: Term) throws(TensorError) -> Term { try b.builder.constant(a) / b }

  // Comparisons and powers have names, so that Swift's own meaning of == stays.
  func equals(_ b: Term) throws(TensorError) -> Term { try builder.apply(.equal, [self, b]) }
  func isBelow(_ b: Term) throws(TensorError) -> Term { try builder.apply(.less, [self, b]) }
  func isAbove(_ b: Term) throws(TensorError) -> Term { try builder.apply(.greater, [self, b]) }
  func equals(_ b: Double) throws(TensorError) -> Term { try equals(builder.constant(b)) }
  func isBelow(_ b: Double) throws(TensorError) -> Term { try isBelow(builder.constant(b)) }
  func isAbove(_ b: Double) throws(TensorError) -> Term { try isAbove(builder.constant(b)) }
  func power(_ b: Term) throws(TensorError) -> Term { try builder.apply(.power, [self, b]) }
  func power(_ b: Double) throws(TensorError) -> Term { try power(builder.constant(b)) }
  func matmul(_ b: Term) throws(TensorError) -> Term { try builder.apply(.matmul, [self, b]) }
  func then(_ operation: Operation, _ attributes: Attributes = .none) throws(TensorError) -> Term {
    try builder.apply(operation, [self], attributes)
  }
}

/// One use of an operation, as its derivative sees it: y = operation(a, b, c).
package struct Application {
  package let inputs: [Term]
  package let attributes: Attributes
  /// The result.
  package let y: Term
  /// The gradient of the final value with respect to the result.
  package let dy: Term

  var a: Term { inputs[0] }
  var b: Term { inputs.count > 1 ? inputs[1] : inputs[0] }
  var c: Term { inputs.count > 2 ? inputs[2] : inputs[0] }
}
