// The cells of a CSV file, row by row, by way of SwiftCSV.
//
// SwiftCSV reads a text whole and knows no line numbers, so it is handed some hundred kilobytes of
// whole records at a time, and what it returns is held against the records counted beforehand.
// Nothing else in Engine uses it.

import Diagnostics
import SwiftCSV

/// Reads the rows of a checked text one after another.
struct CSVCells {
  /// No table may have more columns than this.
  static let maximumColumns = 1 << 16
  /// How much is handed over at once; memory beyond the table itself is a small multiple of this.
  private static let blockLength = 1 << 18

  private let bytes: [UInt8]
  private let name: String
  private let span: Span
  private let delimiter: UInt8
  private var records: CSVRecords
  private var ready: [(record: CSVRecord, cells: [String])] = []
  private var nextReady = 0

  init(
    _ bytes: [UInt8], from start: Int, delimiter: UInt8, name: String, at span: Span
  ) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.name = name
    self.span = span
    records = CSVRecords(bytes, delimiter: delimiter, from: start)
  }

  /// The next row that is not blank, with the line it begins on; nil at the end.
  mutating func next() throws(Diagnostic) -> (line: Int, cells: [String])? {
    while nextReady == ready.count {
      guard try readBlock() else { return nil }
    }
    let row = ready[nextReady]
    nextReady += 1
    return (row.record.line, row.cells)
  }

  /// Whether there was anything left to read.
  private mutating func readBlock() throws(Diagnostic) -> Bool {
    var block: [CSVRecord] = []
    let start = records.position
    while records.position - start < Self.blockLength {
      let record: CSVRecord?
      do {
        record = try records.next()
      } catch {
        throw diagnostic(error)
      }
      guard let record else { break }
      guard record.cells <= Self.maximumColumns else {
        throw Diagnostic(
          "data.tooLarge",
          "\(name), line \(record.line): \(record.cells) cells in one row, and no more than"
            + " \(Self.maximumColumns) are read",
          at: span)
      }
      block.append(record)
    }
    ready = []
    nextReady = 0
    guard let first = block.first else { return false }
    var text = String(decoding: bytes[start..<records.position], as: UTF8.self)
    // Without it, an empty last cell of the file would be lost.
    if text.utf8.last != 0x0A, text.utf8.last != 0x0D { text += "\n" }
    let rows = try parse(text, line: first.line)
    for (index, record) in block.enumerated() {
      guard index < rows.count, rows[index].count == max(1, record.cells) else {
        throw unreadable(line: record.line)
      }
      if record.cells > 0 { ready.append((record, rows[index])) }
    }
    guard rows.count == block.count else { throw unreadable(line: first.line) }
    return true
  }

  private func parse(_ text: String, line: Int) throws(Diagnostic) -> [[String]] {
    var rows: [[String]] = []
    do {
      // The limit keeps the initializer to the first row; all of them come with the call below.
      let csv = try EnumeratedCSV(
        string: text, delimiter: .character(Character(Unicode.Scalar(delimiter))),
        loadColumns: false, rowLimit: 0)
      try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { rows.append($0) }
    } catch {
      throw unreadable(line: line)
    }
    return rows
  }

  // MARK: - Errors

  private func diagnostic(_ error: CSVTextError) -> Diagnostic {
    switch error {
    case .unclosedQuote(let line):
      Diagnostic(
        "data.quotes", "\(name), line \(line): a quote is opened and never closed", at: span,
        help: "close it, or write a quote within a cell twice: \"5\"\" pipe\"")
    case .textAfterQuote(let line):
      Diagnostic(
        "data.quotes", "\(name), line \(line): a closing quote is followed by more text",
        at: span, help: "write a quote within a quoted cell twice: \"a \"\"b\"\" c\"")
    case .strayQuote(let line):
      Diagnostic(
        "data.quotes", "\(name), line \(line): a quote stands in the middle of a cell",
        at: span, help: "put the whole cell in quotes and write the quote twice: \"5\"\" pipe\"")
    case .tooLong(let line):
      Diagnostic(
        "data.tooLarge",
        "\(name), line \(line): this row is longer than \(CSVRecords.maximumLength >> 20) MiB",
        at: span, help: "is a quote opened there and never closed?")
    }
  }

  /// A combining mark right behind a delimiter, say, so that the two are one character.
  private func unreadable(line: Int) -> Diagnostic {
    Diagnostic(
      "data.cells", "\(name), line \(line): the cells of this row cannot be told apart",
      at: span, help: "look for accents or joiners next to a delimiter or a quote")
  }
}
