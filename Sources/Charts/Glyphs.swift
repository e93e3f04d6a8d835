// The characters that tell series apart, and how many columns a label takes.

enum Glyphs {
  private static let marks: [Character] = ["●", "▲", "■", "◆", "▼", "★", "○", "△", "□", "◇"]
  private static let asciiMarks: [Character] = ["*", "+", "o", "x", "#", "@", "%", "&", "=", "~"]

  static func mark(_ series: Int, ascii: Bool) -> Character {
    let marks = ascii ? asciiMarks : marks
    return marks[max(0, series) % marks.count]
  }

  static func start(ascii: Bool) -> Character { ascii ? "S" : "◌" }

  /// What an ASCII canvas draws with.
  static func character(of ink: Ink, ascii: Bool) -> Character {
    if case .series(let number) = ink { return mark(number, ascii: ascii) }
    return "."
  }

  /// Columns of a label; combining accents take none.
  static func columns(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { count, scalar in
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: count
      default: count + 1
      }
    }
  }

  /// The text, cut if it takes more columns.
  static func cut(_ text: String, to width: Int) -> String {
    guard columns(of: text) > width else { return text }
    return String(text.prefix(max(0, width - 3))) + "..."
  }
}
