// Which mistake gives a wrong number of a quiz: another quantity of the step, the line with a mistake
// in it, one in a line before it, a slip of the pen.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

/// What is suspected in each step, worked out when first needed and kept for further answers.
final class QuizSuspects {
  private let problem: QuizProblem
  private var steps: [Int: Suspects] = [:]

  private let isStopped: Stopping

  init(_ problem: QuizProblem) {
    self.problem = problem
    isStopped = Stopping(problem.session.interrupted)
  }

  /// What may explain a wrong answer to an item.
  /// - Parameter items: the whole sheet, whose other numbers may have been taken for it.
  func diagnosis(of answer: Answer, to item: QuizItem, among items: [QuizItem])
    -> Diagnosis?
  {
    if item.line.expression == nil, let slope = gradient(item) {
      let typed = TypedAnswer(places: [0], numbers: [answer.number])
      let found = Suspects(slope, isStopped: isStopped).diagnosis(
        of: typed, line: 0, quantities: others(than: item, among: items))
      if !found.causes.isEmpty { return found }
    }
    let typed = TypedAnswer(
      places: [item.line.value.shape.place(at: item.places)], numbers: [answer.number])
    // What is before was answered, or shown, right.
    return suspects(item.step)?.diagnosis(
      of: typed, line: item.place, quantities: others(than: item, among: items)
    ).withRightLinesBefore
  }

  private func suspects(_ step: Int) -> Suspects? {
    if let known = steps[step] { return known }
    guard let made = worked(step).map({ Suspects($0, isStopped: isStopped) }) else { return nil }
    steps[step] = made
    return made
  }

  /// The same line of other steps.
  private func others(than item: QuizItem, among items: [QuizItem]) -> [KnownQuantity] {
    items.filter { $0.step != item.step && $0.place == item.place }.map { other in
      KnownQuantity(
        "\(item.line.name.pretty) of step \(other.step); this is step \(item.step)",
        other.line.value)
    }
  }

  private func worked(_ step: Int) -> WorkedStep? {
    guard problem.records.indices.contains(step - 1),
      let parameter = problem.records[step - 1].parameters.first
    else { return nil }
    return WorkedStep(
      lines: parameter.lines.map { line in
        WorkedStep.Line(
          name: line.name, expression: line.expression, operands: line.operands, value: line.value,
          isState: line.isState, isParameter: line.isParameter)
      },
      constants: parameter.constants, parameter: parameter.name, before: parameter.before,
      t: parameter.t,
      surroundings: { [problem] function, place in problem.value(of: function, at: place) })
  }

  /// The gradient's own formula as a line to make mistakes in.
  private func gradient(_ item: QuizItem) -> WorkedStep? {
    guard problem.records.indices.contains(item.step - 1),
      let parameter = problem.records[item.step - 1].parameters.first,
      let slope = try? problem.session.gradientOfStep(
        item.step, by: parameter.name, at: item.places)?.derivative,
      let formula = slope.formula, formula.parts.isEmpty
    else { return nil }
    return WorkedStep(
      lines: [
        WorkedStep.Line(
          name: item.line.name, expression: formula.expression, operands: slope.operands,
          value: Tensor(item.question.value))
      ], constants: [], parameter: parameter.name, before: parameter.before, t: parameter.t)
  }
}

extension QuizProblem {
  /// The loss or its gradient at a point.
  fileprivate func value(of function: String, at place: Tensor) -> Tensor? {
    guard place.shape == start.shape, function == "loss" || function == "grad" else { return nil }
    var session = Session()
    session.declare(Parameter(name: parameter, initial: place))
    let loss = loss
    do {
      try session.changeProblem { (problem) throws(Diagnostic) in
        problem.objectives = [
          Objective(name: QuizProblem.lossName, expression: loss, maximize: false)
        ]
      }
      let name = Expression(.name(QuizProblem.lossName), loss.span)
      return try session.evaluate(
        function == "loss" ? name : Expression(.gradient(name), loss.span))
    } catch {
      return nil
    }
  }
}

extension Shape {
  /// Where an element lies in the order of storage.
  fileprivate func place(at indices: [Int]) -> Int {
    zip(indices, dimensions).reduce(0) { $0 * $1.1 + $1.0 }
  }
}
