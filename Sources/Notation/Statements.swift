// Where one statement ends and the next begins.
//
// A statement ends at a newline or `;` outside brackets, braces and quotes. This looks at nothing but
// those, so it works on any bytes, and a script with a mistake on line 40 still runs up to there.

import Diagnostics

/// One statement of a text.
package struct Statement: Sendable {
  /// Without blank space and comments around it, and without its `;`.
  package var span: Span
  /// It was followed by `;`, so its result is not shown.
  package var muted: Bool

  package init(_ span: Span, muted: Bool = false) {
    self.span = span
    self.muted = muted
  }
}

/// The statements of a text in order; none for blank lines and comments.
package func splitStatements(_ source: Source) -> [Statement] {
  var scanner = StatementScanner(source)
  scanner.run()
  return scanner.statements
}

/// Whether a bracket, brace or quote is still open, so that the next line belongs to this one.
package func isIncomplete(_ text: String) -> Bool {
  var tracker = CompletenessTracker()
  for byte in text.utf8 { tracker.feed(byte) }
  return tracker.isIncomplete
}

private struct StatementScanner {
  let source: Source
  var statements: [Statement] = []
  private var tracker = CompletenessTracker()
  /// The first and the last byte that counted, of the statement being read.
  private var start: Int?
  private var last = 0

  init(_ source: Source) { self.source = source }

  mutating func run() {
    for (place, byte) in source.bytes.enumerated() {
      let wasInside = tracker.isIncomplete
      tracker.feed(byte)
      if tracker.inComment { continue }
      switch byte {
      case 0x0A where !wasInside, 0x0D where !wasInside: close(muted: false)
      case UInt8(ascii: ";") where !wasInside: close(muted: true)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0A, 0x0D: break
      default:
        if start == nil { start = place }
        last = place
      }
    }
    close(muted: false)
  }

  private mutating func close(muted: Bool) {
    if let start {
      statements.append(Statement(Span(source, start, last + 1), muted: muted))
    }
    start = nil
  }
}
