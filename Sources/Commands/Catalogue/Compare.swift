// compare: several optimizers from the same start.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let compare = Command(
    "compare", group: .looking, summary: "runs several optimizers from the same start",
    forms: [
      [
        .contenders("optimizer"),
        .optional([.word("for"), .count("n"), .optional([.choice("unit", stepUnits)])]),
      ]
    ],
    details: [
      "Each begins at the present parameters with fresh state, for 100 steps unless told otherwise. "
        + "The session stays as it is.",
      "Each may have a batch of its own: compare sgd(lr=0.1) batch all, sgd(lr=0.1) batch 1 for 5 "
        + "epochs. An epoch is one pass over the data, so that all of them see as much of it.",
      "Shown is the loss on all the data after some of the steps; the best end is marked, and one that runs away "
        + "says where. Every run has its full length: a rule of stop when is for step alone. Ctrl-C "
        + "stops and shows what there is.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)",
        "compare sgd(lr=0.1), momentum(lr=0.05), adam(lr=0.1) for 50 steps",
      ],
      [
        "X = randn(40, 2); y = X @ [1, -2] + 0.1*randn(40);", "param w = [0, 0]",
        "loss L = mse(X @ w, y)", "batch 8 of X, y",
        "compare sgd(lr=0.1) batch all, sgd(lr=0.1) batch 1, sgd(lr=0.1) batch 8 for 5 epochs",
      ],
      ["param w = 1", "loss L = w^4", "compare sgd(lr=0.1), clip_norm(1) |> sgd(lr=2)"],
    ],
    effect: .inspects,
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      let length = try arguments.runLength("n", in: session)
      let contenders = try arguments.contenders("optimizer", in: session)
      let surface = interpreter.surface
      let start = session.step
      let comparison = try session.compare(
        contenders, for: length, interrupted: surface.interrupted,
        progress: { taken, total in
          surface.progress(Progress(step: start + taken, taken: taken, count: total))
        })
      surface.progress(nil)
      if !arguments.muted { surface.show(ComparisonTable.report(comparison, contenders.count)) }
    })
}

extension Arguments {
  /// How long each of several runs goes on: the count under `label` and its unit; 100 steps unless
  /// one is given.
  func runLength(_ label: String, in session: Session) throws(Diagnostic) -> RunLength {
    guard let n = expression(label) else { return .steps(100) }
    let isEpochs = text("unit")?.text.hasPrefix("epoch") == true
    let count = try session.wholeNumber(
      n, atLeast: 1, atMost: Session.mostComparedSteps,
      what: "the number of \(isEpochs ? "epochs" : "steps")")
    return isEpochs ? .epochs(count) : .steps(count)
  }

  /// The optimizers under `label`, each with a batch of its own if it has one.
  func contenders(_ label: String, in session: Session) throws(Diagnostic) -> [Contender] {
    var contenders: [Contender] = []
    for (chain, isBatched, rows) in self.contenders(label) {
      var text = chain.map { $0.text(.pretty) }.joined(separator: " |> ")
      var size: Contender.Size?
      if let rows {
        let number = try session.wholeNumber(
          rows, atLeast: 1, what: "the number of rows in a batch")
        size = .rows(number)
        text += " batch \(number)"
      } else if isBatched {
        size = .all
        text += " batch all"
      }
      contenders.append(Contender(text: text, chain: chain, size: size))
    }
    return contenders
  }
}
