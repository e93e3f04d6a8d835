// The one way an error becomes text.
//
//   error: shapes [2] and [3] do not fit together in −
//     loss L = sum((w - [3, 1, 2])^2)
//                   ─ ▲ ─────────
//                   [2]  [3]
//     help: elementwise operators need equal sizes, or 1, in each dimension
//
// Styles are named, not coloured; nothing is written anywhere.

/// Turns diagnostics into lines of styled text.
package struct DiagnosticRenderer: Sendable {
  /// The columns there are; longer source lines are cut to a window round the caret.
  package var width: Int
  /// `^` and `-` instead of `▲` and `─`.
  package var ascii: Bool

  package init(width: Int = 100, ascii: Bool = false) {
    self.width = width
    self.ascii = ascii
  }

  package func text(_ diagnostic: Diagnostic) -> String {
    lines(diagnostic).map(\.plain).joined(separator: "\n")
  }

  package func lines(_ diagnostic: Diagnostic) -> [StyledText] {
    var lines: [StyledText] = []
    var head = StyledText(word(diagnostic.severity) + ": ", style(diagnostic.severity))
    head.append(shown(diagnostic.message))
    lines.append(head)
    if let span = diagnostic.span {
      if let name = span.source.name {
        let place = TextPlace(span.source, span.start)
        var line = StyledText("  at ", .dim)
        line.append("\(shown(name)):\(place.lineNumber):\(place.column)", .dim)
        lines.append(line)
      }
      lines += snippet(span, diagnostic.marks)
    }
    lines += otherPlaces(diagnostic)
    if let help = diagnostic.help {
      // Help may have several lines; what a person typed has none, it is quoted in messages only.
      let parts = help.split(separator: "\n", omittingEmptySubsequences: false)
      for (number, part) in parts.enumerated() {
        var line = StyledText(number == 0 ? "  help: " : "        ", .help)
        line.append(shown(String(part)))
        lines.append(line)
      }
    }
    return lines
  }

  private func word(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "note"
    }
  }

  private func style(_ severity: Diagnostic.Severity) -> Style {
    switch severity {
    case .error: .error
    case .warning: .warning
    case .note: .note
    }
  }

  /// How many characters of a message are shown.
  private static let longest = 1000

  /// A message may quote what a person typed, so what cannot be shown becomes a dot, and what is too
  /// long to be read is cut.
  private func shown(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(Self.longest)
    let isCut = scalars.endIndex < text.unicodeScalars.endIndex
    return String(String.UnicodeScalarView(scalars.map { SnippetLine.visible($0) }))
      + (isCut ? "…" : "")
  }

  // MARK: Places

  /// A place's line with the caret below, indented by two.
  /// - Parameter line: the bytes of that line where they are known; looking for them takes a walk
  ///   through the whole text.
  package func snippet(_ span: Span, line: Range<Int>? = nil) -> [StyledText] {
    SnippetLine(
      source: span.source, line: line ?? TextPlace(span.source, span.start).line, caret: span,
      marks: []
    ).lines(width: width, ascii: ascii)
  }

  /// The caret's line with the marks on that line.
  private func snippet(_ span: Span, _ marks: [Diagnostic.Mark]) -> [StyledText] {
    let line = TextPlace(span.source, span.start).line
    let near = marks.filter { isOn(line, of: span.source, $0.span) }
    return SnippetLine(source: span.source, line: line, caret: span, marks: near)
      .lines(width: width, ascii: ascii)
  }

  /// Marks elsewhere get their own lines, in the order given.
  private func otherPlaces(_ diagnostic: Diagnostic) -> [StyledText] {
    var lines: [StyledText] = []
    for mark in diagnostic.marks {
      let line = TextPlace(mark.span.source, mark.span.start).line
      if let span = diagnostic.span,
        isOn(TextPlace(span.source, span.start).line, of: span.source, mark.span)
      {
        continue
      }
      lines += SnippetLine(source: mark.span.source, line: line, caret: nil, marks: [mark])
        .lines(width: width, ascii: ascii)
    }
    return lines
  }

  private func isOn(_ line: Range<Int>, of source: Source, _ span: Span) -> Bool {
    span.source === source && line.lowerBound <= span.start && span.start <= line.upperBound
  }
}

/// Where a byte stands: its line and the number of characters before it.
package struct TextPlace: Sendable {
  /// Counted from the source's first line.
  package let lineNumber: Int
  /// In characters, from 1.
  package let column: Int
  /// The bytes of the line, without its end.
  package let line: Range<Int>

  package init(_ source: Source, _ offset: Int) {
    let bytes = source.bytes
    let place = max(0, min(offset, bytes.count))
    var number = source.firstLine
    var start = 0
    for index in 0..<place where bytes[index] == 0x0A {
      number += 1
      start = index + 1
    }
    var end = place
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    lineNumber = number
    line = start..<max(start, end)
    let before = String(decoding: bytes[start..<max(start, min(place, end))], as: UTF8.self)
    column = before.count + 1
  }
}
