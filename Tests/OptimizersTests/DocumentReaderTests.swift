// Formulas are found where they are, and nowhere else; a rule over several displays is one.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Testing

@Suite struct DocumentReaderTests {
  static let document = #"""
    # One

    It costs $5 and $10, or \$20. The rate $\alpha$ and `$code$` and ``a $ b``.

    ```python
    x = "$$ y = 1 $$"
    ```

    $$
    \theta_{t+1} = \theta_t - \alpha \nabla L(\theta_t)
    $$

    # Two

    First
    $$ v_{t+1} = \beta v_t + (1 - \beta) \nabla J(\theta_t) $$
    and then
    $$ \theta_{t+1} = \theta_t - \alpha v_{t+1} $$
    where $\beta$ fades.

    # Three

    \begin{align}
    J(\theta) &= L(\theta) + \lambda R(\theta)
    \end{align}
    Update $\theta \leftarrow \theta - \alpha \nabla_{\theta} L(\theta)$ until done.

    ```math
    \frac{\partial L}{\partial \theta} = \frac{\partial L}{\partial z} \frac{\partial z}{\partial \theta}
    ```

    # Four

    $$ \theta_{t+1} = \theta_t - \frac{\alpha}{\sqrt{G_{t+1}}} \nabla J(\theta_t) $$
    $$ G_{t+1} = G_t + (\nabla J(\theta_t))^2 $$

    # Five

    $$ m_{t+1} = \beta_1 m_t + (1 - \beta_1) \nabla J(\theta_t) $$
    $$ v_{t+1} = \beta_2 v_t + (1 - \beta_2) (\nabla J(\theta_t))^2 $$
    $$ \hat{v}_{t+1} = \frac{v_{t+1}}{1 - \beta_2^(t+1)} $$
    $$ \theta_{t+1} = \theta_t - \alpha \frac{m_{t+1}}{\sqrt{\hat{v}_{t+1}} + \epsilon} $$

    $$ \foo $$
    """#

  @Test func formulasAreFound() {
    let found = FormulaDocument(Source(Self.document)).formulas
    let inline = found.filter { !$0.isDisplay }.map(\.span.text)
    #expect(
      inline == [
        #"\alpha"#, #"\beta"#, #"\theta \leftarrow \theta - \alpha \nabla_{\theta} L(\theta)"#,
      ])
    let displays = found.filter(\.isDisplay)
    #expect(displays.count == 12)
    #expect(displays.map(\.line) == [9, 16, 18, 23, 28, 34, 35, 39, 40, 41, 42, 44])
  }

  @Test func formulasAreClassified() {
    let read = DocumentReader.read(FormulaDocument(Source(Self.document)))
    let kinds = read.map {
      "\($0.line) \($0.formulas.count) \($0.reading?.kind.rawValue ?? "error")"
    }
    #expect(
      kinds == [
        "9 1 rule", "16 2 rule", "23 1 objective", "26 1 rule", "28 1 gradient", "34 2 rule",
        "39 4 rule", "44 1 error",
      ])
    for formula in read where formula.reading?.kind != .rule {
      #expect(formula.reading?.reason.isEmpty == false || formula.error?.span != nil)
    }
  }

  @Test func anythingIsScanned() {
    for text in [
      "$", "$$", "`", "```", "\\", "\\begin{", "\\begin{align}", "<!--", "$a", "$ a$", "\\[", "",
    ] {
      _ = DocumentReader.read(FormulaDocument(Source(text)))
      _ = DocumentReader.read(FormulaDocument(Source(String(repeating: text, count: 2000))))
    }
  }

  /// Kinds, lines and displays of a text's formulas.
  static func kinds(_ text: String, name: String = "a.md") -> [String] {
    DocumentReader.read(FormulaDocument(Source(text, name: name))).map {
      "\($0.line) \($0.formulas.count) \($0.reading?.kind.rawValue ?? "error \($0.error?.id ?? "")")"
    }
  }

  @Test func aPreamblesMacrosReachEveryFormula() {
    let text = #"""
      \documentclass{article}
      \newcommand{\vg}{\mathbf{g}}
      \newcommand{\step}[2][\eta]{#1\, #2}
      \DeclareMathOperator*{\argmin}{arg\,min}
      \def\param{\theta}
      \begin{document}
      \section{Descent} % $$ not here $$
      It costs \$5, 10\% of \verb|$x = 1$|.
      \begin{equation}\label{eq:one}
        \param_{t+1} = \param_t - \step{\vg_t}
      \end{equation}
      % \[ \theta = 1 \]
      \begin{comment}
      \[ x = 2 \]
      \end{comment}
      See \eqref{eq:one} and ``quotes'' with $ x = 3 $ inside.
      \end{document}
      \[ y = 4 \]
      """#
    #expect(Self.kinds(text, name: "a.tex") == ["9 1 rule", "16 1 definition"])
  }

  @Test func anAlgorithmIsOneFormula() {
    let text = #"""
      \documentclass{article}
      \begin{algorithm}
      \caption{Momentum}
      \begin{algorithmic}
      \State $v \gets 0$
      \For{$t = 1, 2, \dots$}
      \State $g \gets \nabla f(\theta)$
      \State $v \gets \mu v + g$
      \State $\theta \gets \theta - \eta v$
      \EndFor
      \end{algorithmic}
      \end{algorithm}
      """#
    #expect(Self.kinds(text, name: "a.tex") == ["2 1 rule"])
  }

  @Test func linesEndAsTheyWill() {
    let text = "\u{FEFF}# One\r\n\r\n$$\r\n\\theta = \\theta - \\eta g\r\n$$\r\n\r\nand $x$"
    #expect(Self.kinds(text) == ["3 1 rule"])
    let document = FormulaDocument(Source(text, name: "a.md"))
    #expect(document.headings.map(\.text) == ["One"])
    #expect(document.formulas.count == 2)
  }

  @Test func headingsAreKnown() {
    let text = """
      Title
      =====

      ## 3.1 *Adam* ##

      $a = b$

      Momentum
      --------
      | a | b |
      |---|---|
      - no heading
      ---
      """
    let headings = FormulaDocument(Source(text, name: "a.md")).headings
    #expect(headings.map(\.text) == ["Title", "3.1 *Adam", "Momentum"])
    #expect(headings.map(\.level) == [1, 2, 2])
  }

  /// Two methods in one section, the second one's accumulator named like the first one's.
  @Test func aRuleTakesTheNearestDefinitions() {
    let text = #"""
      $$ g_t = \nabla J(\theta_t) $$
      $$ J(\theta) = L(\theta) + \lambda R(\theta) $$
      $$ \theta_{t+1} = \theta_t - \frac{\alpha}{\sqrt{G_{t+1}}} g_t $$
      $$ G_{t+1} = G_t + g_t^2 $$
      $$ \theta_{t+1} = \theta_t - \frac{\alpha}{\sqrt{G_{t+1}}} g_t $$
      $$ G_{t+1} = \gamma G_t + (1 - \gamma) g_t^2 $$
      """#
    let read = DocumentReader.read(FormulaDocument(Source(text, name: "a.md")))
    #expect(read.map { $0.formulas.map(\.line) } == [[1, 3, 4], [2], [1, 5, 6]])
    #expect(read.map(\.line) == [1, 2, 5])
    #expect(read.map { $0.reading?.kind } == [.rule, .objective, .rule])
  }

  /// What stands in 1 MB again and again, and behind it.
  static let marks: [(mark: String, end: String)] = [
    ("\\[ ", ""), ("\\( ", ""), ("$$ x\n\n", ""), ("\\begin{align} ", ""), ("<!-- ", ""),
    ("$` ", ""), ("$`x", "\n`$"), ("\\[ ", "\n\n x \\]"), ("\\[ ", "$ x \\]"),
    ("\\\\[ ", "\n\n x \\\\]"), ("\n", "\\]"), ("\\[\n\n", "\\]"), ("\\[ \\( ", "\n\n x \\) \\]"),
    ("\\begin{algorithm} ", "\\end{algorithm}"), ("\\begin{al*ign} ", ""),
    ("{{< katex >}} ", ""), ("\n{{< katex", ""), ("\n{{< katex >}} x", "\n{{< /katex"),
    ("\n<script type=\"math/tex", ""), ("\n<script type=\"math/tex; mode=display\"> ", ""),
    ("\n:::{math}", ""), ("\n:::{math}\n", "\n:::"), ("\n.. math::", ""),
    ("\n.. math:: x\n :a:", "\n y"), (":math:`", ""), (":math:` ", "\n`"), ("{math}`x\n", ""),
  ]

  @Test(arguments: marks.indices) func manyUnclosedMarksAreQuick(_ place: Int) {
    let (mark, end) = Self.marks[place]
    Self.expectQuick(
      "\\[" + String(repeating: mark, count: 1_000_000 / mark.utf8.count) + end, "a.md", mark)
  }

  /// The marks of AsciiDoc.
  @Test(arguments: [
    "\n----", "\n----\n-----", "\n....\n", "\n[stem]\n++++\n", "stem:[", "latexmath:[ ",
    "\n////\n///",
  ]) func manyUnclosedBlocksAreQuick(_ mark: String) {
    Self.expectQuick(
      String(repeating: mark, count: 1_000_000 / mark.utf8.count) + "\n------", "a.adoc", mark)
  }

  static func expectQuick(_ text: String, _ name: String, _ mark: String) {
    let clock = ContinuousClock()
    let time = clock.measure { _ = FormulaDocument(Source(text, name: name)) }
    #expect(time < .seconds(20), "\(mark)")
  }

  static let rows = #"""
    m_t = \beta m_{t-1} + g_t \\
    \theta_t = \theta_{t-1} - \alpha m_t
    """#

  /// The same two rows in the forms in which other markups hold a formula.
  static let markups: [(name: String, text: String)] = [
    ("a.rst", "Momentum\n========\n\n.. math::\n   :label: m\n\n" + indented(3) + "\n\nEnd.\n"),
    ("b.rst", ".. math:: \\theta_t = \\theta_{t-1} - \\alpha g_t\n   :label: m\n\nEnd.\n"),
    ("c.rst", "Then :math:`\\theta_t = \\theta_{t-1} - \\alpha g_t` holds.\n"),
    ("d.adoc", "== Momentum\n\n[stem]\n++++\n\(rows)\n++++\n"),
    ("e.adoc", "Then latexmath:[$\\theta_t = \\theta_{t-1} - \\alpha g_t$] holds.\n"),
    ("f.md", "```{math}\n:label: m\n\n\(rows)\n```\n"),
    ("g.md", ":::{math}\n\(rows)\n:::\n"),
    ("h.md", "> $$\n" + indented(0).split(separator: "\n").map { "> \($0)\n" }.joined() + "> $$\n"),
    ("i.md", "{{< katex display >}}\n\(rows)\n{{< /katex >}}\n"),
    ("j.md", "<script type=\"math/tex; mode=display\">\n\(rows)\n</script>\n"),
    ("k.md", "Then $latex \\theta_t = \\theta_{t-1} - \\alpha g_t$ holds.\n"),
    ("l.md", "Then {math}`\\theta_t = \\theta_{t-1} - \\alpha g_t` holds.\n"),
    (
      "m.md",
      "\\begin{algorithm}\n$m \\gets 0$\\;\n\\While{$t < T$}{\n$m \\gets \\beta m + g$\\;\n"
        + "$\\theta \\gets \\theta - \\alpha m$\\;\n}\n\\end{algorithm}\n"
    ),
  ]

  private static func indented(_ count: Int) -> String {
    rows.split(separator: "\n").map { String(repeating: " ", count: count) + $0 }
      .joined(separator: "\n")
  }

  @Test(arguments: markups.indices) func otherMarkupsAreRead(_ place: Int) {
    let (name, text) = Self.markups[place]
    let kinds = Self.kinds(text, name: name).map { $0.split(separator: " ").dropFirst() }
    #expect(kinds == [["1", "rule"]], "\(name): \(kinds)")
  }

  /// A bracket within the macro's brackets, which is escaped there: the formula goes up to the macro's
  /// own bracket, and that the escaped one is no TeX is said.
  @Test func aBracketWithinAMacroIsSaid() {
    let text = "Then latexmath:[$\\theta_t = \\theta_{t-1} - \\alpha g_t[0\\]$] holds.\n"
    let found = FormulaDocument(Source(text, name: "e.adoc")).formulas
    #expect(found.map(\.span.text) == [#"\theta_t = \theta_{t-1} - \alpha g_t[0\]"#])
    #expect(Self.kinds(text, name: "e.adoc") == ["1 1 error latex.delimiters"])
  }

  /// An ending is one in capitals as well.
  @Test func endingsAreKnownInAnyCase() {
    let rst = ".. math:: \\theta_t = \\theta_{t-1} - \\alpha g_t\n"
    #expect(Self.kinds(rst, name: "A.RST") == ["1 1 rule"])
    let tex = "$x = 1$ % $y = 2$\n"
    #expect(FormulaDocument(Source(tex, name: "A.TEX")).formulas.count == 1)
    #expect(FormulaDocument(Source(tex, name: "A.MD")).formulas.count == 2)
  }

  /// Code, what stands as it is, comments: no formulas and no headings; behind them all is as before.
  @Test func blocksOfAsciiDocAreLeftAlone() {
    let text = """
      == Sums

      .Listing
      [source,python]
      ----
      $2 + 2 = 5$
      == no heading
      ----

      ....
      $1 + 1 = 3$
      ....

      ////
      $x = 9$
      ////

      Then $3 + 3 = 6$ and

      -----
      $2 = 3$
      ----
      $2 = 4$
      -----

      $4 + 4 = 8$

      ----
      $5 + 5 = 10$
      """
    let document = FormulaDocument(Source(text, name: "a.adoc"))
    #expect(
      document.formulas.map(\.span.text) == ["3 + 3 = 6", "4 + 4 = 8", "5 + 5 = 10"])
    #expect(document.formulas.map(\.line) == [18, 26, 29])
    #expect(document.headings.map(\.text) == ["Sums"])
  }

  /// Markdown's own brackets, and what AsciiMath and a text have.
  @Test func whatIsNoFormulaIsLeftAlone() {
    for (name, text) in [
      ("a.md", "Shapes are \\[4], \\[2,4], so the last = 4 is \\[n\\_d].\n"),
      ("b.md", "\\[2] [https://a.b/c?d=e](https://a.b/c?d=e)\n"),
      ("c.adoc", "stem:[x_(t+1)=x_t-3] is AsciiMath.\n"),
      ("d.rst", "Names such as :mathx:`a = b` are none.\n"),
    ] {
      #expect(Self.kinds(text, name: name).isEmpty, "\(name)")
    }
  }

  /// What is not known to count is not read, and a sign too many is not broken TeX.
  @Test func whatIsNotKnownIsSaid() {
    #expect(Self.kinds(#"$$\theta = \theta - \cancel{2} g$$"#) == ["1 1 error latex.struck"])
    #expect(
      Self.kinds(#"$$L\left( \hat y^{<t>},y^{<t>}>\right) = 3$$"#) == ["1 1 error latex.expected"])
    #expect(Self.kinds(#"$$a \overset{?}{=} b$$"#).first?.contains("rule") == false)
    #expect(Self.kinds(#"$$x = \qty{5}{\metre}$$"#) == ["1 1 error latex.unit"])
    // A remark's mark that divides, or that counts.
    #expect(Self.kinds("$$x = 12 // b$$") == ["1 1 error latex.expected"])
    #expect(Self.kinds(##"$$a = \# correct$$"##) == ["1 1 error latex.command"])
    #expect(Self.kinds(#"$$6 = 2 (\text{classes})$$"#) == ["1 1 other"])
    #expect(Self.kinds(#"$$w = w - \eta (g \oplus h)$$"#) == ["1 1 error latex.operator"])
    #expect(Self.kinds(#"$$\overset{a} + 2 = 3$$"#) == ["1 1 error latex.stacked"])
  }
}
