// Single matrix products, operands transposed or not.

import Tensors

struct ProductCase {
  let rows: Int
  let inner: Int
  let columns: Int
  var transposesLeft = false
  var transposesRight = false

  var name: String {
    "product_\(rows)x\(inner)x\(columns)" + (transposesLeft || transposesRight ? "_" : "")
      + (transposesLeft ? "t" : "") + (transposesRight ? "T" : "")
  }
  var operations: Int { rows * inner * columns }

  static let all = [
    ProductCase(rows: 32, inner: 64, columns: 128, transposesRight: true),
    ProductCase(rows: 32, inner: 128, columns: 10, transposesRight: true),
    ProductCase(rows: 32, inner: 10, columns: 128),
    ProductCase(rows: 128, inner: 32, columns: 64, transposesLeft: true),
    ProductCase(rows: 10, inner: 32, columns: 128, transposesLeft: true),
    ProductCase(rows: 128, inner: 128, columns: 128),
    ProductCase(rows: 256, inner: 256, columns: 256),
    ProductCase(rows: 512, inner: 512, columns: 512, transposesRight: true),
    ProductCase(rows: 1024, inner: 1024, columns: 1024),
  ]

  /// The left operand is exchanged with another at each step, so that the product is done again.
  func subject(_ precision: Program.Precision, threads: Int) throws -> Subject {
    var f = Formulas()
    let left: Shape = transposesLeft ? [inner, rows] : [rows, inner]
    let right: Shape = transposesRight ? [columns, inner] : [inner, columns]
    let a = f.input("a", left)
    let other = f.input("c", left)
    let b = f.input("b", right)
    let product = try f.apply(
      .matmul, transposesLeft ? f.apply(.transpose, a) : a,
      transposesRight ? f.apply(.transpose, b) : b)
    func values(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { 0.01 * Double($0 % 101 - 50) }, shape: shape)
    }
    return Subject(
      program: try Program(
        graph: f.graph, outputs: [product],
        carries: [.init(from: a, to: other), .init(from: other, to: a)], precision: precision,
        threads: threads),
      start: [(values(left), a), (values(left), other), (values(right), b)], result: product)
  }
}
