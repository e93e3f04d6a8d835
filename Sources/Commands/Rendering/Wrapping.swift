// Long lines folded where a reader would: before an operator or after a comma, outside brackets
// rather than inside, never within a number or a name.
//
// Text without a place to fold stays too long; nothing is ever cut off.

import Diagnostics

package enum Wrapping {
  /// `text` in lines of at most `width` columns where that is possible; all but the first begin with
  /// `indent` blanks. `first` columns of the first line are taken already.
  package static func lines(
    _ text: String, width: Int, indent: Int = 0, first: Int = 0
  ) -> [String] {
    var lines: [String] = []
    var rest = Array(text)
    var room = width - first
    while true {
      let cut = rest.isEmpty ? nil : place(in: rest, room: room)
      let prefix = lines.isEmpty ? "" : String(repeating: " ", count: indent)
      guard let cut else {
        lines.append(prefix + String(rest))
        return lines
      }
      lines.append(prefix + String(rest[..<cut]).trimmingBlanks)
      rest = Array(rest[cut...].drop { $0 == " " })
      room = width - indent
    }
  }

  /// Words of a sentence folded at blanks.
  package static func paragraph(_ text: String, width: Int, indent: Int = 0) -> [String] {
    let blanks = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if !line.isEmpty, TextWidth.columns(of: longer) + indent > width {
        lines.append(blanks + line)
        line = String(word)
      } else {
        line = longer
      }
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [blanks + line]
  }

  /// Where to fold: an index at which the next line begins, or nil when the text fits or cannot be
  /// folded. Among the places that fit, those outside the most brackets win, then commas over sums
  /// over products, then the last; but a line is not left mostly empty for it.
  private static func place(in text: [Character], room: Int) -> Int? {
    var columns = 0
    var depth = 0
    var best: (score: Int, index: Int)?
    var fallback: Int?
    for (i, character) in text.enumerated() {
      if let kind = breakKind(text, i) {
        let score = depth * 4 + kind
        if columns > room {
          fallback = fallback ?? i
        } else if best.map({ score <= $0.score || columnsAreFew($0.index, room) }) ?? true {
          best = (score, i)
        }
      }
      switch character {
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      default: break
      }
      columns += TextWidth.columns(of: String(character))
      if columns > room, best != nil || fallback != nil { break }
    }
    return columns > room ? best?.index ?? fallback : nil
  }

  /// How good a place is to begin a line with the character at `i`, or with what follows that blank:
  /// 0 between items, 1 before a sign with blanks round it, 2 before a product's sign; nil elsewhere.
  private static func breakKind(_ text: [Character], _ i: Int) -> Int? {
    guard i > 0, i + 1 < text.count else { return nil }
    switch text[i] {
    case " ":
      if text[i + 1] == " " || signs.contains(text[i - 1]) { return nil }
      return text[i - 1] == "," || !signs.contains(text[i + 1]) ? 0 : 1
    case "/", "·", "*": return text[i - 1] == " " || text[i + 1] == " " ? nil : 2
    default: return nil
    }
  }

  /// Whether folding so early would leave most of the line empty.
  private static func columnsAreFew(_ index: Int, _ room: Int) -> Bool { index * 4 < room }

  private static let signs: Set<Character> = [
    "+", "-", "−", "·", "*", "/", "=", "≈", "←", "<", ">", "@",
  ]
}

extension String {
  /// Without blanks at its end.
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
