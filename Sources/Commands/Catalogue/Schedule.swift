// schedule: a hyperparameter that changes with t.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let schedule = Command(
    "schedule", group: .defining, summary: "makes a hyperparameter a formula of t",
    forms: [
      [
        .name("hyperparameter", .any), .sign(.assign), .expression("formula"),
        .optional([.word("for"), .names("parameter", .parameter)]),
      ]
    ],
    details: [
      "t is the number of the update, from 1. Named schedules: exponential_decay, step_decay, "
        + "multi_step, inverse_time, inverse_sqrt, noam, polynomial, ramp, cosine, cosine_restarts, "
        + "warmup, warmup_cosine, cyclic, one_cycle (help schedules lists them), and "
        + "plateau, which watches any expression: help plateau. Libraries count from 0: where a named schedule is one of "
        + "theirs, its formula has t - 1.",
      "The libraries' own calls work too, with their arguments and conventions: "
        + "torch.StepLR(0.1, step_size=30), the learning rate first; keras.ExponentialDecay(…), "
        + "optax.warmup_cosine_decay_schedule(…).",
      "It may be set in the middle of a run; state and t are kept.",
    ],
    examples: [
      [
        "param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)", "schedule lr = 0.1*0.5^(t - 1)",
        "step", "step",
      ],
      [
        "param w = 1", "loss L = w^2", "optimizer momentum(lr=0.1)",
        "schedule lr = torch.CosineAnnealingLR(0.1, T_max=50)", "step", "step", "lr",
      ],
      [
        "param w = 1", "loss L = w^2", "optimizer sgd(lr=0.1)",
        "schedule lr = plateau(0.1, L, factor=0.5, patience=2)", "step 5", "lr",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let name = arguments.name("hyperparameter"),
        let formula = arguments.expression("formula")
      else { return }
      var only: [Name]?
      if arguments.has("parameter") {
        var names: [Name] = []
        for path in arguments.names("parameter") {
          names += try interpreter.session.parameters(at: path).map(\.name)
        }
        only = names
      }
      let session = interpreter.session
      guard !session.problem.optimizer.isEmpty else {
        throw Diagnostic(
          "schedule.no-optimizer", "no optimizer is chosen yet", at: name.span,
          help: "optimizer sgd(lr=0.1)")
      }
      var found = false
      let groups = session.problem.optimizer.map { group in
        guard only == nil || group.parameters.map({ !Set($0).isDisjoint(with: only ?? []) }) ?? true
        else { return group }
        var group = group
        group.stages = group.stages.map { stage in
          guard let changed = stage.setting(name.name, to: formula) else { return stage }
          found = true
          return changed
        }
        return group
      }
      guard found else {
        let known = session.problem.optimizer.flatMap { group in
          group.stages.flatMap { $0.hyperparameters.map(\.name.canonical) }
        }
        throw Diagnostic(
          "schedule.unknown", "the optimizer has no hyperparameter \(name.name.pretty)",
          at: name.span,
          help: didYouMean(name.name.canonical, in: known)
            ?? "it has: \(known.joined(separator: ", "))")
      }
      try interpreter.session.choose(groups)
      // Without a loss no step was built, and an impossible argument is found only by trying it.
      do throws(Diagnostic) {
        if interpreter.session.isFormulaOfT(name.name) {
          _ = try interpreter.session.formulasOfT([name.name], atUpdates: [1])
        }
      } catch {
        if error.id == "value.invalid" { throw error }
      }
      var lines = ["\(name.name.pretty) = \(formula.text(.pretty)), t = 1, 2, …"]
      if let only { lines[0] += " for \(only.map(\.pretty).joined(separator: ", "))" }
      if let long = formula.schedulesWrittenOut {
        let indent = String(repeating: " ", count: TextWidth.columns(of: name.name.pretty))
        lines.append("\(indent) = \(long.text(.pretty))")
      }
      try interpreter.reply(MessageReport(lines.joined(separator: "\n")), arguments.muted)
    })
}
