// Whatever bytes a file holds, reading it ends, in a table or in an error that says something; and
// what is written is read back as it was.

import Diagnostics
import Tensors
import Testing

@testable import Engine

@Suite struct DataCSVFuzzTests {
  /// Pieces that CSV is made of, and pieces that it should not be made of.
  private static let ascii = [
    ",", ",", ";", "\t", "\n", "\n", "\r", "\r\n", "\"", "\"\"", " ", "1", "2.5", "-3e2", "a",
    "nan",
    "NA", ".", "e", "-", "#", "inf", "\u{B}", "\u{C}", "'", "|",
  ]
  private static let others = [
    "é", "\u{301}", "\u{200D}", "\u{FEFF}", "\u{2028}", "\u{85}", "\u{A0}", "😀", "👩‍👩‍👧", "\u{0}", "∇",
    "\u{1F1E6}",
  ]

  private func text(_ random: inout SplitMix, _ pieces: [String]) -> String {
    (0..<Int.random(in: 0..<60, using: &random)).reduce(into: "") { text, _ in
      text += pieces.randomElement(using: &random) ?? ""
    }
  }

  private func options(_ random: inout SplitMix) -> CSVOptions {
    CSVOptions(
      header: [nil, true, false].randomElement(using: &random) ?? nil,
      delimiter: [nil, nil, ",", " ", "a"].randomElement(using: &random) ?? nil,
      missing: CSVOptions.Missing.allCases.randomElement(using: &random) ?? .nan,
      decimalComma: Bool.random(using: &random))
  }

  /// A table is rectangular, and its names are distinct.
  private func check(_ table: DataTable, _ input: String) {
    #expect(table.rowCount > 0, "\(input.debugDescription)")
    for column in table.columns {
      let count =
        switch column.kind {
        case .numbers(let tensor): tensor.elements.count
        case .text(let texts): texts.count
        }
      #expect(count == table.rowCount, "\(input.debugDescription)")
    }
    #expect(Set(table.columns.map(\.name)).count == table.columns.count)
  }

  @Test func piecesOfCSV() {
    var random = SplitMix(state: 1)
    for _ in 0..<1500 {
      let input = text(&random, Self.ascii)
      do {
        let table = try CSVFile.parse(
          Array(input.utf8), name: "t", options: options(&random), at: somewhere)
        check(table, input)
      } catch {
        // The two readers disagree about no text without accents.
        #expect(error.id != "data.cells", "\(input.debugDescription)")
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test func piecesOfUnicode() {
    var random = SplitMix(state: 2)
    for _ in 0..<1500 {
      let input = text(&random, Self.ascii + Self.others)
      if let table = try? CSVFile.parse(
        Array(input.utf8), name: "t", options: options(&random), at: somewhere)
      {
        check(table, input)
      }
    }
  }

  @Test func anyBytes() {
    var random = SplitMix(state: 3)
    for _ in 0..<1500 {
      let count = Int.random(in: 0..<40, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = try? CSVFile.parse(bytes, name: "t", options: options(&random), at: somewhere)
    }
  }

  @Test func writtenIsReadBack() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("t.csv")
    var random = SplitMix(state: 4)
    for _ in 0..<200 {
      let rows = Int.random(in: 1..<6, using: &random)
      let numbers = (0..<rows).map { _ in
        let value = Double(bitPattern: random.next())
        return value.isNaN ? 0.1 : value
      }
      // Blanks around a text don't count, so the texts begin and end with something else.
      let texts = (0..<rows).map { _ in
        "x" + text(&random, Self.ascii.filter { $0 != "\u{B}" }) + "x"
      }
      let table = DataTable(
        rowCount: rows,
        columns: [
          DataTable.Column(name: "the, \"x\"", kind: .numbers(Tensor(numbers, shape: [rows]))),
          DataTable.Column(name: "label", kind: .text(texts)),
        ])
      try CSVFile.write(table, to: path, at: somewhere)
      let back = try CSVFile.read(path, at: somewhere)
      #expect(back.columns == table.columns)
    }
  }

  @Test func numbersKeepEveryBit() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("t.csv")
    let row = [
      0, -0.0, 1, -1, 0.1, 1e21, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1p53,
      .infinity,
    ]
    try CSVFile.write(
      header: row.indices.map { "x[\($0), 0]" }, rows: [row, row], to: path, at: somewhere)
    let back = try CSVFile.read(path, at: somewhere)
    for (index, value) in row.enumerated() {
      let column = try back.column("x[\(index), 0]", at: somewhere)
      #expect(column.elements.map(\.bitPattern) == [value.bitPattern, value.bitPattern])
    }
    let ragged = diagnostic {
      try CSVFile.write(header: ["a"], rows: [[1, 2]], to: path, at: somewhere)
    }
    #expect(ragged?.id == "data.ragged")
  }
}
