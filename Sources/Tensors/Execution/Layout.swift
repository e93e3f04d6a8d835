// Where the elements of broadcast and reduced operands lie: strides, and a walk over a shape that
// keeps an offset into each operand.

package enum Layout {
  /// For each axis of `target`, how far apart neighbours are in a dense tensor of `shape`; 0 where
  /// the one element is repeated.
  static func strides(of shape: Shape, broadcastTo target: Shape) -> [Int] {
    var result = [Int](repeating: 0, count: target.rank)
    var step = 1
    for i in 0..<min(shape.rank, target.rank) {
      let size = shape.dimensions[shape.rank - 1 - i]
      result[target.rank - 1 - i] = size == 1 ? 0 : step
      step *= size
    }
    return result
  }

  /// The axes to fold, as a flag for each axis; none listed means all.
  static func folded(_ shape: Shape, axes: [Int]) -> [Bool] {
    var result = [Bool](repeating: axes.isEmpty, count: shape.rank)
    for axis in axes {
      let place = axis < 0 ? axis + shape.rank : axis
      if result.indices.contains(place) { result[place] = true }
    }
    return result
  }

  /// For each axis of `shape`, how far apart neighbours end up in the reduced result.
  static func strides(reducing shape: Shape, axes: [Int]) -> [Int] {
    let gone = folded(shape, axes: axes)
    var result = [Int](repeating: 0, count: shape.rank)
    var step = 1
    for i in gone.indices.reversed() where !gone[i] {
      result[i] = step
      step *= shape.dimensions[i]
    }
    return result
  }
}

/// Counts through the positions of a shape in row-major order.
struct Odometer {
  let shape: Shape

  init(_ shape: Shape) { self.shape = shape }

  /// Calls `body` with each position's index and its offset by each list of strides.
  func forEach(_ strides: [[Int]], _ body: (Int, [Int]) -> Void) {
    let dimensions = shape.dimensions
    var place = [Int](repeating: 0, count: dimensions.count)
    var offsets = [Int](repeating: 0, count: strides.count)
    for index in 0..<shape.count {
      body(index, offsets)
      var axis = dimensions.count - 1
      while axis >= 0 {
        place[axis] += 1
        for i in strides.indices { offsets[i] += strides[i][axis] }
        if place[axis] < dimensions[axis] { break }
        for i in strides.indices { offsets[i] -= strides[i][axis] * dimensions[axis] }
        place[axis] = 0
        axis -= 1
      }
    }
  }
}
