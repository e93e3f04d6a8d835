// The delimiters between which the formulas of a document stand.

import Diagnostics

extension FormulaDocument {
  private static let verbatim: Set<String> = [
    "verbatim", "Verbatim", "lstlisting", "minted", "comment", "filecontents",
  ]

  /// Environments whose lines are one formula together.
  private static let algorithms: Set<String> = ["algorithm", "algorithmic", "algpseudocode"]

  mutating func backslash() {
    if starts("\\[") { return delimited("\\[", "\\]", display: true) }
    if starts("\\(") { return delimited("\\(", "\\)", display: false) }
    // Markdown takes a backslash away first.
    if !isTeX {
      if starts("\\\\[") { return delimited("\\\\[", "\\\\]", display: true) }
      if starts("\\\\(") { return delimited("\\\\(", "\\\\)", display: false) }
    }
    if section() || definition() { return }
    if starts("\\begin{") { return environment() }
    if isTeX {
      if starts("\\end{document}") { return go(to: bytes.count) }
      if starts("\\iffalse") {
        return go(to: (find("\\fi", from: place + 8) ?? bytes.count) + 3)
      }
      if starts("\\verb") { return verb() }
    }
    go(to: place + 2)
  }

  /// `\verb|$x$|`
  private mutating func verb() {
    var mark = place + 5
    if mark < bytes.count, bytes[mark] == UInt8(ascii: "*") { mark += 1 }
    guard mark < bytes.count, (bytes[mark] | 0x20) < 0x61 || (bytes[mark] | 0x20) > 0x7A,
      let end = bytes[(mark + 1)..<lineEnd(from: mark)].firstIndex(of: bytes[mark])
    else { return go(to: place + 2) }
    go(to: end + 1)
  }

  private mutating func delimited(_ open: String, _ close: String, display: Bool) {
    let start = place + open.utf8.count
    guard let end = find(close, from: start) else {
      return display ? unclosed(start) : go(to: start)
    }
    // Markdown escapes brackets of its own: no formula goes past a paragraph or another one.
    if !isTeX, isProse(start, end) { return go(to: start) }
    add(start, end, display: display, from: place, to: end + close.utf8.count)
  }

  /// A display that is never closed is one to the end of its paragraph, its opening mark with it, which
  /// is what the reader then points at; words alone are none.
  private mutating func unclosed(_ start: Int) {
    guard start >= noDisplayBefore else { return go(to: start) }
    var end = start
    var isFormula = false
    while end < bytes.count, end - place <= FormulaDocument.longestUnclosed, !isParagraphEnd(end) {
      if bytes[end] == UInt8(ascii: "\\") || bytes[end] == UInt8(ascii: "=") { isFormula = true }
      end += 1
    }
    guard isFormula, end - place < FormulaDocument.longestUnclosed, !isEscapedBracket(start, end)
    else {
      noDisplayBefore = end
      return go(to: start)
    }
    add(place, end, display: true, from: place, to: end)
  }

  /// Markdown's `\[1]` and `\[MASK]`: a bracket of the text, which a plain one closes.
  private func isEscapedBracket(_ start: Int, _ end: Int) -> Bool {
    guard !isTeX, starts("\\[") else { return false }
    var depth = 0
    for byte in bytes[start..<end] {
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") {
        if depth == 0 { return true }
        depth -= 1
      }
    }
    return false
  }

  /// In bytes; what is longer is no paragraph.
  private static let longestUnclosed = 4000

  /// What is once known for prose is not read again for a mark inside of it: a text of such marks
  /// takes one pass.
  private mutating func isProse(_ start: Int, _ end: Int) -> Bool {
    if let prose, start < prose.place, prose.next < end { return true }
    var paragraph: Int?
    for next in start..<end {
      if let paragraph, bytes[next] > 0x20 {
        prose = (paragraph, next)
        return true
      }
      if bytes[next] == UInt8(ascii: "$"), next == start || bytes[next - 1] != UInt8(ascii: "\\") {
        if holdsText(start, next) { return false }
        prose = (next, next)
        return true
      }
      if paragraph == nil, next > start, isParagraphEnd(next) { paragraph = next }
    }
    return false
  }

  private static let textOpeners = TeXCommands.texts.map { Array("\\\($0){".utf8) }

  /// `\text{if $x$}` inside of a formula.
  private func holdsText(_ start: Int, _ end: Int) -> Bool {
    (start..<end).contains { place in
      bytes[place] == UInt8(ascii: "\\")
        && FormulaDocument.textOpeners.contains { bytes[place..<end].starts(with: $0) }
    }
  }

  private mutating func environment() {
    let nameStart = place + 7
    guard let nameEnd = bytes[nameStart...].prefix(40).firstIndex(of: UInt8(ascii: "}")) else {
      return go(to: nameStart)
    }
    let name = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
    let plain = name.hasSuffix("*") ? String(name.dropLast()) : name
    let close = "\\end{\(name)}"
    if FormulaDocument.verbatim.contains(plain) {
      return go(to: (find(close, from: nameEnd) ?? nameEnd) + close.utf8.count)
    }
    if FormulaDocument.algorithms.contains(plain), let end = find(close, from: nameEnd) {
      // An algorithm with formulas is read as one; without any it is a text like others.
      if let formula = find("$", from: nameEnd + 1), formula < end {
        return add(nameEnd + 1, end, display: true, from: place, to: end + close.utf8.count)
      }
    }
    let isFormula =
      TeXPieces.displays.contains(plain)
      || [
        "aligned", "split", "gathered", "cases", "array", "IEEEeqnarray", "dmath", "dgroup",
        "empheq",
      ]
      .contains(plain)
    guard isFormula else { return go(to: nameEnd + 1) }
    guard let end = find(close, from: nameEnd) else { return unclosed(nameEnd + 1) }
    add(
      place, end + close.utf8.count, display: plain != "math", from: place,
      to: end + close.utf8.count)
  }

  mutating func dollar() {
    if starts("$$") {
      guard let end = find("$$", from: place + 2) else { return unclosed(place + 2) }
      return add(place + 2, end, display: true, from: place, to: end + 2)
    }
    if !isTeX, starts("$`"), let end = find("`$", from: place + 2),
      end < find("\n", from: place) ?? bytes.count
    {
      return add(place + 2, end, display: false, from: place, to: end + 2)
    }
    // `$x$`, but not “$5 and $10”: no blank inside the dollars, no digit behind them.
    var next = place + 1
    guard next < bytes.count else { return go(to: next) }
    let startsBlank = isBlank(bytes[next])
    while next < bytes.count {
      let byte = bytes[next]
      if byte == UInt8(ascii: "\\") {
        next += 2
        continue
      }
      if isParagraphEnd(next) || (startsBlank && !isTeX && byte == 0x0A) { break }
      if byte == UInt8(ascii: "$") {
        let isDigit = next + 1 < bytes.count && (0x30...0x39).contains(bytes[next + 1])
        let isMoney = startsBlank || isBlank(bytes[next - 1]) || isDigit
        if isMoney, !isTeX, !isMathematics(place + 1, next) { break }
        // `$latex x = 1$`, as some pages mark them.
        let start = !isTeX && starts("latex ", at: 1) ? place + 7 : place + 1
        return add(min(start, next), next, display: false, from: place, to: next + 1)
      }
      next += 1
    }
    go(to: place + 1)
  }

  /// Blanks inside the dollars are borne where no text looks like that.
  private func isMathematics(_ start: Int, _ end: Int) -> Bool {
    guard isBlank(bytes[start]), isBlank(bytes[end - 1]) else { return false }
    return bytes[start..<end].contains { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "^") }
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
  }
}
