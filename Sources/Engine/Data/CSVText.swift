// What must hold of a file's bytes before they are read as CSV: text, in UTF-8, of known delimiter.

import Diagnostics

enum CSVText {
  /// Refuses what is not UTF-8 text and says what it is instead.
  ///
  /// - Returns: the offset of the first byte after a byte order mark.
  static func check(
    _ bytes: [UInt8], name: String, at span: Span
  ) throws(Diagnostic) -> Int {
    if let (kind, help) = signature(of: bytes) {
      throw Diagnostic("data.notCSV", "\(name) is \(kind), not CSV text", at: span, help: help)
    }
    if let offset = bytes.firstIndex(of: 0) {
      throw Diagnostic(
        "data.notCSV",
        "\(name), line \(line(of: offset, in: bytes)): a NUL byte, so this is not CSV text",
        at: span, help: "save the table as CSV in UTF-8")
    }
    if let offset = firstInvalidUTF8(bytes) {
      let byte = String(bytes[offset], radix: 16, uppercase: true)
      throw Diagnostic(
        "data.notUTF8",
        "\(name), line \(line(of: offset, in: bytes)): the byte 0x\(byte) is not UTF-8 text",
        at: span,
        help: "save the file as UTF-8; iconv -f latin1 -t utf-8 turns the usual older form into it"
      )
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

  /// Files that are often given in place of CSV, by how they begin.
  private static func signature(of bytes: [UInt8]) -> (kind: String, help: String)? {
    let known: [(start: [UInt8], kind: String, help: String)] = [
      ([0x93, 0x4E, 0x55, 0x4D], "a NumPy array", "npy(\"…\") reads it"),
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive or spreadsheet", "save the sheet as CSV"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an old spreadsheet", "save the sheet as CSV"),
      ([0x1F, 0x8B], "compressed", "gunzip it first"),
      ([0x50, 0x41, 0x52, 0x31], "a Parquet table", "save it as CSV"),
      ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "save the table as CSV"),
      ([0x25, 0x50, 0x44, 0x46], "a PDF", "save the table as CSV"),
      ([0xFF, 0xFE], "UTF-16 text", "save it as UTF-8"),
      ([0xFE, 0xFF], "UTF-16 text", "save it as UTF-8"),
    ]
    for (start, kind, help) in known where bytes.starts(with: start) { return (kind, help) }
    return nil
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

  // MARK: - Delimiter

  /// The delimiter that the first lines are divided by most evenly; a comma when none is.
  ///
  /// A semicolon goes before a comma, and a tab before both, since `1,5;2,5` has both.
  static func delimiter(of bytes: [UInt8], from start: Int) -> UInt8 {
    let candidates = [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")]
    var most = (delimiter: UInt8(ascii: ","), cells: 1)
    for candidate in candidates {
      var records = CSVRecords(bytes, delimiter: candidate, from: start)
      var counts: [Int] = []
      while counts.count < 20, records.position < start + (1 << 20),
        let record = try? records.next()
      {
        if record.cells > 0 { counts.append(record.cells) }
      }
      guard let first = counts.first, first > 1 else { continue }
      if counts.allSatisfy({ $0 == first }) { return candidate }
      if first > most.cells { most = (candidate, first) }
    }
    return most.delimiter
  }
}
