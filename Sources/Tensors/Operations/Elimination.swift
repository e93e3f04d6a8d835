// Systems of linear equations, inverses and determinants, by Gaussian elimination with partial
// pivoting. A singular matrix gives NaN: whether one is singular is known only when numbers are in.

extension Operation {
  static let elimination = [solve, inverse, determinant, diagonal, diagonalMatrix]

  package static let solve: Operation = Operation(
    "solve", arity: 2,
    summary: "The x of A @ x = b, for a vector or the columns of a matrix; NaN if A is singular.",
    kernel: .general { call in
      let n = call.inputShapes[0].size(-1) ?? 0
      let factors = Factors(call.inputs[0], n)
      let columns = call.inputShapes[1].rank == 1 ? 1 : call.inputShapes[1].size(-1) ?? 0
      for column in 0..<columns {
        let b = (0..<n).map { call.inputs[1][$0 * columns + column] }
        for (row, x) in factors.solve(b).enumerated() { call.output[row * columns + column] = x }
      }
    },
    shape: { inputs, _ throws(TensorError) in
      let n = try squareSize("solve", inputs[0])
      guard inputs[1].rank == 1 || inputs[1].rank == 2 else {
        throw .wrongRank(operation: "solve", inputs[1], expected: "a vector or a matrix")
      }
      guard inputs[1].dimensions[0] == n else {
        throw .shapeMismatch(operation: "solve", inputs[0], inputs[1])
      }
      return inputs[1]
    },
    type: ElementType.real,
    pullback: { f, operand throws(TensorError) in
      let db = try solve(f.a.transposed(), f.dy)
      if operand == 1 { return db }
      return f.y.shape.rank == 1 ? try -outer(db, f.y) : try -(db.matmul(f.y.transposed()))
    })

  package static let inverse: Operation = Operation(
    "inv", arity: 1, summary: "The inverse of a matrix; NaN if it is singular.",
    kernel: .general { call in
      let n = call.inputShapes[0].size(-1) ?? 0
      let factors = Factors(call.inputs[0], n)
      for column in 0..<n {
        let unit = (0..<n).map { $0 == column ? 1.0 : 0 }
        for (row, x) in factors.solve(unit).enumerated() { call.output[row * n + column] = x }
      }
    },
    shape: { inputs, _ throws(TensorError) in
      _ = try squareSize("inv", inputs[0])
      return inputs[0]
    },
    type: ElementType.real,
    pullback: { f, _ throws(TensorError) in
      let transposed = try f.y.transposed()
      return try -(transposed.matmul(f.dy).matmul(transposed))
    })

  /// The derivative is the matrix of cofactors, computed from the inverse: NaN where that is.
  package static let determinant: Operation = Operation(
    "det", arity: 1, summary: "The determinant of a matrix.",
    kernel: .general { call in
      call.output[0] = Factors(call.inputs[0], call.inputShapes[0].size(-1) ?? 0).determinant
    },
    shape: { inputs, _ throws(TensorError) in
      _ = try squareSize("det", inputs[0])
      return .scalar
    },
    type: ElementType.real,
    pullback: { f, _ throws(TensorError) in try f.y * f.dy * inverse(f.a).transposed() })

  private static func squareSize(_ operation: String, _ shape: Shape) throws(TensorError) -> Int {
    guard shape.rank == 2, shape.dimensions[0] == shape.dimensions[1] else {
      throw .wrongRank(operation: operation, shape, expected: "a square matrix")
    }
    return shape.dimensions[0]
  }

  package static let diagonal: Operation = Operation(
    "diagonal", arity: 1, summary: "The elements of a matrix whose row and column are equal.",
    kernel: .rearrange { call in
      let columns = call.inputShapes[0].size(-1) ?? 0
      for i in call.output.indices { call.output[i] = call.inputs[0][i * (columns + 1)] }
    },
    shape: { inputs, _ throws(TensorError) in
      guard inputs[0].rank == 2 else {
        throw .wrongRank(operation: "diag", inputs[0], expected: "a vector or a matrix")
      }
      return [min(inputs[0].dimensions[0], inputs[0].dimensions[1])]
    },
    type: ElementType.same, linearInputs: 1,
    pullback: { f, _ throws(TensorError) in
      try f.dy.then(.diagonalMatrix, Attributes(integers: f.a.shape.dimensions))
    })

  /// Attributes: rows and columns.
  package static let diagonalMatrix: Operation = Operation(
    "diagonal_matrix", arity: 1, summary: "A matrix of zeros with a vector on its diagonal.",
    kernel: .rearrange { call in
      for i in call.output.indices { call.output[i] = 0 }
      let columns = call.outputShape.size(-1) ?? 0
      for i in call.inputs[0].indices { call.output[i * (columns + 1)] = call.inputs[0][i] }
    },
    shape: { inputs, settings throws(TensorError) in
      guard inputs[0].rank == 1, settings.integers.count == 2,
        settings.integers.min() == inputs[0].count
      else { throw .wrongRank(operation: "diag", inputs[0], expected: "a vector or a matrix") }
      return Shape(settings.integers)
    },
    type: ElementType.same, linearInputs: 1,
    pullback: { f, _ throws(TensorError) in try f.dy.then(.diagonal) })
}

/// A matrix as P·A = L·U, with L below the diagonal and U on and above it.
private struct Factors {
  private var entries: [Double]
  private var order: [Int]
  private var isOdd = false
  private let n: Int

  init(_ matrix: UnsafeBufferPointer<Double>, _ n: Int) {
    self.n = n
    entries = Array(matrix)
    order = Array(0..<n)
    for k in 0..<n {
      var pivot = k
      for i in k..<n where abs(entries[i * n + k]) > abs(entries[pivot * n + k]) { pivot = i }
      if pivot != k {
        for j in 0..<n { entries.swapAt(k * n + j, pivot * n + j) }
        order.swapAt(k, pivot)
        isOdd.toggle()
      }
      for i in k + 1..<max(n, k + 1) where entries[i * n + k] != 0 {
        let factor = entries[i * n + k] / entries[k * n + k]
        entries[i * n + k] = factor
        for j in k + 1..<n { entries[i * n + j] -= factor * entries[k * n + j] }
      }
    }
  }

  var determinant: Double {
    (0..<n).reduce(isOdd ? -1 : 1) { $0 * entries[$1 * n + $1] }
  }

  func solve(_ b: [Double]) -> [Double] {
    guard (0..<n).allSatisfy({ entries[$0 * n + $0] != 0 }) else {
      return [Double](repeating: .nan, count: n)
    }
    var x = order.map { b[$0] }
    for i in 0..<n {
      for j in 0..<i { x[i] -= entries[i * n + j] * x[j] }
    }
    for i in (0..<n).reversed() {
      for j in i + 1..<max(n, i + 1) { x[i] -= entries[i * n + j] * x[j] }
      x[i] /= entries[i * n + i]
    }
    return x
  }
}
