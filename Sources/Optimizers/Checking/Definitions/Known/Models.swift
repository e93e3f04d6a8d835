// What a linear model gives, similarities, and figures of merit.

extension KnownDefinitions {
  private static let linear = DefinitionFamily(
    "linear-regression", "a linear model",
    words: [
      "linear regression", "régression linéaire", "regresión lineal", "lineare regression",
      "linear model", "线性回归",
      "neuron", "perceptron", "weighted sum", "pre-activation", "preactivation",
      "linear combination", "神经元", "感知机", "加权", "gewichtete summe", "neurone",
    ])
  private static let logistic = DefinitionFamily(
    "logistic-regression", "logistic regression",
    words: [
      "logistic regression", "régression logistique", "regresión logística", "逻辑回归",
      "logistische regression",
    ],
    admits: ["sigmoid", "binary-cross-entropy", "linear-regression"])
  private static let softmaxModel = DefinitionFamily(
    "softmax-regression", "softmax regression",
    words: ["softmax regression", "multinomial logistic", "softmax回归"],
    admits: ["softmax", "logistic-regression"])
  private static let w = KnownInput.vector("w", "k", .real, ["w", "theta", "beta", "W", "a"])
  private static let x = KnownInput.vector("x", "k", .real, ["x", "X", "phi", "h", "a"])
  private static let b = KnownInput.scalar("b", .real, ["b", "w_0", "theta_0", "beta_0", "c"])

  static let models = [
    KnownDefinition(
      "linear", linear, "weights times inputs, plus the bias", [w, x, b], "sum(w*x) + b",
      builtin: "w @ x + b"),
    KnownDefinition(
      "linear_no_bias", linear, "weights times inputs", [w, x], "sum(w*x)", builtin: "w @ x",
      needsNames: true),
    KnownDefinition(
      "linear_one", linear, "a line: slope times x, plus the bias",
      [
        .scalar("w", .real, ["w", "a", "m", "theta_1", "beta_1", "w_1", "k"]),
        .each("x", .real, ["x"]), b,
      ], "w*x + b", needsNames: true),
    // In statistics the line is a + bx.
    KnownDefinition(
      "linear_one_intercept", linear, "a line: the intercept plus slope times x",
      [
        .scalar("w", .real, ["b", "b_1", "beta"]), .each("x", .real, ["x"]),
        .scalar("b", .real, ["a", "b_0", "alpha"]),
      ], "w*x + b", needsNames: true),
    KnownDefinition(
      "logistic_one", logistic, "the sigmoid of weight times input plus the bias",
      [
        .scalar("w", .real, ["w", "theta", "beta_1", "theta_1", "w_1"]), .each("x", .real, ["x"]),
        b,
      ], "sigmoid(w*x + b)", needsNames: true),
    KnownDefinition(
      "logistic", logistic, "the sigmoid of weights times inputs plus the bias", [w, x, b],
      "sigmoid(sum(w*x) + b)", builtin: "sigmoid(w @ x + b)"),
    KnownDefinition(
      "logistic_no_bias", logistic, "the sigmoid of weights times inputs", [w, x],
      "sigmoid(sum(w*x))", builtin: "sigmoid(w @ x)"),
    KnownDefinition(
      "dense", linear, "a layer: weights times inputs, plus a bias for each output",
      [
        .matrix("W", .real, ["W", "w", "Theta"]),
        .vector("x", "k", .real, ["x", "h", "a"]), .vector("b", "n", .real, ["b"]),
      ], "W @ x + b"),
    KnownDefinition(
      "softmax_linear", softmaxModel, "softmax of one linear model for each class",
      [
        .matrix("W", .real, ["W", "w", "theta", "Theta", "beta"]),
        .vector("x", "k", .real, ["x", "h", "phi"]),
      ], "softmax(W @ x)", needsNames: true),
    KnownDefinition(
      "softmax_linear_bias", softmaxModel,
      "softmax of one linear model with a bias for each class",
      [
        .matrix("W", .real, ["W", "w", "theta", "Theta", "beta"]),
        .vector("x", "k", .real, ["x", "h", "phi"]), .vector("b", "n", .real, ["b"]),
      ], "softmax(W @ x + b)", needsNames: true),
    KnownDefinition(
      "linear_samples", linear, "inputs of all samples times weights, plus the bias",
      [.matrix("X", .real, ["X", "x", "Phi"]), w, b], "X @ w + b"),
  ]

  static let similarities = [
    KnownDefinition(
      "cosine_similarity", similarity, "the inner product divided by both lengths",
      [
        .vector("a", "k", .real, ["A", "a", "u", "x", "q", "z", "z_i"]),
        .vector("b", "k", .real, ["B", "b", "v", "y", "k", "d", "z_j", "w"]),
      ], "sum(a*b)/(norm(a)*norm(b))",
      awkward: [
        AwkwardInput(
          "a vector of zeros", ["a": FormulaValue([0, 0]), "b": FormulaValue([1, 2])],
          "say what it is when one of them has no length")
      ]),
    KnownDefinition(
      "euclidean", distance, "the length of the difference",
      [
        .vector("a", "k", .real, ["a", "x", "p", "u", "A", "y"]),
        .vector("b", "k", .real, ["b", "y", "q", "v", "B", "x"]),
      ], "norm(a - b)"),
    KnownDefinition(
      "r2", determination, "1 less the squared errors, divided by those of the mean",
      [
        .vector("p", "n", .real, predictionNames), .vector("y", "n", .real, targetNames),
        .scalar("m", .real, ["y_bar", "mu", "mu_y", "y_mean"]),
      ], "1 - sum((y - p)^2)/sum((y - m)^2)", needsNames: true),
    KnownDefinition(
      "r2_explained", determination,
      "the squares explained, divided by all: the same for a linear model fitted with a bias",
      [
        .vector("p", "n", .real, predictionNames), .vector("y", "n", .real, targetNames),
        .scalar("m", .real, ["y_bar", "mu", "mu_y", "y_mean"]),
      ], "sum((p - m)^2)/sum((y - m)^2)", needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "r2_sums_explained", determination,
      "the squares explained, divided by all: the same for a linear model fitted with a bias",
      [
        .scalar("r", .between(1, 5), ["SS_reg", "ESS", "SS_exp", "SSR", "SS_model"]),
        .scalar("t", .between(6, 20), ["SS_tot", "TSS", "SST", "SS_total"]),
      ], "r/t", needsNames: true, isOnlyRecognised: true),
    KnownDefinition(
      "r2_sums", determination, "1 less the sum of squared errors, divided by that of the mean's",
      [
        .scalar(
          "r", .between(1, 5),
          ["SS_res", "RSS", "SSE", "SS_residual", "SSR_es", "S_res", "SS_E"],
          certain: ["SS_res", "RSS", "SSE"]),
        .scalar(
          "t", .between(6, 20), ["SS_tot", "TSS", "SST", "SS_total", "S_tot", "SS_T"],
          certain: ["SS_tot", "TSS", "SST"]),
      ], "1 - r/t", needsNames: true),
    KnownDefinition(
      "gini", gini, "the Gini impurity: 1 less the sum of squared shares",
      [.vector("p", "k", .probabilities, ["p", "P", "p_k", "f"])], "1 - sum(p^2)",
      needsNames: true),
    KnownDefinition(
      "perplexity", perplexity,
      "the exponential of minus the mean logarithm of the probabilities, natural logarithm",
      [.vector("p", "n", .unit, ["p", "P", "p_theta", "P_theta", "q"])], "exp(-mean(log(p)))"),
    KnownDefinition(
      "perplexity_two", perplexity, "2 to the power of the entropy in bits",
      [.scalar("H", .positive, ["H", "L", "CE"])], "2^H", needsNames: true, needsWords: true),
    KnownDefinition(
      "perplexity_e", perplexity, "e to the power of the entropy in nats",
      [.scalar("H", .positive, ["H", "L", "CE", "NLL", "loss", "ell"])], "exp(H)", needsNames: true,
      needsWords: true),
  ]
  private static let similarity = DefinitionFamily(
    "cosine-similarity", "the cosine similarity", names: ["sim", "cossim", "similarity"],
    words: [
      "cosine similarity", "similarité cosinus", "similitud coseno", "kosinus-ähnlichkeit", "余弦相似度",
    ])
  private static let distance = DefinitionFamily(
    "distance", "the Euclidean distance",
    words: [
      "euclidean distance", "distance euclidienne", "distancia euclidiana", "euklidischer abstand",
      "欧氏距离",
    ],
    admits: ["squared-norm", "squared-error"])
  private static let determination = DefinitionFamily(
    "determination", "the coefficient of determination R²", names: ["r^2", "rsquared"],
    words: ["r squared", "r-squared", "r²", "coefficient of determination", "决定系数"])
  private static let gini = DefinitionFamily(
    "gini", "the Gini impurity", names: ["gini"], words: ["gini", "基尼"])
  private static let perplexity = DefinitionFamily(
    "perplexity", "the perplexity", names: ["ppl", "perplexity"], words: ["perplexity", "困惑度"])

  private static let accuracy = DefinitionFamily(
    "accuracy", "the accuracy", names: ["accuracy", "acc"],
    words: ["accuracy", "exactitude", "exactitud", "genauigkeit", "准确率"])
  private static let precision = DefinitionFamily(
    "precision", "the precision", names: ["precision", "prec", "ppv"], words: ["精确率", "查准率"])
  private static let recall = DefinitionFamily(
    "recall", "the recall", names: ["recall", "rec", "sensitivity", "tpr", "truepositiverate"],
    words: ["召回率", "查全率"])
  private static let f1 = DefinitionFamily(
    "f1", "the F1 score", names: ["f1", "f1score"],
    words: ["f1 score", "f1-score", "f1值"])
  private static let specificity = DefinitionFamily(
    "specificity", "the specificity", names: ["specificity", "tnr", "selectivity"],
    words: ["specificity", "特异度", "特异性"])
  private static let fallout = DefinitionFamily(
    "false-positive-rate", "the false positive rate",
    names: ["fpr", "fallout", "falsepositiverate"], words: ["false positive rate", "假阳性率"])
  private static let missRate = DefinitionFamily(
    "false-negative-rate", "the false negative rate",
    names: ["fnr", "missrate", "falsenegativerate"], words: ["false negative rate", "假阴性率"])
  private static let negativeValue = DefinitionFamily(
    "negative-predictive-value", "the negative predictive value", names: ["npv"],
    words: ["negative predictive value"])
  private static let errorRate = DefinitionFamily(
    "error-rate", "the error rate", names: ["errorrate", "error", "misclassification"],
    words: ["error rate", "错误率"])
  private static let balanced = DefinitionFamily(
    "balanced-accuracy", "the balanced accuracy", names: ["balancedaccuracy", "bacc", "bac"],
    words: ["balanced accuracy"])
  private static let jaccard = DefinitionFamily(
    "jaccard", "the Jaccard index (IoU)", names: ["iou", "jaccard"],
    words: ["jaccard", "intersection over union", "交并比"])
  private static let matthews = DefinitionFamily(
    "matthews", "Matthews's correlation coefficient", names: ["mcc"],
    words: ["matthews", "mcc", "马修斯"])
  private static let tp = KnownInput.scalar(
    "tp", .whole(20, 40), ["TP", "tp"], certain: ["TP", "tp"])
  private static let tn = KnownInput.scalar(
    "tn", .whole(41, 60), ["TN", "tn"], certain: ["TN", "tn"])
  private static let fp = KnownInput.scalar(
    "fp", .whole(3, 9), ["FP", "fp"], certain: ["FP", "fp"])
  private static let fn = KnownInput.scalar(
    "fn", .whole(10, 19), ["FN", "fn"], certain: ["FN", "fn"])
  private static let none = [
    AwkwardInput(
      "nothing found", ["tp": FormulaValue(0), "fp": FormulaValue(0), "fn": FormulaValue(0)],
      "say what it is when nothing is predicted")
  ]

  static let metrics = [
    KnownDefinition(
      "accuracy", accuracy, "the share predicted right", [tp, tn, fp, fn],
      "(tp + tn)/(tp + tn + fp + fn)", builtin: "accuracy(p, y)", needsNames: true),
    KnownDefinition(
      "accuracy_labels", accuracy, "the share of labels predicted right",
      [
        .vector("p", "n", .whole(1, 3), predictionNames),
        .vector("y", "n", .whole(1, 3), targetNames),
      ], "mean(p == y)", builtin: "accuracy(p, y)"),
    KnownDefinition(
      "precision", precision, "of those predicted positive, the share that is", [tp, fp],
      "tp/(tp + fp)", builtin: "precision(p, y)", needsNames: true, awkward: none),
    KnownDefinition(
      "recall", recall, "of the positive, the share that is found", [tp, fn], "tp/(tp + fn)",
      builtin: "recall(p, y)", needsNames: true, awkward: none),
    KnownDefinition(
      "f1", f1, "the harmonic mean of precision and recall",
      [
        .scalar("P", .between(0.2, 0.9), ["P", "precision", "Precision", "prec", "p"]),
        .scalar("R", .between(0.2, 0.9), ["R", "recall", "Recall", "rec", "r"]),
      ], "2*P*R/(P + R)", builtin: "f1(p, y)", needsNames: true,
      awkward: [
        AwkwardInput(
          "precision and recall are 0", ["P": FormulaValue(0), "R": FormulaValue(0)],
          "say what it is when both are 0")
      ]),
    KnownDefinition(
      "f_beta", f1, "the weighted harmonic mean of precision and recall",
      [
        .scalar("P", .between(0.2, 0.9), ["P", "precision", "Precision", "prec", "p"]),
        .scalar("R", .between(0.2, 0.9), ["R", "recall", "Recall", "rec", "r"]),
        .scalar("b", .between(0.4, 2.5), ["beta", "b"], certain: ["beta"]),
      ], "(1 + b^2)*P*R/(b^2*P + R)", needsNames: true),
    KnownDefinition(
      "specificity", specificity, "of the negative, the share that is called so", [tn, fp],
      "tn/(tn + fp)", needsNames: true),
    KnownDefinition(
      "false_positive_rate", fallout, "of the negative, the share that is called positive",
      [fp, tn], "fp/(fp + tn)", needsNames: true),
    KnownDefinition(
      "false_negative_rate", missRate, "of the positive, the share that is missed", [fn, tp],
      "fn/(fn + tp)", needsNames: true),
    KnownDefinition(
      "negative_predictive_value", negativeValue, "of those called negative, the share that is",
      [tn, fn], "tn/(tn + fn)", needsNames: true),
    KnownDefinition(
      "error_rate", errorRate, "the share predicted wrong", [tp, tn, fp, fn],
      "(fp + fn)/(tp + tn + fp + fn)", needsNames: true),
    KnownDefinition(
      "balanced_accuracy", balanced, "the mean of recall and specificity", [tp, tn, fp, fn],
      "(tp/(tp + fn) + tn/(tn + fp))/2", needsNames: true),
    KnownDefinition(
      "jaccard", jaccard, "the hits among all that is positive or called so", [tp, fp, fn],
      "tp/(tp + fp + fn)", needsNames: true),
    KnownDefinition(
      "matthews", matthews, "the correlation of what is and what is predicted (Matthews 1975)",
      [tp, tn, fp, fn],
      "(tp*tn - fp*fn)/sqrt((tp + fp)*(tp + fn)*(tn + fp)*(tn + fn))", needsNames: true),
    KnownDefinition(
      "f1_counts", f1, "the harmonic mean of precision and recall, from counts", [tp, fp, fn],
      "2*tp/(2*tp + fp + fn)", builtin: "f1(p, y)", needsNames: true),
  ]
}
