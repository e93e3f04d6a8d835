// Rows in columns: numbers lined up by their decimal points, text to the left.
//
// When the screen is too narrow, text is folded inside its column; when the numbers alone are too
// wide, the columns are printed in several parts, each beginning with the first column.

import Diagnostics

package struct TableReport: Report {
  package enum Alignment: Sendable {
    /// By the decimal point when every cell is a number, else left.
    case automatic
    case left, right
  }

  package struct Column: Sendable {
    package var header: String
    package var alignment: Alignment

    package init(_ header: String, _ alignment: Alignment = .automatic) {
      self.header = header
      self.alignment = alignment
    }
  }

  package enum Cell: Sendable, Equatable {
    case empty
    case text(String)
    case styled(StyledText)
    case number(Double)
    /// A whole number with all its digits, such as that of a step.
    case count(Int)

    var isText: Bool {
      switch self {
      case .text, .styled: true
      case .empty, .number, .count: false
      }
    }
  }

  package var title: String?
  package var columns: [Column]
  /// Rows shorter than the columns are filled up with empty cells; what is longer is not shown.
  package var rows: [[Cell]]
  package var footer: String?
  package let kind: String

  package init(
    title: String? = nil, columns: [Column], rows: [[Cell]], footer: String? = nil,
    kind: String = "table"
  ) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.footer = footer
    self.kind = kind
  }

  package func text(_ format: Format) -> [StyledText] {
    var lines: [StyledText] = []
    if let title {
      lines += StyledText(format.signs.plain(title), .accent).folded(to: format.width)
    }
    lines += TableLayout(self, format: format).lines()
    if let footer {
      lines += StyledText(format.signs.plain(footer), .dim).lines
        .flatMap { $0.folded(to: format.width) }
    }
    return lines
  }

  /// Column headers in ASCII, rows as arrays in the columns' order.
  package func json() -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "columns": .array(columns.map { .string(Signs(ascii: true).plain($0.header)) }),
      "rows": .array(
        rows.map { row in
          .array(
            columns.indices.map { i in
              switch i < row.count ? row[i] : .empty {
              case .empty: .null
              case .text(let text): .string(text)
              case .styled(let text): .string(text.plain)
              case .number(let value): JSONValue(number: value)
              case .count(let value): .number(Double(value))
              }
            })
        }),
    ]
    if let title { fields["title"] = .string(title) }
    if let footer { fields["footer"] = .string(footer) }
    return fields
  }
}

extension TableReport.Cell: ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
}
