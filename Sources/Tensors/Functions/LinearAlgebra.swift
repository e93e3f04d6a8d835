// Products of vectors and matrices, and what else is asked of a matrix.

extension Function {
  static let linear: [Function] = [
    Function(.matmul, ["a", "b"]),
    Function(.outer, ["a", "b"]),
    Function(
      "dot", [.tensor("a"), .tensor("b")],
      "The sum of the products of elements of two vectors, or the matrix product."
    ) { call throws(TensorError) in try call["a"].matmul(call["b"]) },
    Function(
      "one_hot", [.tensor("labels"), .integer("classes", .absent)],
      "For each class index a row of zeros with a 1 at that place; classes may be left out for"
        + " constant labels, whose largest it is then taken from."
    ) { call throws(TensorError) in
      try call.oneHot(call["labels"])
    },
  ]
}

extension FunctionCall {
  fileprivate func oneHot(_ labels: Term) throws(TensorError) -> Term {
    var largest: Double?
    if case .constant(let tensor) = builder.graph[labels.id].kind {
      largest = tensor.elements.max()
      if let wrong = tensor.elements.first(where: { $0 < 0 || $0 != $0.rounded() }) {
        throw invalid("\(wrong) is not a class index", help: "classes count from 0")
      }
    }
    guard let classes = integers("classes")?.first ?? largest.flatMap({ Int(exactly: $0 + 1) })
    else {
      throw invalid("the number of classes is not known", help: "give it: one_hot(y, classes=3)")
    }
    guard classes > 0, classes <= Tensor.maximumCount else {
      throw invalid("\(classes) classes are not possible")
    }
    if let largest, largest >= Double(classes) {
      throw .indexOutOfRange(index: Int(exactly: largest) ?? Int.max, size: classes)
    }
    return try labels.then(.oneHot, Attributes(integers: [classes]))
  }
}
