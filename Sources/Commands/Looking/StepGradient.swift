// The gradient of a past step as a formula, at the numbers before that step.

import Diagnostics
import Engine
import Notation
import Tensors

extension Session {
  /// ∂L/∂w of the step that is event number `event`; nil when that step had no loss.
  func gradientOfStep(_ event: Int, by parameter: Name, at indices: [Int]) throws(Diagnostic)
    -> (derivative: Derivative, moment: Moment)?
  {
    let moment = try momentBefore(event: event)
    guard let objective = moment.session.problem.objective(for: parameter) else { return nil }
    let span = objective.expression.span
    let derivative = try moment.derivatives(
      of: Expression(.name(objective.name), span),
      by: [Expression(.name(parameter), span).indexed(at: indices)], negated: objective.maximize)
    return derivative.first.map { ($0, moment) }
  }

  /// The rows that explain a line of a step without a formula of its own: its gradient.
  func gradientRows(
    _ record: StepRecord.ParameterRecord, _ line: StepRecord.Line, at indices: [Int], event: Int
  ) throws(Diagnostic) -> [FormulaReport.Row] {
    let left = Piece.formula(LineNames(record).name(of: line).indexed(at: indices))
    let value = line.value.part(at: indices) ?? line.value
    guard line.kind == .gradient,
      let (slope, _) = try gradientOfStep(event, by: record.name, at: indices)
    else {
      return [
        .init(left, .piece(.text("given by hand"))), .init(nil, .piece(.value(value))),
      ]
    }
    let isClimbing = line.formula?.hasPrefix("-") == true
    let head = FormulaReport.Row(left, .piece(.text((isClimbing ? "-" : "") + slope.name)))
    // Draws, or batches that are averaged, may make the step's own numbers others.
    let isSame = slope.valueAtPlace.map { $0.isClose(to: value) } ?? false
    var rows = FormulaReport.rows(
      nil, slope.formula, operations: slope.operationCount, operands: slope.operands,
      value: isSame ? value : nil)
    rows.insert(head, at: slope.formula?.parts.count ?? 0)
    if !isSame {
      rows.append(.init(nil, .piece(.value(value)), note: "as the step had it"))
    }
    if let batch = try self.rows(ofEvent: event), let last = rows.indices.last,
      rows[last].note == nil
    {
      rows[last].note = batch.origin
    }
    return rows
  }
}

extension Tensor {
  /// Equal up to rounding.
  func isClose(to other: Tensor) -> Bool {
    shape == other.shape
      && zip(elements, other.elements).allSatisfy {
        $0 == $1 || abs($0 - $1) <= 1e-9 * max(abs($0), abs($1))
      }
  }
}
