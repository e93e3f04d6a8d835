// A quiz, held to laws over the whole catalogue: its own answers pass, wrong ones do not, its numbers
// are those of the optimizer, the same seed gives the same sheet, and the session stays as it was.

import Diagnostics
import Notation
import Optimizers
import Synchronization
import Tensors
import Testing

@testable import Commands
@testable import Engine

/// An interpreter whose reports are kept.
private final class Sitting {
  let interpreter: Interpreter
  var reports: [any Report] = []

  init(_ lines: String...) {
    interpreter = Interpreter(surface: Surface(show: { _ in }))
    interpreter.surface.show = { [unowned self] in reports.append($0) }
    for line in lines { interpreter.run(Source(line)) }
  }

  @discardableResult func type(_ line: String) -> [String] {
    reports = []
    interpreter.run(Source(line))
    return reports.flatMap { $0.text(Format()).map(\.plain) }
  }

  var question: Question? { interpreter.asking?.asker.question }
  var verdict: JSONValue? { reports.compactMap { $0.json()["verdict"] }.first }
}

@Suite struct QuizTests {
  /// Every rule of the catalogue as an optimizer; a stage needs a rule behind it.
  static let calls: [String] = RuleLibrary.names.compactMap { name in
    guard let rule = try? RuleLibrary.rule(named: name) else { return nil }
    guard rule.isStage else { return name }
    let needed = rule.declaration.parameters.filter { $0.defaultValue == nil }
    let arguments = needed.map { "\($0.name.canonical)=1" }.joined(separator: ", ")
    return "\(name)(\(arguments)) |> sgd"
  }

  static func sheet(_ call: String, steps: Int = 3, seed: Int = 5) throws -> QuizSheet {
    var parser = try Parser(Source(call))
    return try QuizSheet(try parser.parseChain(), steps: steps, seed: seed, own: Session())
  }

  /// One sheet of two steps a rule, which the laws share: making it is what takes time.
  static func shared(_ call: String) throws -> QuizSheet {
    if let known = sheets.withLock({ $0[call] }) { return known.sheet }
    let sheet = try sheet(call, steps: 2)
    sheets.withLock { $0[call] = SharedSheet(sheet: sheet) }
    return sheet
  }

  /// Sheets are values that nobody changes.
  private struct SharedSheet: @unchecked Sendable { let sheet: QuizSheet }
  private static let sheets = Mutex<[String: SharedSheet]>([:])

  @Test func everyRuleIsThere() { #expect(Self.calls.count > 150) }

  @Test(arguments: calls)
  func itsOwnAnswersPassAndOthersDoNot(_ call: String) throws {
    let sheet = try Self.shared(call)
    let sitting = Sitting()
    try sitting.interpreter.begin(Quiz(sheet), at: Span(Source("")))
    let count = sheet.items.count
    for number in 1...count {
      let question = try #require(sitting.question, "\(call): question \(number) of \(count)")
      let right = question.value
      let asked = question.asked.text(.ascii)
      // Nothing is an answer to nothing; the question stays.
      #expect(sitting.type("").isEmpty)
      let others = [right * 1.7 + 1, right == 0 ? 2 : -right, right == 0 ? 1e-9 : right * 1.01]
      let wrong = others[number % others.count]
      // Looking for the mistake takes the most time: each of the first ones, then some.
      if number < 4 || number % 4 == 0 {
        sitting.type(NumberFormat.text(wrong, digits: 17))
        #expect(sitting.verdict == .string("wrong"), "\(call): \(wrong) for \(asked) = \(right)")
      }
      #expect(sitting.interpreter.askingLabel == "Q\(number)")
      // As it is shown, as it is, and under its name.
      let texts = [
        NumberFormat.text(right, digits: 6), NumberFormat.text(right, digits: 17),
        "\(asked) = \(NumberFormat.text(right, digits: 17))",
      ]
      sitting.type(texts[(number / 3) % texts.count])
      #expect(sitting.verdict == .string("right"), "\(call): \(asked) = \(right)")
    }
    #expect(sitting.question == nil)
    #expect(sitting.reports.last?.json()["ending"] == .string("finished"))
    let corrected = (1...count).count { $0 < 4 || $0 % 4 == 0 }
    #expect(sitting.reports.last?.json()["corrected"] == .number(Double(corrected)))
  }

  @Test(arguments: calls)
  func itsNumbersAreTheOptimizers(_ call: String) throws {
    let sheet = try Self.shared(call)
    let stages = sheet.problem.stages.map { stage in
      stage.rule.name + "("
        + stage.hyperparameters.map { "\($0.name.canonical)=\($0.value.text(.ascii))" }
        .joined(separator: ", ") + ")"
    }
    let name = sheet.problem.parameter.canonical
    let start = sheet.problem.start.expression(digits: 17, at: Span(Source(""), 0, 0))
    let sitting = Sitting(
      "param \(name) = \(start.text(.ascii))", "loss L = \(sheet.problem.loss.text(.ascii))",
      "optimizer \(stages.joined(separator: " |> "))")
    for step in 1...2 {
      // Step by step, on a session of its own; what a name holds last is what it is asked for last.
      sitting.type("step 1;")
      var last: [String: QuizItem] = [:]
      for item in sheet.items where item.step == step && item.line.kind == .rule {
        last[item.question.asked.text(.ascii)] = item
      }
      for (asked, item) in last {
        var parser = try Parser(
          Source(item.line.isParameter || asked.contains(".") ? asked : "\(name).\(asked)"))
        let value = try sitting.interpreter.session.evaluate(try parser.parseExpression())
        #expect(value.elements == [item.question.value], "\(call), step \(step): \(asked)")
      }
    }
  }

  @Test(arguments: calls)
  func everyLineOfTheRuleIsAskedForInOrder(_ call: String) throws {
    let sheet = try Self.shared(call)
    for (number, record) in sheet.problem.records.enumerated() {
      let parameter = try #require(record.parameters.first)
      let places = sheet.items.filter { $0.step == number + 1 }.map(\.place)
      #expect(places == places.sorted())
      // A line that is not asked for is a turn of a repeat like the one before it.
      for (place, line) in parameter.lines.enumerated() where !places.contains(place) {
        let before = parameter.lines[place - 1]
        #expect(before.name == line.name && before.value == line.value, "\(call): \(line.name)")
      }
    }
  }

  @Test(arguments: calls.indices.filter { $0 % 6 == 0 }.map { calls[$0] })
  func theSameSeedGivesTheSameSheet(_ call: String) throws {
    let format = Format(width: 1_000_000)
    let text = try QuizMarkdown(try Self.shared(call), format: format).text()
    #expect(try QuizMarkdown(try Self.sheet(call, steps: 2), format: format).text() == text)
    let other = try Self.sheet(call, steps: 2, seed: 6)
    #expect(try QuizMarkdown(other, format: format).text() != text)
  }

  @Test(arguments: calls)
  func aSheetForPaperHoldsFormulasThatCanBeReadAndEveryNumber(_ call: String) throws {
    let sheet = try Self.shared(call)
    let text = try QuizMarkdown(sheet, format: Format(width: 1_000_000)).text()
    #expect(!text.contains("$$$") && !text.contains("``\n") || text.contains("```"))
    let solutions = try #require(text.components(at: "## Solutions").last)
    for item in sheet.items where item.places.isEmpty && item.question.value.magnitude < 1e5 {
      let number = NumberFormat.text(item.question.value, digits: 6)
      guard !number.contains("e") else { continue }
      #expect(solutions.contains(" \(number)$") || solutions.contains(" \(number)`"), "\(number)")
    }
  }

  @Test func theProblemIsTheSameForEveryRule() throws {
    let adam = try Self.sheet("adam", seed: 11)
    let sgd = try Self.sheet("sgd(lr=0.2)", seed: 11)
    #expect(adam.problem.loss.text(.ascii) == sgd.problem.loss.text(.ascii))
    #expect(adam.problem.start == sgd.problem.start)
  }

  // MARK: The session

  @Test func theSessionStaysAsItWas() throws {
    let sitting = Sitting(
      "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "optimizer adam(lr=0.1)", "step 2")
    let before = sitting.interpreter.session
    sitting.type("quiz momentum 2 seed=3")
    for line in ["hint", "7", "skip", "w = 2", "again", "= 1 - 0.9^2", "nonsense", "skip", "quit"] {
      sitting.type(line)
    }
    let after = sitting.interpreter.session
    #expect(sitting.interpreter.asking == nil)
    #expect(after.lines == before.lines)
    #expect(after.step == before.step)
    #expect(after.snapshot == before.snapshot)
    #expect(after.problem.definitions.keys.sorted() == before.problem.definitions.keys.sorted())
    // The last line to undo is still the one before the quiz.
    #expect(sitting.type("undo") == ["undid: step 2"])
  }

  @Test func otherCommandsWorkWhileAQuestionIsOpen() throws {
    let sitting = Sitting(
      "param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "step 3", "quiz adam 1 seed=9")
    #expect(sitting.type("back").last == "Q1  g = ?")
    #expect(sitting.interpreter.session.step == 2)
    #expect(sitting.type("undo").last == "Q1  g = ?")
    #expect(sitting.type("show w").last == "Q1  g = ?")
    #expect(sitting.type("explain L").last == "Q1  g = ?")
    #expect(sitting.type("help").last == "Q1  g = ?")
    #expect(sitting.type("= 1 - 0.9^2") == ["0.19", "Q1  g = ?"])
    #expect(sitting.type("a = 2").last == "Q1  g = ?")
    #expect(sitting.type("-2*a").first == "✓ g = -4")
    #expect(sitting.type("quiz sgd").first?.contains("a question is open already") == true)
    #expect(sitting.type("quit").first?.hasPrefix("the quiz is left: 1 of 6 right at once") == true)
    #expect(!sitting.interpreter.isFinished)
    sitting.type("quit")
    #expect(sitting.interpreter.isFinished)
  }

  @Test func anotherNameIsNotDefinedByMistake() {
    let sitting = Sitting("quiz adam 1 seed=9")
    #expect(sitting.type("m = -0.4").first == "error: the question is g, not m")
    #expect(sitting.type("v_hat = 3").first == "error: the question is g, not v̂")
    #expect(sitting.type("hnt").joined().contains("did you mean hint?"))
    #expect(sitting.type("[1, 2]").first == "error: one number is asked for, g")
    #expect(sitting.type("g = -4").first == "✓ g = -4")
    #expect(sitting.type("m̂").first?.hasPrefix("error:") == true)
    #expect(sitting.type("beta1*m + (1 - beta1)*g").first?.hasPrefix("✓ m = -0.4") == true)
  }

  @Test func linesOfAFileAreItsOwn() {
    let sitting = Sitting("quiz adam 1 seed=9")
    #expect(sitting.interpreter.asking?.depth == 0)
    #expect(throws: Never.self) {
      try sitting.interpreter.runNested(Source("x = 3\n-4"), at: Span(Source(""), 0, 0))
    }
    #expect(sitting.interpreter.askingLabel == "Q1")
  }

  @Test func theEndOfInputEndsIt() {
    let sitting = Sitting("quiz adam 1 seed=9", "-4")
    sitting.reports = []
    #expect(sitting.interpreter.endAsking(.inputEnded))
    #expect(!sitting.interpreter.endAsking(.inputEnded))
    let lines = sitting.reports.flatMap { $0.text(Format()).map(\.plain) }
    #expect(lines.first == "the quiz ends with the input: 1 of 6 right at once; 5 not asked")
    #expect(lines.last == "the same again: quiz adam 1 seed=9")
  }

  @Test func rulesOfTheSessionAndItsNumbersServe() {
    let sitting = Sitting(
      "rule mine(lr=0.001, mu=0.5) { state v = 0; v = mu*v + g; w = w - lr*v }", "half = 0.5")
    let first = sitting.type("quiz mine(mu=half) 2 seed=7")
    #expect(first.first == "mine(mu=half) by hand · 2 steps · 6 numbers · seed 7")
    #expect(first.contains("  with   lr = 0.1, μ = 0.5"))
    #expect(!first.joined().contains("error"))
  }

  @Test func whatCannotBeAskedIsRefused() {
    #expect(replies("quiz nothing 3")[0].hasPrefix("error: there is no optimizer nothing"))
    #expect(replies("quiz adam 0")[0].hasPrefix("error: the number of steps must be at least 1"))
    #expect(replies("quiz adam 21")[0].hasPrefix("error: the number of steps must be at most 20"))
    #expect(replies("quiz adam 3 sed=1")[0].hasPrefix("error: quiz has no setting sed"))
    #expect(replies("quiz adam 3 seed=-1")[0].hasPrefix("error: the seed must be at least 0"))
    #expect(replies("quiz adam 3 to \"a.txt\"")[0].hasPrefix("error: a sheet is written to a Mark"))
    #expect(replies("quiz clip_norm 3")[0].hasPrefix("error: clip_norm changes the gradient"))
    #expect(replies("quiz adam(lr=1e300) 3")[0].hasPrefix("error:"))
    #expect(replies("quiz")[0].hasPrefix("error: "))
  }

  @Test func aWrongNumberIsToldWhatItIs() {
    let sitting = Sitting("quiz adam 2 seed=9")
    #expect(sitting.type("-2").first == "✗ that comes out when the factor 2 is forgotten")
    #expect(sitting.type("4").first?.contains("sign") == true)
    sitting.type("skip")
    #expect(sitting.type("0.4").first?.contains("subtracted") == true)
    #expect(sitting.type("5.5") == ["✗ not that; with its numbers the line is", Self.line])
    sitting.type("skip")
    #expect(sitting.type("0.16").first?.contains("decimal point") == true)
    for _ in 0..<4 { sitting.type("skip") }
    // Step 2 is asked with the right numbers of step 1.
    #expect(sitting.type("-4.0").first == "✗ that is g of step 1; this is step 2")
    let score = sitting.type("quit")
    #expect(score.contains("  step 1, g: -2  that comes out when the factor 2 is forgotten"))
    #expect(!score.joined().contains("perhaps"))
    #expect(score.contains("  step 2, g: -4.0  that is g of step 1; this is step 2"))
  }

  private static let line = "m = 0.9·0 + (1 - 0.9)·(-4)"

  // MARK: Answers

  static let judged: [(String, Double, String)] = [
    ("-0.4", -0.4, "right"), ("-2/5", -0.4, "right"), ("-0.4", -0.4000001, "right"),
    ("-0.4", -0.402, "oneDigit"),
    ("-0.7", -1, "wrong"), ("4", 3.9999999, "right"), ("1000", 1004, "wrong"),
    ("0.40", 0.40000001, "right"), ("-3.786", -3.7861007, "right"),
    ("-3.787", -3.7861007, "lastDigit"), ("0", 0, "right"), ("0", 1e-9, "wrong"),
    ("1e-9", 0, "wrong"), ("0.3 - 0.1*3", 0, "right"), ("2.66", 2.6666666666666665, "right"),
    ("2.7", 2.6666666666666665, "right"), ("2.6", 2.6666666666666665, "lastDigit"),
    ("3", 2.6666666666666665, "oneDigit"),
    ("8/3", 2.6666666666666665, "right"), ("2.666666666", 2.6666666666666665, "right"),
    ("4", -4, "wrong"),
    ("1e-8", 1e-8, "right"), ("0.0160", 0.016, "right"), ("100", 100.4, "right"),
    ("1/0", 1, "wrong"), ("34.8194", 34.81940970485243, "right"),
  ]

  @Test(arguments: judged.indices)
  func answersAreJudgedByTheirDigits(_ index: Int) throws {
    let (typed, right, verdict) = Self.judged[index]
    var parser = try Parser(Source(typed))
    let expression = try parser.parseExpression()
    let value = try #require(try Session().evaluate(expression).scalar)
    let found = Answer(expression, value: value).number.agreement(with: right)
    #expect("\(found)" == verdict, "\(typed) for \(right)")
  }
}

extension String {
  fileprivate func components(at separator: String) -> [String] {
    var parts = [""]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line == separator { parts.append("") } else { parts[parts.count - 1] += line + "\n" }
    }
    return parts
  }
}
