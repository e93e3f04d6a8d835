// A way through the elements of an array that a start and a stride for each axis describe:
// a transposition, a slice, a repetition. Found by watching where a kernel puts numbered elements.

/// Positions base + Σ place[i]·strides[i], for places counted through `sizes` row-major.
package struct IndexWalk: Hashable, Sendable {
  var base = 0
  var sizes: [Int]
  var strides: [Int]

  var count: Int { sizes.reduce(1, *) }

  /// The walk over an array of that shape in its own order.
  init(dense shape: Shape) {
    sizes = shape.dimensions
    strides = Layout.strides(of: shape, broadcastTo: shape)
  }

  init(base: Int, sizes: [Int], strides: [Int]) {
    self.base = base
    self.sizes = sizes
    self.strides = strides
  }

  /// The walk over `shape` that visits these positions, if there is one.
  init?(_ positions: [Int], shape: Shape) {
    guard shape.count == positions.count, let first = positions.first else { return nil }
    base = first
    sizes = shape.dimensions
    strides = [Int](repeating: 0, count: sizes.count)
    var step = 1
    for axis in sizes.indices.reversed() {
      if sizes[axis] > 1 { strides[axis] = positions[step] - first }
      step *= sizes[axis]
    }
    var agrees = true
    visit { index, position in agrees = agrees && positions[index] == position }
    if !agrees { return nil }
  }

  /// The same walk, with repetitions where `shape` is broadcast to `target`.
  func broadcast(to target: Shape) -> IndexWalk {
    var result = IndexWalk(
      base: base, sizes: target.dimensions, strides: [Int](repeating: 0, count: target.rank))
    for i in 0..<min(sizes.count, target.rank) where sizes[sizes.count - 1 - i] != 1 {
      result.strides[target.rank - 1 - i] = strides[sizes.count - 1 - i]
    }
    return result
  }

  /// Axis i of the result (of the last ones) is axis order[i], both counted from the end.
  func permuted(_ order: [Int]) -> IndexWalk {
    var result = self
    let first = sizes.count - order.count
    for (place, axis) in order.enumerated() {
      result.sizes[first + place] = sizes[sizes.count + axis]
      result.strides[first + place] = strides[sizes.count + axis]
    }
    return result
  }

  /// Some places of each of the last axes.
  func sliced(_ slices: [AxisSlice]) -> IndexWalk {
    let leading = sizes.count - slices.count
    var result = IndexWalk(
      base: base, sizes: Array(sizes[..<leading]), strides: Array(strides[..<leading]))
    for (slice, stride) in zip(slices, strides[leading...]) {
      result.base += slice.start * stride
      if slice.dropsAxis { continue }
      result.sizes.append(slice.count)
      result.strides.append(slice.count == 1 ? 0 : slice.step * stride)
    }
    return result
  }

  /// The same positions with as few axes as possible; at least one.
  var collapsed: IndexWalk {
    var result = IndexWalk(base: base, sizes: [], strides: [])
    for axis in sizes.indices where sizes[axis] != 1 {
      if let size = result.sizes.last, let stride = result.strides.last,
        stride == sizes[axis] * strides[axis]
      {
        result.sizes[result.sizes.count - 1] = size * sizes[axis]
        result.strides[result.strides.count - 1] = strides[axis]
      } else {
        result.sizes.append(sizes[axis])
        result.strides.append(strides[axis])
      }
    }
    if result.sizes.isEmpty {
      result.sizes = [1]
      result.strides = [0]
    }
    return result
  }

  /// Every position in order, from the first element.
  var isDense: Bool {
    let simple = collapsed
    return base == 0 && simple.sizes.count == 1 && (simple.strides[0] == 1 || simple.sizes[0] == 1)
  }

  /// One position, again and again.
  var isRepetition: Bool { strides.allSatisfy { $0 == 0 } }

  func visit(_ body: (_ index: Int, _ position: Int) -> Void) {
    var place = [Int](repeating: 0, count: sizes.count)
    var position = base
    for index in 0..<count {
      body(index, position)
      var axis = sizes.count - 1
      while axis >= 0 {
        place[axis] += 1
        position += strides[axis]
        if place[axis] < sizes[axis] { break }
        position -= strides[axis] * sizes[axis]
        place[axis] = 0
        axis -= 1
      }
    }
  }
}
