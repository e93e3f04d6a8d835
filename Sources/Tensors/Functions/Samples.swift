// Rows in another order, and overlapping pieces of a sequence.

extension Function {
  static let samples: [Function] = [
    Function(
      "shuffle", [.tensor("x"), .tensor("seed", .number(0))],
      "The rows (the first axis) in random order. The same seed puts tensors with as many rows in the"
        + " same order, so shuffle(X, seed=1) and shuffle(y, seed=1) stay paired; seed=t shuffles"
        + " anew at each step.",
      formula: "x[permutation(size(x, axis=0), seed=seed)]", isRandom: true
    ) { call throws(TensorError) in
      let x = try call["x"]
      guard let count = x.shape.dimensions.first else {
        throw .wrongRank(operation: "shuffle", x.shape, expected: "rows")
      }
      // Keyed by the session alone, not by the place of the call, so that pairs stay pairs.
      let key = RandomStream.key([call.arguments.randomKey.first ?? 0])
      let order = try call["seed"].then(
        .permutation, Attributes(integers: [Int(Int64(bitPattern: key)), count]))
      return try x.rows(order)
    },
    Function(
      "windows", [.tensor("x"), .integer("length"), .integer("stride", .integers([1]))],
      "The pieces of a sequence that are length long, a row each: row i begins at i·stride. Next"
        + " characters are learned from X = windows(d.codes[:-1], 8) and y = d.codes[8:].",
      formula: "x[stride*arange(n)[:, none] + arange(length)]"
    ) { call throws(TensorError) in
      let x = try call["x"]
      let (length, stride) = (try call.integer("length"), try call.integer("stride"))
      guard let size = x.shape.dimensions.first else {
        throw .wrongRank(operation: "windows", x.shape, expected: "a sequence")
      }
      guard length > 0, stride > 0 else { throw call.invalid("length and stride are at least 1") }
      guard length <= size else {
        throw call.invalid("a window of \(length) does not fit into \(size) elements")
      }
      let count = (size - length) / stride + 1
      let whole = Shape([count, length] + x.shape.dimensions.dropFirst())
      guard whole.count <= Tensor.maximumCount, Shape([count, length]).count <= Tensor.maximumCount
      else { throw .tooLarge(whole) }
      var places: [Double] = []
      places.reserveCapacity(count * length)
      for start in 0..<count {
        for step in 0..<length { places.append(Double(start * stride + step)) }
      }
      return try x.rows(
        call.builder.constant(Tensor(places, shape: [count, length], type: .int64)))
    },
  ]
}

extension Term {
  /// The rows at these positions.
  func rows(_ places: Term) throws(TensorError) -> Term {
    try builder.apply(.gather, [self, places], Attributes(integers: [-shape.rank]))
  }
}
