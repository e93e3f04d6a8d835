// Functions of the order of elements, and of class indices.

extension Function {
  static let ordering: [Function] = [
    Function(
      "cumsum", [.tensor("x"), .axes("axis", .integers([0]))],
      "The sums of the elements so far along an axis."
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try x.then(.cumulativeSum, Attributes(integers: [call.axis(of: x.shape)]))
    },
    sorting(
      .sort, "The elements in ascending order along an axis; descending=true for the largest first."
    ),
    sorting(.argsort, "The indices that put the elements along an axis in ascending order."),
    Function(
      "pick", [.tensor("x"), .tensor("index")],
      "From each row the element at the index given for that row.",
      formula: "x[arange(rows(x)), index]"
    ) { call throws(TensorError) in
      try call["x"].picked(call["index"], call)
    },
    Function(
      "scatter_add", [.tensor("x"), .tensor("index"), .integer("size")],
      "Zeros of that many rows, to which the rows of x are added at the given positions: the"
        + " gradient of choosing rows by an index."
    ) { call throws(TensorError) in
      let (x, index) = (try call["x"], try call["index"])
      let size = try call.integer("size")
      guard size >= 0, x.shape.rank >= index.shape.rank else {
        throw .shapeMismatch(operation: "scatter_add", x.shape, index.shape)
      }
      let sizes = [size] + x.shape.dimensions.dropFirst(index.shape.rank)
      let settings = Attributes(integers: [-sizes.count] + sizes)
      return try call.builder.apply(.scatterAdd, [x, index], settings)
    },
    Function(
      "one_hot", [.tensor("labels"), .integer("classes", .absent)],
      "For each class index a row of zeros with a 1 at that place; classes may be left out for"
        + " constant labels, whose largest it is then taken from."
    ) { call throws(TensorError) in
      try call.oneHot(call["labels"])
    },
  ]

  private static func sorting(_ operation: Operation, _ summary: String) -> Function {
    Function(
      operation.name, [.tensor("x"), .axes("axis", .integers([-1])), .flag("descending")], summary
    ) { call throws(TensorError) in
      let x = try call["x"]
      let axis = try call.axis(of: x.shape)
      let settings = Attributes(flag: call.flag("descending"))
      if axis == -1 { return try x.then(operation, settings) }
      // The operation works along the last axis: exchange it with the one asked for.
      var order = Array(-x.shape.rank..<0)
      order.swapAt(order.count + axis, order.count - 1)
      let exchange = Attributes(integers: order)
      return try x.then(.permute, exchange).then(operation, settings).then(.permute, exchange)
    }
  }
}

extension Term {
  /// One element of each row. Constant indices are checked against the size of a row.
  func picked(_ index: Term, _ call: FunctionCall) throws(TensorError) -> Term {
    var index = index
    let rows = Array(shape.dimensions.dropLast())
    if index.shape.dimensions == rows + [1], index.shape.rank > 1 {
      index = try index.withoutAxis(-1)
    }
    try call.checkClasses(index, count: shape.size(-1) ?? 1)
    return try Operation.pick(self, index)
  }
}

extension FunctionCall {
  /// Class indices that are known have to be whole and in 0 ..< count.
  func checkClasses(_ labels: Term, count: Int, what: String = "label") throws(TensorError) {
    guard let tensor = try known(labels) else { return }
    for (place, label) in tensor.elements.enumerated() {
      if let whole = Int(exactly: label), whole >= 0, whole < count { continue }
      let owner =
        tensor.shape.isScalar ? "the \(what)" : "row \(place), counted from 0, has the \(what)"
      let shown = Int(exactly: label).map(String.init) ?? "\(label)"
      throw invalid(
        "\(owner) \(tensor.shape.isScalar ? "is " : "")\(shown); classes are "
          + (count == Int.max ? "0, 1, 2, …" : count == 1 ? "0 only" : "0 … \(count - 1)"),
        help: "codes(d.column) numbers the classes of a data set from 0")
    }
  }

  fileprivate func oneHot(_ labels: Term) throws(TensorError) -> Term {
    var largest: Int?
    if integers("classes") == nil, let tensor = try known(labels) {
      try checkClasses(labels, count: Int.max)
      largest = tensor.elements.max().flatMap { Int(exactly: $0) }
    }
    guard let classes = integers("classes")?.first ?? largest.map({ $0 + 1 }) else {
      throw invalid("the number of classes is not known", help: "give it: one_hot(y, classes=3)")
    }
    guard classes > 0, classes <= Tensor.maximumCount else {
      throw invalid("\(classes) classes are not possible")
    }
    try checkClasses(labels, count: classes)
    return try labels.then(.oneHot, Attributes(integers: [classes]))
  }
}
