// Reverse-mode differentiation: the gradient of a graph is more graph.
//
// One walk from the result towards the inputs; each node hands its gradient to its operands by its
// operation's pullback. What comes out can be printed, compiled, and differentiated again.

extension Graph {
  /// The most elements a parameter may have for its Hessian to be built.
  package static let maximumHessianSize = 64

  /// The gradient of a one-element value with respect to each of some nodes, in their shapes; zeros
  /// for those it does not depend on.
  /// - Throws: `notScalar` when there is more than one element to differentiate.
  package mutating func gradient(
    of value: NodeID, withRespectTo variables: [NodeID]
  ) throws(TensorError) -> [NodeID] {
    guard self[value].shape.count == 1 else { throw .notScalar(self[value].shape) }
    return try building(tidies: true) { builder throws(TensorError) in
      let seed = try builder.constant(1).broadcast(to: builder.graph[value].shape)
      return try builder.pullBack(seed, from: value, to: variables).map(\.id)
    }
  }

  /// The gradient of sum(upstream · value): the vector-Jacobian product, for a value of any shape.
  package mutating func gradient(
    of value: NodeID, upstream: NodeID, withRespectTo variables: [NodeID]
  ) throws(TensorError) -> [NodeID] {
    guard self[value].shape == self[upstream].shape else {
      throw .shapeMismatch(operation: "gradient", self[value].shape, self[upstream].shape)
    }
    return try building(tidies: true) { builder throws(TensorError) in
      try builder.pullBack(builder.term(upstream), from: value, to: variables).map(\.id)
    }
  }

  /// The matrix of second derivatives [n, n] of a one-element value by the n elements of a node, in
  /// row-major order: one vector-Jacobian product of the gradient for each element.
  /// - Throws: `notScalar`; `invalid` when n is more than `maximumHessianSize`.
  package mutating func hessian(
    of value: NodeID, withRespectTo variable: NodeID
  ) throws(TensorError) -> NodeID {
    let shape = self[variable].shape
    let count = shape.count
    guard count <= Graph.maximumHessianSize else {
      throw .invalid(
        operation: "hessian",
        message: "\(count) elements would give a matrix of \(count) by \(count)",
        help: "it is built for parameters of up to \(Graph.maximumHessianSize) elements")
    }
    let gradient = try gradient(of: value, withRespectTo: [variable])
    guard count > 0, let first = gradient.first else {
      return constant(Tensor([], shape: [0, 0]))
    }
    return try building(tidies: true) { builder throws(TensorError) in
      let slope = try builder.term(first).reshaped([count])
      var rows: [Term] = []
      for i in 0..<count {
        let entry = try slope.at(i)
        let row = try builder.pullBack(builder.constant(1), from: entry.id, to: [variable])
        for part in row { rows.append(try part.reshaped([count])) }
      }
      return try builder.apply(.stack, rows, Attributes(integers: [-2])).id
    }
  }
}

extension GraphBuilder {
  /// Hands `seed`, the gradient of the final result with respect to `value`, back to `variables`.
  fileprivate func pullBack(
    _ seed: Term, from value: NodeID, to variables: [NodeID]
  ) throws(TensorError) -> [Term] {
    var depends = [Bool](repeating: false, count: value.index + 1)
    for variable in variables where variable <= value { depends[variable.index] = true }
    for index in depends.indices where !depends[index] {
      depends[index] = graph.operands(of: NodeID(index)).contains { depends[$0.index] }
    }
    var gradients = [Term?](repeating: nil, count: value.index + 1)
    gradients[value.index] = seed
    var parts: [NodeID: SlicedGradient] = [:]
    for index in gradients.indices.reversed() where depends[index] {
      if let sliced = parts.removeValue(forKey: NodeID(index)) {
        let whole = try sliced.whole(in: self)
        gradients[index] = if let sum = gradients[index] { try whole + sum } else { whole }
      }
      guard let dy = gradients[index],
        case .apply(let operation, let operands, let attributes) = graph[NodeID(index)].kind,
        let pullback = operation.pullback
      else { continue }
      if operation == .slice, operands[0] < NodeID(index), depends[operands[0].index] {
        // Parts that turn out to make up the whole are put side by side, not padded and added.
        parts[operands[0], default: SlicedGradient(of: operands[0])].add(dy, attributes)
        continue
      }
      let application = Application(
        inputs: operands.map(term), attributes: attributes, y: term(NodeID(index)), dy: dy)
      for (place, operand) in operands.enumerated() where depends[operand.index] {
        guard let part = try pullback(application, place) else { continue }
        let fitted = try part.fitted(to: graph[operand].shape)
        // The parts come last first: in front, each is where it was in the formula.
        gradients[operand.index] =
          if let sum = gradients[operand.index] { try fitted + sum } else { fitted }
      }
    }
    var result: [Term] = []
    for variable in variables {
      if variable <= value, let gradient = gradients[variable.index] {
        result.append(gradient)
      } else {
        result.append(try constant(0).broadcast(to: graph[variable].shape))
      }
    }
    return result
  }
}

extension Term {
  /// Brings a gradient to the shape of the operand it is for: what was broadcast is summed.
  func fitted(to target: Shape) throws(TensorError) -> Term {
    if shape == target { return self }
    if shape.broadcast(with: target) == target { return try broadcast(to: target) }
    if target.count == 1 { return try sum().reshaped(target) }
    let widened = (-shape.rank..<0).filter { (target.size($0) ?? 1) == 1 && shape.size($0) != 1 }
    let extra = (-shape.rank..<0).filter { target.size($0) == nil }
    let folded = try sum(Array(Set(widened + extra)).sorted(), keeping: true)
    return try folded.reshaped(target)
  }
}
