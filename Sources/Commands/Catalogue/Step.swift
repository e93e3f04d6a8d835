// step: one update, several, or until a condition holds.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Command {
  /// What a number of steps can be counted in.
  static let stepUnits = ["steps", "step", "epochs", "epoch"]

  static let step = Command(
    "step", group: .stepping, summary: "takes one or more steps of the optimizer",
    forms: [
      [.bindings("g")],
      [
        .word("until"), .expression("condition"),
        .optional([.word("for"), .count("n"), .optional([.choice("unit", stepUnits)])]),
      ],
      [
        .optional([
          .count("n"), .optional([.choice("unit", stepUnits)]),
          .optional([.word("until"), .expression("condition")]),
        ])
      ],
    ],
    details: [
      "One step is printed in full: each line as formula, with numbers put in, and result; several "
        + "steps print a line each, many a single one. trace on prints all in full.",
      "step until L < 1e-3 stops when the condition holds, at the latest after "
        + "\(Session.untilLimit) steps unless a count is given.",
      "step g=[0.1, -0.2] takes a step with a gradient given by hand, without a loss; with several "
        + "parameters step w.g=[1, 2], b.g=0 (those not named stand still).",
      "step 5 epochs runs to the end of the fifth epoch from here: see batch.",
      "Ctrl-C stops a run and keeps the last whole step.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "optimizer adam(lr=0.1)", "step",
        "step 3",
      ],
      ["param w = 4", "loss L = w^2", "optimizer sgd(lr=0.1)", "step until L < 1e-3"],
      ["param w = [1, 2]", "optimizer momentum(lr=0.1)", "step g=[0.5, -1]"],
    ],
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      if arguments.has("g") { return try stepGiven(interpreter, arguments) }
      if let only = try objectiveNamed(arguments, interpreter) {
        return try interpreter.steps(1, only: only, muted: arguments.muted)
      }
      let condition = arguments.expression("condition")
      var count = condition == nil ? 1 : Session.untilLimit
      if let n = arguments.expression("n") {
        count = try interpreter.stepCount(n, unit: arguments, atLeast: 0)
      }
      try interpreter.steps(count, until: condition, muted: arguments.muted)
    })

  /// `step D` takes a step of the loss D alone.
  private static func objectiveNamed(_ arguments: Arguments, _ interpreter: Interpreter)
    throws(Diagnostic) -> Name?
  {
    guard case .name(let name)? = arguments.expression("n")?.kind,
      interpreter.session.problem.objective(name) != nil
    else { return nil }
    return name
  }

  private static func stepGiven(_ interpreter: Interpreter, _ arguments: Arguments)
    throws(Diagnostic)
  {
    let given = try interpreter.session.gradients(given: arguments.bindings("g"))
    if interpreter.session.problem.optimizer.isEmpty {
      throw Diagnostic(
        "step.no-optimizer", "no optimizer is chosen yet", help: "optimizer adam(lr=0.1)")
    }
    try interpreter.session.take(given: [given])
    try interpreter.showLastStep(
      full: interpreter.session.settings.trace != .off, muted: arguments.muted)
  }
}
