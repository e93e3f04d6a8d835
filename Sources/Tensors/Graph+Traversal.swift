// Walks over a graph: what a node depends on, and copies with some nodes replaced.
//
// Operands have smaller numbers than what uses them, so a walk is a loop and a graph may be as deep
// as memory allows.

extension Graph {
  /// The nodes that the roots depend on, themselves included, operands first.
  package func reachable(from roots: [NodeID]) -> [NodeID] {
    guard let last = roots.max() else { return [] }
    var needed = [Bool](repeating: false, count: last.index + 1)
    for root in roots { needed[root.index] = true }
    for index in needed.indices.reversed() where needed[index] {
      for operand in operands(of: NodeID(index)) { needed[operand.index] = true }
    }
    return needed.indices.filter { needed[$0] }.map(NodeID.init)
  }

  /// The inputs of a node; none for an input or a constant of the graph.
  package func operands(of id: NodeID) -> [NodeID] {
    guard case .apply(_, let operands, _) = self[id].kind else { return [] }
    return operands
  }

  /// Whether the value can change from run to run: something in it is an input.
  package func isConstant(_ root: NodeID) -> Bool {
    reachable(from: [root]).allSatisfy {
      if case .input = self[$0].kind { false } else { true }
    }
  }

  /// Puts the simpler operations that composite ones are made of in their place, for the executor.
  /// - Returns: what stands for each node that changed.
  package mutating func expandComposites(
    in roots: [NodeID]
  ) throws(TensorError) -> [NodeID: NodeID] {
    var images: [NodeID: NodeID] = [:]
    for id in reachable(from: roots) {
      guard case .apply(let operation, let operands, let attributes) = self[id].kind else {
        continue
      }
      let inputs = operands.map { images[$0] ?? $0 }
      if case .composite(let formula) = operation.kernel {
        images[id] = try building { builder throws(TensorError) in
          try formula(inputs.map(builder.term), attributes).id
        }
      } else if operation == .matmul, let product = try outerProduct(inputs[0], inputs[1]) {
        images[id] = product
      } else if inputs != operands {
        images[id] = try apply(operation, inputs, attributes)
      }
    }
    return images
  }

  /// A matrix product along an axis of size 1 adds nothing up, so it is an elementwise product and
  /// can be fused with what comes before and after; nil for any other.
  private mutating func outerProduct(_ a: NodeID, _ b: NodeID) throws(TensorError) -> NodeID? {
    let left = self[a].shape
    guard left.rank == 2, left.dimensions[1] == 1 else { return nil }
    switch self[b].shape.rank {
    case 1:
      let column = try apply(.reshape, [a], Attributes(integers: [left.count]))
      return try apply(.multiply, [column, b])
    case 2: return try apply(.multiply, [a, b])
    default: return nil
    }
  }

  /// The same formulas at another point: copies of the roots in which nodes are replaced by others
  /// of the same shape.
  /// - Throws: `shapeMismatch` when a replacement has another shape.
  package mutating func substitute(
    _ roots: [NodeID], _ replacing: [NodeID: NodeID]
  ) throws(TensorError) -> [NodeID] {
    for (old, new) in replacing where self[old].shape != self[new].shape {
      throw .shapeMismatch(operation: "=", self[old].shape, self[new].shape)
    }
    var images = replacing
    for id in reachable(from: roots) where replacing[id] == nil {
      guard case .apply(let operation, let operands, let attributes) = self[id].kind else {
        continue
      }
      let replaced = operands.map { images[$0] ?? $0 }
      if replaced != operands { images[id] = try apply(operation, replaced, attributes) }
    }
    return roots.map { images[$0] ?? $0 }
  }
}
