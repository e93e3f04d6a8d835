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
  var scanner = StatementScanner(Source(text))
  scanner.run()
  return scanner.depth > 0 || scanner.inString
}

private struct StatementScanner {
  let source: Source
  var statements: [Statement] = []
  var depth = 0
  var inString = false
  /// The first and the last byte that counted, of the statement being read.
  private var start: Int?
  private var last = 0

  init(_ source: Source) { self.source = source }

  mutating func run() {
    let bytes = source.bytes
    var inComment = false
    for place in bytes.indices {
      let byte = bytes[place]
      if inString {
        // `""` leaves and enters again, which comes to the same.
        if byte == UInt8(ascii: "\"") { inString = false }
        last = place
        continue
      }
      if inComment, byte != 0x0A, byte != 0x0D { continue }
      inComment = false
      switch byte {
      case UInt8(ascii: "#"):
        inComment = true
      case 0x0A, 0x0D:
        if depth == 0 { close(muted: false) }
      case UInt8(ascii: ";") where depth == 0:
        close(muted: true)
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        break
      default:
        note(byte, at: place)
      }
    }
    close(muted: false)
  }

  private mutating func note(_ byte: UInt8, at place: Int) {
    if start == nil { start = place }
    last = place
    switch byte {
    case UInt8(ascii: "\""): inString = true
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
    default: break
    }
  }

  private mutating func close(muted: Bool) {
    if let start {
      statements.append(Statement(Span(source, start, last + 1), muted: muted))
    }
    start = nil
  }
}
