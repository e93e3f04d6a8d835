// Losses: how far predictions are from targets, as one number; and penalties on parameters. All but
// the penalties are means.
//
// Predictions and targets never broadcast: [n, 1] and [n] count as equal, anything else is an error,
// because a silent [n, n] is the commonest mistake there is.

extension Function {
  static let losses = distances + penalties + likelihoodLosses

  private static let distances: [Function] = [
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
      "hinge", [.tensor("scores"), .tensor("labels")],
      "The mean of max(0, 1 - label·score); the labels are -1 and 1.",
      formula: "mean(relu(1 - labels*scores))"
    ) { call throws(TensorError) in
      let (scores, labels) = try call.pair("scores", "labels")
      try call.check(
        "labels", labels, allow: { $0 == 1 || $0 == -1 }, "-1 or 1",
        help: "labels of 0 and 1 become these with 2*y - 1")
      return try Operation.relu(1 - labels * scores).mean()
    },
  ]

  private static let penalties: [Function] = [
    Function(
      "l1", [.tensors("x")], "The sum of the absolute values of all elements.",
      formula: "sum(abs(x))"
    ) { call throws(TensorError) in
      try call.total { x throws(TensorError) in try abs(x).sum() }
    },
    Function(
      "l2", [.tensors("x")],
      "The sum of the squares of all elements: no root, no mean, no factor 1/2. Added to a loss as"
        + " wd/2·l2(w) it has the gradient wd·w, as weight_decay(wd) and a library's L2 weight_decay"
        + " do.",
      formula: "sum(x^2)"
    ) { call throws(TensorError) in
      try call.total { x throws(TensorError) in try square(x).sum() }
    },
    Function(
      "elastic_net", [.tensors("x"), .tensor("ratio", .number(0.5))],
      "The elastic net: ratio of the sum of absolute values and 1 - ratio of half the sum of squares"
        + " (scikit-learn's penalty with alpha=1, ratio being its l1_ratio; Zou & Hastie 2005 have no"
        + " half).",
      formula: "ratio*l1(x) + (1 - ratio)/2*l2(x)"
    ) { call throws(TensorError) in
      let ratio = try call["ratio"]
      return try call.total { x throws(TensorError) in
        try ratio * abs(x).sum() + 0.5 * (1 - ratio) * square(x).sum()
      }
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
    if x.shape == y.shape {
      try checkNotEmpty(second, y)
      return (x, y)
    }
    if x.shape.dimensions == y.shape.dimensions + [1], y.shape.rank == 1 {
      return (try x.reshaped(y.shape), y)
    }
    if y.shape.dimensions == x.shape.dimensions + [1], x.shape.rank == 1 {
      return (x, try y.reshaped(x.shape))
    }
    throw .unequalPair(operation: function, x.shape, y.shape)
  }

  /// No figure can be told of no data at all.
  func checkNotEmpty(_ name: String, _ term: Term) throws(TensorError) {
    guard term.shape.count > 0 else {
      throw invalid(
        "\(name) is empty, of shape \(term.shape): there is nothing to compare",
        help: "show the shape of the data: a file or a split may have no rows")
    }
  }

  /// Holds elements that are known to what the function takes; others are known too late.
  func check(
    _ name: String, _ term: Term, allow: (Double) -> Bool, _ range: String,
    help: String?
  ) throws(TensorError) {
    guard let tensor = try known(term),
      let place = tensor.elements.firstIndex(where: { !allow($0) })
    else { return }
    let which = tensor.shape.isScalar ? name : "element \(place) of \(name)"
    throw invalid(
      "\(which) is \(tensor.elements[place].shortSpelling); it has to be \(range)", help: help)
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
