// Bad input: one clear error, nothing changed, and the session goes on.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct BadInputTests {
  /// Runs lines after a small session; answers the errors, and fails when anything else changed.
  private func errors(_ text: String) -> [String] {
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    var messages: [String] = []
    interpreter.surface.show = { report in
      if let error = report as? ErrorReport { messages.append(error.diagnostic.id) }
    }
    interpreter.run(
      Source("param w = [1, 2]\nloss L = sum(w^2)\noptimizer adam(lr=0.1)\nstep 3"))
    let before = interpreter.session.snapshot
    let lines = interpreter.session.lines
    interpreter.run(Source(text))
    #expect(interpreter.session.snapshot == before, "\(text.prefix(60))")
    #expect(interpreter.session.lines == lines, "\(text.prefix(60))")
    interpreter.run(Source("step"))
    #expect(interpreter.session.step == 4, "\(text.prefix(60))")
    return messages
  }

  @Test(arguments: [
    "\"open", "[1, 2", "rule x(lr=1) {", "1 + ", ")", "zeros(1e12)", "zeros(1e10, 1e10)",
    "eye(1e6)",
    "arange(0, 1, 1e-12)", "linspace(0, 1, 1e12)", "ones(-1)", "[[1, 2], [3]]", "w[5]", "w[0, 0]",
    "a = a + 1", "data d = csv(\"/\")", "data d = csv(\"no such file\")",
    "data d = npy(\"/dev/null\")", "step 1e18", "step -1", "step 2.5", "back 99", "goto -1",
    "goto 99999999999999999999", "step until 1", "set digits 400", "set nothing 3",
    "optimizer nothing", "optimizer adam(lr=0.1) for v", "optimizer adam, sgd", "freeze v",
    "loss L = w", "param w = [1, nan]", "param p = []", "step g=[1, 2, 3]", "step v.g=1",
    "rule k(lr=1) { m = g }", "rule k(lr=1) { w = w - lr*q }", "w = [1, 2, 3]", "w[7] = 1",
    "2x", "2**3", "\u{0}", "print(w)", "step = 3", "e", "[1 2; 3 4]", "open \"/\"", "branch 9",
  ])
  func isOneError(_ text: String) {
    #expect(errors(text).count == 1, "\(text)")
  }

  @Test func aFunctionThatCallsItselfPrintsTheCircle() {
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    var messages: [String] = []
    interpreter.surface.show = { report in
      if let error = report as? ErrorReport { messages.append(error.diagnostic.message) }
    }
    interpreter.run(Source("f(x) = g(x)"))
    messages = []
    interpreter.run(Source("g(x) = f(x)"))
    interpreter.run(Source("f(1)"))
    #expect(messages.last?.contains("f → g → f") == true, "\(messages)")
  }

  @Test func largeInputIsRefusedQuickly() {
    #expect(errors(String(repeating: "(", count: 100_000)).count == 1)
    #expect(errors(String(repeating: "1+", count: 5_000_000) + "1").count == 1)
    #expect(errors(String(repeating: "[", count: 100_000) + "\n").count == 1)
    #expect(errors(String(repeating: "-", count: 50_000) + "1").count == 1)
    #expect(errors(String(repeating: "a.", count: 50_000) + "b").count == 1)
  }

  @Test func definitionsThatGrowWithoutBoundAreStopped() {
    var lines = ["f0(x) = x + 1"]
    for i in 1...60 { lines.append("f\(i)(x) = f\(i - 1)(x) + f\(i - 1)(2*x)") }
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    var messages = 0
    interpreter.surface.show = { if $0 is ErrorReport { messages += 1 } }
    for line in lines { interpreter.run(Source(line)) }
    interpreter.run(Source("f60(1)"))
    #expect(messages >= 1)
    interpreter.run(Source("1 + 1"))
    #expect(interpreter.session.answer?.scalar == 2)
  }

  @Test func aBadStepStopsAtTheLastGoodOneAndNamesItsLine() {
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    var errors: [Diagnostic] = []
    interpreter.surface.show = { if let e = $0 as? ErrorReport { errors.append(e.diagnostic) } }
    interpreter.run(
      Source("param w = [1, 2]\nloss L = sum(log(w))\noptimizer sgd(lr=0.3)\nstep 50"))
    #expect(errors.count == 1)
    #expect(errors.first?.message.contains("w ← w - lr·g") == true)
    #expect(interpreter.session.step == 2)
    #expect(interpreter.session.snapshot["w"]?.elements.allSatisfy(\.isFinite) == true)
  }
}
