// Something that went wrong, as an answer: the message, the place, what to type instead.

import Diagnostics

package struct ErrorReport: Report {
  package let diagnostic: Diagnostic

  package init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }

  package var kind: String { "error" }

  package func text(_ format: Format) -> [StyledText] {
    // The words, but never the source line, whose columns the caret counts.
    var worded = diagnostic
    worded.message = format.signs.plain(diagnostic.message)
    worded.help = diagnostic.help.map { format.signs.plain($0) }
    return DiagnosticRenderer(width: format.width, ascii: format.ascii).lines(worded)
  }

  package func json() -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "id": .string(diagnostic.id),
      "severity": .string(severity),
      "message": .string(diagnostic.message),
    ]
    if let help = diagnostic.help { fields["help"] = .string(help) }
    guard let span = diagnostic.span?.clamped else { return fields }
    if let name = span.source.name { fields["file"] = .string(name) }
    let before = span.source.bytes[..<span.start]
    fields["line"] = .number(
      Double(span.source.firstLine + before.count { $0 == UInt8(ascii: "\n") }))
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before[lineStart...]
    fields["column"] = .number(Double(String(decoding: line, as: UTF8.self).count + 1))
    fields["start"] = .number(Double(span.start))
    fields["end"] = .number(Double(span.end))
    fields["source"] = .string(span.text)
    return fields
  }

  private var severity: String {
    switch diagnostic.severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "note"
    }
  }
}
