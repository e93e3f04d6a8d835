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
      let far = try delta * (abs(gap) - delta / 2)
      return try select(Operation.lessOrEqual(abs(gap), delta), square(gap) / 2, far).mean()
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
}
