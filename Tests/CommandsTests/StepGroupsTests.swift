// A step of a model says the rule once and how far each parameter moved.

import Diagnostics
import Engine
import Notation
import Testing

@testable import Commands

@Suite struct StepGroupsTests {
  /// The last report of these lines.
  private func last(_ lines: String..., ascii: Bool = false) -> [String] {
    var shown: [any Report] = []
    let interpreter = Interpreter(surface: Surface(show: { shown.append($0) }))
    interpreter.run(Source(lines.joined(separator: "\n")))
    return shown.last?.text(Format(width: 100, ascii: ascii)).map(\.plain) ?? []
  }

  static let net = """
    model f = linear(2, 3) |> relu |> linear(3, 2) |> relu |> linear(2, 1)
    X = [[1, 2], [3, 4], [5, 7]]
    loss L = mean(f(X)^2)
    """

  @Test func manyParametersShareTheirLines() {
    let text = last(Self.net, "optimizer sgd(lr=0.1)", "step")
    #expect(text.contains("    w ← w - lr·g"))
    #expect(text.count == 12)
    #expect(text.last == "  show step prints every line with its numbers")
    let all = last(Self.net, "optimizer sgd(lr=0.1)", "step", "show step")
    #expect(all.count { $0.contains("← ") } == 6)
  }

  @Test func differentRulesAreListedApart() {
    let text = last(
      Self.net, "optimizer sgd(lr=0.1) for f.0, adam(lr=0.1) for rest", "step", ascii: true)
    #expect(text.contains("  for f.0.weight, f.0.bias"))
    #expect(text.contains { $0.contains("m_hat = m/(1 - beta1^t)") })
    #expect(text.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
  }

  @Test func traceOnPrintsAllNumbers() {
    let text = last(Self.net, "trace on", "optimizer sgd(lr=0.1)", "step")
    #expect(text.count { $0.contains("← ") } == 6)
  }
}
