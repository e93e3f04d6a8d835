// What help says about one thing: a summary, how to type it, examples, what to read next.

import Diagnostics

package struct HelpReport: Report {
  package struct Example: Sendable {
    /// Lines to type.
    package var lines: [String]
    package var remark: String?

    package init(_ lines: [String], remark: String? = nil) {
      self.lines = lines
      self.remark = remark
    }
  }

  package var title: String
  /// One line.
  package var summary: String
  package var usage: [String]
  package var paragraphs: [String]
  /// Words and what each means, such as hyperparameters.
  package var terms: [(term: String, meaning: String)]
  package var examples: [Example]
  package var seeAlso: [String]

  package init(
    title: String, summary: String, usage: [String] = [], paragraphs: [String] = [],
    terms: [(term: String, meaning: String)] = [], examples: [Example] = [],
    seeAlso: [String] = []
  ) {
    self.title = title
    self.summary = summary
    self.usage = usage
    self.paragraphs = paragraphs
    self.terms = terms
    self.examples = examples
    self.seeAlso = seeAlso
  }

  package var kind: String { "help" }

  package func text(_ format: Format) -> [StyledText] {
    // Long lines are tiring to read.
    let width = min(format.width, 100)
    var head = StyledText(title, .accent)
    if !summary.isEmpty { head.append("  \(summary)") }
    var lines = head.folded(to: width)
    for line in usage { lines += StyledText("  " + line, .name).folded(to: width, hanging: 4) }
    for paragraph in paragraphs {
      lines.append(StyledText())
      lines += Wrapping.paragraph(paragraph, width: width).map { StyledText($0) }
    }
    if !terms.isEmpty {
      lines.append(StyledText())
      lines += termLines(width)
    }
    if !examples.isEmpty {
      // Sessions of several lines stand apart.
      let apart = examples.contains { $0.lines.count > 1 }
      for (i, example) in examples.enumerated() {
        if i == 0 || apart { lines.append(StyledText()) }
        if let remark = example.remark {
          lines += Wrapping.paragraph(remark, width: width, indent: 2).map { StyledText($0, .dim) }
        }
        lines += example.lines.map { StyledText("  > ", .dim) + StyledText($0) }
      }
    }
    if !seeAlso.isEmpty {
      lines.append(StyledText())
      let list = "see also " + seeAlso.joined(separator: ", ")
      lines += Wrapping.paragraph(list, width: width).map { StyledText($0, .dim) }
    }
    return lines.map { $0.plainSigns(format) }
  }

  private func termLines(_ width: Int) -> [StyledText] {
    let widest = terms.map { TextWidth.columns(of: $0.term) }.max() ?? 0
    let columns = min(widest, max(8, width / 3))
    return terms.flatMap { term, meaning in
      var head = StyledText("  ")
      head.append(TextWidth.padded(term, to: columns), .name)
      let room = max(16, width - columns - 4)
      var lines = Wrapping.paragraph(meaning, width: room)
      // A term too long for the column has its meaning below.
      if TextWidth.columns(of: term) > columns { lines.insert("", at: 0) }
      return lines.enumerated().map { i, line in
        let blank = StyledText(String(repeating: " ", count: columns + 2))
        return line.isEmpty ? head : (i == 0 ? head : blank) + StyledText("  " + line)
      }
    }
  }

  package func json() -> [String: JSONValue] {
    func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
    return [
      "title": .string(title), "summary": .string(summary), "usage": strings(usage),
      "paragraphs": strings(paragraphs), "see_also": strings(seeAlso),
      "terms": .array(
        terms.map { .object(["term": .string($0.term), "meaning": .string($0.meaning)]) }),
      "examples": .array(
        examples.map { example in
          var fields = ["lines": strings(example.lines)]
          if let remark = example.remark { fields["remark"] = .string(remark) }
          return .object(fields)
        }),
    ]
  }
}
