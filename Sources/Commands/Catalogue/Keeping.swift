// undo, redo, history, clear, quit: the sitting itself.

import Diagnostics
import Engine
import Notation

extension Command {
  static let undo = Command(
    "undo", group: .keeping, summary: "takes back the last line that changed something",
    forms: [[.optional([.count("n")])]],
    details: ["Lines of any kind: definitions, steps, settings. redo brings them back."],
    examples: [["param w = 1", "param w = 2", "undo", "w"]],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      try repeated(interpreter, arguments, "undid") { (interpreter) throws(Diagnostic) in
        try interpreter.undo()
      }
    })

  static let redo = Command(
    "redo", group: .keeping, summary: "brings back a line that was undone",
    forms: [[.optional([.count("n")])]],
    examples: [["param w = 1", "undo", "redo", "w"]],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      try repeated(interpreter, arguments, "redid") { (interpreter) throws(Diagnostic) in
        try interpreter.redo()
      }
    })

  private static func repeated(
    _ interpreter: Interpreter, _ arguments: Arguments, _ word: String,
    _ action: (Interpreter) throws(Diagnostic) -> String
  ) throws(Diagnostic) {
    var count = 1
    if let n = arguments.expression("n") {
      count = try interpreter.session.wholeNumber(n, atLeast: 1, what: "the number of lines")
    }
    for number in 0..<count {
      do {
        let line = try action(interpreter)
        try interpreter.reply(MessageReport("\(word): \(line)"), arguments.muted)
      } catch {
        if number == 0 { throw error }
        break
      }
    }
  }

  static let history = Command(
    "history", group: .keeping, summary: "lists the lines that made this session",
    forms: [[]],
    examples: [["param w = 1", "history"]],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      let lines = interpreter.session.lines
      guard !lines.isEmpty else {
        return interpreter.surface.show(MessageReport("nothing has been defined or done yet"))
      }
      interpreter.surface.show(MessageReport.lines("history", lines))
    })

  static let clear = Command(
    "clear", group: .keeping, summary: "starts an empty session (undo brings the old one back)",
    forms: [[]],
    examples: [["param w = 1", "clear"]],
    effect: .composes,
    run: { interpreter, arguments throws(Diagnostic) in
      let settings = interpreter.session.settings
      interpreter.session = Session()
      interpreter.session.settings = settings
      try interpreter.reply(MessageReport("an empty session"), arguments.muted)
    })

  static let quit = Command(
    "quit", aliases: ["exit"], group: .keeping, summary: "leaves Descent", forms: [[]],
    examples: [],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in interpreter.isFinished = true })
}
