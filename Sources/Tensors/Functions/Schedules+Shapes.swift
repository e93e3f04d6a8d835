// The curves that schedules are made of. `self`, where a step is meant, counts from 0.

extension Term {
  /// How much of so many steps is over, at most 1.
  func part(of steps: Term) throws(TensorError) -> Term { try minimum(self, steps) / steps }

  /// How many of a list of milestones have been reached.
  func countOfPassed(by step: Term) throws(TensorError) -> Term {
    try Operation.lessOrEqual(self, step).sum()
  }

  /// Half a cosine from one value to another, as `part` goes from 0 to 1.
  static func cosine(from start: Term, to end: Term, at part: Term) throws(TensorError) -> Term {
    try end + (start - end) * (1 + cos(.pi * part)) / 2
  }

  static func polynomial(
    from start: Term, to end: Term, at part: Term, power: Term
  ) throws(TensorError) -> Term {
    try (start - end) * (1 - part).power(power) + end
  }

  /// The number of the cycle, from 0, and how much of it is over. Each cycle has `growth` times as
  /// many steps as the one before.
  func placeInCycle(
    _ first: Term, growth: Double
  ) throws(TensorError) -> (cycle: Term, part: Term) {
    let turns = try self / first
    guard growth != 1 else {
      let cycle = try floor(turns)
      return (cycle, try turns - cycle)
    }
    // Cycle n begins at first·(growth^n - 1)/(growth - 1). The logarithm is rounded, so a bit is
    // added that brings beginnings into the cycle they begin.
    let base = builder.constant(growth)
    let cycle = try floor(log(turns * (growth - 1) + 1) / log(base) + 1e-9)
    let length = try base.power(cycle)
    return (cycle, try (turns - (length - 1) / (growth - 1)) / length)
  }

  static func warmupCosine(
    start: Term, peak: Term, final: Term, warmup: Term, steps: Term, at step: Term
  ) throws(TensorError) -> Term {
    let up = try start + (peak - start) * (step / warmup)
    let down = try Term.cosine(
      from: peak, to: final, at: (minimum(step, steps) - warmup) / (steps - warmup))
    return try select(step.isBelow(warmup), up, down)
  }

  /// Up and down along lines, over and over.
  static func triangle(
    from low: Term, to high: Term, up: Term, down: Term, at step: Term
  ) throws(TensorError) -> Term {
    let total = try up + down
    let place = try step - total * floor(step / total)
    let height = try select(Operation.lessOrEqual(place, up), place / up, (total - place) / down)
    return try low + (high - low) * height
  }

  /// PyTorch's phases: the peak is at `rise·steps - 1`, the end at `steps - 1`.
  static func oneCycle(
    start: Term, peak: Term, final: Term, steps: Term, rise: Term, linear: Bool, threePhase: Bool,
    at step: Term
  ) throws(TensorError) -> Term {
    func curve(_ a: Term, _ b: Term, _ part: Term) throws(TensorError) -> Term {
      linear ? try a + (b - a) * part : try .cosine(from: a, to: b, at: part)
    }
    let top = try rise * steps - 1
    let place = try minimum(step, steps - 1)
    let up = try curve(start, peak, place / top)
    guard threePhase else {
      let down = try curve(peak, final, (place - top) / (steps - 1 - top))
      return try select(Operation.lessOrEqual(place, top), up, down)
    }
    let foot = try 2 * (rise * steps) - 2
    let down = try curve(peak, start, (place - top) / (foot - top))
    let out = try curve(start, final, (place - foot) / (steps - 1 - foot))
    return try select(
      Operation.lessOrEqual(place, top), up,
      select(Operation.lessOrEqual(place, foot), down, out))
  }
}

extension FunctionCall {
  /// By how much cycles get longer each time: at least 1.
  func growth(_ name: String) throws(TensorError) -> Double {
    let growth = try number(name)
    guard growth >= 1, growth.isFinite else { throw invalid("\(name) is to be at least 1") }
    return growth
  }
}
