// search: the best of several settings, on a grid or drawn, with cross-validation.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  private static let seedUsage = "[seed=0]"

  private static let searchTail: [Syntax] = [
    .optional([.word("for"), .count("n"), .optional([.choice("unit", stepUnits)])]),
    .optional([
      .word("by"), .expression("goal"), .optional([.choice("aim", ["maximize", "minimize"])]),
    ]),
    .optional([.word("over"), .choice("folds", ["folds"])]), .settings(seedUsage),
  ]

  static let search = Command(
    "search", group: .looking, summary: "tries settings and names the best",
    forms: [
      [.ranges("name")] + searchTail, [.count("count"), .word("of"), .ranges("name")] + searchTail,
    ],
    details: [
      "search lr in logspace(-4, 0, 9), batch in [16, 32] for 200 steps runs every combination "
        + "from the present parameters with fresh state, and shows the loss on all the data at the "
        + "end of each. The session stays as it is.",
      "A name is a hyperparameter of the optimizer, batch (the number of rows in one; batch … of "
        + "X, y names the data), or a definition with a single number, such as a let lambda that the "
        + "loss uses.",
      "search 20 of lr in logspace(-4, 0, 1000), … draws 20 settings, each value by itself from its "
        + "list (random search); seed=1 draws others.",
      "by val_loss takes another value than the loss, in eval mode; by acc maximize wants it high.",
      "over folds trains each setting once on each fold of split d into 5 folds, where d.train and "
        + "d.val are that fold's, and shows mean and standard deviation (n - 1) over the folds.",
      "Settings that leave the finite numbers are marked. Ctrl-C stops and shows what there is. "
        + "for 5 epochs counts passes over the data; without for it is 100 steps. Every run has this "
        + "length, so that they can be compared: a rule of stop when is for step alone.",
    ],
    examples: [
      [
        "X = randn(40, 3); y = X @ [1, -2, 0] + 0.5*randn(40);", "param w = [0, 0, 0]",
        "let lambda = 0.1", "loss J = mse(X @ w, y) + lambda*l2(w)", "optimizer adam(lr=0.1)",
        "batch 8 of X, y", "search lr in logspace(-3, 0, 4), batch in [4, 16] for 40 steps",
        "search 3 of lr in logspace(-3, 0, 100), lambda in [0, 0.1, 1] for 5 epochs by mse(X @ w, y)",
      ]
    ],
    effect: .inspects,
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      var plan = Search.Plan(axes: try axes(arguments, session))
      if let count = arguments.expression("count") {
        plan.draws = try session.wholeNumber(
          count, atLeast: 1, atMost: Search.mostSettings, what: "the number of settings")
      }
      if let n = arguments.expression("n") {
        let isEpochs = arguments.text("unit")?.text.hasPrefix("epoch") == true
        let count = try session.wholeNumber(
          n, atLeast: 1, atMost: Session.mostComparedSteps,
          what: "the number of \(isEpochs ? "epochs" : "steps")")
        plan.length = isEpochs ? .epochs(count) : .steps(count)
      }
      plan.goal = arguments.expression("goal")
      plan.isMaximized = arguments.text("aim").map { $0.text == "maximize" }
      plan.crossValidates = arguments.has("folds")
      for (path, value) in arguments.bindings(seedUsage) {
        guard path.map(\.name.canonical) == ["seed"] else {
          throw Diagnostic(
            "search.setting", "search has no such setting", at: path.first?.span,
            help: "seed=1 draws other settings")
        }
        plan.seed = try session.wholeNumber(value, atLeast: 0, what: "the seed")
      }
      let surface = interpreter.surface
      let start = session.step
      let search = try session.search(
        plan, interrupted: surface.interrupted,
        progress: { taken, total in
          surface.progress(Progress(step: start + taken, taken: taken, count: total))
        })
      surface.progress(nil)
      if !arguments.muted {
        surface.show(SearchTable.report(search))
        for axis in plan.axes where axis.target == .hyperparameter {
          guard session.isScheduled(axis.name) else { continue }
          surface.show(
            MessageReport(
              "the schedule of \(axis.name.pretty) was set aside: each run kept its one value"))
        }
      }
    })

  private static func axes(_ arguments: Arguments, _ session: Session) throws(Diagnostic)
    -> [SearchAxis]
  {
    var axes: [SearchAxis] = []
    for (name, values) in arguments.ranges("name") {
      let target = try session.searchTarget(name.name, at: name.span)
      guard !axes.contains(where: { $0.name == name.name }) else {
        throw Diagnostic("search.twice", "\(name.name.pretty) is named twice", at: name.span)
      }
      let list = try session.evaluate(values)
      guard list.shape.count > 0, list.shape.rank <= 1 else {
        throw Diagnostic(
          "search.values", "the values to try are a list of numbers", at: values.span,
          help: "for example [0.1, 0.01] or logspace(-4, 0, 9)")
      }
      if target == .batch, let bad = list.elements.first(where: { $0 < 1 || $0.rounded() != $0 }) {
        throw Diagnostic(
          "search.batch",
          "a batch has a whole number of rows, not \(NumberFormat.text(bad, digits: 6))",
          at: values.span)
      }
      axes.append(SearchAxis(name: name.name, target: target, values: list.elements))
    }
    return axes
  }
}

/// The table that `search` answers with.
enum SearchTable {
  static func report(_ search: Search) -> TableReport {
    let best = search.best
    let goal = search.goal.text(.pretty)
    var columns = search.axes.map { TableReport.Column($0.name.pretty) }
    columns.append(.init(search.folds == nil ? goal : "mean \(goal)"))
    if search.folds != nil { columns.append(.init("± std")) }
    columns.append(.init("", .left))
    let rows = search.results.enumerated().map { i, result in
      var row: [TableReport.Cell] = zip(search.axes, result.settings).map { axis, value in
        if axis.target == .batch, let count = Int(exactly: value) { return .count(count) }
        return .number(value)
      }
      switch result.ending {
      case .finished:
        row.append(.number(result.mean))
        if search.folds != nil { row.append(result.deviation.map { .number($0) } ?? .empty) }
        row.append(best.contains(i) ? .styled(StyledText("best", .good)) : .empty)
      case .diverged(let step):
        row += search.folds == nil ? [.empty] : [.empty, .empty]
        row.append(.styled(StyledText("not finite at step \(step)", .bad)))
      case .interrupted:
        row += search.folds == nil ? [.empty] : [.empty, .empty]
        row.append(.styled(StyledText("interrupted", .warning)))
      }
      return row
    }
    let unit = "\(search.length.count) \(search.length.unit)\(search.length.count == 1 ? "" : "s")"
    let folds = search.folds.map { ", over \($0) folds" } ?? ""
    return TableReport(
      title: "\(goal) after \(unit)\(folds)", columns: columns, rows: rows,
      footer: footer(search, best), kind: "search")
  }

  /// `best: lr = 0.1, batch = 16`, and what was not run.
  private static func footer(_ search: Search, _ best: [Int]) -> String? {
    var parts: [String] = []
    if let first = best.first {
      let settings = zip(search.axes, search.results[first].settings).map { axis, value in
        "\(axis.name.pretty) = \(NumberFormat.text(value, digits: 6))"
      }
      let others = best.count > 1 ? ", and \(best.count - 1) more alike" : ""
      parts.append("best: " + settings.joined(separator: ", ") + others)
    } else {
      parts.append("none of them ended with a finite value")
    }
    let left = search.planned - search.results.count
    if left > 0 { parts.append("\(left) not run") }
    return parts.joined(separator: "; ")
  }
}

extension Session {
  /// Whether a hyperparameter goes by a formula of t.
  fileprivate func isScheduled(_ name: Name) -> Bool {
    problem.optimizer.flatMap(\.stages).flatMap(\.hyperparameters).contains {
      $0.name == name
        && ($0.value.names.contains { ["t", "epoch"].contains($0.canonical) }
          || !$0.value.calledNames.isEmpty)
    }
  }
}
