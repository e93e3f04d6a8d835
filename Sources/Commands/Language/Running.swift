// Runs of steps as a person sees them: full, a line each, or a summary with progress.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Interpreter {
  /// Up to this many steps are listed one by one.
  private static let listed = 20

  /// Takes steps and shows them.
  func steps(
    _ count: Int, until stop: StopCondition? = nil, only objective: Name? = nil, muted: Bool
  ) throws(Diagnostic) {
    guard count > 0 else { return try reply(MessageReport("no step taken"), muted) }
    let start = session.step
    let perStep = session.recording != nil || (!session.watches.isEmpty && !muted)
    if session.settings.trace == .on || count <= Interpreter.listed || perStep {
      try listSteps(count, until: stop, only: objective, muted: muted)
    } else {
      try runSteps(count, until: stop, start: start, muted: muted)
    }
  }

  private func runSteps(_ count: Int, until stop: StopCondition?, start: Int, muted: Bool)
    throws(Diagnostic)
  {
    let before = try session.losses()
    let surface = self.surface
    let outcome = try session.take(
      count, until: stop, interrupted: surface.interrupted,
      progress: { taken in
        surface.progress(
          Progress(step: start + taken, taken: taken, count: stop == nil ? count : nil))
      })
    surface.progress(nil)
    if !muted {
      surface.show(
        MessageReport.run(
          step: session.step, taken: outcome.taken, count: stop == nil ? count : nil,
          before: before, after: try session.losses()))
    }
    try finish(outcome.ending, stop: stop, count: count, muted: muted)
  }

  /// One step at a time: traced, watched or recorded.
  private func listSteps(_ count: Int, until stop: StopCondition?, only objective: Name?, muted: Bool)
    throws(Diagnostic)
  {
    let full = session.settings.trace == .on || (session.settings.trace == .auto && count == 1)
    let start = session.step
    // With many steps only some of the lines are shown, evenly spread.
    let stride = session.settings.trace == .on ? 1 : max(1, count / Interpreter.listed)
    for number in 0..<count {
      let outcome = try session.take(1, until: stop, only: objective, interrupted: surface.interrupted)
      if outcome.taken == 1 {
        try session.recordRow()
        let isLast = number == count - 1 || !outcome.ending.isFinished
        if !muted, isLast || (number + 1) % stride == 0 {
          try showLastStep(full: full, muted: false)
        } else if number % 64 == 0 {
          surface.progress(Progress(step: start + number, taken: number, count: stop == nil ? count : nil))
        }
      }
      if !outcome.ending.isFinished {
        return try finish(outcome.ending, stop: stop, count: count, muted: muted)
      }
      if surface.interrupted(), number < count - 1 {
        return try finish(.interrupted, stop: stop, count: count, muted: muted)
      }
    }
    if stop != nil { try finish(.finished, stop: stop, count: count, muted: muted) }
  }

  private func finish(_ ending: StepEnding, stop: StopCondition?, count: Int, muted: Bool)
    throws(Diagnostic)
  {
    switch ending {
    case .finished:
      if let stop, !muted {
        surface.show(
          MessageReport(
            "stopped after \(count) steps; \(stop.text) does not hold yet",
            fields: ["ending": .string("count")]))
      }
    case .conditionMet:
      if let stop, !muted {
        surface.show(
          MessageReport(
            "\(stop.text) holds at step \(session.step)", fields: ["ending": .string("condition")]))
      }
    case .interrupted:
      surface.show(
        MessageReport(
          "interrupted at step \(session.step)", fields: ["ending": .string("interrupted")]))
    case .notFinite(let bad):
      throw session.badStepError(bad)
    }
  }

  /// Shows the step just taken and what is watched.
  func showLastStep(full: Bool, muted: Bool) throws(Diagnostic) {
    guard !muted, let record = try session.record() else { return }
    surface.show(StepReport(record, full: full))
    for watch in session.watches {
      let value = try session.evaluate(watch.expression)
      surface.show(MessageReport.watched(watch.text, value))
    }
  }
}

extension StepEnding {
  var isFinished: Bool {
    if case .finished = self { return true }
    return false
  }
}
