// Reading CSV: what is accepted, and how every kind of damage is named.

import Diagnostics
import Tensors
import Testing

@testable import Engine

private func read(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> DataTable {
  try CSVFile.parse(Array(text.utf8), name: "t.csv", options: options, at: somewhere)
}

private func error(_ text: String, _ options: CSVOptions = CSVOptions()) -> Diagnostic? {
  diagnostic { try read(text, options) }
}

private func numbers(_ table: DataTable, _ name: String) throws -> [Double] {
  try table.column(name, at: somewhere).elements
}

@Suite struct DataCSVTests {
  @Test func namesAndNumbers() throws {
    let table = try read("age,bmi,target\n59,32.1,151\n48,21.6,75\n")
    #expect(table.rowCount == 2)
    #expect(table.columns.map(\.name) == ["age", "bmi", "target"])
    #expect(try numbers(table, "bmi") == [32.1, 21.6])
    #expect(table.summary == "2 rows × 3 columns: age bmi target")
    #expect(table.notes.isEmpty)
  }

  @Test func withoutHeader() throws {
    let table = try read("1,2\n3,4")
    #expect(table.columns.map(\.name) == ["c0", "c1"])
    #expect(try numbers(table, "c1") == [2, 4])
  }

  @Test(arguments: [
    "1.5,x\n2,y\n",  // a fraction is no name
    "3,Iris-setosa\n4,Iris-setosa\n",  // a label comes again
    "1,NA,3\n4,5,6\n9,8,7\n",  // nothing in it is text
  ])
  func firstRowThatIsData(_ text: String) throws {
    let table = try read(text, CSVOptions(missing: .nan))
    #expect(table.columns[0].name == "c0")
  }

  @Test(arguments: ["a,b\n1,2", "id,2019,2020\n1,2,3", "a,\n1,2", "# a,b\n1,2"])
  func firstRowThatIsHeader(_ text: String) throws {
    #expect(try read(text).rowCount == 1)
  }

  @Test func headerAsTold() throws {
    #expect(try read("1,2\n3,4", CSVOptions(header: true)).columns.map(\.name) == ["1", "2"])
    #expect(try read("x,y\na,b\n", CSVOptions(header: false)).rowCount == 2)
    let wrong = try #require(error("a\n1\n2\n", CSVOptions(header: false)))
    #expect(wrong.message == "t.csv, line 1: c0 is \"a\"")
    #expect(wrong.help?.contains("header=false") == true)
  }

  @Test(arguments: [
    "a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "\u{FEFF}a,b\r\n1,2\r\n", "a,b\r1,2\r",
  ])
  func delimitersAndLineEnds(_ text: String) throws {
    let table = try read(text)
    #expect(table.columns.map(\.name) == ["a", "b"])
    #expect(try numbers(table, "a") == [1])
    #expect(try numbers(table, "b") == [2])
  }

  @Test func semicolonsWithDecimalCommas() throws {
    let failure = try #require(error("a;b\n1,5;2,5\n3,5;4,5\n5;6,5\n5;6\n5;6\n7;8\n"))
    #expect(failure.message.contains("a is \"1,5\", which has a decimal comma"))
    #expect(failure.help?.contains("decimal=\",\"") == true)
    let table = try read("a;b\n1,5;2,5\n-3,5e2;4", CSVOptions(decimalComma: true))
    #expect(try numbers(table, "a") == [1.5, -350])
    #expect(try numbers(table, "b") == [2.5, 4])
  }

  @Test func otherDelimiters() throws {
    let table = try read("a|b\n1|2\n", CSVOptions(delimiter: "|"))
    #expect(try numbers(table, "b") == [2])
    #expect(error("a\"b\n", CSVOptions(delimiter: "\""))?.id == "data.delimiter")
    #expect(error("a\n", CSVOptions(delimiter: "\n"))?.id == "data.delimiter")
    #expect(error("a·b\n", CSVOptions(delimiter: "·"))?.id == "data.delimiter")
  }

  /// As NumPy's savetxt writes them, with a header or without.
  @Test func blanksBetweenNumbers() throws {
    let table = try read("1.5e+00 -2.0e+00\n3.0e+00 nan\n", CSVOptions(missing: .nan))
    #expect(try numbers(table, "c0") == [1.5, 3])
    #expect(try read("x y\n1 2\n3 4\n").rowCount == 2)
    #expect(
      try read("name\nAda Lovelace\nAlan Turing\n").columns[0].kind
        == .text(["Ada Lovelace", "Alan Turing"]))
    for aligned in ["  1.0   2.0\n 10.0  20.0\n", "1  2\n3  4\n", "a b\n1  2\n"] {
      let failure = try #require(error(aligned))
      #expect(failure.id == "data.delimiter")
      #expect(failure.help?.contains("delimiter=\",\"") == true)
    }
  }

  @Test func quotes() throws {
    let table = try read("name,x\n\"Smith, \"\"Al\"\"\",1\n\" two\nlines\" ,2\n")
    #expect(table.columns[0].kind == .text(["Smith, \"Al\"", "two\nlines"]))
    #expect(try numbers(table, "x") == [1, 2])
  }

  @Test func blankLinesAndBlanks() throws {
    let table = try read("\n a , b \n\n 1 , 2 \n   \n3,4\n\n")
    #expect(table.columns.map(\.name) == ["a", "b"])
    #expect(try numbers(table, "b") == [2, 4])
  }

  @Test func numbersAsPeopleWriteThem() throws {
    let table = try read(
      "x\n1\n-2.5\n+3\n.5\n4.\n1e-3\n1E+2\ninf\n-Infinity\n0x10\n", CSVOptions(missing: .skip))
    #expect(try numbers(table, "x") == [1, -2.5, 3, 0.5, 4, 1e-3, 100, .infinity, -.infinity])
    #expect(table.notes == ["1 row is left out, the first for line 11: x is \"0x10\""])
  }

  @Test func unnamedColumns() throws {
    // The index column some programs write, and a delimiter at each line's end.
    let table = try read(",a,b,\n0,1,2,\n1,3,4,\n")
    #expect(table.columns.map(\.name) == ["c0", "a", "b"])
    #expect(try numbers(table, "c0") == [0, 1])
  }

  // MARK: - Cells that are no numbers

  private let holes = "age,bmi\n1,2\n2,n/a\n3,4\n4,\n5,6\n"

  @Test func missingCellIsNamed() throws {
    let failure = try #require(error(holes))
    #expect(failure.id == "data.notANumber")
    #expect(failure.message == "t.csv, line 3: bmi is \"n/a\", and 1 more cell like it")
    #expect(failure.help?.contains("missing=nan") == true)
    #expect(failure.help?.contains("missing=\"skip\"") == true)
    #expect(error("a,b\n1,2\n,3\n4,5\n")?.message == "t.csv, line 3: a is empty")
  }

  @Test func missingAsNaN() throws {
    let table = try read(holes, CSVOptions(missing: .nan))
    let bmi = try numbers(table, "bmi")
    #expect(bmi.map(\.isNaN) == [false, true, false, true, false])
    #expect(table.notes == ["2 cells are read as nan, the first in line 3: bmi is \"n/a\""])
  }

  @Test func missingSkipsTheRow() throws {
    let table = try read(holes, CSVOptions(missing: .skip))
    #expect(try numbers(table, "age") == [1, 3, 5])
    #expect(try numbers(table, "bmi") == [2, 4, 6])
    #expect(table.rowCount == 3)
    #expect(table.notes == ["2 rows are left out, the first for line 3: bmi is \"n/a\""])
    let nothingLeft = error("a,b\n1,\n2,\n,1\n,2\n,3\n4,\n", CSVOptions(missing: .skip))
    #expect(nothingLeft?.id == "data.noRows")
  }

  @Test func linesCountWithinQuotes() throws {
    let failure = try #require(error("note,x\r\n\"one\r\ntwo\",1\r\n\r\nb,2\r\nc,oops\r\nd,4\r\n"))
    #expect(failure.message == "t.csv, line 6: x is \"oops\"")
  }

  @Test(arguments: [
    ("1,234", "decimal comma"), ("1,234,567", "commas between its thousands"),
    ("1,234.5", "commas between its thousands"), ("\u{2212}3", "typographic minus"),
    ("12%", "has a %"), ("$5", "has a $"), ("1e999", "beyond the range"),
  ])
  func nearlyNumbers(_ cell: String, _ reason: String) throws {
    let failure = try #require(error("x;y\n1;1\n2;2\n\(cell);3\n4;4\n"))
    #expect(failure.message.hasPrefix("t.csv, line 4: x is \"\(cell)\", which "))
    #expect(failure.message.contains(reason))
    #expect(failure.help != nil)
  }

  @Test func textColumns() throws {
    let table = try read("x,species\n1,setosa\n2,virginica\n3,setosa\n")
    #expect(table.summary == "3 rows × 2 columns: x species (text)")
    #expect(table.numericNames == ["x"])
    let failure = try #require(diagnostic { try table.column("species", at: somewhere) })
    #expect(failure.message.contains("holds text (setosa, virginica), not numbers"))
    #expect(failure.help?.contains("codes(d[\"species\"])") == true)
    let (codes, labels) = try table.codes("species", at: somewhere)
    #expect(codes == Tensor([0, 1, 0], shape: [3], type: .int64))
    #expect(labels == ["setosa", "virginica"])
  }

  /// A column may begin with what looks like numbers and still be text, and the other way round;
  /// no cell of it is lost.
  @Test func columnsThatChangeTheirMind() throws {
    let text = try read("ticket,x\n0113,1\n,1\nPC 17,2\nA/5,3\n")
    #expect(text.columns[0].kind == .text(["0113", "", "PC 17", "A/5"]))
    let number = try read("x\nwarm-up\n1\n2\n3\n", CSVOptions(header: false, missing: .skip))
    #expect(try numbers(number, "c0") == [1, 2, 3])
    let late = try read("x,y\n,a\n,b\nlabel,c\n", CSVOptions())
    #expect(late.columns[0].kind == .text(["", "", "label"]))
    let forced = try read("zip\n01234\n99999\n", CSVOptions(textColumns: ["zip"]))
    #expect(forced.columns[0].kind == .text(["01234", "99999"]))
  }

  @Test func emptyColumns() throws {
    #expect(try read("a,b\n1,\n2,\n").columns[1].kind == .text(["", ""]))
    let table = try read("a,b\n1,\n2,\n", CSVOptions(missing: .nan))
    #expect(try numbers(table, "b").allSatisfy(\.isNaN))
    #expect(try read("a,b\n1,\n2,\n", CSVOptions(missing: .skip)).rowCount == 2)
  }

  // MARK: - Damaged files

  @Test(arguments: [
    ("", "data.empty", "t.csv is empty"),
    ("\n \n\r\n", "data.empty", "t.csv is empty"),
    ("\u{FEFF}", "data.empty", "t.csv is empty"),
    ("a,b\n", "data.noRows", "a header but no rows"),
    ("a,b\n1,2\n3\n", "data.ragged", "t.csv, line 3: 1 cell where the header has 2"),
    ("a,b\n1,2\n\n3,4,5\n", "data.ragged", "t.csv, line 4: 3 cells where the header has 2"),
    ("1,2\n3,4,5\n", "data.ragged", "t.csv, line 2: 3 cells where the first row has 2"),
    ("a,b,a\n1,2,3\n", "data.duplicateColumn", "columns 1 and 3 are both called \"a\""),
    ("a,b\n1,\"2\n3,4\n", "data.quotes", "t.csv, line 2: a quote is opened and never closed"),
    ("a,b\n\"1\"x,2\n", "data.quotes", "t.csv, line 2: a closing quote is followed"),
    ("a,b\n5\" pipe,2\n", "data.quotes", "t.csv, line 2: a quote stands in the middle"),
    ("a,b\n1,\u{0}\n", "file.notText", "t.csv, line 2: a NUL byte"),
    ("a,b\n1,\u{301}2\n", "data.cells", "t.csv, line 2: the cells"),
  ])
  func damage(_ text: String, _ id: String, _ message: String) throws {
    let failure = try #require(error(text))
    #expect(failure.id == id)
    #expect(failure.message.contains(message), "\(failure.message)")
    #expect(failure.span != nil)
  }

  @Test func notText() throws {
    func message(_ bytes: [UInt8]) -> String? {
      diagnostic { try CSVFile.parse(bytes, name: "t", at: somewhere) }?.message
    }
    #expect(
      message(Array("a\nb\nZ".utf8) + [0xFC, 0x0A])?.contains("line 3: the byte 0xFC") == true)
    #expect(message([0xFF, 0xFE, 0x61, 0])?.contains("UTF-16") == true)
    #expect(message([0x93] + Array("NUMPY".utf8))?.contains("NumPy") == true)
    #expect(message([0x50, 0x4B, 3, 4, 0])?.contains("zip") == true)
    #expect(message([0x1F, 0x8B, 8])?.contains("compressed") == true)
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80],
      [0xF0, 0x8F, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
      [0xF0, 0x9F, 0x98], [0xC3], [0xE2, 0x28, 0xA1], [0xFF],
    ] as [[UInt8]])
  func malformedUTF8(_ bytes: [UInt8]) {
    #expect(TextBytes.firstInvalidUTF8([0x61] + bytes) == 1)
    #expect(TextBytes.firstInvalidUTF8(Array("aé€😀".utf8) + bytes) == 10)
  }

  @Test func aRowTooLongOrTooWide() throws {
    let wide = String(repeating: ",", count: CSVCells.maximumColumns)
    #expect(error("a\n" + wide)?.id == "data.tooLarge")
    let open = "a,b\n1,\"" + String(repeating: "x", count: CSVRecords.maximumLength)
    #expect(error(open)?.message.contains("line 2: this row is longer than 16 MiB") == true)
  }

  /// More than one block of text is read, and a row may lie across the seam.
  @Test func manyBlocks() throws {
    let long = String(repeating: "é", count: 20_000)
    var text = "i,s\n"
    for row in 0..<20 { text += "\(row),\"\(long)\n\(row)\"\n" }
    let table = try read(text + "20,x")
    #expect(table.rowCount == 21)
    #expect(try numbers(table, "i") == (0...20).map(Double.init))
    #expect(table.columns[1].kind == .text((0..<20).map { "\(long)\n\($0)" } + ["x"]))
    #expect(error(text + "oops,x")?.message == "t.csv, line 42: i is \"oops\"")
  }
}
