// From rows of cells to a table of columns.

import Diagnostics
import Tensors

struct CSVTableReader {
  let header: CSVHeader
  let options: CSVOptions
  let delimiter: UInt8
  /// What errors call the file.
  let file: String
  let span: Span
  private(set) var columns: [CSVColumn]
  /// The line each row begins on.
  private var lines: [Int] = []

  init(header: CSVHeader, options: CSVOptions, delimiter: UInt8, file: String, span: Span) {
    self.header = header
    self.options = options
    self.delimiter = delimiter
    self.file = file
    self.span = span
    columns = header.names.map { CSVColumn(name: $0, options: options) }
  }

  mutating func readAll(_ source: CSVCells) throws(Diagnostic) {
    var source = source
    if header.isFirstRow { _ = try source.next() }
    while let (line, cells) = try source.next() {
      guard cells.count == columns.count else { throw ragged(line, cells.count) }
      guard (lines.count + 1) * columns.count <= Tensor.maximumCount else {
        throw Diagnostic(
          "data.tooLarge", "\(file), line \(line): more than \(Tensor.maximumCount) cells",
          at: span, help: "take a part of its rows or columns")
      }
      for (index, cell) in cells.enumerated() { columns[index].append(cell) }
      lines.append(line)
    }
    guard !lines.isEmpty else {
      throw Diagnostic(
        "data.noRows", "\(file) has a header but no rows below it", at: span,
        help: "csv(\"…\", header=false) reads the first row as data")
    }
  }

  // MARK: - The table

  private struct Problem {
    var row: Int
    var column: String
    var text: String
  }

  /// The columns as read, or an error at the first cell that is not what its column holds.
  func table() throws(Diagnostic) -> DataTable {
    var kinds: [(name: String, numbers: [Double]?, texts: [String])] = []
    var problems: [Problem] = []
    var bad = Set<Int>()
    for (index, column) in columns.enumerated() {
      // A delimiter at the end of every line makes no column.
      if header.isFirstRow, header.isUnnamed[index], column.isBlank { continue }
      if column.isText, !(column.isBlank && options.missing == .nan) {
        kinds.append((column.name, nil, column.allTexts()))
        continue
      }
      let (numbers, others) = column.allNumbers()
      kinds.append((column.name, numbers, []))
      for other in others {
        problems.append(Problem(row: other.row, column: column.name, text: other.text))
        bad.insert(other.row)
      }
    }
    problems.sort { $0.row < $1.row }
    var notes: [String] = []
    if let first = problems.first {
      switch options.missing {
      case .refuse: throw refusal(first, count: problems.count)
      case .nan:
        let count = problems.count == 1 ? "1 cell is" : "\(problems.count) cells are"
        notes.append("\(count) read as nan, the first in line \(describe(first))")
      case .skip:
        let count = bad.count == 1 ? "1 row is" : "\(bad.count) rows are"
        notes.append("\(count) left out, the first for line \(describe(first))")
      }
    }
    let all = DataTable(
      rowCount: lines.count,
      columns: kinds.map { name, numbers, texts in
        DataTable.Column(
          name: name,
          kind: numbers.map { .numbers(Tensor($0, shape: Shape([$0.count]))) } ?? .text(texts))
      }, notes: notes)
    guard options.missing == .skip, !bad.isEmpty else { return all }
    let kept = all.selecting(rows: lines.indices.filter { !bad.contains($0) })
    guard kept.rowCount > 0 else {
      throw Diagnostic(
        "data.noRows", "every row of \(file) has a cell that is no number where one should be",
        at: span, help: "csv(\"…\", missing=nan) keeps the rows")
    }
    return DataTable(rowCount: kept.rowCount, columns: kept.columns, notes: notes)
  }

  // MARK: - Errors

  private func describe(_ problem: Problem) -> String {
    let shown = problem.text.count > 40 ? problem.text.prefix(39) + "…" : problem.text
    let what = shown.isEmpty ? "is empty" : "is \"\(shown)\""
    return "\(lines[problem.row]): \(problem.column) \(what)"
  }

  private func refusal(_ problem: Problem, count: Int) -> Diagnostic {
    let others =
      count == 1 ? "" : count == 2 ? ", and 1 more cell like it" : ", and \(count - 1) more cells"
    let choices =
      "csv(\"…\", missing=nan) reads such cells as nan, missing=\"skip\" leaves their rows out"
    let reason = CellNumber.explain(problem.text, decimalComma: options.decimalComma)
    if problem.row == 0, options.header == false, reason == nil, !problem.text.isEmpty {
      return Diagnostic(
        "data.notANumber", "\(file), line \(describe(problem))\(others)", at: span,
        help: "the first row looks like a header: leave header=false out")
    }
    return Diagnostic(
      "data.notANumber",
      "\(file), line \(describe(problem))" + (reason.map { ", which \($0.what)" } ?? "") + others,
      at: span, help: reason?.help ?? choices)
  }

  private func ragged(_ line: Int, _ count: Int) -> Diagnostic {
    let sign = delimiter == 0x09 ? "tab" : String(UnicodeScalar(delimiter))
    let expected = columns.count
    let help: String
    if count == 2 * expected, sign == "," {
      help = "numbers with a decimal comma need another delimiter, such as ;"
    } else if count > expected {
      help = "a cell that holds a \(sign) is written in quotes"
    } else {
      help = "an empty cell still needs its \(sign)"
    }
    let cells = count == 1 ? "1 cell" : "\(count) cells"
    return Diagnostic(
      "data.ragged",
      "\(file), line \(line): \(cells) where the \(header.isFirstRow ? "header" : "first row") has"
        + " \(expected)", at: span, help: help)
  }
}
