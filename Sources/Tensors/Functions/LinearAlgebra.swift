// Products of vectors and matrices, and what else is asked of a matrix.

extension Function {
  static let linear: [Function] = [
    Function(.matmul, ["a", "b"]),
    Function(.outer, ["a", "b"]),
    Function(
      "dot", [.tensor("a"), .tensor("b")],
      "The sum of the products of elements of two vectors, or the matrix product."
    ) { call throws(TensorError) in try call["a"].matmul(call["b"]) },
    Function(.solve, ["A", "b"]),
    Function(.inverse, ["A"]),
    Function(.determinant, ["A"]),
    Function(
      "diag", [.tensor("x")],
      "The matrix with a vector on its diagonal, or the diagonal of a matrix as a vector."
    ) { call throws(TensorError) in
      let x = try call["x"]
      guard x.shape.rank == 1 else { return try x.then(.diagonal) }
      return try x.then(.diagonalMatrix, Attributes(integers: [x.shape.count, x.shape.count]))
    },
    Function(
      "trace", [.tensor("A")], "The sum of the diagonal of a matrix.", formula: "sum(diag(A))"
    ) { call throws(TensorError) in try call["A"].then(.diagonal).sum() },
  ]
}
