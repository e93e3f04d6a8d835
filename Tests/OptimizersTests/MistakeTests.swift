// The mistakes that can be made in a rule: each changes a line, and what it makes can be read again.

import Diagnostics
import Notation
import Testing

@testable import Optimizers

@Suite struct MistakeTests {
  /// The catalogue's own rules that can be run alone.
  static let rules: [Rule] = RuleLibrary.names.filter { !$0.contains(".") }.compactMap { name in
    (try? RuleLibrary.rule(named: name)).flatMap { $0 }
  }

  @Test func namesEachMistakeOnce() {
    for mistake in Mistakes.catalogue {
      #expect(mistake.id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
      #expect(!mistake.title.isEmpty)
    }
    let titles = Mistakes.catalogue.map(\.title)
    #expect(Set(titles).count == titles.count)
  }

  /// No mistake leaves a line as it was; each makes a rule that can be read again.
  @Test func everyMistakeChangesItsRule() throws {
    for rule in MistakeTests.rules {
      let lines = RuleLines(rule)
      let variants = Mistakes.variants(of: rule)
      #expect(!variants.isEmpty, "\(rule.name)")
      for (mutant, other) in variants {
        for (place, expression) in mutant.changedLines {
          #expect(
            !expression.isSame(as: lines.lines[place].value),
            "\(rule.name): \(mutant.mistake) leaves \(expression.text())")
        }
        #expect(!mutant.says.isEmpty && !mutant.says.hasSuffix("."), "\(mutant.says)")
        let text = RulePrinter(.ascii).text(other.declaration)
        #expect(throws: Never.self, "\(text)") { _ = try RuleDeclaration.parse(Source(text)) }
      }
    }
  }

  @Test(
    arguments: [
      ("adam", "beta1-for-beta2", "v = beta1*v + (1 - beta1)*g^2"),
      ("adam", "beta1-for-beta2", "v_hat = v/(1 - beta1^t)"),
      ("adam", "time-off-by-one", "m_hat = m/(1 - beta1^(t + 1))"),
      ("adam", "double-correction", "m_hat = m/(1 - beta1^t)/(1 - beta1^t)"),
      ("adam", "both-corrections-under-root", "m_hat = m/sqrt(1 - beta1^t)"),
      ("adam_eps_hat", "both-corrections-under-root", nil),
      ("adam", "epsilon-outside-fraction", "w = w - lr*m_hat/sqrt(v_hat) + eps"),
      ("adam", "missing-complement", "m = beta1*m + g"),
      ("adam", "sign", "w = w + lr*m_hat/(sqrt(v_hat) + eps)"),
      ("adamw", "decay-sign", "w = w - lr*(m_hat/(sqrt(v_hat) + eps) - weight_decay*w)"),
      ("adagrad", "old-accumulator", "w = w - lr*g/(sqrt(G_old) + eps)"),
      ("rmsprop", "missing-square", "v = rho*v + (1 - rho)*g"),
      ("rmsprop", "swapped-weights", "v = (1 - rho)*v + rho*g^2"),
      ("amsgrad", "min-for-max", "v_max = min(v_max, v)"),
      ("nesterov_lookahead", "lookahead-sign", "v = beta*v - lr*grad(w - beta*v)"),
      ("momentum", "unused-state", "w = w - lr*g"),
      ("momentum_velocity", "unused-state", "w = w + (-(lr*g))"),
      ("lion", "new-for-old", nil),
      ("lion", "other-decay", "u = sign(beta2*m + (1 - beta2)*g)"),
    ] as [(String, String, String?)])
  func knowsMistakesInPrint(_ rule: String, _ mistake: String, _ line: String?) throws {
    let rule = try #require(try RuleLibrary.rule(named: rule))
    let lines = RuleLines(rule)
    let made = lines.lines.indices.flatMap { Mistakes.mutants(ofLine: $0, in: rule) }
      .filter { $0.mistake == mistake }
      .map { "\(lines.lines[$0.line].name) = \($0.expression.text(.ascii))" }
    #expect(!made.isEmpty)
    if let line { #expect(made.contains(line), "\(made)") }
  }
}
