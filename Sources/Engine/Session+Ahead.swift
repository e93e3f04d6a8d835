// The session as it will be: a copy that takes the coming step. Nothing of the session changes.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// The session after the coming step.
  /// - Parameter given: gradients given by hand, by the paths of their parameters; none takes the
  ///   loss's.
  /// - Throws: what taking the step would.
  package func afterComingStep(given: [String: Tensor] = [:]) throws(Diagnostic) -> Session {
    var ahead = self
    // Records are kept by position, and the copy's next position is another than this one's.
    ahead.dropRecord()
    if !given.isEmpty {
      try ahead.take(given: [given])
      return ahead
    }
    let (taken, ending) = try ahead.take(RunRequest(1, interrupted: interrupted))
    if case .notFinite(let bad) = ending { throw badStepError(bad) }
    guard taken == 1 else { throw TensorProse(.interrupted).diagnostic }
    return ahead
  }

  /// One parameter's update in a step, so that its lines can be worked out with something else in
  /// their place; gradients elsewhere can be asked where it is the only parameter.
  /// - Parameter event: the number of the step among the events.
  package func workedStep(_ record: StepRecord.ParameterRecord, event: Int) -> WorkedStep {
    let name = shownParameter(record)
    func renamed(_ expression: Expression) -> Expression {
      expression.replacing { part in
        guard case .name(let old) = part.kind, Rule.parameterNames.contains(old.canonical) else {
          return nil
        }
        return Expression(.name(name), part.span)
      }
    }
    let lines = record.lines.map { line in
      WorkedStep.Line(
        name: Rule.parameterNames.contains(line.name.canonical) ? name : line.name,
        expression: line.expression.map(renamed),
        operands: Dictionary(
          line.operands.map {
            (Rule.parameterNames.contains($0.key.canonical) ? name : $0.key, $0.value)
          }, uniquingKeysWith: { first, _ in first }), value: line.value, isState: line.isState,
        isParameter: line.isParameter)
    }
    return WorkedStep(
      lines: lines, constants: record.constants, parameter: name, before: record.before,
      t: record.t, surroundings: surroundings(of: record, event: event))
  }

  /// The parameter's own name, where the rule has none that is the same.
  private func shownParameter(_ record: StepRecord.ParameterRecord) -> Name {
    let taken = record.lines.contains { line in
      !line.isParameter && line.name == record.name || line.operands[record.name] != nil
    }
    let isOwn = Rule.parameterNames.contains(record.name.canonical)
    let isHyper = record.constants.contains { $0.name == record.name }
    return (taken || isHyper) && !isOwn
      ? record.lines.last { $0.isParameter }?.name ?? Name(canonical: "w") : record.name
  }

  private func surroundings(of record: StepRecord.ParameterRecord, event: Int)
    -> ((String, Tensor) -> Tensor?)?
  {
    guard problem.parameters.count == 1, let path = problem.parameters.first?.path,
      let objective = problem.objectives.last, let moment = try? momentBefore(event: event)
    else { return nil }
    return { function, point in
      guard point.shape == record.before.shape else { return nil }
      var snapshot = moment.snapshot
      snapshot[path] = point
      let loss = Expression(.name(objective.name), objective.expression.span)
      switch function {
      case "grad":
        let slope = Expression(.gradient(loss), loss.span)
        let value = try? moment.session.evaluate([slope], snapshot: snapshot, at: moment.events)
        return value?.first
      case "loss":
        return try? moment.session.evaluate([loss], snapshot: snapshot, at: moment.events).first
      default: return nil
      }
    }
  }
}
