// What layers ask of their arguments.

import Tensors

extension FunctionCall {
  /// A size: a whole number that is at least 1 and fits a tensor.
  func size(_ name: String, atLeast minimum: Int = 1) throws(TensorError) -> Int {
    let value = try integer(name)
    guard value >= minimum, value <= Tensor.maximumCount else {
      throw invalid("\(name) is at least \(minimum); this is \(value)")
    }
    return value
  }
}

extension Int {
  /// `1 feature`, `3 features`
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
