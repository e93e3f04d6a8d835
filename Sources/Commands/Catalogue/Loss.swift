// loss and maximize: what step makes smaller, or larger.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  private static let form: [Syntax] = [
    .name("name", .new), .sign(.assign), .expression("formula"),
    .optional([.word("for"), .names("parameter", .parameter)]),
  ]

  static let loss = Command(
    "loss", group: .defining, summary: "defines what step minimises",
    forms: [form],
    details: [
      "A loss is a live formula with a single number as its value.",
      "A new loss replaces the old one; with for [w], each of several losses trains its own "
        + "parameters, and step takes them all from the same point.",
    ],
    examples: [
      ["param w = [1, -2]", "loss L = sum((w - [3, 1])^2)"],
      [
        "param a = 1; param b = 1", "loss A = (a*b - 2)^2 for [a]", "loss B = (a - b)^2 for [b]",
        "optimizer sgd(lr=0.1)", "step",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      try define(interpreter, arguments, maximize: false)
    })

  static let maximize = Command(
    "maximize", group: .defining, summary: "defines what step makes larger",
    forms: [form],
    details: ["The rules always minimise: they are given g = -∇J, and print it so."],
    examples: [
      ["param w = 0", "maximize J = -(w - 3)^2", "optimizer sgd(lr=0.1)", "step", "w"]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      try define(interpreter, arguments, maximize: true)
    })

  private static func define(
    _ interpreter: Interpreter, _ arguments: Arguments, maximize: Bool
  ) throws(Diagnostic) {
    guard let name = arguments.name("name"), let formula = arguments.expression("formula") else {
      return
    }
    try interpreter.checkDefinable(name)
    if interpreter.session.problem.parameter(name.name) != nil {
      throw Diagnostic(
        "name.taken", "\(name.name.pretty) is a parameter", at: name.span,
        help: "choose another name for the loss")
    }
    var parameters: [Name]?
    if arguments.has("parameter") {
      var names: [Name] = []
      for path in arguments.names("parameter") {
        names += try interpreter.session.parameters(at: path).map(\.name)
      }
      parameters = names
    }
    let value = try interpreter.session.evaluate(formula, as: name.name)
    guard value.elements.count == 1 else {
      throw Diagnostic(
        "loss.scalar", "a loss is a single number; this has shape \(value.shape)", at: formula.span,
        help: "make it one with sum(…) or mean(…)")
    }
    if value.elements[0].isNaN, let missing = interpreter.session.missingNumber(in: formula) {
      throw Diagnostic(
        "loss.data", "this loss is nan: \(missing)", at: formula.span,
        help: "leave such rows out: csv(\"file.csv\", missing=\"skip\") does, or X[rows]")
    }
    let objective = Objective(
      name: name.name, expression: formula, maximize: maximize, parameters: parameters)
    let affected = interpreter.session.users(of: name.name)
    var replaced: [Name] = []
    try interpreter.session.changeProblem { (problem) throws(Diagnostic) in
      problem.definitions[name.name] = nil
      problem.objectives.removeAll { other in
        guard other.name != name.name else { return true }
        guard parameters == nil, other.parameters == nil else { return false }
        replaced.append(other.name)
        return true
      }
      problem.objectives.append(objective)
    }
    // Evaluated by its name, so that a loss defined by itself is found out here.
    let result = try interpreter.session.evaluate(Expression(.name(name.name), name.span))
    try interpreter.reply(
      .definition(
        name.name, result, affected: affected.filter { !replaced.contains($0) },
        replaced: replaced), arguments.muted)
  }
}
