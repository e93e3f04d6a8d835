// Rows laid out in columns: numbers to the right, text to the left, the widest columns cut
// until all fit. It returns lines and writes nothing.

package struct Table: Sendable {
  package enum Alignment: Sendable {
    /// Right when every cell is a number, else left.
    case automatic
    case left
    case right
  }

  package struct Column: Sendable {
    package var title: String
    package var alignment: Alignment

    package init(_ title: String, alignment: Alignment = .automatic) {
      self.title = title
      self.alignment = alignment
    }
  }

  package var columns: [Column]
  package var rows: [[String]]
  /// Cells between two columns.
  package var gap = 2

  /// Rows may be shorter or longer than the columns; what lacks a column has no title.
  package init(columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Titles as strings, every alignment automatic.
  package init(titles: [String], rows: [[String]] = []) {
    self.init(columns: titles.map { Column($0) }, rows: rows)
  }

  /// The lines, none wider than the screen: titles if there are any, then the rows.
  package func lines(on screen: Screen) -> [String] {
    let count = max(columns.count, rows.map(\.count).max() ?? 0)
    guard count > 0 else { return [] }
    let titles = (0..<count).map { $0 < columns.count ? oneLine(columns[$0].title) : "" }
    let cells = rows.map { row in (0..<count).map { $0 < row.count ? oneLine(row[$0]) : "" } }
    let natural = (0..<count).map { column in
      max(TextWidth.of(titles[column]), cells.map { TextWidth.of($0[column]) }.max() ?? 0)
    }
    let limit = max(screen.width, 1)
    let widths = Table.fitted(natural, to: limit - gap * (count - 1))
    let isRight = (0..<count).map { column -> Bool in
      switch column < columns.count ? columns[column].alignment : .automatic {
      case .left: false
      case .right: true
      case .automatic: Table.isNumeric(cells.map { $0[column] })
      }
    }
    let mark = screen.allowsUnicode ? "…" : "~"
    func line(_ cells: [String]) -> String {
      let parts = cells.indices.map { column in
        let text = TextWidth.truncate(cells[column], to: widths[column], mark: mark)
        return isRight[column]
          ? TextWidth.padLeft(text, to: widths[column])
          : TextWidth.padRight(text, to: widths[column])
      }
      let joined = parts.joined(separator: TextWidth.spaces(gap))
      return TextWidth.truncate(Table.withoutTrailingSpaces(joined), to: limit, mark: mark)
    }
    var result: [String] = []
    if titles.contains(where: { !$0.isEmpty }) { result.append(screen.styled(line(titles), .bold)) }
    return result + cells.map { line($0) }
  }

  /// Widths that add up to at most `total`, the widest cut first, none below 1.
  static func fitted(_ natural: [Int], to total: Int) -> [Int] {
    let sum = natural.reduce(0, +)
    guard sum > total, !natural.isEmpty else { return natural }
    // The largest width any column may have such that all fit; the rest goes to the first ones.
    let sorted = natural.sorted()
    var left = max(total, natural.count)
    var cap = 1
    var spare = 0
    for (index, width) in sorted.enumerated() {
      let share = left / (sorted.count - index)
      if width > share {
        cap = max(share, 1)
        spare = left - cap * (sorted.count - index)
        break
      }
      left -= width
    }
    return natural.map { width in
      guard width > cap else { return width }
      if spare > 0 {
        spare -= 1
        return cap + 1
      }
      return cap
    }
  }

  /// True when each non-empty cell is a number, perhaps with a sign, percent or exponent.
  static func isNumeric(_ cells: [String]) -> Bool {
    let filled = cells.map { TextWidth.withoutEscapes($0) }.filter { !$0.isEmpty }
    return !filled.isEmpty && filled.allSatisfy { isNumber($0) }
  }

  private static func isNumber(_ text: String) -> Bool {
    if ["nan", "inf", "-inf", "∞", "-∞", "-", "–", "—"].contains(text) { return true }
    var scalars = Substring(text).unicodeScalars
    if scalars.last == "%" { scalars.removeLast() }
    if let first = scalars.first, "+-−≈<".unicodeScalars.contains(first) {
      scalars.removeFirst()
    }
    guard let first = scalars.first, ("0"..."9").contains(first) || first == "." else {
      return false
    }
    return scalars.allSatisfy { ("0"..."9").contains($0) || ".eE+-_ ".unicodeScalars.contains($0) }
  }

  private func oneLine(_ text: String) -> String {
    text.contains { $0.isNewline || $0 == "\t" }
      ? String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }) : text
  }

  private static func withoutTrailingSpaces(_ text: String) -> String {
    var scalars = text.unicodeScalars
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }
}
