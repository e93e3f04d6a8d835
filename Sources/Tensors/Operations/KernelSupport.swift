// Walks over dense row-major elements, for the kernels that are written out in Swift.

extension Shape {
  /// How far apart neighbours along each axis are.
  var strides: [Int] {
    var result = dimensions
    var step = 1
    for axis in dimensions.indices.reversed() {
      result[axis] = step
      step *= dimensions[axis]
    }
    return result
  }

  /// The elements along one axis, as lines: `count` of them, `step` apart.
  struct Lines {
    let count: Int
    let step: Int
    let starts: [Int]
  }

  /// The lines along an axis counted from the end.
  func lines(_ axis: Int) -> Lines {
    guard let count = size(axis) else {
      return Lines(count: 1, step: 1, starts: Array(0..<self.count))
    }
    let step = Shape(Array(dimensions.suffix(-axis - 1))).count
    let blocks = Shape(Array(dimensions.dropLast(-axis))).count
    return Lines(
      count: count, step: step,
      starts: (0..<blocks).flatMap { block in (0..<step).map { block * count * step + $0 } })
  }

  /// Calls `body` with 0, 1, … for each position in row-major order and the position's offset by
  /// other strides.
  func forEachOffset(_ strides: [Int], from origin: Int = 0, _ body: (Int, Int) -> Void) {
    guard count > 0 else { return }
    guard let inner = dimensions.last, let innerStep = strides.last else { return body(0, origin) }
    var place = [Int](repeating: 0, count: rank - 1)
    var offset = origin
    var index = 0
    while true {
      for i in 0..<inner { body(index + i, offset + i * innerStep) }
      index += inner
      var axis = rank - 2
      while axis >= 0 {
        place[axis] += 1
        offset += strides[axis]
        if place[axis] < dimensions[axis] { break }
        offset -= strides[axis] * dimensions[axis]
        place[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// Strides that repeat the elements of axes of size 1 and of missing ones.
  func strides(broadcastTo target: Shape) -> [Int] {
    var result = [Int](repeating: 0, count: target.rank)
    for (axis, step) in zip(dimensions.indices, strides) where dimensions[axis] != 1 {
      let place = target.rank - rank + axis
      if place >= 0 { result[place] = step }
    }
    return result
  }

  /// Strides into the result of folding axes, counted from the end; none listed means all.
  func strides(folding axes: [Int]) -> [Int] {
    let kept = dimensions.indices.filter { !axes.isEmpty && !axes.contains($0 - rank) }
    var result = [Int](repeating: 0, count: rank)
    for (axis, step) in zip(kept, Shape(kept.map { dimensions[$0] }).strides) {
      result[axis] = step
    }
    return result
  }
}
