// A formula with its numbers put in, such that the line can be checked with a calculator:
// `0.9·[0, 0] + (1 - 0.9)·[-4, -6]` and what it comes to, `[-0.4, -0.6]`.
//
// What a person gets from the numbers shown is what is shown as the result. Where rounding the
// operands would spoil that, those that matter are shown with more digits; where even all digits do
// not help, the line says ≈.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

package struct NumbersPutIn: Sendable {
  /// The formula with numbers; nil where a tensor is too large to be shown in a line.
  package let numbers: String?
  /// The same as a formula; nil where `numbers` is.
  package let expression: Expression?
  /// Whether what is shown comes out when recomputed; true also where a calculator does not reach.
  package let agrees: Bool
  /// The result to the asked number of digits.
  package let result: String

  /// A formula longer than this with its numbers is no help to anyone.
  private static let mostColumns = 160

  /// - Parameters:
  ///   - expression: It may take single elements, `m[1]`, of its operands.
  ///   - operands: What each name of the expression stands for. Names not among them stay names.
  ///   - value: What the expression came to.
  package init(
    _ expression: Expression, operands: [Name: Tensor], value: Tensor, format: Format
  ) {
    let tensors = TensorFormat(format)
    result = tensors.line(value)
    var line = ShownLine(expression, operands: operands, value: value, tensors: tensors)
    guard line.isReadable, TextWidth.columns(of: line.text(format)) <= Self.mostColumns else {
      numbers = nil
      self.expression = nil
      agrees = true
      return
    }
    agrees = line.findDigits()
    numbers = line.text(format)
    self.expression = line.withNumbers()
  }

  /// `=`, or the sign for "about" where the figures shown do not reproduce the result.
  package func relation(_ format: Format) -> String {
    agrees ? "=" : format.ascii ? "~=" : "≈"
  }
}

/// A line while its digits are being decided.
private struct ShownLine {
  let expression: Expression
  let value: Tensor
  let tensors: TensorFormat
  /// A matrix with more elements than this, in brackets within brackets, is hard to read in a line.
  private static let mostInMatrix = 6
  /// What is replaced by numbers, by its ASCII text: `m`, `m[1]`.
  private var leaves: [(text: String, value: Tensor, digits: Int)] = []

  init(_ expression: Expression, operands: [Name: Tensor], value: Tensor, tensors: TensorFormat) {
    self.expression = expression
    self.value = value
    self.tensors = tensors
    collect(expression, operands)
  }

  var isReadable: Bool {
    value.elements.count <= TensorFormat.mostInLine
      && leaves.allSatisfy {
        $0.value.elements.count
          <= ($0.value.shape.rank > 1 ? Self.mostInMatrix : TensorFormat.mostInLine)
      }
  }

  /// Chooses the digits of each operand: as few as make the shown result come out. Returns whether
  /// it does; where a calculator does not reach, the digits stay as they are.
  mutating func findDigits() -> Bool {
    let whole = Recomputation.value(of: expression) { part in
      leafIndex(part).map { leaves[$0].value }
    }
    guard whole != nil else { return true }
    let fewest = tensors.digits
    let enough = (fewest...max(fewest, NumberFormat.mostDigits)).first { count in
      for i in leaves.indices { leaves[i].digits = count }
      return comesOut()
    }
    guard let enough else {
      for i in leaves.indices { leaves[i].digits = fewest }
      return false
    }
    // Not every operand need be that long; with very many it does not matter.
    for i in leaves.indices where enough > fewest && leaves.count <= 16 {
      for fewer in fewest..<enough {
        leaves[i].digits = fewer
        if comesOut() { break }
        leaves[i].digits = enough
      }
    }
    return true
  }

  func text(_ format: Format) -> String {
    ExpressionPrinter(format.ascii ? .ascii : .pretty) { part in
      guard let i = leafIndex(part) else { return nil }
      return tensors.with(digits: leaves[i].digits).whole(leaves[i].value)
    }.text(expression)
  }

  /// The formula with the numbers as they are shown.
  func withNumbers() -> Expression {
    expression.replacing { part in
      leafIndex(part).map { i in
        leaves[i].value.expression(digits: leaves[i].digits, at: part.span)
      }
    }
  }

  /// Whether the numbers as shown give the result as shown.
  private func comesOut() -> Bool {
    let shown = leaves.map { $0.value.rounded(toShown: $0.digits) }
    let again = Recomputation.value(of: expression) { part in leafIndex(part).map { shown[$0] } }
    // A line may be broadcast when its result is stored.
    guard let again, again.shape.broadcast(with: value.shape) == value.shape else { return false }
    let index = again.broadcastIndices(to: value.shape)
    return value.elements.indices.allSatisfy { i in
      NumberFormat.text(value.elements[i], type: value.elementType, digits: tensors.digits)
        == NumberFormat.text(
          again.elements[index(i)], type: value.elementType, digits: tensors.digits)
    }
  }

  private func leafIndex(_ part: Expression) -> Int? {
    switch part.kind {
    case .name, .index:
      let text = part.text(.ascii)
      return leaves.firstIndex { $0.text == text }
    default: return nil
    }
  }

  private mutating func collect(_ part: Expression, _ operands: [Name: Tensor]) {
    if let value = part.leafValue(operands) {
      if leafIndex(part) == nil { leaves.append((part.text(.ascii), value, tensors.digits)) }
    } else {
      for child in part.children { collect(child, operands) }
    }
  }
}

extension Expression {
  /// What a name, or an element of one, stands for; nil for anything else.
  fileprivate func leafValue(_ operands: [Name: Tensor]) -> Tensor? {
    switch kind {
    case .name(let name): return operands[name]
    case .index(let base, let subscripts):
      guard case .name(let name) = base.kind, let tensor = operands[name] else { return nil }
      var places: [Int] = []
      for entry in subscripts {
        guard case .at(let place) = entry, case .number(let value, _) = place.kind,
          let index = Int(exactly: value)
        else { return nil }
        places.append(index)
      }
      return tensor.part(at: places)
    default: return nil
    }
  }
}

extension Tensor {
  /// The elements as a reader sees them.
  fileprivate func rounded(toShown digits: Int) -> Tensor {
    Tensor(
      elements.map {
        NumberFormat.value(of: NumberFormat.text($0, type: elementType, digits: digits))
      }, shape: shape)
  }

  /// The numbers as a person types them: `3.5`, `[1, -2]`.
  package func expression(digits: Int, at span: Span) -> Expression {
    if shape.rank > 0, shape.dimensions[0] > 0 {
      return Expression(
        .list(
          (0..<shape.dimensions[0]).compactMap {
            part(at: [$0])?.expression(digits: digits, at: span)
          }), span)
    }
    let text =
      elements.first.map { NumberFormat.text($0, type: elementType, digits: digits) } ?? "0"
    let size = text.hasPrefix("-") ? String(text.dropFirst()) : text
    let number = Expression(.number(NumberFormat.value(of: size), spelling: size), span)
    return text == size ? number : Expression(.unary(.negate, number), span)
  }

  /// What is left when the leading axes are fixed; nil when there is no such place.
  package func part(at places: [Int]) -> Tensor? {
    guard places.count <= shape.rank, !elements.isEmpty else { return nil }
    var start = 0
    var count = elements.count
    for (place, size) in zip(places, shape.dimensions) {
      guard place >= 0, place < size else { return nil }
      count /= size
      start += place * count
    }
    return Tensor(
      Array(elements[start..<start + count]),
      shape: Shape(Array(shape.dimensions.dropFirst(places.count))), type: elementType)
  }
}
