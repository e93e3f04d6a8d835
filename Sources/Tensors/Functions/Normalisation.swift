// Normalisation of rows and columns, and rounding to few levels.

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
    Function(
      "quantize",
      [.tensor("x"), .integer("bits", .integers([8])), .flag("symmetric", true)],
      "x rounded to the levels that whole numbers of so many bits can hold, and scaled back. With"
        + " symmetric, scale = max|x|/(2^(bits-1) - 1) and the levels are scale·round(x/scale);"
        + " without, they lie evenly from min x to max x, 0 among them. The gradient passes straight"
        + " through.",
      formula: "round(x/scale)*scale"
    ) { call throws(TensorError) in
      let bits = try call.integer("bits")
      guard (2...24).contains(bits) else { throw call.invalid("bits are from 2 to 24") }
      return try call["x"].quantized(bits, symmetric: call.flag("symmetric"))
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

  fileprivate func quantized(_ bits: Int, symmetric: Bool) throws(TensorError) -> Term {
    let levels: Term
    if symmetric {
      let scale = try abs(self).largest() / Double(1 << (bits - 1) - 1)
      levels = try select(scale.equals(0), 0, round(self / scale) * scale)
    } else {
      // The range is widened to hold 0, so that zeros stay zeros.
      let low = try minimum(then(.smallest), 0)
      let top = Double(1 << bits - 1)
      let scale = try (maximum(largest(), 0) - low) / top
      let zero = try round(low / scale)
      let level = try minimum(maximum(round(self / scale) - zero, 0), top)
      levels = try select(scale.equals(0), 0, (level + zero) * scale)
    }
    return try Operation.straightThrough(levels, self)
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
