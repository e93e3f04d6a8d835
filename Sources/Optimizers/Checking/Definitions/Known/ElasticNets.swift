// Penalties of absolute values and squares together, by themselves and with a loss (Zou & Hastie 2005).
//
// Texts differ in whether the squares are halved, which of the two the share α is of, and whether one λ
// stands before both: every combination is known.

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
  private static let amount = KnownInput.scalar(
    "c", .between(0.1, 2), ["lambda", "alpha"], certain: ["lambda"])
  private static let share = KnownInput.scalar(
    "r", .unit, ["alpha", "rho", "r", "l1_ratio", "gamma", "eta"])
  private static let errors: [KnownInput] = [
    .vector("p", "n", .real, predictionNames, certain: certainPredictions),
    .vector("y", "n", .real, targetNames),
  ]
  private static let linear: [KnownInput] = [
    .vector("y", "n", .real, targetNames),
    .matrix("X", .real, ["x", "X", "phi", "Phi"], certain: ["x", "X"]),
  ]

  private struct Part {
    var id: String
    var says: String
    var inputs: [KnownInput]
    var reference: String
  }

  private static let losses: [Part] = {
    let kinds = [
      ("mse", "the mean squared error", "mse(@, y)"),
      ("mse_half", "half the mean squared error", "mse(@, y)/2"),
      ("sse", "the sum of squared errors", "sum((@ - y)^2)"),
      ("sse_half", "half the sum of squared errors", "sum((@ - y)^2)/2"),
    ]
    let given = Part(
      id: "given", says: "the loss",
      inputs: [.scalar("L", .positive, ["L", "L_0", "J", "E", "ell", "MSE", "L_data", "C"])],
      reference: "L")
    return [given]
      + kinds.map { kind in
        Part(
          id: kind.0, says: kind.1, inputs: errors,
          reference: kind.2.replacing("@", with: "p"))
      }
      + kinds.map { kind in
        Part(
          id: "linear_" + kind.0, says: kind.1 + " of a linear model", inputs: linear,
          reference: kind.2.replacing("@", with: "X @ w"))
      }
  }()

  private static let terms: [Part] = [false, true].flatMap { isHalf -> [Part] in
    let (suffix, half) = isHalf ? ("_half", "/2") : ("", "")
    let squares = isHalf ? "half the squares" : "the squares"
    return [
      Part(
        id: "two" + suffix,
        says:
          "λ₁ times the sum of absolute values plus \(isHalf ? "λ₂/2" : "λ₂") times the sum of squares",
        inputs: amounts, reference: "a*l1(w) + c\(half)*l2(w)"),
      Part(
        id: "share" + suffix, says: "the share α of the absolute values, the rest of \(squares)",
        inputs: [share], reference: "r*l1(w) + (1 - r)\(half)*l2(w)"),
      Part(
        id: "share_of_squares" + suffix,
        says: "the share α of \(squares), the rest of the absolute values",
        inputs: [share], reference: "(1 - r)*l1(w) + r\(half)*l2(w)"),
      Part(
        id: "share_scaled" + suffix,
        says: "λ times the share α of the absolute values and the rest of \(squares)",
        inputs: [amount, share], reference: "c*(r*l1(w) + (1 - r)\(half)*l2(w))"),
      Part(
        id: "share_of_squares_scaled" + suffix,
        says: "λ times the share α of \(squares) and the rest of the absolute values",
        inputs: [amount, share], reference: "c*((1 - r)*l1(w) + r\(half)*l2(w))"),
    ]
  }

  static let elasticNets: [KnownDefinition] =
    terms.map { term in
      KnownDefinition(
        "elastic_\(term.id)", penalty, term.says, [w] + term.inputs, term.reference)
    }
    + losses.flatMap { loss in
      terms.map { term in
        KnownDefinition(
          "elastic_\(loss.id)_\(term.id)", family, "\(loss.says) plus \(term.says)",
          loss.inputs + [w] + term.inputs, "\(loss.reference) + \(term.reference)")
      }
    }
}
