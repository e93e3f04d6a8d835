// help: everything that is declared, by name.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Command {
  static let help = Command(
    "help", group: .keeping, summary: "says what commands, functions and rules do",
    forms: [[.optional([.text("topic")])]],
    details: [
      "help lists the commands; help step explains one. help functions and help optimizers list "
        + "those; help losses, metrics, schedules and augmentation list functions for one purpose; "
        + "help softmax and help adam explain one."
    ],
    examples: [
      ["help"], ["help step"], ["help functions"], ["help schedules"], ["help optimizers"],
      ["help adam"],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (topic, span) = arguments.text("topic"), !topic.isEmpty else {
        return interpreter.surface.show(HelpIndex.commands(interpreter.commands))
      }
      interpreter.surface.show(
        try HelpIndex.topic(
          topic, commands: interpreter.commands, session: interpreter.session, at: span))
    })
}
