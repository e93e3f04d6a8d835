// Means, variances, standardising, batch and layer normalisation, dropout.

extension KnownDefinitions {
  private static let batch = DefinitionFamily(
    "batch-norm", "batch normalisation", names: ["bn", "batchnorm"],
    words: [
      "batch norm", "normalisation par lots", "normalización por lotes", "normalização em lote",
      "batchnorm", "batch-norm", "批归一化", "批量归一化", "批标准化",
      "バッチ正規化",
    ], admits: ["mean", "variance", "standardise", "layer-norm"])
  private static let layer = DefinitionFamily(
    "layer-norm", "layer normalisation", names: ["ln", "layernorm"],
    words: [
      "layer norm", "normalisation de couche", "normalización de capa", "layernorm", "layer-norm",
      "层归一化",
    ],
    admits: ["batch-norm", "mean", "variance", "standardise"])
  private static let rms = DefinitionFamily(
    "rms-norm", "RMS normalisation", names: ["rmsnorm", "rms"], words: ["rmsnorm", "rms norm"])
  private static let standard = DefinitionFamily(
    "standardise", "standardising", names: ["zscore"],
    words: ["standardi", "z-score", "z score", "标准化"], admits: ["mean", "variance", "batch-norm"])
  private static let minmax = DefinitionFamily(
    "minmax", "min-max scaling", names: ["minmax"],
    words: ["min-max", "minmax", "min max", "最小-最大", "最大最小"], admits: ["quantise"])
  private static let mean = DefinitionFamily(
    "mean", "the mean", names: ["mean"], words: [])
  private static let variance = DefinitionFamily(
    "variance", "the variance",
    names: ["var", "variance", "std", "sd", "stddev", "standarddeviation"],
    words: [
      "variance", "ecart-type", "écart type", "varianza", "desviación estándar",
      "standardabweichung", "standard deviation", "方差", "标准差", "varianz",
    ], admits: ["mean", "xavier", "he", "lecun", "uniform-initialisation"])
  private static let normal = DefinitionFamily(
    "normal", "the normal density", words: ["normal distribution", "gaussian", "正态分布", "高斯"])
  private static let dropout = DefinitionFamily(
    "dropout", "dropout", names: ["dropout"], words: ["dropout", "随机失活"])

  private static let xNames: Set<String> = ["x", "z", "a", "h", "X", "y", "u", "s", "g"]
  private static let x = KnownInput.vector("x", "n", .real, xNames)
  private static let eps = KnownInput.scalar(
    "e", .between(0.001, 0.2), ["epsilon", "varepsilon", "eps"],
    certain: ["epsilon", "varepsilon", "eps"])
  private static let gamma = KnownInput.scalar(
    "s", .between(0.5, 2), ["gamma", "g", "w", "alpha"], certain: ["gamma"])
  private static let beta = KnownInput.scalar("b", .real, ["beta", "b"], certain: ["beta"])

  private static let awkward = [
    AwkwardInput(
      "a constant batch", ["x": FormulaValue([2, 2, 2, 2])],
      "add ε under the root: the variance is 0"),
    AwkwardInput(
      "a single element", ["x": FormulaValue([1.5])], "add ε under the root: the variance is 0"),
  ]
  private static func normalised(_ id: String, _ family: DefinitionFamily, _ name: String)
    -> [KnownDefinition]
  {
    [
      KnownDefinition(
        id, family, "biased variance (1/n), ε under the root, then scale and shift",
        [x, gamma, beta, eps], "(x - mean(x))/sqrt(var(x) + e)*s + b",
        builtin: "\(name)(x, s, b, e)", awkward: awkward),
      KnownDefinition(
        id + "_plain", family, "biased variance (1/n), ε under the root; no scale and shift",
        [x, eps], "(x - mean(x))/sqrt(var(x) + e)", builtin: "\(name)(x, eps=e)",
        awkward: awkward),
      KnownDefinition(
        id + "_outside", family,
        "ε added to the standard deviation and not under the root: slightly other numbers than"
          + " \(name)", [x, gamma, beta, eps], "(x - mean(x))/(std(x) + e)*s + b",
        isVariant: true, awkward: awkward),
      KnownDefinition(
        id + "_plain_outside", family,
        "ε added to the standard deviation and not under the root; no scale and shift", [x, eps],
        "(x - mean(x))/(std(x) + e)", isVariant: true, awkward: awkward),
      KnownDefinition(
        id + "_no_eps", family, "biased variance (1/n), no ε, then scale and shift",
        [x, gamma, beta], "(x - mean(x))/std(x)*s + b", awkward: awkward),
    ]
  }

  private static let meanOf = KnownInput.scalar(
    "m", .real,
    ["mu", "mu_B", "x_bar", "m", "mu_x", "mu_batch", "mu_g", "mu_G", "mu_L", "mu_c", "mu_i"],
    certain: ["mu", "mu_B", "x_bar"])
  private static let squareOf = KnownInput.scalar(
    "v", .positive,
    ["sigma", "sigma_B", "v", "s", "sigma_x", "sigma_g", "sigma_G", "sigma_L", "sigma_c"])
  private static let mask = KnownInput.each(
    "m", .bit, ["m", "r", "d", "mask", "b", "xi", "z", "M", "D", "epsilon"],
    certain: ["m", "mask", "r"])
  private static let share = KnownInput.scalar(
    "p", .unit, ["p", "pi", "theta", "q", "mu", "p_i", "p_hat", "phi"])
  private static let rate = KnownInput.scalar(
    "p", .between(0.1, 0.6), ["p", "q", "rate", "p_drop", "keep_prob", "p_keep"])
  private static let activation = KnownInput.each(
    "x", .real, ["x", "h", "a", "y", "z"])

  static let normalisations =
    [
      KnownDefinition("mean", mean, "the mean over n", [x], "mean(x)"),
      KnownDefinition(
        "variance", variance, "the biased variance, 1/n, as batch_norm and NumPy have it", [x],
        "var(x)"),
      KnownDefinition(
        "variance_sample", variance, "the variance with 1/(n - 1), as statistics has it", [x],
        "var(x, ddof=1)",
        awkward: [
          AwkwardInput(
            "a single element", ["x": FormulaValue([1.5])], "it has no value for one element")
        ]),
      KnownDefinition(
        "variance_given", variance, "the biased variance, 1/n, about the given mean", [x, meanOf],
        "mean((x - m)^2)", needsNames: true),
      KnownDefinition(
        "variance_given_sample", variance, "the variance with 1/(n - 1), about the given mean",
        [x, meanOf], "sum((x - m)^2)/({n} - 1)", needsNames: true),
      KnownDefinition(
        "std_given", variance, "the standard deviation with 1/n, about the given mean",
        [x, meanOf], "sqrt(mean((x - m)^2))", needsNames: true),
      KnownDefinition(
        "std_given_sample", variance,
        "the standard deviation with 1/(n - 1), about the given mean", [x, meanOf],
        "sqrt(sum((x - m)^2)/({n} - 1))", needsNames: true),
      KnownDefinition(
        "variance_bernoulli", variance, "p·(1 - p), the variance of a Bernoulli variable",
        [share], "p*(1 - p)", needsNames: true, needsWords: true, isOnlyRecognised: true),
      KnownDefinition(
        "variance_binomial", variance, "n·p·(1 - p), the variance of a binomial variable",
        [share, .scalar("m", .whole(3, 30), ["n", "N", "m", "T"])], "m*p*(1 - p)",
        needsNames: true, needsWords: true, isOnlyRecognised: true),
      KnownDefinition(
        "std_bernoulli", variance, "√(p·(1 - p)), the standard deviation of a Bernoulli variable",
        [share], "sqrt(p*(1 - p))", needsNames: true, needsWords: true, isOnlyRecognised: true),
      KnownDefinition(
        "std", variance, "the standard deviation with 1/n", [x], "std(x)"),
      KnownDefinition(
        "std_sample", variance, "the standard deviation with 1/(n - 1)", [x], "std(x, ddof=1)"),
      KnownDefinition(
        "standardise", standard, "less the mean, divided by the standard deviation (1/n)", [x],
        "(x - mean(x))/std(x)", builtin: "standardize(x)", awkward: awkward),
      KnownDefinition(
        "standardise_sample", standard,
        "less the mean, divided by the standard deviation with 1/(n - 1)", [x],
        "(x - mean(x))/std(x, ddof=1)", awkward: awkward),
      KnownDefinition(
        "standardise_given", standard, "less the mean, divided by the standard deviation",
        [.each("x", .real, xNames), meanOf, squareOf], "(x - m)/v", needsNames: true),
      KnownDefinition(
        "batch_norm_given", batch, "less the mean, divided by √(σ² + ε)",
        [.each("x", .real, xNames), meanOf, squareOf, eps], "(x - m)/sqrt(v^2 + e)",
        needsNames: true),
      KnownDefinition(
        "batch_norm_given_scaled", batch,
        "less the mean, divided by √(σ² + ε), then scale and shift",
        [.each("x", .real, xNames), meanOf, squareOf, eps, gamma, beta],
        "(x - m)/sqrt(v^2 + e)*s + b", needsNames: true),
      KnownDefinition(
        "batch_norm_given_outside", batch, "less the mean, divided by √(σ²) + ε",
        [.each("x", .real, xNames), meanOf, squareOf, eps], "(x - m)/(v + e)",
        needsNames: true, needsWords: true, slip: .epsilonOutsideRoot),
      KnownDefinition(
        "batch_norm_given_scaled_outside", batch,
        "less the mean, divided by √(σ²) + ε, then scale and shift",
        [.each("x", .real, xNames), meanOf, squareOf, eps, gamma, beta],
        "(x - m)/(v + e)*s + b", needsNames: true, needsWords: true, slip: .epsilonOutsideRoot),
      KnownDefinition(
        "layer_norm_given", layer, "less the mean, divided by √(σ² + ε)",
        [.each("x", .real, xNames), meanOf, squareOf, eps], "(x - m)/sqrt(v^2 + e)",
        needsNames: true),
      KnownDefinition(
        "layer_norm_given_scaled", layer,
        "less the mean, divided by √(σ² + ε), then scale and shift",
        [.each("x", .real, xNames), meanOf, squareOf, eps, gamma, beta],
        "(x - m)/sqrt(v^2 + e)*s + b", needsNames: true),
      KnownDefinition(
        "layer_norm_given_outside", layer, "less the mean, divided by √(σ²) + ε",
        [.each("x", .real, xNames), meanOf, squareOf, eps], "(x - m)/(v + e)",
        needsNames: true, needsWords: true, slip: .epsilonOutsideRoot),
      KnownDefinition(
        "layer_norm_given_scaled_outside", layer,
        "less the mean, divided by √(σ²) + ε, then scale and shift",
        [.each("x", .real, xNames), meanOf, squareOf, eps, gamma, beta],
        "(x - m)/(v + e)*s + b", needsNames: true, needsWords: true, slip: .epsilonOutsideRoot),
      KnownDefinition(
        "scale_shift", batch, "scale and shift",
        [.each("x", .real, ["x_hat", "x_tilde", "z_hat", "h_hat", "x_norm"]), gamma, beta],
        "s*x + b", needsNames: true),
      KnownDefinition(
        "minmax", minmax, "brought to the range from 0 to 1", [x],
        "(x - min(x))/(max(x) - min(x))", builtin: "minmax(x)",
        awkward: [
          AwkwardInput(
            "equal elements", ["x": FormulaValue([2, 2, 2, 2])],
            "say what it is when all elements are equal")
        ]),
      KnownDefinition(
        "minmax_given", minmax, "brought to the range from 0 to 1",
        [
          .each("x", .real, xNames),
          .scalar("lo", .between(-2, -1), ["x_min", "X_min", "min", "a"], certain: ["x_min"]),
          .scalar("hi", .between(1, 2), ["x_max", "X_max", "max", "b"], certain: ["x_max"]),
        ], "(x - lo)/(hi - lo)", builtin: "minmax(x)", needsNames: true),
      KnownDefinition(
        "normal_density", normal, "the density of the normal distribution",
        [.each("x", .real, xNames), meanOf, squareOf],
        "exp(-(x - m)^2/(2*v^2))/(v*sqrt(2*pi))", needsNames: true),
      KnownDefinition(
        "rms_given", rms, "divided by the root of the mean of squares, then scaled",
        [
          .each("x", .real, xNames),
          .scalar("r", .positive, ["RMS", "rms", "RMS_x", "sigma"]), gamma,
        ], "x/r*s", needsNames: true, needsWords: true),
      KnownDefinition(
        "root_mean_square", rms, "the root of the mean of squares", [x], "sqrt(mean(x^2))"),
      KnownDefinition(
        "root_mean_square_eps", rms, "the root of the mean of squares, ε under the root", [x, eps],
        "sqrt(mean(x^2) + e)"),
      KnownDefinition(
        "rms_norm_no_eps", rms, "divided by the root of the mean of squares, no ε, then scaled",
        [x, .vector("s", "n", .real, ["gamma", "g", "w", "alpha"])], "x/sqrt(mean(x^2))*s"),
      KnownDefinition(
        "rms_norm", rms, "divided by the root of the mean of squares, ε under the root", [x, eps],
        "x/sqrt(mean(x^2) + e)", builtin: "rms_norm(x, eps=e)"),
      KnownDefinition(
        "rms_norm_scaled_each", rms,
        "divided by the root of the mean of squares, ε under the root, each element scaled",
        [x, eps, .vector("s", "n", .real, ["gamma", "g", "w", "alpha"])],
        "x/sqrt(mean(x^2) + e)*s", builtin: "rms_norm(x, s, e)"),
      KnownDefinition(
        "rms_norm_scaled", rms,
        "divided by the root of the mean of squares, ε under the root, then scaled",
        [x, eps, gamma], "x/sqrt(mean(x^2) + e)*s", builtin: "rms_norm(x, s, e)"),
      KnownDefinition(
        "dropout_inverted", dropout, "inverted: divided by 1 - p in training, p the dropout rate",
        [mask, activation, rate], "m*x/(1 - p)", builtin: "dropout(x, p)", needsNames: true),
      KnownDefinition(
        "dropout_keep", dropout, "inverted: divided by p in training, p the share that is kept",
        [mask, activation, rate], "m*x/p", builtin: "dropout(x, 1 - p)", needsNames: true),
      KnownDefinition(
        "dropout_plain", dropout,
        "not inverted: nothing is scaled in training, so the weights are at test time",
        [mask, activation], "m*x", needsNames: true),
      KnownDefinition(
        "dropout_test", dropout, "at test time: everything is scaled by the share that was kept",
        [
          .each("w", .real, ["w", "W", "w_train", "W_train", "x", "h", "a", "y"]),
          .scalar("p", .between(0.1, 0.6), ["p", "q", "keep_prob", "p_keep"]),
        ], "p*w", needsNames: true, needsWords: true),
      KnownDefinition(
        "dropout_test_rate", dropout,
        "at test time: everything is scaled by 1 - p, p the dropout rate",
        [
          .each("w", .real, ["w", "W", "w_train", "W_train", "x", "h", "a", "y"]),
          .scalar("p", .between(0.1, 0.6), ["p", "q", "p_drop", "rate"]),
        ], "(1 - p)*w", needsNames: true, needsWords: true),
    ] + normalised("batch_norm", batch, "batch_norm")
    + normalised("layer_norm", layer, "layer_norm")
}

extension KnownSlip {
  static let epsilonOutsideRoot = KnownSlip(
    "epsilon-outside-root",
    "ε stands outside of the root: √(σ² + ε) is meant, which cannot be 0 and has other numbers",
    claims: .printedRoot)
}
