// The blocks of a document that hold no formulas, and the macros it defines.

import Diagnostics

extension FormulaDocument {
  /// ``` … ```; one of mathematics is a formula.
  mutating func skipFence() -> Bool {
    var start = place
    while start < bytes.count, bytes[start] == 0x20, start - place < 4 { start += 1 }
    guard start < bytes.count,
      bytes[start] == UInt8(ascii: "`") || bytes[start] == UInt8(ascii: "~")
    else { return false }
    let mark = bytes[start]
    var count = 0
    while start + count < bytes.count, bytes[start + count] == mark { count += 1 }
    guard count >= 3 else { return false }
    let infoStart = start + count
    let infoEnd = lineEnd(from: infoStart)
    let info = String(decoding: bytes[infoStart..<infoEnd], as: UTF8.self)
    // `` ```x``` `` on one line is code in a line.
    if mark == UInt8(ascii: "`"), info.contains("`") { return false }
    var next = min(infoEnd + 1, bytes.count)
    let contentStart = next
    var contentEnd = bytes.count
    var end = bytes.count
    while next < bytes.count {
      let lineEnd = self.lineEnd(from: next)
      var inner = next
      while inner < lineEnd, bytes[inner] == 0x20 { inner += 1 }
      var marks = 0
      while inner + marks < lineEnd, bytes[inner + marks] == mark { marks += 1 }
      let isBlank = bytes[(inner + marks)..<lineEnd].allSatisfy {
        $0 == 0x20 || $0 == 0x09 || $0 == 0x0D
      }
      if marks >= count, isBlank {
        contentEnd = next
        end = min(lineEnd + 1, bytes.count)
        break
      }
      next = lineEnd + 1
    }
    if info.filter({ $0.isLetter }) == "math" {
      let open = place
      let start = optionsEnd(from: contentStart, to: contentEnd)
      add(start, contentEnd, display: true, from: open, to: end)
    } else {
      go(to: end)
    }
    return true
  }

  /// `code`
  mutating func skipCode() {
    var count = 0
    while place + count < bytes.count, bytes[place + count] == UInt8(ascii: "`") { count += 1 }
    var next = place + count
    while next < bytes.count {
      guard bytes[next] == UInt8(ascii: "`") else {
        // A paragraph's end closes nothing: the backticks were plain.
        if isParagraphEnd(next) { break }
        next += 1
        continue
      }
      var run = 0
      while next + run < bytes.count, bytes[next + run] == UInt8(ascii: "`") { run += 1 }
      if run == count { return go(to: next + run) }
      next += run
    }
    go(to: place + count)
  }

  /// `<!-- … -->`, and what HTML sets as it stands.
  mutating func skipMarkup() {
    for (open, close) in [
      ("<!--", "-->"), ("<pre", "</pre>"), ("<code", "</code>"), ("<style", "</style>"),
    ] where starts(open) {
      return go(to: (find(close, from: place + 1) ?? bytes.count) + close.utf8.count)
    }
    place += 1
  }

  // MARK: Macros

  private static let definers = [
    "\\newcommand", "\\renewcommand", "\\providecommand", "\\DeclareMathOperator", "\\def",
    "\\gdef",
    "\\let",
  ]

  /// A definition outside of any formula.
  mutating func definition() -> Bool {
    guard let end = definitionEnd(at: place) else { return false }
    definitions.append(Span(source, place, end))
    go(to: end)
    return true
  }

  /// The definitions inside of a formula hold for those after it as well.
  mutating func findDefinitions(in span: Span) {
    var next = span.start
    while next < span.end {
      if bytes[next] == UInt8(ascii: "\\") {
        if let end = definitionEnd(at: next), end <= span.end {
          definitions.append(Span(source, next, end))
          next = end
          continue
        }
        next += 1
      }
      next += 1
    }
  }

  /// Whether there is anything beside the definitions in it.
  func holdsMore(_ span: Span, than inside: ArraySlice<Span>) -> Bool {
    var next = span.start
    for part in inside {
      if bytes[next..<max(next, part.start)].contains(where: { $0 > 0x20 }) { return true }
      next = part.end
    }
    return bytes[min(next, span.end)..<span.end].contains { $0 > 0x20 }
  }

  private func definitionEnd(at start: Int) -> Int? {
    guard
      let definer = FormulaDocument.definers.first(where: {
        bytes[start...].starts(with: $0.utf8)
      })
    else { return nil }
    var next = start + definer.utf8.count
    func isLetter(_ place: Int) -> Bool {
      place < bytes.count && ((bytes[place] | 0x20) >= 0x61 && (bytes[place] | 0x20) <= 0x7A)
    }
    guard !isLetter(next) else { return nil }
    if next < bytes.count, bytes[next] == UInt8(ascii: "*") { next += 1 }
    func skipBlanks() {
      while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x0A { next += 1 }
    }
    /// A command's name, or a group.
    func skipOne() {
      skipBlanks()
      guard next < bytes.count else { return }
      if bytes[next] == UInt8(ascii: "{") {
        next = groupEnd(from: next)
      } else if bytes[next] == UInt8(ascii: "\\") {
        next += 1
        let start = next
        while isLetter(next) { next += 1 }
        if next == start { next += 1 }
      } else {
        next += 1
      }
    }
    skipOne()
    skipBlanks()
    if definer == "\\let" {
      if next < bytes.count, bytes[next] == UInt8(ascii: "=") { next += 1 }
    } else if definer == "\\def" || definer == "\\gdef" {
      let limit = min(bytes.count, next + 80)
      while next < limit, bytes[next] != UInt8(ascii: "{") { next += 1 }
    } else {
      while next < bytes.count, bytes[next] == UInt8(ascii: "[") {
        guard let close = bytes[next...].prefix(400).firstIndex(of: UInt8(ascii: "]")) else {
          return nil
        }
        next = close + 1
        skipBlanks()
      }
    }
    skipOne()
    return next <= bytes.count ? next : nil
  }

  /// The place behind the brace that closes the one at a place; the end of the line, or of what is
  /// looked at, when none does.
  func groupEnd(from open: Int) -> Int {
    var depth = 0
    var next = open
    let limit = min(bytes.count, open + 20_000)
    while next < limit {
      switch bytes[next] {
      case UInt8(ascii: "\\"): next += 1
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return next + 1 }
      default: break
      }
      next += 1
    }
    return bytes[open..<limit].firstIndex(of: 0x0A) ?? limit
  }
}
