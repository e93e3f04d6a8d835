// Class indices as rows of zeros with a single 1.

extension Operation {
  /// Attributes: the number of classes. An index outside 0 ..< classes gives a row of zeros.
  package static let oneHot: Operation = Operation(
    "one_hot", arity: 1,
    summary: "For each class index a row of zeros with a 1 at that place.",
    kernel: .composite { labels, settings throws(TensorError) in
      let count = settings.integers.first ?? 0
      let classes = Tensor((0..<count).map(Double.init), shape: [count])
      return try labels[0].withAxis(-1).equals(labels[0].builder.constant(classes))
    },
    shape: { inputs, settings in Shape(inputs[0].dimensions + settings.integers.prefix(1)) },
    type: { _ in .float64 }, domain: .integers(below: 3), pullback: nil)
}
