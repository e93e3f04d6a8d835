// Losses of numbers: squared, absolute, Huber's, hinge.

extension KnownDefinitions {
  static let predictionNames: Set<String> = [
    "y_hat", "p", "q", "a", "h", "f", "o", "s", "x_hat", "p_hat", "pi", "h_theta", "f_theta",
    "h_w", "f_w", "h_w,b", "f_w,b", "a^(L)", "a^[L]", "y_tilde", "y_pred", "y^pred", "pred",
    "sigma",
    "h_theta,b",
  ]
  static let targetNames: Set<String> = [
    "y", "t", "d", "y_true", "y^true", "r", "target", "p", "x", "l", "y^*", "y_i",
  ]
  static let certainPredictions: Set<String> = [
    "y_hat", "p_hat", "x_hat", "h_theta", "f_theta", "h_w,b", "f_w,b", "y_pred", "y^pred", "h",
  ]

  static let squared = DefinitionFamily(
    "squared-error", "the squared error",
    names: ["mse", "rmse", "sse", "rss", "se", "squarederror", "meansquarederror"],
    words: [
      "mean squared error", "mean-squared error", "squared error", "mse", "quadratic loss",
      "least squares", "均方误差", "平方误差", "mittlerer quadratischer fehler",
      "erreur quadratique", "error cuadrático", "erro quadrático", "二乗誤差",
    ], admits: ["regularised", "squared-norm"])
  private static let absolute = DefinitionFamily(
    "absolute-error", "the absolute error", names: ["mae", "meanabsoluteerror"],
    words: [
      "mean absolute error", "erreur absolue moyenne", "error absoluto medio", "absolute error",
      "mae", "平均绝对误差", "mittlerer absoluter fehler",
    ])
  private static let huber = DefinitionFamily(
    "huber", "the Huber loss", names: ["huber", "ldelta", "smoothl1"],
    words: ["huber", "smooth l1"], admits: ["pseudo-huber"], namesakes: [], letters: ["ldelta"])
  private static let hinge = DefinitionFamily(
    "hinge", "the hinge loss", names: ["hinge"], words: ["hinge"])

  private static func p(_ domain: KnownInput.Domain = .real) -> KnownInput {
    .vector("p", "n", domain, predictionNames, certain: certainPredictions)
  }
  private static func y(_ domain: KnownInput.Domain = .real) -> KnownInput {
    .vector("y", "n", domain, targetNames)
  }
  private static let eachP = KnownInput.each(
    "p", .real, predictionNames, certain: certainPredictions)
  private static let eachY = KnownInput.each("y", .real, targetNames)
  private static let rows = [
    KnownInput.matrix("p", .real, predictionNames, certain: certainPredictions),
    KnownInput.matrix("y", .real, targetNames),
  ]
  private static let linearInputs: [KnownInput] = [
    .vector("y", "n", .real, targetNames),
    .matrix("X", .real, ["x", "X", "phi", "Phi"], certain: ["x", "X"]),
    .vector("w", "k", .real, ["w", "theta", "beta", "W"], certain: ["w", "theta"]),
    .scalar("b", .real, ["b", "w_0", "theta_0", "beta_0"]),
  ]
  private static let delta = KnownInput.scalar(
    "d", .between(0.5, 1.5), ["delta", "d", "c", "k", "tau"], certain: ["delta"])

  static let regression = [
    KnownDefinition(
      "mse", squared, "the mean of the squared errors, 1/n", [p(), y()], "mse(p, y)"),
    KnownDefinition(
      "mse_half", squared, "half the mean of the squared errors, 1/(2n)", [p(), y()],
      "mse(p, y)/2"),
    KnownDefinition(
      "sse", squared, "the sum of the squared errors, no mean", [p(), y()], "sum((p - y)^2)"),
    KnownDefinition(
      "sse_half", squared, "half the sum of the squared errors, no mean", [p(), y()],
      "sum((p - y)^2)/2"),
    KnownDefinition(
      "rmse", squared, "the root of the mean of the squared errors", [p(), y()], "rmse(p, y)"),
    KnownDefinition(
      "squared_error_each", squared, "the squared error of one sample", [eachP, eachY],
      "(p - y)^2"),
    KnownDefinition(
      "squared_error_each_half", squared, "half the squared error of one sample", [eachP, eachY],
      "(p - y)^2/2"),
    KnownDefinition(
      "mse_rows", squared, "the squared errors summed over the outputs, the mean over samples",
      rows, "mean(sum((p - y)^2, axis=-1))"),
    KnownDefinition(
      "mse_rows_half", squared,
      "half the squared errors summed over the outputs, the mean over samples", rows,
      "mean(sum((p - y)^2, axis=-1))/2"),
    KnownDefinition("mse_all", squared, "the mean of all squared errors", rows, "mse(p, y)"),
    KnownDefinition(
      "sse_rows", squared, "the sum of all squared errors", rows, "sum((p - y)^2)"),
    KnownDefinition(
      "sse_rows_half", squared, "half the sum of all squared errors", rows, "sum((p - y)^2)/2"),
    KnownDefinition(
      "mse_linear", squared, "the mean of the squared errors of a linear model, 1/n",
      linearInputs, "mse(X @ w + b, y)"),
    KnownDefinition(
      "mse_linear_half", squared, "half the mean of the squared errors of a linear model, 1/(2n)",
      linearInputs, "mse(X @ w + b, y)/2"),
    KnownDefinition(
      "sse_linear", squared, "the sum of the squared errors of a linear model", linearInputs,
      "sum((X @ w + b - y)^2)"),
    KnownDefinition(
      "sse_linear_half", squared, "half the sum of the squared errors of a linear model",
      linearInputs, "sum((X @ w + b - y)^2)/2"),
    KnownDefinition(
      "mse_linear_no_bias", squared, "the mean of the squared errors of a linear model, 1/n",
      Array(linearInputs.dropLast()), "mse(X @ w, y)"),
    KnownDefinition(
      "mse_linear_no_bias_half", squared,
      "half the mean of the squared errors of a linear model, 1/(2n)",
      Array(linearInputs.dropLast()), "mse(X @ w, y)/2"),
    KnownDefinition(
      "sse_linear_no_bias", squared, "the sum of the squared errors of a linear model",
      Array(linearInputs.dropLast()), "sum((X @ w - y)^2)"),
    KnownDefinition(
      "sse_linear_no_bias_half", squared, "half the sum of the squared errors of a linear model",
      Array(linearInputs.dropLast()), "sum((X @ w - y)^2)/2"),
    KnownDefinition("mae", absolute, "the mean of the absolute errors", [p(), y()], "mae(p, y)"),
    KnownDefinition(
      "sae", absolute, "the sum of the absolute errors, no mean", [p(), y()], "sum(abs(p - y))"),
    KnownDefinition(
      "absolute_error_each", absolute, "the absolute error of one sample", [eachP, eachY],
      "abs(p - y)"),
    KnownDefinition(
      "huber", huber, "the mean of Huber's losses", [p(), y(), delta], "huber(p, y, d)"),
    KnownDefinition(
      "huber_sum", huber, "the sum of Huber's losses, no mean", [p(), y(), delta],
      "huber(p, y, d)*{n}"),
    KnownDefinition(
      "huber_each", huber, "Huber's loss of one sample", [eachP, eachY, delta],
      "where(abs(p - y) <= d, (p - y)^2/2, d*(abs(p - y) - d/2))", builtin: "huber(p, y, d)"),
    KnownDefinition(
      "huber_residual", huber, "Huber's loss of an error",
      [.each("a", .real, ["a", "r", "e", "x", "u", "z"]), delta],
      "where(abs(a) <= d, a^2/2, d*(abs(a) - d/2))", builtin: "huber(a, 0, d)"),
    KnownDefinition(
      "smooth_l1", huber, "Huber's loss with δ = 1",
      [.each("a", .real, ["a", "r", "e", "x", "u", "z"])],
      "where(abs(a) <= 1, a^2/2, abs(a) - 0.5)", builtin: "huber(a, 0)"),
    KnownDefinition(
      "hinge", hinge, "the mean of max(0, 1 - label·score)", [p(), y(.sign)], "hinge(p, y)"),
    KnownDefinition(
      "hinge_squared_each", hinge, "the square of max(0, 1 - label·score) of one sample",
      [.each("p", .real, predictionNames), .each("y", .sign, targetNames)], "relu(1 - y*p)^2",
      builtin: "hinge(p, y)^2"),
    KnownDefinition(
      "hinge_squared", hinge, "the mean of the squares of max(0, 1 - label·score)",
      [p(), y(.sign)], "mean(relu(1 - y*p)^2)"),
    KnownDefinition(
      "hinge_sum", hinge, "the sum of max(0, 1 - label·score), no mean", [p(), y(.sign)],
      "sum(relu(1 - y*p))"),
    KnownDefinition(
      "hinge_each", hinge, "max(0, 1 - label·score) of one sample",
      [.each("p", .real, predictionNames), .each("y", .sign, targetNames)], "relu(1 - y*p)",
      builtin: "hinge(p, y)"),
  ]
}
