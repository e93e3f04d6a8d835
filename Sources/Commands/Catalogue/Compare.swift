// compare: several optimizers from the same start.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  private static let mostSteps = 10_000_000

  static let compare = Command(
    "compare", group: .looking, summary: "runs several optimizers from the same start",
    forms: [
      [
        .optimizers("optimizer"),
        .optional([.word("for"), .count("n"), .optional([.word("steps")])]),
      ]
    ],
    details: [
      "Each begins at the present parameters with fresh state, for 100 steps unless told otherwise. "
        + "The session stays as it is.",
      "Shown is the loss after some of the steps; the best end is marked, and one that runs away "
        + "says where. Ctrl-C stops and shows what there is.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)",
        "compare sgd(lr=0.1), momentum(lr=0.05), adam(lr=0.1) for 50 steps",
      ],
      ["param w = 1", "loss L = w^4", "compare sgd(lr=0.1), clip_norm(1) |> sgd(lr=2)"],
    ],
    effect: .inspects,
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      var count = 100
      if let n = arguments.expression("n") {
        count = try session.wholeNumber(n, atLeast: 1, what: "the number of steps")
        guard count <= mostSteps else {
          throw Diagnostic(
            "compare.steps", "at most \(mostSteps) steps each", at: n.span)
        }
      }
      let chains = arguments.optimizers("optimizer")
      let named = chains.map { chain in
        (text: chain.map { $0.text(.pretty) }.joined(separator: " |> "), chain: chain)
      }
      let surface = interpreter.surface
      let start = session.step
      let total = count * chains.count
      let comparison = try session.compare(
        named, for: count, interrupted: surface.interrupted,
        progress: { taken in
          surface.progress(Progress(step: start + taken, taken: taken, count: total))
        })
      surface.progress(nil)
      if !arguments.muted { surface.show(ComparisonTable.report(comparison, chains.count)) }
    })
}
