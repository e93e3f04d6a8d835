// Keras's learning-rate schedules under their own names (keras.optimizers.schedules, 3.15). They are
// asked with the number of updates so far, which is t - 1.

extension Function {
  static let kerasSchedules: [Function] = [
    keras(
      "ExponentialDecay",
      [
        .tensor("initial_learning_rate"), .tensor("decay_steps"), .tensor("decay_rate"),
        .flag("staircase"),
      ],
      "The initial rate times decay_rate once more every decay_steps steps, smoothly; in jumps with"
        + " staircase=true.",
      formula: "initial_learning_rate*decay_rate^((t - 1)/decay_steps)"
    ) { call, step throws(TensorError) in
      try call["initial_learning_rate"] * call["decay_rate"].power(call.turns(step))
    },
    keras(
      "InverseTimeDecay",
      [
        .tensor("initial_learning_rate"), .tensor("decay_steps"), .tensor("decay_rate"),
        .flag("staircase"),
      ],
      "The initial rate divided by a number that grows evenly; in jumps with staircase=true.",
      formula: "initial_learning_rate/(1 + decay_rate*(t - 1)/decay_steps)"
    ) { call, step throws(TensorError) in
      try call["initial_learning_rate"] / (1 + call["decay_rate"] * call.turns(step))
    },
    keras(
      "PiecewiseConstantDecay", [.tensor("boundaries"), .tensor("values")],
      "One of the values: the next one after the step that is numbered, from 0, like the boundary,"
        + " so one step later than PyTorch's milestones.",
      formula: "values[sum(boundaries < t - 1)]"
    ) { call, step throws(TensorError) in
      let (boundaries, values) = (try call["boundaries"], try call["values"])
      let count = boundaries.shape.count
      guard boundaries.shape.rank == 1, values.shape.dimensions == [count + 1] else {
        throw call.invalid(
          "there is to be one value more than boundaries",
          help: "\(call.function)([10, 20], [0.1, 0.01, 0.001])")
      }
      return try values.picked(boundaries.isBelow(step).sum(), call)
    },
    keras(
      "PolynomialDecay",
      [
        .tensor("initial_learning_rate"), .tensor("decay_steps"),
        .tensor("end_learning_rate", .number(0.0001)), .tensor("power", .number(1)), .flag("cycle"),
      ],
      "From the initial rate to end_learning_rate in decay_steps steps along a power. With cycle=true"
        + " the end is moved on to the next multiple of decay_steps whenever it is reached.",
      formula:
        "(initial_learning_rate - end_learning_rate)*(1 - min(t - 1, decay_steps)/decay_steps)"
        + "^power + end_learning_rate"
    ) { call, step throws(TensorError) in
      let steps = try call["decay_steps"]
      var part = try step.part(of: steps)
      if call.flag("cycle") {
        let turns = try step / steps
        part = try turns / maximum(turns.then(.ceil), 1)
      }
      return try .polynomial(
        from: call["initial_learning_rate"], to: call["end_learning_rate"], at: part,
        power: call["power"])
    },
    keras(
      "CosineDecay",
      [
        .tensor("initial_learning_rate"), .tensor("decay_steps"), .tensor("alpha", .number(0)),
        .tensor("warmup_target", .absent), .tensor("warmup_steps", .number(0)),
      ],
      "Along half a cosine in decay_steps steps down to alpha times the initial rate. With"
        + " warmup_target, first evenly from the initial rate to it in warmup_steps steps, and the"
        + " cosine from there.",
      formula:
        "initial_learning_rate*((1 - alpha)*(1 + cos(π*min(t - 1, decay_steps)/decay_steps))/2"
        + " + alpha)"
    ) { call, step throws(TensorError) in
      let (initial, steps) = (try call["initial_learning_rate"], try call["decay_steps"])
      guard let target = try call.optional("warmup_target") else {
        return try .cosine(
          from: initial, to: call["alpha"] * initial, at: step.part(of: steps))
      }
      let warmup = try call["warmup_steps"]
      return try .warmupCosine(
        start: initial, peak: target, final: call["alpha"] * target, warmup: warmup,
        steps: warmup + steps, at: step)
    },
    keras(
      "CosineDecayRestarts",
      [
        .tensor("initial_learning_rate"), .tensor("first_decay_steps"),
        .number("t_mul", .number(2)), .tensor("m_mul", .number(1)), .tensor("alpha", .number(0)),
      ],
      "Half a cosine from the initial rate to alpha times it, begun again at its end, each time with"
        + " t_mul times as many steps and from m_mul times as high."
    ) { call, step throws(TensorError) in
      let (initial, alpha) = (try call["initial_learning_rate"], try call["alpha"])
      let place = try step.placeInCycle(call["first_decay_steps"], growth: call.growth("t_mul"))
      // Keras takes the height off before the floor alpha·initial is added.
      let height = try call["m_mul"].power(place.cycle) * (1 - alpha) / 2
      return try initial * (height * (1 + cos(.pi * place.part)) + alpha)
    },
  ]

  private static func keras(
    _ name: String, _ parameters: [Parameter], _ summary: String, formula: String? = nil,
    _ body: @escaping @Sendable (FunctionCall, Term) throws(TensorError) -> Term
  ) -> Function {
    schedule("keras." + name, parameters, summary, formula: formula, body)
  }
}

extension FunctionCall {
  fileprivate func turns(_ step: Term) throws(TensorError) -> Term {
    let turns = try step / self["decay_steps"]
    return flag("staircase") ? try floor(turns) : turns
  }
}
