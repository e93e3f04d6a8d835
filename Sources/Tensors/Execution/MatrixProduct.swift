// The sizes of one application of `@`: how many products of which matrices.

/// NumPy's matrix product: a vector on the left is a row, on the right a column; leading axes are
/// broadcast.
struct MatrixProduct {
  let rows: Int
  let inner: Int
  let columns: Int
  /// Where each product's operands begin, in the order of the results.
  let batches: [(left: Int, right: Int)]

  init?(_ left: Shape, _ right: Shape) {
    let a = left.rank == 1 ? [1] + left.dimensions : left.dimensions
    let b = right.rank == 1 ? right.dimensions + [1] : right.dimensions
    guard a.count >= 2, b.count >= 2, a[a.count - 1] == b[b.count - 2] else { return nil }
    rows = a[a.count - 2]
    inner = a[a.count - 1]
    columns = b[b.count - 1]
    let leading = (Shape(Array(a.dropLast(2))), Shape(Array(b.dropLast(2))))
    guard let batch = leading.0.broadcast(with: leading.1) else { return nil }
    let strides = [
      Layout.strides(of: leading.0, broadcastTo: batch),
      Layout.strides(of: leading.1, broadcastTo: batch),
    ]
    var places: [(left: Int, right: Int)] = []
    let sizes = (rows * inner, inner * columns)
    Odometer(batch).forEach(strides) { _, offsets in
      places.append((left: offsets[0] * sizes.0, right: offsets[1] * sizes.1))
    }
    batches = places
  }

  /// A product with a vector folds each result in the canonical order of sums; one of two matrices
  /// adds its terms one after the other, many results side by side.
  var foldsInLanes: Bool { rows == 1 || columns == 1 }
}
