// Learning rates as functions of the step. Texts mostly count from 0, Descent's schedules from 1.

extension KnownDefinitions {
  private static func family(
    _ id: String, _ title: String, _ names: Set<String> = [], _ words: [String]
  ) -> DefinitionFamily {
    DefinitionFamily(id, title, names: names, words: words)
  }
  private static let exponential = family(
    "exponential-decay", "exponential decay", [],
    ["exponential decay", "exponential schedule", "指数衰减", "exponentialdecay", "exponentiallr"])
  private static let stepDecay = family(
    "step-decay", "step decay", [], ["step decay", "steplr", "step schedule", "阶梯衰减", "分段衰减"])
  private static let inverse = family(
    "inverse-time", "inverse time decay", [],
    ["inverse time", "time-based decay", "inverse decay", "1/t decay", "逆时间衰减"])
  private static let cosine = family(
    "cosine", "cosine annealing", [],
    [
      "cosine annealing", "cosine schedule", "cosine decay", "cosine learning", "cosine rate",
      "cosine restart", "cosine lr", "cosineannealing", "warm restart", "余弦退火", "余弦", "kosinus",
      "sgdr",
    ])
  private static let cyclic = family(
    "cyclic", "a cyclic learning rate", [],
    ["cyclic", "clr", "triangular", "one-cycle", "one cycle", "onecycle", "1cycle", "循环学习率"])
  private static let warmup = family(
    "warmup", "linear warm-up", [], ["warmup", "warm-up", "warm up", "预热"])
  private static let polynomial = family(
    "polynomial", "polynomial decay", [],
    ["polynomial decay", "linear decay", "poly schedule", "多项式衰减", "线性衰减"])
  private static let root = family(
    "inverse-sqrt", "inverse square root decay", [],
    ["inverse square root", "inverse sqrt", "1/sqrt", "noam"])

  private static let start = KnownInput.scalar(
    "a", .between(0.05, 0.5),
    [
      "eta_0", "alpha_0", "lr_0", "eta_max", "eta", "alpha", "eta_init", "lr", "eta_initial",
      "epsilon_0", "lr_max", "lr_init", "eta_base", "lr_base", "alpha_base", "lr_initial",
      "alpha_max", "eta_1", "gamma_0",
      "eta_max^i", "eta_peak",
    ], certain: ["eta_0", "alpha_0", "lr_0", "eta_max", "lr_max", "alpha_max", "eta_initial"])
  private static let end = KnownInput.scalar(
    "f", .between(0.001, 0.02),
    [
      "eta_min", "lr_min", "alpha_min", "eta_T", "eta_end", "lr_end", "eta_tau", "epsilon_tau",
      "eta_final", "eta_f", "alpha_tau",
    ], certain: ["eta_min", "lr_min", "alpha_min", "eta_end", "lr_end", "eta_final"])
  private static let t = KnownInput.scalar(
    "t", .whole(1, 19),
    [
      "t", "k", "n", "epoch", "T_cur", "s", "step", "i", "T_cur^i", "e", "step_num", "step_t",
      "iter",
    ],
    certain: ["t", "T_cur", "epoch", "step"])
  private static let total = KnownInput.scalar(
    "T", .whole(20, 40),
    ["T", "T_max", "N", "K", "tau", "T_i", "T_total", "total", "steps", "max_steps", "T_decay"],
    certain: ["T", "T_max", "T_total", "max_steps"])
  private static let rate = KnownInput.scalar(
    "r", .between(0.5, 0.98), ["gamma", "beta", "d", "k", "decay", "lambda", "rho", "alpha", "r"])
  private static let slope = KnownInput.scalar(
    "k", .between(0.05, 0.5), ["k", "lambda", "gamma", "beta", "decay", "decay_rate", "d"])
  private static let every = KnownInput.scalar(
    "s", .whole(3, 8), ["s", "tau", "T", "S", "k", "step_size", "n", "r", "T_step", "T_s"])
  private static let warm = KnownInput.scalar(
    "w", .whole(6, 12),
    [
      "T_w", "T_warmup", "T_warm", "w", "warmup", "N_w", "W", "warmup_steps", "T_0", "t_w",
      "N_warmup",
    ],
    certain: ["T_w", "T_warmup", "T_warm", "warmup", "warmup_steps"])
  private static let power = KnownInput.scalar(
    "p", .between(0.6, 2.5), ["p", "power", "q", "gamma"])

  private static let ends = [
    AwkwardInput("t = 0", ["t": FormulaValue(0)], "say what it is at t = 0"),
    AwkwardInput(
      "t = T", ["t": FormulaValue(20), "T": FormulaValue(20)], "say what it is at the end"),
  ]
  private static let begin = [
    AwkwardInput("t = 0", ["t": FormulaValue(0)], "say what it is at t = 0")
  ]

  static let schedules = [
    KnownDefinition(
      "exponential_decay", exponential, "the first rate times γ to the power of t",
      [start, rate, t],
      "exponential_decay(a, r, t=t + 1)", builtin: "exponential_decay(a, r)", awkward: begin),
    KnownDefinition(
      "exponential_decay_every", exponential,
      "the first rate times γ once more every s steps, smoothly", [start, rate, t, every],
      "exponential_decay(a, r, s, t=t + 1)", builtin: "exponential_decay(a, r, s)", awkward: begin),
    KnownDefinition(
      "exponential_decay_e", exponential, "the first rate times e to the power of -kt",
      [start, slope, t], "exponential_decay(a, exp(-k), t=t + 1)",
      builtin: "exponential_decay(a, exp(-k))", awkward: begin),
    KnownDefinition(
      "exponential_decay_tau", exponential, "the first rate times e to the power of -t/τ",
      [start, t, every], "exponential_decay(a, exp(-1), s, t=t + 1)",
      builtin: "exponential_decay(a, exp(-1), s)", awkward: begin),
    KnownDefinition(
      "step_decay", stepDecay, "the first rate times γ once more every s steps, in jumps",
      [start, rate, t, every], "step_decay(a, r, s, t=t + 1)", builtin: "step_decay(a, r, s)",
      awkward: begin),
    KnownDefinition(
      "inverse_time", inverse, "the first rate divided by 1 + kt", [start, slope, t],
      "inverse_time(a, k, t=t + 1)", builtin: "inverse_time(a, k)", awkward: begin),
    KnownDefinition(
      "inverse_time_every", inverse, "the first rate divided by 1 + kt/s",
      [start, slope, t, every],
      "inverse_time(a, k, s, t=t + 1)", builtin: "inverse_time(a, k, s)", awkward: begin),
    KnownDefinition(
      "inverse_time_one", inverse, "the first rate divided by 1 + t/s", [start, t, every],
      "inverse_time(a, 1, s, t=t + 1)", builtin: "inverse_time(a, 1, s)", awkward: begin),
    KnownDefinition(
      "cosine", cosine, "half a cosine from the largest rate to the smallest, t counted from 0",
      [start, end, t, total], "cosine(a, T, f, t=t + 1)", builtin: "cosine(a, T, f)", awkward: ends),
    KnownDefinition(
      "cosine_zero", cosine, "half a cosine from the first rate to 0, t counted from 0",
      [start, t, total], "cosine(a, T, t=t + 1)", builtin: "cosine(a, T)", awkward: ends),
    KnownDefinition(
      "cosine_quarter", cosine,
      "a quarter of a cosine from the largest rate to the smallest, t counted from 0",
      [start, end, t, total], "f + (a - f)*cos(pi*t/(2*T))", awkward: ends),
    KnownDefinition(
      "cosine_quarter_zero", cosine,
      "a quarter of a cosine from the first rate to 0, t counted from 0",
      [start, t, total], "a*cos(pi*t/(2*T))", awkward: ends),
    KnownDefinition(
      "warmup", warmup, "evenly up to the peak, and the peak from there on", [start, t, warm],
      "warmup(a, w, t=t)", builtin: "warmup(a, w)"),
    KnownDefinition(
      "warmup_line", warmup, "evenly up to the peak during the warm-up",
      [start, .scalar("t", .whole(1, 6), ["t", "k", "step"], certain: ["t"]), warm],
      "warmup(a, w, t=t)", builtin: "warmup(a, w)", needsNames: true),
    KnownDefinition(
      "warmup_cosine", warmup,
      "evenly up to the peak, then half a cosine to the smallest rate at the end",
      [start, end, t, warm, total], "warmup_cosine(a, w, T, 0, f, t=t + 1)",
      builtin: "warmup_cosine(a, w, T, 0, f)"),
    KnownDefinition(
      "warmup_cosine_zero", warmup, "evenly up to the peak, then half a cosine to 0 at the end",
      [start, t, warm, total], "warmup_cosine(a, w, T, t=t + 1)", builtin: "warmup_cosine(a, w, T)"),
    KnownDefinition(
      "polynomial", polynomial, "from the first rate to the last along a power",
      [start, end, t, total, power],
      "polynomial(a, T, f, p, t=t + 1)", builtin: "polynomial(a, T, f, p)", awkward: ends),
    KnownDefinition(
      "polynomial_zero", polynomial, "from the first rate to 0 along a power",
      [start, t, total, power],
      "polynomial(a, T, 0, p, t=t + 1)", builtin: "polynomial(a, T, 0, p)", awkward: ends),
    KnownDefinition(
      "linear_decay", polynomial, "from the first rate to the last along a line",
      [start, end, t, total],
      "polynomial(a, T, f, t=t + 1)", builtin: "polynomial(a, T, f)", awkward: ends),
    KnownDefinition(
      "linear_decay_zero", polynomial, "from the first rate to 0 along a line", [start, t, total],
      "polynomial(a, T, t=t + 1)", builtin: "polynomial(a, T)", awkward: ends),
    KnownDefinition(
      "inverse_sqrt", root, "the first rate divided by √t, t counted from 1", [start, t],
      "inverse_sqrt(a, t)", builtin: "inverse_sqrt(a)", needsNames: true,
      awkward: [
        AwkwardInput("t = 0", ["t": FormulaValue(0)], "count t from 1, or divide by √(t + 1)")
      ]),
    KnownDefinition(
      "inverse_sqrt_zero", root, "the first rate divided by √(t + 1), t counted from 0",
      [start, t],
      "inverse_sqrt(a, t + 1)", builtin: "inverse_sqrt(a)", awkward: begin),
    KnownDefinition(
      "noam", root,
      "up evenly, then down with √t, scaled by the model's width (Vaswani et al. 2017)",
      [
        .scalar("d", .whole(8, 64), ["d_model", "d", "d_m"], certain: ["d_model"]), t,
        .scalar("w", .whole(6, 12), ["warmup_steps", "T_w", "w", "warmup", "n_warmup"]),
      ], "noam(d, w, 1, t)", builtin: "noam(d, w)"),
    KnownDefinition(
      "cyclic", cyclic, "up and down in triangles, s steps each way, t counted from 0 (Smith 2017)",
      [start, end, t, every],
      "f + (a - f)*max(0, 1 - abs(t/s - 2*floor(1 + t/(2*s)) + 1))"),
    KnownDefinition(
      "one_cycle", cyclic, "one-cycle: evenly up to the peak at half the steps and down again",
      [start, end, t, total],
      "where(t <= T/2, f + (a - f)*t/(T/2), a - (a - f)*(t - T/2)/(T/2))"),
    KnownDefinition(
      "one_cycle_down", cyclic, "evenly up to the peak during the warm-up, then evenly down to 0",
      [start, t, warm, total], "where(t <= w, a*t/w, a*(T - t)/(T - w))"),
  ]
}
