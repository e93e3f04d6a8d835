// backprop: the forward and the backward pass, line by line.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let backprop = Command(
    "backprop", group: .looking,
    summary: "shows the forward and the backward pass, line by line and layer by layer",
    forms: [
      [
        .optional([.expression("loss")]),
        .optional([
          .word("for"),
          .either([[.word("sample"), .count("number")], [.choice("samples", ["all"])]]),
        ]),
      ]
    ],
    details: [
      "Forward: each definition and each operation in order, with its value. Backward, from the loss "
        + "on: ∂L/∂ of each in reverse, as a formula of the one before it, with numbers. Operations "
        + "without a name are called z₁, z₂, … where they are W @ x + b, else a₁, a₂, …; give parts "
        + "a name (z = X @ W, a = sigmoid(z)) and they are shown under it.",
      "In a model the lines stand under their layers: z₁ of the first layer with parameters, a₁ of "
        + "the function after it, and backward ∂L/∂a, ∂L/∂z, ∂L/∂weight, ∂L/∂bias of each. backprop "
        + "f, of a model, is that of the loss.",
      "The data are those the loss reads, so with mse or cross_entropy ∂L/∂weight is the mean over "
        + "the samples: those of the coming step where a batch is set, else all. for sample 3 takes "
        + "one row of them, counted from 0; for all takes all whatever the batch.",
      "The mode is that of a step: dropout draws as the coming step will.",
    ],
    examples: [
      ["param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "backprop"],
      [
        "x = [1, 2]; y = 1", "param w = [0.5, -0.5]; param b = 0.1", "z = dot(w, x) + b",
        "a = sigmoid(z)", "loss L = (a - y)^2", "backprop L",
      ],
      [
        "X = [[1, 2], [0, -1], [3, 1]]; y = [1, 0, 1]",
        "model f = linear(2, 2) |> tanh |> linear(2, 1)", "loss L = mse(f(X), y)", "backprop f",
        "backprop f for sample 2",
      ],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      var asked = arguments.expression("loss")
      var model: Name?
      if let path = asked?.path, session.problem.part(at: path.map(\.canonical)) != nil,
        session.problem.parameter(meant: asked ?? Expression(.name(path[0]), arguments.span)) == nil
      {
        (asked, model) = (nil, path[0])
      }
      let loss = try session.lossOrDefault(asked, reading: model, for: "backprop")
      var sample: Int?
      if let number = arguments.expression("number") {
        sample = try session.wholeNumber(number, atLeast: 0, what: "a sample's number")
      }
      let pass = try session.now.backwardPass(
        of: loss, sample: sample, takesAll: arguments.has("samples"))
      if !arguments.muted { interpreter.surface.show(BackpropReport(pass)) }
    })
}
