// The tokens of TeX: letters, digits, signs, commands, braces, scripts.
//
// A token knows its bytes in the source; one that came out of a macro has the place of the macro's
// call. Nothing is decided here: `\theta` is a command, `θ` is made the same one, `dW` two letters.

import Diagnostics

package struct TeXToken: Sendable {
  package enum Kind: Sendable, Equatable {
    case letter(Unicode.Scalar)
    case digit(Unicode.Scalar)
    /// Any other visible character: + - = ( ) [ ] | , ; . : / < > ! * " ` @ ~ ?
    case sign(Unicode.Scalar)
    /// `\alpha` without its backslash; `\,` is ",".
    case command(String)
    /// A combining mark behind a letter, by the name of the accent: m̂.
    case mark(String)
    case beginGroup, endGroup
    case subscriptSign, superscriptSign
    case alignment
    case rowBreak
    case prime
    /// `$`, `$$`, `\[`, `\]`, `\(`, `\)`
    case mathShift(String)
    /// `#1` in a macro.
    case argument(Int)
    /// `\quad`, `\qquad`.
    case gap
    case paragraph
    case end
  }

  package var kind: Kind
  package var start: Int
  package var end: Int
  /// Blank space stands before it.
  package var spaced: Bool
  /// How many macros it came through.
  package var expansions: UInt8 = 0

  package init(_ kind: Kind, _ start: Int, _ end: Int, spaced: Bool = false) {
    self.kind = kind
    self.start = start
    self.end = end
    self.spaced = spaced
  }

  package var isEnd: Bool { kind == .end }

  package var command: String? {
    if case .command(let name) = kind { return name }
    return nil
  }

  package var sign: Unicode.Scalar? {
    if case .sign(let sign) = kind { return sign }
    return nil
  }

  package func isSign(_ scalar: Unicode.Scalar) -> Bool { kind == .sign(scalar) }

  package func isCommand(_ name: String) -> Bool { kind == .command(name) }
}

/// How much is read at most.
package enum TeXLimits {
  /// Bytes of one text.
  package static let length = 1 << 18
  /// Tokens after all macros are put in.
  package static let tokens = 1 << 18
  /// Equations of one text.
  package static let items = 400
  /// Macros inside one another.
  package static let expansions: UInt8 = 60
  /// Brackets, fractions and scripts inside one another.
  package static let nesting = 60
  /// Signs in a row of which each takes in all before it: a mod b mod c.
  package static let inARow = 3
  /// Remarks on one text.
  package static let remarks = 100
}

extension Diagnostic {
  /// An error in a formula.
  static func tex(_ id: String, _ message: String, _ span: Span, help: String? = nil) -> Diagnostic
  {
    Diagnostic("latex." + id, message, at: span, help: help)
  }
}
