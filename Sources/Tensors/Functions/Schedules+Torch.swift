// PyTorch's learning-rate schedulers under their own names (torch.optim.lr_scheduler, 2.15), to be
// called with the optimizer's learning rate first: torch.StepLR(0.1, step_size=30).
//
// They are those of a scheduler that is asked once after every update.

extension Function {
  static let torchSchedules: [Function] = [
    torch(
      "ConstantLR",
      [.tensor("lr"), .tensor("factor", .number(1.0 / 3)), .tensor("total_iters", .number(5))],
      "lr times factor for total_iters steps, then lr.",
      formula: "lr*where(t - 1 < total_iters, factor, 1)"
    ) { call, step throws(TensorError) in
      try call["lr"] * select(step.isBelow(call["total_iters"]), call["factor"], 1)
    },
    torch(
      "LinearLR",
      [
        .tensor("lr"), .tensor("start_factor", .number(1.0 / 3)), .tensor("end_factor", .number(1)),
        .tensor("total_iters", .number(5)),
      ],
      "lr times a factor that goes evenly from start_factor to end_factor in total_iters steps.",
      formula: "lr*(start_factor + (end_factor - start_factor)*min(t - 1, total_iters)/total_iters)"
    ) { call, step throws(TensorError) in
      let start = try call["start_factor"]
      return try call["lr"]
        * (start + (call["end_factor"] - start) * step.part(of: call["total_iters"]))
    },
    torch(
      "StepLR", [.tensor("lr"), .tensor("step_size"), .tensor("gamma", .number(0.1))],
      "lr times gamma once more every step_size steps.",
      formula: "lr*gamma^floor((t - 1)/step_size)"
    ) { call, step throws(TensorError) in
      try call["lr"] * call["gamma"].power(floor(step / call["step_size"]))
    },
    torch(
      "MultiStepLR", [.tensor("lr"), .tensor("milestones"), .tensor("gamma", .number(0.1))],
      "lr times gamma once more after each number of steps in milestones.",
      formula: "lr*gamma^sum(milestones <= t - 1)"
    ) { call, step throws(TensorError) in
      try call["lr"] * call["gamma"].power(call["milestones"].countOfPassed(by: step))
    },
    torch(
      "ExponentialLR", [.tensor("lr"), .tensor("gamma")], "lr times gamma once more every step.",
      formula: "lr*gamma^(t - 1)"
    ) { call, step throws(TensorError) in try call["lr"] * call["gamma"].power(step) },
    torch(
      "PolynomialLR",
      [.tensor("lr"), .tensor("total_iters", .number(5)), .tensor("power", .number(1))],
      "From lr to 0 in total_iters steps along a power.",
      formula: "lr*(1 - min(t - 1, total_iters)/total_iters)^power"
    ) { call, step throws(TensorError) in
      try call["lr"] * (1 - step.part(of: call["total_iters"])).power(call["power"])
    },
    torch(
      "CosineAnnealingLR",
      [.tensor("lr"), .tensor("T_max"), .tensor("eta_min", .number(0))],
      "Along a cosine from lr to eta_min in T_max steps, and, unlike cosine, back up again after"
        + " them.",
      formula: "eta_min + (lr - eta_min)*(1 + cos(π*(t - 1)/T_max))/2"
    ) { call, step throws(TensorError) in
      try .cosine(from: call["lr"], to: call["eta_min"], at: step / call["T_max"])
    },
    torch(
      "CosineAnnealingWarmRestarts",
      [
        .tensor("lr"), .tensor("T0"), .number("T_mult", .number(1)),
        .tensor("eta_min", .number(0)),
      ],
      "Half a cosine from lr towards eta_min in T_0 steps, begun again at its end, each time with"
        + " T_mult times as many steps. With T_mult=1 the formula is as below.",
      formula: "eta_min + (lr - eta_min)*(1 + cos(π*((t - 1)/T0 - floor((t - 1)/T0))))/2"
    ) { call, step throws(TensorError) in
      try .cosine(
        from: call["lr"], to: call["eta_min"],
        at: step.placeInCycle(call["T0"], growth: call.growth("T_mult")).part)
    },
    torch(
      "OneCycleLR",
      [
        .tensor("max_lr"), .tensor("total_steps"), .tensor("pct_start", .number(0.3)),
        .tensor("div_factor", .number(25)), .tensor("final_div_factor", .number(1e4)),
        .flag("linear"), .flag("three_phase"),
      ],
      "one_cycle under PyTorch's names; linear=true is its anneal_strategy=\"linear\". See one_cycle"
        + " for the momentum, which PyTorch cycles the other way."
    ) { call, step throws(TensorError) in
      let start = try call["max_lr"] / call["div_factor"]
      return try .oneCycle(
        start: start, peak: call["max_lr"], final: start / call["final_div_factor"],
        steps: call["total_steps"], rise: call["pct_start"], linear: call.flag("linear"),
        threePhase: call.flag("three_phase"), at: step)
    },
    torch(
      "CyclicLR",
      [
        .tensor("base_lr"), .tensor("max_lr"), .tensor("step_size_up", .number(2000)),
        .tensor("step_size_down", .absent),
      ],
      "Evenly from base_lr to max_lr in step_size_up steps and back in step_size_down, over and over:"
        + " its mode \"triangular\"."
    ) { call, step throws(TensorError) in
      let up = try call["step_size_up"]
      return try .triangle(
        from: call["base_lr"], to: call["max_lr"], up: up,
        down: call.optional("step_size_down") ?? up, at: step)
    },
  ]

  private static func torch(
    _ name: String, _ parameters: [Parameter], _ summary: String, formula: String? = nil,
    _ body: @escaping @Sendable (FunctionCall, Term) throws(TensorError) -> Term
  ) -> Function {
    schedule("torch." + name, parameters, summary, formula: formula, body)
  }
}
