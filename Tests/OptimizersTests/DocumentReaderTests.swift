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
}
