// What csv("…", …) and npy("…") ask for, and text files.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Engine

private func expression(_ kind: Expression.Kind) -> Expression { Expression(kind, somewhere) }
private func string(_ text: String) -> Expression { expression(.string(text)) }
private func name(_ text: String) -> Expression { expression(.name(Name(canonical: text))) }

private func call(
  _ function: String, _ file: Expression?, _ options: [(String, Expression)] = []
) -> Expression {
  let arguments =
    (file.map { [Expression.Argument(value: $0)] } ?? [])
    + options.map { Expression.Argument(label: Name(canonical: $0), value: $1) }
  return expression(
    .call(
      Expression.Callee(path: [Name(canonical: function)], span: somewhere), arguments))
}

private func table(_ expression: Expression) throws -> DataTable {
  guard case .table(let table) = try DataSource.load(expression).definition else {
    throw Diagnostic("test.kind", "not a table")
  }
  return table
}

@Suite struct DataSourceTests {
  @Test func tablesAndArrays() throws {
    let folder = try TemporaryFolder()
    let csv = try folder.file("a.csv", "x,y\n1,2\n")
    #expect(try DataSource.load(call("csv", string(csv))).summary == "1 row × 2 columns: x y")
    #expect(try table(string(csv)).rowCount == 1)
    try NumPyFile.write(
      Tensor([1, 2], shape: [2]), to: folder.path("a.npy"), at: somewhere)
    for source in [call("npy", string(folder.path("a.npy"))), string(folder.path("a.npy"))] {
      let loaded = try DataSource.load(source)
      #expect(loaded.summary == "float64 [2]")
      guard case .value(let tensor) = loaded.definition else {
        Issue.record("an array is a value")
        return
      }
      #expect(tensor.elements == [1, 2])
    }
  }

  @Test func options() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.csv", "1;2,5\n3;\n4;1,5\n")
    let skipping = try table(
      call(
        "csv", string(path),
        [
          ("header", name("false")), ("delimiter", string(";")), ("decimal", string(",")),
          ("missing", string("skip")),
        ]))
    #expect(try skipping.column("c1", at: somewhere).elements == [2.5, 1.5])
    let nan = try DataSource.load(
      call("csv", string(path), [("missing", name("nan")), ("decimal", string(","))]))
    #expect(
      nan.summary
        == "3 rows × 2 columns: c0 c1; 1 cell is read as nan, the first in line 2: c1 is empty")
    let zip = try folder.file("z.csv", "zip,id\n01,02\n")
    for text in [string("zip"), expression(.list([string("zip")]))] {
      #expect(
        try table(call("csv", string(zip), [("text", text)])).columns[0].kind == .text(["01"]))
    }
    let tabs = try folder.file("t.csv", "a\tb\n1\t2\n")
    for tab in ["tab", "\\t", "\t"] {
      #expect(
        try table(call("csv", string(tabs), [("delimiter", string(tab))])).columns.count == 2)
    }
  }

  @Test func whatIsNotUnderstood() throws {
    let folder = try TemporaryFolder()
    let path = try string(folder.file("a.csv", "a\n1\n"))
    func id(_ expression: Expression) -> String? {
      diagnostic { try DataSource.load(expression) }?.id
    }
    #expect(id(name("x")) == "data.source")
    #expect(id(call("tsv", path)) == "data.source")
    #expect(id(call("csv", nil)) == "data.source")
    #expect(id(call("csv", name("a"))) == "data.source")
    for (label, value) in [
      ("header", string("maybe")), ("delimiter", string("ab")), ("delimiter", string("")),
      ("missing", name("inf")), ("decimal", string(";")), ("text", name("zip")), ("heder", path),
      ("text", expression(.list([name("zip")]))), ("header", expression(.list([]))),
    ] {
      #expect(id(call("csv", path, [(label, value)])) == "data.option")
    }
    let twice = [("header", name("true")), ("header", name("false"))]
    #expect(id(call("csv", path, twice)) == "data.option")
    #expect(id(call("npy", path, [("header", name("true"))])) == "data.option")
    #expect(id(call("csv", path, [("text", string("b"))])) == "data.unknownColumn")
    #expect(
      diagnostic { try DataSource.load(call("csv", path, [("mising", name("nan"))])) }?.help
        == "did you mean missing?")
  }

  @Test func texts() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", "\u{FEFF}é = 1\r\nb\rc\n")
    #expect(try FileAccess.text(path, at: somewhere) == "é = 1\nb\nc\n")
    #expect(try FileAccess.source(path, at: somewhere).name == path)
    #expect(try FileAccess.text(folder.file("b", ""), at: somewhere) == "")
    try folder.file("c", Array("a\n".utf8) + [0xFF])
    let failure = diagnostic { try FileAccess.text(folder.path("c"), at: somewhere) }
    #expect(failure?.message.contains("line 2: the byte 0xFF") == true)
    try folder.file("d", [0x61, 0])
    #expect(
      diagnostic { try FileAccess.text(folder.path("d"), at: somewhere) }?.id == "file.notText")
  }
}
