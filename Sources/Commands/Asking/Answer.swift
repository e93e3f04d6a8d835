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
  /// What one more in its last digit is worth; 0 for a formula.
  private let unit: Double

  package init(_ expression: Expression, value: Double) {
    self.expression = expression
    self.value = value
    let spelling = expression.literalSpelling
    digits = spelling.map(Self.significantDigits)
    unit = spelling.map(Self.unit) ?? 0
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
    // Digits beyond those shown come from numbers that were rounded.
    let smallest = pow(10, floor(log10(abs(right))) - Double(shown - 1))
    if difference <= max(smallest / 2, Self.exactness * abs(right)) * (1 + 1e-6) { return .right }
    let digits = digits ?? shown
    if difference <= unit / 2 * (1 + 1e-6) { return digits > 1 ? .right : .tooShort }
    let isCutOff =
      digits >= Self.fewestCutOff && abs(value) < abs(right) && difference < unit
      && (value < 0) == (right < 0)
    return isCutOff ? .right : .wrong
  }

  /// Digits from the first that is not 0: three in `0.0160`, two in `-1.5e-08`.
  static func significantDigits(_ spelling: String) -> Int {
    let mantissa = spelling.prefix { $0 != "e" && $0 != "E" }
    let digits = mantissa.filter(\.isNumber).drop { $0 == "0" }
    return max(1, digits.count)
  }

  /// What one more in the last digit is worth: 0.0001 in `0.0160`, 1e-9 in `1.5e-08`.
  static func unit(_ spelling: String) -> Double {
    let parts = spelling.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let decimals =
      parts[0].firstIndex(of: ".").map { parts[0][$0...].filter(\.isNumber).count } ?? 0
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return pow(10, Double(max(-400, min(400, exponent)) - decimals))
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
