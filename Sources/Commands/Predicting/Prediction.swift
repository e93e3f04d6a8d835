// A number said before a step is taken, and what it is held against: the same session one step later.
//
// The step is taken by a copy; the session stays where it is.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

struct Prediction {
  /// What is predicted, as it was typed.
  let target: Expression
  /// The numbers typed, or what they come to.
  let typed: [TypedNumber]
  /// What it will be.
  let value: Tensor
  let diagnosis: Diagnosis
  /// The number without the rounding of float32, where the one typed is that.
  let exactly: Double?
  /// The line with its numbers put in but not what it comes to; for a number nothing explains.
  let rows: [FormulaReport.Row]

  /// - Parameters:
  ///   - session: before the step.
  ///   - ahead: after it.
  init(
    _ target: Expression, _ typed: Expression, in session: Session, ahead: Session
  ) throws(Diagnostic) {
    self.target = target
    let value = try ahead.evaluate(target)
    self.value = value
    self.typed = try Prediction.numbers(typed, for: target, value.shape, session)
    let search = try PredictionSearch(target, self.typed, value, session, ahead)
    exactly = try search.valueInFull()
    diagnosis = exactly == nil ? try search.diagnosis() : search.right
    rows =
      diagnosis.isRightSoFar || !diagnosis.causes.isEmpty
      ? [] : Prediction.withoutResults(try ahead.explanation(of: target), target)
  }

  /// The numbers typed, each with its digits; a formula has them all.
  private static func numbers(
    _ typed: Expression, for target: Expression, _ shape: Shape, _ session: Session
  ) throws(Diagnostic) -> [TypedNumber] {
    let value = try session.evaluate(typed)
    guard value.shape == shape || (value.shape.count == 1 && shape.count == 1) else {
      let name = target.text(.pretty)
      let one = target.indexed(at: shape.dimensions.map { _ in 0 }).text(.pretty)
      throw Diagnostic(
        "predict.shape",
        (shape.isScalar ? "\(name) is one number" : "\(name) has shape \(shape)")
          + (value.shape.isScalar ? "; this is one number" : "; this has shape \(value.shape)"),
        at: typed.span,
        help: shape.isScalar
          ? "predict \(name) = \(NumberFormat.text(value.elements.first ?? 0, digits: 6))"
          : "predict one element, \(one) = …, or all of them in brackets")
    }
    let literals = typed.leaves.map { TypedNumber($0) }
    let known = literals.compactMap { $0 }
    guard known.count == literals.count, known.count == value.elements.count else {
      return value.elements.map { TypedNumber(exactly: $0) }
    }
    return known
  }

  /// Rows that put the numbers in and stop there. One that only says itself again is left out.
  private static func withoutResults(_ rows: [FormulaReport.Row], _ target: Expression)
    -> [FormulaReport.Row]
  {
    var shown: [FormulaReport.Row] = []
    for row in rows {
      var row = row
      switch row.right {
      case .piece(.value): continue
      case .numbers(let expression, let operands, let value):
        guard expression.names.contains(where: { operands[$0] != nil }) else { continue }
        row.right = .putIn(expression, operands: operands, value: value)
      case .piece(.formula(let formula)):
        guard formula.text(.ascii) != target.text(.ascii) else { continue }
      case .piece, .putIn: break
      }
      shown.append(row)
    }
    return shown
  }
}

extension Expression {
  /// The elements of lists within lists; the expression itself when it is no list.
  fileprivate var leaves: [Expression] {
    if case .list(let elements) = kind { return elements.flatMap(\.leaves) }
    return [self]
  }
}
