// Rules as a document holds them: spread over displays, leaning on earlier sections, under headings; and
// the printed formulas of the catalogue's variants through the whole of the document's check.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Testing

@Suite struct RuleDocumentTests {
  struct Document: Sendable {
    var name: String
    var text: String
    /// `line outcome title headline` of each rule, and of whatever is wrong.
    var expected: [String]
  }

  static let documents: [Document] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Data/rule-documents.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "\n=== ").dropFirst().map { block in
      let parts = block.components(separatedBy: "\n--- expected\n")
      let lines = parts[0].components(separatedBy: "\n")
      return Document(
        name: lines[0].trimmingCharacters(in: .whitespaces),
        text: lines.dropFirst().joined(separator: "\n"),
        expected: (parts.count > 1 ? parts[1] : "").split(separator: "\n").map(String.init))
    }
  }()

  static func lines(_ document: Document) -> [String] {
    DocumentCheck(Source(document.text, name: document.name)).formulas
      .filter { $0.kind == .rule || $0.outcome == .wrong }.map { formula in
        let mistake = formula.finding?.mistake.map { " [\($0)]" } ?? ""
        return "\(formula.line) \(formula.outcome.rawValue) \(formula.title): "
          + "\(formula.finding?.headline ?? formula.error?.id ?? formula.kind?.rawValue ?? "")\(mistake)"
      }
  }

  @Test func judgesDocuments() {
    #expect(Self.documents.count >= 5)
    for document in Self.documents {
      let lines = Self.lines(document)
      #expect(
        lines == document.expected,
        "\(document.name)\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test func saysWhereAnEarlierDefinitionStands() throws {
    let text = #"""
      ## Adam
      $$ m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t $$
      $$ v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2 $$
      $$ \hat m_t = \frac{m_t}{1-\beta_1^t}, \quad \hat v_t = \frac{v_t}{1-\beta_2^t} $$
      $$ \theta_t = \theta_{t-1} - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} $$
      ## AdamW
      $$ \theta_t = (1-\eta\lambda) \theta_{t-1} - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} $$
      """#
    let formulas = DocumentCheck(Source(text, name: "a.md")).formulas
    let last = try #require(formulas.last)
    #expect(last.outcome == .right)
    #expect(last.finding?.reference == "adamw")
    #expect(last.line == 7)
    #expect(
      last.notes.map(\.text).contains(
        "m̂, v̂ are not defined here; the definition in lines 2, 3, 4 is taken"),
      "\(last.notes.map(\.text))")
    // Two definitions that differ are none.
    let rival = #"$$ \hat m_t = m_t, \quad \hat v_t = \max(\hat v_{t-1}, v_t) $$"#
    let other = text.replacingOccurrences(of: "## AdamW", with: "## Another\n\(rival)\n## AdamW")
    let unclear = DocumentCheck(Source(other, name: "a.md")).formulas
    #expect(unclear.last?.finding?.reference != "adamw")
  }

  @Test func anotherMethodNeedsThatMethodBeside() {
    let momentum = #"$$ m_t = \beta m_{t-1} + g_t, \quad w_{t+1} = w_t - \alpha m_t $$"#
    let adam = #"""
      $$ m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, \quad v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2 $$
      $$ w_{t+1} = w_t - \alpha \frac{m_t/(1-\beta_1^t)}{\sqrt{v_t/(1-\beta_2^t)} + \epsilon} $$
      """#
    func outcomes(_ text: String) -> [String] {
      DocumentCheck(Source(text, name: "a.md")).formulas.map {
        "\($0.outcome.rawValue) \($0.title)"
      }
    }
    #expect(outcomes("## Adam\n\(momentum)") == ["wrong Adam"])
    #expect(outcomes("## Adam\nIt begins with momentum:\n\(momentum)") == ["right momentum"])
    #expect(
      outcomes("## Adam\n\(momentum)\nThe whole:\n\(adam)") == ["right momentum", "right Adam"])
  }

  // MARK: The printed formulas

  /// A document with the formula under a heading.
  static func document(_ entry: JSON) -> String {
    let latex = entry["latex"]?.text ?? ""
    let isDelimited = [
      "$$", "\\[", "\\begin{algorithm", "\\begin{align}", "\\begin{align*}", "\\begin{equation",
    ]
    .contains { latex.contains($0) }
    let heading = entry["kind"]?.text == "rule" ? RuleCheckTests.heading(entry) : ""
    return "## \(heading.isEmpty ? "The formula" : heading)\n\n"
      + (isDelimited ? latex : "$$\n\(latex)\n$$") + "\n"
  }

  @Test func judgesThePrintedFormulasAsDocuments() {
    for entry in PrintedFormulaTests.entries {
      let id = entry["id"]?.text ?? ""
      let formulas = DocumentCheck(Source(Self.document(entry), name: "a.md")).formulas
      let note = Comment(
        rawValue: "\(id): "
          + formulas.map {
            "\($0.outcome) \($0.kind?.rawValue ?? "-") \($0.finding.map(RuleCheckTests.text) ?? "")"
          }.joined(separator: "\n"))
      guard entry["kind"]?.text == "rule" else {
        #expect(formulas.allSatisfy { $0.kind != .rule }, note)
        continue
      }
      if let error = entry["wrong"]?["error"]?.text {
        let wrong = formulas.filter { $0.outcome == .wrong }
        #expect(wrong.count == 1, note)
        let expected = RuleCheckTests.mistakes[error] ?? []
        #expect(expected.contains(wrong.first?.finding?.mistake ?? ""), note)
      } else {
        #expect(!formulas.contains { $0.outcome == .wrong }, note)
        let rule = formulas.first { $0.kind == .rule }
        #expect(rule != nil, note)
        if entry["executable"]?.flag != false, rule?.outcome == .right {
          #expect(
            rule?.finding?.reference == IdentifiedFormulaTests.catalogueName(entry), note)
        }
      }
    }
  }
}
