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

  /// Two grays, 0 black to 255 white: `upper` for the characters, `lower` behind them.
  /// - Parameter colors: how many the screen shows; fewer than 256 give a plain style.
  package static func grays(upper: UInt8, lower: UInt8, colors: Int) -> Style {
    if colors < 256 { return .plain }
    if colors > 256 {
      return Style(
        on: [38, 2, upper, upper, upper, 48, 2, lower, lower, lower], off: [39, 49])
    }
    // The palette's 24 grays, from 8 to 238, between its black and its white.
    func index(_ gray: UInt8) -> UInt8 {
      if gray < 4 { return 16 }
      if gray > 246 { return 231 }
      return UInt8(232 + min(23, max(0, (Int(gray) - 3) / 10)))
    }
    return Style(on: [38, 5, index(upper), 48, 5, index(lower)], off: [39, 49])
  }

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
