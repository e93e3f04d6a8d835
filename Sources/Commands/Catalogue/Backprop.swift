// backprop: the forward and the backward pass, line by line.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let backprop = Command(
    "backprop", group: .looking, summary: "shows the forward and the backward pass, line by line",
    forms: [[.optional([.expression("loss")])]],
    details: [
      "Forward: each definition and each operation in order, with its value; operations without a "
        + "name are called a₁, a₂, … Backward: ∂L/∂ of each in reverse, as a formula of the one "
        + "before it, with numbers.",
      "Give parts a name (z = X @ W, a = sigmoid(z)) and they are shown under it.",
    ],
    examples: [
      ["param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "backprop"],
      [
        "x = [1, 2]; y = 1", "param w = [0.5, -0.5]; param b = 0.1", "z = dot(w, x) + b",
        "a = sigmoid(z)", "loss L = (a - y)^2", "backprop L",
      ],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      let loss = try session.lossOrDefault(arguments.expression("loss"), for: "backprop")
      let pass = try session.now.backwardPass(of: loss)
      if !arguments.muted { interpreter.surface.show(BackpropReport(pass)) }
    })
}
