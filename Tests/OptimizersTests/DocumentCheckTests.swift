// A document's formulas are checked as what their words say they are, and words prove nothing.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct DocumentCheckTests {
  static func check(_ text: String, name: String = "a.md") -> DocumentCheck {
    DocumentCheck(Source(text, name: name))
  }

  /// A line for each formula: its outcome, title and what it equals.
  static func lines(_ text: String) -> [String] {
    check(text).formulas.map {
      "\($0.line) \($0.outcome.rawValue) \($0.title) \($0.finding?.headline ?? $0.error?.id ?? "")"
    }
  }

  static let momentum = #"$$ v_t = \mu v_{t-1} + g_t \\ \theta_t = \theta_{t-1} - \eta v_t $$"#

  @Test func aHeadingNamesTheMethod() {
    #expect(
      Self.lines("## Momentum\n\(Self.momentum)")
        == ["2 right momentum = momentum(lr=η, beta=μ)"])
    #expect(Self.lines("## RMSprop\n\(Self.momentum)").map { $0.prefix(15) } == ["2 wrong RMSprop"])
    // Momentum as all there is under the heading Adam is not Adam.
    let part = Self.check("## Adam\n\(Self.momentum)").formulas[0]
    #expect(part.outcome == .wrong)
    #expect(
      part.finding?.details.first == "the heading says Adam; these are the numbers of momentum")
    // What nothing names is called what it is.
    #expect(
      Self.lines("## The step\n\(Self.momentum)")
        == ["2 right The step = momentum(lr=η, beta=μ)"])
    // The name of a chapter is no claim about all that is in it.
    #expect(
      Self.lines("# Adam\n## The step\n\(Self.momentum)")
        == ["3 right The step = momentum(lr=η, beta=μ)"])
  }

  @Test(
    arguments: [
      #"where $\kappa$ is the learning rate"#, #"其中，$\kappa$是学习率。"#, #"mit der Lernrate $\kappa$"#,
      #"$\kappa$ ist die Lernrate"#, #"où $\kappa$ est le taux d'apprentissage"#,
      #"the step size $\kappa$"#, #"- $\kappa$: learning rate"#, #"| $\kappa$ | the step size |"#,
    ])
  func wordsDecideWhatStructureLeavesOpen(_ words: String) {
    let text = #"$$ \theta_{t+1} = \theta_t - \gamma \kappa \nabla L(\theta_t) $$"# + "\n" + words
    let roles = Self.check(text).formulas[0].roles
    #expect(
      roles.first { $0.name == Name(spelling: "kappa") }?.role == .learningRate, "\(words)")
    #expect(roles.first { $0.name == Name(spelling: "gamma") }?.role == .other, "\(words)")
  }

  @Test func structureWinsOverWords() {
    let text = Self.momentum + "\nwhere $\\mu$ is the learning rate"
    let found = Self.check(text).formulas[0]
    #expect(found.outcome == .right)
    #expect(found.roles.first { $0.name == Name(spelling: "mu") }?.role == .firstDecay)
    #expect(found.notes.contains { $0.text.contains("the words call μ") })
  }

  @Test func aRoleThatIsSaidHolds() {
    let given = [Name(spelling: "kappa"): HyperRole.learningRate]
    let text = Span(Source(#"\theta_{t+1} = \theta_t - \gamma \kappa g_t"#))
    func roles(_ given: [Name: HyperRole]) -> [HyperRole] {
      DocumentCheck(formulas: text, given: given).formulas[0].roles
        .sorted { $0.name.canonical < $1.name.canonical }.map(\.role)
    }
    #expect(roles([:]) == [.learningRate, .other])
    #expect(roles(given) == [.other, .learningRate])
  }

  @Test func whatIsSaidInPassingIsCounted() {
    let check = Self.check(
      #"With $\beta = 0.9$, $n$, $l=0$ and $\theta \leftarrow \theta - \eta g$."#)
    #expect(check.symbols == 3)
    #expect(check.formulas.map(\.outcome) == [.right])
  }

  @Test func whatIsBrokenIsWrongAndWhatIsForeignIsNot() {
    let text = #"""
      $$ \frac{a}{b $$
      $$ \unknown = \iiint x $$
      $$ v_t = \mu v_{t+1} + g_t, \quad \theta_{t+1} = \theta_t - v_t $$
      """#
    #expect(Self.check(text).formulas.map(\.outcome) == [.wrong, .notUnderstood, .wrong])
  }

  @Test func numbersKnowWhatCameBefore() {
    let text =
      #"With $m_0 = 0$: $m_1 = 0.9 \cdot 0 + 0.1 \cdot 4 = 0.4$ and $m_2 = 0.9 m_1 = 0.37$."#
    #expect(Self.check(text).formulas.map(\.outcome) == [.right, .wrong])
  }

  @Test func itStopsWhenAsked() {
    let text = String(repeating: "## a\n\(Self.momentum)\n", count: 50)
    var asked = 0
    let check = DocumentCheck(Source(text, name: "a.md")) {
      asked += 1
      return asked > 12
    }
    #expect(check.count < 50)
    #expect(check.unread + check.count == 50)
  }

  @Test func anythingCanBeChecked() {
    for text in ["", "$", "$$ $$", "\u{0}", "# ", "$x$", "\\[ \\]", "$$ \\newcommand{\\a}{b} $$"] {
      _ = Self.check(text)
      _ = Self.check(text, name: "a.tex")
    }
  }
}
