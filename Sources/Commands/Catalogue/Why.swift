// why: where a number came from, as a tree back to the inputs.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  /// How many steps back it can go at most.
  private static let mostSteps = 20

  static let why = Command(
    "why", group: .looking, summary: "shows where a number came from, back to the inputs",
    forms: [[.expression("value"), .optional([.bindings("depth")])]],
    details: [
      "Below each value stands what went into the line that made it, down to the gradient and the "
        + "numbers before the step.",
      "depth=3 goes three steps back instead of one (at most \(mostSteps)).",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "optimizer adam(lr=0.1)", "step 2",
        "why w[0]", "why m_hat[1] depth=2", "why L",
      ]
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let expression = arguments.expression("value") else { return }
      let session = interpreter.session
      var depth = 1
      for (path, value) in arguments.bindings("depth") {
        guard path.count == 1, path[0].name.canonical == "depth" else {
          throw Diagnostic(
            "why.option", "why has no option \(path[0].name.pretty)", at: path[0].span,
            help: "depth=3 goes three steps back")
        }
        depth = try session.wholeNumber(value, atLeast: 1, what: "the depth")
        guard depth <= mostSteps else {
          throw Diagnostic("why.depth", "the depth is at most \(mostSteps)", at: value.span)
        }
      }
      let place = try session.place(in: expression)
      let value = try session.evaluate(place.base)
      let indices = try place.indices(in: value.shape, at: session.now)
      var tree = OriginTree(session, steps: depth)
      let root = try tree.root(try session.target(of: place.base), expression, at: indices)
      if !arguments.muted { interpreter.surface.show(TreeReport(root)) }
    })
}
