// Equations with several right sides: one form is read, the others are run beside it.

import Diagnostics
import Notation
import Optimizers
import Testing

@Suite struct EquationFormTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var latex: String
    var note: String
    var testDescription: String { latex }
  }

  static let same = "this form gives the same numbers"
  static let other = "gives other numbers from step 1 on"
  static let unread = "what it is said to equal is not"

  static let cases: [Case] = [
    Case(
      latex: #"\theta_{t+1} = \theta_t + \Delta\theta_t = \theta_t - \eta g_t"#, note: unread),
    Case(
      latex:
        #"\Delta\theta_t = -\eta g_t \\ \theta_{t+1} = \theta_t + \Delta\theta_t = \theta_t - \eta g_t"#,
      note: same),
    Case(
      latex:
        #"\Delta\theta_t = -\eta g_t \\ \theta_{t+1} = \theta_t + \Delta\theta_t = \theta_t + \eta g_t"#,
      note: other),
    Case(
      latex:
        #"g_t = \nabla_\theta J(\theta_{t-1}) = \frac{1}{m} X^T(X\theta_{t-1} - y) \\ \theta_t = \theta_{t-1} - \alpha g_t"#,
      note: unread),
    Case(
      latex:
        #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t = m_{t-1} + (1-\beta_1)(g_t - m_{t-1}) \\ \theta_t = \theta_{t-1} - \alpha m_t"#,
      note: same),
    Case(
      latex:
        #"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t = m_{t-1} + \beta_1 (g_t - m_{t-1}) \\ \theta_t = \theta_{t-1} - \alpha m_t"#,
      note: other),
    // Of two functions: what λθ is the gradient of stands elsewhere.
    Case(
      latex:
        #"\theta \leftarrow \theta - \eta \nabla_\theta J = \theta - \eta (\nabla_\theta L + \lambda \theta)"#,
      note: unread),
    Case(
      latex:
        #"w \leftarrow w - \eta \frac{\partial \mathcal{J}}{\partial w} = w - \eta (\frac{\partial \mathcal{L}}{\partial w} + \lambda w)"#,
      note: unread),
    Case(
      latex:
        #"w \leftarrow w - \eta \frac{\partial J_{reg}}{\partial w} = w - \eta (\frac{\partial J_{data}}{\partial w} + \lambda w)"#,
      note: unread),
    Case(
      latex:
        #"w \leftarrow w - \eta \frac{\partial}{\partial w} J = w - \eta (\frac{\partial}{\partial w} L + \lambda w)"#,
      note: unread),
    Case(
      latex: #"w \leftarrow w - \eta \partial_w J = w - \eta (\partial_w L + \lambda w)"#,
      note: unread),
    Case(
      latex: #"w \leftarrow w - \eta \nabla \tilde L(w) = w - \eta (\nabla L(w) + w)"#, note: unread
    ),
    Case(
      latex: #"w \leftarrow w - \eta \frac{dE}{dw} = w - \eta (\frac{dE_0}{dw} + \lambda w)"#,
      note: unread),
    // Of one.
    Case(
      latex:
        #"w \leftarrow w - \eta \frac{\partial}{\partial w} C = w - \eta (\frac{\partial}{\partial w} C + 2 \alpha w)"#,
      note: other),
    Case(
      latex:
        #"w \leftarrow w - \eta \nabla_w \mathcal{C}(w) = w - \eta (\nabla_w \mathcal{C}(w) + \lambda w)"#,
      note: other),
    Case(
      latex: #"w \leftarrow w - \eta \nabla C_{reg} = w + \eta \nabla C_{reg}"#, note: other),
  ]

  @Test(arguments: cases) func form(_ one: Case) throws {
    let reading = try FormulaReader.read(Span(Source(one.latex)))
    #expect(reading.kind == .rule)
    #expect(reading.notes.contains { $0.text.contains(one.note) }, "\(reading.notes.map(\.text))")
  }

  @Test func startsInAChainAreStarts() throws {
    let reading = try FormulaReader.read(
      Span(
        Source(
          #"m_0 = v_0 = 0, \quad m_t = \beta m_{t-1} + g_t, \quad \theta_t = \theta_{t-1} - \alpha m_t"#
        )))
    #expect(
      reading.rule?.declaration.parameters.map(\.name.canonical).sorted() == ["alpha", "beta"])
  }
}
