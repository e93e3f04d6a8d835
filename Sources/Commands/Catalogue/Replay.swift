// replay: steps along a recorded sequence of gradients.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let replay = Command(
    "replay", group: .stepping, summary: "takes steps with gradients recorded in a file",
    forms: [[.file("file")]],
    details: [
      "A .npy array of shape [steps, …parameter shape], or a CSV with one row a step and a column "
        + "for each element (w[0], w[1], …).",
      "That way an optimizer here follows one that ran in PyTorch or JAX.",
    ],
    examples: [],
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (path, span) = arguments.text("file") else { return }
      let session = interpreter.session
      if session.problem.optimizer.isEmpty {
        throw Diagnostic(
          "step.no-optimizer", "no optimizer is chosen yet", help: "optimizer adam(lr=0.1)")
      }
      if session.problem.parameters.isEmpty {
        throw Diagnostic(
          "step.no-parameter", "there is no parameter yet", help: "param w = [1, -2]")
      }
      let moving = session.problem.parameters.filter { !session.snapshot.frozen.contains($0.path) }
      let tape = try GradientTape.read(
        path, for: moving.map { RecordedValue(name: $0.path, shape: $0.initial.shape) }, at: span)
      var taken = 0
      while let gradients = tape.gradients(at: taken) {
        if interpreter.surface.interrupted() { break }
        let entry = Dictionary(
          zip(moving.map(\.path), gradients), uniquingKeysWith: { a, _ in a })
        try interpreter.session.take(given: [entry])
        taken += 1
        try interpreter.session.recordRow()
        if !arguments.muted, taken <= 3 || taken == tape.stepCount {
          try interpreter.showLastStep(
            full: interpreter.session.settings.trace == .on, muted: false)
        } else if !arguments.muted, taken == 4 {
          interpreter.surface.show(MessageReport("…"))
        }
      }
      try interpreter.reply(
        MessageReport(
          "replayed \(taken) of \(tape.stepCount) gradients, now at step \(interpreter.session.step)"
        ),
        arguments.muted)
    })
}
