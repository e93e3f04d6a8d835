// Normalisation of rows and columns.

extension Function {
  static let normalisation: [Function] = [
    Function(
      "layer_norm",
      [
        .tensor("x"), .tensor("weight", .number(1)), .tensor("bias", .number(0)),
        .tensor("eps", .number(1e-5)),
      ],
      "Each row less its mean, divided by √(variance + eps), times weight plus bias; the variance"
        + " divides by n.",
      formula: "(x - mean(x, axis=-1, keepdims=true))/sqrt(var(x, axis=-1, keepdims=true) + eps)"
        + "*weight + bias"
    ) { call throws(TensorError) in try call.normalized([-1]) },
    Function(
      "batch_norm",
      [
        .tensor("x"), .tensor("weight", .number(1)), .tensor("bias", .number(0)),
        .tensor("eps", .number(1e-5)),
      ],
      "Each column less its mean over the batch, divided by √(variance + eps), times weight plus"
        + " bias; the variance divides by n.",
      formula: "(x - mean(x, axis=0))/sqrt(var(x, axis=0) + eps)*weight + bias"
    ) { call throws(TensorError) in try call.normalized([-call["x"].shape.rank]) },
    Function(
      "rms_norm",
      [.tensor("x"), .tensor("weight", .number(1)), .tensor("eps", .number(1e-5))],
      "Each row divided by √(mean of its squares + eps), times weight.",
      formula: "x/sqrt(mean(x^2, axis=-1, keepdims=true) + eps)*weight"
    ) { call throws(TensorError) in
      let x = try call["x"]
      let scale = try sqrt(square(x).mean([-1], keeping: true) + call["eps"])
      return try x / scale * call["weight"]
    },
  ]
}

extension Term {
  /// Less the mean, over √(variance + eps).
  func normalized(_ axes: [Int], eps: Term? = nil) throws(TensorError) -> Term {
    let centred = try self - mean(axes, keeping: true)
    let variance = try square(centred).mean(axes, keeping: true)
    return try centred / sqrt(eps.map { eps throws(TensorError) in try variance + eps } ?? variance)
  }
}

extension FunctionCall {
  fileprivate func normalized(_ axes: [Int]) throws(TensorError) -> Term {
    let x = try self["x"]
    guard !x.shape.isScalar else {
      throw .wrongRank(operation: function, x.shape, expected: "a vector or a matrix")
    }
    return try x.normalized(axes, eps: self["eps"]) * self["weight"] + self["bias"]
  }
}
