// Where text came from, and a place in it.
//
// Every expression remembers the text it was typed in, so an error found long after typing, in a
// definition made ten lines ago or in a rule file, still points at the right characters.

/// A piece of text that was read: a line at the prompt, a script, a rule file.
package final class Source: Sendable {
  /// What to call it in a message: a file's path, or nil for a line typed at the prompt.
  package let name: String?
  package let text: String
  /// The number, from 1, of the text's first line within `name`.
  package let firstLine: Int

  package init(_ text: String, name: String? = nil, firstLine: Int = 1) {
    self.text = text
    self.name = name
    self.firstLine = firstLine
  }
}

/// A half-open range of UTF-8 offsets in a source.
package struct Span: Sendable {
  package var source: Source
  package var start: Int
  package var end: Int

  package init(_ source: Source, _ start: Int, _ end: Int) {
    self.source = source
    self.start = start
    self.end = end
  }

  /// The smallest span that covers both; the other's source is ignored when they differ.
  package func joined(with other: Span) -> Span {
    guard other.source === source else { return self }
    return Span(source, min(start, other.start), max(end, other.end))
  }

  /// The characters this span covers.
  package var text: String {
    let bytes = source.text.utf8
    let low = max(0, min(start, bytes.count))
    let high = max(low, min(end, bytes.count))
    let from = bytes.index(bytes.startIndex, offsetBy: low)
    return String(decoding: bytes[from..<bytes.index(from, offsetBy: high - low)], as: UTF8.self)
  }
}
