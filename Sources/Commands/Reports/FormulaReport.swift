// A value explained: its formula, the formula with numbers put in, the value.
//
//   v̂[1] = v[1]/(1 - β₂ᵗ)
//        = 0.069604/(1 - 0.999²)
//        = 34.8194
//
// Any other lines `left = right` under one another are written the same way.

import Diagnostics
import Engine
import Notation
import Tensors

package struct FormulaReport: Report {
  /// What stands on the right of a line.
  package enum Content: Sendable {
    case piece(Piece)
    /// The expression with its operands' numbers put in, then what it comes to, two lines.
    case numbers(Expression, operands: [Name: Tensor], value: Tensor)
    /// The same without what it comes to: for somebody who is to find that out.
    case putIn(Expression, operands: [Name: Tensor], value: Tensor)
  }

  package struct Row: Sendable {
    /// Nil where a line goes on with the name of the one above.
    package var left: Piece?
    package var right: Content
    /// A few words after the line.
    package var note: String?

    package init(_ left: Piece?, _ right: Content, note: String? = nil) {
      self.left = left
      self.right = right
      self.note = note
    }
  }

  package let rows: [Row]

  package init(_ rows: [Row]) { self.rows = rows }

  /// `left = expression = numbers = value`.
  package init(
    _ left: Piece, expression: Expression, operands: [Name: Tensor], value: Tensor,
    note: String? = nil
  ) {
    rows = [
      Row(left, .piece(.formula(expression)), note: note),
      Row(nil, .numbers(expression, operands: operands, value: value)),
    ]
  }

  /// One line of a step, or one element of it. Where an element depends on more than the elements at
  /// its place (a matrix product), the whole line's formula stands above the element's value.
  /// - Parameter places: One index an axis of the line's value; empty for the whole.
  package init(
    _ line: StepRecord.Line, of parameter: StepRecord.ParameterRecord, at places: [Int] = []
  ) {
    let names = LineNames(parameter)
    let left = Piece.formula(names.name(of: line).indexed(at: places))
    let value = line.value.part(at: places) ?? line.value
    guard let expression = line.expression else {
      rows = [
        Row(left, .piece(.text(line.formula ?? "given")), note: line.remark),
        Row(nil, .piece(.value(value))),
      ]
      return
    }
    let element = places.isEmpty ? expression : expression.element(at: places, of: line.operands)
    let formula = names.formula(element ?? expression)
    rows = [
      Row(left, .piece(.formula(formula)), note: line.remark),
      element.map { Row(nil, .numbers($0, operands: line.operands, value: value)) }
        ?? Row(nil, .piece(.value(value))),
    ]
  }

  package var kind: String { "formula" }

  package func text(_ format: Format) -> [StyledText] {
    let lefts = rows.map { $0.left?.text(format) ?? "" }
    let columns = lefts.map { TextWidth.columns(of: $0) }.max() ?? 0
    return zip(rows, lefts).flatMap { row, left in
      texts(row, format).enumerated().flatMap { i, content in
        var start = StyledText(TextWidth.padded(i == 0 ? left : "", to: columns), .name)
        start.append(" \(content.relation) ")
        let folded = Wrapping.lines(
          content.text, width: format.width, indent: start.width, first: start.width)
        var lines = folded.enumerated().map {
          ($0 == 0 ? start : StyledText()) + StyledText($1, content.style)
        }
        if i == 0, let note = row.note { lines = Self.adding(note, to: lines, format) }
        return lines
      }
    }
  }

  /// The words at the end of the last line where they fit, else below it.
  private static func adding(
    _ note: String, to lines: [StyledText], _ format: Format
  ) -> [StyledText] {
    var result = lines
    guard let last = result.popLast() else { return [] }
    let long = last + StyledText("    \(format.signs.plain(note))", .dim)
    if long.width <= format.width { return result + [long] }
    return result + [last]
      + Wrapping.paragraph(format.signs.plain(note), width: format.width, indent: 4)
      .map { StyledText($0, .dim) }
  }

  private func texts(
    _ row: Row, _ format: Format
  ) -> [(relation: String, text: String, style: Style)] {
    switch row.right {
    case .piece(let piece):
      let isValue = if case .value = piece { true } else { false }
      return [("=", piece.text(format), isValue ? .result : .plain)]
    case .numbers(let expression, let operands, let value):
      let putIn = NumbersPutIn(expression, operands: operands, value: value, format: format)
      let result = (putIn.relation(format), putIn.result, Style.result)
      guard let numbers = putIn.numbers, numbers != putIn.result else { return [result] }
      return [("=", numbers, .number), result]
    case .putIn(let expression, let operands, let value):
      let putIn = NumbersPutIn(expression, operands: operands, value: value, format: format)
      // Where no number can be put in, the formula above says all.
      if putIn.numbers == nil, row.left == nil { return [] }
      return [("=", putIn.numbers ?? expression.text(format.ascii ? .ascii : .pretty), .number)]
    }
  }

  package func json() -> [String: JSONValue] {
    var entries: [JSONValue] = []
    for row in rows {
      var fields: [String: JSONValue] = [:]
      if let left = row.left { fields["left"] = left.json }
      switch row.right {
      case .piece(let piece): fields["right"] = piece.json
      case .numbers(let expression, let operands, let value):
        let format = Format(width: 1_000_000, ascii: true)
        let putIn = NumbersPutIn(expression, operands: operands, value: value, format: format)
        if let numbers = putIn.numbers { fields["numbers"] = .string(numbers) }
        fields["value"] = JSONValue(value)
      case .putIn(let expression, let operands, let value):
        let format = Format(width: 1_000_000, ascii: true)
        let putIn = NumbersPutIn(expression, operands: operands, value: value, format: format)
        if let numbers = putIn.numbers { fields["numbers"] = .string(numbers) }
      }
      if let note = row.note { fields["note"] = .string(note) }
      entries.append(.object(fields))
    }
    return ["rows": .array(entries)]
  }
}
