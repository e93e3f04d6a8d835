// What a quiz says: the problem, a question, a verdict, the score.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

/// Lines that wait for the format, with the fields of the JSON object.
package struct QuizReport: Report {
  package let kind: String
  private let fields: [String: JSONValue]
  private let lines: (Format) -> [StyledText]

  init(kind: String, fields: [String: JSONValue], lines: @escaping (Format) -> [StyledText]) {
    self.kind = kind
    self.fields = fields
    self.lines = lines
  }

  package func text(_ format: Format) -> [StyledText] {
    lines(format).flatMap { $0.folded(to: format.width) }
  }

  package func json() -> [String: JSONValue] { fields }
}

enum QuizReports {
  // MARK: The problem

  /// The loss, the start, the hyperparameters and the lines of the rule.
  static func problem(_ sheet: QuizSheet) -> QuizReport {
    let parameter = sheet.problem.parameter
    var fields: [String: JSONValue] = [
      "optimizer": .string(sheet.title), "steps": .number(Double(sheet.steps)),
      "seed": .number(Double(sheet.seed)), "questions": .number(Double(sheet.items.count)),
      "loss": .string(sheet.problem.loss.text(.ascii)),
      "start": .object([parameter.ascii: JSONValue(sheet.problem.start)]),
      "repeat": .string(sheet.command),
    ]
    fields["hyperparameters"] = .object(
      Dictionary(
        sheet.constants.map { ($0.name.ascii, JSONValue($0.value)) }, uniquingKeysWith: { $1 }))
    fields["formulas"] = .array(
      sheet.formulas.map { row in
        let format = Format(width: 1_000_000, ascii: true)
        return .string("\(row.name.text(.ascii)) = " + gradient(row.formula.text(format), format))
      })
    return QuizReport(kind: "quiz", fields: fields) { format in
      let form: TextForm = format.ascii ? .ascii : .pretty
      let dot = format.signs.dot
      var head = StyledText(sheet.title, .accent)
      head.append(
        " by hand \(dot) \(count(sheet.steps, "step")) \(dot) \(count(sheet.items.count, "number")) "
          + "\(dot) seed \(sheet.seed)")
      var lines = [head]
      var loss = StyledText("  loss   ", .dim)
      loss.append(QuizProblem.lossName.text(form) + " = ")
      loss.append(sheet.problem.loss.text(form))
      lines.append(loss)
      var start = StyledText("  start  ", .dim)
      start.append(
        (sheet.beginnings.first ?? []).map { equation($0.name, $0.value, format) }
          .joined(separator: ", "))
      lines.append(start)
      let constants = sheet.constants
      if !constants.isEmpty {
        var line = StyledText("  with   ", .dim)
        line.append(
          constants.map { "\($0.name.text(form)) = \(TensorFormat(format).line($0.value))" }
            .joined(separator: ", "))
        lines.append(line)
      }
      lines.append(StyledText("  each step, in this order:", .dim))
      return lines + formulas(sheet, format)
        + [
          StyledText(
            "A number answers, or a formula: 0.1*4. Or type hint, skip, again, quit.", .dim)
        ]
    }
  }

  private static func formulas(_ sheet: QuizSheet, _ format: Format) -> [StyledText] {
    let form: TextForm = format.ascii ? .ascii : .pretty
    let rows = sheet.formulas
    let width = rows.map { TextWidth.columns(of: $0.name.text(form)) }.max() ?? 0
    return rows.map { row in
      var line = StyledText("    ")
      line.append(TextWidth.padded(row.name.text(form), to: width), .name)
      line.append(" \(row.isParameter ? format.signs.becomes : "=") ")
      line.append(gradient(row.formula.text(format), format))
      return line
    }
  }

  /// `∇L`, in ASCII `grad(L)`.
  private static func gradient(_ text: String, _ format: Format) -> String {
    text == "∇L" || text == "grad L" ? (format.ascii ? "grad(L)" : "∇L") : text
  }

  /// What a step begins with: `step 2 · t = 2 · w = 1.1, m = -0.4`.
  static func beginning(of step: Int, _ sheet: QuizSheet) -> QuizReport {
    let values = step <= sheet.beginnings.count ? sheet.beginnings[step - 1] : []
    let fields: [String: JSONValue] = [
      "step": .number(Double(step)),
      "values": .object(
        Dictionary(
          values.map { ($0.name.text(.ascii), JSONValue($0.value)) }, uniquingKeysWith: { $1 })),
    ]
    return QuizReport(kind: "quiz-step", fields: fields) { format in
      var line = StyledText("step \(step)", .accent)
      line.append(
        " \(format.signs.dot) t = \(step) \(format.signs.dot) "
          + values.map { equation($0.name, $0.value, format) }.joined(separator: ", "))
      return [line]
    }
  }

  // MARK: Questions and verdicts

  static func question(_ item: QuizItem, number: Int, of sheet: QuizSheet) -> QuizReport {
    let fields: [String: JSONValue] = [
      "number": .number(Double(number)), "of": .number(Double(sheet.items.count)),
      "step": .number(Double(item.step)), "asked": .string(item.question.asked.text(.ascii)),
    ]
    return QuizReport(kind: "question", fields: fields) { format in
      var line = StyledText("Q\(number)", .accent)
      line.append("  ")
      line.append(item.question.asked.text(format.ascii ? .ascii : .pretty), .name)
      line.append(" = ?")
      return [line]
    }
  }

  static func right(_ item: QuizItem, number: Int) -> QuizReport {
    var fields = verdict("right", item, number)
    fields["value"] = JSONValue(number: item.question.value)
    return QuizReport(kind: "verdict", fields: fields) { format in
      var line = StyledText(format.signs.yes + " ", .good)
      line.append(equation(item.question.asked, Tensor(item.question.value), format), .result)
      if !item.places.isEmpty, let whole = item.whole {
        line.append("   \(equation(whole, item.line.value, format))")
      }
      if let remark = item.question.remark {
        line.append("   \(format.signs.plain(remark))", .dim)
      }
      return [line]
    }
  }

  static func tooShort(_ item: QuizItem, number: Int) -> QuizReport {
    QuizReport(kind: "verdict", fields: verdict("digits", item, number)) { _ in
      [StyledText("right so far: one more digit")]
    }
  }

  /// Where nothing explains the number, the line is shown below.
  static func wrong(_ item: QuizItem, number: Int, _ slip: QuizSlip) -> QuizReport {
    var fields = verdict("wrong", item, number)
    fields["causes"] = .array(slip.causes.map(json))
    return QuizReport(kind: "verdict", fields: fields) { format in
      let sentences =
        slip.sentences.isEmpty ? ["not that; with its numbers the line is"] : slip.sentences
      return sentences.enumerated().map { i, sentence in
        var line = StyledText()
        if i == 0 { line.append(format.signs.no + " ", .bad) }
        line.append(format.signs.plain(sentence))
        return line
      }
    }
  }

  private static func json(_ cause: Diagnosis.Cause) -> JSONValue {
    .object([
      "mistake": .string(cause.id), "text": .string(Signs(ascii: true).plain(cause.sentence)),
    ])
  }

  private static func verdict(_ word: String, _ item: QuizItem, _ number: Int)
    -> [String: JSONValue]
  {
    [
      "verdict": .string(word), "number": .number(Double(number)),
      "asked": .string(item.question.asked.text(.ascii)),
    ]
  }

  // MARK: The sheet

  static func wrote(_ path: String, _ sheet: QuizSheet) -> MessageReport {
    MessageReport(
      "wrote \(path): \(count(sheet.steps, "step")) of \(sheet.title), the solutions at the end\n"
        + "the same again: \(sheet.command)",
      kind: "file",
      fields: [
        "file": .string(path), "seed": .number(Double(sheet.seed)),
        "repeat": .string(sheet.command),
      ])
  }

  // MARK: The score

  static func score(_ quiz: Quiz, _ ending: AskerEnding) -> QuizReport {
    let sheet = quiz.sheet
    let results = quiz.results
    let clean = results.count(where: \.isClean)
    let skipped = results.count(where: \.isSkipped)
    let helped = results.count { !$0.isSkipped && $0.slips.isEmpty && $0.hints > 0 }
    let corrected = results.count { !$0.isSkipped && !$0.slips.isEmpty }
    let all = sheet.items.count
    let slips = (results + (quiz.pending.map { [$0] } ?? [])).flatMap { result in
      result.slips.map { slip in
        (step: result.item.step, asked: result.item.question.asked, slip: slip)
      }
    }
    var parts: [String] = []
    if corrected > 0 { parts.append("\(corrected) after a mistake") }
    if helped > 0 { parts.append("\(helped) with a hint") }
    if skipped > 0 { parts.append("\(skipped) skipped") }
    if results.count < all { parts.append("\(all - results.count) not asked") }
    let fields: [String: JSONValue] = [
      "ending": .string(ending == .finished ? "finished" : ending == .left ? "left" : "input"),
      "questions": .number(Double(all)), "right": .number(Double(clean)),
      "corrected": .number(Double(corrected)), "hinted": .number(Double(helped)),
      "skipped": .number(Double(skipped)), "repeat": .string(sheet.command),
      "mistakes": .array(
        slips.map { slip in
          var entry: [String: JSONValue] = [
            "step": .number(Double(slip.step)), "asked": .string(slip.asked.text(.ascii)),
            "answer": .string(slip.slip.text),
          ]
          entry["causes"] = .array(slip.slip.causes.map(json))
          return .object(entry)
        }),
    ]
    return QuizReport(kind: "score", fields: fields) { format in
      let head: String =
        switch ending {
        case .finished: "the end"
        case .left: "the quiz is left"
        case .inputEnded: "the quiz ends with the input"
        }
      var line = StyledText(head, .accent)
      line.append(": \(clean) of \(all) right at once")
      if !parts.isEmpty { line.append("; " + parts.joined(separator: ", ")) }
      var lines = [line]
      for slip in slips {
        var text = StyledText("  step \(slip.step), ")
        text.append(slip.asked.text(format.ascii ? .ascii : .pretty), .name)
        text.append(": \(slip.slip.text)")
        if let summary = slip.slip.summary {
          text.append("  \(format.signs.plain(summary))", .dim)
        }
        lines.append(text)
      }
      var again = StyledText("the same again: ", .dim)
      again.append(sheet.command)
      return lines + [again]
    }
  }

  // MARK: Parts

  private static func equation(_ name: Expression, _ value: Tensor, _ format: Format) -> String {
    "\(name.text(format.ascii ? .ascii : .pretty)) = \(TensorFormat(format).line(value))"
  }

  private static func count(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }
}
