// Class indices as rows of zeros with a single 1.

extension Operation {
  /// Attributes: the number of classes. An index outside 0 ..< classes gives a row of NaN.
  package static let oneHot: Operation = Operation(
    "one_hot", arity: 1,
    summary: "For each class index a row of zeros with a 1 at that place.",
    kernel: .general { call in
      let classes = call.attributes.integers.first ?? 0
      for (row, label) in call.inputs[0].enumerated() {
        let isValid = label >= 0 && label < Double(classes) && label == label.rounded()
        for k in 0..<classes {
          call.output[row * classes + k] = isValid ? (Double(k) == label ? 1 : 0) : .nan
        }
      }
    },
    shape: { inputs, settings in Shape(inputs[0].dimensions + settings.integers.prefix(1)) },
    type: { _ in .float64 }, domain: .integers(below: 3), pullback: nil)
}
