// Rounding to the few levels that small whole numbers can tell apart.

extension Function {
  static let quantization: [Function] = [
    Function(
      "quantize",
      [
        .tensor("x"), .integer("bits", .integers([8])), .flag("symmetric", true),
        .axes("axis", .absent),
      ],
      "x rounded to the levels that whole numbers of so many bits can hold, and scaled back. With"
        + " symmetric, scale = max|x|/(2^(bits-1) - 1) and the levels are scale·round(x/scale);"
        + " without, they lie evenly from min x to max x, 0 among them. With axis, each position along"
        + " that axis has a scale of its own. The gradient passes straight through.",
      formula: "round(x/scale)*scale"
    ) { call throws(TensorError) in
      let bits = try call.integer("bits")
      guard (2...24).contains(bits) else { throw call.invalid("bits are from 2 to 24") }
      let x = try call["x"]
      let axis = call.integers("axis") == nil ? 0 : try call.axis(of: x.shape)
      return try x.then(
        .quantize, Attributes(integers: [bits, axis], flag: call.flag("symmetric")))
    },
    Function(
      "fake_quantize",
      [
        .tensor("x"), .tensor("scale"), .tensor("zero_point", .number(0)),
        .tensor("low", .number(-128)), .tensor("high", .number(127)),
      ],
      "x as whole numbers round(x/scale) + zero_point kept within low and high, and scaled back. The"
        + " gradient passes where nothing was cut off, and is 0 elsewhere (PyTorch"
        + " fake_quantize_per_tensor_affine; with a scale for each channel,"
        + " fake_quantize_per_channel_affine).",
      formula: "(clip(round(x/scale) + zero_point, low, high) - zero_point)*scale"
    ) { call throws(TensorError) in
      let (x, scale, zero) = (try call["x"], try call["scale"], try call["zero_point"])
      let (low, high) = (try call["low"], try call["high"])
      let level = try round(x / scale) + zero
      let value = try (minimum(maximum(level, low), high) - zero) * scale
      guard value.shape == x.shape else {
        throw .shapeMismatch(operation: call.function, x.shape, scale.shape)
      }
      let isInside = try Operation.lessOrEqual(low, level) * Operation.lessOrEqual(level, high)
      return try Operation.straightThrough(value, select(isInside, x, 0))
    },
  ]
}
