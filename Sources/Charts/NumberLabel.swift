// Numbers as the labels of an axis or a legend. The decimal sign is a point in every locale.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum NumberLabel {
  /// Labels of multiples of a step whose last digit has the place 10^exponent: all with the same
  /// decimals, so that they differ.
  static func labels(of values: [Double], exponent: Int) -> [String] {
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return values.map { _ in "0" } }
    let top = Int(log10(largest).rounded(.down))
    if top >= 6 || top < -4 {
      let digits = max(0, min(top - exponent, 16))
      return values.map { $0 == 0 ? "0" : format($0, "%.*e", digits) }
    }
    let decimals = max(0, min(-exponent, 17))
    return values.map { format($0 == 0 ? 0 : $0, "%.*f", decimals) }
  }

  /// With up to so many significant digits: `0.01`, `1e-05`.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    if value == 0 { return "0" }
    return format(value, "%.*g", digits)
  }

  /// With so many decimals at most, for coordinates in a file.
  static func decimals(_ value: Double, _ count: Int = 2) -> String {
    var text = Substring(format(value, "%.*f", count))
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text == "-0" ? "0" : String(text)
  }

  private static func format(_ value: Double, _ pattern: String, _ digits: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let count = withVaList([Int32(digits), value]) {
        vsnprintf(buffer.baseAddress, buffer.count, pattern, $0)
      }
      let bytes = buffer.prefix(max(0, min(Int(count), 399))).map { UInt8(bitPattern: $0) }
      return String(decoding: bytes.map { $0 == 0x2C ? 0x2E : $0 }, as: UTF8.self)
    }
  }
}
