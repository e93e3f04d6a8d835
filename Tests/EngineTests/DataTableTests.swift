// Finding columns, putting them side by side, and numbering classes.

import Diagnostics
import Tensors
import Testing

@testable import Engine

private func numbers(_ name: String, _ values: [Double]) -> DataTable.Column {
  DataTable.Column(name: name, kind: .numbers(Tensor(values, shape: [values.count])))
}

private let table = DataTable(
  rowCount: 3,
  columns: [
    numbers("sepal length (cm)", [5.1, 4.9, 4.7]), numbers("BMI", [1, 2, 3]),
    numbers("s1", [7, 8, 9]), DataTable.Column(name: "species", kind: .text(["b", "a", "b"])),
    numbers("class", [10, 9, 10]), numbers("Größe", [0, 1, 2]), numbers("β₁", [0, 0, 0]),
  ])

@Suite struct DataTableTests {
  @Test(arguments: [
    ("sepal length (cm)", 0), ("sepal_length_cm", 0), ("Sepal Length cm", 0), ("bmi", 1),
    ("s_1", 2), ("S1", 2), ("größe", 5), ("β₁", 6), ("beta1", 6), ("beta_1", 6),
  ])
  func names(_ name: String, _ index: Int) throws {
    #expect(try table.find(name, at: somewhere) == table.columns[index])
  }

  @Test func unknownNames() throws {
    let near = try #require(diagnostic { try table.column("clas", at: somewhere) })
    #expect(near.id == "data.unknownColumn")
    #expect(near.help == "did you mean class?")
    let far = try #require(diagnostic { try table.column("temperature", at: somewhere) })
    #expect(far.help?.hasPrefix("the columns are sepal length (cm), BMI") == true)
    #expect(diagnostic { try table.column("", at: somewhere) }?.id == "data.unknownColumn")
    #expect(diagnostic { try table.column("(", at: somewhere) }?.id == "data.unknownColumn")
  }

  @Test func ambiguousNames() throws {
    let twins = DataTable(rowCount: 1, columns: [numbers("a b", [1]), numbers("A_B", [2])])
    #expect(try twins.column("a b", at: somewhere).elements == [1])
    #expect(try twins.column("A_B", at: somewhere).elements == [2])
    let failure = try #require(diagnostic { try twins.column("a_b", at: somewhere) })
    #expect(failure.id == "data.ambiguousColumn")
    #expect(failure.message.contains("\"a b\" and \"A_B\""))
  }

  @Test func matrices() throws {
    let some = try table.matrix(of: [("s1", somewhere), ("bmi", somewhere)], at: somewhere)
    #expect(some == Tensor([7, 1, 8, 2, 9, 3], shape: [3, 2]))
    #expect(try table.matrix(of: [], at: somewhere).shape == [3, 6])
    #expect(
      diagnostic { try table.matrix(of: [("species", somewhere)], at: somewhere) }?.id
        == "data.textColumn")
    let text = DataTable(rowCount: 1, columns: [.init(name: "a", kind: .text(["x"]))])
    #expect(diagnostic { try text.matrix(of: [], at: somewhere) }?.id == "data.noNumbers")
  }

  @Test func classes() throws {
    let text = try table.codes("species", at: somewhere)
    #expect(text.codes == Tensor([1, 0, 1], shape: [3], type: .int64))
    #expect(text.labels == ["a", "b"])
    // Numbers in their own order: 9 before 10.
    let number = try table.codes("class", at: somewhere)
    #expect(number.codes.elements == [1, 0, 1])
    #expect(number.labels == ["9", "10"])
    let zero = DataTable(rowCount: 2, columns: [numbers("z", [0, -0.0])])
    #expect(try zero.codes("z", at: somewhere).labels == ["0"])
    let empty = DataTable(rowCount: 2, columns: [.init(name: "a", kind: .text(["x", ""]))])
    let failure = try #require(diagnostic { try empty.codes("a", at: somewhere) })
    #expect(failure.message.contains("has no label in row 1, counted from 0"))
    let nan = DataTable(rowCount: 1, columns: [numbers("z", [.nan])])
    #expect(diagnostic { try nan.codes("z", at: somewhere) }?.id == "data.missingLabel")
  }

  @Test func rows() {
    let part = table.selecting(rows: [2, 0, 7, -1])
    #expect(part.rowCount == 2)
    #expect(part.columns[1] == numbers("BMI", [3, 1]))
    #expect(part.columns[3].kind == .text(["b", "b"]))
  }

  @Test func summaries() {
    #expect(
      table.summary
        == "3 rows × 7 columns: \"sepal length (cm)\" BMI s1 species (text) class Größe β₁")
    let one = DataTable(rowCount: 1, columns: [numbers("a", [1])])
    #expect(one.summary == "1 row × 1 column: a")
    let many = DataTable(rowCount: 1, columns: (0..<20).map { numbers("x\($0)", [1]) })
    #expect(many.summary.hasSuffix("x10 x11 … and 8 more"))
  }
}
