// An element of a tensor as its type asks: a bool is 0 or 1, an integer has all its digits.

import Diagnostics
import Tensors

extension NumberFormat {
  package static func text(_ value: Double, type: ElementType, digits: Int) -> String {
    switch type {
    case .bool: value == 0 ? "0" : "1"
    case .int64: Int(exactly: value).map(String.init) ?? text(value, digits: mostDigits)
    case .float32, .float64: text(value, digits: digits)
    }
  }
}
