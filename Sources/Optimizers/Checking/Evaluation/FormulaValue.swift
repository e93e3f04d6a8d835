// A number, vector or matrix that a printed formula has, and arithmetic on them.
//
// Shapes follow the textbook: a vector is a column, x^T a row, W x a column, x y^T a matrix, a row times
// a column a number. Elementwise operations pair equal shapes or one number with anything; nothing else
// broadcasts, so a formula whose shapes do not fit is an error and never a larger tensor.

import Diagnostics
import Tensors

package struct FormulaValue: Sendable, Equatable {
  /// Sizes; empty for a number.
  package var dimensions: [Int]
  /// Row-major.
  package var elements: [Double]
  /// A vector written lying: `w^\top`.
  package var isRow = false
  /// Where its elements stand on a tape; nil for what depends on none of the variables there.
  var nodes: [NodeID]?

  /// - Parameter dimensions: their product is the number of elements.
  package init(_ elements: [Double], dimensions: [Int]) {
    self.elements = elements
    self.dimensions = dimensions
  }

  package init(_ number: Double) { self.init([number], dimensions: []) }

  package init(_ vector: [Double]) { self.init(vector, dimensions: [vector.count]) }

  /// Rows of equal lengths.
  package init(rows: [[Double]]) {
    self.init(rows.flatMap { $0 }, dimensions: [rows.count, rows.first?.count ?? 0])
  }

  /// A printed matrix; one with a single row is the row that x^T is.
  static func matrix(rows: Int, columns: Int, _ elements: [Double]) -> FormulaValue {
    guard rows == 1 else { return FormulaValue(elements, dimensions: [rows, columns]) }
    return FormulaValue(elements).transposed
  }

  /// The number, when it is one.
  package var scalar: Double? { dimensions.isEmpty ? elements.first : nil }

  package var isScalar: Bool { dimensions.isEmpty }

  /// A column or a row.
  package var isVector: Bool { dimensions.count == 1 }

  package var isFinite: Bool { elements.allSatisfy(\.isFinite) }

  package var sum: Double { elements.reduce(0, +) }

  package func hasShape(of other: FormulaValue) -> Bool {
    dimensions == other.dimensions && isRow == other.isRow
  }

  /// A matrix of one row and one column is a number.
  package var simplified: FormulaValue {
    guard elements.count == 1, isRow || dimensions.count == 2 else { return self }
    return moved([0], [])
  }

  // MARK: Elementwise

  /// The same shape with other elements, which depend on nothing.
  package func with(_ elements: [Double]) -> FormulaValue {
    var result = self
    result.elements = elements
    result.nodes = nil
    return result
  }

  /// Some of the elements, in another shape.
  private func moved(_ places: [Int], _ dimensions: [Int]) -> FormulaValue {
    var result = FormulaValue(places.map { elements[$0] }, dimensions: dimensions)
    if let nodes { result.nodes = places.map { nodes[$0] } }
    return result
  }

  package func map(_ body: (Double) -> Double) -> FormulaValue { with(elements.map(body)) }

  /// Elementwise; nil when the shapes do not fit.
  package func combined(with other: FormulaValue, _ body: (Double, Double) -> Double)
    -> FormulaValue?
  {
    if let number = other.scalar { return map { body($0, number) } }
    if let number = scalar { return other.map { body(number, $0) } }
    guard hasShape(of: other) else { return nil }
    return with(zip(elements, other.elements).map(body))
  }

  // MARK: Parts

  /// The part at a place along the first dimension; nil outside of it.
  package func part(_ place: Int) -> FormulaValue? {
    guard let count = dimensions.first, (0..<count).contains(place) else { return nil }
    let size = dimensions.dropFirst().reduce(1, *)
    let start = place * size
    guard start + size <= elements.count else { return nil }
    return moved(Array(start..<(start + size)), Array(dimensions.dropFirst()))
  }

  /// The element or row at indices that count from 1, as printed.
  func element(_ indices: [Int]) -> FormulaValue? {
    guard !indices.isEmpty else { return nil }
    if isRow, indices.count == 2, indices[0] == 1 { return part(indices[1] - 1) }
    var result = self
    for index in indices {
      guard let part = result.part(index - 1) else { return nil }
      result = part
    }
    return result
  }

  package var transposed: FormulaValue {
    guard dimensions.count == 2 else {
      var result = self
      if dimensions.count == 1 { result.isRow.toggle() }
      return result
    }
    let (rows, columns) = (dimensions[0], dimensions[1])
    let places = (0..<columns).flatMap { column in (0..<rows).map { $0 * columns + column } }
    return moved(places, [columns, rows])
  }

  // MARK: Products

  /// Rows and columns, a vector standing or lying; nil for more dimensions.
  var size: (rows: Int, columns: Int)? {
    switch dimensions.count {
    case 0: (1, 1)
    case 1: isRow ? (1, dimensions[0]) : (dimensions[0], 1)
    case 2: (dimensions[0], dimensions[1])
    default: nil
    }
  }

  /// Whether a product with another is too large to be worked out: no more than 10⁶ elements, and no
  /// more than 2·10⁷ multiplications.
  package func makesTooMuch(with other: FormulaValue) -> Bool {
    guard let (rows, inner) = size, let columns = other.size?.columns else { return true }
    let (count, isOver) = rows.multipliedReportingOverflow(by: columns)
    return isOver || count > 1_000_000 || inner > 20_000_000 / max(1, count)
  }

  /// The product of linear algebra, row by column, or a number times anything; nil when the shapes do
  /// not fit or it is too large.
  package func matrixProduct(_ other: FormulaValue) -> FormulaValue? {
    if isScalar || other.isScalar { return combined(with: other, *) }
    guard let (rows, inner) = size, let (height, columns) = other.size, inner == height,
      !makesTooMuch(with: other)
    else { return nil }
    var result = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for k in 0..<inner {
        let x = elements[row * inner + k]
        for column in 0..<columns {
          result[row * columns + column] += x * other.elements[k * columns + column]
        }
      }
    }
    switch (isVector, other.isVector) {
    case (_, true) where !other.isRow: return isRow ? FormulaValue(result[0]) : FormulaValue(result)
    case (true, false) where isRow: return FormulaValue(result).transposed
    default: return FormulaValue(result, dimensions: [rows, columns])
    }
  }

  /// a · b of two vectors of one length, however they lie.
  package func innerProduct(_ other: FormulaValue) -> FormulaValue? {
    guard isVector, other.isVector, elements.count == other.elements.count else { return nil }
    return FormulaValue(zip(elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// ‖x‖ of order 1, 2 or ∞.
  func norm(_ order: Double = 2) -> Double {
    if order == 1 { return elements.reduce(0) { $0 + abs($1) } }
    if order == .infinity { return elements.reduce(0) { FormulaFunctions.larger($0, abs($1)) } }
    return elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// By Gauss and Jordan with pivots; nil when it is singular, not square or larger than 8 by 8.
  var inverse: FormulaValue? {
    guard dimensions.count == 2, dimensions[0] == dimensions[1], dimensions[0] <= 8 else {
      return nil
    }
    let n = dimensions[0]
    var a = elements
    var b = [Double](repeating: 0, count: n * n)
    for i in 0..<n { b[i * n + i] = 1 }
    for c in 0..<n {
      guard let pivot = (c..<n).max(by: { abs(a[$0 * n + c]) < abs(a[$1 * n + c]) }),
        abs(a[pivot * n + c]) > 1e-300
      else { return nil }
      for j in 0..<n {
        a.swapAt(c * n + j, pivot * n + j)
        b.swapAt(c * n + j, pivot * n + j)
      }
      let scale = a[c * n + c]
      for j in 0..<n {
        a[c * n + j] /= scale
        b[c * n + j] /= scale
      }
      for i in 0..<n where i != c {
        let factor = a[i * n + c]
        for j in 0..<n {
          a[i * n + j] -= factor * a[c * n + j]
          b[i * n + j] -= factor * b[c * n + j]
        }
      }
    }
    return with(b)
  }

  /// For a sentence: `a number`, `[3]`, `[1, 3]` for a row, `[2, 3]`.
  package var shapeText: String {
    if isScalar { return "a number" }
    return "[" + ((isRow ? [1] : []) + dimensions).map(String.init).joined(separator: ", ") + "]"
  }
}
