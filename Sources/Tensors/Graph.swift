// A graph: operations applied to inputs and constants, in an order where operands come first.
//
// Equal applications are one node. Building simplifies only what leaves every number as it was, so
// that a gradient reads as a student would write it. Nodes are only ever appended, and nothing here
// computes with elements.

package struct NodeID: Hashable, Sendable, Comparable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  package static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

package struct Node: Sendable {
  package enum Kind: Sendable {
    /// Given from outside at each run: a parameter, a state, t, a column of data.
    case input(String)
    case constant(Tensor)
    case apply(Operation, [NodeID], Attributes)
  }
  package let kind: Kind
  package let shape: Shape
  package let elementType: ElementType
}

package struct Graph: Sendable {
  package private(set) var nodes: [Node] = []
  private var known: [NodeKey: NodeID] = [:]

  package init() {}

  package subscript(id: NodeID) -> Node { nodes[id.index] }

  /// The input of that name, shape and type; the same node each time it is asked for.
  package mutating func input(
    _ name: String, shape: Shape, type: ElementType = .float64
  ) -> NodeID {
    intern(.input(name, shape, type)) {
      Node(kind: .input(name), shape: shape, elementType: type)
    }
  }

  /// A constant; equal ones (bit for bit) are one node.
  package mutating func constant(_ tensor: Tensor) -> NodeID {
    intern(.constant(tensor)) {
      Node(kind: .constant(tensor), shape: tensor.shape, elementType: tensor.elementType)
    }
  }

  package mutating func constant(_ value: Double) -> NodeID { constant(Tensor(value)) }

  /// How many nodes a graph may have, and how many axes a tensor.
  package static let maximumCount = 1 << 18
  package static let maximumRank = 64

  /// An operation applied to nodes, or a simpler node with the same numbers.
  /// - Throws: what the operation's shape rule throws, `tooLarge`, and `invalid` for a graph that
  ///   has grown beyond `maximumCount`.
  package mutating func apply(
    _ operation: Operation, _ inputs: [NodeID], _ attributes: Attributes = .none
  ) throws(TensorError) -> NodeID {
    guard
      operation.arity == inputs.count
        || (operation.arity == Operation.variadic && !inputs.isEmpty)
    else {
      throw .invalid(
        operation: operation.name, message: "takes another number of operands", help: nil)
    }
    let shapes = inputs.map { nodes[$0.index].shape }
    let shape = try operation.shape(shapes, attributes)
    guard shape.count <= Tensor.maximumCount, shape.dimensions.allSatisfy({ $0 >= 0 })
    else { throw .tooLarge(shape) }
    guard shape.rank <= Graph.maximumRank else {
      throw .invalid(
        operation: operation.name, message: "a tensor has at most \(Graph.maximumRank) axes",
        help: nil)
    }
    guard nodes.count < Graph.maximumCount else {
      throw .invalid(
        operation: "", message: "this comes to more than \(Graph.maximumCount) operations",
        help: "a derivative of a derivative grows with each; let name = … stores a value")
    }
    let type = operation.type(inputs.map { nodes[$0.index].elementType })
    if let simpler = operation.simplification?(&self, inputs, attributes),
      self[simpler].shape == shape, self[simpler].elementType == type
    {
      return simpler
    }
    var operands = inputs
    if case .elementwise = operation.kernel, inputs.count > 1 {
      operands = unbroadcast(inputs, giving: shape)
      let small = operands.map { broadcastSource($0) ?? $0 }
      if small != operands, let common = Shape.broadcast(small.map { self[$0].shape }),
        common != shape
      {
        // Every operand was widened only for this: compute first, widen the result.
        let result = try apply(operation, small, attributes)
        return try apply(.broadcast, [result], Attributes(integers: shape.dimensions))
      }
    }
    return intern(.apply(operation, operands, attributes)) {
      Node(
        kind: .apply(operation, operands, attributes), shape: shape, elementType: type)
    }
  }

  private mutating func intern(_ key: NodeKey, _ make: () -> Node) -> NodeID {
    if let id = known[key] { return id }
    let id = NodeID(nodes.count)
    nodes.append(make())
    known[key] = id
    return id
  }
}

// MARK: - What simplifications ask

extension Graph {
  /// The number, if the node is a constant scalar.
  package func scalar(_ id: NodeID) -> Double? {
    guard case .constant(let tensor) = self[id].kind, tensor.shape.isScalar else { return nil }
    return tensor.scalar
  }

  /// The number that a constant has everywhere: a scalar, or one broadcast.
  package func uniform(_ id: NodeID) -> Double? { scalar(broadcastSource(id) ?? id) }

  /// The operand of an application of a one-operand operation.
  func operand(of id: NodeID, if operation: Operation) -> NodeID? {
    guard case .apply(let applied, let operands, _) = self[id].kind, applied == operation
    else { return nil }
    return operands.first
  }

  func broadcastSource(_ id: NodeID) -> NodeID? { operand(of: id, if: .broadcast) }

  /// Leaves out the broadcasts that an elementwise operation does anyway.
  private func unbroadcast(_ inputs: [NodeID], giving shape: Shape) -> [NodeID] {
    var result = inputs
    for i in result.indices {
      guard let source = broadcastSource(result[i]) else { continue }
      let old = result[i]
      result[i] = source
      if Shape.broadcast(result.map { self[$0].shape }) != shape { result[i] = old }
    }
    return result
  }
}

/// What makes two nodes the same.
private enum NodeKey: Hashable {
  case input(String, Shape, ElementType)
  case constant(Tensor)
  case apply(Operation, [NodeID], Attributes)

  static func == (a: NodeKey, b: NodeKey) -> Bool {
    switch (a, b) {
    case (.input(let a, let shapeA, let typeA), .input(let b, let shapeB, let typeB)):
      a == b && shapeA == shapeB && typeA == typeB
    case (.constant(let a), .constant(let b)):
      // By bits: 0 and -0 differ, and a NaN is equal to itself.
      a.shape == b.shape && a.elementType == b.elementType
        && a.elements.elementsEqual(b.elements) { $0.bitPattern == $1.bitPattern }
    case (.apply(let a, let inputsA, let settingsA), .apply(let b, let inputsB, let settingsB)):
      a == b && inputsA == inputsB && settingsA == settingsB
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .input(let name, let shape, _):
      hasher.combine(name)
      hasher.combine(shape)
    case .constant(let tensor):
      hasher.combine(tensor.shape)
      for element in tensor.elements.prefix(64) { hasher.combine(element.bitPattern) }
    case .apply(let operation, let inputs, let attributes):
      hasher.combine(operation)
      hasher.combine(inputs)
      hasher.combine(attributes)
    }
  }
}
