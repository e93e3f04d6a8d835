// A data set at a glance: each column's kind, what is missing in it, its range and its first values.

import Diagnostics
import Engine
import Notation
import Tensors

extension TableReport {
  /// How many columns are listed; the rest is only counted.
  private static let mostListed = 40
  private static let firstRows = 3

  /// One line a column. The split, if there is one, is told in the title.
  static func data(_ name: String, _ table: DataTable, _ split: Split? = nil) -> TableReport {
    var title = "\(name) : \(table.rowCount == 1 ? "1 row" : "\(table.rowCount) rows")"
    if let split {
      let parts = split.parts.map { "\(name).\($0.name.canonical) \($0.rows.count)" }
      let fold = split.activeFold.map { "fold \($0) of \(split.folds.count): " } ?? ""
      title += " (\(fold)\(parts.joined(separator: ", ")))"
    }
    let shown = min(firstRows, table.rowCount)
    var columns = [
      Column("column", .left), Column("kind", .left), Column("missing", .right), Column("min"),
      Column("mean"), Column("max"),
    ]
    for row in 0..<shown { columns.append(Column("row \(row)")) }
    let rows = table.columns.prefix(mostListed).map { column in
      var cells: [Cell] = [.text(column.name)]
      switch column.kind {
      case .numbers(let tensor):
        let known = tensor.elements.filter { !$0.isNaN }
        let isWhole = known.allSatisfy { $0 == $0.rounded() }
        cells.append(.text(isWhole ? "whole numbers" : "numbers"))
        cells.append(.count(tensor.elements.count - known.count))
        if let least = known.min(), let most = known.max() {
          let mean = known.reduce(0) { $0 + $1 / Double(known.count) }
          cells += [.number(least), .number(mean), .number(most)]
        } else {
          cells += [.empty, .empty, .empty]
        }
        cells += tensor.elements.prefix(shown).map { .number($0) }
      case .text(let texts):
        let labels = Set(texts).subtracting([""])
        cells.append(.text("text, \(labels.count) \(labels.count == 1 ? "value" : "different")"))
        cells.append(.count(texts.filter(\.isEmpty).count))
        cells += [.empty, .empty, .empty]
        cells += texts.prefix(shown).map { .text($0.count > 16 ? $0.prefix(15) + "…" : $0) }
      }
      return cells
    }
    let more = table.columns.count - rows.count
    return TableReport(
      title: title, columns: columns, rows: rows,
      footer: more > 0 ? "and \(more) columns more" : nil, kind: "data")
  }

  /// What `show d` and `d` alone answer, where that is a data set.
  static func data(_ expression: Expression, in session: Session) -> TableReport? {
    guard let table = session.dataObject(expression) as? DataTable else { return nil }
    var split: Split?
    if case .name(let name) = expression.kind { split = session.split(of: name) }
    return .data(expression.text(.pretty), table, split)
  }
}
