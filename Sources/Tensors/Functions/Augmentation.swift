// Images changed at random, each in its own way, so that a network sees ever new ones.
//
// Images are [n, H, W] or [n, C, H, W]; rows of pixels say their size: size=[8, 8]. The draws are
// those of the seed: seed=t draws anew at each step, and what is evaluated on is simply not changed.

extension Function {
  private static let note =
    " Images are [n, H, W] or [n, C, H, W], or rows of pixels with size=[H, W]. seed=t draws anew at"
    + " each step."

  static let augmentation: [Function] = [
    Function(
      "flip",
      [
        .tensor("x"), .number("p", .number(0.5)), .tensor("seed", .number(0)),
        .axes("axis", .integers([-1])), .axes("size", .absent),
      ],
      "Each image mirrored with probability p: left to right, with axis=-2 upside down." + note,
      isRandom: true
    ) { call throws(TensorError) in
      let images = try call.images()
      let axis = try call.integer("axis")
      guard axis == -1 || axis == -2, let size = images.shape.size(axis) else {
        throw call.invalid("axis is -1 (left to right) or -2 (upside down)")
      }
      let p = try call.number("p")
      guard p >= 0, p <= 1 else { throw call.invalid("p is a probability") }
      let backwards = (0..<size).reversed().map(Double.init)
      let mirrored = try call.builder.apply(
        .gather, [images, call.builder.constant(Tensor(backwards, shape: [size], type: .int64))],
        Attributes(integers: [axis]))
      let count = images.shape.dimensions[0]
      let isFlipped = try call.random(.uniform, Shape([count, 1, 1, 1])).isBelow(p)
      return try select(isFlipped, mirrored, images).reshaped(call["x"].shape)
    },
    Function(
      "shift",
      [
        .tensor("x"), .integer("by", .integers([1])), .tensor("seed", .number(0)),
        .axes("size", .absent),
      ],
      "Each image moved by a whole number of pixels from -by to by, drawn evenly for rows and for"
        + " columns; zeros come in." + note,
      isRandom: true
    ) { call throws(TensorError) in
      let images = try call.images()
      let by = try call.integer("by")
      guard by >= 0, by <= 1 << 20 else { throw call.invalid("by is a number of pixels") }
      return try call.moved(images, by).reshaped(call["x"].shape)
    },
    Function(
      "add_noise",
      [.tensor("x"), .tensor("std", .number(0.1)), .tensor("seed", .number(0))],
      "Each element plus a number drawn from the normal distribution with standard deviation std."
        + " seed=t draws anew at each step.",
      formula: "x + std*randn(shape(x), seed=seed)", isRandom: true
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try x + call["std"] * call.random(.normal, x.shape)
    },
  ]
}

extension FunctionCall {
  /// x as [n, C, H, W].
  fileprivate func images() throws(TensorError) -> Term {
    let x = try self["x"]
    let sizes = x.shape.dimensions
    if let size = integers("size") {
      guard (2...3).contains(size.count), size.allSatisfy({ $0 > 0 }), let count = sizes.first,
        Shape(Array(sizes.dropFirst())).count == Shape(size).count
      else {
        throw invalid(
          "images of size \(Shape(size)) do not fit into rows of shape"
            + " \(Shape(Array(sizes.dropFirst())))", help: "size=[H, W] or size=[C, H, W]")
      }
      return try x.reshaped(Shape([count] + (size.count == 2 ? [1] : []) + size))
    }
    switch sizes.count {
    case 3: return try x.reshaped(Shape([sizes[0], 1, sizes[1], sizes[2]]))
    case 4: return x
    default:
      throw .wrongRank(
        operation: function, x.shape,
        expected: "images [n, H, W] or [n, C, H, W], or size=[H, W] with rows of pixels")
    }
  }

  /// Each image moved by its own draws; what comes in is 0.
  fileprivate func moved(_ images: Term, _ by: Int) throws(TensorError) -> Term {
    let sizes = images.shape.dimensions
    let (count, channels, height, width) = (sizes[0], sizes[1], sizes[2], sizes[3])
    let draws = try random(
      .integers, Shape([2, count, 1, 1, 1]), numbers: [Double(-by), Double(2 * by + 1)])
    func draw(_ place: Int) throws(TensorError) -> Term {
      let slices = draws.shape.dimensions.enumerated().map { axis, size in
        axis == 0
          ? AxisSlice(start: place, count: 1, dropsAxis: true) : AxisSlice(start: 0, count: size)
      }
      return try draws.then(.slice, AxisSlice.encode(slices, of: draws.shape))
    }
    func numbers(_ count: Int, times factor: Int, shape: Shape) -> Term {
      builder.constant(Tensor((0..<count).map { Double($0 * factor) }, shape: shape))
    }
    let rows = try numbers(height, times: 1, shape: [1, 1, height, 1]) - draw(0)
    let columns = try numbers(width, times: 1, shape: [1, 1, 1, width]) - draw(1)
    let row = try minimum(maximum(rows, 0), Double(height - 1))
    let column = try minimum(maximum(columns, 0), Double(width - 1))
    let isInside = try row.equals(rows) * column.equals(columns)
    let start = numbers(
      count * channels, times: height * width, shape: Shape([count, channels, 1, 1]))
    let places = try start + row * Double(width) + column
    let flat = try images.reshaped(Shape([images.shape.count]))
    let whole = try places.broadcast(to: images.shape)
    return try flat.rows(whole) * isInside
  }
}
