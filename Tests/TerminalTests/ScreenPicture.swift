// What a terminal would show for the bytes a program writes: the little of it the line editor
// uses. Enough to hold the screen to what is in the line; no terminal emulator.

@testable import Terminal

struct ScreenPicture {
  let width: Int
  private(set) var row = 0
  private(set) var column = 0
  private var cells: [[String]] = []
  /// Set after the last column was written: the next character goes to the next row.
  private var isWrapping = false

  init(width: Int) { self.width = width }

  /// The rows from the one that begins the last prompt, without spaces at their ends.
  var block: [String] {
    let rows = cells.map { trimmed($0.joined()) }
    let start = rows.lastIndex { $0.hasPrefix(">") } ?? 0
    var shown = Array(rows[start...])
    while shown.last == "" { shown.removeLast() }
    return shown
  }

  mutating func write(_ text: String) {
    var scalars = Substring(text).unicodeScalars
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\r": move(to: row, 0)
      case "\n": move(to: row + 1, column)
      case "\u{8}": move(to: row, max(column - 1, 0))
      case "\u{7}": break
      case "\u{1B}":
        guard scalars.first == "[" else { break }
        scalars.removeFirst()
        let body = scalars.prefix { !(0x40...0x7E).contains($0.value) }
        scalars.removeFirst(body.count)
        if let final = scalars.popFirst() { command(final, String(body)) }
      default: put(scalar)
      }
    }
  }

  private mutating func command(_ final: Unicode.Scalar, _ body: String) {
    let count = Int(body) ?? 1
    switch final {
    case "A": move(to: max(row - count, 0), column)
    case "B": move(to: row + count, column)
    case "C": move(to: row, min(column + count, width - 1))
    case "D": move(to: row, max(column - count, 0))
    case "G": move(to: row, count - 1)
    case "K": erase(row, from: column)
    case "J":
      erase(row, from: column)
      for below in cells.indices.dropFirst(row + 1) { cells[below] = [] }
    case "P":
      extend(row, to: width)
      cells[row].removeSubrange(column..<min(column + count, width))
    case "@":
      extend(row, to: column)
      cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
      cells[row] = Array(cells[row].prefix(width))
    default: break
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let size = TextWidth.cells(scalar)
    if isWrapping || column + size > width { move(to: row + 1, 0) }
    guard size > 0 else { return }
    extend(row, to: column + size)
    cells[row][column] = String(scalar)
    if size == 2 { cells[row][column + 1] = "" }
    column += size
    if column == width {
      column = width - 1
      isWrapping = true
    }
  }

  private mutating func move(to row: Int, _ column: Int) {
    self.row = row
    self.column = column
    isWrapping = false
    extend(row, to: 0)
  }

  private mutating func erase(_ row: Int, from column: Int) {
    extend(row, to: 0)
    cells[row] = Array(cells[row].prefix(column))
    isWrapping = false
  }

  private mutating func extend(_ row: Int, to count: Int) {
    while cells.count <= row { cells.append([]) }
    while cells[row].count < count { cells[row].append(" ") }
  }

  private func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }
}
