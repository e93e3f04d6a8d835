// What layers ask of their arguments.

import Tensors

extension FunctionCall {
  /// A size: a whole number that is at least 1 and fits a tensor.
  func size(_ name: String, atLeast minimum: Int = 1) throws(TensorError) -> Int {
    try bounded(try integer(name), name, minimum...Tensor.maximumCount)
  }

  /// A number within bounds; which of the two it passes is said.
  func bounded(_ value: Int, _ name: String, _ bounds: ClosedRange<Int>) throws(TensorError) -> Int
  {
    guard value >= bounds.lowerBound else {
      throw invalid("\(name) is at least \(bounds.lowerBound); this is \(value)")
    }
    guard value <= bounds.upperBound else {
      throw invalid("\(name) is at most \(bounds.upperBound); this is \(value)")
    }
    return value
  }
}

extension Int {
  /// `1 feature`, `3 features`
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
