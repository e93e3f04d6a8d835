// Rows `name = formula = numbers = value` for what was read back from a graph, with the lines a long
// formula leans on above it.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension FormulaReport {
  /// The rows of one value.
  /// - Parameters:
  ///   - formula: nil when it is too long; `operations` then says how long.
  ///   - value: nil when it holds symbols.
  static func rows(
    _ left: Piece?, _ formula: Formula?, operations: Int, operands: [Name: Tensor], value: Tensor?,
    note: String? = nil
  ) -> [Row] {
    guard let formula else {
      var rows = [
        Row(left, .piece(.text("…")), note: "too long to print: \(operations) operations")
      ]
      if let value { rows.append(Row(nil, .piece(.value(value)), note: note)) }
      return rows
    }
    var rows = formula.parts.map { part in
      Row(
        .name(part.name),
        .piece(part.expression.map(Piece.formula) ?? .text("a constant of shape \(part.shape)")))
    }
    let words = [note, formula.hidesUnitAxes ? "axes of size 1 are not written" : nil]
      .compactMap { $0 }
    rows.append(
      Row(
        left, .piece(.formula(formula.expression)),
        note: words.isEmpty ? nil : words.joined(separator: "; ")))
    guard let value, !formula.expression.isLiteral else { return rows }
    if formula.parts.isEmpty, formula.expression.takesNumbers {
      rows.append(Row(nil, .numbers(formula.expression, operands: operands, value: value)))
    } else {
      rows.append(Row(nil, .piece(.value(value))))
    }
    return rows
  }
}

extension Derivative {
  /// `∂L/∂w[0]`
  var name: String {
    let subjectText = subject.text(.pretty)
    var isName = false
    if case .name = subject.kind { isName = true }
    return "∂\(isName ? subjectText : "(\(subjectText))")/∂\(variable.text(.pretty))"
  }

  /// The value at the place asked for.
  var valueAtPlace: Tensor? { value.flatMap { $0.part(at: indices) ?? $0 } }

  /// - Parameter left: How it is called; `∂L/∂w` when not given.
  func rows(_ left: Piece? = nil) -> [FormulaReport.Row] {
    FormulaReport.rows(
      left ?? .text(name), formula, operations: operationCount, operands: operands,
      value: valueAtPlace,
      note: depends
        ? nil : "\(subject.text(.pretty)) does not depend on \(base.text(.pretty))")
  }
}
