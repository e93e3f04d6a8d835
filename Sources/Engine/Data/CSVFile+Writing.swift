// Writing tables of numbers as CSV.
//
// Numbers are written in the fewest digits that read back as the same number, so nothing is lost.

import Diagnostics
import Tensors

extension CSVFile {
  /// Writes a header and rows as the whole file, an old one replaced in one step.
  ///
  /// - Throws: `data.ragged` when a row has not as many cells as the header; `file.…` as
  ///   `FileAccess.write`.
  package static func write(
    header: [String], rows: [[Double]], to path: String, at span: Span
  ) throws(Diagnostic) {
    var bytes = line(header.map(cell))
    for (index, row) in rows.enumerated() {
      guard row.count == header.count else {
        throw Diagnostic(
          "data.ragged",
          "row \(index) has \(row.count) numbers, and the header has \(header.count) names",
          at: span)
      }
      bytes += line(row.map(number))
    }
    try FileAccess.write(bytes, to: path, at: span)
  }

  /// Writes a table as the whole file, an old one replaced in one step.
  package static func write(
    _ table: DataTable, to path: String, at span: Span
  ) throws(Diagnostic) {
    var bytes = line(table.columns.map { cell($0.name) })
    for row in 0..<table.rowCount {
      bytes += line(
        table.columns.map { column in
          switch column.kind {
          case .numbers(let tensor): number(tensor.elements[row])
          case .text(let texts): cell(texts[row])
          }
        })
    }
    try FileAccess.write(bytes, to: path, at: span)
  }

  /// A line of cells that are ready to be written.
  static func line(_ cells: [String]) -> [UInt8] {
    // A blank line would not be a row.
    Array((cells == [""] ? "\"\"" : cells.joined(separator: ",")).utf8) + [0x0A]
  }

  /// The shortest text that reads back as the number; whole numbers without `.0`.
  static func number(_ value: Double) -> String {
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53, whole != 0 || value.sign == .plus
    {
      return String(whole)
    }
    return value == 0 ? "-0" : String(value)
  }

  /// A text as a cell, in quotes when it needs them (RFC 4180).
  static func cell(_ text: String) -> String {
    let special: [UInt8] = [0x22, 0x2C, 0x3B, 0x09, 0x0A, 0x0D]
    let blank: [UInt8] = [0x20, 0x09]
    let utf8 = text.utf8
    guard
      utf8.contains(where: special.contains) || utf8.first.map(blank.contains) == true
        || utf8.last.map(blank.contains) == true
    else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
