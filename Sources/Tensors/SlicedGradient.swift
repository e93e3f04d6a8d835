// The gradient of a tensor that was taken apart by slices, such as the moments of a sequence.
//
// Each slice's gradient, padded with zeros and added to the others, would cost the whole tensor once a
// slice. Where slices along one axis make up the whole, their gradients put side by side are the same
// numbers.

/// The gradients of the slices of one node.
struct SlicedGradient {
  private let node: NodeID
  /// Last first, as they come.
  private var parts: [(gradient: Term, attributes: Attributes)] = []

  init(of node: NodeID) { self.node = node }

  mutating func add(_ gradient: Term, _ attributes: Attributes) {
    parts.append((gradient, attributes))
  }

  /// The gradient of the node.
  func whole(in builder: GraphBuilder) throws(TensorError) -> Term {
    let shape = builder.graph[node].shape
    // The elements of a vector stay what a person would write: one sum.
    if parts.count > 1, shape.rank > 1, let (axis, order) = tiling(of: shape) {
      var pieces: [Term] = []
      for place in order {
        let slices = AxisSlice.decode(parts[place].attributes)
        let sizes = Array(shape.dimensions.dropLast(slices.count)) + slices.map(\.count)
        pieces.append(try parts[place].gradient.reshaped(Shape(sizes)))
      }
      return try builder.apply(.concatenate, pieces, Attributes(integers: [axis]))
    }
    var sum: Term?
    for part in parts {
      let padded = try part.gradient.then(.pad, part.attributes)
      sum = if let sum { try padded + sum } else { padded }
    }
    if let sum { return sum }
    return try builder.constant(0).broadcast(to: shape)
  }

  /// The axis, counted from the end, along which the parts lie side by side without a gap, and their
  /// order; nil where they do not.
  private func tiling(of shape: Shape) -> (axis: Int, order: [Int])? {
    var axis: Int?
    var starts: [(start: Int, count: Int, place: Int)] = []
    for (place, part) in parts.enumerated() {
      let slices = AxisSlice.decode(part.attributes)
      let first = shape.rank - slices.count
      guard first >= 0 else { return nil }
      var cut: Int?
      for (i, slice) in slices.enumerated() {
        let size = shape.dimensions[first + i]
        if slice.start == 0, slice.count == size, slice.step == 1, !slice.dropsAxis { continue }
        guard cut == nil, slice.step == 1 else { return nil }
        cut = first + i - shape.rank
        starts.append((slice.start, slice.count, place))
      }
      guard let cut, axis == nil || axis == cut else { return nil }
      axis = cut
    }
    guard let axis, let size = shape.size(axis) else { return nil }
    starts.sort { $0.start < $1.start }
    var next = 0
    for part in starts {
      guard part.start == next else { return nil }
      next += part.count
    }
    return next == size ? (axis, starts.map(\.place)) : nil
  }
}
