// A sheet for paper, in Markdown with formulas between dollars: the problem, the rule, a table with
// blanks, and on the last part the solutions, each number as formula, with numbers put in, as result.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

struct QuizMarkdown {
  private let sheet: QuizSheet
  private let format: Format
  /// The lines of a step that have a row, by their places.
  private let places: [Int]

  init(_ sheet: QuizSheet, format: Format) {
    self.sheet = sheet
    self.format = format
    places = Set(sheet.items.map(\.place)).sorted()
  }

  func text() throws(Diagnostic) -> String {
    (heading + formulas + table + (try solutions())).joined(separator: "\n") + "\n"
  }

  // MARK: The problem

  private var parameter: StepRecord.ParameterRecord? {
    sheet.problem.records.first?.parameters.first
  }

  private var symbol: String { LaTeXPrinter.symbol(sheet.problem.parameter) }

  private var heading: [String] {
    let loss = LaTeXPrinter.text(sheet.problem.loss).map { "L(\(symbol)) = " + $0 }
    let plain = "L = " + sheet.problem.loss.text(.pretty)
    var lines = [
      "# \(sheet.title) by hand: \(sheet.steps) step\(sheet.steps == 1 ? "" : "s")", "",
      "Minimise " + (loss.map(dollars) ?? "`\(plain)`") + " from " + start + ".",
    ]
    let constants = sheet.constants.map { name, value in
      dollars(LaTeXPrinter.symbol(name) + " = " + number(value))
    }
    if !constants.isEmpty {
      lines += ["", "Hyperparameters: " + constants.joined(separator: ", ") + "."]
    }
    if let source = sheet.source { lines += ["", "The rule is \(source)."] }
    return lines + [""]
  }

  /// `$w_0 = 1$, $m_0 = 0$`
  private var start: String {
    (sheet.beginnings.first ?? []).map { name, value in
      var symbol = name.text(.pretty)
      if case .name(let plain) = name.kind { symbol = LaTeXPrinter.symbol(plain, index: "0") }
      return dollars(symbol + " = " + number(value))
    }.joined(separator: ", ")
  }

  /// The rule's lines, the gradient first.
  private var formulas: [String] {
    let lines = LaTeXPrinter.lines(sheet.rule())
    guard let parameter else { return [] }
    if lines.allSatisfy({ $0.value != nil }) {
      let sign = sheet.assignsTwice ? "&\\leftarrow " : "&= "
      let before = LaTeXPrinter.symbol(sheet.parameterName, index: "t-1")
      var rows = ["g_t \(sign)\\nabla L(\(before))"]
      for (name, value) in lines {
        let row = name + " " + sign + (value ?? "")
        if !rows.contains(row) { rows.append(row) }
      }
      return ["For $t = 1, 2, \\ldots$", "", "$$", "\\begin{aligned}"]
        + rows.enumerated().map { $1 + ($0 + 1 < rows.count ? " \\\\" : "") }
        + ["\\end{aligned}", "$$", ""]
    }
    let names = LineNames(parameter)
    return ["For t = 1, 2, …", "", "```"]
      + parameter.lines.map { line in
        names.name(of: line).text(.pretty) + (line.isParameter ? " ← " : " = ")
          + (line.expression.map { names.formula($0).text(.pretty) } ?? line.formula ?? "given")
      } + ["```", ""]
  }

  /// A row for each number, a column for each step.
  private var table: [String] {
    guard let parameter else { return [] }
    let steps = 1...max(1, sheet.steps)
    let names = places.map { i in
      dollars(LaTeXPrinter.symbol(name(of: parameter.lines[i]), index: "t"))
    }
    return ["Fill in from the top down, one step after the other; six digits are enough.", ""]
      + ["| | " + steps.map { "step \($0)" }.joined(separator: " | ") + " |"]
      + ["|---|" + String(repeating: "---|", count: sheet.steps)]
      + names.map { "| \($0) |" + String(repeating: "  |", count: sheet.steps) } + [""]
  }

  /// The name of a line in the rule's own words: w or θ for the parameter.
  private func name(of line: StepRecord.Line) -> Name {
    line.isParameter ? sheet.parameterName : line.name
  }

  // MARK: The solutions

  private func solutions() throws(Diagnostic) -> [String] {
    var lines = ["---", "", "## Solutions", ""]
    for (number, record) in sheet.problem.records.enumerated() {
      guard let parameter = record.parameters.first else { continue }
      let step = number + 1
      lines += ["### Step \(step)", ""]
      let formulas = LaTeXPrinter.lines(
        sheet.rule(at: parameter.t), now: "\(step)", before: "\(step - 1)")
      // The first lines are gradients, which the rule does not list.
      let ahead = parameter.lines.count - formulas.count
      for i in places where i < parameter.lines.count {
        let line = parameter.lines[i]
        if line.expression == nil {
          lines += try gradients(step).map { "- " + $0 }
        } else {
          let formula = i >= ahead && i - ahead < formulas.count ? formulas[i - ahead] : nil
          lines.append("- " + solution(line, formula, step, of: parameter))
        }
      }
      lines.append("")
    }
    return lines + ["These numbers again: `\(sheet.command)`."]
  }

  private func solution(
    _ line: StepRecord.Line, _ formula: (name: String, value: String?)?, _ step: Int,
    of parameter: StepRecord.ParameterRecord
  ) -> String {
    let left = LaTeXPrinter.symbol(name(of: line), index: "\(step)")
    let sign = sheet.assignsTwice ? " \\leftarrow " : " = "
    guard let expression = line.expression else {
      return dollars(left + " = " + number(line.value))
    }
    let putIn = NumbersPutIn(
      expression, operands: line.operands, value: line.value, format: format)
    let relation = putIn.agrees ? " = " : " \\approx "
    let names = LineNames(parameter)
    guard let value = formula?.value else {
      let numbers = putIn.numbers.map { " = " + $0 } ?? ""
      return "`" + names.name(of: line).text(.pretty) + " = "
        + names.formula(expression).text(.pretty) + numbers
        + (putIn.agrees ? " = " : " ≈ ") + putIn.result + "`"
    }
    var text = left + sign + value
    if expression.takesNumbers, let numbers = putIn.expression.flatMap({ LaTeXPrinter.text($0) }),
      numbers != number(line.value)
    {
      text += " = " + numbers
    }
    return dollars(text + relation + number(line.value))
  }

  /// The gradient's elements at a step, each as ∂L/∂w with its numbers.
  private func gradients(_ step: Int) throws(Diagnostic) -> [String] {
    try sheet.gradient(ofStep: step).map { gradient in
      var text =
        LaTeXPrinter.symbol(Name(canonical: "g"), index: "\(step)") + places(gradient.places)
      if let formula = gradient.formula,
        let written = LaTeXPrinter.text(formula, index: "\(step - 1)")
      {
        text += " = " + written
        let putIn = NumbersPutIn(
          formula, operands: gradient.operands, value: gradient.value, format: format)
        if let numbers = putIn.expression.flatMap({ LaTeXPrinter.text($0) }) {
          text += " = " + numbers
        }
      }
      return dollars(text + " = " + number(gradient.value))
    }
  }

  private func places(_ places: [Int]) -> String {
    places.isEmpty ? "" : "[" + places.map(String.init).joined(separator: ", ") + "]"
  }

  // MARK: Parts

  private func number(_ value: Tensor) -> String {
    LaTeXPrinter.text(value.expression(digits: format.digits, at: Span(Source(""), 0, 0))) ?? ""
  }

  private func dollars(_ text: String) -> String { "$" + text + "$" }
}
