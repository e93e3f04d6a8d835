// How a tensor is written: on one line inside a formula, as an aligned block where it stands alone.
//
// A tensor too large to be read is shown by its shape, first and last values and norm; which of the
// two is a matter of its number of elements alone, so that a line looks the same at every step.

import Diagnostics
import Engine
import Tensors

package struct TensorFormat: Sendable {
  /// More elements than this are summed up in a line of a formula.
  package static let mostInLine = 12
  /// More elements than this are summed up where the tensor stands alone.
  package static let mostAlone = 200

  package let digits: Int
  package let width: Int
  package let ascii: Bool

  package init(_ format: Format) {
    digits = max(1, min(format.digits, NumberFormat.mostDigits))
    width = format.width
    ascii = format.ascii
  }

  private init(_ other: TensorFormat, digits: Int) {
    self.digits = digits
    width = other.width
    ascii = other.ascii
  }

  /// The same with another number of significant digits.
  package func with(digits: Int) -> TensorFormat { TensorFormat(self, digits: digits) }

  /// One line: `3.5`, `[1, -2]`, `[[1, 2], [3, 4]]`; a summary when it is large.
  package func line(_ tensor: Tensor) -> String {
    tensor.elements.count > Self.mostInLine ? summary(tensor) : whole(tensor)
  }

  /// One line with every element, whatever their number.
  package func whole(_ tensor: Tensor) -> String {
    if let empty = empty(tensor) { return empty }
    return nested(elementTexts(tensor), dimensions: tensor.shape.dimensions[...])
  }

  /// Lines for a tensor that stands alone: matrices with their columns aligned, long rows folded.
  package func block(_ tensor: Tensor) -> [String] {
    if tensor.elements.count > Self.mostAlone {
      return Wrapping.lines(summary(tensor), width: width, indent: 2)
    }
    if let empty = empty(tensor) { return [empty] }
    let dimensions = tensor.shape.dimensions
    let texts = elementTexts(tensor)
    guard let columns = dimensions.last, columns > 0 else { return [whole(tensor)] }
    if columns == texts.count {
      let line = nested(texts, dimensions: dimensions[...])
      if line.count <= width { return [line] }
    }
    let aligned = rows(Column.aligned(texts, columns: columns), dimensions, perLine: columns)
    if aligned.allSatisfy({ $0.count <= width }) { return aligned }
    // Rows too long for a line: cells of one width, so that the parts of a row line up too.
    let cells = Column.aligned(texts)
    let cell = (cells.first?.count ?? 0) + 2
    return rows(cells, dimensions, perLine: max(1, (width - 2 * dimensions.count) / cell))
  }

  /// `[100, 1]: 0.13, -0.2, …, 1.4  (norm 9.8)`
  package func summary(_ tensor: Tensor) -> String {
    let values = tensor.elements
    guard values.count > 3 else { return whole(tensor) }
    func text(_ value: Double) -> String {
      NumberFormat.text(value, type: tensor.elementType, digits: digits)
    }
    let dots = ascii ? "..." : "…"
    let ends = "\(text(values[0])), \(text(values[1])), \(dots), \(text(values[values.count - 1]))"
    let size: String
    switch tensor.elementType {
    case .bool: size = "\(values.count { $0 != 0 }) of \(values.count) are 1"
    default: size = "norm " + NumberFormat.text(tensor.euclideanNorm, digits: digits)
    }
    return "\(tensor.shape): \(ends)  (\(size))"
  }

  private func empty(_ tensor: Tensor) -> String? {
    guard tensor.elements.isEmpty else { return nil }
    return tensor.shape.rank == 1 ? "[]" : "[]  (shape \(tensor.shape))"
  }

  private func elementTexts(_ tensor: Tensor) -> [String] {
    tensor.elements.map { NumberFormat.text($0, type: tensor.elementType, digits: digits) }
  }

  /// `texts` in brackets, a level for each dimension. Called with as many texts as the dimensions
  /// have elements, none of them 0; the depth is the rank.
  private func nested(_ texts: [String], dimensions: ArraySlice<Int>) -> String {
    guard let first = dimensions.first else { return texts.first ?? "" }
    guard dimensions.count > 1 else { return "[" + texts.joined(separator: ", ") + "]" }
    let size = texts.count / max(1, first)
    let parts = (0..<first).map {
      nested(Array(texts[$0 * size..<($0 + 1) * size]), dimensions: dimensions.dropFirst())
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  /// Rows of aligned texts, so many to a line, with the brackets of all outer dimensions around.
  private func rows(_ texts: [String], _ dimensions: [Int], perLine: Int) -> [String] {
    let rank = dimensions.count
    let columns = dimensions[rank - 1]
    let count = texts.count / columns
    var lines: [String] = []
    for row in 0..<count {
      // How many outer levels begin and end at this row.
      var opening = 1
      var closing = 1
      var size = 1
      for dimension in dimensions.dropLast().reversed() {
        size *= dimension
        if row % size == 0 { opening += 1 }
        if (row + 1) % size == 0 { closing += 1 }
      }
      for first in stride(from: 0, to: columns, by: perLine) {
        let last = min(first + perLine, columns)
        let body = texts[row * columns + first..<row * columns + last].joined(separator: ", ")
        let left = first == 0 ? opening : 0
        let isEnd = last == columns
        lines.append(
          String(repeating: " ", count: rank - left) + String(repeating: "[", count: left) + body
            + String(repeating: "]", count: isEnd ? closing : 0)
            + (isEnd && row + 1 == count ? "" : ","))
      }
    }
    return lines
  }
}

extension Tensor {
  /// The root of the sum of squares, also where the squares are too large or too small for a Double.
  package var euclideanNorm: Double {
    let sum = elements.reduce(0) { $0 + $1 * $1 }
    if sum.isNaN || (sum > 1e-280 && sum.isFinite) { return sum.squareRoot() }
    let largest = elements.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return largest }
    let scaled = elements.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }
    return largest * scaled.squareRoot()
  }
}
