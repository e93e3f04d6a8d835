// Reading JSON (RFC 8259), as far as headers of files need it. Depth and length are bounded, and a
// key may occur once.

/// A JSON value; an object keeps the order of its keys.
indirect enum JSONText: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONText])
  case object([(key: String, value: JSONText)])

  static func == (a: JSONText, b: JSONText) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// The value a text holds; nil when it is not JSON.
  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = Reader(bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.isAtEnd else { return nil }
    self = value
  }

  /// The whole numbers of an array of nothing else; nil for anything else.
  var wholeNumbers: [Int]? {
    guard case .array(let items) = self else { return nil }
    var result: [Int] = []
    for item in items {
      guard case .number(let number) = item, let whole = Int(exactly: number) else { return nil }
      result.append(whole)
    }
    return result
  }

  /// A text as JSON writes it, in quotes.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private struct Reader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private static let maximumDepth = 32

    init(_ bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      place = bytes.startIndex
    }

    var isAtEnd: Bool { place >= bytes.endIndex }
    private var next: UInt8? { isAtEnd ? nil : bytes[place] }

    mutating func skipBlanks() {
      while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        place += 1
      }
    }

    private mutating func accept(_ character: Character) -> Bool {
      skipBlanks()
      guard let byte = next, byte == character.asciiValue else { return false }
      place += 1
      return true
    }

    private mutating func accept(word: String) -> Bool {
      guard bytes[place...].starts(with: word.utf8) else { return false }
      place += word.utf8.count
      return true
    }

    mutating func value(depth: Int) -> JSONText? {
      guard depth < Self.maximumDepth else { return nil }
      skipBlanks()
      switch next {
      case UInt8(ascii: "{"): return object(depth)
      case UInt8(ascii: "["): return array(depth)
      case UInt8(ascii: "\""): return string().map { .string($0) }
      case UInt8(ascii: "t"): return accept(word: "true") ? .bool(true) : nil
      case UInt8(ascii: "f"): return accept(word: "false") ? .bool(false) : nil
      case UInt8(ascii: "n"): return accept(word: "null") ? .null : nil
      default: return number()
      }
    }

    private mutating func object(_ depth: Int) -> JSONText? {
      place += 1
      var entries: [(key: String, value: JSONText)] = []
      var seen = Set<String>()
      if accept("}") { return .object([]) }
      repeat {
        skipBlanks()
        guard next == UInt8(ascii: "\""), let key = string(), seen.insert(key).inserted,
          accept(":"), let item = value(depth: depth + 1)
        else { return nil }
        entries.append((key, item))
      } while accept(",")
      return accept("}") ? .object(entries) : nil
    }

    private mutating func array(_ depth: Int) -> JSONText? {
      place += 1
      var items: [JSONText] = []
      if accept("]") { return .array([]) }
      repeat {
        guard let item = value(depth: depth + 1) else { return nil }
        items.append(item)
      } while accept(",")
      return accept("]") ? .array(items) : nil
    }

    private mutating func number() -> JSONText? {
      let start = place
      while let byte = next, "+-.eE0123456789".utf8.contains(byte) { place += 1 }
      let text = String(decoding: bytes[start..<place], as: UTF8.self)
      guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."),
        let number = Double(text)
      else { return nil }
      return .number(number)
    }

    private mutating func string() -> String? {
      place += 1
      var text: [UInt8] = []
      while let byte = next {
        place += 1
        switch byte {
        case UInt8(ascii: "\""):
          let result = String(decoding: text, as: UTF8.self)
          return Array(result.utf8) == text ? result : nil
        case UInt8(ascii: "\\"):
          guard let scalar = escape() else { return nil }
          text += Array(String(Character(scalar)).utf8)
        case 0..<0x20: return nil
        default: text.append(byte)
        }
      }
      return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
      guard let byte = next else { return nil }
      place += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "u"):
        guard let high = fourDigits() else { return nil }
        if !(0xD800..<0xDC00).contains(high) { return Unicode.Scalar(high) }
        guard accept(word: "\\u"), let low = fourDigits(), (0xDC00..<0xE000).contains(low)
        else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      default: return nil
      }
    }

    private mutating func fourDigits() -> UInt32? {
      guard place + 4 <= bytes.endIndex else { return nil }
      let text = String(decoding: bytes[place..<place + 4], as: UTF8.self)
      place += 4
      return text.utf8.allSatisfy { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
        ? UInt32(text, radix: 16) : nil
    }
  }
}
