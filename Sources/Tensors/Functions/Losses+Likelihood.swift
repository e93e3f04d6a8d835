// Losses of probabilities: cross-entropies, the divergence of distributions, distillation. Natural
// logarithms throughout; classes are along the last axis.

extension Function {
  static let likelihoodLosses: [Function] = [
    Function(
      "cross_entropy",
      [
        .tensor("logits"), .tensor("target"), .number("smoothing", .number(0)),
        .tensor("weights", .absent), .flag("probabilities"),
      ],
      "The mean over rows of -log softmax(logits) at the target: a class index for each row, or a"
        + " row of probabilities (one-hot). Natural logarithm; the logits are not normalised before."
        + " With probabilities=true the first argument is taken as the probabilities themselves."
        + " smoothing=ε makes of the target (1 - ε)·target + ε/classes. weights are one for each"
        + " class; for class indices the mean is then weighted with them, for rows of probabilities"
        + " it is still over rows, as in PyTorch.",
      formula: "-mean(pick(log_softmax(logits), target))"
    ) { call throws(TensorError) in
      let x = try call["logits"]
      guard call.flag("probabilities") else {
        let axes = x.shape.isScalar ? [] : [-1]
        let logs = try x.then(.logSoftmax, Attributes(integers: axes))
        return try call.likelihoodLoss(logs) { soft throws(TensorError) in try soft * logs }
      }
      try call.checkProbabilities("logits", x, "leave out probabilities=true for logits")
      return try call.likelihoodLoss(log(x)) { soft throws(TensorError) in
        try Operation.xlogy(soft, x)
      }
    },
    Function(
      "nll",
      [
        .tensor("log_probabilities"), .tensor("target"), .number("smoothing", .number(0)),
        .tensor("weights", .absent),
      ],
      "The mean over rows of -log_probabilities at the target: a class index for each row, or a row"
        + " of probabilities (one-hot). smoothing and weights as in cross_entropy.",
      formula: "-mean(pick(log_probabilities, target))"
    ) { call throws(TensorError) in
      let logs = try call["log_probabilities"]
      try call.check(
        "log_probabilities", logs, allow: { $0 <= 0 || $0.isNaN },
        "at most 0, the logarithm of a probability",
        help: "for logits there is cross_entropy(z, y), for probabilities nll(log(p), y)")
      return try call.likelihoodLoss(logs) { soft throws(TensorError) in try soft * logs }
    },
    Function(
      "binary_cross_entropy", [.tensor("p"), .tensor("y"), .tensor("weights", .absent)],
      "The mean of -y·log(p) - (1 - y)·log(1 - p) for probabilities p; natural logarithms, taken as"
        + " -100 where they are less, as in PyTorch. weights multiply each element's part of the"
        + " mean.",
      formula: "-mean(y*log(p) + (1 - y)*log(1 - p))"
    ) { call throws(TensorError) in
      let (p, y) = try call.pair("p", "y")
      try call.checkProbabilities(
        "p", p, "for logits there is binary_cross_entropy_with_logits(z, y)")
      try call.checkProbabilities("y", y, nil)
      return try call.weighted(Operation.bernoulliLoss(p, y)).mean()
    },
    Function(
      "binary_cross_entropy_with_logits",
      [
        .tensor("z"), .tensor("y"), .tensor("weights", .absent), .tensor("pos_weight", .absent),
      ],
      "The binary cross-entropy of sigmoid(z) for logits z, without overflow: the mean of"
        + " log(1 + exp(z)) - y·z. weights multiply each element's part of the mean; pos_weight the"
        + " part of the positive class, y·log(sigmoid(z)), alone.",
      formula: "mean(softplus(z) - y*z)"
    ) { call throws(TensorError) in
      let (z, y) = try call.pair("z", "y")
      try call.checkProbabilities("y", y, nil)
      guard let positive = try call.optional("pos_weight") else {
        return try call.weighted(Operation.logitLoss(z, y)).mean()
      }
      let terms = try positive * y * softplus(-z) + (1 - y) * softplus(z)
      guard terms.shape == z.shape else {
        throw .shapeMismatch(operation: call.function, z.shape, positive.shape)
      }
      return try call.weighted(terms).mean()
    },
    Function(
      "kl", [.tensor("p"), .tensor("q")],
      "The Kullback-Leibler divergence of q from p: the sum over a row of p·log(p/q), and the mean"
        + " of that over rows. Both are probabilities; natural logarithm; 0·log(0) is 0. PyTorch's"
        + " kl_div(log(q), p, reduction=\"batchmean\").",
      formula: "mean(sum(xlogy(p, p) - xlogy(p, q), axis=-1))"
    ) { call throws(TensorError) in
      let (p, q) = try call.pair("p", "q")
      let help = "kl takes probabilities: softmax(…) of logits"
      try call.checkProbabilities("p", p, help)
      try call.checkProbabilities("q", q, help)
      let terms = try Operation.xlogy(p, p) - Operation.xlogy(p, q)
      return try terms.shape.isScalar ? terms : terms.sum([-1]).mean()
    },
    Function(
      "distill",
      [.tensor("student"), .tensor("teacher"), .tensor("temperature", .number(1))],
      "The loss of a student that learns from a teacher's soft targets: T² times the divergence of"
        + " softmax(student/T) from softmax(teacher/T), the mean over rows, for logits and a"
        + " temperature T (Hinton, Vinyals & Dean 2015, section 2, whose T² keeps the gradient's size"
        + " whatever T is). No gradient passes to the teacher.",
      formula: "temperature^2*kl(softmax(stop_gradient(teacher)/temperature),"
        + " softmax(student/temperature))"
    ) { call throws(TensorError) in
      let (student, teacher) = (try call["student"], try call["teacher"])
      guard student.shape == teacher.shape, !student.shape.isScalar else {
        throw .unequalPair(operation: call.function, student.shape, teacher.shape)
      }
      try call.checkNotEmpty("teacher", teacher)
      let temperature = try call["temperature"]
      try call.check("temperature", temperature, allow: { $0 > 0 }, "above 0", help: nil)
      let settings = Attributes(integers: [-1])
      let soft = try teacher.then(.stopGradient) / temperature
      let target = try soft.then(.softmax, settings)
      let gap =
        try soft.then(.logSoftmax, settings)
        - (student / temperature).then(.logSoftmax, settings)
      return try square(temperature) * (target * gap).sum([-1]).mean()
    },
    paired("bernoulli_loss", of: ["p", "y"], Operation.bernoulliLoss.summary) {
      p, y throws(TensorError) in
      try Operation.bernoulliLoss(p, y)
    },
    paired(
      "logit_loss", of: ["z", "y"], Operation.logitLoss.summary, formula: "softplus(z) - y*z"
    ) { z, y throws(TensorError) in try Operation.logitLoss(z, y) },
    Function(
      "xlogy", [.tensor("x"), .tensor("y")], Operation.xlogy.summary,
      formula: "where(x == 0, 0, x*log(y))"
    ) { call throws(TensorError) in
      let (x, y) = (try call["x"], try call["y"])
      let shape = try Operation.commonShape("xlogy", [x.shape, y.shape])
      return try Operation.xlogy(x.broadcast(to: shape), y.broadcast(to: shape))
    },
  ]
}

extension FunctionCall {
  fileprivate func checkProbabilities(
    _ name: String, _ term: Term, _ help: String?
  ) throws(TensorError) {
    try check(name, term, allow: { $0 >= 0 && $0 <= 1 || $0.isNaN }, "from 0 to 1", help: help)
  }

  /// Each element times its weight, if there are any.
  fileprivate func weighted(_ terms: Term) throws(TensorError) -> Term {
    guard let weights = try optional("weights") else { return terms }
    let result = try terms * weights
    guard result.shape == terms.shape else {
      throw .shapeMismatch(operation: function, terms.shape, weights.shape)
    }
    return result
  }

  /// Minus the mean, over rows, of log-probabilities at class indices or weighed by probabilities.
  /// - Parameter weighing: the products of probabilities and log-probabilities.
  fileprivate func likelihoodLoss(
    _ logs: Term, weighing: (Term) throws(TensorError) -> Term
  ) throws(TensorError) -> Term {
    let target = try self["target"]
    try checkNotEmpty("target", target)
    let smoothing = try number("smoothing")
    guard smoothing >= 0, smoothing <= 1 else { throw invalid("smoothing is from 0 to 1") }
    let classes = Double(logs.shape.size(-1) ?? 1)
    let weights = try classWeights(like: logs)
    if target.shape == logs.shape, !logs.shape.isScalar {
      try checkProbabilities("target", target, "class indices have one axis less than the logits")
      let soft = smoothing == 0 ? target : try (1 - smoothing) * target + smoothing / classes
      var terms = try weighing(soft)
      if let weights { terms = try terms * weights }
      return try -(terms.sum([-1]).mean())
    }
    let rows = Array(logs.shape.dimensions.dropLast())
    guard !logs.shape.isScalar,
      target.shape.dimensions == rows || target.shape.dimensions == rows + [1]
    else { throw .classShape(operation: function, logs.shape, target.shape) }
    let hits = try logs.picked(target, self)
    guard let weights else {
      let mean = try -(hits.mean())
      guard smoothing > 0 else { return mean }
      return try (1 - smoothing) * mean - smoothing / classes * logs.sum([-1]).mean()
    }
    let shares = try weights.picked(target, self)
    let total = try shares.sum()
    let mean = try -((shares * hits).sum()) / total
    guard smoothing > 0 else { return mean }
    return try (1 - smoothing) * mean - smoothing / classes * (weights * logs).sum() / total
  }

  /// The weight of each class, repeated for every row.
  private func classWeights(like logs: Term) throws(TensorError) -> Term? {
    guard let weights = try optional("weights") else { return nil }
    guard let classes = logs.shape.size(-1), weights.shape.dimensions == [classes] else {
      throw invalid(
        "weights of shape \(weights.shape) do not fit \(logs.shape.size(-1) ?? 0) classes",
        help: "weights are one number for each class")
    }
    return try weights.broadcast(to: logs.shape)
  }
}
