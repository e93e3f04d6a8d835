// Constants are tried at more than one magnitude, and what stands still is called nothing.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct MagnitudeTests {
  /// A rule, and the rule of the catalogue that it is; nil for none.
  static let rules: [(text: String, name: String?)] = [
    // Moves until step T.
    ("rule cool(lr=0.1, T=100) { w = w - lr*max(1 - t/T, 0)*g }", "gradient_descent"),
    // A tenth of the rate from step T on.
    ("rule late(lr=0.1, T=100) { w = w - lr*where(t > T, 0.1, 1)*g }", "gradient_descent"),
    ("rule warm(lr=0.1, T=10) { w = w - lr*min(1, t/T)*g }", "gradient_descent"),
    // The clipping is at work or not, as the bound is.
    ("rule bounded(lr=0.1, c=1) { w = w - lr*max(-c, min(c, g)) }", nil),
    ("rule still(lr=0.1) { w = w - lr*0*g }", nil),
    ("rule idle(lr=0.1, c=1) { w = w + 0*c*lr*g }", nil),
    // Signs that turn at step c.
    ("rule turning(lr=0.1, c=5) { w = w - lr*where(t > c, -1, 1)*sign(g) }", "sign_sgd"),
    ("rule plain(lr=0.1, c=2) { w = w - lr*c*g }", "gradient_descent"),
  ]

  static func rule(_ text: String) throws -> Rule {
    try Rule(try #require(try RuleDeclaration.parse(Source(text)).first))
  }

  @Test(arguments: rules.indices) func constantsAreOfAnySize(_ place: Int) throws {
    let (text, name) = Self.rules[place]
    let rule = try Self.rule(text)
    let best = Identification.of(rule).best
    let isEqual = best?.isEqual ?? false
    if let name {
      #expect(isEqual && best?.name == name || !isEqual, "\(text): \(best?.call ?? "")")
    } else {
      // Stages of the catalogue may be in front of it.
      #expect(!isEqual || best?.stages.isEmpty == false, "\(text): \(best?.call ?? "")")
    }
  }

  @Test func whatMattersIsNotLeftOut() throws {
    let latex =
      #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat m_t = m_t/(1-\beta_1^t), \hat v_t = v_t/(1-\beta_2^t), \theta_{t+1} = \theta_t - \eta \min(1, t/T) \hat m_t/(\sqrt{\hat v_t} + \epsilon)"#
    let best = Identification.of(try PrintedRule(latex).rule).best
    if best?.isEqual == true {
      #expect(best?.name == "adam" && best?.call.contains("T") == true, "\(best?.call ?? "")")
    }
  }

  /// Formulas that cannot be run, and what is wrong with them; nil where nothing is.
  static let broken: [(latex: String, mistake: String?)] = [
    (
      #"\theta_t = \theta_{t-1} - \eta g_t / \sqrt{s_{t-1}}, s_t = s_{t-1} + g_t^2"#,
      "old-accumulator"
    ),
    // Its letters are no gradient's.
    (
      #"\theta_t = \theta_{t-1} - \eta g_t / \sqrt{\bar s_{t-1}}, \bar s_t = \bar s_{t-1} + g_t^2"#,
      "old-accumulator"
    ),
    (
      #"\theta_t = \theta_{t-1} - \eta g_t / \sqrt{r_{t-1}}, r_t = \rho r_{t-1} + (1 - \rho) g_t^2"#,
      "old-accumulator"
    ),
    (
      #"m_t = \beta m_{t-1} + (1-\beta) g_t, \theta_t = \theta_{t-1} - \alpha \frac{m_t}{1 - \beta^{t-1}}, \quad t = 1, 2, \ldots"#,
      "time-off-by-one"
    ),
    (#"v_t = \beta v_{t+1} + g_t, \quad \theta_{t+1} = \theta_t - \eta v_t"#, "future-index"),
    // Conjugate gradients begin with a step of their own.
    (
      #"p_t = -g_t + \frac{g_t^T g_t}{g_{t-1}^T g_{t-1}} p_{t-1}, \quad x_{t+1} = x_t + \alpha p_t"#,
      nil
    ),
  ]

  @Test(arguments: broken.indices) func brokenIsWhatTheReaderSays(_ place: Int) throws {
    let (latex, mistake) = Self.broken[place]
    do {
      _ = try PrintedRule(latex)
      Issue.record("it was read: \(latex)")
    } catch let error as Diagnostic {
      let finding = RuleCheck.finding(for: error)
      #expect(finding?.mistake == mistake, "\(latex)\n\(error.id) \(error.message)")
      if mistake == "future-index" {
        #expect(finding?.details.last == "v_{t-1} is probably meant")
      }
    }
  }

  @Test func roundingIsNoDifference() throws {
    // Named RMSprop, without its decay: it departs where numbers do, not where rounding does.
    let latex = #"\theta_{t+1} = \theta_t - \eta \operatorname{sign}(g_t)"#
    let finding = try RuleCheckTests.finding(latex, "RMSprop")
    #expect(finding.verdict == .wrong)
    #expect(finding.details.contains { $0.contains("at step 1:") }, "\(finding.details)")
  }
}
