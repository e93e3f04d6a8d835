// What is known about the place output goes to: a terminal or not, how wide, and whether
// colours and Unicode are welcome there. Facts only; nothing is written here.

import CLibEdit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package struct Screen: Sendable, Equatable {
  /// The descriptor asked about; nil for a screen made up in a test.
  package let descriptor: Int32?
  package let isTerminal: Bool
  /// Whether escapes work there at all, colours aside.
  package let erasesLines: Bool
  package var allowsColor: Bool
  /// How many colours may be used: 0, 16, 256 or 2^24.
  package var colors: Int
  package var allowsUnicode: Bool
  private let fallbackWidth: Int

  /// Looks at `descriptor` (1 is standard output) and the environment.
  package init(
    descriptor: Int32 = 1, environment: (String) -> String? = { Screen.environment($0) }
  ) {
    let terminal = Screen.isTerminal(descriptor)
    self.descriptor = descriptor
    isTerminal = terminal
    let kind = environment("TERM") ?? ""
    erasesLines = terminal && !kind.isEmpty && kind != "dumb"
    allowsColor = Screen.colorAllowed(terminal: terminal, environment: environment)
    colors = allowsColor ? Screen.colors(environment) : 0
    allowsUnicode = Characters.unicodeAllowed
    fallbackWidth = Screen.width(named: environment("COLUMNS")) ?? 80
  }

  /// A screen with the facts given, for tests and for rendering into text.
  package init(width: Int, isTerminal: Bool = false, color: Bool = false, unicode: Bool = true) {
    descriptor = nil
    self.isTerminal = isTerminal
    erasesLines = isTerminal
    allowsColor = color
    colors = color ? 16 : 0
    allowsUnicode = unicode
    fallbackWidth = max(width, 1)
  }

  /// Columns, asked afresh each time so that a resized window is followed: the terminal's
  /// answer, else `COLUMNS`, else 80. At least 1.
  package var width: Int {
    if isTerminal, let descriptor {
      let columns = Int(descent_terminal_columns(descriptor))
      if columns > 0 { return columns }
    }
    return fallbackWidth
  }

  /// Rows of the window; 24 when it does not tell.
  package var height: Int {
    if isTerminal, let descriptor {
      let rows = Int(descent_terminal_rows(descriptor))
      if rows > 0 { return rows }
    }
    return 24
  }

  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  package static func environment(_ name: String) -> String? { environmentValue(name) }

  /// Colour only on a terminal that is not `dumb`, and not when `NO_COLOR` has any value
  /// (https://no-color.org).
  static func colorAllowed(terminal: Bool, environment: (String) -> String?) -> Bool {
    guard terminal else { return false }
    let kind = environment("TERM") ?? ""
    if kind.isEmpty || kind == "dumb" { return false }
    return (environment("NO_COLOR") ?? "").isEmpty
  }

  /// How many colours a terminal of this name shows, as far as the environment tells.
  static func colors(_ environment: (String) -> String?) -> Int {
    if ["truecolor", "24bit"].contains(environment("COLORTERM") ?? "") { return 1 << 24 }
    let parts = (environment("TERM") ?? "").split(separator: "-")
    return parts.contains("256color") || parts.contains("direct") ? 256 : 16
  }

  private static func width(named text: String?) -> Int? {
    guard let text, let width = Int(text), width > 0, width <= 10_000 else { return nil }
    return width
  }
}
