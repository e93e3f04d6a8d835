// A table read from a file: named columns of numbers or of text, all of one length.
//
// It never changes and never guesses: a column of text is not read as numbers, and a name that fits
// two columns is an error.

import Diagnostics
import Tensors

package struct DataTable: Sendable {
  package enum Kind: Sendable, Equatable {
    /// One number a row: a float64 tensor `[rowCount]`.
    case numbers(Tensor)
    case text([String])
  }

  package struct Column: Sendable, Equatable {
    /// As written in the file's header.
    package let name: String
    package let kind: Kind

    package init(name: String, kind: Kind) {
      self.name = name
      self.kind = kind
    }

    /// The numbers, `[rowCount]`; nil for text.
    package var numbers: Tensor? {
      if case .numbers(let tensor) = kind { tensor } else { nil }
    }
  }

  package let rowCount: Int
  package let columns: [Column]
  /// What a person should know of the reading, such as rows left out: a sentence each.
  package let notes: [String]
  /// The table that this one's rows were taken from, which tells what classes there are.
  private let whole: Whole?

  private final class Whole: Sendable {
    let table: DataTable
    init(_ table: DataTable) { self.table = table }
  }

  /// The table itself, or the one that it is a part of.
  var source: DataTable { whole?.table ?? self }

  /// The columns all hold `rowCount` values.
  package init(rowCount: Int, columns: [Column], notes: [String] = []) {
    self.rowCount = rowCount
    self.columns = columns
    self.notes = notes
    whole = nil
  }

  private init(rowCount: Int, columns: [Column], partOf table: DataTable) {
    self.rowCount = rowCount
    self.columns = columns
    notes = []
    whole = table.whole ?? Whole(table)
  }

  /// The names of the columns that hold numbers.
  package var numericNames: [String] {
    columns.filter { $0.numbers != nil }.map(\.name)
  }

  /// `442 rows × 11 columns: age sex bmi …`, a column of text marked as one.
  package var summary: String {
    let shown = columns.count <= 16 ? columns[...] : columns.prefix(12)
    var words = shown.map { column in
      let name = column.name.contains(where: \.isWhitespace) ? "\"\(column.name)\"" : column.name
      return column.numbers == nil ? "\(name) (text)" : name
    }
    if shown.count < columns.count { words.append("… and \(columns.count - shown.count) more") }
    let rows = rowCount == 1 ? "1 row" : "\(rowCount) rows"
    let width = columns.count == 1 ? "1 column" : "\(columns.count) columns"
    return "\(rows) × \(width): " + words.joined(separator: " ")
  }

  // MARK: - Numbers

  /// The numbers of a column, `[rowCount]`. The name is the header's, or equal to it but for case,
  /// blanks and punctuation: `sepal_length_cm` finds `sepal length (cm)`.
  ///
  /// - Throws: `data.unknownColumn`, `data.ambiguousColumn`, `data.textColumn`.
  package func column(_ name: String, at span: Span) throws(Diagnostic) -> Tensor {
    let column = try find(name, at: span)
    switch column.kind {
    case .numbers(let tensor): return tensor
    case .text(let texts):
      throw Diagnostic(
        "data.textColumn",
        "the column \(quoted(column.name)) holds text (\(Self.examples(texts))), not numbers",
        at: span,
        help: "codes(d[\"\(column.name)\"]) numbers its classes 0, 1, …; one_hot of that makes"
          + " a column for each")
    }
  }

  /// Some columns side by side, `[rowCount, k]`, in the order named; without names, all that hold
  /// numbers.
  ///
  /// - Throws: as `column(_:at:)`; `data.noNumbers` when no column holds numbers;
  ///   `data.tooLarge`.
  package func matrix(
    of names: [(String, Span)], at span: Span
  ) throws(Diagnostic) -> Tensor {
    var parts: [Tensor] = []
    if names.isEmpty {
      parts = columns.compactMap(\.numbers)
      guard !parts.isEmpty else {
        throw Diagnostic("data.noNumbers", "no column of this table holds numbers", at: span)
      }
    } else {
      for (name, place) in names { parts.append(try column(name, at: place)) }
    }
    let shape = Shape([rowCount, parts.count])
    guard shape.count <= Tensor.maximumCount else {
      throw Diagnostic(
        "data.tooLarge", "\(rowCount) rows of \(parts.count) columns are too large", at: span)
    }
    var elements = [Double](repeating: 0, count: shape.count)
    for (column, part) in parts.enumerated() {
      for row in 0..<min(rowCount, part.elements.count) {
        elements[row * parts.count + column] = part.elements[row]
      }
    }
    return Tensor(elements, shape: shape)
  }

  // MARK: - Rows

  /// The rows of these numbers, in this order; a number that is no row is left out. What classes a
  /// column names stays as it is here.
  package func selecting(rows: [Int]) -> DataTable {
    let kept = rows.filter { $0 >= 0 && $0 < rowCount }
    let chosen = columns.map { column in
      switch column.kind {
      case .numbers(let tensor):
        let elements = kept.map { tensor.elements[$0] }
        return Column(
          name: column.name,
          kind: .numbers(
            Tensor(elements, shape: Shape([kept.count]), type: tensor.elementType)))
      case .text(let texts):
        return Column(name: column.name, kind: .text(kept.map { texts[$0] }))
      }
    }
    return DataTable(rowCount: kept.count, columns: chosen, partOf: self)
  }
}
