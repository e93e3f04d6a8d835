// How the first step of a rule depends on the gradient, whatever its hyperparameters are: rules of
// different kinds need not be tried with every one of them.

import Notation

enum StepKind {
  /// The step is a multiple of the gradient.
  case linear
  /// Every coordinate takes the same step, but for its sign.
  case sign
  case other

  init(_ plain: PlainRule, _ probe: RuleProbe) {
    // ε and decay would only blur it.
    var values = OwnValues(plain).base
    for (name, role) in plain.roles where role == .epsilon || role == .weightDecay {
      values[name] = 0
    }
    let gradient = [0.4, -1.1, 0.7, 2, -0.3, 0.9]
    let tape = ProbeTape.constant(gradient, 1)
    guard let first = probe.run(values, tape).first else {
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
