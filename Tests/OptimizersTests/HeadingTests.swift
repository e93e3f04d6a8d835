// A name in a heading or a sentence accuses only what it speaks of.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct HeadingTests {
  static let step = #"$$ \theta_{t+1} = \theta_t - \eta g_t $$"#
  static let sign = #"$$ \theta_{t+1} = \theta_t - \eta \operatorname{sign}(g_t) $$"#
  static let average =
    #"$$ m_t = \beta m_{t-1} + (1 - \beta) g_t, \theta_{t+1} = \theta_t - \eta m_t $$"#
  static let velocity = #"$$ v_t = \mu v_{t-1} + g_t \\ \theta_t = \theta_{t-1} - \eta v_t $$"#
  static let squares =
    #"$$ s_t = \rho s_{t-1} + (1-\rho) g_t^2 \\ \theta_t = \theta_{t-1} - \frac{\eta}{\sqrt{s_t}+\epsilon} g_t $$"#
  static let adam =
    #"$$ m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \theta_{t+1} = \theta_t - \eta \frac{m_t/(1-\beta_1^t)}{\sqrt{v_t/(1-\beta_2^t)} + \epsilon} $$"#
  static let climb = #"$$ \theta_{t+1} = \theta_t + \eta \nabla L(\theta_t) $$"#
  static let climbing = #"$$ v_t = \mu v_{t-1} + g_t \\ \theta_{t+1} = \theta_t + \eta v_t $$"#

  /// A document and, for each of its formulas, the outcome and the title.
  static let documents: [(text: String, expected: [String])] = [
    ("# Adam is not enough\nThe plain step\n\(step)", ["right Adam is not enough"]),
    (
      "# Comparison with RMSprop\nWe use the sign of the gradient instead of RMSprop:\n\(sign)",
      ["right Comparison with RMSprop"]
    ),
    (
      "# Why we left Adam\nUnlike Adam, our method has no second moment:\n\(average)",
      ["right Why we left Adam"]
    ),
    (
      "# From SGD to Adam\nThe SGD step is\n\(step)\nAdam has two averages:\n\(adam)",
      ["right gradient descent", "right Adam"]
    ),
    ("# From SGD to Adam\n\(step)", ["right gradient_descent"]),
    (
      "# Momentum\nNesterov looked ahead; we do not. With the velocity\n\(velocity)",
      ["right momentum"]
    ),
    // The section holds what its heading says, so that the other is what it is.
    ("# RMSprop\n\(velocity)\nWith squares\n\(squares)", ["right momentum", "right RMSprop"]),
    ("# RMSprop\n\(squares)\nBefore\n\(velocity)", ["right RMSprop", "right momentum"]),
    // It does not.
    ("# RMSprop\n\(velocity)", ["wrong RMSprop"]),
    ("# RMSprop\n\(velocity)\n# Later\n\(squares)", ["wrong RMSprop", "right Later"]),
    // An outer heading says what most of a chapter is about.
    ("# RMSprop\n## Before\n\(velocity)", ["right Before"]),
    // The sentence before it is about the formula.
    ("# RMSprop\nThe update of RMSprop is\n\(velocity)", ["wrong RMSprop"]),
    ("# Adam anders als Momentum\n\(adam)", ["right Adam"]),
    ("# Statt Adam\n\(velocity)", ["right Statt Adam"]),
    ("# 与Adam相比\n\(velocity)", ["right 与Adam相比"]),
    ("# Momentum by averages of the weights\n\(step)", ["right gradient_descent"]),
    ("# Quantised AdaGrad\n\(squares)", ["right rmsprop"]),
    // Words are read whole: nothing here is to be made large.
    (
      "# Gradient descent\nThe function returns the weights; the loss is minimised.\n\(climb)",
      ["wrong gradient descent"]
    ),
    (
      "# Momentum\nTo minimise the negative log-likelihood, we use\n\(climbing)",
      ["wrong momentum"]
    ),
    ("# Momentum\nTo maximise the log-likelihood, we use\n\(climbing)", ["unchecked momentum"]),
    ("# Momentum\nThe reward grows and the loss shrinks:\n\(climbing)", ["unchecked momentum"]),
  ]

  @Test(arguments: documents.indices) func aNameAccusesWhatItSpeaksOf(_ place: Int) {
    let (text, expected) = Self.documents[place]
    let found = DocumentCheckTests.check(text).formulas
    let lines = found.map { "\($0.outcome.rawValue) \($0.title)" }
    let findings = found.compactMap(\.finding).map(RuleCheckTests.text)
    #expect(lines == expected, "\(text)\n\(findings.joined(separator: "\n"))")
  }

  @Test func whatTheHeadingSaysIsARemark() {
    let text = "# From SGD to Adam\n\(Self.step)"
    let finding = DocumentCheckTests.check(text).formulas[0].finding
    #expect(
      finding?.details.last
        == "the heading speaks of Adam; these are the numbers of gradient_descent")
  }

  static let names: [(text: String, methods: [String], isPlain: Bool)] = [
    ("Adam", ["adam"], true),
    ("### 3.2 Adam", ["adam"], true),
    ("Momentum vs. RMSprop", ["momentum", "rmsprop"], false),
    ("Unlike SGD, Adam adapts", ["adam"], false),
    ("Unlike the old method, Adam adapts", ["adam"], true),
    ("AdamW rather than Adam", ["adamw"], false),
    ("faster than Adam", [], false),
    ("RMSprop without momentum", ["rmsprop"], false),
    ("Projected AdaGrad", ["adagrad"], false),
    ("Adam with gradient clipping", ["adam"], false),
    ("不同于Adam", [], false),
    ("Adam without bias correction", ["adam-uncorrected"], true),
    ("Nesterov accelerated gradient", ["nesterov"], true),
  ]

  @Test(arguments: names.indices) func negationsAreHeard(_ place: Int) {
    let (text, methods, isPlain) = Self.names[place]
    #expect(NamedMethods.find(in: text).map(\.id) == methods, "\(text)")
    #expect(NamedMethods.isPlainName(text) == isPlain, "\(text)")
  }
}
