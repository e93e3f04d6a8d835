// Numbers as text, for what a checker says: to significant digits, or to a number of decimals.
//
// Never `-0`, and never the locale's decimal comma.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

enum Numeral {
  /// At most `digits` significant digits: `0.271`, `1e-08`.
  static func text(_ value: Double, digits: Int = 6) -> String {
    if value == 0 { return "0" }
    return formatted("%.*g", value, digits)
  }

  /// So many decimals: `0.50`.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let text = formatted("%.*f", value, max(0, min(decimals, 18)))
    // -0.00 is 0.00.
    return text.hasPrefix("-") && !text.contains { $0 != "0" && $0 != "." && $0 != "-" }
      ? String(text.dropFirst()) : text
  }

  private static func formatted(_ format: String, _ value: Double, _ digits: Int) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value > 0 ? "inf" : "-inf" }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let count = withVaList([Int32(digits), value]) {
        vsnprintf(buffer.baseAddress, buffer.count, format, $0)
      }
      let bytes = buffer.prefix(max(0, min(Int(count), 399))).map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      return text.contains(",") ? String(text.map { $0 == "," ? "." : $0 }) : text
    }
  }
}
