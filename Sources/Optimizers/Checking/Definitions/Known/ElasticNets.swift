// Penalties of absolute values and squares together, by themselves and with a loss (Zou & Hastie 2005).

extension KnownDefinitions {
  private static let family = DefinitionFamily(
    "regularised", "a loss with a penalty",
    words: ["regularised", "regularized", "elastic net", "elastic-net", "elasticnet", "弹性网"])
  private static let penalty = DefinitionFamily(
    "elastic-net", "the elastic net's penalty", names: ["elastic"],
    words: ["elastic net", "elastic-net", "elasticnet", "弹性网"], admits: ["regularised"])

  private static let w = KnownInput.vector("w", "k", .real, ["w", "theta", "beta", "W"])
  private static let amounts: [KnownInput] = [
    .scalar("a", .between(0.1, 2), ["lambda_1", "alpha_1", "alpha", "lambda"]),
    .scalar("c", .between(0.1, 2), ["lambda_2", "alpha_2", "beta", "lambda"]),
  ]
  /// One amount in all, and the share of the absolute values.
  private static let shared: [KnownInput] = [
    .scalar("c", .between(0.1, 2), ["lambda", "alpha"], certain: ["lambda"]),
    .scalar("r", .unit, ["alpha", "rho", "r", "l1_ratio", "gamma", "eta"]),
  ]
  private static let errors: [KnownInput] = [
    .vector("p", "n", .real, predictionNames, certain: certainPredictions),
    .vector("y", "n", .real, targetNames),
  ]

  static let elasticNets: [KnownDefinition] = [
    KnownDefinition(
      "elastic_net", family,
      "the loss plus λ₁ times the sum of absolute values and λ₂ times the sum of squares",
      [
        .scalar("L", .positive, ["L", "L_0", "J", "E", "ell", "MSE", "L_data", "C"]), w,
      ] + amounts, "L + a*l1(w) + c*l2(w)"),
    KnownDefinition(
      "elastic_net_mse", family,
      "the mean squared error plus λ₁ times the sum of absolute values and λ₂ times the sum of"
        + " squares", errors + [w] + amounts, "mse(p, y) + a*l1(w) + c*l2(w)"),
    KnownDefinition(
      "elastic_net_sse", family,
      "the sum of squared errors plus λ₁ times the sum of absolute values and λ₂ times the sum of"
        + " squares", errors + [w] + amounts, "sum((p - y)^2) + a*l1(w) + c*l2(w)"),
    KnownDefinition(
      "elastic_penalty", penalty,
      "λ₁ times the sum of absolute values plus λ₂ times the sum of squares", [w] + amounts,
      "a*l1(w) + c*l2(w)"),
    KnownDefinition(
      "elastic_penalty_half", penalty,
      "λ₁ times the sum of absolute values plus λ₂/2 times the sum of squares", [w] + amounts,
      "a*l1(w) + c/2*l2(w)"),
    KnownDefinition(
      "elastic_share", penalty,
      "the share α of the absolute values, the rest of the squares", [w, shared[1]],
      "r*l1(w) + (1 - r)*l2(w)"),
    KnownDefinition(
      "elastic_share_half", penalty,
      "the share α of the absolute values, the rest of half the squares", [w, shared[1]],
      "r*l1(w) + (1 - r)/2*l2(w)"),
    KnownDefinition(
      "elastic_share_scaled", penalty,
      "λ times the share α of the absolute values and the rest of the squares", [w] + shared,
      "c*(r*l1(w) + (1 - r)*l2(w))"),
    KnownDefinition(
      "elastic_share_scaled_half", penalty,
      "λ times the share α of the absolute values and the rest of half the squares", [w] + shared,
      "c*(r*l1(w) + (1 - r)/2*l2(w))"),
    KnownDefinition(
      "elastic_share_of_squares", penalty,
      "the share α of the squares, the rest of the absolute values", [w, shared[1]],
      "(1 - r)*l1(w) + r*l2(w)"),
  ]
}
