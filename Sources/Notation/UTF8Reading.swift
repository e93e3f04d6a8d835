// Strict reading of UTF-8 from bytes that may be anything.

extension Lexer {
  /// The character at a place and its length, or nil when the bytes there are no valid UTF-8.
  func decode(at place: Int) -> (Unicode.Scalar, Int)? {
    UTF8Text.decode(bytes, at: place, end: end)
  }

  func firstInvalidByte(from start: Int, to end: Int) -> Int? {
    var place = start
    while place < end {
      if bytes[place] < 0x80 {
        place += 1
      } else if let (_, length) = decode(at: place) {
        place += length
      } else {
        return place
      }
    }
    return nil
  }
}

/// Strict reading of UTF-8 from bytes that may be anything.
enum UTF8Text {
  /// The character at a place and its length, or nil when the bytes there are no valid UTF-8.
  static func decode(_ bytes: [UInt8], at place: Int, end: Int) -> (Unicode.Scalar, Int)? {
    guard place < end else { return nil }
    let first = bytes[place]
    let length: Int
    var value: UInt32
    switch first {
    case 0..<0x80: return (Unicode.Scalar(first), 1)
    case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
    default: return nil
    }
    guard place + length <= end else { return nil }
    for next in bytes[(place + 1)..<(place + length)] {
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }
}
