// param: a trainable value.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let param = Command(
    "param", group: .defining, summary: "declares a trainable parameter",
    forms: [[.name("name", .new), .sign(.assign), .expression("value")]],
    details: [
      "The right side is evaluated once; step then moves the parameter.",
      "Declaring a parameter again starts its history anew, at step 0.",
    ],
    examples: [
      ["param w = [1, -2]"],
      ["param W = randn(3, 2, seed=1)", "W"],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let name = arguments.name("name"), let value = arguments.expression("value") else {
        return
      }
      try interpreter.checkDefinable(name)
      if interpreter.session.problem.objective(name.name) != nil {
        throw Diagnostic(
          "name.taken", "\(name.name.pretty) is a loss", at: name.span, help: "choose another name")
      }
      let initial = try interpreter.session.evaluate(value, as: name.name)
      guard initial.elements.count > 0 else {
        throw Diagnostic("param.empty", "a parameter needs at least one element", at: value.span)
      }
      guard initial.elements.allSatisfy(\.isFinite) else {
        throw Diagnostic(
          "param.not-finite", "a parameter must start at finite numbers", at: value.span)
      }
      let parameter = Engine.Parameter(
        name: name.name, initial: Tensor(initial.elements, shape: initial.shape))
      let restarts =
        interpreter.session.step > 0
        && interpreter.session.problem.parameter(name.name) != nil
      let dropped = interpreter.session.snapshot.stateWords(of: parameter.path)
      interpreter.session.declare(parameter)
      try interpreter.reply(
        .parameter(name.name, parameter.initial, restarts: restarts),
        arguments.muted)
      try interpreter.replyDropped(dropped.map { "\(name.name.pretty): \($0)" }, arguments.muted)
    })
}
