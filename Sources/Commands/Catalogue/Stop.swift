// stop when …: a standing rule that ends runs early.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let stop = Command(
    "stop", group: .stepping, summary: "ends runs by a rule: early stopping, a small gradient",
    forms: [
      [
        .word("when"), .expression("value"),
        .optional([
          .choice("trend", Trend.Direction.allCases.map(\.rawValue)),
          .optional([.word("by"), .expression("margin")]),
          .optional([.word("for"), .count("n"), .optional([.choice("unit", stepUnits)])]),
        ]),
      ],
      [.optional([.choice("off", ["off"])])],
    ],
    details: [
      "stop when val_loss rises for 5 epochs ends a run at the fifth epoch in a row that brings no "
        + "new lowest value. This is the counting of Keras and Lightning (patience=5). falls is for "
        + "what should be high, such as accuracy. stalls counts a new best only if it is lower by "
        + "more than a ten-thousandth of it. by d asks that of each: a new best must be better by "
        + "more than d (min_delta).",
      "The value is any expression, taken on all the data and in eval mode at the end of each epoch, "
        + "or with for 5 steps after each step. The best moment is remembered, and goto best "
        + "goes there. A further run goes on looking; one from elsewhere begins anew.",
      "stop when norm(g) < 1e-6 ends a run at a condition, looked at after each step as until "
        + "does (on the step's batch; full(…) means all the data). change(L) is how much L changed "
        + "in the step. With several parameters norm(g) is the norm of all their gradients together, "
        + "before any clipping, and norm(f.g) that of a model's; g alone is a parameter's: w.g.",
      "The rule stands for all runs of step that follow; search and compare, whose runs have one "
        + "length, take no notice of it. stop alone or show stop tells how it "
        + "stands; stop off ends it.",
    ],
    examples: [
      [
        "X = randn(30, 4); y = X @ [1, -2, 0, 0] + randn(30);",
        "V = randn(30, 4); z = V @ [1, -2, 0, 0] + randn(30);", "param w = [0, 0, 0, 0]",
        "loss L = mse(X @ w, y)", "val_loss = mse(V @ w, z);", "optimizer sgd(lr=0.1)",
        "batch 5 of X, y", "stop when val_loss rises for 5 epochs", "step 100 epochs", "goto best",
      ],
      [
        "param w = [1, -2]", "loss L = sum(w^2)", "optimizer sgd(lr=0.1)",
        "stop when norm(g) < 1e-6", "step 1000", "stop when change(L) < 1e-20", "step 1000",
        "stop off",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      if arguments.has("off") {
        interpreter.session.setStopRule(nil)
        return try interpreter.reply(MessageReport("no rule stops runs"), arguments.muted)
      }
      guard let value = arguments.expression("value") else {
        interpreter.changesNothing()
        return interpreter.surface.show(StopReport.show(interpreter.session))
      }
      let rule = try rule(value, arguments, &interpreter.session)
      interpreter.session.setStopRule(rule)
      try interpreter.reply(StopReport.show(interpreter.session), arguments.muted)
    })

  private static func rule(_ value: Expression, _ arguments: Arguments, _ session: inout Session)
    throws(Diagnostic) -> StopRule
  {
    var now = try session.formAfterStep(value)
    if now == nil, let present = try session.evaluateIfStepped(value) {
      now = (present.shape, present.elementType)
    }
    guard let word = arguments.text("trend")?.text,
      let direction = Trend.Direction(rawValue: word)
    else {
      if let now, now.shape.count != 1 || now.type != .bool {
        throw Diagnostic(
          "stop.condition", "stop when needs a condition, or rises, falls or stalls",
          at: value.span,
          help: now.shape.count == 1
            ? "for example stop when \(value.text(.ascii)) < 1e-3, or stop when "
              + "\(value.text(.ascii)) rises for 5 epochs" : "for example stop when norm(g) < 1e-6")
      }
      return StopRule(text: value.text(.pretty), kind: .condition(value))
    }
    if let now, now.shape.count != 1 || now.type == .bool {
      throw Diagnostic(
        "stop.number", "what \(word) must be a single number", at: value.span)
    }
    var text = "\(value.text(.pretty)) \(word)"
    var margin: Double?
    if let by = arguments.expression("margin") {
      guard let number = try session.evaluate(by).scalar, number >= 0 else {
        throw Diagnostic("stop.margin", "by takes a number, not below 0", at: by.span)
      }
      margin = number
      text += " by \(by.text(.pretty))"
    }
    var patience = 1
    let unit = arguments.text("unit")?.text ?? "epochs"
    if let n = arguments.expression("n") {
      patience = try session.wholeNumber(
        n, atLeast: 1, atMost: Session.maximumSteps, what: "the patience")
    }
    let isByEpoch = unit.hasPrefix("epoch")
    text += " for \(patience) \(isByEpoch ? "epoch" : "step")\(patience == 1 ? "" : "s")"
    return StopRule(
      text: text,
      kind: .trend(
        Trend(value, direction, patience: patience, isByEpoch: isByEpoch, margin: margin)))
  }
}

/// What is said about the standing rule.
enum StopReport {
  static func show(_ session: Session) -> MessageReport {
    guard let rule = session.stopRule else {
      return MessageReport("no rule stops runs", kind: "stop")
    }
    let state = session.trendProgress
    var fields: [String: JSONValue] = ["when": .string(rule.text)]
    if let best = state.best {
      fields["best"] = JSONValue(number: best.value)
      fields["best_step"] = .number(Double(best.place.step))
      fields["wait"] = .number(Double(state.wait))
    }
    return MessageReport(kind: "stop", fields: fields) { format in
      var line = StyledText("runs stop when \(rule.text)")
      if let best = state.best {
        line.append("; best so far ")
        line.append(NumberFormat.text(best.value, digits: format.digits), .result)
        line.append(" at step \(best.place.step)")
        if state.wait > 0 { line.append(", \(state.wait) checks ago") }
      }
      return [line]
    }
  }

  /// Why a run ended, and where the best moment was.
  static func stopped(_ session: Session, by rule: StopRule) -> MessageReport {
    let step = session.step
    var fields: [String: JSONValue] = [
      "ending": .string("rule"), "when": .string(rule.text), "step": .number(Double(step)),
    ]
    guard case .trend(let trend) = rule.kind, let best = session.trendProgress.best else {
      return MessageReport(
        "stopped at step \(step): \(rule.text)", fields: fields)
    }
    fields["best"] = JSONValue(number: best.value)
    fields["best_step"] = .number(Double(best.place.step))
    let last = session.trendProgress.last ?? .nan
    return MessageReport(fields: fields) { format in
      var line = StyledText("stopped at step \(step): \(trend.expression.text(.pretty)) = ")
      line.append(NumberFormat.text(last, digits: format.digits), .result)
      let unit = trend.isByEpoch ? "epoch" : "step"
      line.append(
        ", no new best for \(trend.patience) \(unit)\(trend.patience == 1 ? "" : "s"); the best was "
      )
      line.append(NumberFormat.text(best.value, digits: format.digits), .result)
      line.append(" at step \(best.place.step) (goto best)")
      return [line]
    }
  }
}
