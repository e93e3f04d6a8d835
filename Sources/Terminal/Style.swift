// Colours and weights as terminal escapes. A style is applied only where the screen allows
// it, so the same code serves a terminal, a pipe and a test.

package struct Style: Sendable, Equatable {
  private var on: [UInt8]
  private var off: [UInt8]

  private init(_ on: UInt8, _ off: UInt8) {
    self.on = [on]
    self.off = [off]
  }

  private init(on: [UInt8], off: [UInt8]) {
    self.on = on
    self.off = off
  }

  package static let plain = Style(on: [], off: [])
  package static let bold = Style(1, 22)
  package static let dim = Style(2, 22)
  package static let italic = Style(3, 23)
  package static let underline = Style(4, 24)
  package static let inverse = Style(7, 27)
  package static let red = Style(31, 39)
  package static let green = Style(32, 39)
  package static let yellow = Style(33, 39)
  package static let blue = Style(34, 39)
  package static let magenta = Style(35, 39)
  package static let cyan = Style(36, 39)
  package static let gray = Style(90, 39)

  /// Both at once: `Style.bold + .red`.
  package static func + (first: Style, second: Style) -> Style {
    Style(on: first.on + second.on, off: second.off + first.off)
  }

  /// `text` in this style, line by line so that a newline never carries it over;
  /// unchanged when `enabled` is false.
  package func apply(_ text: String, enabled: Bool) -> String {
    guard enabled, !on.isEmpty, !text.isEmpty else { return text }
    let begin = Style.escape(on)
    let end = Style.escape(off)
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : begin + $0 + end }
      .joined(separator: "\n")
  }

  private static func escape(_ codes: [UInt8]) -> String {
    "\u{1B}[" + codes.map { String($0) }.joined(separator: ";") + "m"
  }
}

extension Screen {
  /// `text` in `style` where this screen shows colours.
  package func styled(_ text: String, _ style: Style) -> String {
    style.apply(text, enabled: allowsColor)
  }
}
