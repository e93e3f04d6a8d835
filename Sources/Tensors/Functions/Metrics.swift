// How good predictions are, in the figures people report. None of them is meant to be minimised: most
// are flat almost everywhere, so their gradients are zero.
//
// Where a prediction is wanted for each label, it may be a row of logits or probabilities, one for
// each class, whose largest counts; or a single number.

extension Function {
  private static let prediction =
    " x has for each label a row of logits or probabilities, whose largest is the prediction, or one"
    + " number: a class, or the probability of class 1, rounded (0.5 to 0). threshold=0 predicts class"
    + " 1 above 0, as suits a single logit."
  private static let averages =
    " With two classes it is that of class 1, with more the mean over all classes; per_class=true"
    + " gives one for each. 0 where there is nothing to divide by."
  private static let parameters: [Parameter] = [
    .tensor("x"), .tensor("y"), .tensor("threshold", .absent), .integer("classes", .absent),
  ]

  static let metrics: [Function] = [
    Function(
      "accuracy", [.tensor("x"), .tensor("y"), .tensor("threshold", .absent)],
      "The share of labels y that are predicted right." + prediction,
      formula: "mean(argmax(x, axis=-1) == y)"
    ) { call throws(TensorError) in
      let (predicted, labels, _) = try call.predictions()
      return try predicted.equals(labels).mean()
    },
    Function(
      "top_k_accuracy", aliases: ["top_k"], [.tensor("x"), .tensor("y"), .integer("k")],
      "The share of labels y whose logit is among the k largest of its row; one that ties with the"
        + " k-th counts.",
      formula: "mean(sum(x > pick(x, y)[:, none], axis=-1) < k)"
    ) { call throws(TensorError) in
      let x = try call["x"]
      try call.checkNotEmpty("y", call["y"])
      let k = try call.integer("k")
      guard k > 0 else { throw call.invalid("k is at least 1") }
      let own = try x.picked(call["y"], call).withAxis(-1)
      let better = try x.isAbove(own).sum([-1])
      return try better.isBelow(Double(k)).mean()
    },
    Function(
      "confusion", parameters,
      "How often each class was taken for each: a row for each label, a column for each prediction."
        + prediction + " judge prints it with names.",
      formula: "one_hot(y).T @ one_hot(argmax(x, axis=-1))"
    ) { call throws(TensorError) in try call.confusion() },
    Function(
      "precision", parameters + [.flag("per_class")],
      "Of the rows predicted to be of a class, the share that is." + averages + prediction,
      formula: "tp/(tp + fp)"
    ) { call throws(TensorError) in
      let (hits, predicted, _) = try call.classCounts()
      return try call.averaged(hits, over: predicted)
    },
    Function(
      "recall", parameters + [.flag("per_class")],
      "Of the rows of a class, the share predicted to be of it." + averages + prediction,
      formula: "tp/(tp + fn)"
    ) { call throws(TensorError) in
      let (hits, _, labelled) = try call.classCounts()
      return try call.averaged(hits, over: labelled)
    },
    Function(
      "f1", parameters + [.flag("per_class")],
      "The harmonic mean of precision and recall." + averages + prediction,
      formula: "2*tp/(2*tp + fp + fn)"
    ) { call throws(TensorError) in
      let (hits, predicted, labelled) = try call.classCounts()
      return try call.averaged(2 * hits, over: predicted + labelled)
    },
    Function(
      "r2", [.tensor("x"), .tensor("y")],
      "The coefficient of determination of predictions x for targets y: 1 less the squared errors"
        + " divided by the squared differences of the targets from their mean. 1 is perfect, 0 as good"
        + " as the mean, and it may be negative. Of several columns, the mean over them.",
      formula: "1 - sum((y - x)^2)/sum((y - mean(y))^2)"
    ) { call throws(TensorError) in
      let (x, y) = try call.pair("x", "y")
      guard !y.shape.isScalar else {
        throw .wrongRank(operation: "r2", y.shape, expected: "several targets")
      }
      if let column = try call.checkedNumbers(y)?.constantColumn {
        throw .column(
          operation: "r2", of: y.id, column: column, message: "has the same target in every row",
          help: "R² compares with the mean, which would be perfect here")
      }
      let axes = [-y.shape.rank]
      let errors = try square(y - x).sum(axes)
      let spread = try square(y - y.mean(axes, keeping: true)).sum(axes)
      return try (1 - errors / spread).mean()
    },
    Function(
      "perplexity", [.tensor("logits"), .tensor("target")],
      "exp of the mean cross-entropy of logits at the target classes: among how many equally likely"
        + " classes one would be as unsure. 1 is certain and right.",
      formula: "exp(cross_entropy(logits, target))"
    ) { call throws(TensorError) in
      let logits = try call["logits"]
      try call.checkNotEmpty("target", call["target"])
      guard !logits.shape.isScalar else {
        throw .wrongRank(operation: "perplexity", logits.shape, expected: "a row of logits")
      }
      let logs = try logits.then(.logSoftmax, Attributes(integers: [-1]))
      return try exp(-(logs.picked(call["target"], call).mean()))
    },
  ]
}

extension FunctionCall {
  /// The predicted classes, the labels in the same shape, and how many classes there are if the
  /// width of x tells.
  fileprivate func predictions() throws(TensorError) -> (x: Term, y: Term, classes: Int?) {
    let x = try self["x"]
    var y = try self["y"]
    try checkNotEmpty("y", y)
    let width = x.shape.size(-1) ?? 1
    let rows = Array(x.shape.dimensions.dropLast())
    if x.shape.rank > 1, width > 1 {
      let settings = Attributes(integers: [-1])
      if y.shape == x.shape {
        // One-hot rows, or probabilities.
        return (try x.then(.argmax, settings), try y.then(.argmax, settings), width)
      }
      if y.shape.dimensions == rows + [1] { y = try y.withoutAxis(-1) }
      if y.shape.dimensions == rows {
        try checkClasses(y, count: width)
        return (try x.then(.argmax, settings), y, width)
      }
    }
    let (single, labels) = try pair("x", "y")
    guard let threshold = try optional("threshold") else { return (try round(single), labels, nil) }
    return (try single.isAbove(threshold), labels, 2)
  }

  /// How often each class (a row) was taken for each (a column).
  fileprivate func confusion() throws(TensorError) -> Term {
    let (predicted, labels, width) = try predictions()
    var classes = integers("classes")?.first ?? width
    if classes == nil, let largest = try known(labels)?.elements.max(), largest >= 0, largest < 1e6
    {
      classes = max(2, Int(largest.rounded(.up)) + 1)
    }
    guard let classes else {
      throw invalid("the number of classes is not known", help: "give it: classes=3")
    }
    guard classes > 0, Shape([classes, classes]).count <= Tensor.maximumCount,
      Shape([labels.shape.count, classes]).count <= Tensor.maximumCount
    else { throw invalid("\(classes) classes are not possible") }
    try checkClasses(labels, count: classes)
    try checkClasses(predicted, count: classes, what: "prediction")
    let settings = Attributes(integers: [classes])
    let count = Shape([labels.shape.count])
    let truth = try labels.reshaped(count).then(.oneHot, settings)
    let guess = try predicted.reshaped(count).then(.oneHot, settings)
    return try truth.then(.transpose).matmul(guess)
  }

  /// For each class how many are predicted right, predicted at all, and there.
  fileprivate func classCounts() throws(TensorError) -> (hits: Term, predicted: Term, there: Term) {
    let matrix = try confusion()
    let size = matrix.shape.size(-1) ?? 1
    let places = (0..<size).map(Double.init)
    let diagonal = try matrix.picked(
      builder.constant(Tensor(places, shape: [size], type: .int64)), self)
    return (diagonal, try matrix.sum([-2]), try matrix.sum([-1]))
  }

  fileprivate func averaged(_ part: Term, over whole: Term) throws(TensorError) -> Term {
    let shares = try select(whole.equals(0), 0, part / whole)
    if flag("per_class") { return shares }
    guard shares.shape.count == 2 else { return try shares.mean() }
    let second = AxisSlice(start: 1, count: 1, dropsAxis: true)
    return try shares.then(.slice, AxisSlice.encode([second], of: shares.shape))
  }
}
