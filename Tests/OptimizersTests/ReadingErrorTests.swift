// What is not understood is an error with its place, and what is no rule is not read as one.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Testing

@Suite struct ReadingErrorTests {
  /// Text, a part of the message, what the caret points at.
  static let errors: [(latex: String, message: String, at: String)] = [
    // Broken TeX
    (#"\theta_t = \theta_{t-1 - \alpha g_t"#, "never closed", "{"),
    (#"\theta_t = \theta_{t-1} - \frac{\alpha}{\sqrt{v_t}"#, "never closed", "{"),
    (#"\theta_t = \theta_{t-1}} - \alpha g_t"#, "closes nothing", "}"),
    (#"\theta_t = (\theta_{t-1} - \alpha g_t"#, "never closed", "("),
    (#"\theta_t = \theta_{t-1} - \alpha g_t)"#, "closes nothing", ")"),
    (#"\theta_t = \left(\theta_{t-1} - \alpha g_t"#, "\\right", "\\left"),
    (#"\theta_t = \theta_{t-1} - \alpha \foo g_t"#, "\\foo", "\\foo"),
    (#"\theta_t = \theta_{t-1} - - \alpha g_t"#, "two signs", "-"),
    (#"\theta_t = \theta_{t-1} - \alpha"# + " + ", "expected an operand", ""),
    (#"\theta_t = "#, "right side", ""),
    (#"\begin{aligned} \theta_t = \theta_{t-1} - \alpha g_t"#, "never ended", "\\begin"),
    (#"\theta_t = \theta_{t-1} - \alpha g_t \end{aligned}"#, "without its", "\\end"),
    (#"\begin{aligned} x = 1 \end{align}"#, "does not end", "\\end{align}"),
    (#"\begin{tikzpicture} x \end{tikzpicture}"#, "tikzpicture", "\\begin{tikzpicture}"),
    (#"$\theta_t = \theta_{t-1} - \alpha g_t"#, "never ended", "$"),
    (#"\[ \theta_t = \theta_{t-1} - \alpha g_t $"#, "cannot end", "$"),
    (#"\theta_a_b = \theta"#, "two subscripts", "_"),
    (#"x^a^b = 1"#, "two superscripts", "^"),
    (#"\theta_t = \theta_{t-1} - \alpha g_t \"# + "", "backslash", "\\"),
    (
      #"\theta = \theta - "# + String(repeating: "\\hat", count: 9000) + " g", "inside one another",
      "\\hat"
    ),
    (#"g = 0.9 g +. 05 x"#, "expected an operand", "."),
    // Numbers that none can hold
    (#"\theta = \theta - 9^{9^{9}} g"#, "no number that can be held", ""),
    (#"t = 9223372036854775807, \theta_{t+1} = \theta_t - \eta g/t"#, "count of steps", ""),
    (
      #"f(x) = x+x+x+x+x+x+x+x+x+x \\ w = w - f(f(f(f(f(f(f(g)))))))"#, "with its functions put in",
      ""
    ),
    // Macros
    (#"\newcommand{\a}{\a} \theta = \theta - \a g"#, "never comes to an end", "\\a"),
    (
      #"\newcommand{\a}{\b}\newcommand{\b}{\a} \theta = \theta - \b g"#, "never comes to an end",
      "\\b"
    ),
    (
      #"\def\x#1{#1 #1}\def\y{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{\x{a}}}}}}}}}}}}}}}}}}}} \y \y"#,
      "make more than", ""
    ),
    // Meaning
    (
      #"m_t = \sum_{i=1}^{t}\sum_{j=1}^{t} \beta^{i} g_i,\ \theta_t = \theta_{t-1} - \eta m_t"#,
      "over what this sum runs", #"\sum_{j=1}^{t} \beta^{i} g_i"#
    ),
    (
      #"m_t = \prod_{s=1}^{t} g_s \\ \theta_t = \theta_{t-1} - \eta m_t"#, "\\prod is not read",
      #"\prod_{s=1}^{t} g_s"#
    ),
    (#"v_t = \mu v_{t+1} + \eta g_t \\ \theta_{t+1} = \theta_t - v_t"#, "ahead", "v_{t+1}"),
    (#"m_t = \beta m_{t+2} + g_t \\ \theta_t = \theta_{t-1} - m_t"#, "2 steps ahead", "m_{t+2}"),
    (
      #"v_t = \beta v_{t-3} + g_t \\ \theta_t = \theta_{t-1} - \eta v_t"#, "3 steps before",
      "v_{t-3}"
    ),
    (#"\theta_t = \theta_{t-1} - \alpha m_t"#, "no rule", ""),
    (#"\theta_{t+1} = \theta_t - \alpha \frac{m_t}{\sqrt{v_t}} g_t"#, "says what m is", "m_t"),
    (
      #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t \\ \theta_t = \theta_{t-1} - \alpha \hat m_t"#,
      "no rule", ""
    ),
    (
      #"\theta_{t+1} = \theta_t - \alpha \nabla f(\theta_{t+1})"#, "gradient at the new",
      "\\theta_{t+1}"
    ),
    (
      #"m_t = v_t + g_t, \quad v_t = m_t + v_{t-1}, \quad \theta_t = \theta_{t-1} - v_t"#,
      "one another", ""
    ),
    (#"m_t = \beta m_t + g_t \\ \theta_t = \theta_{t-1} - \eta m_t"#, "by itself", ""),
    (
      #"\theta_t = \theta_{t-1} - \frac{\alpha g_t}{1 - \beta^{t-1}}, \quad t = 1, 2, \ldots"#,
      "zero at the first step", "1 - \\beta^{t-1}"
    ),
    (#"w \leftarrow w - \eta (\nabla L(w) + \lambda \nabla R(w))"#, "two functions", "R"),
    (#"W = W - \alpha dW, \quad b = b - 2 \alpha db + b"#, "different rules", ""),
    (#"w_{t+1} = w_t - \eta\, \mathrm{prox}(g_t)"#, "prox", "\\mathrm{prox}"),
    (#"w_{t+1} = w_t - \eta\, \Phi(g_t, 3)"#, "does not say what the function", "\\Phi"),
    (#"w_{t+1} = w_t - \eta\, H^{-1} g_t g_t^\top"#, "transpose", ""),
    (#"w_{t+1} = w_t - \eta \prod_{i=1}^t g_i"#, "\\prod", ""),
    (
      #"\theta_t = \theta_{t-1} - \eta \prod_{i=1}^t (1-\gamma_i) g_t"#, "every factor",
      "\\prod_{i=1}^t (1-\\gamma_i) g_t"
    ),
    (#"w = 7 \bmod 5 \bmod 4 \bmod 3 \bmod 2"#, "in a row", "\\bmod"),
    (#"w_{t+1} = \begin{cases} w_t - g_t & t > 3 \\ w_t & t > 5 \end{cases}"#, "other case", ""),
    (#"w_{t+1} = \begin{cases} w_t - g_t \\ w_t & t > 5 \end{cases}"#, "no condition", "w_t - g_t"),
    (#"\theta = \theta - \eta g + \gamma \Delta\theta"#, "no formula here says", "\\Delta\\theta"),
    (#"\theta_{t+1} = \Pi_C(\theta_t - \eta g_t)"#, "does not say what the function", "\\Pi_C"),
    (
      #"\theta_{t+1} = \theta_t - \eta g_t + \sqrt{2\eta} \xi_t, \quad \xi_t \sim \mathcal{N}(0, I)"#,
      "random", "\\xi_t"
    ),
    (
      #"p_t = -g_t + \frac{g_t^T g_t}{g_{t-1}^T g_{t-1}} p_{t-1}, \quad x_{t+1} = x_t + \alpha p_t"#,
      "zero at the first step", "g_{t-1}^T g_{t-1}"
    ),
    (
      #"\theta_t = \theta_{t-1} - \eta g_t / \sqrt{s_{t-1}}, s_t = s_{t-1} + g_t^2"#,
      "zero at the first step", "\\sqrt{s_{t-1}}"
    ),
    (
      #"\theta_{t+1} = \theta_t - \eta H \nabla f(\theta_t)"#, "no formula here says what H", ""
    ),
    (
      #"\theta_{t+1} = \theta_t - \nabla^2 f(\theta_t) \nabla f(\theta_t)"#,
      "second derivatives", ""
    ),
    (#"x_{t+1} = x_t - f(x_t)/f'(x_t)"#, "leads to a root", ""),
    (
      #"\theta_{t+1} = \theta_t - \frac{\eta}{\sqrt{G_{t,ii} + \epsilon}} g_t"#,
      "no formula here says what G", "G_{t,ii}"
    ),
    (#"\theta_{t+1} = \theta_t - \eta \, \text{momentum} g_t"#, "factor or a comment", "\\text"),
    (
      #"g = \nabla f(\theta); \; \text{if } \|g\| > c: \; g \leftarrow \frac{c}{\|g\|} g; \; \theta \leftarrow \theta - \eta g"#,
      "under a condition", ""
    ),
    (
      #"\begin{aligned} &g_t \leftarrow \nabla f(\theta_{t-1}) \\ &\textbf{if} \: \lambda \neq 0 \\ &g_t \leftarrow g_t + \lambda \theta_{t-1} \\ &\theta_t \leftarrow \theta_{t-1} - \gamma g_t \end{aligned}"#,
      "under a condition", ""
    ),
    (
      #"\theta_{t+1} = \operatorname{prox}_{\lambda}(\theta_t - \eta g_t)"#, "prox is not known", ""
    ),
    (#"\theta_{t+1} = \theta_t - \eta \operatorname{sign}_p(g_t)"#, "subscript of sign", ""),
    (
      #"w \leftarrow w - \eta \frac{\partial}{\partial w} \left( L(w) + \frac{\lambda}{2} \|w\|^2 \right)"#,
      "gradient of a sum", ""
    ),
    (#"w \leftarrow w - \eta \nabla_w (L + \lambda R)"#, "gradient of a sum", "(L + \\lambda R)"),
  ]

  @Test(arguments: errors.indices) func saysWhatIsWrong(_ place: Int) {
    let (latex, message, at) = Self.errors[place]
    do {
      let reading = try FormulaReader.read(Span(Source(latex)))
      if message == "no rule" {
        #expect(reading.kind != .rule)
      } else {
        Issue.record(
          "\(latex) is read as \(reading.kind)\n\(reading.rule.map { RulePrinter(.ascii).text($0.declaration) } ?? "")"
        )
      }
    } catch {
      #expect(error.message.contains(message), "\(latex): \(error.message)")
      let span = error.span
      #expect(span != nil, "\(latex): \(error.message) has no place")
      if !at.isEmpty { #expect(span?.text == at, "\(latex): \(error.message)") }
    }
  }

  static let others: [(latex: String, kind: FormulaReading.Kind)] = [
    (#"\hat y = \sigma(w^\top x + b)"#, .definition),
    (#"\sigma(x) = \frac{1}{1 + e^{-x}}"#, .definition),
    (#"\frac{\partial L}{\partial w} = \frac{1}{n} \sum_i (\hat y_i - y_i) x_i"#, .gradient),
    (#"\nabla_\theta J(\theta) = \mathbb{E}[\nabla_\theta \log \pi_\theta(a|s) R]"#, .gradient),
    (#"J(\theta) = L(\theta) + \lambda R(\theta)"#, .objective),
    (
      #"\frac{\partial L}{\partial \theta} = \frac{\partial L}{\partial z^{(L)}} \frac{\partial z^{(L)}}{\partial \theta}"#,
      .gradient
    ),
    (
      #"\theta_{quantized} = round(\frac{\theta_{float} - min(\theta_{float})}{max(\theta_{float}) - min(\theta_{float})} \times quantization\_step)"#,
      .definition
    ),
    (
      #"\theta_{student} = argmin_{\theta_{student}} L_{student}(\theta_{student}; D_{target})"#,
      .other
    ),
    (#"h_t = \tanh(W h_{t-1} + U x_t + b)"#, .definition),
    (#"a^{(l)} = \sigma(W^{(l)} a^{(l-1)} + b^{(l)})"#, .definition),
    (#"F_{n+1} = F_n + F_{n-1}"#, .definition),
    (#"\eta_t = \eta_0 \gamma^{\lfloor t/s \rfloor}"#, .definition),
    (
      #"Q(s, a) \leftarrow Q(s, a) + \alpha [r + \gamma \max_{a'} Q(s', a') - Q(s, a)]"#,
      .definition
    ),
    (#"\|x_{t+1} - x^*\|^2 \le \|x_t - x^*\|^2 - 2\eta (f(x_t) - f^*) + \eta^2 G^2"#, .other),
    (#"\min_\theta \frac{1}{n} \sum_{i=1}^n \ell(f_\theta(x_i), y_i)"#, .other),
    (#"\beta_1 = 0.9, \beta_2 = 0.999"#, .definition),
    (#"x"#, .other),
    (#"G_{t+1} = G_t + (\nabla J(\theta_t))^2"#, .definition),
    (#"G_t = G_{t-1} + g_t^2"#, .definition),
    (#"v_{t+1} = \beta v_t + (1 - \beta) \nabla J(\theta_t)"#, .definition),
    (#"\theta_{t+1} = \theta_t - \alpha v_{t+1}"#, .other),
  ]

  @Test(arguments: others.indices) func isNoRule(_ place: Int) throws {
    let (latex, kind) = Self.others[place]
    let reading = try FormulaReader.read(Span(Source(latex)))
    #expect(reading.kind == kind, "\(latex) is \(reading.kind): \(reading.reason)")
    #expect(reading.rule == nil)
  }

  @Test func sizeAndDepthAreBounded() {
    let long = String(repeating: "a + ", count: 250_000) + "a"
    #expect(throws: Diagnostic.self) { try FormulaReader.read(Span(Source(long))) }
    for (open, close) in [
      ("(", ")"), ("{", "}"), ("\\frac{1}{", "}"), ("\\left(", "\\right)"), ("x^{", "}"),
      ("\\sqrt{", "}"), ("\\hat{", "}"), ("\\begin{aligned}", "\\end{aligned}"), ("|", "|"),
      ("\\nabla ", ""),
    ] {
      for count in [50, 1000, 10_000] {
        let text =
          "\\theta = \\theta - " + String(repeating: open, count: count) + "g"
          + String(repeating: close, count: count)
        do { _ = try FormulaReader.read(Span(Source(text))) } catch { #expect(error.span != nil) }
      }
    }
    for text in [
      String(repeating: "\\sum_", count: 5000), String(repeating: "$", count: 9999),
      String(repeating: "\\\\ & ", count: 50_000),
      String(repeating: "x_t = y_t \\\\ ", count: 3000), String(repeating: "m ", count: 3000),
      String(repeating: "(", count: 200_000),
      "\\theta = \\theta - g" + String(repeating: " + g", count: 20_000),
    ] {
      _ = try? FormulaReader.read(Span(Source(text)))
    }
  }

  /// As much of it as is read at all.
  static let nested: [(open: String, close: String)] = [
    ("\\boxed{", ""), ("\\boxed{a = ", "}"), ("\\begin{array}{l}\\\\{", ""), ("\\begin{", ""),
    ("\\begin{a}\\\\{", "}"), ("a^{<", ""), ("a^{<", ">}"), ("\\text{Loss(x)}", ""),
    ("\\right.\\\\", ""), ("+ \\\\ +", ""),
  ]

  @Test(arguments: nested.indices) func nestedHabitsTakeOnePass(_ place: Int) {
    let (open, close) = Self.nested[place]
    let count = 250_000 / (open.utf8.count + close.utf8.count)
    let text = String(repeating: open, count: count) + String(repeating: close, count: count)
    let time = ContinuousClock().measure { _ = try? FormulaReader.read(Span(Source(text))) }
    #expect(time < .seconds(20), "\(open)")
  }

  @Test func anIndexBeyondAllBoundsIsNone() throws {
    let latex =
      #"m_{9223372036854775807} = 0, m_{t+1} = \beta m_t + g, \theta_{t+1} = \theta_t - m_{t+1}"#
    _ = try FormulaReader.read(Span(Source(latex)))
  }

  @Test func anyCutOfAFormulaIsReadOrRefused() throws {
    for entry in PrintedFormulaTests.entries {
      let bytes = Array((entry["latex"]?.text ?? "").utf8)
      for end in stride(from: 0, to: bytes.count, by: 23) {
        let source = Source(bytes: Array(bytes[..<end]))
        do { _ = try FormulaReader.read(Span(source)) } catch {
          #expect(error.span != nil, "\(error.message): \(source.text)")
        }
      }
    }
  }

  @Test func notesSaySlipsAndStarts() throws {
    func notes(_ latex: String) throws -> [ReadingNote] {
      try FormulaReader.read(Span(Source(latex))).notes
    }
    let slip = try notes(
      #"m_{t+1} = \beta m_t + g_t \\ \hat m_{t+1} = m_{t+1}/(1-\beta^(t+1)) \\ \theta_{t+1} = \theta_t - \alpha \hat m_{t+1}"#
    )
    #expect(slip.contains { $0.kind == .slip && $0.span.text == "^(t+1)" })
    #expect(slip.contains { $0.text.contains("starts at 0") })
    let ambiguous = try notes(#"\theta_t = \theta_{t-1} - \alpha / c d_t, \quad d_t = g_t"#)
    #expect(ambiguous.contains { $0.kind == .ambiguity })
    let signs: [(latex: String, kind: ReadingNote.Kind, place: String)] = [
      (#"w - = \eta \nabla L(w)"#, .slip, "- ="),
      (#"s + = g^2, \quad w - = \eta g / \sqrt{s}"#, .slip, "+ ="),
      (#"w_{t+1} = w_t - \\ - \eta g_t"#, .ambiguity, #"- \\ -"#),
    ]
    for one in signs {
      let found = try notes(one.latex)
      #expect(found.contains { $0.kind == one.kind && $0.span.text == one.place }, "\(one.latex)")
    }
    for plain in [#"w -= \eta \nabla L(w)"#, #"w_{t+1} = w_t \\ - \eta g_t"#] {
      #expect(try notes(plain).allSatisfy { $0.kind == .convention }, "\(plain)")
    }
  }
}
