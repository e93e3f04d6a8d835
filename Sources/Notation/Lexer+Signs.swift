// Operators and other signs, ASCII and Unicode, and help for those of other languages.

extension Lexer {
  /// Signs that other languages have and this one does not, longest first.
  private static let foreignSigns: [(String, instead: String)] = [
    ("**", "^"), ("&&", "and"), ("||", "or"), ("//", "floor(a/b), or # for a comment"),
    ("===", "=="), ("<>", "!="), (":=", "="), ("++", "a = a + 1"), ("=>", ">="), ("=<", "<="),
    ("&", "and"), ("%", "mod"), ("~", "not"), ("|", "abs(x) for |x|"), ("!", "not"),
    ("\\", "a name such as theta, or LaTeX in quotes: \"\\theta\""), ("$", "the formula itself"),
    ("`", "\""),
  ]

  private static let signs: [(String, Symbol)] = [
    ("|>", .pipe), ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("==", .equal),
    ("!=", .notEqual), ("+", .plus), ("-", .minus), ("*", .star), ("/", .slash), ("@", .at),
    ("^", .caret), ("<", .less), (">", .greater), ("=", .assign), (",", .comma), (":", .colon),
    (";", .semicolon), ("?", .question),
  ]

  /// Signs that are themselves whatever follows them, or that nothing which could join follows.
  private func plainSign() -> Symbol? {
    switch byte(0) {
    case UInt8(ascii: ","): return .comma
    case UInt8(ascii: ";"): return .semicolon
    case UInt8(ascii: "@"): return .at
    case UInt8(ascii: "^"): return .caret
    default: break
    }
    let next = byte(1)
    guard isNameByte(next) || next == UInt8(ascii: " ") || next == UInt8(ascii: "(") else {
      return nil
    }
    switch byte(0) {
    case UInt8(ascii: "+"): return .plus
    case UInt8(ascii: "-"): return .minus
    case UInt8(ascii: "*"): return .star
    case UInt8(ascii: "/"): return .slash
    case UInt8(ascii: "="): return .assign
    default: return nil
    }
  }

  mutating func readASCIISign() {
    if let sign = plainSign() { return add(.symbol(sign), length: 1) }
    if byte(0) == UInt8(ascii: "'") {
      let instead = afterOperand ? ".T for the transpose" : "double quotes, \"…\""
      return fail(.foreign("'", instead: instead), length: 1)
    }
    let foreign = Self.foreignSigns.first { hasPrefix($0.0) }
    if let foreign, foreign.0.utf8.count > 1 || !Self.signs.contains(where: { hasPrefix($0.0) }) {
      // `a ++b` and `x |> f` are fine; two signs are foreign only as written above.
      if foreign.0 != "++" || !isOperandAhead(2) {
        return fail(.foreign(foreign.0, instead: foreign.instead), length: foreign.0.utf8.count)
      }
    }
    if let (spelling, symbol) = Self.signs.first(where: { hasPrefix($0.0) }) {
      return add(.symbol(symbol), length: spelling.utf8.count)
    }
    fail(.unknownCharacter(text(from: place, to: place + 1)), length: 1)
  }

  private func isOperandAhead(_ ahead: Int) -> Bool {
    isNameByte(byte(ahead)) || byte(ahead) == UInt8(ascii: "(")
  }

  mutating func readUnicode() {
    guard let (raw, length) = decode(at: place) else {
      return fail(.invalidByte(bytes[place]), length: 1)
    }
    let scalar = ComposedLetters.plain(raw)
    if scalar.value == 0xFFFD { return fail(.unknownCharacter("\u{FFFD}"), length: length) }
    if let symbol = Self.unicodeSymbol(scalar) {
      return add(.symbol(symbol), length: length, operand: symbol == .transposed)
    }
    if Scripts.raised(scalar) != nil {
      var more = length
      while let (next, size) = decode(at: place + more), Scripts.raised(next) != nil {
        more += size
      }
      return add(.superscript, length: more, operand: true)
    }
    if scalar.value < 0x80, scalar.properties.numericType != nil {
      return fail(.foreign(String(raw), instead: String(scalar)), length: length)
    }
    if isNameStart(scalar) { return readName() }
    if let instead = Self.foreignUnicode(scalar) {
      return fail(.foreign(String(raw), instead: instead), length: length)
    }
    if scalar.properties.generalCategory == .control {
      return fail(.controlCharacter(scalar.value), length: length)
    }
    fail(.unknownCharacter(String(raw)), length: length)
  }

  private static func unicodeSymbol(_ scalar: Unicode.Scalar) -> Symbol? {
    switch scalar {
    case "·", "⋅", "⊙", "×", "∗": .star
    case "−": .minus
    case "≤": .lessOrEqual
    case "≥": .greaterOrEqual
    case "≠": .notEqual
    case "←": .arrow
    case "√": .root
    case "∇": .nabla
    case "ᵀ": .transposed
    case "⊤": .transposed
    default: nil
    }
  }

  private static func foreignUnicode(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "÷": "/"
    case "–", "—", "‐", "‑": "-"
    case "“", "”", "„", "‘", "«", "»": "\""
    case "’", "′": "another name: f2 or f_new"
    case "∘": "*"
    case "⊗": "outer(a, b)"
    case "∑": "sum(x)"
    case "∏": "prod(x)"
    case "∂": "grad(L, w)"
    case "∞": "inf"
    case "→", "↦": "= for a definition"
    case "⇐", "⟵", "≔": "←"
    case "¬": "not"
    case "∧": "and"
    case "∨": "or"
    case "≈", "≡": "=="
    case "…", "⋯": ":"
    case "½": "0.5"
    case "‖", "∥": "norm(x)"
    default: nil
    }
  }
}
