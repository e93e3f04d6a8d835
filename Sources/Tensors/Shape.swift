// The sizes of a tensor's axes.

/// The extent of each axis, outermost first; `[]` is a scalar.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  package let dimensions: [Int]

  /// The number of elements. Kept at `Int.max` when the product does not fit, which no tensor of
  /// that shape can then be made of (`Tensor.maximumCount`).
  package let count: Int

  package init(_ dimensions: [Int]) {
    self.dimensions = dimensions
    var product = 1
    var overflow = false
    for dimension in dimensions {
      let (value, over) = product.multipliedReportingOverflow(by: dimension)
      overflow = overflow || over
      product = over ? product : value
    }
    count = dimensions.contains(0) ? 0 : overflow ? Int.max : product
  }

  package init(arrayLiteral elements: Int...) { self.init(elements) }

  package static let scalar = Shape([])
  package var rank: Int { dimensions.count }
  package var isScalar: Bool { dimensions.isEmpty }

  /// NumPy's broadcasting: equal sizes, or 1, counted from the last axis; nil when they don't fit.
  package func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for i in 0..<rank {
      let a = i < self.rank ? dimensions[self.rank - 1 - i] : 1
      let b = i < other.rank ? other.dimensions[other.rank - 1 - i] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[rank - 1 - i] = a == 1 ? b : a
    }
    return Shape(result)
  }
}

extension Shape: CustomStringConvertible {
  package var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}

extension Shape {
  /// The shape that all broadcast to.
  package static func broadcast(_ shapes: [Shape]) -> Shape? {
    var result = Shape.scalar
    for shape in shapes {
      guard let both = result.broadcast(with: shape) else { return nil }
      result = both
    }
    return result
  }

  /// Axes counted from the end (-1 is the last), in order and each once. Either count is accepted.
  package func axesFromEnd(_ axes: [Int]) throws(TensorError) -> [Int] {
    var result: [Int] = []
    for axis in axes {
      guard axis >= -rank, axis < rank else { throw .axisOutOfRange(axis: axis, self) }
      let place = axis < 0 ? axis : axis - rank
      if !result.contains(place) { result.append(place) }
    }
    return result.sorted()
  }

  /// What is left after folding axes; none listed means all. `keeping` leaves them with size 1.
  package func reduced(_ axes: [Int], keeping: Bool) throws(TensorError) -> Shape {
    let folded = axes.isEmpty ? Array(-rank..<0) : try axesFromEnd(axes)
    var result: [Int] = []
    for (place, size) in dimensions.enumerated() {
      if !folded.contains(place - rank) {
        result.append(size)
      } else if keeping {
        result.append(1)
      }
    }
    return Shape(result)
  }

  /// How many elements are folded into one.
  package func count(over axes: [Int]) throws(TensorError) -> Int {
    if axes.isEmpty { return count }
    return Shape(try axesFromEnd(axes).map { dimensions[$0 + rank] }).count
  }

  /// The size of an axis counted from the end; nil beyond the first.
  package func size(_ axis: Int) -> Int? {
    axis < 0 && -axis <= rank ? dimensions[rank + axis] : nil
  }
}
