// One source line with a caret and underlined operands below it.
//
// Works in terminal columns, so accents and wide letters do not shift the caret. What cannot be
// shown, a control character or an invalid byte, takes one column as a dot. A long line is cut to a
// window round the caret.

struct SnippetLine {
  let source: Source
  /// The line's bytes.
  let line: Range<Int>
  let caret: Span?
  let marks: [Diagnostic.Mark]

  /// How much of a line is looked at on either side of the caret.
  private static let reach = 2000

  /// A character with its bytes and columns.
  private struct Cell {
    var scalar: Unicode.Scalar
    var bytes: Range<Int>
    var column: Int
    var width: Int
  }

  /// What stands for a character in output: itself, or a dot.
  static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == "\t" { return " " }
    switch scalar.properties.generalCategory {
    case .control, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: return "·"
    case .format: return scalar == "\u{AD}" || scalar == "\u{FEFF}" ? "·" : scalar
    default: return scalar == "\u{FFFD}" ? "·" : scalar
    }
  }

  func lines(width: Int, ascii: Bool) -> [StyledText] {
    let focus = caret?.start ?? marks.first?.span.start ?? line.lowerBound
    let cells = read(round: focus)
    let window = self.window(cells, round: column(of: focus, in: cells), width: max(10, width - 2))
    var lines = [text(cells, window, ascii: ascii)]
    let underline = self.underline(cells, window, ascii: ascii)
    if !underline.isEmpty { lines.append(underline) }
    let labels = self.labels(cells, window)
    if !labels.isEmpty { lines.append(labels) }
    return lines
  }

  // MARK: Reading

  private func read(round focus: Int) -> [Cell] {
    var place = max(line.lowerBound, focus - Self.reach)
    let end = min(line.upperBound, max(place, focus) + Self.reach)
    // Not in the middle of a character.
    while place > line.lowerBound, source.bytes[place] & 0xC0 == 0x80 { place -= 1 }
    var cells: [Cell] = []
    var column = 0
    while place < end {
      let (scalar, length) = character(at: place, end: end)
      let shown = Self.visible(scalar)
      let width = TextWidth.columns(of: shown)
      cells.append(
        Cell(scalar: shown, bytes: place..<(place + length), column: column, width: width))
      column += width
      place += length
    }
    return cells
  }

  private func character(at place: Int, end: Int) -> (Unicode.Scalar, Int) {
    var decoder = UTF8()
    var bytes = source.bytes[place..<min(end, place + 4)].makeIterator()
    if case .scalarValue(let scalar) = decoder.decode(&bytes) {
      return (scalar, UTF8.width(scalar))
    }
    return ("\u{FFFD}", 1)
  }

  private func column(of offset: Int, in cells: [Cell]) -> Int {
    guard let last = cells.last else { return 0 }
    // An accent stands in the column of its letter.
    if let cell = cells.first(where: {
      $0.bytes.upperBound > offset && $0.bytes.lowerBound <= offset
    }) {
      return cell.width == 0 ? max(0, cell.column - 1) : cell.column
    }
    return offset < last.bytes.lowerBound ? 0 : last.column + last.width
  }

  // MARK: Cutting

  /// The columns to show.
  private func window(_ cells: [Cell], round focus: Int, width: Int) -> Range<Int> {
    let total = cells.last.map { $0.column + $0.width } ?? 0
    if total <= width { return 0..<(total + 1) }
    let start = max(0, min(focus - width / 2, total + 1 - width))
    return start..<(start + width)
  }

  private func text(_ cells: [Cell], _ window: Range<Int>, ascii: Bool) -> StyledText {
    let cutLeft = window.lowerBound > 0 || (cells.first?.bytes.lowerBound ?? 0) > line.lowerBound
    let total = cells.last.map { $0.column + $0.width } ?? 0
    let cutRight =
      window.upperBound < total || (cells.last?.bytes.upperBound ?? 0) < line.upperBound
    let first = window.lowerBound + (cutLeft ? 1 : 0)
    let last = window.upperBound - (cutRight ? 1 : 0)
    let sign = ascii ? "~" : "…"
    var text = "  " + (cutLeft ? sign : "")
    // A wide letter half outside leaves a blank, so that columns stay true.
    if let cell = cells.first(where: { $0.column >= first && $0.width > 0 }) {
      text += String(repeating: " ", count: max(0, min(cell.column, last) - first))
    }
    for cell in cells where cell.column >= first && cell.column + cell.width <= last {
      if cell.width == 0, cell.column == first { continue }
      text.unicodeScalars.append(cell.scalar)
    }
    return StyledText(text + (cutRight ? sign : ""))
  }

  // MARK: Below the line

  private func underline(_ cells: [Cell], _ window: Range<Int>, ascii: Bool) -> StyledText {
    var row: [(Character, Style)] = []
    func put(_ sign: Character, _ style: Style, at column: Int) {
      guard window.contains(column) else { return }
      let place = column - window.lowerBound
      while row.count <= place { row.append((" ", .plain)) }
      row[place] = (sign, style)
    }
    for mark in marks {
      for column in columns(of: mark.span, in: cells) {
        put(ascii ? "-" : "─", .accent, at: column)
      }
    }
    if let caret {
      let covered = columns(of: caret, in: cells)
      for column in covered.dropFirst() { put(ascii ? "-" : "─", .caret, at: column) }
      put(ascii ? "^" : "▲", .caret, at: covered.lowerBound)
    }
    var text = StyledText(row.isEmpty ? "" : "  ")
    for (sign, style) in row { text.append(String(sign), style) }
    return text
  }

  /// The columns a span covers on this line, at least one.
  private func columns(of span: Span, in cells: [Cell]) -> Range<Int> {
    let start = column(of: span.start, in: cells)
    let inside = cells.filter {
      $0.bytes.lowerBound >= span.start && $0.bytes.upperBound <= min(span.end, line.upperBound)
    }
    let end = inside.last.map { $0.column + $0.width } ?? start
    return start..<max(start + 1, end)
  }

  /// The marks' words, each below its mark or as near as the one before it allows.
  private func labels(_ cells: [Cell], _ window: Range<Int>) -> StyledText {
    let placed = marks.filter { !$0.label.isEmpty }
      .map { (column: column(of: $0.span.start, in: cells), label: $0.label) }
      .filter { window.contains($0.column) }
      .sorted { $0.column < $1.column }
    guard !placed.isEmpty else { return "" }
    var text = StyledText("  ")
    for (place, entry) in placed.enumerated() {
      let column = entry.column - window.lowerBound + 2
      text.pad(to: max(column, place == 0 ? 2 : text.width + 2))
      text.append(entry.label, .accent)
    }
    return text
  }
}
