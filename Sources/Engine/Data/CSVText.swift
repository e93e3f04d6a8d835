// What must hold of a file's bytes before they are read as CSV: text, and of known delimiter.

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
    return try TextBytes.check(bytes, name: name, at: span)
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

  // MARK: - Delimiter

  /// The delimiter that the first lines are divided by most evenly; a comma when none is.
  ///
  /// A semicolon goes before a comma, and a tab before both, since `1,5;2,5` has both. A blank is
  /// one only between numbers, as NumPy's `savetxt` writes them.
  static func delimiter(of bytes: [UInt8], from start: Int) -> UInt8 {
    var most = (delimiter: UInt8(ascii: ","), cells: 1)
    for candidate in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] {
      let counts = firstRecords(bytes, candidate, from: start).map(\.cells)
      guard let first = counts.first, first > 1 else { continue }
      if counts.allSatisfy({ $0 == first }) { return candidate }
      if first > most.cells { most = (candidate, first) }
    }
    guard most.cells == 1 else { return most.delimiter }
    let blank = UInt8(ascii: " ")
    let records = firstRecords(bytes, blank, from: start)
    guard let first = records.first, first.cells > 1,
      records.allSatisfy({ $0.cells == first.cells }),
      records.dropFirst(records.count > 1 ? 1 : 0).allSatisfy({
        numberCount(String(decoding: bytes[$0.bytes], as: UTF8.self)) == first.cells
      })
    else { return most.delimiter }
    return blank
  }

  /// How many numbers a line is, with blanks between them; nil when it is something else.
  static func numberCount(_ line: String) -> Int? {
    let parts = line.split { $0 == " " || $0 == "\t" }.map(String.init)
    let areNumbers = parts.allSatisfy {
      if case .number = CellNumber.read($0) { true } else { CellNumber.isNaN($0) }
    }
    return areNumbers ? parts.count : nil
  }

  /// At most 20 records that are not blank, from the first mebibyte.
  private static func firstRecords(
    _ bytes: [UInt8], _ delimiter: UInt8, from start: Int
  ) -> [CSVRecord] {
    var records = CSVRecords(bytes, delimiter: delimiter, from: start)
    var found: [CSVRecord] = []
    while found.count < 20, records.position < start + (1 << 20),
      let record = try? records.next()
    {
      if record.cells > 0 { found.append(record) }
    }
    return found
  }
}
