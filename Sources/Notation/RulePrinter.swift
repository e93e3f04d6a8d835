// A rule as text that parses to the same rule, laid out as a person would.
//
// Equal signs of neighbouring lines stand below one another, and so do remarks. It prints what is
// written, not what runs: which branch of a `when` that is, it does not know.

package struct RulePrinter {
  package var form: TextForm
  /// Where a long header is broken.
  package var width: Int

  package init(_ form: TextForm = .pretty, width: Int = 100) {
    self.form = form
    self.width = width
  }

  package func lines(_ rule: RuleDeclaration) -> [String] {
    var lines = header(rule)
    if let title = rule.title {
      let citation = rule.source.map { " by " + quoted($0) } ?? ""
      lines.append("  " + quoted(title) + citation)
    }
    for note in rule.notes { lines.append("  note " + quoted(note)) }
    lines += block(rule.body, indent: "  ")
    lines += comments(rule.closingComments, indent: "  ")
    return lines + ["}"]
  }

  package func text(_ rule: RuleDeclaration) -> String {
    lines(rule).joined(separator: "\n") + "\n"
  }

  /// One line: `adam(lr=0.001, beta1=0.9)`, as it is called.
  package func signature(_ rule: RuleDeclaration) -> String {
    rule.parameters.isEmpty
      ? rule.name : rule.name + "(" + parameters(rule).joined(separator: ", ") + ")"
  }

  private func parameters(_ rule: RuleDeclaration) -> [String] {
    rule.parameters.map { parameter in
      let name = parameter.name.ascii
      return parameter.defaultValue.map { name + "=" + $0.text(form) } ?? name
    }
  }

  private func header(_ rule: RuleDeclaration) -> [String] {
    let tail = (rule.overAll ? " over all" : "") + " {"
    let whole = "rule " + signature(rule) + tail
    guard whole.count > width else { return [whole] }
    var lines = ["rule " + rule.name + "("]
    var line = "   "
    for (place, parameter) in parameters(rule).enumerated() {
      let piece = " " + parameter + (place + 1 < rule.parameters.count ? "," : "")
      if line.count + piece.count > width, line != "   " {
        lines.append(line)
        line = "   "
      }
      line += piece
    }
    return lines + [line, ")" + tail]
  }

  // MARK: Lines

  private func block(_ statements: [RuleStatement], indent: String) -> [String] {
    var lines: [String] = []
    var run: [RuleStatement.Line] = []
    var declared: [RuleStatement.Line] = []
    func flush() {
      lines += assignments(run, indent: indent)
      run = []
    }
    for (place, statement) in statements.enumerated() {
      switch statement {
      case .assign(let line):
        run.append(line)
      case .let(let line), .state(let line):
        flush()
        declared.append(line)
        let next = place + 1 < statements.count ? statements[place + 1] : nil
        if let next, next.line?.sharesLine == true, next.word == statement.word { continue }
        lines += declaration(statement.word, declared, indent: indent)
        declared = []
      case .when(let branches, let otherwise):
        flush()
        lines += when(branches, otherwise, indent: indent)
      case .repeat(let count, let body):
        flush()
        lines += braced("repeat " + count.text(form), body, indent: indent)
      }
    }
    flush()
    return lines
  }

  /// Assignments below one another, aligned.
  private func assignments(_ run: [RuleStatement.Line], indent: String) -> [String] {
    let names = run.map { $0.name.text(form) }
    let nameWidth = names.reduce(0) { max($0, $1.count) }
    let texts = zip(run, names).map { line, name in
      let blanks = String(repeating: " ", count: nameWidth - name.count)
      return indent + name + blanks + " = " + line.value.text(form)
    }
    let column = zip(run, texts).reduce(0) { $1.0.remark == nil ? $0 : max($0, $1.1.count) }
    return zip(run, texts).flatMap { line, text in
      let blanks = String(repeating: " ", count: max(0, column - text.count))
      let whole = line.remark.map { text + blanks + "   " + comment($0) } ?? text
      return comments(line.commentsAbove, indent: indent) + [whole]
    }
  }

  /// `state m = 0, v = 0`
  private func declaration(
    _ word: String, _ lines: [RuleStatement.Line], indent: String
  ) -> [String] {
    let text = lines.map { $0.name.text(form) + " = " + $0.value.text(form) }
      .joined(separator: ", ")
    let remark = lines.last?.remark.map { "   " + comment($0) } ?? ""
    return comments(lines.first?.commentsAbove ?? [], indent: indent)
      + [indent + word + " " + text + remark]
  }

  private func comment(_ text: String) -> String {
    let line = String(text.map { $0.isNewline ? " " : $0 })
    return line.isEmpty ? "#" : "# " + line
  }

  private func comments(_ texts: [String], indent: String) -> [String] {
    texts.map { indent + comment($0) }
  }

  /// `head { line }` on one line if that is all and it fits.
  private func braced(_ head: String, _ body: [RuleStatement], indent: String) -> [String] {
    if body.count == 1, case .assign(let line) = body[0], line.remark == nil,
      line.commentsAbove.isEmpty
    {
      let whole = indent + head + " { " + assignments([line], indent: "").joined() + " }"
      if whole.count <= width { return [whole] }
    }
    return [indent + head + " {"] + block(body, indent: indent + "  ") + [indent + "}"]
  }

  private func when(
    _ branches: [RuleStatement.Branch], _ otherwise: [RuleStatement], indent: String
  ) -> [String] {
    if branches.count == 1, otherwise.isEmpty {
      return braced("when " + branches[0].condition.text(form), branches[0].body, indent: indent)
    }
    var lines: [String] = []
    for branch in branches {
      let head = "when " + branch.condition.text(form) + " {"
      lines.append(indent + (lines.isEmpty ? head : "} else " + head))
      lines += block(branch.body, indent: indent + "  ")
    }
    if !otherwise.isEmpty {
      lines.append(indent + "} else {")
      lines += block(otherwise, indent: indent + "  ")
    }
    return lines + [indent + "}"]
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      result += character == "\"" ? "\"\"" : String(character)
    }
    return result + "\""
  }
}

extension RuleStatement {
  fileprivate var word: String {
    switch self {
    case .let: "let"
    case .state: "state"
    case .assign: ""
    case .when: "when"
    case .repeat: "repeat"
    }
  }
}
