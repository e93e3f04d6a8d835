// Bytes that are to be text: UTF-8 throughout, without NUL, or an error with the line.

import Diagnostics

enum TextBytes {
  /// Refuses what is not UTF-8 text.
  ///
  /// - Returns: the offset of the first byte after a byte order mark.
  /// - Throws: `file.notText`, `file.notUTF8`.
  static func check(
    _ bytes: [UInt8], name: String, at span: Span
  ) throws(Diagnostic) -> Int {
    if let offset = bytes.firstIndex(of: 0) {
      throw Diagnostic(
        "file.notText",
        "\(name), line \(line(of: offset, in: bytes)): a NUL byte, so this is not text",
        at: span, help: "save it as plain text in UTF-8")
    }
    if let offset = firstInvalidUTF8(bytes) {
      let byte = String(bytes[offset], radix: 16, uppercase: true)
      throw Diagnostic(
        "file.notUTF8",
        "\(name), line \(line(of: offset, in: bytes)): the byte 0x\(byte) is not UTF-8 text",
        at: span,
        help: "save it as UTF-8; iconv -f latin1 -t utf-8 turns the usual older form into it")
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The number, from 1, of the line a byte is on.
  static func line(of offset: Int, in bytes: [UInt8]) -> Int {
    var line = 1
    for index in 0..<min(offset, bytes.count) {
      let byte = bytes[index]
      if byte == 0x0A || byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A) {
        line += 1
      }
    }
    return line
  }

  /// The offset of the first byte that is not part of well-formed UTF-8 (Unicode 16, table 3-7).
  static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let lead = bytes[index]
        if lead < 0x80 {
          index += 1
          continue
        }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return index
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else {
          return index
        }
        for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 {
          return index
        }
        index += length
      }
      return nil
    }
  }
}

extension FileAccess {
  /// No script, notebook or formula is larger than this (16 MiB).
  package static let maximumTextBytes = 1 << 24

  /// A text file: UTF-8, a byte order mark left out, every line's end as one newline.
  ///
  /// - Throws: `file.…` as `read(_:limit:at:)`; `file.notText`, `file.notUTF8` with the line.
  package static func text(_ path: String, at span: Span) throws(Diagnostic) -> String {
    let bytes = try read(path, limit: maximumTextBytes, at: span)
    let start = try TextBytes.check(bytes, name: path, at: span)
    guard bytes.contains(0x0D) else { return String(decoding: bytes[start...], as: UTF8.self) }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    for index in start..<bytes.count {
      if bytes[index] != 0x0D {
        plain.append(bytes[index])
      } else if index + 1 == bytes.count || bytes[index + 1] != 0x0A {
        plain.append(0x0A)
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }

  /// A text file as a source that errors can point into.
  package static func source(_ path: String, at span: Span) throws(Diagnostic) -> Source {
    Source(try text(path, at: span), name: path)
  }
}
