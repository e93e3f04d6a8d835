// Errors measured in other ways: relative to the target, of logarithms, by quantiles, by counts.

extension KnownDefinitions {
  private static let percentage = DefinitionFamily(
    "percentage-error", "the mean absolute percentage error", names: ["mape"],
    words: ["mape", "percentage error", "平均绝对百分比"])
  private static let symmetric = DefinitionFamily(
    "symmetric-percentage-error", "the symmetric percentage error", names: ["smape"],
    words: ["smape", "symmetric mean absolute percentage"])
  private static let logarithmic = DefinitionFamily(
    "logarithmic-error", "the squared logarithmic error", names: ["msle", "rmsle"],
    words: ["msle", "logarithmic error", "对数误差"])
  private static let logCosh = DefinitionFamily(
    "log-cosh", "the log-cosh loss", names: ["logcosh", "llogcosh"],
    words: ["log-cosh", "log cosh", "logcosh"])
  private static let quantile = DefinitionFamily(
    "quantile", "the quantile loss", names: ["pinball", "quantile", "quantileloss"],
    words: ["quantile loss", "pinball", "quantile regression", "分位数"])
  private static let poisson = DefinitionFamily(
    "poisson", "the Poisson loss", names: ["poisson"], words: ["poisson"])

  private static let p = KnownInput.vector(
    "p", "n", .real, predictionNames, certain: certainPredictions)
  private static let y = KnownInput.vector("y", "n", .real, targetNames.union(["A", "A_t"]))
  private static let away = KnownInput.vector(
    "y", "n", .between(0.3, 3), targetNames.union(["A"]))
  private static let predicted = KnownInput.vector(
    "p", "n", .between(0.3, 3), predictionNames.union(["F"]), certain: certainPredictions)
  private static let one = KnownInput.each("p", .real, predictionNames, certain: certainPredictions)
  private static let oneY = KnownInput.each("y", .real, targetNames)
  private static let residual = KnownInput.each("u", .real, ["u", "e", "r", "x", "z", "xi", "a"])
  private static let share = KnownInput.scalar(
    "q", .between(0.1, 0.9), ["tau", "q", "alpha", "theta", "gamma", "rho", "p", "lambda"],
    certain: ["tau"])
  // Beside τ, q is the predicted quantile.
  private static let quantileNames = predictionNames.union(["xi", "theta", "Q", "m", "x", "z", "c"])
  private static let quantileOne = KnownInput.each(
    "p", .real, quantileNames, certain: certainPredictions)
  private static let quantiles = KnownInput.vector(
    "p", "n", .real, quantileNames, certain: certainPredictions)
  private static let counts = [
    KnownInput.each("p", .between(0.3, 4), predictionNames.union(["lambda", "mu"])),
    KnownInput.each("y", .whole(0, 6), targetNames.union(["k"])),
  ]
  private static let zero = [
    AwkwardInput(
      "a target of 0", ["y": FormulaValue([0, 1]), "p": FormulaValue([1, 1])],
      "the error is divided by it: leave such samples out, or take another measure")
  ]

  static let relativeErrors = [
    KnownDefinition(
      "mape", percentage, "the mean of |error/target|", [predicted, away],
      "mean(abs((y - p)/y))", awkward: zero),
    KnownDefinition(
      "mape_percent", percentage, "the mean of |error/target|, in per cent", [predicted, away],
      "100*mean(abs((y - p)/y))", awkward: zero),
    KnownDefinition(
      "smape", symmetric, "the mean of |error| divided by the mean of both sizes",
      [predicted, away], "mean(abs(y - p)/((abs(y) + abs(p))/2))"),
    KnownDefinition(
      "smape_percent", symmetric,
      "the mean of |error| divided by the mean of both sizes, in per cent", [predicted, away],
      "100*mean(abs(y - p)/((abs(y) + abs(p))/2))"),
    KnownDefinition(
      "smape_sum", symmetric, "the mean of |error| divided by the sum of both sizes",
      [predicted, away], "mean(abs(y - p)/(abs(y) + abs(p)))"),
    KnownDefinition(
      "smape_sum_percent", symmetric,
      "the mean of |error| divided by the sum of both sizes, in per cent", [predicted, away],
      "100*mean(abs(y - p)/(abs(y) + abs(p)))"),
    KnownDefinition(
      "smape_pooled", symmetric, "the sum of |error| divided by the sum of all sizes",
      [predicted, away], "sum(abs(y - p))/sum(abs(y) + abs(p))", isOnlyRecognised: true),
    KnownDefinition(
      "smape_pooled_mean", symmetric,
      "the sum of |error| divided by half the sum of all sizes", [predicted, away],
      "2*sum(abs(y - p))/sum(abs(y) + abs(p))", isOnlyRecognised: true),
    KnownDefinition(
      "msle", logarithmic, "the mean of the squared differences of log(1 + x)",
      [predicted, away], "mean((log(1 + y) - log(1 + p))^2)"),
    KnownDefinition(
      "rmsle", logarithmic, "the root of the mean of the squared differences of log(1 + x)",
      [predicted, away], "sqrt(mean((log(1 + y) - log(1 + p))^2))"),
    KnownDefinition(
      "msle_plain", logarithmic, "the mean of the squared differences of log(x), without the 1",
      [predicted, away], "mean((log(y) - log(p))^2)", isOnlyRecognised: true),
    KnownDefinition(
      "rmsle_plain", logarithmic,
      "the root of the mean of the squared differences of log(x), without the 1",
      [predicted, away], "sqrt(mean((log(y) - log(p))^2))", isOnlyRecognised: true),
    KnownDefinition(
      "log_cosh", logCosh, "the mean of log(cosh(error)): smooth |error|", [p, y],
      "mean(log((exp(p - y) + exp(y - p))/2))"),
    KnownDefinition(
      "log_cosh_sum", logCosh, "the sum of log(cosh(error)), no mean", [p, y],
      "sum(log((exp(p - y) + exp(y - p))/2))"),
    KnownDefinition(
      "log_cosh_each", logCosh, "log(cosh(error)) of one sample", [one, oneY],
      "log((exp(p - y) + exp(y - p))/2)"),
    KnownDefinition(
      "log_cosh_residual", logCosh, "log(cosh(error)) of an error", [residual],
      "log((exp(u) + exp(-u))/2)", needsNames: true),
    KnownDefinition(
      "quantile_each", quantile, "q times what is missing, 1 - q times what is too much",
      [quantileOne, oneY, share], "max(q*(y - p), (q - 1)*(y - p))", needsNames: true),
    KnownDefinition(
      "quantile_mean", quantile,
      "q times what is missing, 1 - q times what is too much, the mean over samples",
      [quantiles, y, share], "mean(where(y > p, q*(y - p), (q - 1)*(y - p)))", needsNames: true),
    KnownDefinition(
      "quantile_sum", quantile,
      "q times what is missing, 1 - q times what is too much, summed over samples",
      [quantiles, y, share], "sum(where(y > p, q*(y - p), (q - 1)*(y - p)))", needsNames: true),
    KnownDefinition(
      "quantile_each_twice", quantile,
      "twice the quantile loss: the absolute error at the median", [quantileOne, oneY, share],
      "2*max(q*(y - p), (q - 1)*(y - p))", needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "quantile_mean_twice", quantile,
      "twice the quantile loss, the mean over samples: the absolute error at the median",
      [quantiles, y, share], "2*mean(where(y > p, q*(y - p), (q - 1)*(y - p)))",
      needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "quantile_sum_twice", quantile,
      "twice the quantile loss, summed over samples: the absolute error at the median",
      [quantiles, y, share], "2*sum(where(y > p, q*(y - p), (q - 1)*(y - p)))",
      needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "quantile_residual", quantile, "q times an error, 1 - q times one below 0",
      [residual, share], "max(q*u, (q - 1)*u)", needsNames: true),
    KnownDefinition(
      "poisson_each", poisson, "the expected count less the count times its logarithm", counts,
      "p - y*log(p)", needsNames: true),
    KnownDefinition(
      "poisson_mean", poisson,
      "the expected count less the count times its logarithm, the mean over samples",
      [predicted, .vector("y", "n", .whole(0, 6), targetNames.union(["k"]))],
      "mean(p - y*log(p))", needsNames: true),
    KnownDefinition(
      "poisson_sum", poisson,
      "the expected count less the count times its logarithm, summed over samples",
      [predicted, .vector("y", "n", .whole(0, 6), targetNames.union(["k"]))],
      "sum(p - y*log(p))", needsNames: true),
  ]
}
