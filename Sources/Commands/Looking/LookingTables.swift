// The tables of `table` and `compare`.

import Diagnostics
import Engine
import Notation
import Tensors

enum HistoryTable {
  /// A vector up to this size gets a column for each element; a larger one is shown by its norm.
  private static let mostColumns = 8

  /// 1, 2, 5, 10, 20, … such that about so many rows come out.
  static func roundStep(for span: Int, rows: Int) -> Int {
    var step = 1
    while span / step > rows + rows / 4 {
      for factor in [2, 5, 10] where span / (step * factor) <= rows + rows / 4 || factor == 10 {
        step *= factor
        break
      }
    }
    return step
  }

  static func report(_ expressions: [Expression], _ rows: [HistoryRow], footer: String?)
    -> TableReport
  {
    var columns: [TableReport.Column] = []
    var cells = rows.map { _ in [TableReport.Cell]() }
    for (i, expression) in expressions.enumerated() {
      let values = rows.map { $0.values[i] }
      let name = expression.text(.pretty)
      let shape = values.compactMap { $0?.shape }.first ?? .scalar
      if shape.count == 1 {
        columns.append(.init(name))
        let isStep = expression.text(.ascii) == "t"
        for (row, value) in values.enumerated() {
          let number = value?.scalar
          let count = isStep ? number.flatMap { Int(exactly: $0) } : nil
          cells[row].append(count.map { .count($0) } ?? number.map { .number($0) } ?? .empty)
        }
      } else if shape.count <= mostColumns {
        for offset in 0..<shape.count {
          let place = (shape.place(of: offset) ?? []).map(String.init).joined(separator: ", ")
          columns.append(.init("\(name)[\(place)]"))
          for (row, value) in values.enumerated() {
            cells[row].append(value.map { .number($0.elements[offset]) } ?? .empty)
          }
        }
      } else {
        columns.append(.init("norm(\(name))"))
        for (row, value) in values.enumerated() {
          cells[row].append(value.map { .number($0.euclideanNorm) } ?? .empty)
        }
      }
    }
    return TableReport(columns: columns, rows: cells, footer: footer)
  }
}

enum ComparisonTable {
  static func report(_ comparison: Comparison, _ asked: Int) -> TableReport {
    let name = comparison.objective.name.pretty
    let best = comparison.best
    var columns: [TableReport.Column] = [.init("optimizer", .left), .init("start", .right)]
    columns += comparison.milestones.map { .init("\(comparison.unit) \($0)", .right) }
    columns.append(.init("", .left))
    let rows = comparison.entries.enumerated().map { i, entry in
      var row: [TableReport.Cell] = [.text(entry.text), .number(comparison.start)]
      for place in comparison.milestones.indices {
        row.append(place < entry.losses.count ? .number(entry.losses[place]) : .empty)
      }
      switch entry.ending {
      case .finished:
        if best.contains(i), comparison.entries.count > 1 {
          row.append(.styled(StyledText("best", .good)))
        } else {
          row.append(growth(of: entry, comparison).map { .styled(StyledText($0, .bad)) } ?? .empty)
        }
      case .diverged(let step):
        row.append(.styled(StyledText("not finite at step \(step)", .bad)))
      case .interrupted(let steps):
        row.append(.styled(StyledText("interrupted after \(steps)", .warning)))
      }
      return row
    }
    let left = asked - comparison.entries.count
    return TableReport(
      title: "\(name) after so many \(comparison.unit)s", columns: columns, rows: rows,
      footer: left > 0 ? "\(left) not run" : nil, kind: "comparison")
  }

  /// Words for an end that is worse than the start.
  private static func growth(of entry: Comparison.Entry, _ comparison: Comparison) -> String? {
    let sign = comparison.objective.maximize ? -1.0 : 1.0
    let rise = sign * (entry.last.loss - comparison.start)
    guard rise > 0 else { return nil }
    return rise > 1e3 * max(1, abs(comparison.start)) ? "diverges" : "ends worse than it began"
  }
}
