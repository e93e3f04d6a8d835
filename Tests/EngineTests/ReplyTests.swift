// What lines are answered, word for word where the words carry the meaning.

import Diagnostics
import Testing

@testable import Commands
@testable import Engine

/// The answers to the last of these lines; an error is `error: message | help` with its place.
func replies(_ lines: String...) -> [String] {
  var shown: [String] = []
  let interpreter = Interpreter(surface: Surface(show: { _ in }))
  for line in lines {
    shown = []
    interpreter.surface.show = { report in
      if let error = report as? ErrorReport {
        let diagnostic = error.diagnostic
        let place = diagnostic.span.map { " at \($0.text)" } ?? ""
        shown.append("error: \(diagnostic.message)\(place) | \(diagnostic.help ?? "")")
      } else {
        shown += report.text(Format()).map(\.plain)
      }
    }
    interpreter.run(Source(line))
  }
  return shown
}

@Suite struct ReplyTests {
  static let two = """
    param w = [1, -2]; param b = 0.5
    loss L = sum(w^2) + b^2
    optimizer adam(lr=0.1) for w, sgd(lr=0.01) for rest
    step
    """

  @Test func aParameterThatStoodStillKeepsItsCountAndState() {
    #expect(replies(Self.two, "step w.g=[1, 1]", "b.t") == ["1"])
    #expect(replies(Self.two, "step w.g=[1, 1]", "w.t") == ["2"])
    #expect(replies(Self.two, "step b.g=1", "w.m") == ["[0.2, -0.4]"])
    #expect(
      replies(Self.two, "step b.g=1", "w.m̂")
        == ["error: w did not move in step 2, so w.m̂ has no value at w.m̂ | "])
  }

  @Test func anOptimizerSaysWhoseStateGoesOn() {
    #expect(
      replies(Self.two, "optimizer adam(lr=0.2) for w, sgd(lr=1) for b").last
        == "it goes on with the state and the t it has")
    #expect(
      replies(Self.two, "optimizer adam(lr=0.2)").last
        == "w goes on with the state and the t kept so far; b starts afresh at t = 1")
    #expect(replies(Self.two, "optimizer lion").last == "it starts afresh at t = 1")
    #expect(
      replies(Self.two, "optimizer lion for w").last
        == "it starts afresh at t = 1; no optimizer moves b")
  }

  @Test func aFunctionShowsItsDefaultsAndWhatItChanges() {
    #expect(replies("f(x, a=2) = a*x") == ["f(x, a=2) = a·x"])
    #expect(
      replies("f(x) = x", "r = f(2)", "f(x) = 3*x") == ["f(x) = 3·x", "this changes r"])
    #expect(replies("r = sum([1, 2])", "sum = 3") == ["sum = 3"])
  }

  @Test func aFunctionSaysWhichArgumentIsWrong() {
    let f = "f(x, a=2) = a*x"
    #expect(replies(f, "f(1, 2, 3)") == ["error: f(x, a) takes 2 arguments at 3 | "])
    #expect(replies(f, "f(1, c=4)") == ["error: f(x, a) has no argument c at c | "])
    #expect(replies(f, "f(1, x=4)") == ["error: x is given twice at x | "])
  }

  @Test func aLossSaysWhatItReplaces() {
    #expect(
      replies("param w = 1", "loss L = w^2", "loss J = w^4")
        == ["J = 1", "this replaces the loss L"])
    #expect(replies("param w = 1", "loss L = w^2", "loss L = w^4") == ["L = 1"])
  }

  @Test func whatIsWatchedIsLookedAtBeforeTheStep() {
    let lines = "param w = 1; loss L = w^2; optimizer sgd; watch L; loss J = w^4"
    #expect(replies(lines, "step").count == 1)
    #expect(replies(lines, "step").first?.hasPrefix("error: nothing is called L") == true)
  }

  @Test func untilNeedsACondition() {
    let lines = "param w = 1; loss L = w^2; optimizer sgd(lr=0.1)"
    #expect(
      replies(lines, "step until L").first?.hasPrefix("error: until needs a single true or false")
        == true)
    #expect(
      replies(lines, "step until L < 0.7 and w > 0").last == "L < 0.7 and w > 0 holds at step 1")
  }

  @Test func aRuleKnowsOnlyItsOwnNames() {
    #expect(
      replies("q = 1", "rule k(lr=0.1) { w = w - lr*q }").first
        == "error: nothing in this rule is called q at q | "
        + "a rule knows w, g, t and its own names; state q = 0 starts a state")
    #expect(
      replies("rule k(lr=0.1) { m = 0.9*m + g; w = w - lr*m }").first?
        .hasPrefix("error: nothing in this rule is called m at m") == true)
    #expect(
      replies("rule k(lr=0.1) { w = w - lr*sqt(g) }")
        == ["error: there is no function sqt at sqt | did you mean sqrt?"])
  }

  @Test func theLastStepsNamesOutliveItsOptimizer() {
    let lines = "param w = 1; loss L = w^2; optimizer adam(lr=0.5); step; optimizer sgd(lr=0.1)"
    #expect(replies(lines, "m") == ["0.2"])
    #expect(replies(lines, "1 - beta1^t") == ["0.1"])
    #expect(replies(lines, "lr") == ["0.5"])
    #expect(replies(lines, "explain lr") == ["lr = 0.5    a hyperparameter of adam in step 1"])
  }

  @Test func aWordBeforeABracketIsAFunctionIfThereIsOne() {
    #expect(replies("param w = 1", "loss L = w^2", "hessian(L, w)") == ["[[2]]"])
    #expect(
      replies("param w = 1; loss L = w^2; optimizer sgd(lr=0.1)", "step(2);", "w") == ["0.64"])
  }

  @Test func aPastedLineMayNameTheParameters() {
    let lines = "param w = 1; param b = 2; loss L = w^2 + b^2"
    for call in ["[w, b]", "model.parameters()", "params"] {
      #expect(
        replies(lines, "optimizer torch.optim.SGD(\(call), lr=0.1, nesterov=True, momentum=0.9)")
          .first?.hasPrefix("torch.SGD  lr=0.1 momentum=0.9") == true)
    }
  }

  @Test func inAScriptEveryErrorHasALine() {
    let shown = Shown()
    var places: [String] = []
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    interpreter.surface.show = { report in
      guard let error = report as? ErrorReport else { return }
      shown.errors.append(error.diagnostic.message)
      if case .number(let line)? = error.json()["line"] { places.append("\(line)") }
    }
    interpreter.run(Source("param w = 1\nloss L = w^2\nstep", name: "a.descent"))
    #expect(shown.errors == ["no optimizer is chosen yet"])
    #expect(places == ["3.0"])
  }

  @Test func helpThatHitsThePoint() {
    #expect(
      replies("show adamm")
        == ["error: nothing is called adamm at adamm | did you mean adam or adamw?"])
    #expect(
      replies("optimizer adm(lr=0.1)")
        == ["error: there is no optimizer adm at adm | did you mean adam?"])
    #expect(
      replies("param w = 1; param b = 1", "optimizer adam for w, b").first?
        .hasSuffix("several parameters go in brackets: for [w, b]") == true)
    #expect(replies("param w = 1", "freeze w", "show w") == ["w : param, frozen = 1"])
  }

  @Test func showBearsALossThatCannotBeEvaluated() {
    let shown = replies(
      "X = ones(4, 3); param w = [1, 2, 3]; loss L = sum((X @ w)^2); X = ones(4, 2)", "show")
    #expect(
      shown.joined(separator: "\n").contains("loss L = sum((X @ w)²), which has no value now"))
  }
}
