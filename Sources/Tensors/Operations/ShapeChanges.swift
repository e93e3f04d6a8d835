// Operations that give the same elements another shape or order: broadcast, reshape, transposition,
// concatenation. Axes in attributes are counted from the end.

extension Operation {
  static let shapeChanges = [
    broadcast, reshape, transpose, permute, concatenate, stack, stopGradient, straightThrough,
  ]

  /// Attributes: the new sizes.
  package static let broadcast: Operation = Operation(
    "broadcast", arity: 1, summary: "The elements repeated along axes of size 1 or missing ones.",
    notation: .silent,
    kernel: .rearrange { call in
      let places = call.inputShapes[0].strides(broadcastTo: call.outputShape)
      call.outputShape.forEachOffset(places) { call.output[$0] = call.inputs[0][$1] }
    },
    path: { $0.broadcast(to: Shape($1.integers)) },
    shape: { inputs, settings throws(TensorError) in
      let target = Shape(settings.integers)
      guard inputs[0].broadcast(with: target) == target else {
        throw .shapeMismatch(operation: "broadcast", inputs[0], target)
      }
      return target
    },
    type: ElementType.same, linearInputs: 1,
    simplification: { graph, x, settings in
      if graph[x[0]].shape.dimensions == settings.integers { return x[0] }
      return graph.broadcastSource(x[0]).flatMap { try? graph.apply(.broadcast, [$0], settings) }
    },
    pullback: { f, _ in f.dy })

  /// Attributes: the new sizes.
  package static let reshape: Operation = Operation(
    "reshape", arity: 1, summary: "The same elements in the same order under another shape.",
    notation: .silent, kernel: .view,
    shape: { inputs, settings throws(TensorError) in
      let target = Shape(settings.integers)
      guard target.count == inputs[0].count, settings.integers.allSatisfy({ $0 >= 0 }) else {
        throw .invalid(
          operation: "reshape",
          message:
            "\(inputs[0]) has \(inputs[0].count) elements, \(target) would need another number",
          help: "one size may be -1: it is worked out from the others")
      }
      return target
    },
    type: ElementType.same, linearInputs: 1,
    simplification: { graph, x, settings in
      if graph[x[0]].shape.dimensions == settings.integers { return x[0] }
      if graph[x[0]].shape.isScalar { return try? graph.apply(.broadcast, x, settings) }
      if let inner = graph.operand(of: x[0], if: .reshape) {
        return try? graph.apply(.reshape, [inner], settings)
      }
      if let inner = graph.broadcastSource(x[0]), graph[inner].shape.isScalar {
        return try? graph.apply(.broadcast, [inner], settings)
      }
      return nil
    },
    pullback: { f, _ throws(TensorError) in try f.dy.reshaped(f.a.shape) })

  package static let transpose: Operation = Operation(
    "transpose", arity: 1, summary: "The matrix with rows and columns exchanged.",
    notation: .postfix(symbol: "T"), kernel: .rearrange { permuteAxes($0, [-1, -2]) },
    path: { walk, _ in walk.permuted([-1, -2]) },
    shape: { inputs, _ throws(TensorError) in
      guard inputs[0].rank >= 2 else {
        throw .wrongRank(operation: "transpose", inputs[0], expected: "a matrix")
      }
      var sizes = inputs[0].dimensions
      sizes.swapAt(sizes.count - 1, sizes.count - 2)
      return Shape(sizes)
    },
    type: ElementType.same, linearInputs: 1,
    simplification: { graph, x, _ in
      if let inner = graph.operand(of: x[0], if: .transpose) { return inner }
      guard let inner = graph.broadcastSource(x[0]), graph[inner].shape.isScalar,
        graph[x[0]].shape.rank >= 2
      else { return nil }
      var sizes = graph[x[0]].shape.dimensions
      sizes.swapAt(sizes.count - 1, sizes.count - 2)
      return try? graph.apply(.broadcast, [inner], Attributes(integers: sizes))
    },
    pullback: { f, _ throws(TensorError) in try f.dy.transposed() })

  /// Attributes: for each of the last axes of the result, which axis of the input it is.
  package static let permute: Operation = Operation(
    "permute", arity: 1, summary: "The axes in another order.",
    kernel: .rearrange { permuteAxes($0, $0.attributes.integers) },
    path: { $0.permuted($1.integers) },
    shape: { inputs, settings throws(TensorError) in
      let order = settings.integers
      guard order.count <= inputs[0].rank, order.sorted() == Array(-order.count..<0) else {
        throw .invalid(
          operation: "transpose", message: "every axis is to be named once",
          help: "\(inputs[0]) has \(inputs[0].rank) axes")
      }
      let sizes = inputs[0].dimensions
      return Shape(sizes.dropLast(order.count) + order.map { sizes[sizes.count + $0] })
    },
    type: ElementType.same, linearInputs: 1,
    simplification: { graph, x, settings in
      let order = settings.integers
      if order == Array(-order.count..<0) { return x[0] }
      return order == [-1, -2] ? try? graph.apply(.transpose, x) : nil
    },
    pullback: { f, _ throws(TensorError) in
      let order = f.attributes.integers
      var inverse = order
      for (place, axis) in order.enumerated() { inverse[order.count + axis] = place - order.count }
      return try f.dy.then(.permute, Attributes(integers: inverse))
    })

  /// Attributes: the axis.
  package static let concatenate: Operation = Operation(
    "concat", arity: variadic, summary: "Tensors joined along an axis they have.",
    kernel: .rearrange(joinAlongAxis),
    shape: { inputs, settings throws(TensorError) in
      guard let axis = settings.integers.first, let first = inputs[0].size(axis) else {
        throw .wrongRank(operation: "concat", inputs[0], expected: "a tensor with that axis")
      }
      var sizes = inputs[0].dimensions
      let place = sizes.count + axis
      var total = first
      for shape in inputs.dropFirst() {
        guard let size = shape.size(axis), shape.rank == sizes.count else {
          throw .shapeMismatch(operation: "concat", inputs[0], shape)
        }
        sizes[place] = size
        guard shape.dimensions == sizes,
          case (let sum, let over) = total.addingReportingOverflow(size),
          !over
        else { throw .shapeMismatch(operation: "concat", inputs[0], shape) }
        total = sum
      }
      sizes[place] = total
      return Shape(sizes)
    },
    type: ElementType.same,
    simplification: { _, x, _ in x.count == 1 ? x[0] : nil },
    pullback: { f, operand throws(TensorError) in
      let axis = f.attributes.integers[0]
      let start = f.inputs[..<operand].reduce(0) { $0 + ($1.shape.size(axis) ?? 0) }
      let size = f.inputs[operand].shape.size(axis) ?? 0
      return try f.dy.sliced(axis: axis, from: start, count: size)
    })

  /// Attributes: the new axis, counted from the end of the result.
  package static let stack: Operation = Operation(
    "stack", arity: variadic, summary: "Tensors of one shape put side by side along a new axis.",
    kernel: .rearrange(joinAlongAxis),
    shape: { inputs, settings throws(TensorError) in
      for shape in inputs where shape != inputs[0] {
        throw .shapeMismatch(operation: "stack", inputs[0], shape)
      }
      var sizes = inputs[0].dimensions
      guard let axis = settings.integers.first, axis < 0, -axis <= sizes.count + 1 else {
        throw .axisOutOfRange(axis: settings.integers.first ?? 0, inputs[0])
      }
      sizes.insert(inputs.count, at: sizes.count + 1 + axis)
      return Shape(sizes)
    },
    type: ElementType.same,
    pullback: { f, operand throws(TensorError) in
      try f.dy.sliced(axis: f.attributes.integers[0], from: operand, count: 1)
        .reshaped(f.a.shape)
    })

  package static let stopGradient: Operation = Operation(
    "stop_gradient", arity: 1, summary: "The value, through which no gradient passes.",
    kernel: .view, shape: { inputs, _ in inputs[0] }, type: ElementType.same,
    simplification: { graph, x, _ in graph.operand(of: x[0], if: .stopGradient) == nil ? nil : x[0]
    },
    pullback: nil)

  /// A quantized value, say, with the gradient of the one it was made from.
  package static let straightThrough: Operation = Operation(
    "straight_through", arity: 2,
    summary: "The first value, with the gradient of the second passed straight through.",
    kernel: .composite { x, _ in x[0] },
    shape: { inputs, _ throws(TensorError) in
      guard inputs[0] == inputs[1] else {
        throw .shapeMismatch(operation: "straight_through", inputs[0], inputs[1])
      }
      return inputs[0]
    },
    type: { $0[0] },
    pullback: { f, operand in operand == 1 ? f.dy : nil })
}

// MARK: - Kernels

/// Output axis i (of the last ones) is input axis order[i], both counted from the end.
private func permuteAxes(_ call: KernelCall, _ order: [Int]) {
  let steps = call.inputShapes[0].strides
  let places = steps.dropLast(order.count) + order.map { steps[steps.count + $0] }
  call.outputShape.forEachOffset(Array(places)) { call.output[$0] = call.inputs[0][$1] }
}

/// Both concat and stack: the inputs' blocks take turns.
private func joinAlongAxis(_ call: KernelCall) {
  let axis = call.outputShape.rank + (call.attributes.integers.first ?? -1)
  let outer = Shape(Array(call.outputShape.dimensions[..<axis])).count
  guard outer > 0 else { return }
  var place = 0
  for block in 0..<outer {
    for input in call.inputs {
      let size = input.count / outer
      for i in 0..<size { call.output[place + i] = input[block * size + i] }
      place += size
    }
  }
}

// MARK: - Formulas

extension Term {
  func broadcast(to shape: Shape) throws(TensorError) -> Term {
    try then(.broadcast, Attributes(integers: shape.dimensions))
  }
  func reshaped(_ shape: Shape) throws(TensorError) -> Term {
    try then(.reshape, Attributes(integers: shape.dimensions))
  }
  func transposed() throws(TensorError) -> Term { try then(.transpose) }
}
