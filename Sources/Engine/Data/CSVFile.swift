// A CSV file as a table: the names, what each column holds, and what is wrong with it where.
//
// A cell that is no number in a column of numbers is never passed over in silence: it is an error
// with its line, or the options say what becomes of it and the table's notes say how often.

import Diagnostics
import Tensors

package enum CSVFile {
  /// Reads a table. The path may be that of a data set that comes with Descent.
  ///
  /// - Throws: `file.…` as `FileAccess.read`; `data.…` for what is wrong within the file.
  package static func read(
    _ path: String, options: CSVOptions = CSVOptions(), at span: Span
  ) throws(Diagnostic) -> DataTable {
    let bytes = try FileAccess.read(FileAccess.locate(path), at: span)
    return try parse(bytes, name: path, options: options, at: span)
  }

  /// Reads a table from the bytes of a file; `name` is what errors call it.
  package static func parse(
    _ bytes: [UInt8], name: String, options: CSVOptions = CSVOptions(), at span: Span
  ) throws(Diagnostic) -> DataTable {
    let start = try CSVText.check(bytes, name: name, at: span)
    let delimiter = try delimiter(options, of: bytes, from: start, at: span)
    func cells() -> CSVCells {
      CSVCells(bytes, from: start, delimiter: delimiter, name: name, at: span)
    }
    var sample: [[String]] = []
    var beginning = cells()
    var headerLine = 1
    while sample.count < 100, let row = try beginning.next() {
      if sample.isEmpty { headerLine = row.line }
      sample.append(row.cells)
    }
    guard !sample.isEmpty else {
      throw Diagnostic("data.empty", "\(name) is empty", at: span)
    }
    if let last = sample.last, last.count == 1, options.delimiter == nil,
      let count = CSVText.numberCount(last[0]), count > 1
    {
      throw Diagnostic(
        "data.delimiter", "\(name): there are only blanks between the numbers of a row", at: span,
        help: "save it with commas: np.savetxt(\"x.csv\", x, delimiter=\",\")")
    }
    let header = try CSVHeader(
      rows: sample, options: options, file: name, line: headerLine, at: span)
    for column in options.textColumns.sorted() where !header.names.contains(column) {
      throw Diagnostic(
        "data.unknownColumn", "\(name) has no column \"\(column)\"", at: span,
        help: didYouMean(column, in: header.names))
    }

    var reader = CSVTableReader(
      header: header, options: options, delimiter: delimiter, file: name, span: span)
    try reader.readAll(cells())
    let misjudged = reader.columns.filter(\.mustBeReadAgain).map(\.name)
    if !misjudged.isEmpty {
      var known = options
      known.textColumns.formUnion(misjudged)
      reader = CSVTableReader(
        header: header, options: known, delimiter: delimiter, file: name, span: span)
      try reader.readAll(cells())
    }
    return try reader.table()
  }

  private static func delimiter(
    _ options: CSVOptions, of bytes: [UInt8], from start: Int, at span: Span
  ) throws(Diagnostic) -> UInt8 {
    guard let character = options.delimiter else {
      return CSVText.delimiter(of: bytes, from: start)
    }
    guard let byte = character.asciiValue, byte != 0x22, byte != 0x0A, byte != 0x0D, byte != 0
    else {
      throw Diagnostic(
        "data.delimiter", "a delimiter is one ASCII character, such as , or ; or a tab", at: span)
    }
    return byte
  }
}
