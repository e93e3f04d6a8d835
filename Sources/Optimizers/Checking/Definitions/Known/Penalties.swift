// Norms, penalties on parameters, losses with a penalty, gradients cut to a norm.

extension KnownDefinitions {
  private static let l2 = DefinitionFamily(
    "l2", "the L2 penalty", names: ["l2", "ridge", "omegal2"],
    words: [
      "l2 penalty", "l2 regulari", "l2-regulari", "l_2 regulari", "weight decay", "ridge",
      "l2正则", "tikhonov",
    ],
    admits: ["regularised", "squared-norm", "squared-error"])
  private static let l1 = DefinitionFamily(
    "l1", "the L1 penalty", names: ["l1", "lasso"],
    words: ["l1 penalty", "l1 regulari", "l1-regulari", "l_1 regulari", "lasso", "l1正则"],
    admits: ["regularised", "squared-error", "absolute-error"])
  private static let norm = DefinitionFamily(
    "squared-norm", "a norm", names: ["norm"], words: ["euclidean norm", "欧几里得范数"])
  private static let regularised = DefinitionFamily(
    "regularised", "a loss with a penalty",
    words: [
      "regularised", "regularized", "正则化", "l2 regulari", "l2-regulari", "l_2 regulari",
      "l1 regulari", "l1-regulari", "l_1 regulari", "ridge", "lasso",
    ])
  private static let unit = DefinitionFamily(
    "unit-vector", "a vector of length 1",
    words: ["unit vector", "unit norm", "unit length", "l2 normal", "l2-normal", "einheitsvektor"])
  private static let weightNorm = DefinitionFamily(
    "weight-norm", "weight normalisation", words: ["weight norm", "权重归一化"])
  private static let takenOff = KnownSlip(
    "sign", "the sign of the penalty is wrong: it is added to a loss that is made small",
    claims: .minimised(["l2", "weight decay", "regulari", "penalt", "正则"]))
  private static let clip = DefinitionFamily(
    "gradient-clipping", "gradient clipping", names: ["clip"],
    words: [
      "gradient clipping", "gradienten-clipping", "écrêtage du gradient", "clip by norm", "梯度裁剪",
    ])

  private static let w = KnownInput.vector("w", "k", .real, ["w", "theta", "W", "x", "beta"])
  private static let lam = KnownInput.scalar(
    "c", .between(0.1, 2), ["lambda", "alpha", "wd", "mu", "beta", "C"], certain: ["lambda", "wd"])
  private static let loss = KnownInput.scalar(
    "L", .positive,
    [
      "L", "J", "E", "L:cal", "J_0", "L_0", "E_0", "C_0", "C", "R", "ell", "L_data", "L_task",
      "MSE", "CE", "L_orig",
    ])
  private static let samples = KnownInput.scalar("N", .positive, ["n", "m", "N", "M"])
  private static let losses = KnownInput.vector(
    "L", "n", .positive, ["ell", "L", "L:cal", "loss", "J"])
  private static let zero = [
    AwkwardInput("all zeros", ["w": FormulaValue([0, 0, 0])], "keep the denominator from being 0")
  ]
  private static let p = KnownInput.vector(
    "p", "n", .real, predictionNames, certain: certainPredictions)
  private static let y = KnownInput.vector("y", "n", .real, targetNames)

  static let penalties = [
    KnownDefinition("l2", l2, "the sum of squares, without a factor", [w], "l2(w)"),
    KnownDefinition("l2_half", l2, "half the sum of squares", [w], "l2(w)/2"),
    KnownDefinition(
      "l2_scaled", l2, "λ times the sum of squares; its gradient is 2λw", [w, lam], "c*l2(w)"),
    KnownDefinition(
      "l2_scaled_half", l2, "λ/2 times the sum of squares; its gradient is λw", [w, lam],
      "c/2*l2(w)"),
    KnownDefinition(
      "l2_matrix", l2, "the sum of squares of a matrix, without a factor",
      [.matrix("w", .real, ["W", "w", "theta"])], "l2(w)"),
    KnownDefinition(
      "l2_matrix_scaled", l2, "λ times the sum of squares of a matrix; its gradient is 2λW",
      [.matrix("w", .real, ["W", "w", "theta"]), lam], "c*l2(w)"),
    KnownDefinition(
      "l2_matrix_half", l2, "λ/2 times the sum of squares of a matrix; its gradient is λW",
      [.matrix("w", .real, ["W", "w", "theta"]), lam], "c/2*l2(w)"),
    KnownDefinition("l1", l1, "the sum of absolute values", [w], "l1(w)"),
    KnownDefinition("l1_scaled", l1, "λ times the sum of absolute values", [w, lam], "c*l1(w)"),
    KnownDefinition(
      "norm", norm, "the length: the root of the sum of squares", [w], "norm(w)", awkward: zero),
    KnownDefinition(
      "unit", unit, "divided by its length, so that its length is 1", [w], "w/norm(w)",
      awkward: zero),
    KnownDefinition(
      "weight_norm", weightNorm, "g times the direction of v (Salimans & Kingma 2016)",
      [
        .scalar("g", .between(0.5, 3), ["g", "gamma", "s"]),
        .vector("v", "k", .real, ["v", "V", "w"]),
      ], "g*v/norm(v)", needsNames: true,
      awkward: [
        AwkwardInput("all zeros", ["v": FormulaValue([0, 0, 0])], "v must not be 0")
      ]),
    KnownDefinition(
      "weight_norm_exponential", weightNorm,
      "e^s times the direction of v, g by its logarithm (Salimans & Kingma 2016)",
      [
        .scalar("g", .real, ["s", "g", "gamma"]),
        .vector("v", "k", .real, ["v", "V", "w"]),
      ], "exp(g)*v/norm(v)", needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "loss_l2_taken", regularised, "the loss less λ times the sum of squares", [loss, lam, w],
      "L - c*l2(w)", needsNames: true, slip: takenOff),
    KnownDefinition(
      "loss_l2_half_taken", regularised, "the loss less λ/2 times the sum of squares",
      [loss, lam, w], "L - c/2*l2(w)", needsNames: true, slip: takenOff),
    KnownDefinition(
      "loss_l2", regularised,
      "the loss plus λ times the sum of squares; the penalty's gradient is 2λw",
      [loss, lam, w], "L + c*l2(w)"),
    KnownDefinition(
      "loss_l2_half", regularised,
      "the loss plus λ/2 times the sum of squares; the penalty's gradient is λw",
      [loss, lam, w], "L + c/2*l2(w)"),
    KnownDefinition(
      "loss_l2_samples", regularised,
      "the loss plus λ/n times the sum of squares; the penalty's gradient is 2λw/n",
      [loss, lam, samples, w], "L + c/N*l2(w)"),
    KnownDefinition(
      "loss_l2_half_samples", regularised,
      "the loss plus λ/(2n) times the sum of squares; the penalty's gradient is λw/n",
      [loss, lam, samples, w], "L + c/(2*N)*l2(w)"),
    KnownDefinition(
      "loss_l1_samples", regularised, "the loss plus λ/n times the sum of absolute values",
      [loss, lam, samples, w], "L + c/N*l1(w)"),
    KnownDefinition(
      "loss_l1", regularised, "the loss plus λ times the sum of absolute values", [loss, lam, w],
      "L + c*l1(w)"),
    KnownDefinition(
      "losses_l2", regularised,
      "the mean of the losses plus λ times the sum of squares; the penalty's gradient is 2λw",
      [losses, lam, w], "mean(L) + c*l2(w)"),
    KnownDefinition(
      "losses_l2_half", regularised,
      "the mean of the losses plus λ/2 times the sum of squares; the penalty's gradient is λw",
      [losses, lam, w], "mean(L) + c/2*l2(w)"),
    KnownDefinition(
      "losses_l2_half_mean", regularised,
      "the mean of the losses plus λ/(2n) times the sum of squares; the penalty's gradient is λw/n",
      [losses, lam, w], "mean(L) + c/(2*{n})*l2(w)"),
    KnownDefinition(
      "losses_l1", regularised, "the mean of the losses plus λ times the sum of absolute values",
      [losses, lam, w], "mean(L) + c*l1(w)"),
    KnownDefinition(
      "losses_mean", regularised, "the mean of the losses of all samples", [losses], "mean(L)",
      needsNames: true),
    KnownDefinition(
      "loss_penalty", regularised, "the loss plus λ times a penalty",
      [
        loss, lam,
        .scalar("R", .positive, ["R", "Omega", "Omega:cal", "R:cal", "P"], certain: ["Omega"]),
      ], "L + c*R", needsNames: true),
    KnownDefinition(
      "mse_l2", regularised, "the mean squared error plus λ times the sum of squares (ridge)",
      [p, y, lam, w], "mse(p, y) + c*l2(w)"),
    KnownDefinition(
      "mse_half_l2_half", regularised,
      "half the mean squared error plus λ/(2n) times the sum of squares", [p, y, lam, w],
      "mse(p, y)/2 + c/(2*{n})*l2(w)"),
    KnownDefinition(
      "mse_half_l2", regularised, "half the mean squared error plus λ/2 times the sum of squares",
      [p, y, lam, w], "mse(p, y)/2 + c/2*l2(w)"),
    KnownDefinition(
      "sse_l2", regularised, "the sum of squared errors plus λ times the sum of squares (ridge)",
      [p, y, lam, w], "sum((p - y)^2) + c*l2(w)"),
    KnownDefinition(
      "sse_half_l2", regularised,
      "half the sum of squared errors plus λ/2 times the sum of squares", [p, y, lam, w],
      "sum((p - y)^2)/2 + c/2*l2(w)"),
    KnownDefinition(
      "mse_l1", regularised,
      "the mean squared error plus λ times the sum of absolute values (lasso)",
      [p, y, lam, w], "mse(p, y) + c*l1(w)"),
    KnownDefinition(
      "clip_norm", clip, "scaled down to the norm c where it is longer",
      [
        .vector("g", "k", .real, ["g", "x", "v"]),
        .scalar("c", .between(0.3, 4), ["c", "theta", "tau", "C", "v", "threshold"]),
      ], "g*min(1, c/norm(g))", builtin: "clip_norm(c)",
      awkward: [
        AwkwardInput(
          "a gradient of zeros", ["g": FormulaValue([0, 0, 0])],
          "the norm is 0 there; divide only where it is above c")
      ]),
    KnownDefinition(
      "clip_value", clip, "every element kept within -c and c",
      [
        .each("g", .real, ["g", "x"]),
        .scalar("c", .between(0.3, 1), ["c", "theta", "tau", "C", "threshold"]),
      ], "clip(g, -c, c)"),
  ]
}
