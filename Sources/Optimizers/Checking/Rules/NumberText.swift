// A number with six significant digits, as findings show numbers. The decimal sign is a point.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

enum NumberText {
  static func short(_ value: Double) -> String {
    if value == 0 { return "0" }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      let count = withVaList([value]) { vsnprintf(buffer.baseAddress, buffer.count, "%.6g", $0) }
      let bytes = buffer.prefix(max(0, min(Int(count), 63))).map { UInt8(bitPattern: $0) }
      return String(decoding: bytes.map { $0 == 0x2C ? 0x2E : $0 }, as: UTF8.self)
    }
  }
}
