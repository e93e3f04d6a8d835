// How one number is written: as C's %g with so many significant digits, but never `-0`, and never
// with digits that say nothing (0.1, not 0.10000000000000001).
//
// It never shows a number other than 0 as 0, and never uses the locale's decimal comma.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum NumberFormat {
  /// More digits than this add nothing to a Double.
  package static let mostDigits = 17

  /// The number with at most `digits` significant digits: `13`, `12.02`, `1e-08`, `nan`, `-inf`.
  package static func text(_ value: Double, digits: Int) -> String {
    if value == 0 { return "0" }
    if value.isNaN { return "nan" }
    if value.isInfinite { return value > 0 ? "inf" : "-inf" }
    let digits = max(1, min(digits, mostDigits))
    // 15 digits are always those a person typed; the last two are shown only when they tell this
    // Double from its neighbours.
    for fewer in min(digits, 15)..<digits {
      let text = general(value, digits: fewer)
      if strtod(text, nil) == value { return text }
    }
    return general(value, digits: digits)
  }

  /// As a sentence shows a number: six significant digits.
  package static func text(_ value: Double) -> String { text(value, digits: 6) }

  /// So many decimals, `0.50`, and never `-0.00`.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return text(value) }
    let text = formatted("%.*f", value, max(0, min(decimals, 18)))
    return text.hasPrefix("-") && !text.contains { $0 != "0" && $0 != "." && $0 != "-" }
      ? String(text.dropFirst()) : text
  }

  /// The number that a shown text stands for; what a person would type into a calculator.
  package static func value(of text: String) -> Double {
    strtod(text, nil)
  }

  private static func general(_ value: Double, digits: Int) -> String {
    formatted("%.*g", value, digits)
  }

  private static func formatted(_ format: String, _ value: Double, _ digits: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let count = withVaList([Int32(digits), value]) {
        vsnprintf(buffer.baseAddress, buffer.count, format, $0)
      }
      let bytes = buffer.prefix(max(0, min(Int(count), 399))).map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      // A locale other than C may have put a comma where the point belongs.
      return text.contains(",") ? String(text.map { $0 == "," ? "." : $0 }) : text
    }
  }
}
