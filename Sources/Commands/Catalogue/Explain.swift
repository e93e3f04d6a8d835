// explain: how a number is computed, as formula, with numbers put in, as result.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Command {
  static let explain = Command(
    "explain", group: .looking,
    summary: "shows how a number is computed: formula, numbers put in, result",
    forms: [[.expression("value")]],
    details: [
      "Any line of the last step, or an element of one: explain m, explain v_hat[1], explain w[0], "
        + "explain g[0]; with several parameters explain w.m. Definitions, losses, hyperparameters "
        + "and any other expression too.",
      "why goes further back: to what went into those numbers.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "optimizer adam(lr=0.1)", "step 2",
        "explain v_hat[1]", "explain g[0]", "explain w", "explain L",
      ]
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let expression = arguments.expression("value") else { return }
      let report = FormulaReport(try interpreter.session.explanation(of: expression))
      if !arguments.muted { interpreter.surface.show(report) }
    })
}

extension Session {
  /// The rows that explain an expression.
  func explanation(of expression: Expression) throws(Diagnostic) -> [FormulaReport.Row] {
    let place = try place(in: expression)
    let target = try target(of: place.base)
    switch target {
    case .parameter(let parameter):
      let indices = try place.indices(in: parameter.initial.shape, at: now)
      return try explanation(of: parameter, at: indices)
    case .line(let record, let number, let event):
      let line = record.lines[number]
      let indices = try place.indices(in: line.value.shape, at: now)
      return try explanation(of: record, line, at: indices, event: event)
    case .formula(let name, let formula):
      return try explanation(of: name, formula, place, at: expression.span)
    case .hyperparameter(let name, let value, let rule):
      let tensor = try evaluate(place.base)
      _ = try place.indices(in: tensor.shape, at: now)
      if value.isLiteral {
        return [
          .init(.name(name), .piece(.value(tensor)), note: "a hyperparameter of \(rule)")
        ]
      }
      return [
        .init(.name(name), .piece(.formula(value)), note: "a hyperparameter of \(rule)"),
        .init(nil, .numbers(value, operands: now.operands(of: value), value: tensor)),
      ]
    case .value(let what):
      return [.init(.formula(expression), .piece(.value(try evaluate(expression))), note: what)]
    case .expression:
      let value = try evaluate(expression)
      var rows = [FormulaReport.Row(.formula(expression), .piece(.value(value)))]
      if !expression.isLiteral, expression.takesNumbers {
        rows = [
          .init(
            .formula(expression),
            .numbers(expression, operands: now.operands(of: expression), value: value))
        ]
      }
      return rows
    }
  }

  private func explanation(of parameter: Engine.Parameter, at indices: [Int]) throws(Diagnostic)
    -> [FormulaReport.Row]
  {
    let name = Expression(.name(parameter.name), Span(Source("")))
    let left = Piece.formula(name.indexed(at: indices))
    let value = self.value(of: parameter)
    let part = Piece.value(value.part(at: indices) ?? value)
    switch origin(of: parameter.name, indices, at: timeline.position) {
    case .declared: return [.init(left, .piece(part), note: "as declared")]
    case .changed(let what): return [.init(left, .piece(part), note: "set by hand: \(what)")]
    case .step(let event):
      guard let record = try record(at: event),
        let own = record.parameters.first(where: { $0.name == parameter.name }),
        let line = own.lines.last(where: \.isParameter), line.value.shape == value.shape
      else {
        return [.init(left, .piece(part), note: "after step \(timeline.steps(at: event))")]
      }
      return try explanation(of: own, line, at: indices, event: event)
    }
  }

  private func explanation(
    of record: StepRecord.ParameterRecord, _ line: StepRecord.Line, at indices: [Int], event: Int
  ) throws(Diagnostic) -> [FormulaReport.Row] {
    if line.expression == nil {
      return try gradientRows(record, line, at: indices, event: event)
    }
    return FormulaReport(line, of: record, at: indices).rows
  }

  private func explanation(
    of name: Name, _ formula: Expression, _ place: Place, at span: Span
  ) throws(Diagnostic) -> [FormulaReport.Row] {
    let base = Expression(.name(name), span)
    let whole = try evaluate(base)
    let indices = try place.indices(in: whole.shape, at: now)
    let left = Piece.formula(base.indexed(at: indices))
    guard !indices.isEmpty else {
      var rows = [FormulaReport.Row(left, .piece(.formula(formula)))]
      if formula.isLiteral { return rows }
      rows.append(
        formula.takesNumbers
          ? .init(nil, .numbers(formula, operands: now.operands(of: formula), value: whole))
          : .init(nil, .piece(.value(whole))))
      return rows
    }
    let read = try now.read(base, at: indices)
    return FormulaReport.rows(
      left, read.formula, operations: read.operationCount, operands: read.operands,
      value: whole.part(at: indices) ?? whole)
  }
}
