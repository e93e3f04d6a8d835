// Worked numbers, right and wrong, as people print them. A document's formulas are separated by blank
// lines here; values flow on from one to the next.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct NumberClaimTests {
  struct Claim: Sendable, CustomTestStringConvertible {
    var document: String
    /// Of the last formula; nil when it claims no number.
    var verdict: Finding.Verdict?
    /// A mistake's identifier, or a part of what is said.
    var says: String?
    var testDescription: String { document }

    init(_ document: String, _ verdict: Finding.Verdict?, _ says: String? = nil) {
      self.document = document
      self.verdict = verdict
      self.says = says
    }
  }

  static func finding(_ document: String) throws -> Finding? {
    var context = ClaimContext()
    var finding: Finding?
    for formula in document.split(separator: "\n") {
      let text = try TeXText(Span(Source(String(formula))))
      finding = NumberCheck.finding(text.items, in: context)
      context.add(text.items)
    }
    return finding
  }

  static let claims: [Claim] = [
    // Right, to all printed digits.
    Claim(#"1 - 0.9^3 = 0.271"#, .right),
    Claim(#"0.271 = 1 - 0.9^3"#, .right),
    Claim(#"m_1 = 0.9 \cdot 0 + 0.1 \cdot (-4) = -0.4"#, .right),
    Claim(#"\hat m_1 = \frac{-0.4}{1-0.9} = -4"#, .right),
    Claim(#"v_1 = 0.999 \times 0 + 0.001 \times (-4)^2 = 0.016"#, .right),
    Claim(#"\hat{v}_1 = \dfrac{0.016}{1 - 0.999^1} = 16"#, .right),
    Claim(
      #"\theta_1 = 1 - 0.1 \cdot \frac{-4}{\sqrt{16} + 10^{-8}} \approx 1.1"#, .right),
    Claim(#"net_{h1} = 0.15*0.05 + 0.2*0.1 + 0.35*1 = 0.3775"#, .right),
    Claim(#"out_{h1} = \frac{1}{1 + e^{-0.3775}} = 0.593269992"#, .right),
    Claim(#"\frac{1}{1+e^{-0.3775}} = \frac{1}{1+0.6856} = 0.5933"#, .right),
    Claim(#"\frac{1}{1+e^{-0.3775}} \approx 0.59"#, .right),
    Claim(#"25 \cdot 40 = 1{,}000"#, .right),
    Claim(#"0{,}5 \cdot 0{,}5 = 0{,}25"#, .right),
    Claim(#"123.4 \cdot 10 = 1,234"#, .right),
    Claim(#"1\,024 = 2^{10}"#, .right),
    Claim(#"10\,000 \cdot 0.01 = 100"#, .right),
    Claim(#"3\,500 \cdot 2 = 7000"#, .right),
    Claim(#"2 \cdot 3\,500 \cdot 0.5 = 3\,500"#, .right),
    Claim(#"\frac{12\,000 \cdot 2}{3} = 8000"#, .right),
    Claim(#"3\,500 \cdot 2 = 8000"#, .wrong, "7000"),
    // What is no claim.
    Claim("x = 1.5\nx^2 - 1 = 0", nil),
    Claim("8:30 = 8.5", nil),
    Claim("x = 1.5\ny = x^2 - 1 = 0", .wrong),
    // Logarithms to the base 10 are told by their digits.
    Claim(#"\log 100 = 2"#, .right, "base 10"),
    Claim(#"\log 2 = 0.5"#, .wrong, "natural"),
    Claim(#"10^{-3} \cdot 10^{-5} = 1 \times 10^{-8}"#, .right),
    Claim(#"\frac{3}{4} = 0.75 = \frac{6}{8}"#, .right),
    Claim(#"\ln 2 \approx 0.693"#, .right),
    Claim(#"-\log(0.7) = 0.357"#, .right),
    Claim(#"\max(0, -3) = 0"#, .right),
    Claim(#"\sigma(0) = 0.5"#, .right),
    Claim(#"\sum_{i=1}^{4} i^2 = 30"#, .right),
    Claim(#"\lVert (3, 4) \rVert_2 = 5"#, .right),
    Claim(#"[1, -2] - 0.1 \cdot [-4, -6] = [1.4, -1.4]"#, .right),
    Claim(#"5\% \cdot 200 = 10"#, .right),
    Claim(#"\frac{1}{20} = 5\%"#, .right),
    Claim(
      #"\begin{pmatrix} 1 \\ -2 \end{pmatrix} - 0.1 \begin{pmatrix} -4 \\ -6 \end{pmatrix} = \begin{pmatrix} 1.4 \\ -1.4 \end{pmatrix}"#,
      .right),
    Claim(
      #"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \begin{bmatrix} 1 \\ 1 \end{bmatrix} = \begin{bmatrix} 3 \\ 8 \end{bmatrix}"#,
      .wrong, "component 2"),
    Claim(#"0.0554 + -0.0190 = 0.0364"#, .right),
    // Values that were said before.
    Claim("\\alpha = 0.1\nw_1 = 0.15\nw_1 - \\alpha \\cdot 2 = -0.05", .right),
    Claim("\\alpha = 0.1\nw_1 = 0.15\nw_1 = w_1 - \\alpha \\cdot 2 = 0.05", .wrong, "sign"),
    Claim("t = 3\n\\beta_1 = 0.9\n1 - \\beta_1^t = 0.271", .right),
    Claim("x = 2\ny = x^2 + 1 = 5\nz = 3y = 15", .right),
    Claim("w = [1, -2]\n\\alpha = 0.1\nw - \\alpha [-4, -6] = [1.4, -2.6]", .wrong, "sign"),
    Claim("a = \\frac{1}{3} = 0.33\n2a = 0.67", .right),
    Claim("a = \\frac{1}{3} = 0.33\n2a = 0.66", .right),
    Claim("a = \\frac{1}{3} = 0.33\n2a = 0.76", .wrong),
    // Right with a remark.
    Claim(#"\frac{2}{3} = 0.66"#, .right, "cut off"),
    Claim(#"2 \cdot 0.333 = 0.667"#, .right, "more digits"),
    // Wrong.
    Claim(#"1 - 0.9^3 = 0.217"#, .wrong, "digits-swapped"),
    Claim(#"1 - 0.9^3 = 0.19"#, .wrong, "time-off-by-one"),
    Claim(#"1 - 0.9^3 = 0.729"#, .wrong, "complement"),
    Claim(#"m_1 = 0.9 \cdot 0 + 0.1 \cdot (-4) = 0.4"#, .wrong, "sign"),
    Claim(#"v_1 = 0.999 \cdot 0 + 0.001 \cdot (-4)^2 = -0.004"#, .wrong, "missing-square"),
    Claim(#"\hat m_2 = \frac{-0.76}{1-0.9^2} = -7.6"#, .wrong),
    Claim(#"0.1 \cdot \frac{0.4}{\sqrt{0.16}} = 0.25"#, .wrong, "missing-root"),
    Claim(#"\frac{1}{2}(1.5 - 0.25)^2 = 1.5625"#, .wrong, "factor-two"),
    Claim(#"0.5 \cdot 0.12 = 0.6"#, .wrong, nil),
    Claim(#"0.5 \cdot 0.12 = 0.60"#, .wrong, "decimal-point"),
    Claim(#"\frac{1}{1+e^{-0.3775}} = 0.593269993"#, .wrong, "rounding"),
    Claim(#"\frac{7}{2} = 3"#, .wrong, "truncated"),
    Claim(#"2 + 2 = 5"#, .wrong, nil),
    Claim(#"x = 2 \cdot 3 = 7 = 14 / 2"#, .wrong),
    Claim(#"0.6 = 1"#, .wrong),
    Claim(#"0.15*0.05 + 0.2*0.1 + 0.35*1 = 0.3755"#, .wrong),
    Claim(#"[1, 2] + [3, 4] = [4, 7]"#, .wrong, "component 2"),
    Claim(#"1 \times 10^{-8} = 0.0000001"#, .wrong),
    // No claim, or nothing to compare with.
    Claim(#"\alpha = 0.1"#, nil),
    Claim(#"m_0 = v_0 = 0"#, nil),
    Claim(#"\theta_{t+1} = \theta_t - \alpha g_t"#, nil),
    Claim(#"w = [1, -2]"#, nil),
    Claim(#"\sum_i p_i = 1"#, nil),
    Claim(#"z = w x + b = 0.3"#, .unchecked, "w"),
    Claim(#"s = 1 + 2 + \dots + 10 = 55"#, .unchecked),
  ]

  @Test(arguments: claims) func claim(_ claim: Claim) throws {
    let finding = try NumberClaimTests.finding(claim.document)
    #expect(finding?.verdict == claim.verdict, "\(finding.map { "\($0)" } ?? "nothing")")
    if let says = claim.says, let finding {
      let all = [finding.headline, finding.mistake ?? ""] + finding.details
      #expect(all.contains { $0.contains(says) }, "\(all)")
    }
  }

  @Test func valuesOfAnotherSectionAccuseNobody() throws {
    var context = ClaimContext()
    context.add(Span(Source(#"\alpha = 0.3"#)), section: 0)
    context.add(Span(Source(#"\alpha = 0.1"#)), section: 1)
    context.add(Span(Source("")), section: 2)
    let finding = NumberCheck.finding(Span(Source(#"2 \alpha = 0.02"#)), in: context)
    #expect(finding?.verdict == .unchecked)
  }
}
