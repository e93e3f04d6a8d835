// Runs under a standing rule, and the best moment that such a run has seen.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension Session {
  /// As `take`, but a standing rule may end the run.
  package mutating func takeUnderRule(_ request: RunRequest) throws(Diagnostic) -> (
    taken: Int, ending: StepEnding
  ) {
    guard let rule = stopRule else { return try take(request) }
    switch rule.kind {
    case .condition(let condition):
      let lookout = request.lookout ?? Lookout()
      lookout.rule = condition
      let outcome = try take(request.with(lookout))
      if case .conditionMet = outcome.ending, lookout.ruleHolds, !lookout.stopHolds {
        return (outcome.taken, .ruleMet(rule))
      }
      return outcome
    case .trend(let trend):
      if trendProgress.end != place { trendProgress.beginsAnew = true }
      if trendProgress.wait >= trend.patience { trendProgress.wait = 0 }
      defer { trendProgress.end = place }
      let stepper = try stepper(for: request.source)
      let isByEpoch = trend.isByEpoch && (stepper.layout?.updates ?? 1) > 1
      let outcome =
        isByEpoch
        ? try takeByEpochs(request, trend, stepper) : try takeByStep(request, trend)
      return (outcome.taken, outcome.isOver ? .ruleMet(rule) : outcome.ending)
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

  /// A run with a trend, and whether that has ended it.
  private typealias JudgedRun = (taken: Int, ending: StepEnding, isOver: Bool)

  /// The value is looked at in every step.
  private mutating func takeByStep(_ request: RunRequest, _ trend: Trend) throws(Diagnostic)
    -> JudgedRun
  {
    let lookout = request.lookout ?? Lookout()
    let judge = TrendJudge(trend, trendProgress, from: place)
    lookout.judged = trend.expression
    lookout.judge = { judge.check($0) }
    let outcome = try take(request.with(lookout))
    trendProgress = judge.progress(on: timeline.current, until: step)
    var isOver = false
    if case .conditionMet = outcome.ending { isOver = judge.isOver && !lookout.stopHolds }
    return (outcome.taken, outcome.ending, isOver)
  }

  /// The value is looked at where an epoch ends.
  private mutating func takeByEpochs(_ request: RunRequest, _ trend: Trend, _ stepper: Stepper)
    throws(Diagnostic) -> JudgedRun
  {
    var taken = 0
    let gauge = Gauge(trend.expression)
    while taken < request.count {
      let part = min(request.count - taken, try steps(ofEpochs: 1))
      let outcome = try take(request.part(part, after: taken))
      taken += outcome.taken
      guard case .finished = outcome.ending, outcome.taken == part else {
        return (taken, outcome.ending, false)
      }
      let position = Stepper.counter(snapshot, Batching.positionPath)
      if position == 0,
        trendProgress.check(try gauge.value(at: self, stepper), at: place, by: trend)
      {
        return (taken, .finished, true)
      }
      if request.interrupted(), taken < request.count { return (taken, .interrupted, false) }
    }
    return (taken, .finished, false)
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
