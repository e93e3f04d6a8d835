// How the first step of a rule depends on the gradient, whatever its hyperparameters are: rules of
// different kinds need not be tried with every one of them.

import Notation

enum StepKind {
  /// The step is a multiple of the gradient.
  case linear
  /// Every coordinate takes the same step, but for its sign.
  case sign
  case other

  private static let gradient = [0.4, -1.1, 0.7, 2, -0.3, 0.9]
  private static let tape = ProbeTape.constant(gradient, 1)
  private static let quickTape = QuickTape(tape)

  init(_ plain: PlainRule, _ probe: RuleProbe) {
    self.init(plain) { values, tape in probe.run(values, tape).first }
  }

  init(_ plain: PlainRule, _ quick: QuickRule) {
    self.init(plain) { values, tape in
      quick.run(values, StepKind.quickTape).first?.numbers
    }
  }

  /// - Parameter first: the parameter after the first step.
  private init(_ plain: PlainRule, first: ([Name: Double], ProbeTape) -> [Double]?) {
    // ε and decay would only blur it.
    var values = OwnValues(plain).base
    for (name, role) in plain.roles where role == .epsilon || role == .weightDecay {
      values[name] = 0
    }
    let (gradient, tape) = (StepKind.gradient, StepKind.tape)
    guard let first = first(values, tape) else {
      self = .other
      return
    }
    let steps = zip(first, tape.start).map { $0 - $1 }
    func areEqual(_ numbers: [Double]) -> Bool {
      guard let one = numbers.first, one != 0, one.isFinite else { return false }
      return numbers.allSatisfy { abs($0 - one) <= 1e-9 * abs(one) }
    }
    if areEqual(zip(steps, gradient).map { $0 / $1 }) {
      self = .linear
    } else if areEqual(zip(steps, gradient).map { $0 * ($1 < 0 ? -1 : 1) }) {
      self = .sign
    } else {
      self = .other
    }
  }

  /// Whether rules of these kinds can be the same.
  func fits(_ other: StepKind) -> Bool { self == other || self == .other || other == .other }
}
