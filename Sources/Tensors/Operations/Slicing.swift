// Parts of a tensor by position: x[1:3, 0], and the padding that puts them back.

/// The part of one axis that a subscript takes: `count` elements from `start`, `step` apart.
package struct AxisSlice: Hashable, Sendable {
  package var start: Int
  package var count: Int
  package var step: Int
  /// x[0] takes the axis away, x[0:1] keeps it.
  package var dropsAxis: Bool

  package init(start: Int, count: Int, step: Int = 1, dropsAxis: Bool = false) {
    self.start = start
    self.count = count
    self.step = step
    self.dropsAxis = dropsAxis
  }

  /// The slices of the last axes, as attributes hold them.
  package static func decode(_ attributes: Attributes) -> [AxisSlice] {
    stride(from: 0, to: attributes.integers.count - 4, by: 5).map { i in
      let part = attributes.integers[i..<i + 5]
      return AxisSlice(
        start: part[i], count: part[i + 1], step: part[i + 2], dropsAxis: part[i + 3] != 0)
    }
  }

  /// Five integers an axis; the last is the axis's whole size, which the padding needs.
  package static func encode(_ slices: [AxisSlice], of shape: Shape) -> Attributes {
    let sizes = shape.dimensions.suffix(slices.count)
    return Attributes(
      integers: zip(slices, sizes).flatMap { slice, size in
        [slice.start, slice.count, slice.step, slice.dropsAxis ? 1 : 0, size]
      })
  }

  static func decodeSizes(_ attributes: Attributes) -> [Int] {
    stride(from: 4, to: attributes.integers.count, by: 5).map { attributes.integers[$0] }
  }
}

extension Operation {
  static let slicing = [slice, pad]

  /// Attributes: `AxisSlice.encode` of the last axes.
  package static let slice: Operation = Operation(
    "slice", arity: 1, summary: "The part of a tensor at given positions.", notation: .index,
    kernel: .rearrange { call in
      forEachSliced(call.inputShapes[0], call.attributes) { place, whole in
        call.output[place] = call.inputs[0][whole]
      }
    },
    path: { $0.sliced(AxisSlice.decode($1)) },
    shape: { inputs, settings throws(TensorError) in
      try slicedShape(inputs[0], settings).result
    },
    type: ElementType.same, linearInputs: 1,
    simplification: { graph, x, settings in
      guard let inner = graph.broadcastSource(x[0]), graph[inner].shape.isScalar,
        let parts = try? slicedShape(graph[x[0]].shape, settings)
      else { return nil }
      return try? graph.apply(.broadcast, [inner], Attributes(integers: parts.result.dimensions))
    },
    pullback: { f, _ throws(TensorError) in try f.dy.then(.pad, f.attributes) })

  /// Attributes: those of the slice it undoes.
  package static let pad: Operation = Operation(
    "pad", arity: 1, summary: "The elements put back where a slice took them; 0 elsewhere.",
    kernel: .rearrange { call in
      for i in call.output.indices { call.output[i] = 0 }
      forEachSliced(call.outputShape, call.attributes) { place, whole in
        call.output[whole] = call.inputs[0][place]
      }
    },
    shape: { inputs, settings throws(TensorError) in
      let kept = AxisSlice.decode(settings).filter { !$0.dropsAxis }.count
      let leading = inputs[0].dimensions.dropLast(kept)
      let whole = Shape(leading + AxisSlice.decodeSizes(settings))
      guard try slicedShape(whole, settings).result == inputs[0] else {
        throw .shapeMismatch(operation: "pad", inputs[0], whole)
      }
      return whole
    },
    type: ElementType.same, linearInputs: 1,
    pullback: { f, _ throws(TensorError) in try f.dy.then(.slice, f.attributes) })

  /// The result's shape, and its shape before axes are dropped.
  private static func slicedShape(
    _ shape: Shape, _ attributes: Attributes
  ) throws(TensorError) -> (result: Shape, kept: Shape) {
    let slices = AxisSlice.decode(attributes)
    guard slices.count <= shape.rank else {
      throw .wrongRank(
        operation: "[ ]", shape, expected: "at least \(slices.count) axes, one for each subscript")
    }
    let sizes = shape.dimensions.suffix(slices.count)
    for (slice, size) in zip(slices, sizes) where slice.count > 0 {
      let (span, over) = (slice.count - 1).multipliedReportingOverflow(by: slice.step)
      let (last, beyond) = slice.start.addingReportingOverflow(span)
      guard !over, !beyond, slice.start >= 0, slice.start < size, last >= 0, last < size else {
        throw .indexOutOfRange(index: slice.start, size: size)
      }
    }
    let leading = shape.dimensions.dropLast(slices.count)
    return (
      Shape(leading + slices.filter { !$0.dropsAxis }.map(\.count)),
      Shape(leading + slices.map(\.count))
    )
  }

  /// Calls `body` with each position of the part and where that is in the whole.
  private static func forEachSliced(
    _ whole: Shape, _ attributes: Attributes, _ body: (Int, Int) -> Void
  ) {
    guard let parts = try? slicedShape(whole, attributes) else { return }
    let slices = AxisSlice.decode(attributes)
    let leading = whole.rank - slices.count
    var steps = whole.strides
    var origin = 0
    for (i, slice) in slices.enumerated() {
      origin += slice.start * steps[leading + i]
      steps[leading + i] *= slice.step
    }
    parts.kept.forEachOffset(steps, from: origin, body)
  }
}

extension Term {
  /// Some neighbours along one axis, counted from the end; the axis stays.
  func sliced(axis: Int, from start: Int, count: Int) throws(TensorError) -> Term {
    var slices = [AxisSlice(start: start, count: count)]
    for size in shape.dimensions.suffix(-axis - 1) {
      slices.append(AxisSlice(start: 0, count: size))
    }
    return try then(.slice, AxisSlice.encode(slices, of: shape))
  }

  /// One element of a vector, one row of a matrix.
  func at(_ index: Int) throws(TensorError) -> Term {
    var slices = shape.dimensions.map { AxisSlice(start: 0, count: $0) }
    guard !slices.isEmpty else {
      throw .wrongRank(operation: "[ ]", shape, expected: "a tensor with an axis")
    }
    slices[0] = AxisSlice(start: index, count: 1, dropsAxis: true)
    return try then(.slice, AxisSlice.encode(slices, of: shape))
  }
}
