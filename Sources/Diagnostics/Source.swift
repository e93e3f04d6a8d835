// Where text came from, and a place in it.
//
// Every expression remembers the text it was typed in, so an error found long after typing, in a
// definition made ten lines ago or in a rule file, still points at the right characters. The text
// is kept as the bytes that were read, which need not be valid UTF-8.

/// A piece of text that was read: a line at the prompt, a script, a rule file.
package final class Source: Sendable {
  /// What to call it in a message: a file's path, or nil for a line typed at the prompt.
  package let name: String?
  /// The text as it was read; offsets in a `Span` count these bytes.
  package let bytes: [UInt8]
  /// The number, from 1, of the text's first line within `name`.
  package let firstLine: Int

  package init(bytes: [UInt8], name: String? = nil, firstLine: Int = 1) {
    self.name = name
    self.bytes = bytes
    self.firstLine = firstLine
  }

  package convenience init(_ text: String, name: String? = nil, firstLine: Int = 1) {
    self.init(bytes: Array(text.utf8), name: name, firstLine: firstLine)
  }

  /// The text, invalid bytes replaced by U+FFFD. Made anew at each call.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A half-open range of byte offsets in a source.
package struct Span: Sendable {
  package var source: Source
  package var start: Int
  package var end: Int

  package init(_ source: Source, _ start: Int, _ end: Int) {
    self.source = source
    self.start = start
    self.end = end
  }

  /// All of a source.
  package init(_ source: Source) {
    self.init(source, 0, source.bytes.count)
  }

  /// The smallest span that covers both; the other's source is ignored when they differ.
  package func joined(with other: Span) -> Span {
    guard other.source === source else { return self }
    return Span(source, min(start, other.start), max(end, other.end))
  }

  /// The same place with its ends inside the source, in order.
  package var clamped: Span {
    let low = max(0, min(start, source.bytes.count))
    return Span(source, low, max(low, min(end, source.bytes.count)))
  }

  /// The characters this span covers.
  package var text: String {
    let inside = clamped
    return String(decoding: source.bytes[inside.start..<inside.end], as: UTF8.self)
  }
}
