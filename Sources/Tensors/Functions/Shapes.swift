// Functions that give a tensor another shape, join tensors, or say how large one is.

extension Function {
  static let shapes: [Function] = [
    Function(
      "reshape", [.tensor("x"), .shape()],
      "The same elements in the same order under other sizes; one size may be -1, to be worked out."
    ) { call throws(TensorError) in
      let x = try call["x"]
      var sizes = call.integers("shape") ?? []
      guard sizes.filter({ $0 == -1 }).count <= 1 else {
        throw call.invalid("only one size may be -1")
      }
      if let place = sizes.firstIndex(of: -1) {
        sizes[place] = 1
        let rest = Shape(sizes).count
        guard rest > 0, x.shape.count % rest == 0 else {
          throw call.invalid("\(x.shape.count) elements do not divide into groups of \(rest)")
        }
        sizes[place] = x.shape.count / rest
      }
      return try x.reshaped(Shape(sizes))
    },
    Function(
      "flatten", [.tensor("x"), .integer("start", .integers([0]))],
      "All axes from start on made one.", formula: "reshape(x, size(x))"
    ) { call throws(TensorError) in
      let x = try call["x"]
      let start = try call.integer("start")
      guard start >= 0, start <= x.shape.rank else {
        throw .axisOutOfRange(axis: start, x.shape)
      }
      let rest = Shape(Array(x.shape.dimensions[start...]))
      return try x.reshaped(Shape(x.shape.dimensions[..<start] + [rest.count]))
    },
    Function(
      "transpose", [.tensor("x"), .axes("axes")],
      "The axes in the order given; without one, in reverse order: rows and columns exchanged."
    ) { call throws(TensorError) in
      let x = try call["x"]
      let rank = x.shape.rank
      guard let axes = call.integers("axes") else {
        return try x.then(.permute, Attributes(integers: (-rank..<0).reversed()))
      }
      var order: [Int] = []
      for axis in axes {
        guard axis >= -rank, axis < rank else { throw .axisOutOfRange(axis: axis, x.shape) }
        order.append(axis < 0 ? axis : axis - rank)
      }
      return try x.then(.permute, Attributes(integers: order))
    },
    Function(
      "broadcast", aliases: ["expand"], [.tensor("x"), .shape()],
      "The elements repeated along axes of size 1 or missing ones."
    ) { call throws(TensorError) in
      try call["x"].broadcast(to: Shape(call.integers("shape") ?? []))
    },
    Function(
      "concat", aliases: ["concatenate"], [.tensors("x"), .axes("axis", .integers([0]))],
      "Tensors joined along an axis they have."
    ) { call throws(TensorError) in
      let parts = call.all("x")
      let axis = try call.axis(of: parts.first?.shape ?? .scalar)
      return try call.builder.apply(.concatenate, parts, Attributes(integers: [axis]))
    },
    Function(
      "stack", [.tensors("x"), .axes("axis", .integers([0]))],
      "Tensors of one shape put side by side along a new axis."
    ) { call throws(TensorError) in
      let parts = call.all("x")
      let shape = Shape((parts.first?.shape.dimensions ?? []) + [1])
      let axis = try call.axis(of: shape)
      return try call.builder.apply(.stack, parts, Attributes(integers: [axis]))
    },
    Function(
      "size", [.tensor("x"), .axes("axis")],
      "The number of elements; with axis, the size of that axis."
    ) { call throws(TensorError) in
      let shape = try call["x"].shape
      guard call.integers("axis") != nil else { return call.count(shape.count) }
      return call.count(shape.size(try call.axis(of: shape)) ?? 0)
    },
    Function("rank", [.tensor("x")], "The number of axes.") { call throws(TensorError) in
      try call.count(call["x"].shape.rank)
    },
    Function("rows", [.tensor("x")], "The size of the last axis but one; of a vector, its size.") {
      call throws(TensorError) in
      let shape = try call["x"].shape
      return call.count(shape.size(-2) ?? shape.count)
    },
    Function("cols", [.tensor("x")], "The size of the last axis of a matrix; 1 for a vector.") {
      call throws(TensorError) in
      let shape = try call["x"].shape
      return call.count(shape.rank > 1 ? shape.size(-1) ?? 1 : 1)
    },
    Function("shape", [.tensor("x")], "The sizes of the axes, as a vector.") {
      call throws(TensorError) in
      let sizes = try call["x"].shape.dimensions
      return call.builder.constant(
        Tensor(sizes.map(Double.init), shape: [sizes.count], type: .int64))
    },
  ]
}

extension FunctionCall {
  fileprivate func count(_ number: Int) -> Term {
    builder.constant(Tensor(Double(number), type: .int64))
  }
}
