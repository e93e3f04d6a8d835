// A block of one or more lines and how it stands in the editor: there each line after the first
// begins with the continuation prompt, which the editor itself cannot draw. Text only.

enum Block {
  static func displayed(_ text: String, continuation: String) -> String {
    joined(lines(text), separator: "\n" + continuation)
  }

  /// The inverse; a line whose prompt was partly deleted loses what is left of it.
  static func text(ofDisplayed text: String, continuation: String) -> String {
    let all = lines(text)
    let bare = all.dropFirst().map { line -> Substring.UnicodeScalarView in
      let prompt = zip(line, continuation.unicodeScalars).prefix { $0 == $1 }.count
      return line.dropFirst(prompt)
    }
    return withoutFinalNewlines(joined(all.prefix(1) + bare, separator: "\n"))
  }

  static func withoutFinalNewlines(_ text: String) -> String {
    var scalars = text.unicodeScalars
    while scalars.last == "\n" { scalars.removeLast() }
    return String(scalars)
  }

  private static func lines(_ text: String) -> [Substring.UnicodeScalarView] {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private static func joined(
    _ lines: some Sequence<Substring.UnicodeScalarView>, separator: String
  ) -> String {
    var result = String.UnicodeScalarView()
    var isFirst = true
    for line in lines {
      if !isFirst { result.append(contentsOf: separator.unicodeScalars) }
      result.append(contentsOf: line)
      isFirst = false
    }
    return String(result)
  }
}

extension Block {
  /// Rows of a terminal `width` wide above the one the text ends on, counted from the prompt.
  static func rowsAbove(
    _ text: some Sequence<Unicode.Scalar>, prompt: Int, width: Int
  ) -> Int {
    var rows = 0
    var cells = prompt
    for scalar in text {
      if scalar == "\n" {
        rows += cells / max(width, 1) + 1
        cells = 0
      } else if scalar == "\t" {
        cells = (cells / 8 + 1) * 8
      } else {
        cells += TextWidth.cells(scalar)
      }
    }
    return rows + cells / max(width, 1)
  }
}

extension Block {
  /// A bound on the rows several texts take, whatever the width.
  struct Size: Equatable {
    private var breaks = 0
    private var length = 0

    mutating func grow(to text: String) {
      length = max(length, text.utf8.count)
      if text.utf8.count > breaks { breaks = max(breaks, text.utf8.count { $0 == 0x0A }) }
    }

    /// No UTF-8 byte takes more than one cell, but a tab takes up to eight.
    func rows(width: Int) -> Int { breaks + 8 * length / max(width, 1) + 1 }
  }
}
