// Numbers: `1`, `0.1`, `.5`, `1.`, `1e-8`. No sign, no grouping, no other bases.

extension Lexer {
  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  mutating func readNumber() {
    var length = 0
    while isDigit(byte(length)) { length += 1 }
    if byte(length) == UInt8(ascii: ".") {
      length += 1
      while isDigit(byte(length)) { length += 1 }
    }
    if byte(length) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(length + 1) == UInt8(ascii: "-") || byte(length + 1) == UInt8(ascii: "+")
      let digits = length + (sign ? 2 : 1)
      if isDigit(byte(digits)) {
        length = digits
        while isDigit(byte(length)) { length += 1 }
      }
    }
    // Beyond any use; a double has at most 767 digits that matter.
    guard length <= 1000 else { return fail(.numberTooLong, length: length) }
    let spelling = text(from: place, to: place + length)
    if byte(length) == UInt8(ascii: "_"), isDigit(byte(length + 1)) {
      var more = length
      while isDigit(byte(more)) || byte(more) == UInt8(ascii: "_") { more += 1 }
      let plain = text(from: place, to: place + more).filter { $0 != "_" }
      return fail(.groupedDigits(plain), length: more)
    }
    let readable = spelling.hasSuffix(".") ? spelling + "0" : spelling
    let value = Double(readable.replacingDotBeforeExponent) ?? 0
    if value.isInfinite { return fail(.numberTooLarge(spelling), length: length) }
    if value == 0, spelling.prefix(while: { $0 != "e" && $0 != "E" }).contains(where: isNonzero) {
      return fail(.numberTooSmall(spelling), length: length)
    }
    add(.number(value, spelling: spelling), length: length, operand: true)
  }

  private func isNonzero(_ character: Character) -> Bool {
    ("1"..."9").contains(character)
  }
}

extension String {
  /// `1.e5` as `1.0e5`, which the library's own reader insists on.
  fileprivate var replacingDotBeforeExponent: String {
    guard let dot = utf8.firstIndex(of: UInt8(ascii: ".")) else { return self }
    let next = utf8.index(after: dot)
    guard next < utf8.endIndex, utf8[next] | 0x20 == UInt8(ascii: "e") else { return self }
    return String(self[..<next]) + "0" + String(self[next...])
  }
}
