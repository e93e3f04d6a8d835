// Rule files: what is read, and the law that printing and reading are inverse, over the catalogue.

import Diagnostics
import Foundation
import Testing

@testable import Notation

@Suite struct Rules {
  private let adam = """
    rule adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8) {
      "Adam" by "Kingma & Ba 2015, algorithm 1"
      note "a ""good"" start"
      let a = 1, b = [2, 3]   # constants
      state m = 0, v = 0
      # moments
      m    = beta1*m + (1 - beta1)*g          # first moment
      v    = beta2*v + (1 - beta2)*g^2        # second moment
      m\u{302}    ← m / (1 - beta1^t); v\u{302} = v / (1 - beta2^t)
      when nesterov and not plain { g = -g }
      when a > 0 { x = 1 } else when b { x = 2
      } else {
        x = 3
        repeat 5 { x = x/2 }
      }
      w    = w - lr * m\u{302} / (√v\u{302} + eps)
      # the end
    }
    """

  private func rule(_ text: String) throws(SyntaxError) -> RuleDeclaration {
    try RuleDeclaration.parse(Source(text))[0]
  }

  @Test func everyPartIsRead() throws {
    let rule = try rule(adam)
    #expect(rule.name == "adam" && !rule.overAll)
    #expect(rule.parameters.map(\.name.canonical) == ["lr", "beta1", "beta2", "eps"])
    #expect(rule.parameters[3].defaultValue?.text() == "1e-8")
    #expect(rule.title == "Adam" && rule.source == "Kingma & Ba 2015, algorithm 1")
    #expect(rule.notes == ["a \"good\" start"])
    #expect(rule.closingComments == ["the end"])
    let lines = rule.body.compactMap(\.line)
    #expect(lines.map(\.name.canonical) == ["a", "b", "m", "v", "m", "v", "m_hat", "v_hat", "w"])
    #expect(lines[1].remark == "constants" && lines[1].sharesLine && !lines[0].sharesLine)
    #expect(lines[4].remark == "first moment" && lines[4].commentsAbove == ["moments"])
    #expect(lines[4].span.text == "m    = beta1*m + (1 - beta1)*g")
    guard case .when(let branches, let otherwise) = rule.body[9] else {
      Issue.record("\(rule.body[9])")
      return
    }
    #expect(branches.count == 2 && otherwise.count == 2)
  }

  @Test func printed() throws {
    #expect(
      RulePrinter(.pretty).text(try rule(adam)) == """
        rule adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8) {
          "Adam" by "Kingma & Ba 2015, algorithm 1"
          note "a ""good"" start"
          let a = 1, b = [2, 3]   # constants
          state m = 0, v = 0
          # moments
          m = β₁·m + (1 - β₁)·g    # first moment
          v = β₂·v + (1 - β₂)·g²   # second moment
          m\u{302} = m/(1 - β₁ᵗ)
          v\u{302} = v/(1 - β₂ᵗ)
          when nesterov and not plain { g = -g }
          when a > 0 {
            x = 1
          } else when b {
            x = 2
          } else {
            x = 3
            repeat 5 { x = x/2 }
          }
          w = w - lr·m\u{302}/(√v\u{302} + ε)
          # the end
        }

        """)
  }

  @Test func theCatalogueSurvivesPrinting() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Optimizers/Rules").standardizedFileURL
    let files =
      FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "rule" } ?? []
    #expect(files.count > 100)
    for file in files {
      let source = Source(bytes: Array(try Data(contentsOf: file)), name: file.path)
      let rules: [RuleDeclaration]
      do {
        rules = try RuleDeclaration.parse(source)
      } catch {
        Issue.record("\(DiagnosticRenderer().text(error.diagnostic))")
        continue
      }
      for rule in rules {
        for form in [TextForm.pretty, .ascii] {
          let text = RulePrinter(form).text(rule)
          let again = try self.rule(text)
          #expect(RulePrinter(form).text(again) == text)
          let described = describe(again)
          #expect(described == describe(rule))
        }
      }
    }
  }

  /// Everything a rule says, spans aside.
  private func describe(_ rule: RuleDeclaration) -> [String] {
    let parameters = rule.parameters.map { "\($0.name)=" + ($0.defaultValue.map(structure) ?? "") }
    return [rule.name, "\(rule.overAll)", rule.title ?? "-", rule.source ?? "-"] + parameters
      + rule.notes + rule.body.flatMap(describe) + rule.closingComments
  }

  private func describe(_ statement: RuleStatement) -> [String] {
    switch statement {
    case .let(let line): ["let"] + describe(line)
    case .state(let line): ["state"] + describe(line)
    case .assign(let line): ["assign"] + describe(line)
    case .repeat(let count, let body):
      ["repeat", structure(count)] + body.flatMap(describe) + ["end"]
    case .when(let branches, let otherwise):
      branches.flatMap { ["when", structure($0.condition)] + $0.body.flatMap(describe) } + ["else"]
        + otherwise.flatMap(describe) + ["end"]
    }
  }

  private func describe(_ line: RuleStatement.Line) -> [String] {
    ["\(line.name)", structure(line.value), line.remark ?? "-", "\(line.sharesLine)"]
      + line.commentsAbove
  }

  @Test(arguments: [
    ("rule { w = 1 }", "expected the rule's name, found {"),
    ("rule a { w }", "expected = after w, found }"), ("rule a { w = 1", "this { is never closed"),
    ("rule a { w = 1 b = 2 }", "expected the end of the line, found b"),
    ("rule a(lr=1, lr=2) { w = 1 }", "the argument lr is given twice"),
    ("rule a over some { w = 1 }", "expected all, found some"), ("w = 1", "expected rule, found w"),
    ("rule a { else { w = 1 } }", "expected = after else, found {"),
    ("rule a { repeat { w = 1 } }", "expected a value, found {"),
    ("rule a { \"t\" by 3 }", "expected the source in quotes, found 3"),
    ("rule a { state m }", "expected = after m, found }"),
    ("rule a { w = (1 }", "expected ), found }"),
  ])
  func errors(text: String, expected: String) {
    do {
      _ = try RuleDeclaration.parse(Source(text))
      Issue.record("no error: \(text)")
    } catch {
      #expect(error.diagnostic.message == expected)
    }
  }

  @Test func deepBlocksAreRefused() {
    let text = "rule a {" + String(repeating: "repeat 2 {", count: 100_000)
    #expect(throws: SyntaxError.self) { try self.rule(text) }
  }
}
