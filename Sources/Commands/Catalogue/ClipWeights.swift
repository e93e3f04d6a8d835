// clip_weights: parameters brought within bounds, once or after every step.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let clipWeights = Command(
    "clip_weights", group: .shrinking,
    summary: "brings parameters within bounds, once or after every step",
    forms: [
      [
        .names("parameter", .parameter),
        .either([
          [.word("off")],
          [.expression("bound"), .optional([.word("every"), .choice("when", ["step"])])],
        ]),
      ]
    ],
    details: [
      "clip_weights f 0.01 sets what is below -0.01 to that and what is above 0.01 to that, now. "
        + "With every step, each step from now on ends with w ← clip(w, -c, c), as Wasserstein GANs "
        + "train their critic; clip_weights f off ends that. back reverts all three.",
      "A model means all its parameters, biases too. Gradients are clipped by the stages clip_norm "
        + "and clip_value of an optimizer.",
    ],
    examples: [
      ["param w = [0.5, -2]", "clip_weights w 1", "back"],
      [
        "param w = [0.5, -2]", "loss L = sum((w - 3)^2)", "optimizer sgd(lr=0.1)",
        "clip_weights w 0.6 every step", "step", "clip_weights w off",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      let parameters = try interpreter.session.allParameters(arguments.names("parameter"))
      let names = parameters.map(\.name.pretty).joined(separator: ", ")
      guard let amount = arguments.expression("bound") else {
        let changed = interpreter.session.unbound(parameters, what: arguments.span.text)
        return try interpreter.reply(
          MessageReport(
            changed ? "steps no longer bound \(names)" : "no step bounds \(names)"),
          arguments.muted)
      }
      guard let bound = try interpreter.session.evaluate(amount).scalar, bound >= 0 else {
        throw Diagnostic(
          "clip_weights.bound", "the bound is one number, 0 or more", at: amount.span,
          help: "clip_weights f 0.01 keeps elements from -0.01 to 0.01")
      }
      let result = interpreter.session.bound(
        parameters, to: bound, always: arguments.has("when"), what: arguments.span.text)
      try interpreter.reply(
        ShrinkingReports.bounded(result, bound, always: arguments.has("when")), arguments.muted)
    })
}
