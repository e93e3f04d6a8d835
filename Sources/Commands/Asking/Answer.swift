// A number a person answered with, and whether it is right.
//
// A typed number is right when it agrees to the digits that were typed, two at least, or is exact;
// nothing is asked for beyond the digits that are shown, since the numbers it is worked out from are
// shown with no more. A formula counts as a number with all of its digits.

import Engine
import Notation

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
  /// Significant digits of a literal; nil for a formula.
  package let digits: Int?

  package init(_ expression: Expression, value: Double) {
    self.expression = expression
    self.value = value
    digits = expression.literalSpelling.map(Self.significantDigits)
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
      return value == right || (digits == nil && abs(value - right) < 1e-12) ? .right : .wrong
    }
    let difference = abs(value - right)
    if difference <= Self.exactness * abs(right) { return .right }
    // Digits beyond those shown come from numbers that were rounded.
    let counted = min(digits ?? shown, shown)
    let unit = pow(10, floor(log10(abs(right))) - Double(counted - 1))
    let agrees = difference <= unit * (0.5 + 1e-6)
    if agrees { return counted > 1 ? .right : .tooShort }
    let isCutOff =
      counted >= Self.fewestCutOff && abs(value) < abs(right) && difference < unit
      && value.sign == right.sign
    return isCutOff ? .right : .wrong
  }

  /// Digits from the first that is not 0: three in `0.0160`, two in `-1.5e-08`.
  static func significantDigits(_ spelling: String) -> Int {
    let mantissa = spelling.prefix { $0 != "e" && $0 != "E" }
    let digits = mantissa.filter(\.isNumber).drop { $0 == "0" }
    return max(1, digits.count)
  }
}

extension Expression {
  /// A number as it was typed, without its sign; nil for any other formula.
  fileprivate var literalSpelling: String? {
    switch kind {
    case .number(_, let spelling): spelling
    case .unary(.negate, let operand): operand.literalSpelling
    default: nil
    }
  }
}
