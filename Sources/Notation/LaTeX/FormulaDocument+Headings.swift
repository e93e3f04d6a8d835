// The headings of a document, in Markdown and in TeX and their kin.

import Diagnostics

extension FormulaDocument {
  /// `## Momentum`, and a line that the next one underlines. What a heading says may hold formulas.
  mutating func skipHeading() -> Bool {
    let end = lineEnd(from: place)
    var level = 0
    let mark = UInt8(ascii: markup.headingMark)
    while place + level < end, bytes[place + level] == mark { level += 1 }
    // A star or an equals sign without a blank behind it begins no heading.
    let isPlain = mark == UInt8(ascii: "#")
    if (1...6).contains(level), isPlain || place + level < end && bytes[place + level] == 0x20 {
      let text = String(decoding: bytes[(place + level)..<end], as: UTF8.self)
      addHeading(text.trimmed(of: String(markup.headingMark)), level: level, end: end)
      return false
    }
    guard end > place, end + 1 < bytes.count, bytes[place] > 0x20 else { return false }
    let below = bytes[(end + 1)..<lineEnd(from: end + 1)].filter { $0 != 0x0D && $0 != 0x20 }
    guard below.count >= 3, let mark = below.first, below.allSatisfy({ $0 == mark }),
      let level = markup.level(underlinedWith: mark)
    else { return false }
    let text = String(decoding: bytes[place..<end], as: UTF8.self)
    // A table's head has bars, and a list item or a quotation is no heading.
    guard !text.contains("|"), !"-*+>$\\".contains(text.first ?? " ") else { return false }
    addHeading(text, level: level, end: end)
    return false
  }

  private mutating func addHeading(_ text: String, level: Int, end: Int) {
    headings.append(
      DocumentHeading(
        text: text.trimmed(of: " \t\r*_"), level: level, line: line, start: place, end: end))
  }

  // MARK: Sections of TeX

  private static let sections: [(name: String, level: Int)] = [
    ("\\part", 1), ("\\chapter", 2), ("\\section", 3), ("\\subsection", 4),
    ("\\subsubsection", 5), ("\\paragraph", 6), ("\\subparagraph", 6),
  ]

  /// Bytes of a heading that are kept.
  private static let longestHeading = 400

  /// `\section{Momentum}`
  mutating func section() -> Bool {
    for (name, level) in FormulaDocument.sections where starts(name) {
      var next = place + name.utf8.count
      if next < bytes.count, bytes[next] == UInt8(ascii: "*") { next += 1 }
      if next < bytes.count, bytes[next] == UInt8(ascii: "[") {
        next = (bytes[next...].prefix(200).firstIndex(of: UInt8(ascii: "]")) ?? next) + 1
      }
      guard next < bytes.count, bytes[next] == UInt8(ascii: "{") else { continue }
      let end = groupEnd(from: next)
      let inner = bytes[(next + 1)..<max(next + 1, end - 1)]
      let text = String(decoding: inner.prefix(FormulaDocument.longestHeading), as: UTF8.self)
      addHeading(text, level: level, end: end)
      // It may hold formulas.
      go(to: next + 1)
      return true
    }
    return false
  }
}

extension String {
  fileprivate func trimmed(of characters: String) -> String {
    var text = self[...]
    while let first = text.first, first.isWhitespace || characters.contains(first) {
      text.removeFirst()
    }
    while let last = text.last, last.isWhitespace || characters.contains(last) { text.removeLast() }
    return String(text)
  }
}
