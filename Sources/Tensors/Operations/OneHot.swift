// Class indices as rows of zeros with a single 1.

extension Operation {
  /// Attributes: the number of classes. An index outside 0 ..< classes gives a row of zeros.
  package static let oneHot: Operation = Operation(
    "one_hot", arity: 1,
    summary: "For each class index a row of zeros with a 1 at that place.",
    kernel: .composite { labels, settings throws(TensorError) in
      let count = labels[0].shape.count == 0 ? 0 : settings.integers.first ?? 0
      let classes = Tensor((0..<count).map(Double.init), shape: [count])
      let hits = try labels[0].withAxis(-1).equals(labels[0].builder.constant(classes))
      // Where there are no labels, nothing is made for them to be compared with.
      return try hits.reshaped(Shape(labels[0].shape.dimensions + settings.integers.prefix(1)))
    },
    shape: { inputs, settings in Shape(inputs[0].dimensions + settings.integers.prefix(1)) },
    type: { _ in .float64 }, domain: .integers(below: 3), pullback: nil)
}
