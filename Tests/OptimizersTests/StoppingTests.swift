// A search within one formula, one rule or one answer ends when it is asked to, soon after, and what
// it has by then is taken for no verdict.

import Diagnostics
import Notation
import Testing

@testable import Optimizers

@Suite struct StoppingTests {
  /// Says stop after some questions, and counts them.
  private final class Count {
    var asked = 0
    var limit: Int

    init(_ limit: Int = .max) { self.limit = limit }

    var stopping: Stopping {
      Stopping {
        self.asked += 1
        return self.asked > self.limit
      }
    }
  }

  static let formulas = [
    #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t \\ v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2 \\ \theta_{t+1} = \theta_t - \alpha \frac{m_t}{1 - \beta_1^t} / (\sqrt{v_t} + \epsilon)"#,
    #"\mathrm{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_i}}"#,
    #"f(x) = x^3 \sin x, \quad \frac{\partial f}{\partial x} = x^2 (3 \sin x - x \cos x)"#,
    #"m_1 = 0.9 \cdot 0.31 + 0.1 \cdot 4.17 - 0.07 = 0.9137"#,
  ]

  @Test(arguments: formulas)
  func aCheckStopsWithinOneFormula(_ text: String) {
    let span = Span(Source(text))
    let whole = Count()
    #expect(DocumentCheck(formulas: span, isStopped: whole.stopping).formulas.count == 1)
    #expect(whole.asked > 8)
    let half = Count(whole.asked / 2)
    let check = DocumentCheck(formulas: span, isStopped: half.stopping)
    #expect(check.formulas.isEmpty && check.unread == 1)
    // Every loop that is open asks once more, and none goes on.
    #expect(half.asked <= half.limit + 200 + whole.asked / 10)
  }

  @Test func identificationStops() throws {
    let rule = try Catalogue.rule("adam")
    let whole = Count()
    let found = Identification.of(rule, isStopped: whole.stopping)
    #expect(found.best?.isEqual == true)
    let early = Count(20)
    #expect(
      Identification.of(rule, isStopped: early.stopping).matches.count < found.matches.count)
    #expect(early.asked < whole.asked / 2)
  }

  @Test func aDiagnosisStopsAndIsNotRemembered() throws {
    let worked = try #require(try WorkedRule(try Catalogue.rule("adam"), shape: [2], steps: 3))
    let last = try #require(worked.step.lines.lastIndex { $0.isParameter })
    let count = Count(3)
    let suspects = Suspects(worked.step, isStopped: count.stopping)
    #expect(suspects.outcomes(of: last).isEmpty)
    count.limit = .max
    #expect(!suspects.outcomes(of: last).isEmpty)
  }
}
