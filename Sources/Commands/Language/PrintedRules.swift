// Rules from formulas: `rule mine = latex "…"`, from a file, or pasted between $$ … $$; and rules
// printed for other places: `show mine as latex`.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Interpreter {
  /// Takes a rule into the session and says what it is, with what is to be known of its reading.
  func define(_ rule: Rule, reading: FormulaReading? = nil, muted: Bool) throws(Diagnostic) {
    let known = session.problem.rules[rule.name] != nil
    let hidden = known ? nil : try RuleLibrary.rule(named: rule.name)
    try session.changeProblem { (problem) throws(Diagnostic) in
      problem.rules[rule.name] = rule
    }
    let inUse = session.problem.optimizer.contains { group in
      group.stages.contains { $0.rule.name == rule.name }
    }
    var rest = ""
    let states = rule.stateNames
    if let hidden {
      rest += "\nit hides the catalogue's \(rule.name)"
      rest += hidden.declaration.source.map { ": \($0)" } ?? ""
    }
    if inUse {
      rest +=
        "\nthe optimizer in use keeps the old lines; choose it again: optimizer \(rule.name)"
    }
    for line in remarks(reading) { rest += "\n" + line }
    let isPrinted = reading != nil
    let tail = rest
    let fields: [String: JSONValue] =
      reading.map { ["notes": .array($0.notes.map { .string($0.text) })] } ?? [:]
    try reply(
      MessageReport(kind: "message", fields: fields) { format in
        let form: TextForm = format.ascii ? .ascii : .pretty
        var text = isPrinted ? Interpreter.signature(rule, form) : rule.signature
        if !states.isEmpty {
          text += ": state " + states.map { $0.text(form) }.joined(separator: ", ")
        }
        return [StyledText(text + tail)]
      }, muted)
    guard !muted, let reading else { return }
    for note in reading.notes where note.kind == .slip || note.kind == .ambiguity {
      surface.show(
        ErrorReport(
          Diagnostic("latex.\(note.kind.rawValue)", note.text, at: note.span, severity: .note)))
    }
  }

  /// `mine(α=0.001, β₁=0.9)`: the textbook's own symbols.
  private static func signature(_ rule: Rule, _ form: TextForm) -> String {
    let parameters = rule.declaration.parameters.map { parameter in
      let name = parameter.name.text(form)
      return parameter.defaultValue.map { name + "=" + $0.text(form) } ?? name
    }
    return parameters.isEmpty
      ? rule.name : rule.name + "(" + parameters.joined(separator: ", ") + ")"
  }

  /// The conventions that were applied, those about starts on one line.
  private func remarks(_ reading: FormulaReading?) -> [String] {
    guard let reading else { return [] }
    let suffix = " starts at 0"
    let zero = reading.notes.filter { $0.text.hasSuffix(suffix) }
      .map { String($0.text.dropLast(suffix.count)) }
    var lines: [String] = []
    if !zero.isEmpty {
      lines.append(
        zero.joined(separator: ", ") + (zero.count == 1 ? " starts at 0" : " start at 0")
          + ", which the formulas do not say")
    }
    for note in reading.notes
    where (note.kind == .convention || note.kind == .left) && !note.text.hasSuffix(suffix) {
      lines.append(note.text + (note.kind == .left ? ": " + short(note.span.text) : ""))
    }
    return lines
  }

  private func short(_ text: String) -> String { FormulaTitle.shortened(text, to: 48) }

  /// `name = latex "…"`, the cursor standing behind `rule`; nil when it is no formula.
  func formulaRule(_ span: Span) throws(Diagnostic) -> (name: Identifier, text: Span)? {
    do {
      var parser = try Parser(span)
      try parser.expect(word: "rule")
      guard parser.isSymbol(.assign, ahead: 1) || parser.isSymbol(.arrow, ahead: 1),
        let name = parser.acceptName()
      else { return nil }
      try parser.expectAssign()
      if begins(parser.here, "$$") { return (name, try display(rest(parser, span))) }
      guard parser.accept(word: "latex") != nil else {
        throw parser.expected(
          "latex \"…\"",
          help: "rule \(name.name.canonical)(lr=0.01) { w = w - lr*g } gives the lines themselves")
      }
      if begins(parser.here, "$$") { return (name, try display(rest(parser, span))) }
      if parser.accept(word: "file") != nil {
        let bracket = parser.accept(.leftParenthesis) != nil
        let (path, place) = try parser.expectString("a file's name in quotes")
        if bracket { try parser.expect(.rightParenthesis) }
        try parser.expectEnd()
        let bytes = try readFile(path, at: place)
        return (name, Span(Source(bytes: bytes, name: path)))
      }
      let string = try parser.expectString(
        "the formulas in quotes, or between $$ and $$",
        help: "rule \(name.name.canonical) = latex \"\\theta_{t+1} = \\theta_t - \\eta g_t\"")
      try parser.expectEnd()
      return (name, Span(span.source, string.span.start + 1, string.span.end - 1))
    } catch let error as SyntaxError {
      throw error.diagnostic
    } catch let error as Diagnostic {
      throw error
    } catch {
      return nil
    }
  }

  private func readFile(_ path: String, at span: Span) throws(Diagnostic) -> [UInt8] {
    try FileAccess.read(path, limit: 1 << 20, at: span)
  }

  private func begins(_ span: Span, _ text: String) -> Bool {
    span.source.bytes[min(span.start, span.source.bytes.count)...].starts(with: text.utf8)
  }

  /// `$$ … $$` with nothing but signs and remarks behind it.
  private func display(_ span: Span) throws(Diagnostic) -> Span {
    let (display, rest) = DisplayedFormula.split(span)
    guard let rest else { return display }
    throw Diagnostic(
      "latex.behind", "nothing is read behind the closing $$", at: rest,
      help: "leave it out, or write it as a remark: # \(short(rest.text))")
  }

  private func rest(_ parser: Parser, _ whole: Span) -> Span {
    Span(whole.source, parser.here.start, whole.end)
  }

  /// Reads formulas as a rule of a name and takes it into the session.
  func defineFormulas(_ name: Identifier, _ text: Span, muted: Bool) throws(Diagnostic) {
    let reading = try FormulaReader.read(text, name: name.name, nameSpan: name.span)
    guard let read = reading.rule else {
      throw Diagnostic(
        "latex.no-rule",
        "these formulas are no update rule but \(article(reading.kind)): \(reading.reason)",
        at: text,
        help: "a rule needs a line that gives a parameter its new value")
    }
    try define(try Rule(read.declaration), reading: reading, muted: muted)
  }

  private func article(_ kind: FormulaReading.Kind) -> String {
    switch kind {
    case .objective: "an objective"
    case .other: "something else"
    default: "a \(kind.rawValue)"
    }
  }

  /// `$$ … $$` at the prompt: a rule called pasted.
  func pastedFormulas(_ statement: Statement) throws(Diagnostic) -> Bool {
    guard begins(statement.span, "$$") else { return false }
    let name = Identifier(
      Name(canonical: "pasted"),
      Span(statement.span.source, statement.span.start, statement.span.start))
    try defineFormulas(name, try display(statement.span), muted: statement.muted)
    return true
  }

  /// `show mine as latex`: the rule in another language; nil when nothing is asked in this form.
  func printed(_ words: String, at span: Span) throws(Diagnostic) -> SourceReport? {
    let parts = words.split(separator: " ").map(String.init)
    guard parts.count == 3, parts[1] == "as" else { return nil }
    guard let rule = try session.rule(named: parts[0]) else {
      throw Diagnostic(
        "rule.unknown", "there is no rule \(parts[0])", at: span,
        help: didYouMean(parts[0], in: RuleLibrary.names))
    }
    let source: String
    switch parts[2] {
    case "latex": source = try LaTeXPrinter.text(rule.declaration)
    case "text": source = RulePrinter(.ascii).text(rule.declaration)
    case "python", "numpy": source = try PythonPrinter.text(rule.declaration, .numpy)
    case "torch", "pytorch": source = try PythonPrinter.text(rule.declaration, .torch)
    default:
      throw Diagnostic(
        "show.language", "a rule is not printed as \(parts[2])", at: span,
        help: didYouMean(parts[2], in: ["latex", "text", "python", "torch"])
          ?? "known are latex, text, python and torch")
    }
    var lines = source
    while lines.hasSuffix("\n") { lines.removeLast() }
    return SourceReport(name: rule.name, language: parts[2], source: lines)
  }
}
