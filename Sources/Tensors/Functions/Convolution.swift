// Convolution and pooling of images [batch, channels, height, width].

extension Function {
  static let windows: [Function] = [
    Function(
      "conv2d",
      [
        .tensor("x"), .tensor("weight"), .tensor("bias", .absent),
        .axes("stride", .integers([1])), .axes("padding", .integers([0])),
      ],
      "The cross-correlation of images [n, C, H, W] with kernels [out, C, rows, columns], as in"
        + " PyTorch: each kernel is laid over each window, multiplied and summed; bias [out] is added."
        + " padding adds that many zeros around."
    ) { call throws(TensorError) in
      let (x, weight) = (try call["x"], try call["weight"])
      guard x.shape.rank == 4, weight.shape.rank == 4 else {
        let wrong = x.shape.rank == 4 ? weight : x
        throw .wrongRank(operation: "conv2d", wrong.shape, expected: "four axes")
      }
      let sizes = weight.shape.dimensions
      guard sizes[1] == x.shape.dimensions[1] else {
        throw .shapeMismatch(operation: "conv2d", x.shape, weight.shape)
      }
      let window = Window(
        rows: sizes[2], columns: sizes[3], stride: try call.pairOfSizes("stride"),
        padding: try call.pairOfSizes("padding"))
      let rows = try x.then(.patches, Attributes(integers: window.integers))
      let kernels = try weight.reshaped([sizes[0], Shape(Array(sizes[1...])).count])
      var result = try rows.matmul(kernels.transposed())
      if let bias = try call.optional("bias") { result = try result + bias }
      return try result.then(.permute, Attributes(integers: [-1, -3, -2]))
    },
    pooling(
      "maxpool",
      "The largest element of each window of images [n, C, H, W]; ties share the gradient."
    ) { windows throws(TensorError) in try windows.largest([-1]) },
    pooling("avgpool", "The mean of each window of images [n, C, H, W].") {
      windows throws(TensorError) in try windows.mean([-1])
    },
  ]

  private static func pooling(
    _ name: String, _ summary: String,
    _ fold: @escaping @Sendable (Term) throws(TensorError) -> Term
  ) -> Function {
    Function(
      name, [.tensor("x"), .axes("size"), .axes("stride", .absent)],
      summary + " The stride is the size unless it is given."
    ) { call throws(TensorError) in
      let x = try call["x"]
      let size = try call.pairOfSizes("size")
      let stride = call.integers("stride") == nil ? size : try call.pairOfSizes("stride")
      let window = Window(rows: size.0, columns: size.1, stride: stride, padding: (0, 0))
      // Each channel is an image of its own.
      guard x.shape.rank >= 2 else {
        throw .wrongRank(operation: name, x.shape, expected: "images [n, C, H, W]")
      }
      let images = try x.withAxis(-3)
      return try fold(images.then(.patches, Attributes(integers: window.integers)))
    }
  }
}

extension FunctionCall {
  /// Rows and columns, or one number for both.
  package func pairOfSizes(_ name: String) throws(TensorError) -> (Int, Int) {
    let list = integers(name) ?? []
    guard let first = list.first, let last = list.last, list.count <= 2 else {
      throw invalid("\(name) is one number, or one for rows and one for columns")
    }
    return (first, last)
  }
}
