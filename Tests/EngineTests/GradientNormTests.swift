// norm(g) over several parameters, and rules that no step could look at.

import Diagnostics
import Testing

@testable import Commands
@testable import Engine

@Suite struct GradientNormTests {
  static let two = """
    param w = [1, -2]
    param b = 3
    loss L = sum(w^2) + b^2
    optimizer sgd(lr=0.1)

    """

  static let model = """
    X = randn(6, 2)
    y = X @ [1, -2]
    model f = linear(2, 3) |> tanh |> linear(3, 1)
    loss L = mse(f(X)[:, 0], y)

    """

  @Test func itIsTheNormOfAllGradientsTogether() {
    // The gradient is 2·[1, -2, 3].
    let norm = value("norm(g)", after: Self.two + "step")?.scalar
    #expect(abs((norm ?? 0) - 56.0.squareRoot()) < 1e-12)
    #expect(value("norm(g, ord=inf)", after: Self.two + "step")?.scalar == 6)
  }

  @Test func aRuleStopsByIt() {
    let (interpreter, errors) = session(after: Self.two + "stop when norm(g) < 1e-3\nstep 1000;")
    #expect(errors.isEmpty, "\(errors.map(\.message))")
    // 0.8^(t - 1) · √56 < 10^-3
    #expect(interpreter.session.step == 41)
  }

  @Test(arguments: ["clip_norm(0.01) |> adam(lr=0.1)", "sgd(lr=0.1)"])
  func aModelHasOneToo(_ optimizer: String) {
    let lines = Self.model + "optimizer \(optimizer)\nstep 3;"
    let parts = ["f.0.weight", "f.0.bias", "f.2.weight", "f.2.bias"]
    let byHand = "sqrt(" + parts.map { "sum(grad(L, \($0))^2)" }.joined(separator: " + ") + ")"
    let (interpreter, _) = session(after: lines)
    interpreter.run(Source("back 1; \(byHand)"))
    let expected = interpreter.session.answer?.scalar ?? .nan
    for text in ["norm(g)", "norm(f.g)"] {
      let found = value(text, after: lines)?.scalar ?? 0
      #expect(abs(found - expected) < 1e-12 * expected, "\(text)")
    }
    let layer = value("norm(f.0.g)", after: lines)?.scalar ?? 0
    #expect(layer > 0 && layer < expected)
  }

  @Test func whatIsFrozenHasNoGradient() {
    let frozen = Self.two + "freeze w\n"
    #expect(value("norm(g)", after: frozen + "step")?.scalar == 6)
    let (interpreter, errors) = session(after: frozen + "stop when norm(w.g) < 1e-3")
    #expect(errors.map(\.id) == ["step.stood-still"])
    #expect(errors.first?.message == "steps do not move w, so w.g has no value")
    #expect(interpreter.session.stopRule == nil)
    interpreter.run(Source("step"))
    #expect(interpreter.session.step == 1)
  }

  @Test(arguments: ["stop when sum(g^2) < 1", "stop when g rises for 3 steps", "watch g"])
  func whatNoStepCouldWorkOutIsRefused(_ line: String) {
    let (interpreter, errors) = session(after: Self.two + line)
    #expect(errors.map(\.id) == ["name.ambiguous"])
    #expect(errors.first?.help?.contains("norm(g)") == true)
    #expect(interpreter.session.stopRule == nil && interpreter.session.watches.isEmpty)
  }

  @Test func aRuleThatLostItsMeaningSaysHowToEndIt() {
    let (_, errors) = session(
      after: """
        param w = 1
        loss L = w^2
        optimizer sgd(lr=0.1)
        stop when g < 1e-3
        param b = 2
        loss L = w^2 + b^2
        step 2
        """)
    #expect(errors.last?.help?.hasSuffix("stop off ends the rule") == true)
  }
}
