// Text measured in terminal cells: width, padding, cutting and wrapping. Combining marks
// are 0 wide, most letters 1, many East Asian characters 2; escapes count nothing. Widths
// are never counted in bytes or in Swift characters.

import CLibEdit

package enum TextWidth {
  /// Cells `text` takes on one row. Escape sequences and control characters take none.
  package static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text.utf8.count }
    var total = 0
    forEachPiece(text) { piece in total += piece.width }
    return total
  }

  /// `text` filled with spaces to `width` cells on the right; longer text stays whole.
  package static func padRight(_ text: String, to width: Int) -> String {
    text + spaces(width - of(text))
  }

  /// `text` pushed to the right edge of `width` cells.
  package static func padLeft(_ text: String, to width: Int) -> String {
    spaces(width - of(text)) + text
  }

  /// At most `width` cells of `text`, the last of them `mark` when something was cut off.
  /// Escapes are kept, so that a style begun is also ended.
  package static func truncate(_ text: String, to width: Int, mark: String = "…") -> String {
    guard of(text) > width else { return text }
    let markWidth = of(mark)
    guard width >= markWidth, width > 0 else { return "" }
    var result = ""
    var used = 0
    var isCut = false
    forEachPiece(text) { piece in
      if piece.isEscape {
        result += piece.text
      } else if !isCut {
        if used + piece.width <= width - markWidth {
          result += piece.text
          used += piece.width
        } else {
          isCut = true
          result += mark
        }
      }
    }
    return result
  }

  /// `text` on lines of at most `width` cells, broken at spaces where possible; `indent`
  /// opens each continuation line. Newlines in the text are kept.
  package static func wrap(_ text: String, to width: Int, indent: String = "") -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { wrapLine(String($0), to: max(width, 1), indent: indent) }
  }

  /// `text` with its escape sequences taken out.
  package static func withoutEscapes(_ text: String) -> String {
    var result = ""
    forEachPiece(text) { piece in
      if !piece.isEscape { result += piece.text }
    }
    return result
  }

  /// `text` with every control character made visible (`^[`, `^A`), newline and tab kept:
  /// for text out of files, which must not command the terminal.
  package static func printable(_ text: String) -> String {
    let isClean = text.unicodeScalars.allSatisfy { !isControl($0) || $0 == "\n" || $0 == "\t" }
    if isClean { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" || !isControl(scalar) {
        result.append(scalar)
      } else if scalar.value < 0x20, let letter = Unicode.Scalar(scalar.value + 0x40) {
        result.append("^")
        result.append(letter)
      } else {
        result.append(contentsOf: "^?".unicodeScalars)
      }
    }
    return String(result)
  }

  // MARK: pieces

  /// One escape sequence, or one scalar with the zero-width marks that follow it.
  struct Piece {
    var text: String
    var width: Int
    var isEscape: Bool
  }

  static func forEachPiece(_ text: String, _ body: (Piece) -> Void) {
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let start = index
      let scalar = scalars[index]
      scalars.formIndex(after: &index)
      if scalar == "\u{1B}" {
        index = endOfEscape(scalars, from: index)
        body(Piece(text: String(scalars[start..<index]), width: 0, isEscape: true))
        continue
      }
      let width = cells(scalar)
      while index < scalars.endIndex, isMark(scalars[index]) {
        scalars.formIndex(after: &index)
      }
      body(Piece(text: String(scalars[start..<index]), width: width, isEscape: false))
    }
  }

  /// Past a sequence whose ESC was at the index before `start`: CSI to its final byte, OSC to
  /// BEL or ESC \, otherwise one character.
  private static func endOfEscape(
    _ scalars: String.UnicodeScalarView, from start: String.Index
  ) -> String.Index {
    var index = start
    guard index < scalars.endIndex else { return index }
    let kind = scalars[index]
    scalars.formIndex(after: &index)
    if kind == "[" {
      while index < scalars.endIndex {
        let value = scalars[index].value
        scalars.formIndex(after: &index)
        if (0x40...0x7E).contains(value) { break }
      }
    } else if kind == "]" {
      while index < scalars.endIndex {
        let value = scalars[index].value
        scalars.formIndex(after: &index)
        if value == 0x07 { break }
        if value == 0x1B {
          if index < scalars.endIndex { scalars.formIndex(after: &index) }
          break
        }
      }
    }
    return index
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300 && cells(scalar) == 0
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  /// Cells one scalar takes, from the C library's table.
  static func cells(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if (0x20...0x7E).contains(value) { return 1 }
    if isControl(scalar) { return 0 }
    Characters.prepare()
    let width = descent_cells(value)
    return width < 0 ? 1 : Int(width)
  }

  static func spaces(_ count: Int) -> String {
    count > 0 ? String(repeating: " ", count: count) : ""
  }

  // MARK: wrapping

  private static func wrapLine(_ line: String, to width: Int, indent: String) -> [String] {
    guard of(line) > width else { return [line] }
    let indentWidth = of(indent)
    let opening = indentWidth < width ? indent : ""
    let openingWidth = of(opening)
    var lines: [String] = []
    var current = ""
    var used = 0
    var hasWord = false
    func startLine() {
      lines.append(current)
      current = opening
      used = openingWidth
      hasWord = false
    }
    for (gap, word) in words(line) {
      let wordWidth = of(word)
      if hasWord, used + gap + wordWidth > width {
        startLine()
      } else {
        let room = max(width - used, 0)
        current += spaces(min(gap, room))
        used += min(gap, room)
      }
      if used + wordWidth <= width {
        current += word
        used += wordWidth
      } else {
        forEachPiece(word) { piece in
          if used + piece.width > width, used > 0 { startLine() }
          current += piece.text
          used += piece.width
        }
      }
      hasWord = true
    }
    lines.append(current)
    return lines
  }

  /// The words of a line, each with the number of spaces before it.
  private static func words(_ line: String) -> [(gap: Int, word: String)] {
    var result: [(Int, String)] = []
    var gap = 0
    var word = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      if scalar == " " {
        if !word.isEmpty {
          result.append((gap, String(word)))
          word = String.UnicodeScalarView()
          gap = 0
        }
        gap += 1
      } else {
        word.append(scalar)
      }
    }
    if !word.isEmpty { result.append((gap, String(word))) }
    return result
  }
}
