// A sheet of numbers to work out: every line of every step of a small problem, in the order of
// calculation, one element of each.
//
// The numbers are those of a run of the optimizer. Nothing is asked or judged here.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

/// One number of the sheet.
package struct QuizItem {
  /// From 1.
  package let step: Int
  package let line: StepRecord.Line
  /// Which element of the line; empty where it is one number.
  package let places: [Int]
  /// Which line of the step's record it is.
  package let place: Int
  package let question: Question

  /// The name of the whole line, where the question is for an element of it.
  var whole: Expression? {
    if case .index(let base, _) = question.asked.kind { base } else { nil }
  }
}

/// An element of a step's gradient: its formula, where it is short enough for one, and its value.
package struct QuizGradient {
  package let places: [Int]
  package let formula: Expression?
  package let operands: [Name: Tensor]
  package let value: Tensor
}

package struct QuizSheet {
  /// The optimizer as it was typed: `adam(lr=0.1)`.
  package let title: String
  package let steps: Int
  package let seed: Int
  package let problem: QuizProblem
  package let items: [QuizItem]
  /// The values that each step begins with: the parameter's, then those of what is kept.
  package let beginnings: [[(name: Expression, value: Tensor)]]

  package static let mostSteps = 20
  /// More numbers than this are no sheet that anyone would work out.
  package static let mostItems = 1000

  /// - Parameter seed: the same one gives the same sheet.
  package init(_ chain: [Expression], steps: Int, seed: Int, own: Session) throws(Diagnostic) {
    title = chain.map { $0.text(.ascii) }.joined(separator: " |> ")
    self.steps = steps
    self.seed = seed
    let problem = try QuizProblem(chain, steps: steps, seed: seed, own: own)
    self.problem = problem
    var items: [QuizItem] = []
    var beginnings: [[(name: Expression, value: Tensor)]] = []
    for (number, record) in problem.records.enumerated() {
      guard let parameter = record.parameters.first else { continue }
      let step = QuizStep(parameter, number: number + 1)
      beginnings.append(step.beginning)
      for asked in step.asked {
        items.append(try step.item(asked, of: problem))
      }
      guard items.count <= Self.mostItems else {
        throw Diagnostic(
          "quiz.long", "that is more than \(Self.mostItems) numbers", help: "ask for fewer steps")
      }
    }
    self.items = items
    self.beginnings = beginnings
  }

  /// The line that brings this sheet back: `quiz adam(lr=0.1) 3 seed=7`.
  package var command: String { "quiz \(title) \(steps) seed=\(seed)" }

  /// Each hyperparameter that a line uses, with its value.
  package var constants: [(name: Name, value: Tensor)] {
    guard let parameter = problem.records.first?.parameters.first else { return [] }
    let used = Set(parameter.lines.flatMap { $0.expression?.names ?? [] })
    return parameter.constants.filter { used.contains($0.name) }
  }

  /// What the rule says it follows: `Adam, Kingma & Ba 2015`.
  package var source: String? {
    guard let rule = problem.stages.last?.rule, let source = rule.source else { return nil }
    return rule.title.map { "\($0) (\(source))" } ?? source
  }

  /// The lines that run, as a rule of their own: what is decided by flags decided, stages in their
  /// places, `repeat` unrolled.
  /// - Parameter t: the number to put in for t, where there is one.
  package func rule(at t: Int? = nil) -> RuleDeclaration {
    let nowhere = Span(Source(""), 0, 0)
    let lines = problem.records.first?.parameters.first?.lines ?? []
    func line(_ name: Name, _ value: Expression) -> RuleStatement.Line {
      RuleStatement.Line(name: name, nameSpan: nowhere, value: value, span: nowhere)
    }
    let zero = Expression(.number(0, spelling: "0"), nowhere)
    let states = (beginnings.first ?? []).dropFirst().compactMap { entry -> RuleStatement? in
      guard case .name(let name) = entry.name.kind else { return nil }
      return .state(line(name, zero))
    }
    return RuleDeclaration(
      path: [], nameSpan: nowhere,
      body: states
        + lines.compactMap { entry in
          entry.expression.map { expression in
            let value = t.map { t in
              expression.replacing { part in
                guard case .name(let name) = part.kind, name.canonical == "t" else { return nil }
                return Expression(.number(Double(t), spelling: "\(t)"), part.span)
              }
            }
            return .assign(line(entry.name, value ?? expression))
          }
        }, span: nowhere)
  }

  /// What the rule calls the parameter: w or θ.
  package var parameterName: Name {
    problem.records.first?.parameters.first?.lines.last { $0.isParameter }?.name
      ?? problem.parameter
  }

  /// Whether a line gives a new value to a name that an earlier line gave one, so that the order of
  /// the lines matters.
  package var assignsTwice: Bool {
    let names = (problem.records.first?.parameters.first?.lines ?? []).map(\.name)
    return Set(names).count < names.count
  }

  /// The elements of a step's gradient.
  package func gradient(ofStep step: Int) throws(Diagnostic) -> [QuizGradient] {
    guard problem.records.indices.contains(step - 1),
      let parameter = problem.records[step - 1].parameters.first,
      let line = parameter.lines.first(where: { $0.kind == .gradient })
    else { return [] }
    var result: [QuizGradient] = []
    for place in 0..<line.value.shape.count {
      let places = line.value.shape.places(of: place)
      let slope = try problem.session.gradientOfStep(step, by: parameter.name, at: places)?
        .derivative
      let formula = slope?.formula.flatMap { $0.parts.isEmpty ? $0.expression : nil }
      result.append(
        QuizGradient(
          places: places, formula: formula, operands: slope?.operands ?? [:],
          value: line.value.part(at: places) ?? line.value))
    }
    return result
  }

  /// The lines of a step as formulas; a `repeat` whose turns are the same is listed once.
  package var formulas: [(name: Expression, isParameter: Bool, formula: Piece, remark: String?)] {
    guard let parameter = problem.records.first?.parameters.first else { return [] }
    let names = LineNames(parameter)
    var seen: Set<String> = []
    return parameter.lines.compactMap { line in
      let name = names.name(of: line)
      let formula =
        line.expression.map { Piece.formula(names.formula($0)) } ?? .text(line.formula ?? "given")
      guard seen.insert("\(name.text(.ascii)) = \(formula.json)").inserted else { return nil }
      return (name, line.isParameter, formula, line.remark)
    }
  }
}

/// One step on its way to the sheet.
private struct QuizStep {
  let parameter: StepRecord.ParameterRecord
  let number: Int
  let names: LineNames
  /// Names that a line reads before any has given them a value, and those values.
  let carried: [(name: Name, value: Tensor)]

  init(_ parameter: StepRecord.ParameterRecord, number: Int) {
    self.parameter = parameter
    self.number = number
    names = LineNames(parameter)
    var given = Set(parameter.constants.map(\.name) + [Name(canonical: "t")])
    given.formUnion(Self.parameterNames + [parameter.name])
    var carried: [(name: Name, value: Tensor)] = []
    for line in parameter.lines {
      for name in line.expression?.names ?? [] where given.insert(name).inserted {
        if let value = line.operands[name] { carried.append((name, value)) }
      }
      given.insert(line.name)
    }
    self.carried = carried
  }

  private static let parameterNames = [Name(canonical: "w"), Name(canonical: "theta")]

  var beginning: [(name: Expression, value: Tensor)] {
    let span = Span(Source(""), 0, 0)
    return [(Expression(.name(parameter.name), span), parameter.before)]
      + carried.map { (names.formula(Expression(.name($0.name), span)), $0.value) }
  }

  /// The lines that are asked for, by their places: a turn of a `repeat` that changes nothing is not.
  var asked: [Int] {
    var last: (name: Name, formula: String, value: Tensor)?
    return parameter.lines.indices.filter { i in
      let line = parameter.lines[i]
      let formula = line.expression?.text(.ascii) ?? ""
      let isRepeat =
        last.map { $0.name == line.name && $0.formula == formula && $0.value == line.value }
        ?? false
      last = (line.name, formula, line.value)
      return !isRepeat
    }
  }

  /// What has a value before a line is worked out.
  private func known(before place: Int) -> [Name: Tensor] {
    var known: [Name: Tensor] = [:]
    for name in Self.parameterNames + [parameter.name] { known[name] = parameter.before }
    for (name, value) in carried { known[name] = value }
    for (name, value) in parameter.constants { known[name] = value }
    known[Name(canonical: "t")] = Tensor(Double(parameter.t))
    for line in parameter.lines[..<place] {
      known[line.name] = line.value
      if line.isParameter { known[parameter.name] = line.value }
    }
    return known.merging(parameter.lines[place].operands) { $1 }
  }

  func item(_ place: Int, of problem: QuizProblem) throws(Diagnostic) -> QuizItem {
    let line = parameter.lines[place]
    // One coordinate a step, so that what is asked belongs together; the next step takes the other.
    let places = line.value.shape.dimensions.enumerated().map { axis, size in
      size > 0 ? (number - 1 + axis * place) % size : 0
    }
    let value = line.value.part(at: places)?.elements.first ?? .nan
    let rows =
      line.expression == nil
      ? try problem.session.gradientRows(parameter, line, at: places, event: number)
      : FormulaReport(line, of: parameter, at: places).rows
    return QuizItem(
      step: number, line: line, places: places, place: place,
      question: Question(
        asked: names.name(of: line).indexed(at: places), value: value,
        known: known(before: place), names: Set(parameter.lines.map(\.name) + [parameter.name]),
        hints: Self.hints(rows), solution: FormulaReport(rows),
        remark: line.remark))
  }

  /// The formula; then the formula with the numbers put in.
  private static func hints(_ rows: [FormulaReport.Row]) -> [FormulaReport] {
    var formulas: [FormulaReport.Row] = []
    var putIn: [FormulaReport.Row] = []
    for row in rows {
      switch row.right {
      case .numbers(let expression, let operands, let value):
        putIn.append(.init(row.left, .putIn(expression, operands: operands, value: value)))
      case .piece(.value): break
      default: formulas.append(row)
      }
    }
    guard let left = rows.first(where: { $0.left != nil })?.left, !putIn.isEmpty else {
      return formulas.isEmpty ? [] : [FormulaReport(formulas)]
    }
    if putIn[0].left == nil { putIn[0].left = left }
    return [FormulaReport(formulas), FormulaReport(putIn)].filter { !$0.rows.isEmpty }
  }
}

extension Shape {
  /// The index along each axis of the element at a place.
  fileprivate func places(of place: Int) -> [Int] {
    var rest = place
    var places: [Int] = []
    for size in dimensions.reversed() where size > 0 {
      places.append(rest % size)
      rest /= size
    }
    return places.reversed()
  }
}
