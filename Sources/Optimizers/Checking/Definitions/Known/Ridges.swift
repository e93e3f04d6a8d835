// Linear models fitted with a penalty: ridge and lasso.

extension KnownDefinitions {
  private static let family = DefinitionFamily(
    "regularised", "a loss with a penalty", words: ["regularised", "regularized", "正则化"])
  private static let inputs: [KnownInput] = [
    .vector("y", "n", .real, targetNames),
    .matrix("X", .real, ["x", "X", "phi", "Phi"], certain: ["x", "X"]),
    .vector("w", "k", .real, ["w", "theta", "beta", "W"], certain: ["w", "theta"]),
    .scalar("c", .between(0.1, 2), ["lambda", "alpha", "mu"], certain: ["lambda"]),
  ]
  private static let losses = [
    ("sse", "the sum of squared errors", "sum((X @ w - y)^2)"),
    ("sse_half", "half the sum of squared errors", "sum((X @ w - y)^2)/2"),
    ("mse", "the mean squared error", "mse(X @ w, y)"),
    ("mse_half", "half the mean squared error", "mse(X @ w, y)/2"),
  ]
  private static let amounts = [
    ("l2", "λ times the sum of squares (ridge)", "c*l2(w)"),
    ("l2_half", "λ/2 times the sum of squares (ridge)", "c/2*l2(w)"),
    ("l2_half_mean", "λ/(2n) times the sum of squares (ridge)", "c/(2*{n})*l2(w)"),
    ("l1", "λ times the sum of absolute values (lasso)", "c*l1(w)"),
  ]

  static let ridges: [KnownDefinition] =
    losses.flatMap { loss in
      amounts.map { amount in
        KnownDefinition(
          "linear_\(loss.0)_\(amount.0)", family,
          "\(loss.1) of a linear model plus \(amount.1)", inputs, "\(loss.2) + \(amount.2)")
      }
    }
}
