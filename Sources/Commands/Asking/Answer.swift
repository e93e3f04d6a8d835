// A number a person answered with, as it was typed and as its judge takes it.
//
// What is right is decided by `TypedNumber` alone, here as in `predict`.

import Notation
import Optimizers

package struct Answer {
  /// As it was typed.
  package let expression: Expression
  /// With the digits typed; a formula has all of them.
  package let number: TypedNumber

  package init(_ expression: Expression, value: Double) {
    self.expression = expression
    number = TypedNumber(expression, value: value)
  }
}
