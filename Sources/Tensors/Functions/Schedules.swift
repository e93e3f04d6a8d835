// Learning rates as functions of the step t, which counts from 1. The libraries these come from
// count from 0, so where t - 1 stands the first update uses the initial rate.
//
// The libraries' own names, arguments and conventions are in the files beside this one.

extension Function {
  static let schedules = ownSchedules + torchSchedules + kerasSchedules + optaxSchedules

  private static let ownSchedules: [Function] = [
    schedule(
      "exponential_decay",
      [.tensor("initial"), .tensor("rate", .number(0.96)), .tensor("every", .number(1))],
      "initial times rate once more every so many steps, smoothly (Keras ExponentialDecay; with"
        + " every=1 PyTorch ExponentialLR).",
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
      "multi_step", [.tensor("initial"), .tensor("at"), .tensor("rate", .number(0.1))],
      "initial times rate once more after each of the numbers of steps in the list at (PyTorch"
        + " MultiStepLR).",
      formula: "initial*rate^sum(at <= t - 1)"
    ) { call, step throws(TensorError) in
      try call["initial"] * call["rate"].power(call["at"].countOfPassed(by: step))
    },
    schedule(
      "inverse_time",
      [.tensor("initial"), .tensor("rate", .number(1)), .tensor("every", .number(1))],
      "initial divided by a number that grows evenly (Keras InverseTimeDecay).",
      formula: "initial/(1 + rate*(t - 1)/every)"
    ) { call, step throws(TensorError) in
      try call["initial"] / (1 + call["rate"] * step / call["every"])
    },
    Function(
      "inverse_sqrt", [.tensor("initial"), .tensor("t", .step)],
      "initial divided by the square root of t, which counts from 1.",
      formula: "initial/sqrt(t)"
    ) { call throws(TensorError) in try call["initial"] / sqrt(call["t"]) },
    Function(
      "noam",
      [.tensor("width"), .tensor("warmup"), .tensor("scale", .number(1)), .tensor("t", .step)],
      "Up evenly for so many steps, then down with the square root of t, scaled by the width of the"
        + " model (Vaswani et al. 2017, equation 3, where t counts from 1).",
      formula: "scale*width^(-0.5)*min(t^(-0.5), t*warmup^(-1.5))"
    ) { call throws(TensorError) in
      try call.checkLengths(["width", "warmup"])
      let t = try call["t"]
      return try call["scale"] * call["width"].power(-0.5)
        * minimum(t.power(-0.5), t * call["warmup"].power(-1.5))
    },
    schedule(
      "polynomial",
      [
        .tensor("initial"), .tensor("steps"), .tensor("final", .number(0)),
        .tensor("power", .number(1)),
      ],
      "From initial to final in so many steps along a power; power=1 is a line (Keras"
        + " PolynomialDecay, whose final is 0.0001 unless given; with final=0 PyTorch PolynomialLR).",
      formula: "(initial - final)*(1 - min(t - 1, steps)/steps)^power + final"
    ) { call, step throws(TensorError) in
      try .polynomial(
        from: call["initial"], to: call["final"], at: step.part(of: call["steps"]),
        power: call["power"])
    },
    schedule(
      "ramp", [.tensor("start"), .tensor("end"), .tensor("steps")],
      "Evenly from start to end in so many steps, and end from there on (PyTorch LinearLR, optax"
        + " linear_schedule).",
      formula: "start + (end - start)*min(t - 1, steps)/steps"
    ) { call, step throws(TensorError) in
      let start = try call["start"]
      return try start + (call["end"] - start) * step.part(of: call["steps"])
    },
    schedule(
      "cosine", [.tensor("initial"), .tensor("steps"), .tensor("final", .number(0))],
      "From initial to final in so many steps along half a cosine, and final from there on (optax"
        + " cosine_decay_schedule and Keras CosineDecay, whose alpha is final/initial; PyTorch"
        + " CosineAnnealingLR is the same up to its end and rises again after it).",
      formula: "final + (initial - final)*(1 + cos(π*min(t - 1, steps)/steps))/2"
    ) { call, step throws(TensorError) in
      try .cosine(from: call["initial"], to: call["final"], at: step.part(of: call["steps"]))
    },
    Function(
      "cosine_restarts",
      [
        .tensor("initial"), .tensor("steps"), .number("grow", .number(1)),
        .tensor("final", .number(0)), .tensor("t", .step),
      ],
      "Half a cosine from initial towards final in so many steps, begun again at its end, each time"
        + " with grow times as many steps (Loshchilov & Hutter 2017, equation 5; PyTorch"
        + " CosineAnnealingWarmRestarts). With grow=1 the formula is as below.",
      formula: "final + (initial - final)*(1 + cos(π*((t - 1)/steps - floor((t - 1)/steps))))/2"
    ) { call throws(TensorError) in
      try call.checkLengths()
      return try .cosine(
        from: call["initial"], to: call["final"],
        at: (call["t"] - 1).placeInCycle(call["steps"], growth: call.growth("grow")).part)
    },
    Function(
      "warmup", [.tensor("peak"), .tensor("steps"), .tensor("t", .step)],
      "From peak/steps evenly up to peak in so many steps, and peak from there on.",
      formula: "peak*min(t, steps)/steps"
    ) { call throws(TensorError) in
      try call.checkLengths()
      return try call["peak"] * minimum(call["t"], call["steps"]) / call["steps"]
    },
    schedule(
      "warmup_cosine",
      [
        .tensor("peak"), .tensor("warmup"), .tensor("steps"), .tensor("start", .number(0)),
        .tensor("final", .number(0)),
      ],
      "Evenly from start to peak in so many steps of warm-up, then along half a cosine to final at"
        + " the last of all steps (optax warmup_cosine_decay_schedule; PyTorch LinearLR followed by"
        + " CosineAnnealingLR).",
      formula:
        "where(t - 1 < warmup, start + (peak - start)*(t - 1)/warmup, final + (peak - final)*(1"
        + " + cos(π*(min(t - 1, steps) - warmup)/(steps - warmup)))/2)"
    ) { call, step throws(TensorError) in
      try .warmupCosine(
        start: call["start"], peak: call["peak"], final: call["final"], warmup: call["warmup"],
        steps: call["steps"], at: step)
    },
    schedule(
      "cyclic", [.tensor("low"), .tensor("high"), .tensor("up"), .tensor("down", .absent)],
      "Evenly from low to high in up steps and back in down steps (as many unless given), over and"
        + " over (Smith 2017; PyTorch CyclicLR, mode triangular).",
      formula: "low + (high - low)*(1 - abs((t - 1)/up - 2*floor((t - 1)/up/2) - 1))"
    ) { call, step throws(TensorError) in
      let (up, low) = (try call["up"], try call["low"])
      return try .triangle(
        from: low, to: call["high"], up: up, down: call.optional("down") ?? up, at: step)
    },
    schedule(
      "one_cycle",
      [
        .tensor("peak"), .tensor("steps"), .tensor("rise", .number(0.3)),
        .tensor("start_divisor", .number(25)), .tensor("final_divisor", .number(1e4)),
        .flag("linear"), .flag("three_phase"),
      ],
      "Up from peak/start_divisor during the first part, rise, of the steps, then down to that"
        + " divided by final_divisor, along half a cosine each, or a line with linear=true (Smith &"
        + " Topin 2019; PyTorch OneCycleLR, rise being its pct_start). With three_phase=true it comes"
        + " down as it went up, then goes on to the end. The momentum that PyTorch cycles from 0.95"
        + " to 0.85 and back is one_cycle(0.85, steps, start_divisor=0.85/0.95, final_divisor=1)."
    ) { call, step throws(TensorError) in
      let start = try call["peak"] / call["start_divisor"]
      return try .oneCycle(
        start: start, peak: call["peak"], final: start / call["final_divisor"],
        steps: call["steps"], rise: call["rise"], linear: call.flag("linear"),
        threePhase: call.flag("three_phase"), at: step)
    },
  ]

  /// A schedule of t - 1, the number of updates before this one.
  static func schedule(
    _ name: String, _ parameters: [Parameter], _ summary: String, formula: String? = nil,
    _ body: @escaping @Sendable (FunctionCall, Term) throws(TensorError) -> Term
  ) -> Function {
    Function(name, parameters + [.tensor("t", .step)], summary, formula: formula) {
      call throws(TensorError) in
      try call.checkLengths()
      return try body(call, call["t"] - 1)
    }
  }
}

extension FunctionCall {
  /// Numbers of steps that a schedule divides by or cannot do without, in all the libraries' names.
  private static let lengths = [
    "every", "steps", "up", "down", "step_size", "total_iters", "T_max", "T0", "total_steps",
    "step_size_up", "step_size_down", "decay_steps", "transition_steps", "first_decay_steps",
  ]

  /// Lengths that are known have to be above 0, and a warm-up shorter than the whole.
  func checkLengths(_ more: [String] = []) throws(TensorError) {
    for name in Self.lengths + more where takes(name) {
      guard let length = try optional(name) else { continue }
      try check(name, length, allow: { $0 > 0 }, "above 0", help: nil)
    }
    for (short, long) in [("warmup", "steps"), ("warmup_steps", "decay_steps")]
    where takes(short) && takes(long) {
      guard let warmup = try optional(short), let all = try optional(long) else { continue }
      try check(short, warmup, allow: { $0 >= 0 }, "0 or more", help: nil)
      // Keras counts the steps after the warm-up.
      guard !function.hasPrefix("keras."), let part = try known(warmup)?.scalar,
        let whole = try known(all)?.scalar, part >= whole
      else { continue }
      throw invalid(
        "\(short) is \(part.shortSpelling), so nothing is left of \(long), which is "
          + whole.shortSpelling,
        help: "\(long) counts the warm-up too")
    }
  }
}
