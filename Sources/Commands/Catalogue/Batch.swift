// batch: which rows of the data a step takes.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  private static let settingsUsage = "[seed=0] [shuffle=true] [last=keep|drop]"

  static let batch = Command(
    "batch", group: .defining, summary: "chooses how many rows of the data a step takes",
    forms: [
      [.choice("all", ["all"]), .optional([.word("of"), .names("data", .definition)])],
      [
        .optional([
          .count("size"), .optional([.word("of"), .names("data", .definition)]),
          .settings(settingsUsage),
        ])
      ],
    ],
    details: [
      "batch all is gradient descent, batch 1 of X, y stochastic gradient descent, batch 32 of X, y "
        + "takes mini-batches. In a step X and y, which may be formulas, stand for the same rows of "
        + "what they are on all the data; at the prompt they mean all of it.",
      "An epoch goes once through the data: each takes every row once, in a random order of its own "
        + "that depends on seed; shuffle=false takes the rows in theirs. last=keep (the default, "
        + "as in PyTorch) lets the last batch of an epoch be smaller, last=drop leaves such a one out "
        + "for that epoch.",
      "The loss that is shown with a step is that of its batch; until, watch and record see the "
        + "batch too, and full(L) is the loss on all the data. The line after a long run tells the "
        + "loss on all the data.",
      "step 5 epochs runs to the end of the fifth epoch from here; epoch is the number of whole "
        + "epochs so far, and may be used in schedules (there: before that step), in until and in "
        + "tables. show batch lists the rows of the last step and of the coming one.",
      "A new size begins a new epoch; other data or another seed begin with epoch 1.",
    ],
    examples: [
      [
        "X = randn(10, 2); y = X @ [1, -2];", "param w = [0, 0]", "loss L = mse(X @ w, y)",
        "optimizer sgd(lr=0.1)", "batch 4 of X, y", "step", "show batch", "step 2 epochs",
        "full(L)",
      ],
      [
        "X = arange(6); y = 2*X;", "param w = 0", "loss L = mse(X*w, y)", "optimizer sgd(lr=0.01)",
        "batch 2 of X, y seed=3 last=drop", "schedule lr = 0.01*0.5^epoch",
        "step until epoch == 3",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard !arguments.values.isEmpty else {
        interpreter.changesNothing()
        return interpreter.surface.show(try BatchReport.show(interpreter.session))
      }
      var batching = interpreter.session.problem.batching ?? Batching()
      if arguments.has("data") { batching.names = try names(arguments, interpreter.session) }
      if let size = arguments.expression("size") {
        batching.size = try interpreter.session.wholeNumber(
          size, atLeast: 1, what: "the number of rows in a batch")
        guard !batching.names.isEmpty else {
          throw Diagnostic(
            "batch.names", "rows of what?", at: size.span,
            help: "name the data: batch \(size.text(.ascii)) of X, y")
        }
      } else {
        batching.size = nil
        if !arguments.has("data"), batching.workers == 1 { batching.names = [] }
      }
      if arguments.has("data") || arguments.has(settingsUsage) {
        (batching.seed, batching.shuffles, batching.dropsLast) = (0, true, false)
        try set(&batching, arguments.bindings(settingsUsage), interpreter.session)
      }
      do throws(Diagnostic) {
        try interpreter.session.setBatching(batching)
      } catch {
        throw error.placed(arguments)
      }
      try interpreter.reply(try BatchReport.reply(interpreter.session), arguments.muted)
    })

  private static func names(_ arguments: Arguments, _ session: Session) throws(Diagnostic) -> [Name]
  {
    var names: [Name] = []
    for path in arguments.names("data") {
      guard let first = path.first else { continue }
      let name = first.name
      let text = path.map(\.name.canonical).joined(separator: ".")
      guard path.count == 1 else {
        throw Diagnostic(
          "batch.path", "a batch takes rows of what has a name of its own", at: first.span,
          help: "give it one: \(path.map(\.name.canonical).joined(separator: "_")) = \(text)")
      }
      if session.problem.parameter(name) != nil || session.problem.objective(name) != nil {
        throw Diagnostic(
          "batch.data",
          "\(name.pretty) is a \(session.problem.parameter(name) != nil ? "parameter" : "loss"), not data",
          at: first.span, help: "for example batch 32 of X, y with X = columns(d, \"a\", \"b\")")
      }
      guard session.problem.definitions[name] != nil else {
        let known = session.problem.definitions.keys.map(\.canonical).sorted()
        throw Diagnostic(
          "name.unknown", "nothing is called \(name.pretty)", at: first.span,
          help: didYouMean(name.canonical, in: known))
      }
      guard !names.contains(name) else {
        throw Diagnostic("batch.twice", "\(name.pretty) is named twice", at: first.span)
      }
      names.append(name)
    }
    return names
  }

  private static func set(
    _ batching: inout Batching, _ settings: [(path: [Identifier], value: Expression)],
    _ session: Session
  ) throws(Diagnostic) {
    for (path, value) in settings {
      switch path.map(\.name.canonical).joined(separator: ".") {
      case "seed":
        batching.seed = try session.wholeNumber(value, atLeast: 0, what: "the seed")
      case "shuffle":
        let flag = try session.evaluate(value)
        guard let number = flag.scalar, number == 0 || number == 1 else {
          throw Diagnostic("batch.shuffle", "shuffle is true or false", at: value.span)
        }
        batching.shuffles = number == 1
      case "last":
        guard case .name(let word) = value.kind, ["keep", "drop"].contains(word.canonical) else {
          throw Diagnostic("batch.last", "last is keep or drop", at: value.span)
        }
        batching.dropsLast = word.canonical == "drop"
      case let other:
        throw Diagnostic(
          "batch.setting", "batch has no setting \(other)", at: path.first?.span,
          help: didYouMean(other, in: ["seed", "shuffle", "last"]) ?? "usage: \(settingsUsage)")
      }
    }
  }

  static let accumulate = Command(
    "accumulate", group: .defining,
    summary: "averages the gradients of several batches before each update",
    forms: [[.choice("off", ["off"])], [.optional([.count("n")])]],
    details: [
      "accumulate 4 with batch 8 of X, y computes the gradients of four batches of 8 one after the "
        + "other and makes one update with their average: that of a batch of 32, in the memory of 8.",
      "Batches count by their rows, so a short last batch weighs less. The last update of an epoch "
        + "averages what is left (as in PyTorch Lightning). accumulate off ends it.",
      "Whatever looks at a whole batch, such as batchnorm, looks at each of the small ones.",
    ],
    examples: [
      [
        "X = randn(16, 2); y = X @ [1, -2];", "param w = [0, 0]", "loss L = mse(X @ w, y)",
        "optimizer sgd(lr=0.1)", "batch 2 of X, y", "accumulate 4", "step", "show batch",
      ]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      try change(interpreter, arguments, "accumulate") { $0.accumulated = $1 }
    })

  static let workers = Command(
    "workers", group: .defining,
    summary: "splits each batch over simulated workers and averages their gradients",
    forms: [[.choice("off", ["off"])], [.optional([.count("n")])]],
    details: [
      "workers 4 gives each of four workers a part of every batch, as even as can be. Each takes the "
        + "gradient of the loss on its own rows; the update uses their average, weighted by rows. "
        + "For a loss that is a mean over rows this is the gradient of the whole batch, up to "
        + "rounding: so data-parallel training works.",
      "show workers lists each worker's rows and gradient in the last step, their average, and how "
        + "far it is from the gradient of the whole batch. A loss that sums over rows, or looks at "
        + "the whole batch as batchnorm does, comes out different. workers off ends it.",
    ],
    examples: [
      [
        "X = randn(8, 2); y = X @ [1, -2];", "param w = [0, 0]", "loss L = mse(X @ w, y)",
        "optimizer sgd(lr=0.1)", "batch all of X, y", "workers 4", "step", "show workers",
      ]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      try change(interpreter, arguments, "workers") { $0.workers = $1 }
    })

  /// How many batches or workers an update may have: each is a copy of the loss in its graph.
  private static let mostParts = 64

  private static func change(
    _ interpreter: Interpreter, _ arguments: Arguments, _ word: String,
    _ set: (inout Batching, Int) -> Void
  ) throws(Diagnostic) {
    if arguments.values.isEmpty {
      interpreter.changesNothing()
      return interpreter.surface.show(try BatchReport.show(interpreter.session))
    }
    var count = 1
    if let n = arguments.expression("n") {
      count = try interpreter.session.wholeNumber(
        n, atLeast: 1, atMost: mostParts,
        what: word == "workers" ? "the number of workers" : "the number of batches")
    }
    var batching = interpreter.session.problem.batching ?? Batching()
    if count > 1, batching.names.isEmpty {
      let size = word == "workers" ? "all" : "8"
      throw Diagnostic(
        "batch.names", "\(word) divides rows of data, and no data is named yet",
        at: arguments.span, help: "first batch \(size) of X, y")
    }
    if count > 1, word == "accumulate", batching.size == nil {
      throw Diagnostic(
        "batch.all", "every step takes all of the data, so there is nothing to accumulate",
        at: arguments.span,
        help: "first batch 8 of \(batching.names.map(\.canonical).joined(separator: ", "))")
    }
    set(&batching, count)
    guard batching.accumulated * batching.workers <= mostParts else {
      throw Diagnostic(
        "batch.parts",
        "\(batching.accumulated) batches on \(batching.workers) workers are more than \(mostParts) parts",
        at: arguments.span)
    }
    try interpreter.session.setBatching(batching)
    try interpreter.reply(try BatchReport.reply(interpreter.session), arguments.muted)
    if count > 1, let warning = partsWarning(&interpreter.session, batching) {
      try interpreter.reply(MessageReport(warning, kind: "warning"), arguments.muted)
    }
  }

  /// That the average over parts is not what the whole batch gives, if the loss is no mean.
  private static func partsWarning(_ session: inout Session, _ batching: Batching) -> String? {
    guard let comparison = session.compareParts() else { return nil }
    let (apart, size) = (comparison.largestDifference, comparison.largestElement)
    guard size > 0, size.isFinite, apart > 1e-9 * size else { return nil }
    let names = comparison.objectives.map(\.pretty).joined(separator: ", ")
    let verb = comparison.objectives.count == 1 ? "is" : "are"
    let parts = [
      batching.accumulated > 1 ? "\(batching.accumulated) batches" : nil,
      batching.workers > 1 ? "\(batching.workers) workers" : nil,
    ].compactMap { $0 }.joined(separator: " on ")
    return
      "note: \(names) \(verb) no mean over rows, so the average over \(parts) is not the gradient "
      + "of all their rows: of a sum it is one part's share. For that, divide by the number of rows "
      + "(mean, mse, …)."
  }
}

extension Diagnostic {
  /// With the place where the size or the data is named, if it has none.
  fileprivate func placed(_ arguments: Arguments) -> Diagnostic {
    guard span == nil || span?.text.isEmpty == true else { return self }
    var placed = self
    let size = arguments.expression("size")?.span
    let data = arguments.names("data").first?.first?.span
    placed.span = id == "batch.size" ? size ?? data : data ?? size
    return placed
  }
}
