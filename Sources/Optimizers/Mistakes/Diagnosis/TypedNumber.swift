// A number as a person typed it: with so many digits, and no more claimed than those.

import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package struct TypedNumber: Sendable, Equatable {
  package let value: Double
  /// Significant digits: 2 in 0.40, 3 in 100, none in 0.
  package let digits: Int
  /// Half of what one more in the last digit typed is worth; 0 for a number that is exact.
  package let halfUnit: Double

  package enum Agreement: Sendable {
    /// To all digits typed, of which there are at least two, or exactly.
    case right
    /// The one digit typed is right.
    case oneDigit
    /// All but the last digit.
    case lastDigit
    case wrong
  }

  private init(value: Double, digits: Int, halfUnit: Double) {
    self.value = value
    self.digits = digits
    self.halfUnit = halfUnit
  }

  /// A value worked out, not typed: it has all its digits.
  package init(exactly value: Double) {
    self.value = value
    digits = 17
    halfUnit = 0
  }

  /// - Parameter spelling: digits with at most one point and exponent, as the parser takes them.
  package init(_ value: Double, spelling: String) {
    var digits = 0
    var decimals = 0
    var exponent = 0
    var isBehindPoint = false
    let parts = spelling.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    for character in parts.first ?? "" {
      if character == "." { isBehindPoint = true }
      guard character.isASCII, character.isNumber else { continue }
      if isBehindPoint { decimals += 1 }
      if digits > 0 || character != "0" { digits += 1 }
    }
    if parts.count > 1 { exponent = Int(parts[1]) ?? 0 }
    self.value = value
    self.digits = digits
    halfUnit = 0.5 * pow(10, Double(exponent.clamped) - Double(decimals))
  }

  /// The number an expression is; a formula has all the digits of what it comes to.
  package init(_ expression: Expression, value: Double) {
    self = TypedNumber(expression) ?? TypedNumber(exactly: value)
  }

  /// The number an expression is, if it is one; anything else must be evaluated.
  package init?(_ expression: Expression) {
    switch expression.kind {
    case .number(let value, let spelling): self.init(value, spelling: spelling)
    case .unary(.negate, let inner):
      guard let positive = TypedNumber(inner) else { return nil }
      self.init(value: -positive.value, digits: positive.digits, halfUnit: positive.halfUnit)
    default: return nil
    }
  }

  /// Numbers closer than this, relative to their size, are the same: only rounding parts them.
  private static let exactness = 1e-9

  /// - Parameter shown: how many digits numbers are shown with; what is worked out from those is not
  ///   held to more.
  package func agreement(with exact: Double, shown: Int = 6) -> Agreement {
    if value == exact || (value.isNaN && exact.isNaN) { return .right }
    guard value.isFinite, exact.isFinite else { return .wrong }
    let apart = abs(value - exact)
    // 0 is right for 0 alone, however small the number is; a formula may leave what rounding does.
    guard value != 0, exact != 0 else { return halfUnit == 0 && apart < 1e-12 ? .right : .wrong }
    if apart <= TypedNumber.exactness * abs(exact) { return .right }
    let finest = 0.5 * pow(10, floor(log10(abs(exact))) - Double(max(1, shown) - 1))
    let half = max(halfUnit, finest)
    if apart <= finest * (1 + 1e-6) { return .right }
    if apart <= half * (1 + 1e-6) { return digits > 1 ? .right : .oneDigit }
    guard digits > 1, value.sign == exact.sign else { return .wrong }
    // Cut off instead of rounded, three digits are right as well.
    if digits > 2, abs(value) < abs(exact), apart < 2 * half { return .right }
    return apart < half * 3.01 ? .lastDigit : .wrong
  }

  /// Whether a number, rounded, has the digits typed, and enough of them to tell: a single one is
  /// none unless the number has no more. What is cut off may be right, but it is no evidence.
  package func shows(_ number: Double) -> Bool {
    guard agreement(with: number) == .right else { return false }
    let apart = abs(value - number)
    return apart <= max(halfUnit, 0.5e-5 * abs(number)) * (1 + 1e-6)
      || apart <= TypedNumber.exactness * abs(number) || number == 0
  }
}

extension Int {
  /// Exponents beyond those of a Double say nothing more.
  fileprivate var clamped: Int { Swift.min(Swift.max(self, -400), 400) }
}
