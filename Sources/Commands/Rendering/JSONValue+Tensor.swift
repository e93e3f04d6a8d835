// Tensors and numbers as JSON: nested arrays, or a summary when there are very many elements.

import Tensors

extension JSONValue {
  /// More elements than this are given as `{"shape": …, "first": …, "last": …, "norm": …}`.
  package static let mostElements = 10_000
  private static let mostInSummary = 3

  /// A scalar is a number; a number JSON has no form for is a string: `"nan"`, `"inf"`, `"-inf"`.
  package init(_ tensor: Tensor) {
    let elements = tensor.elements
    guard elements.count <= Self.mostElements else {
      self = .object([
        "shape": .array(tensor.shape.dimensions.map { .number(Double($0)) }),
        "first": .array(elements.prefix(Self.mostInSummary).map(JSONValue.init(number:))),
        "last": .array(elements.suffix(Self.mostInSummary).map(JSONValue.init(number:))),
        "norm": JSONValue(number: tensor.euclideanNorm),
      ])
      return
    }
    var level = elements.map(JSONValue.init(number:))
    for size in tensor.shape.dimensions.dropFirst().reversed() {
      guard size > 0, !level.isEmpty else {
        self = .array([])
        return
      }
      level = stride(from: 0, to: level.count, by: size).map {
        .array(Array(level[$0..<$0 + size]))
      }
    }
    self = tensor.shape.isScalar ? level.first ?? .null : .array(level)
  }

  package init(number: Double) {
    if number.isNaN {
      self = .string("nan")
    } else if number.isInfinite {
      self = .string(number > 0 ? "inf" : "-inf")
    } else {
      // JSON knows a -0 that nobody wants to see.
      self = .number(number == 0 ? 0 : number)
    }
  }
}
