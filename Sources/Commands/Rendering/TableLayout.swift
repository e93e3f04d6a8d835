// A table's cells as lines: column widths, folding, and parts where all columns do not fit.

import Diagnostics
import Engine

struct TableLayout {
  private let headers: [StyledText]
  /// By column, then row; the cells of a number column are all equally wide.
  private let cells: [[StyledText]]
  private let isRight: [Bool]
  /// What a column may be narrowed to: number columns not at all.
  private let narrowest: [Int]
  private let widths: [Int]
  private let width: Int
  private let dots: String

  private static let gap = 2
  /// Text columns are not folded narrower than this.
  private static let leastText = 12

  init(_ table: TableReport, format: Format) {
    width = max(8, format.width)
    dots = format.signs.dots
    var headers: [StyledText] = []
    var cells: [[StyledText]] = []
    var isRight: [Bool] = []
    var narrowest: [Int] = []
    for (i, column) in table.columns.enumerated() {
      let entries = table.rows.map { i < $0.count ? $0[i] : .empty }
      let isNumbers = !entries.contains(where: \.isText)
      let texts = Self.texts(entries, aligned: isNumbers && column.alignment == .automatic, format)
      let header = StyledText(format.signs.plain(column.header), .dim)
      let widest = max(header.width, texts.map(\.width).max() ?? 0)
      headers.append(header)
      cells.append(texts)
      isRight.append(column.alignment == .right || (isNumbers && column.alignment != .left))
      narrowest.append(isNumbers ? widest : min(widest, Self.leastText))
    }
    self.headers = headers
    self.cells = cells
    self.isRight = isRight
    self.narrowest = narrowest
    widths = zip(headers, cells).map { max($0.width, $1.map(\.width).max() ?? 0) }
  }

  func lines() -> [StyledText] {
    var lines: [StyledText] = []
    for part in parts() {
      if !lines.isEmpty { lines.append(StyledText()) }
      let widths = fitted(part)
      if headers.contains(where: { !$0.isEmpty }) {
        lines += row(part, widths) { headers[$0] }
      }
      for i in cells[part[0]].indices { lines += row(part, widths) { cells[$0][i] } }
    }
    return lines
  }

  private static func texts(
    _ cells: [TableReport.Cell], aligned: Bool, _ format: Format
  ) -> [StyledText] {
    let texts = cells.map { cell -> StyledText in
      switch cell {
      case .empty: StyledText()
      case .text(let text): StyledText(format.signs.plain(text))
      case .styled(let text): text.plainSigns(format)
      case .number(let value): StyledText(NumberFormat.text(value, digits: format.digits), .number)
      case .count(let value): StyledText("\(value)", .number)
      }
    }
    guard aligned else { return texts }
    return Column.aligned(texts.map(\.plain)).map { StyledText($0, .number) }
  }

  /// The columns in groups that fit the width; each after the first repeats the first column.
  private func parts() -> [[Int]] {
    guard !headers.isEmpty else { return [] }
    var parts: [[Int]] = []
    var part: [Int] = []
    var used = 0
    for column in headers.indices {
      let needed = narrowest[column] + Self.gap
      if part.count > (parts.isEmpty ? 0 : 1), used + needed - Self.gap > width {
        parts.append(part)
        part = [0]
        used = narrowest[0] + Self.gap
      }
      part.append(column)
      used += needed
    }
    return parts + [part]
  }

  /// Widths for the columns of a part, the widest text columns narrowed first.
  private func fitted(_ part: [Int]) -> [Int] {
    var result = part.map { widths[$0] }
    var excess = result.reduce(0, +) + Self.gap * (part.count - 1) - width
    while excess > 0 {
      let candidates = part.indices.filter { result[$0] > narrowest[part[$0]] }
      guard let widest = candidates.max(by: { result[$0] < result[$1] }) else { break }
      // Down to the next widest, or as far as needed.
      let others = candidates.filter { $0 != widest }.map { result[$0] }.max() ?? 0
      let least = max(narrowest[part[widest]], result[widest] - excess)
      let target = max(least, min(others, result[widest] - 1))
      excess -= result[widest] - target
      result[widest] = target
    }
    return result
  }

  private func row(
    _ part: [Int], _ widths: [Int], cell: (Int) -> StyledText
  ) -> [StyledText] {
    let folded = zip(part, widths).map { column, room in
      cell(column).folded(to: room, hanging: 0).map { cut($0, to: room) }
    }
    return (0..<(folded.map(\.count).max() ?? 1)).map { i in
      var line = StyledText()
      for (place, column) in part.enumerated() {
        let text = i < folded[place].count ? folded[place][i] : StyledText()
        if place > 0 { line.append(String(repeating: " ", count: Self.gap)) }
        let blanks = String(repeating: " ", count: max(0, widths[place] - text.width))
        if isRight[column] { line.append(blanks) }
        line.append(text)
        if !isRight[column], place + 1 < part.count { line.append(blanks) }
      }
      return line.trimmed
    }
  }

  /// A word longer than its column ends in dots.
  private func cut(_ text: StyledText, to room: Int) -> StyledText {
    guard text.width > room, room > dots.count else { return text }
    var result = StyledText()
    var left = room - TextWidth.columns(of: dots)
    for run in text.runs {
      var kept = ""
      for character in run.text {
        let columns = TextWidth.columns(of: String(character))
        guard columns <= left else {
          result.append(kept + dots, run.style)
          return result
        }
        kept.append(character)
        left -= columns
      }
      result.append(kept, run.style)
    }
    return result
  }
}
