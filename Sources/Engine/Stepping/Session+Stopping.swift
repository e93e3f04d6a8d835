// Runs under a standing rule, and the best moment that such a run has seen.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// As `take`, but a standing rule may end the run.
  package mutating func takeUnderRule(
    _ count: Int, lookout: Lookout? = nil, only objective: Name? = nil,
    interrupted: () -> Bool, observe: (Int, [Tensor]) throws(Diagnostic) -> Void = { _, _ in },
    progress: (Int) -> Void = { _ in }
  ) throws(Diagnostic) -> (taken: Int, ending: StepEnding) {
    guard let rule = stopRule else {
      return try take(
        count, lookout: lookout, only: objective, interrupted: interrupted, observe: observe,
        progress: progress)
    }
    switch rule.kind {
    case .condition(let condition):
      let lookout = lookout ?? Lookout()
      lookout.rule = condition
      let outcome = try take(
        count, lookout: lookout, only: objective, interrupted: interrupted, observe: observe,
        progress: progress)
      if case .conditionMet = outcome.ending, lookout.ruleHolds, !lookout.stopHolds {
        return (outcome.taken, .ruleMet(rule))
      }
      return outcome
    case .trend(let trend):
      if trendProgress.end != place { trendProgress.beginsAnew = true }
      if trendProgress.wait >= trend.patience { trendProgress.wait = 0 }
      defer { trendProgress.end = place }
      let stepper = try stepper(for: objective.map(GradientSource.objective) ?? .objectives)
      if trend.isByEpoch, let layout = stepper.layout, layout.updates > 1 {
        return try takeByEpochs(
          count, rule, trend, stepper, lookout, objective, interrupted, observe, progress)
      }
      return try takeByStep(
        count, rule, trend, lookout, objective, interrupted, observe, progress)
    }
  }

  /// Makes a rule stand for the runs that follow; nil for none.
  package mutating func setStopRule(_ rule: StopRule?) {
    stopRule = rule
    trendProgress = TrendProgress()
  }

  /// The shape and type that an expression has at the end of a step, once all that a step needs is
  /// there; nil before that. What no step could work out is an error now rather than then.
  package mutating func formAfterStep(_ expression: Expression) throws(Diagnostic)
    -> (shape: Shape, type: ElementType)?
  {
    guard !problem.parameters.isEmpty, !problem.optimizer.isEmpty, !problem.objectives.isEmpty,
      let plan = (try? stepper())?.plan
    else { return nil }
    let node = try plan.lowerAfterStep(expression)
    let found = plan.lowering.graph[node]
    return (found.shape, found.elementType)
  }

  private var place: TrendProgress.Place {
    TrendProgress.Place(branch: timeline.current, events: timeline.position, step: step)
  }

  /// The value is looked at in every step.
  private mutating func takeByStep(
    _ count: Int, _ rule: StopRule, _ trend: Trend, _ lookout: Lookout?, _ objective: Name?,
    _ interrupted: () -> Bool, _ observe: (Int, [Tensor]) throws(Diagnostic) -> Void,
    _ progress: (Int) -> Void
  ) throws(Diagnostic) -> (taken: Int, ending: StepEnding) {
    let lookout = lookout ?? Lookout()
    let judge = TrendJudge(trend, trendProgress, from: place)
    lookout.judged = trend.expression
    lookout.judge = { judge.check($0) }
    let outcome = try take(
      count, lookout: lookout, only: objective, interrupted: interrupted, observe: observe,
      progress: progress)
    trendProgress = judge.progress(on: timeline.current, until: step)
    if case .conditionMet = outcome.ending, judge.isOver, !lookout.stopHolds {
      return (outcome.taken, .ruleMet(rule))
    }
    return outcome
  }

  /// The value is looked at where an epoch ends.
  private mutating func takeByEpochs(
    _ count: Int, _ rule: StopRule, _ trend: Trend, _ stepper: Stepper, _ lookout: Lookout?,
    _ objective: Name?, _ interrupted: () -> Bool,
    _ observe: (Int, [Tensor]) throws(Diagnostic) -> Void, _ progress: (Int) -> Void
  ) throws(Diagnostic) -> (taken: Int, ending: StepEnding) {
    var taken = 0
    let gauge = Gauge(trend.expression)
    while taken < count {
      let before = taken
      let part = min(count - taken, try steps(ofEpochs: 1))
      let outcome = try take(
        part, lookout: lookout, only: objective, interrupted: interrupted, observe: observe,
        progress: { progress(before + $0) })
      taken += outcome.taken
      guard case .finished = outcome.ending, outcome.taken == part else {
        return (taken, outcome.ending)
      }
      let position = Stepper.counter(snapshot, Batching.positionPath)
      if position == 0,
        trendProgress.check(try gauge.value(at: self, stepper), at: place, by: trend)
      {
        return (taken, .ruleMet(rule))
      }
      if interrupted(), taken < count { return (taken, .interrupted) }
    }
    return (taken, .finished)
  }

  /// Goes to the best moment that a run under the standing rule has seen.
  package mutating func goToBest(at span: Span) throws(Diagnostic) {
    guard let best = trendProgress.best, timeline.branches.indices.contains(best.place.branch),
      best.place.events <= timeline.branches[best.place.branch].eventCount
    else {
      throw Diagnostic(
        "goto.best", "no run has looked for a best step yet", at: span,
        help: "for example stop when val_loss rises for 5 epochs, and then step")
    }
    let end = trendProgress.end
    if best.place.branch != timeline.current { timeline.switchTo(branch: best.place.branch) }
    try move(to: best.place.events)
    trendProgress.end = end
  }
}

/// Checks a trend in the middle of a run.
private final class TrendJudge {
  private let trend: Trend
  /// As it stands after the last check, and as it stood after the one before: a run may take its last
  /// step back.
  private var state: TrendProgress
  private var earlier: TrendProgress
  private let start: TrendProgress.Place
  private var checks = 0
  private(set) var isOver = false

  init(_ trend: Trend, _ progress: TrendProgress, from start: TrendProgress.Place) {
    self.trend = trend
    self.state = progress
    self.earlier = progress
    self.start = start
  }

  func check(_ value: Double) -> Bool {
    checks += 1
    earlier = state
    // The branch is known when the run is over.
    let place = TrendProgress.Place(
      branch: -1, events: start.events + checks, step: start.step + checks)
    isOver = state.check(value, at: place, by: trend)
    return isOver
  }

  /// What was found on the steps that were kept.
  func progress(on branch: Int, until step: Int) -> TrendProgress {
    var result = step < start.step + checks ? earlier : state
    if result.best?.place.branch == -1 { result.best?.place.branch = branch }
    return result
  }
}
