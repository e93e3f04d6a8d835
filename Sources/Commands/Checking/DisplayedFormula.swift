// `$$ … $$` on a line of the prompt, and what is typed behind it.

import Diagnostics

enum DisplayedFormula {
  /// - Parameter span: from the first `$$` to the end of what was typed.
  /// - Returns: up to the last `$$`, and what is behind it where that is more than signs or a remark; all
  ///   of it where the formula is not closed.
  static func split(_ span: Span) -> (display: Span, rest: Span?) {
    let inside = span.clamped
    let bytes = inside.source.bytes
    let dollar = UInt8(ascii: "$")
    var end = inside.end
    while end >= inside.start + 4, bytes[end - 1] != dollar || bytes[end - 2] != dollar { end -= 1 }
    guard end >= inside.start + 4 else { return (inside, nil) }
    let display = Span(inside.source, inside.start, end)
    var start = end
    while start < inside.end, bytes[start] <= 0x20 || ",;.".utf8.contains(bytes[start]) {
      start += 1
    }
    guard start < inside.end, bytes[start] != UInt8(ascii: "#") else { return (display, nil) }
    return (display, Span(inside.source, start, inside.end))
  }
}
