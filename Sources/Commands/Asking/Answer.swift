// A number a person answered with, and whether it is right.
//
// A typed number is right when it agrees to the digits that were typed, two at least, or is exact;
// nothing is asked for beyond the digits that are shown, since the numbers it is worked out from are
// shown with no more. A formula counts as a number with all of its digits.

import Engine
import Notation
import Optimizers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package struct Answer {
  package enum Verdict: Equatable, Sendable {
    case right
    /// Right as far as it goes, which is one digit.
    case tooShort
    case wrong
  }

  /// As it was typed.
  package let expression: Expression
  package let value: Double
  /// The number with its digits; nil for a formula.
  package let typed: TypedNumber?

  package init(_ expression: Expression, value: Double) {
    self.expression = expression
    self.value = value
    typed = TypedNumber(expression)
  }

  /// Numbers closer than this, relative to their size, are the same: only rounding parts them.
  private static let exactness = 1e-9
  /// From so many digits on a number may also have been cut off instead of rounded.
  private static let fewestCutOff = 3

  /// Compares the answer with the number that is right.
  /// - Parameter shown: the significant digits that numbers are shown with.
  package func verdict(for right: Double, shown: Int = 6) -> Verdict {
    guard value.isFinite, right.isFinite else {
      return value == right || (value.isNaN && right.isNaN) ? .right : .wrong
    }
    guard right != 0, value != 0 else {
      // A formula may leave what rounding leaves of 0; a typed number may not.
      return value == right || (typed == nil && abs(value - right) < 1e-12) ? .right : .wrong
    }
    let difference = abs(value - right)
    // Digits beyond those shown come from numbers that were rounded.
    let smallest = pow(10, floor(log10(abs(right))) - Double(shown - 1))
    if difference <= max(smallest / 2, Self.exactness * abs(right)) * (1 + 1e-6) { return .right }
    guard let typed else { return .wrong }
    if difference <= typed.halfUnit * (1 + 1e-6) { return typed.digits > 1 ? .right : .tooShort }
    let isCutOff =
      typed.digits >= Self.fewestCutOff && abs(value) < abs(right)
      && difference < 2 * typed.halfUnit && (value < 0) == (right < 0)
    return isCutOff ? .right : .wrong
  }

  /// The answer to so many digits. Further ones come from numbers that were rounded, and those of a
  /// formula do too.
  package func rounded(shown: Int = 6) -> TypedNumber {
    if let typed, typed.digits <= shown { return typed }
    let text = NumberFormat.text(abs(value), digits: shown)
    let rounded = NumberFormat.value(of: text)
    return TypedNumber(value < 0 ? -rounded : rounded, spelling: text)
  }
}
