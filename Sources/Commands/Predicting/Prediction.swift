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
    diagnosis = try search.diagnosis()
    rows =
      diagnosis.isRightSoFar || !diagnosis.causes.isEmpty
      ? [] : Prediction.withoutResults(try ahead.explanation(of: target))
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

  /// Rows that put the numbers in and stop there.
  private static func withoutResults(_ rows: [FormulaReport.Row]) -> [FormulaReport.Row] {
    var shown: [FormulaReport.Row] = []
    for row in rows {
      var row = row
      switch row.right {
      case .piece(.value): continue
      case .numbers(let expression, let operands, let value):
        row.right = .putIn(expression, operands: operands, value: value)
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

/// What a prediction may have been taken for.
private struct PredictionSearch {
  let target: Expression
  let base: Expression
  let indices: [Int]
  let answer: TypedAnswer
  let value: Tensor
  let session: Session
  let ahead: Session

  init(
    _ target: Expression, _ typed: [TypedNumber], _ value: Tensor, _ session: Session,
    _ ahead: Session
  ) throws(Diagnostic) {
    self.target = target
    self.value = value
    self.session = session
    self.ahead = ahead
    let place = try ahead.place(in: target)
    base = place.base
    let whole = try ahead.evaluate(base).shape
    let indices = place.subscripts.isEmpty ? [] : try place.indices(in: whole, at: ahead.now)
    self.indices = indices
    let places = (0..<whole.count).filter { whole.indices(at: $0).starts(with: indices) }
    answer = TypedAnswer(places: Array(places.prefix(typed.count)), numbers: typed)
  }

  func diagnosis() throws(Diagnostic) -> Diagnosis {
    // What is right needs no search.
    let plain = Diagnosis.of(
      TypedAnswer(places: Array(value.elements.indices), numbers: answer.numbers), value: value)
    if plain.isRightSoFar || plain.causes.contains(where: { $0.id == "rounding" }) { return plain }
    guard value.elements.count == answer.places.count else { return plain }
    switch try ahead.target(of: base) {
    case .line(let record, let number, let event):
      return try diagnosis(record, number, event)
    case .parameter(let parameter):
      guard let event = ahead.lastStep(at: ahead.timeline.position),
        let record = try ahead.record(at: event)?.parameters.first(where: {
          $0.name == parameter.name
        }), let number = record.lines.lastIndex(where: \.isParameter),
        record.lines[number].value == record.after
      else { return byQuantities() }
      return try diagnosis(record, number, event)
    case .formula, .hyperparameter, .value, .expression: return byQuantities()
    }
  }

  private func diagnosis(_ record: StepRecord.ParameterRecord, _ number: Int, _ event: Int)
    throws(Diagnostic) -> Diagnosis
  {
    var step = ahead.workedStep(record, event: event)
    let last = (try? session.record())?.parameters.first { $0.name == record.name }
    for line in last?.lines ?? [] where !line.isParameter { step.previous[line.name] = line.value }
    let found = Diagnosis.of(
      answer, line: number, in: step, quantities: quantities(record, number))
    guard record.lines[number].kind == .gradient,
      found.causes.allSatisfy({ $0.kind == .slip })
    else { return found }
    return try ofGradient(record, event) ?? found
  }

  /// The mistakes that can be made in the gradient's own formula.
  private func ofGradient(_ record: StepRecord.ParameterRecord, _ event: Int) throws(Diagnostic)
    -> Diagnosis?
  {
    guard
      let (slope, _) = try ahead.gradientOfStep(event, by: record.name, at: indices),
      let formula = slope.formula, formula.parts.isEmpty
    else { return nil }
    let line = WorkedStep.Line(
      name: Name(canonical: "g"), expression: formula.expression, operands: slope.operands,
      value: value)
    let step = WorkedStep(
      lines: [line], constants: [], parameter: record.name, before: record.before, t: record.t)
    let places = Array(value.elements.indices)
    let found = Diagnosis.of(
      TypedAnswer(places: places, numbers: answer.numbers), line: 0, in: step)
    return found.causes.contains { $0.kind != .slip } ? found : nil
  }

  /// The same line in the steps before and after, and the lines of other parameters.
  private func quantities(_ record: StepRecord.ParameterRecord, _ number: Int) -> [KnownQuantity] {
    var found: [KnownQuantity] = []
    let line = record.lines[number]
    let name = target.text(.pretty)
    let coming = ahead.step
    func add(_ other: StepRecord?) {
      guard let other, other.step != coming,
        let own = other.parameters.first(where: { $0.name == record.name }),
        own.lines.indices.contains(number), own.lines[number].name == line.name
      else { return }
      found.append(
        KnownQuantity(
          "\(name) of step \(other.step); the coming step is \(coming)", own.lines[number].value))
    }
    if !line.isState, !line.isParameter { add(try? session.record()) }
    add(try? ahead.afterComingStep().record())
    let same = (try? ahead.record())?.parameters.filter { $0.name != record.name } ?? []
    for other in same {
      guard other.lines.indices.contains(number), other.lines[number].name == line.name else {
        continue
      }
      found.append(
        KnownQuantity(
          "that of the parameter \(other.name.pretty), not of \(record.name.pretty)",
          other.lines[number].value))
    }
    return found
  }

  /// What a loss or any other formula may have been taken for: itself a step earlier or later.
  private func byQuantities() -> Diagnosis {
    var quantities: [KnownQuantity] = []
    let name = target.text(.pretty)
    if let now = try? session.evaluate(target) {
      quantities.append(KnownQuantity("\(name) as it is now, before the step", now))
    }
    if let later = try? ahead.afterComingStep().evaluate(target) {
      quantities.append(KnownQuantity("\(name) after one step more", later))
    }
    for (loss, number) in ahead.lossesIfAny() where loss.pretty != name {
      quantities.append(KnownQuantity(loss.pretty, Tensor(number)))
    }
    return Diagnosis.of(
      TypedAnswer(places: Array(value.elements.indices), numbers: answer.numbers), value: value,
      quantities: quantities)
  }
}
