// back, goto, reset, branch: moving in time.

import Diagnostics
import Engine
import Notation

extension Command {
  static let back = Command(
    "back", group: .stepping, summary: "goes back one step, or several",
    forms: [[.optional([.count("n")])]],
    details: [
      "An assignment or a freeze counts as one event of its own. Definitions stay as they are.",
      "Stepping on from there starts a branch; the old one is kept: see branch.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum(w^2)", "optimizer adam(lr=0.1)", "step 3", "back",
        "back 2",
      ]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      var count = 1
      if let n = arguments.expression("n") {
        count = try interpreter.session.wholeNumber(n, atLeast: 0, what: "the number of steps")
      }
      let position = interpreter.session.timeline.position
      guard count <= position else {
        throw Diagnostic(
          "back.range",
          position == 0 ? "this is the beginning" : "only \(position) to go back",
          at: arguments.span,
          help: position == 0 ? nil : "reset goes to the beginning")
      }
      try interpreter.session.move(to: position - count)
      try interpreter.showPlace(muted: arguments.muted)
    })

  static let goTo = Command(
    "goto", group: .stepping, summary: "goes to a step, earlier or later on this branch",
    forms: [[.count("t")]],
    details: ["goto best goes to the best step that stop when … rises has seen."],
    examples: [
      ["param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "step 100", "goto 37", "goto 100"]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let t = arguments.expression("t") else { return }
      if case .name(let name) = t.kind, name.canonical == "best",
        !interpreter.session.knows("best")
      {
        try interpreter.session.goToBest(at: t.span)
        return try interpreter.showPlace(muted: arguments.muted)
      }
      let step = try interpreter.session.wholeNumber(t, atLeast: 0, what: "the step")
      guard let events = interpreter.session.timeline.events(atStep: step) else {
        let last = interpreter.session.timeline.branch.stepCount
        throw Diagnostic(
          "goto.range", "step \(step) has not been taken", at: t.span,
          help: last == 0 ? "type step" : "this branch has steps 0 to \(last)")
      }
      try interpreter.session.move(to: events)
      try interpreter.showPlace(muted: arguments.muted)
    })

  static let reset = Command(
    "reset", group: .stepping, summary: "goes back to the beginning, before the first step",
    forms: [[]],
    details: ["Parameters get their first values and optimizers start afresh. goto returns."],
    examples: [["param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "step 5", "reset"]],
    run: { interpreter, arguments throws(Diagnostic) in
      try interpreter.session.move(to: 0)
      try interpreter.showPlace(muted: arguments.muted)
    })

  static let branch = Command(
    "branch", aliases: ["branches"], group: .stepping,
    summary: "lists the branches of the history, or goes to one",
    forms: [[.optional([.count("number")])]],
    details: ["A branch starts when a step is taken after going back. Each keeps all its steps."],
    examples: [
      [
        "param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "step 5", "back 3",
        "optimizer adam(lr=0.1)", "step", "branch", "branch 1",
      ]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      let timeline = interpreter.session.timeline
      guard let n = arguments.expression("number") else {
        return interpreter.surface.show(branchTable(timeline))
      }
      let number = try interpreter.session.wholeNumber(n, atLeast: 1, what: "the branch")
      guard number <= timeline.branches.count else {
        throw Diagnostic(
          "branch.range", "there is no branch \(number)", at: n.span,
          help: "there are branches 1 to \(timeline.branches.count)")
      }
      try interpreter.session.switchTo(branch: number - 1)
      try interpreter.showPlace(muted: arguments.muted)
    })

  private static func branchTable(_ timeline: Timeline) -> TableReport {
    TableReport(
      columns: [.init("branch"), .init("steps", .right), .init("from"), .init("")],
      rows: timeline.branches.enumerated().map { i, branch in
        let origin =
          branch.origin.map { "branch \($0.branch + 1) at step \($0.step)" } ?? "the start"
        return [
          .number(Double(i + 1)), .number(Double(branch.stepCount)), .text(origin),
          .text(i == timeline.current ? "you are here, at step \(timeline.step)" : ""),
        ]
      })
  }
}

extension Interpreter {
  /// `at step 2 · L = 11.0812`
  func showPlace(muted: Bool) throws(Diagnostic) {
    guard !muted else { return }
    surface.show(MessageReport.place(step: session.step, losses: session.lossesIfAny()))
  }
}
