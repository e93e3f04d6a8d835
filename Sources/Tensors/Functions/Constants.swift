// Tensors made from nothing: zeros, ones, ranges.

extension Function {
  static let constants: [Function] = [
    Function("zeros", [.shape()], "A tensor of zeros: zeros(3), zeros(2, 3).") {
      call throws(TensorError) in
      try call.builder.constant(0).broadcast(to: call.shape())
    },
    Function("ones", [.shape()], "A tensor of ones.") { call throws(TensorError) in
      try call.builder.constant(1).broadcast(to: call.shape())
    },
    Function(
      "full", [.shape(isVariadic: false), .tensor("value")],
      "A tensor with the same value everywhere: full([2, 3], 7)."
    ) { call throws(TensorError) in
      try call["value"].broadcast(to: call.shape())
    },
    Function("zeros_like", [.tensor("x")], "Zeros in the shape of x.") { call throws(TensorError) in
      try call.builder.constant(0).broadcast(to: call["x"].shape)
    },
    Function("ones_like", [.tensor("x")], "Ones in the shape of x.") { call throws(TensorError) in
      try call.builder.constant(1).broadcast(to: call["x"].shape)
    },
    Function(
      "eye", aliases: ["identity"], [.integer("n")],
      "The identity matrix of n rows and columns."
    ) { call throws(TensorError) in
      let n = try call.integer("n")
      return try call.constant(shape: [n, n]) { $0 / n == $0 % n ? 1 : 0 }
    },
    Function(
      "arange", [.number("start"), .number("stop", .absent), .number("step", .number(1))],
      "Numbers from start (0 if only one is given) up to, but without, stop."
    ) { call throws(TensorError) in
      var start = try call.number("start")
      let end = try? call.number("stop")
      let stop = end ?? start
      if end == nil { start = 0 }
      let step = try call.number("step")
      let count = ((stop - start) / step).rounded(.up)
      guard step != 0, count.isFinite, count <= Double(Tensor.maximumCount) else {
        throw call.invalid("from \(start) to \(stop) by \(step) is not a list of numbers")
      }
      let isWhole = [start, stop, step].allSatisfy { $0 == $0.rounded() }
      return try call.constant(
        shape: [count > 0 ? Int(count) : 0], type: isWhole ? .int64 : .float64
      ) {
        start + Double($0) * step
      }
    },
    Function(
      "linspace", [.number("start"), .number("stop"), .integer("n", .integers([50]))],
      "n numbers evenly spaced from start to stop, both included."
    ) { call throws(TensorError) in
      let (start, stop) = (try call.number("start"), try call.number("stop"))
      let n = try call.integer("n")
      return try call.constant(shape: [n]) { evenlySpaced(start, stop, n, $0) }
    },
    Function(
      "logspace",
      [
        .number("start"), .number("stop"), .integer("n", .integers([50])),
        .tensor("base", .number(10)),
      ],
      "base to the power of n numbers evenly spaced from start to stop."
    ) { call throws(TensorError) in
      let (start, stop) = (try call.number("start"), try call.number("stop"))
      let n = try call.integer("n")
      let exponents = try call.constant(shape: [n]) { evenlySpaced(start, stop, n, $0) }
      return try call["base"].power(exponents)
    },
  ]
}

/// The last one is exactly `stop`.
private func evenlySpaced(_ start: Double, _ stop: Double, _ n: Int, _ i: Int) -> Double {
  i == n - 1 && n > 1 ? stop : start + Double(i) * ((stop - start) / Double(max(n - 1, 1)))
}

extension FunctionCall {
  /// Sizes that a tensor can have.
  func shape(_ name: String = "shape") throws(TensorError) -> Shape {
    let sizes = integers(name) ?? []
    guard sizes.allSatisfy({ $0 >= 0 }) else { throw invalid("sizes are not negative") }
    let shape = Shape(sizes)
    guard shape.count <= Tensor.maximumCount else { throw .tooLarge(shape) }
    return shape
  }

  fileprivate func constant(
    shape: Shape, type: ElementType = .float64, _ element: (Int) -> Double
  ) throws(TensorError) -> Term {
    guard shape.dimensions.allSatisfy({ $0 >= 0 }) else { throw invalid("sizes are not negative") }
    guard shape.count <= Tensor.maximumCount else { throw .tooLarge(shape) }
    return builder.constant(Tensor((0..<shape.count).map(element), shape: shape, type: type))
  }
}
