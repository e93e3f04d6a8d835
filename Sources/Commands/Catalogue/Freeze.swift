// freeze and unfreeze: parameters that steps leave alone.

import Diagnostics
import Engine
import Notation

extension Command {
  static let freeze = Command(
    "freeze", group: .defining, summary: "keeps parameters where they are while others move",
    forms: [[.names("parameter", .parameter)]],
    details: ["A frozen parameter keeps its optimizer state. back reverts a freeze."],
    examples: [
      [
        "param w = 1; param b = 2", "loss L = (w + b)^2", "optimizer sgd(lr=0.1)", "freeze b",
        "step", "b",
      ]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      try setFrozen(true, interpreter, arguments)
    })

  static let unfreeze = Command(
    "unfreeze", group: .defining, summary: "lets frozen parameters move again",
    forms: [[.names("parameter", .parameter)]],
    examples: [["param w = 1", "freeze w", "unfreeze w"]],
    run: { interpreter, arguments throws(Diagnostic) in
      try setFrozen(false, interpreter, arguments)
    })

  private static func setFrozen(
    _ freezes: Bool, _ interpreter: Interpreter, _ arguments: Arguments
  ) throws(Diagnostic) {
    var paths: [String] = []
    for path in arguments.names("parameter") {
      paths += try interpreter.session.parameters(at: path).map(\.path)
    }
    let word = freezes ? "freeze" : "unfreeze"
    interpreter.session.setFrozen(paths, freezes, what: "\(word) \(paths.joined(separator: ", "))")
    let frozen = interpreter.session.snapshot.frozen
    let all = interpreter.session.problem.parameters.map(\.path).filter(frozen.contains)
    let text = all.isEmpty ? "nothing is frozen" : "frozen: \(all.joined(separator: ", "))"
    try interpreter.reply(MessageReport(text), arguments.muted)
  }
}
