// Where the formulas of a Markdown or TeX document are.
//
// Display formulas ($$ … $$, \[ … \], environments, ```math) and inline ones ($ … $, \( … \)). Fenced
// code, code between backticks, comments, verbatim text and amounts of money are left alone. One pass
// over the bytes; nothing is parsed here.

import Diagnostics

package struct DocumentFormula: Sendable {
  /// What is between the delimiters; an environment with its \begin and \end.
  package var span: Span
  package var isDisplay: Bool
  /// The number of the line it begins on, from 1.
  package var line: Int
  /// The number of the section it stands in, from 0.
  package var section: Int
}

package struct FormulaDocument: Sendable {
  package private(set) var formulas: [DocumentFormula] = []
  /// What stands between the formulas, for evidence: the text before each and after the last.
  package private(set) var words: [String] = []

  private let source: Source
  private let bytes: [UInt8]
  private var place = 0
  private var line = 1
  private var section = 0
  private var wordsStart = 0
  private var atLineStart = true

  package init(_ source: Source) {
    self.source = source
    bytes = source.bytes
    while place < bytes.count { scan() }
    words.append(Span(source, wordsStart, bytes.count).text)
  }

  private mutating func scan() {
    if atLineStart {
      atLineStart = false
      if skipFence() || skipHeading() { return }
    }
    let byte = bytes[place]
    switch byte {
    case 0x0A:
      line += 1
      place += 1
      atLineStart = true
    case UInt8(ascii: "`"): skipCode()
    case UInt8(ascii: "\\"): backslash()
    case UInt8(ascii: "$"): dollar()
    case UInt8(ascii: "<") where starts("<!--"): skip(past: "-->")
    default: place += 1
    }
  }

  private func starts(_ text: String, at offset: Int = 0) -> Bool {
    let start = place + offset
    return start <= bytes.count && bytes[start...].starts(with: text.utf8)
  }

  /// Goes to a place and counts the lines on the way.
  private mutating func go(to end: Int) {
    let stop = min(max(end, place), bytes.count)
    for byte in bytes[place..<stop] where byte == 0x0A { line += 1 }
    place = stop
    atLineStart = stop > 0 && bytes[stop - 1] == 0x0A
  }

  private mutating func skip(past text: String) {
    go(to: (find(text, from: place + 1) ?? bytes.count) + text.utf8.count)
  }

  private func find(_ text: String, from start: Int) -> Int? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first else { return nil }
    var next = start
    while next + wanted.count <= bytes.count {
      if bytes[next] == first, bytes[next...].starts(with: wanted) { return next }
      next += 1
    }
    return nil
  }

  private mutating func add(_ start: Int, _ end: Int, display: Bool, from open: Int, to close: Int)
  {
    words.append(Span(source, wordsStart, open).text)
    let skipped = bytes[place..<max(place, min(start, bytes.count))].count { $0 == 0x0A }
    formulas.append(
      DocumentFormula(
        span: Span(source, start, end), isDisplay: display, line: line + (display ? 0 : skipped),
        section: section))
    go(to: close)
    wordsStart = place
  }

  // MARK: Blocks

  /// ``` … ```; one of mathematics is a formula.
  private mutating func skipFence() -> Bool {
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
    let infoEnd = bytes[infoStart...].firstIndex(of: 0x0A) ?? bytes.count
    let info = String(decoding: bytes[infoStart..<infoEnd], as: UTF8.self)
    // `` ```x``` `` on one line is code in a line.
    if mark == UInt8(ascii: "`"), info.contains("`") { return false }
    var next = min(infoEnd + 1, bytes.count)
    let contentStart = next
    var contentEnd = bytes.count
    var end = bytes.count
    while next < bytes.count {
      let lineEnd = bytes[next...].firstIndex(of: 0x0A) ?? bytes.count
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
      add(contentStart, contentEnd, display: true, from: open, to: end)
    } else {
      go(to: end)
    }
    return true
  }

  private mutating func skipHeading() -> Bool {
    guard place < bytes.count, bytes[place] == UInt8(ascii: "#") else { return false }
    section += 1
    return false
  }

  /// `code`
  private mutating func skipCode() {
    var count = 0
    while place + count < bytes.count, bytes[place + count] == UInt8(ascii: "`") { count += 1 }
    var next = place + count
    while next < bytes.count {
      guard bytes[next] == UInt8(ascii: "`") else {
        // A paragraph's end closes nothing: the backticks were plain.
        if bytes[next] == 0x0A, next + 1 < bytes.count, bytes[next + 1] == 0x0A { break }
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

  // MARK: Formulas

  private static let verbatim = ["verbatim", "lstlisting", "minted", "comment"]

  private mutating func backslash() {
    if starts("\\[") { return delimited("\\]", display: true) }
    if starts("\\(") { return delimited("\\)", display: false) }
    if starts("\\section") || starts("\\subsection") || starts("\\chapter") { section += 1 }
    if starts("\\begin{") { return environment() }
    go(to: place + 2)
  }

  private mutating func delimited(_ close: String, display: Bool) {
    guard let end = find(close, from: place + 2) else { return go(to: place + 2) }
    add(place + 2, end, display: display, from: place, to: end + 2)
  }

  private mutating func environment() {
    let nameStart = place + 7
    guard let nameEnd = bytes[nameStart...].prefix(40).firstIndex(of: UInt8(ascii: "}")) else {
      return go(to: nameStart)
    }
    let name = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
    let plain = name.filter { $0 != "*" }
    let close = "\\end{\(name)}"
    if FormulaDocument.verbatim.contains(plain) {
      return go(to: (find(close, from: nameEnd) ?? nameEnd) + close.utf8.count)
    }
    let isFormula =
      TeXPieces.displays.contains(plain)
      || ["aligned", "split", "gathered", "cases", "array"].contains(plain)
    guard isFormula, let end = find(close, from: nameEnd) else { return go(to: nameEnd + 1) }
    add(place, end + close.utf8.count, display: true, from: place, to: end + close.utf8.count)
  }

  private mutating func dollar() {
    if starts("$$") {
      guard let end = find("$$", from: place + 2) else { return go(to: place + 2) }
      return add(place + 2, end, display: true, from: place, to: end + 2)
    }
    // `$x$`, but not “$5 and $10”: no blank inside the dollars, no digit behind them.
    var next = place + 1
    guard next < bytes.count, !isBlank(bytes[next]) else { return go(to: next) }
    while next < bytes.count {
      let byte = bytes[next]
      if byte == UInt8(ascii: "\\") {
        next += 2
        continue
      }
      if byte == 0x0A, next + 1 < bytes.count, bytes[next + 1] == 0x0A { break }
      if byte == UInt8(ascii: "$") {
        let isDigit = next + 1 < bytes.count && (0x30...0x39).contains(bytes[next + 1])
        if isBlank(bytes[next - 1]) || isDigit { break }
        return add(place + 1, next, display: false, from: place, to: next + 1)
      }
      next += 1
    }
    go(to: place + 1)
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
  }
}
