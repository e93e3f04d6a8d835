// Runs of steps as a person sees them: full, a line each, or a summary with progress.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Interpreter {
  /// Up to this many steps are listed one by one.
  private static let listed = 20

  /// How many steps an argument means, in steps or in epochs.
  func stepCount(_ n: Expression, unit arguments: Arguments, atLeast minimum: Int)
    throws(Diagnostic) -> Int
  {
    let isEpochs = arguments.text("unit")?.text.hasPrefix("epoch") == true
    let count = try session.wholeNumber(
      n, atLeast: minimum, atMost: Session.maximumSteps,
      what: "the number of \(isEpochs ? "epochs" : "steps")")
    return isEpochs && count > 0 ? try session.steps(ofEpochs: count) : count
  }

  /// Takes steps and shows them.
  func steps(
    _ count: Int, until stop: Expression? = nil, only objective: Name? = nil, muted: Bool
  ) throws(Diagnostic) {
    guard count > 0 else { return try reply(MessageReport("no step taken"), muted) }
    // What is watched may have lost its meaning since; better said before a step than after it.
    for watch in session.watches { _ = try session.evaluateIfStepped(watch.expression) }
    if session.settings.trace == .on || count <= Interpreter.listed {
      try listSteps(count, until: stop, only: objective, muted: muted)
    } else {
      try runSteps(count, until: stop, only: objective, muted: muted)
    }
  }

  /// Many steps in one go, with a line at the end; what is watched is shown now and then.
  private func runSteps(_ count: Int, until stop: Expression?, only objective: Name?, muted: Bool)
    throws(Diagnostic)
  {
    let start = session.step
    let before = try session.losses()
    let surface = self.surface
    let watches = muted ? [] : session.watches
    let recording = session.recording
    let recorded = recording?.expressions.map(\.expression) ?? []
    let stride = max(1, count / Interpreter.listed)
    let ofBatch = Set(watches.filter { session.seesBatch($0.expression) }.map(\.text))
    // Answers are shown while the run goes on, and showing looks at the session's settings; so the
    // run works on a copy.
    var running = session
    let outcome = try running.takeUnderRule(
      RunRequest(
        count, lookout: Lookout(stop: stop, observed: watches.map(\.expression) + recorded),
        only: objective, interrupted: surface.interrupted,
        observe: { (step, values) throws(Diagnostic) in
          try recording?.append(step: step, Array(values.dropFirst(watches.count)))
          // A run to a condition may be of any length, so it shows steps 1, 2, 4, 8, …
          let taken = step - start
          let isShown = stop == nil ? taken % stride == 0 : taken & (taken - 1) == 0
          if !watches.isEmpty, isShown {
            surface.progress(nil)
            surface.show(
              MessageReport.watched(
                step: step, zip(watches.map(\.text), values), batch: ofBatch))
          }
        },
        progress: { taken in
          surface.progress(
            Progress(step: start + taken, taken: taken, count: stop == nil ? count : nil))
        }))
    session = running
    surface.progress(nil)
    if !muted {
      surface.show(
        MessageReport.run(
          step: session.step, taken: outcome.taken, count: stop == nil ? count : nil,
          before: before, after: try session.losses(), coming: try session.comingRows()))
    }
    try finish(outcome.ending, stop: stop, count: count, from: start, muted: muted)
  }

  /// One step at a time, each shown.
  private func listSteps(_ count: Int, until stop: Expression?, only objective: Name?, muted: Bool)
    throws(Diagnostic)
  {
    let full = session.settings.trace == .on || (session.settings.trace == .auto && count == 1)
    // On a batch, what is watched and recorded is looked at in the step itself.
    let recorded = session.recording?.expressions.map(\.expression) ?? []
    let sight = Sight(session, recorded: recorded, isShown: !muted)
    let lookout =
      stop == nil && sight == nil ? nil : Lookout(stop: stop, observed: sight?.expressions ?? [])
    let start = session.step
    for number in 0..<count {
      var seen: [Tensor]?
      let outcome = try session.takeUnderRule(
        RunRequest(
          1, lookout: lookout, only: objective, interrupted: surface.interrupted,
          observe: { _, values in seen = values }))
      if outcome.taken == 1 {
        if sight != nil, let seen {
          try session.recording?.append(
            step: session.step, Array(seen.suffix(recorded.count)))
        } else {
          try session.recordRow()
        }
        try showLastStep(full: full, watched: sight == nil ? nil : seen, muted: muted)
      }
      if !outcome.ending.isFinished {
        return try finish(outcome.ending, stop: stop, count: count, from: start, muted: muted)
      }
      if surface.interrupted(), number < count - 1 {
        return try finish(.interrupted, stop: stop, count: count, from: start, muted: muted)
      }
    }
    if stop != nil { try finish(.finished, stop: stop, count: count, from: start, muted: muted) }
  }

  private func finish(
    _ ending: StepEnding, stop: Expression?, count: Int, from start: Int, muted: Bool
  ) throws(Diagnostic) {
    // What is saved are the steps that were taken, so that they can be taken again.
    let taken = session.step - start
    let line = taken > 0 ? "step \(taken)" : ""
    switch ending {
    case .finished:
      if let stop, !muted {
        surface.show(
          MessageReport(
            "stopped after \(count) steps; \(stop.text(.pretty)) does not hold yet",
            fields: ["ending": .string("count")]))
      }
    case .conditionMet:
      if let stop, !muted {
        surface.show(
          MessageReport(
            "\(stop.text(.pretty)) holds at step \(session.step)",
            fields: ["ending": .string("condition")]))
      }
    case .ruleMet(let rule):
      // What stopped a run may be another rule by the time the line is run again.
      lineInstead = line
      if !muted { surface.show(StopReport.stopped(session, by: rule)) }
    case .interrupted:
      lineInstead = line
      surface.show(
        MessageReport(
          "interrupted at step \(session.step)", fields: ["ending": .string("interrupted")]))
    case .notFinite(let bad):
      lineInstead = line
      failure = session.badStepError(bad)
    }
  }

  /// Shows the step just taken and what is watched.
  /// - Parameter watched: the values of what is watched, where the step itself gave them.
  func showLastStep(full: Bool, watched: [Tensor]? = nil, muted: Bool) throws(Diagnostic) {
    guard !muted, let record = try session.record() else { return }
    surface.show(StepReport(record, full: full, grouped: session.settings.trace == .auto))
    for (i, watch) in session.watches.enumerated() {
      if let watched, i < watched.count {
        let ofBatch = session.seesBatch(watch.expression)
        surface.show(MessageReport.watched(watch.text, watched[i], ofBatch: ofBatch))
      } else {
        let value = try session.evaluate(watch.expression)
        surface.show(MessageReport.watched(watch.text, value))
      }
    }
  }
}

/// What is shown and recorded with each step, where some of it sees the step's batch.
private struct Sight {
  let expressions: [Expression]

  init?(_ session: Session, recorded: [Expression], isShown: Bool) {
    expressions = (isShown ? session.watches.map(\.expression) : []) + recorded
    guard expressions.contains(where: { session.seesBatch($0) }) else { return nil }
  }
}

extension StepEnding {
  var isFinished: Bool {
    if case .finished = self { return true }
    return false
  }
}
