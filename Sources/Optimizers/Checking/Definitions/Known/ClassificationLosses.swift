// Losses of probabilities: cross-entropy with one-hot rows, with classes, of two classes.

extension KnownDefinitions {
  static let crossEntropy = DefinitionFamily(
    "cross-entropy", "the cross-entropy",
    names: [
      "ce", "crossentropy", "lce", "hpq", "xent", "cel", "nll", "negativeloglikelihood",
      "logloss",
    ],
    words: [
      "cross-entropy", "cross entropy", "交叉熵", "kreuzentropie", "entropie croisée",
      "entropía cruzada", "交差エントロピー", "negative log-likelihood", "negative log likelihood",
      "log loss", "log-loss",
      "负对数似然",
    ], admits: ["binary-cross-entropy", "kl", "entropy"])
  private static let binary = DefinitionFamily(
    "binary-cross-entropy", "the binary cross-entropy",
    names: ["bce", "binarycrossentropy", "lbce", "bceloss", "logloss"],
    words: [
      "binary cross-entropy", "binary cross entropy", "logistic loss", "log loss",
      "二元交叉熵", "binäre kreuzentropie",
    ], admits: ["cross-entropy"], namesakes: ["weighted-cross-entropy", "focal"])

  private static let k = "k"
  private static let p = KnownInput.vector(
    "p", "k", .probabilities, predictionNames.union(["y"]), certain: certainPredictions)
  private static let y = KnownInput.vector("y", "k", .probabilities, targetNames)
  private static let onehotY = KnownInput.vector("y", "k", .oneHot, targetNames)
  private static let rowsP = KnownInput.matrix(
    "p", .probabilities, predictionNames.union(["y"]), certain: certainPredictions)
  private static let rowsY = KnownInput.matrix("y", .probabilities, targetNames)
  private static let z = KnownInput.vector("z", "k", .real, logitNames.union(predictionNames))
  private static let rowsZ = KnownInput.matrix("z", .real, logitNames.union(predictionNames))
  private static let classOf = KnownInput(
    name: "y", shape: .oneOf("k"), domain: .whole(1, 2), usual: targetNames.union(["c"]),
    certain: [])
  private static let classes = KnownInput(
    name: "y", shape: .eachOneOf("n", "k"), domain: .whole(1, 2), usual: targetNames.union(["c"]),
    certain: [])

  private static let zeroAdvice =
    "0·log 0 is taken as 0; add a small ε inside the logarithm, or start from logits"
  private static let zeros = [
    AwkwardInput(
      "a probability of 0 where the target is 0",
      ["p": FormulaValue([1, 0, 0]), "y": FormulaValue([1, 0, 0])], zeroAdvice)
  ]
  private static let rowZeros = [
    AwkwardInput(
      "a probability of 0 where the target is 0",
      [
        "p": FormulaValue(rows: [[1, 0, 0], [0.5, 0.5, 0]]),
        "y": FormulaValue(rows: [[1, 0, 0], [0, 1, 0]]),
      ], zeroAdvice)
  ]
  private static let logits = [
    AwkwardInput(
      "large logits", ["z": FormulaValue([800, 0, -800]), "y": FormulaValue([1, 0, 0])],
      "use log-softmax, which subtracts the largest logit")
  ]

  // Two classes.
  private static let eachP = KnownInput.each(
    "p", .unit, predictionNames.union(["y"]), certain: certainPredictions)
  private static let eachY = KnownInput.each("y", .bit, targetNames)
  private static let manyP = KnownInput.vector(
    "p", "n", .unit, predictionNames.union(["y"]), certain: certainPredictions)
  private static let manyY = KnownInput.vector("y", "n", .bit, targetNames)
  private static let binaryZeros = [
    AwkwardInput(
      "p = 0 and p = 1, predicted right",
      ["p": FormulaValue([0, 1, 0.5]), "y": FormulaValue([0, 1, 1])], zeroAdvice)
  ]
  private static let oneZero = [
    AwkwardInput(
      "p = 0 with the target 0", ["p": FormulaValue(0), "y": FormulaValue(0)], zeroAdvice),
    AwkwardInput(
      "p = 1 with the target 1", ["p": FormulaValue(1), "y": FormulaValue(1)], zeroAdvice),
  ]

  static let classification = [
    KnownDefinition(
      "cross_entropy", crossEntropy,
      "the cross-entropy of one sample, summed over the classes, natural logarithm", [p, y],
      "-sum(xlogy(y, p))", builtin: "cross_entropy(z, y) of p = softmax(z)", awkward: zeros),
    KnownDefinition(
      "cross_entropy_mean", crossEntropy,
      "summed over the classes, the mean over samples, natural logarithm", [rowsP, rowsY],
      "-mean(sum(xlogy(y, p), axis=-1))", builtin: "cross_entropy(z, y) of p = softmax(z)",
      awkward: rowZeros),
    KnownDefinition(
      "cross_entropy_sum", crossEntropy,
      "summed over classes and samples, no mean, natural logarithm", [rowsP, rowsY],
      "-sum(xlogy(y, p))", builtin: "cross_entropy(z, y)*n of p = softmax(z)", awkward: rowZeros),
    KnownDefinition(
      "cross_entropy_logits", crossEntropy,
      "the cross-entropy of one sample from its logits, natural logarithm", [z, y],
      "-sum(y*log_softmax(z))", builtin: "cross_entropy(z, y)", awkward: logits),
    KnownDefinition(
      "cross_entropy_logits_mean", crossEntropy,
      "from logits, summed over the classes, the mean over samples, natural logarithm",
      [rowsZ, rowsY], "-mean(sum(y*log_softmax(z), axis=-1))", builtin: "cross_entropy(z, y)"),
    KnownDefinition(
      "cross_entropy_one_hot", crossEntropy,
      "the cross-entropy of one sample with a one-hot target",
      [p, onehotY], "-sum(xlogy(y, p))", builtin: "cross_entropy(z, y) of p = softmax(z)",
      awkward: zeros),
    KnownDefinition(
      "nll", crossEntropy,
      "minus the natural logarithm of the true class's probability, one sample", [p, classOf],
      "-sum(xlogy(y, p))", builtin: "nll(log(p), y)"),
    KnownDefinition(
      "nll_mean", crossEntropy,
      "minus the natural logarithm of the true class's probability, the mean over samples",
      [rowsP, classes], "-mean(sum(xlogy(y, p), axis=-1))", builtin: "nll(log(p), y)"),
    KnownDefinition(
      "nll_sum", crossEntropy,
      "minus the natural logarithm of the true class's probability, summed over samples",
      [rowsP, classes], "-sum(xlogy(y, p))", builtin: "nll(log(p), y)*n"),
    KnownDefinition(
      "nll_logits", crossEntropy, "the cross-entropy of one sample from its logits and its class",
      [z, classOf], "-sum(y*log_softmax(z))", builtin: "cross_entropy(z, y)",
      awkward: [
        AwkwardInput(
          "large logits", ["z": FormulaValue([800, 0, -800])],
          "use log-softmax, which subtracts the largest logit")
      ]),
    KnownDefinition(
      "nll_logits_mean", crossEntropy,
      "the cross-entropy from logits and classes, the mean over samples", [rowsZ, classes],
      "-mean(sum(y*log_softmax(z), axis=-1))", builtin: "cross_entropy(z, y)"),
    KnownDefinition(
      "likelihood_sum", crossEntropy,
      "minus the natural logarithms of the probabilities, summed over samples",
      [.vector("p", "n", .unit, predictionNames)], "-sum(log(p))", builtin: "nll(log(p), y)*n"),
    KnownDefinition(
      "likelihood_mean", crossEntropy,
      "minus the natural logarithms of the probabilities, the mean over samples",
      [.vector("p", "n", .unit, predictionNames)], "-mean(log(p))", builtin: "nll(log(p), y)"),
    KnownDefinition(
      "bce", binary, "the mean over samples, natural logarithm", [manyP, manyY],
      "binary_cross_entropy(p, y)", awkward: binaryZeros),
    KnownDefinition(
      "bce_sum", binary, "summed over samples, no mean, natural logarithm", [manyP, manyY],
      "sum(bernoulli_loss(p, y))", builtin: "binary_cross_entropy(p, y)*n", awkward: binaryZeros),
    KnownDefinition(
      "bce_each", binary, "the loss of one sample, natural logarithm", [eachP, eachY],
      "bernoulli_loss(p, y)", builtin: "binary_cross_entropy(p, y)", awkward: oneZero),
    KnownDefinition(
      "bce_logits", binary, "from logits, the mean over samples",
      [.vector("z", "n", .real, logitNames), manyY], "binary_cross_entropy_with_logits(z, y)",
      awkward: [
        AwkwardInput(
          "large logits",
          ["z": FormulaValue([800, -800, 1]), "y": FormulaValue([1, 0, 1])],
          "use max(z, 0) - y·z + log(1 + exp(-|z|))")
      ]),
    KnownDefinition(
      "bce_logits_each", binary, "from the logit of one sample",
      [.each("z", .real, logitNames), eachY], "logit_loss(z, y)",
      builtin: "binary_cross_entropy_with_logits(z, y)",
      awkward: [
        AwkwardInput(
          "a large logit", ["z": FormulaValue(800), "y": FormulaValue(1)],
          "use max(z, 0) - y·z + log(1 + exp(-|z|))"),
        AwkwardInput(
          "a very negative logit", ["z": FormulaValue(-800), "y": FormulaValue(0)],
          "use max(z, 0) - y·z + log(1 + exp(-|z|))"),
      ]),
    KnownDefinition(
      "focal", focal, "-α(1 - p)^γ·log p of the true class's probability, natural logarithm",
      [
        .each("p", .unit, ["p_t", "p", "p_i", "p_y", "p_hat"]),
        .scalar("a", .between(0.1, 0.9), ["alpha", "alpha_t"]),
        .scalar("g", .between(1, 4), ["gamma"]),
      ], "-a*(1 - p)^g*log(p)", needsNames: true),
    KnownDefinition(
      "focal_plain", focal, "-(1 - p)^γ·log p of the true class's probability, natural logarithm",
      [
        .each("p", .unit, ["p_t", "p", "p_i", "p_y", "p_hat"]),
        .scalar("g", .between(1, 4), ["gamma"]),
      ], "-(1 - p)^g*log(p)", needsNames: true),
    KnownDefinition(
      "label_smoothing", smoothing, "(1 - ε)·y + ε/K: some of the target goes to all classes",
      [
        .each("y", .bit, targetNames.union(["y_k", "q"])),
        .scalar("e", .between(0.05, 0.3), ["epsilon", "alpha", "varepsilon", "eps"]),
        .scalar("K", .whole(3, 9), ["K", "C", "k", "n"]),
      ], "(1 - e)*y + e/K", needsNames: true),
  ]
  private static let focal = DefinitionFamily(
    "focal", "the focal loss", names: ["fl", "focal"], words: ["focal loss", "focalloss"])
  private static let smoothing = DefinitionFamily(
    "label-smoothing", "label smoothing",
    words: ["label smoothing", "smoothed label", "标签平滑"])
}
