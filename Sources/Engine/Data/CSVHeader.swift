// The names of a CSV file's columns, and whether its first row holds them.

import Diagnostics

struct CSVHeader {
  let names: [String]
  /// For each column, whether the name was made up.
  let isUnnamed: [Bool]
  /// Whether the first row is the header and not data.
  let isFirstRow: Bool

  /// - Parameter rows: the first rows of the file, at least one.
  init(
    rows: [[String]], options: CSVOptions, file: String, line: Int, at span: Span
  ) throws(Diagnostic) {
    let first = rows.first ?? []
    isFirstRow =
      options.header ?? Self.holdsNames(first, before: rows.dropFirst(), options: options)
    guard isFirstRow else {
      names = first.indices.map { "c\($0)" }
      isUnnamed = first.map { _ in true }
      return
    }
    var written = first.map(CellNumber.trimmed)
    // Some programs mark the header as a comment: `# x y`.
    if let start = written.first, start.hasPrefix("#") {
      written[0] = CellNumber.trimmed(String(start.drop { $0 == "#" }))
    }
    var columns: [String: Int] = [:]
    for (index, name) in written.enumerated() where !name.isEmpty {
      if let other = columns[name] {
        throw Diagnostic(
          "data.duplicateColumn",
          "\(file), line \(line): the columns \(other + 1) and \(index + 1) are both called"
            + " \"\(name)\"",
          at: span, help: "give one of them another name in the file")
      }
      columns[name] = index
    }
    var result = written
    for (index, name) in written.enumerated() where name.isEmpty {
      var made = "c\(index)"
      while columns[made] != nil { made += "_" }
      columns[made] = index
      result[index] = made
    }
    names = result
    isUnnamed = written.map(\.isEmpty)
  }

  /// A row with text in it holds names, unless it looks like the rows below: it has numbers too,
  /// and one with a fraction, or a text that comes again in its column (a label).
  private static func holdsNames(
    _ first: [String], before rest: ArraySlice<[String]>, options: CSVOptions
  ) -> Bool {
    var texts: [Int] = []
    var hasNumber = false
    var hasFraction = false
    for (index, cell) in first.enumerated() {
      switch CellNumber.read(cell, decimalComma: options.decimalComma) {
      case .text: texts.append(index)
      case .number(let number):
        hasNumber = true
        hasFraction = hasFraction || number != number.rounded()
      case .missing: break
      }
    }
    guard !texts.isEmpty else { return false }
    guard hasNumber else { return true }
    let repeats = texts.contains { index in
      rest.contains { index < $0.count && $0[index] == first[index] }
    }
    return !hasFraction && !repeats
  }
}
