// Finding a column by its name, and numbering the classes a column of text names.

import Diagnostics
import Notation
import Tensors

extension DataTable {
  /// The column of that very name, else the one whose name is the same but for case, blanks and
  /// punctuation.
  ///
  /// - Throws: `data.unknownColumn` with the nearest names, `data.ambiguousColumn`.
  package func find(_ name: String, at span: Span) throws(Diagnostic) -> Column {
    if let exact = columns.first(where: { $0.name == name }) { return exact }
    // Then looser and looser: `s_1` finds `s1`, and `beta1` finds `β₁`, if nothing is nearer.
    for form in [Self.canonical, Self.asName, Self.bare] {
      let wanted = form(name)
      guard !wanted.isEmpty else { continue }
      let matches = columns.filter { form($0.name) == wanted }
      if let match = matches.first, matches.count == 1 { return match }
      if matches.count > 1 {
        let names = matches.map { quoted($0.name) }.joined(separator: " and ")
        throw Diagnostic(
          "data.ambiguousColumn", "\(quoted(name)) could be any of the columns \(names)",
          at: span, help: "write the name as it is in the file: d[\"\(matches[0].name)\"]")
      }
    }
    let names = columns.map(\.name)
    let help =
      didYouMean(name, in: names)
      ?? (names.count <= 16
        ? "the columns are \(names.joined(separator: ", "))"
        : "the columns are \(names.prefix(12).joined(separator: ", ")), …")
    throw Diagnostic(
      "data.unknownColumn", "there is no column \(quoted(name))", at: span, help: help)
  }

  /// The classes a column names, as numbers: its distinct values, sorted, are 0, 1, …
  ///
  /// Labels that are numbers sort as numbers and keep their plain form, so that class 10 comes
  /// after class 9.
  ///
  /// - Returns: int64 codes `[rowCount]`, and the label each code stands for.
  /// - Throws: as `find(_:at:)`; `data.missingLabel` when a cell is empty or no number.
  package func codes(
    _ name: String, at span: Span
  ) throws(Diagnostic) -> (codes: Tensor, labels: [String]) {
    let column = try find(name, at: span)
    // A part numbers its classes as the whole does, whichever of them it has.
    let known = source.columns.first { $0.name == column.name }?.kind ?? column.kind
    let codes: [Int]
    let labels: [String]
    switch (column.kind, known) {
    case (.text(let texts), .text(let all)):
      if let row = texts.firstIndex(of: "") { throw missingLabel(column.name, row, at: span) }
      labels = Set(all).subtracting([""]).sorted()
      let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
      codes = texts.map { numbers[$0] ?? 0 }
    case (.numbers(let tensor), .numbers(let all)):
      if let row = tensor.elements.firstIndex(where: \.isNaN) {
        throw missingLabel(column.name, row, at: span)
      }
      let values = Set(all.elements.filter { !$0.isNaN }).sorted()
      labels = values.map { Int(exactly: $0).map(String.init) ?? String($0) }
      let numbers = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
      codes = tensor.elements.map { numbers[$0] ?? 0 }
    default: (codes, labels) = ([], [])
    }
    let shape = Shape([rowCount])
    return (Tensor(codes.map(Double.init), shape: shape, type: .int64), labels)
  }

  private func missingLabel(_ name: String, _ row: Int, at span: Span) -> Diagnostic {
    Diagnostic(
      "data.missingLabel", "the column \(quoted(name)) has no label in row \(row), counted from 0",
      at: span, help: "leave such rows out of the file, or give them a label")
  }

  // MARK: - Names

  /// Lower case, with each run of other characters than letters and digits as one `_`.
  static func canonical(_ name: String) -> String {
    var result = ""
    var pending = false
    for character in name.lowercased() {
      if character.isLetter || character.isNumber {
        if pending, !result.isEmpty { result += "_" }
        result.append(character)
        pending = false
      } else {
        pending = true
      }
    }
    return result
  }

  /// The form that a name in a formula has: `beta1` for `β₁`, `x1` for `x_1`.
  static func asName(_ name: String) -> String {
    Name(spelling: canonical(name)).canonical
  }

  /// The canonical form without its underscores.
  static func bare(_ name: String) -> String {
    canonical(name).filter { $0 != "_" }
  }

  func quoted(_ name: String) -> String { "\"\(name)\"" }

  /// The first few distinct values, for a message.
  static func examples(_ texts: [String]) -> String {
    var seen: [String] = []
    for text in texts where !seen.contains(text) {
      if seen.count == 3 { return seen.joined(separator: ", ") + ", …" }
      seen.append(text.count > 20 ? text.prefix(19) + "…" : text)
    }
    return seen.joined(separator: ", ")
  }
}
