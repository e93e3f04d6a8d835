// optax's schedules under their own names (0.2.8). They are asked with the number of updates so far,
// which is t - 1.

extension Function {
  static let optaxSchedules: [Function] = [
    optax(
      "exponential_decay",
      [
        .tensor("init_value"), .tensor("transition_steps"), .tensor("decay_rate"),
        .tensor("transition_begin", .number(0)), .flag("staircase"), .tensor("end_value", .absent),
      ],
      "init_value until transition_begin, then times decay_rate once more every transition_steps"
        + " steps, smoothly, or in jumps with staircase=true; never past end_value.",
      formula: "init_value*decay_rate^((t - 1 - transition_begin)/transition_steps)"
    ) { call, step throws(TensorError) in
      let (initial, rate) = (try call["init_value"], try call["decay_rate"])
      let since = try step - call["transition_begin"]
      var turns = try since / call["transition_steps"]
      if call.flag("staircase") { turns = try floor(turns) }
      var value = try select(
        Operation.lessOrEqual(since, since.builder.constant(0)), initial,
        initial * rate.power(turns))
      if let end = try call.optional("end_value") {
        value = try select(rate.isBelow(1), maximum(value, end), minimum(value, end))
      }
      return value
    },
    optax(
      "cosine_decay_schedule",
      [
        .tensor("init_value"), .tensor("decay_steps"), .tensor("alpha", .number(0)),
        .tensor("exponent", .number(1)),
      ],
      "Half a cosine in decay_steps steps, raised to exponent, down to alpha times init_value.",
      formula:
        "init_value*((1 - alpha)*((1 + cos(π*min(t - 1, decay_steps)/decay_steps))/2)^exponent"
        + " + alpha)"
    ) { call, step throws(TensorError) in
      let alpha = try call["alpha"]
      let part = try step.part(of: call["decay_steps"])
      return try call["init_value"]
        * ((1 - alpha) * (0.5 * (1 + cos(.pi * part))).power(call["exponent"]) + alpha)
    },
    optax(
      "linear_schedule",
      [
        .tensor("init_value"), .tensor("end_value"), .tensor("transition_steps"),
        .tensor("transition_begin", .number(0)),
      ],
      "Evenly from init_value to end_value in transition_steps steps, begun after transition_begin.",
      formula: "init_value + (end_value - init_value)*clip(t - 1 - transition_begin, 0,"
        + " transition_steps)/transition_steps"
    ) { call, step throws(TensorError) in
      try .polynomial(
        from: call["init_value"], to: call["end_value"], at: call.transition(step),
        power: step.builder.constant(1))
    },
    optax(
      "polynomial_schedule",
      [
        .tensor("init_value"), .tensor("end_value"), .tensor("power"), .tensor("transition_steps"),
        .tensor("transition_begin", .number(0)),
      ],
      "From init_value to end_value in transition_steps steps along a power, begun after"
        + " transition_begin.",
      formula: "(init_value - end_value)*(1 - clip(t - 1 - transition_begin, 0, transition_steps)"
        + "/transition_steps)^power + end_value"
    ) { call, step throws(TensorError) in
      try .polynomial(
        from: call["init_value"], to: call["end_value"], at: call.transition(step),
        power: call["power"])
    },
    optax(
      "warmup_constant_schedule",
      [.tensor("init_value"), .tensor("peak_value"), .tensor("warmup_steps")],
      "Evenly from init_value to peak_value in warmup_steps steps, and peak_value from there on.",
      formula: "init_value + (peak_value - init_value)*min(t - 1, warmup_steps)/warmup_steps"
    ) { call, step throws(TensorError) in
      let start = try call["init_value"]
      return try start + (call["peak_value"] - start) * step.part(of: call["warmup_steps"])
    },
    optax(
      "warmup_cosine_decay_schedule",
      [
        .tensor("init_value"), .tensor("peak_value"), .tensor("warmup_steps"),
        .tensor("decay_steps"), .tensor("end_value", .number(0)),
      ],
      "Evenly from init_value to peak_value in warmup_steps steps, then along half a cosine to"
        + " end_value; decay_steps counts the warm-up too.",
      formula: "where(t - 1 < warmup_steps, init_value + (peak_value - init_value)*(t - 1)"
        + "/warmup_steps, end_value + (peak_value - end_value)*(1 + cos(π*(min(t - 1, decay_steps)"
        + " - warmup_steps)/(decay_steps - warmup_steps)))/2)"
    ) { call, step throws(TensorError) in
      try .warmupCosine(
        start: call["init_value"], peak: call["peak_value"], final: call["end_value"],
        warmup: call["warmup_steps"], steps: call["decay_steps"], at: step)
    },
    optax(
      "cosine_onecycle_schedule",
      [
        .tensor("transition_steps"), .tensor("peak_value"), .tensor("pct_start", .number(0.3)),
        .tensor("div_factor", .number(25)), .tensor("final_div_factor", .number(1e4)),
      ],
      "Half a cosine up from peak_value/div_factor to peak_value at the step pct_start·"
        + "transition_steps, rounded down, and another down to that start over final_div_factor at"
        + " transition_steps: one step later each than PyTorch's OneCycleLR."
    ) { call, step throws(TensorError) in
      let (peak, steps) = (try call["peak_value"], try call["transition_steps"])
      let start = try peak / call["div_factor"]
      let top = try floor(call["pct_start"] * steps)
      let up = try Term.cosine(from: start, to: peak, at: step / top)
      let down = try Term.cosine(
        from: peak, to: start / call["final_div_factor"],
        at: (minimum(step, steps) - top) / (steps - top))
      return try select(step.isBelow(top), up, down)
    },
  ]

  private static func optax(
    _ name: String, _ parameters: [Parameter], _ summary: String, formula: String? = nil,
    _ body: @escaping @Sendable (FunctionCall, Term) throws(TensorError) -> Term
  ) -> Function {
    schedule("optax." + name, parameters, summary, formula: formula, body)
  }
}

extension FunctionCall {
  /// How much of the transition is over, from 0 to 1.
  fileprivate func transition(_ step: Term) throws(TensorError) -> Term {
    let steps = try self["transition_steps"]
    return try minimum(maximum(step - self["transition_begin"], 0), steps) / steps
  }
}
