// watch, unwatch, trace, record: what is shown or written with every step.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let watch = Command(
    "watch", group: .stepping, summary: "shows an expression with every step",
    forms: [[.optional([.expressions("expression")])]],
    details: ["watch alone lists what is watched; unwatch ends it."],
    examples: [
      [
        "param w = [3, 4]", "loss L = sum(w^2)", "optimizer sgd(lr=0.1)", "watch norm(w), g[0]",
        "step 2",
      ]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      if arguments.values.isEmpty { interpreter.changesNothing() }
      for expression in arguments.expressions("expression") {
        if try interpreter.session.evaluateIfStepped(expression) == nil {
          _ = try interpreter.session.formAfterStep(expression)
        }
        let text = expression.text(.pretty)
        if !interpreter.session.watches.contains(where: { $0.text == text }) {
          interpreter.session.watches.append(Watch(text: text, expression: expression))
        }
      }
      try interpreter.reply(watching(interpreter.session), arguments.muted)
    })

  static let unwatch = Command(
    "unwatch", group: .stepping, summary: "no longer shows an expression with every step",
    forms: [[.optional([.expressions("expression")])]],
    examples: [["param w = 1", "watch w", "unwatch"]],
    run: { interpreter, arguments throws(Diagnostic) in
      let expressions = arguments.expressions("expression")
      for expression in expressions {
        let text = expression.text(.pretty)
        guard interpreter.session.watches.contains(where: { $0.text == text }) else {
          throw Diagnostic(
            "watch.unknown", "\(text) is not watched", at: expression.span,
            help: "watch lists what is")
        }
        interpreter.session.watches.removeAll { $0.text == text }
      }
      if expressions.isEmpty { interpreter.session.watches = [] }
      try interpreter.reply(watching(interpreter.session), arguments.muted)
    })

  private static func watching(_ session: Session) -> MessageReport {
    let names = session.watches.map(\.text)
    return MessageReport(
      names.isEmpty ? "nothing is watched" : "watching \(names.joined(separator: ", "))")
  }

  static let trace = Command(
    "trace", group: .stepping, summary: "prints steps in full, or one line each",
    forms: [[.optional([.choice("mode", TraceMode.allCases.map(\.rawValue))])]],
    details: [
      "trace on prints every line of every step, trace off one line a step; trace auto (the "
        + "default) prints a single step in full and several in a line each."
    ],
    examples: [
      ["param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "trace off", "step", "trace auto"]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      if let (word, _) = arguments.text("mode"), let mode = TraceMode(rawValue: word) {
        interpreter.session.settings.trace = mode
      }
      try interpreter.reply(
        MessageReport("trace \(interpreter.session.settings.trace.rawValue)"), arguments.muted)
    })

  static let record = Command(
    "record", group: .stepping, summary: "writes values to a CSV file with every step",
    forms: [[.choice("mode", ["off"])], [.optional([.file("file"), .expressions("expression")])]],
    details: [
      "A row a step: record \"run.csv\" w, m, v, L. record off ends it.",
      "The rows are the steps in the order they were taken: after back, the steps from there are "
        + "appended, so that a number in the column step may come again.",
    ],
    examples: [],
    run: { interpreter, arguments throws(Diagnostic) in
      if arguments.has("mode") {
        let recorder = interpreter.session.recording
        interpreter.session.recording = nil
        try recorder?.flush()
        return try interpreter.reply(
          MessageReport(
            recorder.map { "recorded \($0.rowCount) rows in \($0.path)" } ?? "nothing was recorded"),
          arguments.muted)
      }
      guard let (path, span) = arguments.text("file") else {
        let text =
          interpreter.session.recording.map { "recording to \($0.path)" } ?? "not recording"
        return try interpreter.reply(MessageReport(text), arguments.muted)
      }
      guard interpreter.surface.mayWrite else {
        throw Diagnostic("file.forbidden", "writing files is not allowed here", at: span)
      }
      let expressions = arguments.expressions("expression")
      try interpreter.session.startRecording(
        Recording(path: path, at: span, expressions: expressions.map { ($0.text(.ascii), $0) }))
      try interpreter.reply(
        MessageReport(
          "recording \(expressions.map { $0.text(.pretty) }.joined(separator: ", ")) to \(path)"),
        arguments.muted)
    })
}
