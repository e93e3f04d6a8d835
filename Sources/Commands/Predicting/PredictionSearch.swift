// What a predicted number is held against, and what it may have been taken for: the same line of other
// steps and parameters, the value as it is now, the gradient's own formula.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

struct PredictionSearch {
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

  /// All that was typed agrees.
  var right: Diagnosis {
    Diagnosis(agreements: answer.numbers.map { _ in .right }, causes: [], explained: [])
  }

  /// What one number comes to in float64 where the session rounds to fewer digits, if that is what
  /// was typed and the rounded one is not.
  func valueInFull() throws(Diagnostic) -> Double? {
    guard ahead.problem.precision != .float64, answer.numbers.count == 1,
      let number = answer.numbers.first, let rounded = value.elements.first,
      ![.right, .oneDigit].contains(number.agreement(with: rounded)),
      let (record, line, event) = try step(),
      let exact = ahead.workedStep(record, event: event).exactValue(ofLine: line),
      let place = answer.places.first, exact.elements.indices.contains(place),
      number.agreement(with: exact.elements[place]) == .right
    else { return nil }
    return exact.elements[place]
  }

  /// The line of the step that is meant.
  private func step() throws(Diagnostic) -> (StepRecord.ParameterRecord, Int, event: Int)? {
    switch try ahead.target(of: base) {
    case .line(let record, let number, let event): return (record, number, event)
    case .parameter(let parameter):
      guard let event = ahead.lastStep(at: ahead.timeline.position),
        let record = try ahead.record(at: event)?.parameters.first(where: {
          $0.name == parameter.name
        }), let number = record.lines.lastIndex(where: \.isParameter),
        record.lines[number].value == record.after
      else { return nil }
      return (record, number, event)
    case .formula, .hyperparameter, .value, .expression: return nil
    }
  }

  func diagnosis() throws(Diagnostic) -> Diagnosis {
    // What is right needs no search.
    let plain = Diagnosis.of(
      TypedAnswer(places: Array(value.elements.indices), numbers: answer.numbers), value: value)
    if plain.isRightSoFar { return plain }
    guard value.elements.count == answer.places.count else { return plain }
    guard let (record, number, event) = try step() else { return byQuantities() }
    return try diagnosis(record, number, event)
  }

  private func diagnosis(_ record: StepRecord.ParameterRecord, _ number: Int, _ event: Int)
    throws(Diagnostic) -> Diagnosis
  {
    var step = ahead.workedStep(record, event: event)
    let last = (try? session.record())?.parameters.first { $0.name == record.name }
    for line in last?.lines ?? [] where !line.isParameter { step.previous[line.name] = line.value }
    if let last { step.previous[step.parameter] = last.before }
    let found = Diagnosis.of(
      answer, line: number, in: step, quantities: quantities(record, number),
      isStopped: Stopping(session.interrupted))
    if session.interrupted() { throw TensorProse(.interrupted).diagnostic }
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
      TypedAnswer(places: places, numbers: answer.numbers), line: 0, in: step,
      isStopped: Stopping(session.interrupted))
    if session.interrupted() { throw TensorProse(.interrupted).diagnostic }
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
    if line.kind == .gradient, let loss = ahead.problem.objectives.last, loss.maximize {
      found.append(
        KnownQuantity(
          "∇\(loss.name.pretty) itself: \(loss.name.pretty) is maximized, so g = -∇\(loss.name.pretty)",
          Tensor(line.value.elements.map { -$0 }, shape: line.value.shape)))
    }
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
