// Learning rates as functions of the step t, which counts from 1. The libraries these come from
// count from 0, so where t - 1 stands the first update uses the initial rate.

extension Function {
  static let schedules: [Function] = [
    schedule(
      "exponential_decay",
      [.tensor("initial"), .tensor("rate", .number(0.96)), .tensor("every", .number(1))],
      "initial times rate once more every so many steps, smoothly (Keras ExponentialDecay).",
      formula: "initial*rate^((t - 1)/every)"
    ) { call, step throws(TensorError) in
      try call["initial"] * call["rate"].power(step / call["every"])
    },
    schedule(
      "step_decay",
      [.tensor("initial"), .tensor("rate", .number(0.1)), .tensor("every", .number(30))],
      "initial times rate once more every so many steps, in jumps (PyTorch StepLR).",
      formula: "initial*rate^floor((t - 1)/every)"
    ) { call, step throws(TensorError) in
      try call["initial"] * call["rate"].power(floor(step / call["every"]))
    },
    schedule(
      "inverse_time",
      [.tensor("initial"), .tensor("rate", .number(1)), .tensor("every", .number(1))],
      "initial divided by a number that grows evenly (Keras InverseTimeDecay).",
      formula: "initial/(1 + rate*(t - 1)/every)"
    ) { call, step throws(TensorError) in
      try call["initial"] / (1 + call["rate"] * step / call["every"])
    },
    schedule(
      "polynomial",
      [
        .tensor("initial"), .tensor("steps"), .tensor("final", .number(0)),
        .tensor("power", .number(1)),
      ],
      "From initial to final in so many steps along a power; power=1 is a line (Keras"
        + " PolynomialDecay).",
      formula: "(initial - final)*(1 - min(t - 1, steps)/steps)^power + final"
    ) { call, step throws(TensorError) in
      let steps = try call["steps"]
      let left = try 1 - minimum(step, steps) / steps
      let (initial, final) = (try call["initial"], try call["final"])
      return try (initial - final) * left.power(call["power"]) + final
    },
    schedule(
      "cosine", [.tensor("initial"), .tensor("steps"), .tensor("final", .number(0))],
      "From initial to final in so many steps along half a cosine (PyTorch CosineAnnealingLR, up to"
        + " its end).",
      formula: "final + (initial - final)*(1 + cos(π*min(t - 1, steps)/steps))/2"
    ) { call, step throws(TensorError) in
      let steps = try call["steps"]
      return try Term.cosine(
        from: call["initial"], to: call["final"], at: minimum(step, steps) / steps)
    },
    Function(
      "warmup", [.tensor("peak"), .tensor("steps"), .tensor("t", .step)],
      "From peak/steps evenly up to peak in so many steps, and peak from there on.",
      formula: "peak*min(t, steps)/steps"
    ) { call throws(TensorError) in
      try call["peak"] * minimum(call["t"], call["steps"]) / call["steps"]
    },
    schedule(
      "one_cycle",
      [
        .tensor("peak"), .tensor("steps"), .tensor("rise", .number(0.3)),
        .tensor("start_divisor", .number(25)), .tensor("final_divisor", .number(1e4)),
      ],
      "Up from peak/start_divisor during the first part, rise, of the steps, then down to that"
        + " divided by final_divisor, both along half a cosine (PyTorch OneCycleLR, rise being its"
        + " pct_start)."
    ) { call, step throws(TensorError) in
      let (peak, steps) = (try call["peak"], try call["steps"])
      let start = try peak / call["start_divisor"]
      let final = try start / call["final_divisor"]
      let top = try call["rise"] * steps - 1
      let place = try minimum(step, steps - 1)
      let up = try Term.cosine(from: start, to: peak, at: place / top)
      let down = try Term.cosine(from: peak, to: final, at: (place - top) / (steps - 1 - top))
      return try select(Operation.lessOrEqual(place, top), up, down)
    },
  ]

  /// A schedule of t - 1, the number of updates before this one.
  private static func schedule(
    _ name: String, _ parameters: [Parameter], _ summary: String, formula: String? = nil,
    _ body: @escaping @Sendable (FunctionCall, Term) throws(TensorError) -> Term
  ) -> Function {
    Function(name, parameters + [.tensor("t", .step)], summary, formula: formula) {
      call throws(TensorError) in
      try body(call, call["t"] - 1)
    }
  }
}

extension Term {
  /// Half a cosine from one value to another, as `part` goes from 0 to 1.
  fileprivate static func cosine(
    from start: Term, to end: Term, at part: Term
  ) throws(TensorError) -> Term {
    try end + (start - end) * (1 + cos(.pi * part)) / 2
  }
}
