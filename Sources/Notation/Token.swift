// The words of the language: what the lexer makes and the parser reads.

import Diagnostics

/// A token and its place. `spaced` tells whether blank space came before it, since `f(x)` is a call
/// and `f (x)` is not.
package struct Token: Sendable {
  package enum Kind: Sendable {
    case number(Double, spelling: String)
    case string(String)
    /// After a member's dot, a name may be made of digits: the `0` of `f.0.weight`.
    case name(Name)
    /// `²`, `⁻¹`, `ᵗ`: a power; its characters are in the source.
    case superscript
    case symbol(Symbol)
    /// The end of a line outside brackets, or directly inside braces.
    case newline
    case end
    /// Text that is no token; the number is a place in the lexer's list of errors.
    case invalid(Int)
  }

  package var kind: Kind
  package var start: Int
  package var end: Int
  package var spaced: Bool

  /// The symbol, if it is one.
  package var symbol: Symbol? {
    if case .symbol(let symbol) = kind { return symbol }
    return nil
  }

  /// The name, if it is one.
  package var name: Name? {
    if case .name(let name) = kind { return name }
    return nil
  }

  package var isEnd: Bool {
    if case .end = kind { return true }
    return false
  }
}

/// Every sign of the language under its ASCII spelling; `·`, `−`, `≤` and the like are the same sign.
package enum Symbol: String, Sendable, CaseIterable {
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case at = "@"
  case caret = "^"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case assign = "="
  /// `←`: replaces, in a rule's line.
  case arrow = "←"
  case pipe = "|>"
  case root = "√"
  case nabla = "∇"
  /// `ᵀ`, or `.T`.
  case transposed = "ᵀ"
  case dot = "."
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case question = "?"
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
}

/// A name and where it stands.
package struct Identifier: Sendable {
  package var name: Name
  package var span: Span

  package init(_ name: Name, _ span: Span) {
    self.name = name
    self.span = span
  }
}
