// `$$ … $$` on a line of the prompt, and what is typed behind it.

import Diagnostics

enum DisplayedFormula {
  /// - Parameters:
  ///   - span: from the first `$$` to the end of what was typed.
  ///   - isOne: whether a display behind the first one is a formula of its own, and not the next line of
  ///     the same.
  /// - Returns: up to the closing `$$`, and what is behind it where that is more than signs or a remark;
  ///   all of it where the formula is not closed.
  static func split(_ span: Span, isOne: Bool = false) -> (display: Span, rest: Span?) {
    let inside = span.clamped
    let bytes = inside.source.bytes
    let dollar = UInt8(ascii: "$")
    func isSign(_ place: Int) -> Bool {
      place + 1 < inside.end && bytes[place] == dollar && bytes[place + 1] == dollar
    }
    var end = inside.start
    var start = inside.start
    repeat {
      var close = start + 2
      while close < inside.end, !isSign(close) { close += 1 }
      guard isSign(close) else { return (inside, nil) }
      end = close + 2
      start = end
      while start < inside.end, bytes[start] <= 0x20 || ",;.".utf8.contains(bytes[start]) {
        start += 1
      }
    } while !isOne && isSign(start)
    let display = Span(inside.source, inside.start, end)
    guard start < inside.end, bytes[start] != UInt8(ascii: "#") else { return (display, nil) }
    return (display, Span(inside.source, start, inside.end))
  }
}
