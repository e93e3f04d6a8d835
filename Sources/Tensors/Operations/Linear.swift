// Matrix products.

extension Operation {
  static let linear = [matmul, outer]

  /// As NumPy's `@`: a vector on the left is a row, on the right a column, and that axis is not in
  /// the result; leading axes broadcast.
  package static let matmul: Operation = Operation(
    "matmul", arity: 2, summary: "The matrix product.", notation: .infix(symbol: "@"),
    kernel: .matmul,
    shape: { inputs, _ throws(TensorError) in
      let (a, b) = (inputs[0], inputs[1])
      for shape in inputs where shape.rank == 0 {
        throw .wrongRank(operation: "@", shape, expected: "a vector or a matrix; * scales")
      }
      guard a.size(-1) == (b.size(-2) ?? b.size(-1)),
        let batch = Shape(a.dimensions.dropLast(2)).broadcast(with: Shape(b.dimensions.dropLast(2)))
      else { throw .shapeMismatch(operation: "@", a, b) }
      let rows = a.size(-2).map { [$0] } ?? []
      let columns = b.rank > 1 ? b.size(-1).map { [$0] } ?? [] : []
      return Shape(batch.dimensions + rows + columns)
    },
    linearInputs: 2,
    pullback: { f, operand throws(TensorError) in
      let (a, b, dy) = (f.a, f.b, f.dy)
      switch (a.shape.rank, b.shape.rank, operand) {
      case (1, 1, 0): return try b * dy
      case (1, 1, _): return try a * dy
      case (2, 1, 0): return try outer(dy, b)
      case (2, 1, _): return try a.transposed().matmul(dy)
      case (1, 2, 0): return try b.matmul(dy)
      case (1, 2, _): return try outer(a, dy)
      case (1, _, 0): return try b.matmul(dy.withAxis(-1)).withoutAxis(-1)
      case (1, _, _): return try a.withAxis(-1) * dy.withAxis(-2)
      case (_, 1, 0): return try dy.withAxis(-1) * b
      case (_, 1, _): return try a.transposed().matmul(dy.withAxis(-1)).withoutAxis(-1)
      case (_, _, 0):
        return try a.isTransposed
          ? b.matmul(dy.transposed()).transposed() : dy.matmul(b.transposed())
      case (_, 2, _) where a.shape.rank > 2:
        // One product of all rows, where there would be one for each matrix to be added up.
        return try slope(a.withRows(), dy.withRows(), b)
      default: return try slope(a, dy, b)
      }
    })

  /// The gradient aᵀ@dy for the second operand; of a transposed one, x@Wᵀ, it is (dyᵀ@x)ᵀ, so that
  /// what comes out for W itself is the product dyᵀ@x.
  private static func slope(_ a: Term, _ dy: Term, _ b: Term) throws(TensorError) -> Term {
    try b.isTransposed
      ? dy.transposed().matmul(a).transposed() : a.transposed().matmul(dy)
  }

  package static let outer: Operation = Operation(
    "outer", arity: 2, summary: "The matrix of all products of an element of each vector.",
    kernel: .composite { x, _ throws(TensorError) in try x[0].withAxis(-1) * x[1].withAxis(-2) },
    shape: { inputs, _ throws(TensorError) in
      for shape in inputs where shape.rank != 1 {
        throw .wrongRank(operation: "outer", shape, expected: "a vector")
      }
      return Shape(inputs.flatMap(\.dimensions))
    },
    linearInputs: 2,
    pullback: { f, operand throws(TensorError) in
      operand == 0 ? try f.dy.matmul(f.b) : try f.a.matmul(f.dy)
    })
}

extension Term {
  fileprivate var isTransposed: Bool { builder.graph.operand(of: id, if: .transpose) != nil }

  /// All matrices below each other as one.
  fileprivate func withRows() throws(TensorError) -> Term {
    let width = shape.size(-1) ?? 1
    return try reshaped([Shape(Array(shape.dimensions.dropLast())).count, width])
  }

  /// A new axis of size 1; -1 puts it last.
  func withAxis(_ axis: Int) throws(TensorError) -> Term {
    var sizes = shape.dimensions
    sizes.insert(1, at: max(0, sizes.count + 1 + axis))
    return try reshaped(Shape(sizes))
  }

  /// Takes away an axis of size 1.
  func withoutAxis(_ axis: Int) throws(TensorError) -> Term {
    guard shape.size(axis) == 1 else { return self }
    var sizes = shape.dimensions
    sizes.remove(at: sizes.count + axis)
    return try reshaped(Shape(sizes))
  }
}
