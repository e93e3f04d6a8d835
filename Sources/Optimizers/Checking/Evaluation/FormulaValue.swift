// A number, vector or matrix that a printed formula has, and arithmetic on them.
//
// Elementwise operations pair equal shapes or one number with anything; nothing else broadcasts, so a
// formula whose shapes do not fit is an error and never a larger tensor.

import Diagnostics

package struct FormulaValue: Sendable, Equatable {
  /// Sizes; empty for a number.
  package var dimensions: [Int]
  /// Row-major.
  package var elements: [Double]
  /// A vector written lying: `w^\top`.
  package var isRow = false

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

  /// The number, when it is one.
  package var scalar: Double? { dimensions.isEmpty ? elements.first : nil }

  package var isScalar: Bool { dimensions.isEmpty }

  package func map(_ body: (Double) -> Double) -> FormulaValue {
    FormulaValue(elements.map(body), dimensions: dimensions)
  }

  /// Elementwise; nil when the shapes do not fit.
  package func combined(with other: FormulaValue, _ body: (Double, Double) -> Double)
    -> FormulaValue?
  {
    if let number = other.scalar { return map { body($0, number) } }
    if let number = scalar { return other.map { body(number, $0) } }
    guard dimensions == other.dimensions else { return nil }
    return FormulaValue(zip(elements, other.elements).map(body), dimensions: dimensions)
  }

  /// The part at a place along the first dimension; nil outside of it.
  package func part(_ place: Int) -> FormulaValue? {
    guard let count = dimensions.first, (0..<count).contains(place) else { return nil }
    let size = dimensions.dropFirst().reduce(1, *)
    let start = place * size
    guard start + size <= elements.count else { return nil }
    return FormulaValue(
      Array(elements[start..<(start + size)]), dimensions: Array(dimensions.dropFirst()))
  }

  package var sum: Double { elements.reduce(0, +) }

  package var transposed: FormulaValue {
    var result = self
    if dimensions.count == 1 { result.isRow.toggle() }
    if dimensions.count == 2 {
      let (rows, columns) = (dimensions[0], dimensions[1])
      for row in 0..<rows {
        for column in 0..<columns {
          result.elements[column * rows + row] = elements[row * columns + column]
        }
      }
      result.dimensions = [columns, rows]
    }
    return result
  }

  /// Whether a product with another is too large to be worked out: no more than 10⁶ elements, and no
  /// more than 2·10⁷ multiplications.
  package func makesTooMuch(with other: FormulaValue) -> Bool {
    let isOuter = dimensions.count == 1 && other.dimensions.count == 1 && !isRow && other.isRow
    let inner = isOuter ? 1 : dimensions.last ?? 1
    let rows = elements.count / max(1, inner)
    let columns = other.elements.count / max(1, inner)
    let (size, isOver) = rows.multipliedReportingOverflow(by: columns)
    return isOver || size > 1_000_000 || inner > 20_000_000 / max(1, size)
  }

  /// The product of linear algebra, row by column; nil when the shapes do not fit or it is too large.
  package func matrixProduct(_ other: FormulaValue) -> FormulaValue? {
    guard !makesTooMuch(with: other) else { return nil }
    switch (dimensions.count, other.dimensions.count) {
    case (1, 1):
      if isRow || !other.isRow {
        guard dimensions == other.dimensions else { return nil }
        return FormulaValue(zip(elements, other.elements).reduce(0) { $0 + $1.0 * $1.1 })
      }
      let rows = elements.map { a in other.elements.map { a * $0 } }
      return FormulaValue(rows: rows)
    case (2, 1):
      guard dimensions[1] == other.dimensions[0], !other.isRow else { return nil }
      let columns = dimensions[1]
      return FormulaValue(
        (0..<dimensions[0]).map { row in
          (0..<columns).reduce(0) { $0 + elements[row * columns + $1] * other.elements[$1] }
        })
    case (1, 2):
      guard isRow, dimensions[0] == other.dimensions[0],
        var result = other.transposed.matrixProduct(FormulaValue(elements))
      else { return nil }
      result.isRow = true
      return result
    case (2, 2):
      let (rows, inner, columns) = (dimensions[0], dimensions[1], other.dimensions[1])
      guard inner == other.dimensions[0] else { return nil }
      var result = [Double](repeating: 0, count: rows * columns)
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = 0.0
          for k in 0..<inner {
            sum += elements[row * inner + k] * other.elements[k * columns + column]
          }
          result[row * columns + column] = sum
        }
      }
      return FormulaValue(result, dimensions: [rows, columns])
    default: return nil
    }
  }

  /// `number`, `vector of 3`, `3 by 2 matrix`.
  package var shapeWords: String {
    switch dimensions.count {
    case 0: "a number"
    case 1: "a vector of \(dimensions[0])"
    case 2: "a \(dimensions[0]) by \(dimensions[1]) matrix"
    default: "an array of \(dimensions.count) dimensions"
    }
  }
}
