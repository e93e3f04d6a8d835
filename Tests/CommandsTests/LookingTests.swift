// What the looking commands answer, as a person sees it; figures worked out independently.

import Diagnostics
import Testing

@testable import Commands

/// Runs lines; returns what the last of them answered.
private func answer(_ lines: String..., format: Format = Format()) -> String {
  let collected = Collected()
  let interpreter = Interpreter(
    surface: Surface(show: { report in
      collected.lines += report.text(format).map(\.plain)
    }))
  for (number, line) in lines.enumerated() {
    if number == lines.count - 1 { collected.lines = [] }
    interpreter.run(Source(line))
  }
  return collected.lines.joined(separator: "\n")
}

private final class Collected {
  var lines: [String] = []
}

private let quadratic = """
  param w = [1, -2]
  loss L = sum((w - [3, 1])^2)
  optimizer adam(lr=0.1)
  """

@Suite("Looking")
struct LookingTests {
  @Test func deriveWritesTheGradientAsAFormula() {
    #expect(
      answer(quadratic, "derive L") == """
        ∇L = 2·(w - [3, 1])
           = 2·([1, -2] - [3, 1])
           = [-4, -6]
        """)
    #expect(
      answer(quadratic, "derive L by w[0]") == """
        ∂L/∂w[0] = 2·(w[0] - 3)
                 = 2·(1 - 3)
                 = -4
        """)
    #expect(
      answer(quadratic, "derive L by w", format: Format(ascii: true)).hasPrefix(
        "dL/dw = 2*(w - [3, 1])"))
  }

  @Test func deriveKeepsTheNamesOfDefinitions() {
    let regression = """
      X = [[1, 2], [1, 3], [1, 5]]; y = [1, 2, 2]; lambda = 0.01
      param w = [0, 0]
      r = X @ w - y
      loss L = mean(r^2) + lambda*sum(w^2)
      """
    #expect(
      answer(regression, "derive L").hasPrefix("∇L = 2·Xᵀ @ r/3 + 2·λ·w")
        || answer(regression, "derive L").hasPrefix("∇L = 2·λ·w + 2·Xᵀ @ r/3"))
    #expect(answer(regression, "derive L by r").hasPrefix("∂L/∂r = 2·r/3\n"))
    #expect(answer(regression, "derive L by w[1]").contains("X[:, 1] @ r/3"))
    #expect(answer("derive x^2*sin(x) by x") == "∂(x²·sin(x))/∂x = 2·x·sin(x) + x²·cos(x)")
    #expect(
      answer("f(p, q) = (1 - p)^2 + 100*(q - p^2)^2", "derive f(p, q) by [p, q]") == """
        ∂(f(p, q))/∂p = -2·(1 - p) - 400·p·(q - p²)
        ∂(f(p, q))/∂q = 200·(q - p²)
        """)
  }

  @Test func explainPutsTheNumbersIn() {
    #expect(
      answer(quadratic, "step 2", "explain v_hat[1]") == """
        v̂[1] = v[1]/(1 - β₂ᵗ)
             = 0.069604/(1 - 0.999²)
             = 34.8194
        """)
    #expect(
      answer(quadratic, "step 2", "explain g[0]") == """
        g[0] = ∂L/∂w[0]
             = 2·(w[0] - 3)
             = 2·(1.1 - 3)
             = -3.8
        """)
    #expect(
      answer(quadratic, "step 2", "explain w[0]") == """
        w[0] = w[0] - lr·m̂[0]/(√v̂[0] + ε)
             = 1.1 - 0.1·(-3.89474)/(√15.2196 + 1e-08)
             = 1.19983
        """)
    #expect(
      answer(quadratic, "explain L") == """
        L = sum((w - [3, 1])²)
          = sum(([1, -2] - [3, 1])²)
          = 13
        """)
    #expect(answer(quadratic, "explain lr") == "lr = 0.1    a hyperparameter of adam")
    #expect(answer(quadratic, "explain w") == "w = [1, -2]    as declared")
    #expect(answer(quadratic, "w[1] = 7", "explain w[1]") == "w[1] = 7    set by hand: w[1] = 7")
    #expect(answer(quadratic, "w[1] = 7", "explain w[0]") == "w[0] = 1    as declared")
    #expect(answer(quadratic, "step", "explain 1 - beta1^t").hasSuffix("= 1 - 0.9¹\n        = 0.1"))
  }

  @Test func explainKnowsGivenGradientsAndObjectives() {
    #expect(
      answer(quadratic, "step g=[0.5, 1]", "explain g") == "g = given by hand\n  = [0.5, 1]")
    let climbing = "param w = 1; maximize J = -(w - 3)^2; optimizer sgd(lr=0.1)"
    #expect(
      answer(climbing, "step", "explain g") == """
        g = -∂J/∂w
          = 2·(w - 3)
          = 2·(1 - 3)
          = -4
        """)
  }

  @Test func whyGoesBackToTheInputs() {
    #expect(
      answer(quadratic, "step", "why m_hat[0]") == """
        m̂[0] = m[0]/(1 - β₁ᵗ) = -4   step 1 · bias corrections
        └─ m[0] = β₁·m[0] + (1 - β₁)·g[0] = -0.4   step 1 · first moment: mean of gradients
           ├─ m[0] = 0   its start
           └─ g[0] = 2·(w[0] - 3) = -4   ∂L/∂w[0], step 1
              └─ w[0] = 1   as declared
        """)
    let deep = answer(quadratic, "step 40", "why w[0] depth=20")
    #expect(deep.split(separator: "\n").count < 2000)
    #expect(deep.contains("see above"))
    #expect(answer(quadratic, "step 3", "why w[0]").contains("w[0] = 1.19983   after step 2"))
    #expect(answer(quadratic, "why w[0] depth=0").contains("must be at least 1"))
    #expect(answer(quadratic, "why w[0] width=2").contains("why has no option width"))
  }

  @Test func gradcheckTellsKinksFromMistakes() {
    #expect(answer(quadratic, "gradcheck").hasPrefix("✓ the gradient of L is right: all 2"))
    let kink = answer("param w = [0, 2]", "loss L = sum(abs(w))", "gradcheck")
    #expect(kink.contains("w[0] stands at a kink: the slope is -1 to the left and 1 to the right"))
    #expect(kink.hasPrefix("✓"))
    let beside = answer("param x = 0.5", "gradcheck abs(x - 0.50001)")
    #expect(beside.contains("with a kink nearby"))
    #expect(answer("param x = 0.5", "gradcheck round(x)").contains("jumps"))
    // The gradient of a straight-through value is not that of the value.
    let wrong = answer("param x = 0.3", "gradcheck straight_through(sin(3*x), x)")
    #expect(wrong.hasPrefix("✗ the gradient of straight_through(sin(3·x), x) is wrong in 1 of 1"))
    #expect(answer("param x = 0", "gradcheck 1/x").contains("1/x is inf here"))
  }

  @Test(arguments: [
    "w/(-w)", "w/(-b)", "2/(-3*w)", "(-w)/(-b)", "w/(-b)/(-w)", "gelu(min(w) - 6)", "sort(w/(-b))",
    "norm(relu(w - [1, -3]))", "relu(w - 1)^2",
  ])
  func gradcheckAgrees(_ formula: String) {
    let text = answer("param w = [1, -2]; param b = 0.7", "gradcheck sum(\(formula))")
    #expect(text.hasPrefix("✓"), "\(text)")
  }

  @Test func gradcheckSamplesLargeParameters() {
    let text = answer(
      "param W = randn(40, 30, seed=1)", "loss L = sum(sigmoid(W)^2)", "gradcheck")
    #expect(text.contains("✓ the gradient of L is right: 200 of 1200 elements"))
    #expect(text.contains("W as a whole"))
  }

  @Test func backpropGoesForwardAndBackward() {
    let neuron = """
      x = [1, 2]; y = 1
      param w = [0.5, -0.5]; param b = 0.1
      z = dot(w, x) + b
      a = sigmoid(z)
      loss L = (a - y)^2
      """
    let text = answer(neuron, "backprop")
    let wanted = [
      "forward", "z  = w @ x + b", "a  = sigmoid(z)", "r₁ = a - y", "L  = r₁²", "backward",
      "∂L/∂L  = 1", "∂L/∂r₁ = 2·r₁", "∂L/∂a  = ∂L/∂r₁", "∂L/∂z  = a·(∂L/∂a)·(1 - a)",
      "∂L/∂w  = (∂L/∂z)·x", "∂L/∂b  = ∂L/∂z",
    ]
    var rest = text[...]
    for line in wanted {
      guard let place = rest.range(of: line) else {
        Issue.record("\(line) is missing after \(rest) in \(text)")
        return
      }
      rest = rest[place.upperBound...]
    }
    #expect(text.contains("= [-0.287682, -0.575365]"))
    #expect(answer("backprop 3").contains("3 depends on no parameter"))
  }

  @Test func hessianSaysWhatThePlaceIsLike() {
    let bowl = answer(quadratic, "hessian")
    #expect(bowl.contains("eigenvalues  2, 2"))
    #expect(bowl.contains("positive definite"))
    #expect(bowl.contains("lr < 2/λ = 1"))
    let saddle = answer("param x = 1; param y = 2; loss L = x*y", "hessian")
    #expect(saddle.contains("eigenvalues  -1, 1"))
    #expect(saddle.contains("indefinite"))
    let valley = answer("param x = 1; param y = 2; loss L = (x + y)^2", "hessian")
    #expect(valley.contains("positive semidefinite"))
    #expect(answer("param x = 2; loss L = x^3", "hessian").contains("∇²L = 6·x"))
    let rosenbrock = "param w = [1, 2]; loss L = (1 - w[0])^2 + 100*(w[1] - w[0]^2)^2"
    #expect(
      answer(rosenbrock, "hessian").hasPrefix(
        "∇²L = [[2 + 800·w[0]² - 400·(w[1] - w[0]²), -400·w[0]], [-400·w[0], 200]]"))
    #expect(
      answer("param w = zeros(100); loss L = sum(w^2)", "hessian").contains("100 by 100"))
  }

  @Test func tableFollowsTheHistory() {
    #expect(
      answer(quadratic, "step 2", "table t, L, w[0], m[0]") == """
        t        L     w[0]   m[0]
        0  13       1
        1  12.02    1.1      -0.4
        2  11.0812  1.19983  -0.74
        """)
    let long = answer(quadratic, "step 1000", "table t, L")
    #expect(long.split(separator: "\n").count == 23)
    #expect(long.contains("a row every 50 steps"))
    #expect(
      answer(quadratic, "step 100", "table t every 30 from 5 to 70").split(separator: "\n")
        == ["t", " 5", "35", "65", "70"].map { $0 == "t" ? " t" : Substring($0) })
    #expect(answer(quadratic, "step 3", "table t from 7").contains("step 7 has not been taken"))
    #expect(answer(quadratic, "table m").contains("no step has been taken"))
  }

  /// Values in a table are those one sees when going there.
  @Test func tableRepeatsWhatGotoShows() {
    let lines = [quadratic, "step 30", "w[0] = 5", "step 7", "optimizer sgd(lr=0.1)", "step 3"]
    func at(_ step: Int, _ expression: String) -> String {
      let collected = Collected()
      let interpreter = Interpreter(
        surface: Surface(show: { collected.lines = $0.text(Format(digits: 17)).map(\.plain) }))
      for line in lines + ["goto \(step)", expression] { interpreter.run(Source(line)) }
      return collected.lines.joined()
    }
    let collected = Collected()
    let interpreter = Interpreter(
      surface: Surface(show: { collected.lines = $0.text(Format(digits: 17)).map(\.plain) }))
    for line in lines + ["table t, w[0], g[1] every 1"] { interpreter.run(Source(line)) }
    for step in [1, 29, 30, 31, 37, 38, 40] {
      let row = collected.lines[step + 1].split(separator: " ").map(String.init)
      #expect(row == ["\(step)", at(step, "w[0]"), at(step, "g[1]")])
    }
  }

  @Test func compareLeavesTheSessionAlone() {
    let text = answer(
      quadratic, "step 5", "compare sgd(lr=0.1), adam(lr=0.1), sgd(lr=1e200) for 20")
    #expect(text.contains("sgd(lr=0.1)"))
    #expect(text.contains("best"))
    #expect(text.contains("not finite at step 1"))
    #expect(text.contains("step 20"))
    let before = answer(quadratic, "step 5", "w")
    #expect(answer(quadratic, "step 5", "compare adam(lr=1), sgd(lr=0.3)", "w") == before)
    #expect(answer(quadratic, "compare adamm").contains("did you mean adam"))
    #expect(answer("param w = 1", "compare adam").contains("no loss"))
  }

  @Test func interruptionsEndCleanly() {
    let collected = Collected()
    let counter = Counter()
    let interpreter = Interpreter(
      surface: Surface(
        show: { collected.lines = $0.text(Format()).map(\.plain) },
        interrupted: {
          counter.count += 1
          return counter.count > 3
        }))
    counter.count = -1000
    interpreter.run(Source(quadratic))
    counter.count = 0
    interpreter.run(Source("compare sgd(lr=0.1), adam(lr=0.1) for 1000000 steps"))
    #expect(collected.lines.joined().contains("interrupted after"))
    #expect(collected.lines.joined().contains("1 not run"))
    counter.count = 0
    interpreter.run(Source("gradcheck"))
    #expect(collected.lines.joined().contains("✓"))
    interpreter.run(Source("gradcheck"))
    #expect(collected.lines.joined().contains("interrupted"))
  }

  @Test(arguments: [
    "derive", "explain q", "why q[3]", "derive L by q", "derive L by w[2]", "derive w by w",
    "explain w[0, 0]", "explain L[0]", "why w[1.5]", "gradcheck w", "backprop w", "hessian w",
    "hessian L by b", "table", "table L every 0", "table L from 2 to 1", "compare",
    "compare adam for 0",
    "explain \"a\"", "derive [w, w]", "table sum", "compare clip_norm(1)", "why",
    "derive L by w[0:1]", "derive L by 3", "explain w[nan]",
  ])
  func mistakesHaveAMessageAndNoTrap(_ line: String) {
    let text =
      line == "derive" ? answer("w = 1", line) : answer(quadratic, "step", line)
    #expect(!text.isEmpty, "\(line)")
  }
}

private final class Counter {
  var count = 0
}
