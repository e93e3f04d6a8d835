// What a reader is told of a rule whose numbers are a known rule's: swapped weights that are printed as
// numbers, a learning rate that is not printed, hyperparameters without a part in it.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct RuleRemarkTests {
  static let step = #"\theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{v_t}+\epsilon} g_t"#

  func finding(_ latex: String, as heading: String) throws -> Finding {
    let reading = try FormulaReader.read(
      Span(Source(latex), 0, latex.utf8.count), name: Name(canonical: "printed"))
    let rule = try #require(reading.rule)
    return RuleCheck.finding(
      for: try Rule(rule.declaration), reading: reading, meant: NamedMethods.find(in: heading))
  }

  @Test func weightsPrintedTheWrongWayRoundAreAMistakeUnderAName() throws {
    let swapped = try finding("v_t = 0.1 v_{t-1} + 0.9 g_t^2, " + Self.step, as: "RMSprop")
    #expect(swapped.verdict == .wrong && swapped.mistake == "swapped-weights")
    #expect(swapped.details.contains("meant: v = 0.9·v + 0.1·g²"), "\(swapped.details)")
    let complement = try finding(
      "v_t = (1 - 0.99) v_{t-1} + 0.99 g_t^2, " + Self.step, as: "RMSprop")
    #expect(complement.verdict == .wrong && complement.mistake == "swapped-weights")
    // As Ruder prints it.
    let usual = try finding("v_t = 0.9 v_{t-1} + 0.1 g_t^2, " + Self.step, as: "RMSprop")
    #expect(usual.verdict == .right && usual.details.isEmpty, "\(usual.details)")
  }

  @Test func weightsThatMayBeMeantAreRemarkedOn() throws {
    let short = try finding("v_t = 0.3 v_{t-1} + 0.7 g_t^2, " + Self.step, as: "RMSprop")
    #expect(short.verdict == .right)
    #expect(short.details.contains { $0.contains("keeps 0.3") }, "\(short.details)")
    let unnamed = try finding("v_t = 0.1 v_{t-1} + 0.9 g_t^2, " + Self.step, as: "")
    #expect(unnamed.verdict == .right)
    #expect(unnamed.details.contains { $0.contains("swapped") }, "\(unnamed.details)")
    // A symbol is what it is.
    let symbol = try finding(
      #"v_t = \rho v_{t-1} + (1 - \rho) g_t^2, "# + Self.step, as: "RMSprop")
    #expect(symbol.verdict == .right && symbol.details.isEmpty, "\(symbol.details)")
  }

  @Test func aLearningRateThatIsNotPrintedIsOne() throws {
    let adam = try finding(
      #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat m_t = \frac{m_t}{1-\beta_1^t}, \hat v_t = \frac{v_t}{1-\beta_2^t}, \theta_{t+1} = \theta_t - \frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}"#,
      as: "Adam")
    #expect(adam.verdict == .right)
    #expect(
      adam.details.contains("no learning rate is printed: this is adam only with lr = 1"),
      "\(adam.details)")
  }

  @Test func hyperparametersWithoutAPartAreNamed() throws {
    let declaration = try #require(
      try RuleDeclaration.parse(Source("rule late(lr=0.1, T=100, n) { w = w - lr*g }")).first)
    let rule = try Rule(declaration)
    let finding = RuleCheck.finding(for: rule, reading: nil, meant: [])
    #expect(finding.verdict == .right && finding.details == ["T, n play no part"])
    #expect(Identification.of(rule).idle.map(\.canonical) == ["T", "n"])
    // What leads nowhere plays no part either; what a condition asks for does.
    let other = try #require(
      try RuleDeclaration.parse(
        Source(
          "rule other(lr=0.1, a, b=true) { state v = 0\n v = a*v + g\n when b { w = w - lr*g } }")
      ).first)
    #expect(other.idleHyperparameters.map(\.canonical) == ["a"])
  }
}
