// identify: which rule of the catalogue a rule is, by its numbers.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let identify = Command(
    "identify", group: .looking, summary: "names the catalogue's rule that has a rule's numbers",
    forms: [[.text("rule")]],
    details: [
      "A rule of yours, of the catalogue, a library's call, or formulas: identify latex \"…\".",
      "The rule and every rule of the catalogue take 30 steps with the same gradients: signs that "
        + "change, tiny ones, exact zeros, steep and flat coordinates; small and large ε; a learning "
        + "rate that is constant, and one that changes. Hyperparameters that do the same get the same "
        + "value; 1 - β for β, lr·(1 - β) for lr and the like are tried. Equal means equal to 1e-9; an "
        + "equal rule is held against it for 200 steps.",
      "call is what a library calls it. next is the rule that is most like it, line by line, without "
        + "being equal; if none is equal, nearest, the line in which it departs, and the change that "
        + "makes it that rule, which has been tried.",
    ],
    examples: [
      [
        "rule mine = latex \"m_t = \\beta_1 m_{t-1} + (1-\\beta_1) g_t \\\\ \\theta_t = \\theta_{t-1} - \\alpha m_t\"",
        "identify mine",
      ],
      ["identify torch.Adam"],
      ["identify latex \"\\theta_{t+1} = \\theta_t - \\frac{\\eta}{\\sqrt{t}} g_t\""],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (word, span) = arguments.text("rule") else { return }
      try interpreter.requireCatalogue()
      let subject = try interpreter.subject(word, span)
      let found = Identification.of(
        subject.rule, roles: subject.roles, isStopped: Stopping(interpreter.surface.interrupted))
      try interpreter.refuseBrokenOff()
      guard found.best != nil else {
        throw Diagnostic(
          "identify.not-run",
          "\(subject.name) cannot be run by itself, so its numbers cannot be compared", at: span,
          help: "a rule for gradients alone, or one that depends on more than w, g and t, is not "
            + "compared")
      }
      let isOwn = interpreter.session.problem.rules[subject.name] == nil && !subject.isFormula
      interpreter.surface.show(
        IdentificationReport(
          name: subject.name, found: found, title: isOwn ? subject.rule.citation : nil))
    })
}

extension Interpreter {
  fileprivate struct Subject {
    var name: String
    var rule: Rule
    var roles: [Name: HyperRole] = [:]
    var isFormula = false
  }

  /// A rule by its name, or `latex "…"`.
  fileprivate func subject(_ word: String, _ span: Span) throws(Diagnostic) -> Subject {
    if let text = try formulaText(span) {
      let reading = try FormulaReader.read(text, name: Name(canonical: "formula"))
      guard let read = reading.rule else {
        throw Diagnostic(
          "identify.no-rule", "this is no update rule (\(reading.kind.words)): \(reading.reason)",
          at: text, help: "a rule has a line such as \\theta_{t+1} = \\theta_t - \\eta g_t")
      }
      return Subject(
        name: "formula", rule: try Rule(read.declaration), roles: read.said, isFormula: true)
    }
    if let rule = try session.rule(named: word) { return Subject(name: word, rule: rule) }
    throw Diagnostic(
      "rule.unknown", "there is no rule \(word)", at: span,
      help: didYouMean(word, in: RuleLibrary.names)
        ?? "rule \(word) = latex \"…\" reads one from its formulas")
  }

  /// What stands between the quotes of `latex "…"`; nil for anything else.
  private func formulaText(_ span: Span) throws(Diagnostic) -> Span? {
    do {
      var parser = try Parser(span)
      guard parser.accept(word: "latex") != nil else { return nil }
      let string = try parser.expectString(
        "the formulas in quotes", help: "identify latex \"\\theta_{t+1} = \\theta_t - \\eta g_t\"")
      try parser.expectEnd()
      return Span(span.source, string.span.start + 1, string.span.end - 1)
    } catch {
      throw error.diagnostic
    }
  }
}

extension Rule {
  /// `Adam, Kingma & Ba 2015, algorithm 1`
  fileprivate var citation: String? {
    guard let title else { return source }
    return source.map { title + ", " + $0 } ?? title
  }
}
