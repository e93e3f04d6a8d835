// Claimed derivatives, right and wrong, in the notations of textbooks. The formulas of a document stand
// in lines; the last one is the claim.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct GradientClaimTests {
  struct Claim: Sendable, CustomTestStringConvertible {
    var document: [String]
    var verdict: Finding.Verdict?
    /// A mistake's identifier, or a part of what is said.
    var says: String?
    var testDescription: String { document.joined(separator: "; ") }

    init(_ document: [String], _ verdict: Finding.Verdict?, _ says: String? = nil) {
      self.document = document
      self.verdict = verdict
      self.says = says
    }
  }

  static let line = #"L = (wx + b - y)^2"#
  static let ridge = #"J(\theta) = \frac{1}{2m} \lVert X\theta - y \rVert^2"#
  static let logistic = [
    #"z = wx + b"#, #"a = \sigma(z)"#, #"L = -(y \log a + (1-y)\log(1-a))"#,
  ]
  static let softmax = [
    #"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"#, #"L = -\sum_{i=1}^{K} y_i \log p_i"#,
  ]
  static let mean = [#"L = \frac{1}{n}\sum_{i=1}^{n} (y_i - (w x_i + b))^2"#]
  static let layer = [
    #"z = W x + b, \quad a = \sigma(z), \quad L = \frac12 \lVert a - y\rVert^2"#
  ]
  static let hypothesis = [
    #"h_\theta(x) = \theta^T x"#,
    #"J(\theta) = \frac{1}{2m}\sum_{i=1}^{m} (h_\theta(x^{(i)}) - y^{(i)})^2"#,
  ]

  static let claims: [Claim] = [
    // One number.
    Claim([line, #"\frac{\partial L}{\partial w} = 2x(wx + b - y)"#], .right),
    Claim([line, #"\frac{dL}{dw} = 2x(wx+b-y)"#], .right),
    Claim([line, #"\partial L / \partial w = 2x(wx+b-y)"#], .right),
    Claim([line, #"\frac{\partial L}{\partial b} = 2(wx + b - y)"#], .right),
    Claim([line, #"\frac{\partial L}{\partial w} = 2(wx + b - y)"#], .wrong, "factor-left-out"),
    Claim([line, #"\frac{\partial L}{\partial w} = x(wx + b - y)"#], .wrong, "factor-two"),
    Claim([line, #"\frac{\partial L}{\partial w} = -2x(wx + b - y)"#], .wrong, "sign"),
    Claim([#"\frac{d}{dx} x^3 = 3x^2"#], .right),
    Claim([#"\frac{d}{dx} x^3 = 3x"#], .wrong),
    Claim([#"\frac{\partial}{\partial w}(wx - y)^2 = 2(wx - y)x = 2wx^2 - 2xy"#], .right),
    Claim([#"\frac{\partial}{\partial w}(wx - y)^2 = 2(wx - y)x = 2wx^2 - xy"#], .wrong),
    Claim([#"f(x) = e^{-x^2}"#, #"f'(x) = -2x e^{-x^2}"#], .right),
    Claim([#"f(x) = e^{-x^2}"#, #"f'(x) = 2x e^{-x^2}"#], .wrong, "sign"),
    Claim([#"f(x) = \ln(1 + e^x)"#, #"f'(x) = \frac{1}{1+e^{-x}}"#], .right),
    Claim([#"f(x) = \sqrt{x}"#, #"f'(x) = \frac{1}{2\sqrt{x}}"#], .right),
    // Activations.
    Claim([#"\sigma'(z) = \sigma(z)(1-\sigma(z))"#], .right),
    Claim([#"\sigma'(z) = \sigma(z)(1+\sigma(z))"#], .wrong, "sign"),
    Claim([#"\sigma' = \sigma(1-\sigma)"#], .right),
    Claim([#"\frac{d\sigma}{dz} = \sigma(z)(1-\sigma(z))"#], .right),
    Claim([#"\sigma(x) = \frac{1}{1+e^{-x}}"#, #"\sigma'(x) = \sigma(x)(1-\sigma(x))"#], .right),
    Claim([#"\frac{d}{dx}\tanh(x) = 1 - \tanh^2(x)"#], .right),
    Claim([#"\tanh'(x) = 1 - \tanh(x)"#], .wrong, "missing-square"),
    // Logistic regression, by every intermediate quantity.
    Claim(logistic + [#"\frac{dL}{dz} = a - y"#], .right),
    Claim(logistic + [#"\frac{\partial L}{\partial w} = (a - y) x"#], .right),
    Claim(logistic + [#"\frac{\partial L}{\partial w} = (a - y)"#], .wrong, "factor-left-out"),
    Claim(logistic + [#"\frac{\partial L}{\partial z} = y - a"#], .wrong, "sign"),
    Claim(
      logistic + [#"\frac{\partial L}{\partial a} = -\frac{y}{a} + \frac{1-y}{1-a}"#], .right),
    Claim(logistic + [#"\frac{\partial a}{\partial z} = a(1-a)"#], .right),
    Claim(
      logistic + [
        #"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial a} \frac{\partial a}{\partial z} \frac{\partial z}{\partial w}"#
      ], .right),
    Claim(
      logistic + [
        #"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial a} \frac{\partial z}{\partial w}"#
      ], .wrong, "missing-chain-factor"),
    Claim(logistic + [#"\delta = \frac{\partial L}{\partial z} = a - y"#], .right),
    // Softmax.
    Claim(softmax + [#"\frac{\partial L}{\partial z_i} = p_i - y_i"#], .right, "add up to 1"),
    Claim(softmax + [#"\frac{\partial L}{\partial z_i} = y_i - p_i"#], .wrong, "sign"),
    Claim(softmax + [#"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij} - p_j)"#], .right),
    Claim(softmax + [#"\frac{\partial p_i}{\partial z_j} = p_i(1 - p_j)"#], .wrong),
    Claim(softmax + [#"\frac{\partial L}{\partial p_i} = -\frac{y_i}{p_i}"#], .right),
    // Means.
    Claim(
      mean + [
        #"\frac{\partial L}{\partial w} = -\frac{2}{n}\sum_{i=1}^{n} x_i (y_i - (w x_i + b))"#
      ], .right),
    Claim(
      mean + [#"\frac{\partial L}{\partial w} = -2\sum_{i=1}^{n} x_i (y_i - (w x_i + b))"#],
      .wrong, "sum-for-mean"),
    Claim(
      mean + [
        #"\frac{\partial L}{\partial w} = \frac{2}{n}\sum_{i=1}^{n} x_i (y_i - (w x_i + b))"#
      ],
      .wrong, "sign"),
    Claim(
      mean + [#"\frac{\partial L}{\partial b} = -\frac{1}{n}\sum_{i=1}^{n} (y_i - (w x_i + b))"#],
      .wrong, "factor-two"),
    Claim(
      hypothesis + [
        #"\frac{\partial J}{\partial \theta_j} = \frac{1}{m} \sum_{i=1}^{m} (h_\theta(x^{(i)}) - y^{(i)}) x_j^{(i)}"#
      ], .right),
    Claim(
      hypothesis + [
        #"\frac{\partial J}{\partial \theta_j} = \frac{1}{m} \sum_{i=1}^{m} (h_\theta(x^{(i)}) - y^{(i)})"#
      ], .wrong),
    // Vectors and matrices.
    Claim([ridge, #"\nabla_\theta J(\theta) = \frac{1}{m} X^T (X\theta - y)"#], .right),
    Claim([ridge, #"\nabla_\theta J(\theta) = \frac{1}{m} X^\top (X\theta - y)"#], .right),
    Claim([ridge, #"\nabla J(\theta) = \frac{1}{m} X^T (X\theta - y)"#], .right),
    Claim([ridge, #"\nabla_\theta J(\theta) = \frac{1}{m} X^T (y - X\theta)"#], .wrong, "sign"),
    Claim([ridge, #"\nabla_\theta J(\theta) = X^T (X\theta - y)"#], .wrong, "divided by m"),
    Claim([ridge, #"\nabla_\theta J(\theta) = \frac{2}{m} X^T (X\theta - y)"#], .wrong, "twice"),
    Claim(
      [ridge, #"\nabla_\theta J(\theta) = \frac{1}{m} X (X\theta - y)"#], .wrong,
      "missing-transpose"),
    Claim(
      [ridge, #"\nabla_\theta J(\theta) = \frac{1}{m} (X\theta - y) X^T"#], .wrong, "wrong-order"),
    Claim([#"f(x) = x^T A x"#, #"\nabla f(x) = (A + A^T) x"#], .right),
    Claim([#"f(x) = x^T A x"#, #"\nabla f(x) = 2 A x"#], .right, "symmetric"),
    Claim(layer + [#"\frac{\partial L}{\partial b} = (a - y) \odot a \odot (1 - a)"#], .right),
    Claim(
      layer + [#"\frac{\partial L}{\partial W} = ((a - y) \odot a \odot (1 - a)) x^T"#], .right),
    Claim(
      layer + [#"\frac{\partial L}{\partial W} = x ((a - y) \odot a \odot (1 - a))^T"#], .wrong,
      "transposed"),
    Claim(layer + [#"\frac{\partial L}{\partial b} = (a - y)"#], .wrong, "missing-chain-factor"),
    Claim(
      [#"R(w) = \frac{\lambda}{2} \lVert w \rVert_2^2"#, #"\nabla_w R(w) = \lambda w"#], .right),
    Claim(
      [#"R(w) = \frac{\lambda}{2} \lVert w \rVert_2^2"#, #"\nabla_w R(w) = 2\lambda w"#], .wrong,
      "factor-two"),
    // Nothing says what L is.
    Claim([#"\frac{\partial \mathcal L}{\partial z_i} = \hat y_i - y_i"#], .right, "softmax"),
    Claim([#"\frac{dL}{dz} = a - y"#], .right, "cross-entropy"),
    Claim([#"\frac{\partial L}{\partial z} = y - \hat y"#], .unchecked, "what L is"),
    Claim([#"\frac{\partial L}{\partial w} = \delta x"#], .unchecked, "what L is"),
    Claim(
      [
        #"\frac{\partial L}{\partial \theta} = \frac{\partial L}{\partial z^{(L)}} \frac{\partial z^{(L)}}{\partial \theta}"#
      ], .unchecked, "chain rule"),
    Claim(
      [
        line, #"\frac{\partial L}{\partial w} = 2x e"#,
        #"\frac{\partial L}{\partial w} = 2 \delta x"#,
      ],
      .unchecked, "what δ is"),
    Claim([line, #"\frac{\partial L}{\partial v} = 2x"#], .unchecked, "not written in terms of v"),
    // No claim.
    Claim([line], nil),
    Claim([#"\theta_{t+1} = \theta_t - \alpha \nabla_\theta J(\theta_t)"#], nil),
    Claim([#"g_t = \nabla_\theta J(\theta_{t-1})"#], nil),
  ]

  @Test(arguments: claims) func claim(_ claim: Claim) throws {
    var context = ClaimContext()
    var finding: Finding?
    for formula in claim.document {
      let text = try TeXText(Span(Source(formula)))
      finding = DerivativeCheck.finding(text.items, in: context)
      context.add(text.items)
    }
    #expect(finding?.verdict == claim.verdict, "\(finding.map { "\($0)" } ?? "nothing")")
    if let says = claim.says, let finding {
      let all = [finding.headline, finding.mistake ?? "", finding.measure ?? ""] + finding.details
      #expect(all.contains { $0.contains(says) }, "\(all)")
    }
  }
}
