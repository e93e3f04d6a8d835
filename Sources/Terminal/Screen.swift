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
    allowsUnicode = Characters.unicodeAllowed
    fallbackWidth = Screen.width(named: environment("COLUMNS")) ?? 80
  }

  /// A screen with the facts given, for tests and for rendering into text.
  package init(width: Int, isTerminal: Bool = false, color: Bool = false, unicode: Bool = true) {
    descriptor = nil
    self.isTerminal = isTerminal
    erasesLines = isTerminal
    allowsColor = color
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

  private static func width(named text: String?) -> Int? {
    guard let text, let width = Int(text), width > 0, width <= 10_000 else { return nil }
    return width
  }
}
