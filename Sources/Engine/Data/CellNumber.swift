// What a cell of a data file is: a number, nothing, or text; and why it is no number.
//
// Only plain decimal numbers are numbers, in any locale: no hexadecimal, no thousands separators,
// no units. A cell that nearly is one is named for what it is.

enum Cell: Equatable {
  case number(Double)
  /// Empty, or one of the words files use for "no value here".
  case missing
  case text
}

enum CellNumber {
  /// What the cell holds; blanks around it don't count.
  static func read(_ cell: String, decimalComma: Bool = false) -> Cell {
    var copy = cell
    return copy.withUTF8 { bytes in
      var start = 0
      var end = bytes.count
      while start < end, isBlank(bytes[start]) { start += 1 }
      while end > start, isBlank(bytes[end - 1]) { end -= 1 }
      let inner = UnsafeBufferPointer(rebasing: bytes[start..<end])
      if inner.isEmpty { return .missing }
      if isDecimal(inner, point: decimalComma ? comma : point), inner.count <= 400 {
        var text = String(decoding: inner, as: UTF8.self)
        if decimalComma, let index = text.firstIndex(of: ",") {
          text.replaceSubrange(index...index, with: ".")
        }
        // What overflows is text, so that 1e999 is an error and not a silent infinity.
        if let value = Double(text), value.isFinite { return .number(value) }
        return .text
      }
      guard inner.count <= 9 else { return .text }
      let word = String(decoding: inner, as: UTF8.self).lowercased()
      if missingWords.contains(word) { return .missing }
      return infinities[word].map(Cell.number) ?? .text
    }
  }

  /// Why a cell is no number, in a few words, and what to do about it; nil when there is nothing
  /// particular to say.
  static func explain(_ cell: String, decimalComma: Bool) -> (what: String, help: String)? {
    let text = trimmed(cell)
    func isNumber(_ text: String, comma: Bool = false) -> Bool {
      if case .number = read(text, decimalComma: comma) { true } else { false }
    }
    if decimalComma, text.contains("."), isNumber(text) {
      return (
        "has a decimal point", "leave decimal=\",\" out, or use one form throughout the file"
      )
    }
    if text.contains(",") {
      let groups = text.split(separator: ",", omittingEmptySubsequences: false)
      let last = groups.last?.prefix { $0 != "." }.count ?? 0
      let grouped =
        groups.count > 2 && last == 3 || groups.count == 2 && text.contains(".") && last == 3
      if grouped, isNumber(text.filter { $0 != "," }) {
        return ("has commas between its thousands", "take them out: 1234.5 and not 1,234.5")
      }
      if !decimalComma, isNumber(text, comma: true) {
        return (
          "has a decimal comma", "csv(\"…\", decimal=\",\") reads 3,14 as 3.14"
        )
      }
    }
    if text.contains("\u{2212}"),
      isNumber(text.replacing("\u{2212}", with: "-"), comma: decimalComma)
    {
      return ("has a typographic minus sign", "write - (a hyphen) instead of \u{2212}")
    }
    if isDecimal(text, point: decimalComma ? comma : point) {
      return ("is beyond the range of a float64 number", "the largest is about 1.8e308")
    }
    for mark in ["%", "$", "€", "£", "°"] where text.contains(mark) {
      if isNumber(text.replacing(mark, with: ""), comma: decimalComma) {
        return ("has a \(mark) with its number", "leave only the number in the cell")
      }
    }
    return nil
  }

  /// Whether the cell says that it is not a number, in so many words.
  static func isNaN(_ cell: String) -> Bool {
    ["nan", "-nan", "+nan"].contains(trimmed(cell).lowercased())
  }

  /// Without blanks around it.
  static func trimmed(_ cell: String) -> String {
    let utf8 = cell.utf8
    guard let first = utf8.firstIndex(where: { !isBlank($0) }),
      let last = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return first == utf8.startIndex && utf8.index(after: last) == utf8.endIndex
      ? cell : String(cell[first...last])
  }

  // MARK: - Grammar

  private static let point = UInt8(ascii: ".")
  private static let comma = UInt8(ascii: ",")

  private static let missingWords: Set<String> = [
    "na", "n/a", "#n/a", "nan", "-nan", "+nan", "null", "nil", "none", "missing", "?", "-", "--",
    ".", "<na>",
  ]
  private static let infinities: [String: Double] = [
    "inf": .infinity, "+inf": .infinity, "-inf": -.infinity,
    "infinity": .infinity, "+infinity": .infinity, "-infinity": -.infinity,
  ]

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func isDecimal(_ text: String, point: UInt8) -> Bool {
    var copy = text
    return copy.withUTF8 { isDecimal($0, point: point) }
  }

  /// `[+-] (digits [. digits] | . digits) [e [+-] digits]`
  private static func isDecimal(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8) -> Bool {
    var index = 0
    func digits() -> Int {
      let start = index
      while index < bytes.count, bytes[index] &- 0x30 < 10 { index += 1 }
      return index - start
    }
    func sign() {
      if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
    }
    sign()
    var count = digits()
    if index < bytes.count, bytes[index] == point {
      index += 1
      count += digits()
    }
    guard count > 0 else { return false }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      sign()
      guard digits() > 0 else { return false }
    }
    return index == bytes.count
  }
}
