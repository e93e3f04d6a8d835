// Losses: how far predictions are from targets, as one number. All but the sums l1 and l2 are means.
//
// Predictions and targets never broadcast: [n, 1] and [n] count as equal, anything else is an error,
// because a silent [n, n] is the commonest mistake there is.

extension Function {
  static let losses: [Function] = [
    paired("mse", "The mean of the squared differences.", formula: "mean((x - y)^2)") {
      x, y throws(TensorError) in
      try square(x - y).mean()
    },
    paired(
      "rmse", "The square root of the mean of the squared differences.",
      formula: "sqrt(mean((x - y)^2))"
    ) { x, y throws(TensorError) in
      try sqrt(square(x - y).mean())
    },
    paired("mae", "The mean of the absolute differences.", formula: "mean(abs(x - y))") {
      x, y throws(TensorError) in
      try abs(x - y).mean()
    },
    Function(
      "huber", [.tensor("x"), .tensor("y"), .tensor("delta", .number(1))],
      "The mean of d²/2 where the difference d is at most delta in size, delta·(|d| - delta/2)"
        + " elsewhere.",
      formula: "mean(where(abs(x - y) <= delta, (x - y)^2/2, delta*(abs(x - y) - delta/2)))"
    ) { call throws(TensorError) in
      let (x, y) = try call.pair("x", "y")
      let delta = try call["delta"]
      let gap = try x - y
      let near = try 0.5 * square(gap)
      let far = try delta * (abs(gap) - 0.5 * delta)
      return try select(Operation.lessOrEqual(abs(gap), delta), near, far).mean()
    },
    Function(
      "l1", [.tensors("x")], "The sum of the absolute values of all elements.",
      formula: "sum(abs(x))"
    ) { call throws(TensorError) in
      try call.total { x throws(TensorError) in try abs(x).sum() }
    },
    Function(
      "l2", [.tensors("x")],
      "The sum of the squares of all elements: no root, no mean, no factor 1/2.",
      formula: "sum(x^2)"
    ) { call throws(TensorError) in
      try call.total { x throws(TensorError) in try square(x).sum() }
    },
    paired(
      "hinge", of: ["scores", "labels"],
      "The mean of max(0, 1 - label·score); the labels are -1 and 1.",
      formula: "mean(relu(1 - labels*scores))"
    ) { scores, labels throws(TensorError) in
      try Operation.relu(1 - labels * scores).mean()
    },
    Function(
      "cross_entropy", [.tensor("logits"), .tensor("target")],
      "The mean over rows of -log softmax(logits) at the target: a class index for each row, or a"
        + " row of probabilities (one-hot). Natural logarithm; the logits are not normalised before.",
      formula: "-mean(pick(log_softmax(logits), target))"
    ) { call throws(TensorError) in
      let logits = try call["logits"]
      let axes = logits.shape.isScalar ? [] : [-1]
      return try call.likelihoodLoss(logits.then(.logSoftmax, Attributes(integers: axes)))
    },
    Function(
      "nll", [.tensor("log_probabilities"), .tensor("target")],
      "The mean over rows of -log_probabilities at the target: a class index for each row, or a row"
        + " of probabilities (one-hot).",
      formula: "-mean(pick(log_probabilities, target))"
    ) { call throws(TensorError) in try call.likelihoodLoss(call["log_probabilities"]) },
    paired(
      "binary_cross_entropy", of: ["p", "y"],
      "The mean of -y·log(p) - (1 - y)·log(1 - p) for probabilities p; natural logarithms, taken as"
        + " -100 where they are less.",
      formula: "-mean(y*log(p) + (1 - y)*log(1 - p))"
    ) { p, y throws(TensorError) in try Operation.bernoulliLoss(p, y).mean() },
    paired(
      "binary_cross_entropy_with_logits", of: ["z", "y"],
      "The binary cross-entropy of sigmoid(z) for logits z, without overflow: the mean of"
        + " log(1 + exp(z)) - y·z.",
      formula: "mean(softplus(z) - y*z)"
    ) { z, y throws(TensorError) in try Operation.logitLoss(z, y).mean() },
    paired(
      "kl", of: ["p", "q"],
      "The Kullback-Leibler divergence of q from p: the sum over a row of p·log(p/q), and the mean"
        + " of that over rows. Both are probabilities; natural logarithm; 0·log(0) is 0.",
      formula: "mean(sum(xlogy(p, p) - xlogy(p, q), axis=-1))"
    ) { p, q throws(TensorError) in
      let terms = try Operation.xlogy(p, p) - Operation.xlogy(p, q)
      return try terms.shape.isScalar ? terms : terms.sum([-1]).mean()
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

  static func paired(
    _ name: String, of names: [String] = ["x", "y"], _ summary: String, formula: String? = nil,
    _ body: @escaping @Sendable (Term, Term) throws(TensorError) -> Term
  ) -> Function {
    Function(name, names.map { .tensor($0) }, summary, formula: formula) {
      call throws(TensorError) in
      let (x, y) = try call.pair(names[0], names[1])
      return try body(x, y)
    }
  }
}

extension FunctionCall {
  /// Two tensors of equal shape; [n, 1] beside [n] is read as [n].
  func pair(_ first: String, _ second: String) throws(TensorError) -> (Term, Term) {
    let (x, y) = (try self[first], try self[second])
    if x.shape == y.shape { return (x, y) }
    if x.shape.dimensions == y.shape.dimensions + [1], y.shape.rank == 1 {
      return (try x.reshaped(y.shape), y)
    }
    if y.shape.dimensions == x.shape.dimensions + [1], x.shape.rank == 1 {
      return (x, try y.reshaped(x.shape))
    }
    throw .shapeMismatch(operation: function, x.shape, y.shape)
  }

  /// The sum over all the tensors given.
  fileprivate func total(
    _ body: (Term) throws(TensorError) -> Term
  ) throws(TensorError) -> Term {
    var result: Term?
    for x in all("x") {
      let part = try body(x)
      result = if let sum = result { try sum + part } else { part }
    }
    guard let result else { throw invalid("there is nothing to add up") }
    return result
  }

  /// Minus the mean, over rows, of log-probabilities at class indices or weighed by probabilities.
  fileprivate func likelihoodLoss(_ logs: Term) throws(TensorError) -> Term {
    let target = try self["target"]
    if target.shape == logs.shape, !logs.shape.isScalar {
      return try -((target * logs).sum([-1]).mean())
    }
    let rows = Array(logs.shape.dimensions.dropLast())
    guard !logs.shape.isScalar,
      target.shape.dimensions == rows || target.shape.dimensions == rows + [1]
    else { throw .shapeMismatch(operation: function, logs.shape, target.shape) }
    return try -(logs.picked(target, self).mean())
  }
}
