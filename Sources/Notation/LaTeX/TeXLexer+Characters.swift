// Characters beyond ASCII as the tokens that they stand for: Greek letters, accents, subscript and
// superscript characters, mathematical alphabets, wide forms, signs such as √ · ∇.

import Diagnostics

extension TeXLexer {
  mutating func unicode() throws(Diagnostic) {
    guard let (raw, length) = UTF8Text.decode(source.bytes, at: place, end: end) else {
      throw .tex(
        "invalid-byte", "this byte is not UTF-8 text", Span(source, place, place + 1),
        help: "save the text as UTF-8")
    }
    if let accent = TeXLexer.accent(raw) { return add(.mark(accent), length) }
    // An arrow above says that it is a vector, as \vec does.
    if raw == "\u{20D7}" {
      place += length
      return
    }
    if TeXLexer.isInvisible(raw) {
      place += length
      return
    }
    if let ascii = TeXLexer.narrow(raw) { return addNarrow(ascii, length) }
    if raw == "\u{200B}" || raw == "\u{FEFF}" || raw.properties.isWhitespace {
      spaced = true
      place += length
      return
    }
    if TeXLexer.isRaised(raw) || TeXLexer.isLowered(raw) { return scripts() }
    let scalar = ComposedLetters.plain(raw)
    if let (base, accent) = ComposedLetters.split(scalar) {
      add(.letter(base), length)
      tokens.append(TeXToken(.mark(accent.rawValue), place, place))
      return
    }
    if let command = TeXLexer.signs[scalar] { return add(.command(command), length) }
    if let plain = TeXLexer.plainSigns[scalar] { return add(.sign(plain), length) }
    if let greek = TeXLexer.greekCommand(scalar) { return add(.command(greek), length) }
    if scalar.value < 0x80 {
      return add((0x30...0x39).contains(scalar.value) ? .digit(scalar) : .letter(scalar), length)
    }
    add(scalar.properties.isAlphabetic ? .letter(scalar) : .sign(scalar), length)
  }

  /// Signs that set nothing: an invisible times, a direction mark, the choice of a glyph.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x200C...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFE00...0xFE0F: true
    default: false
    }
  }

  /// The ASCII character that a wide one is.
  private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    guard (0xFF01...0xFF5E).contains(scalar.value), scalar != "＼", plainSigns[scalar] == nil else {
      return nil
    }
    return Unicode.Scalar(scalar.value - 0xFEE0)
  }

  private mutating func addNarrow(_ scalar: Unicode.Scalar, _ length: Int) {
    switch scalar {
    case "_": add(.subscriptSign, length)
    case "^": add(.superscriptSign, length)
    case "{": add(.beginGroup, length)
    case "}": add(.endGroup, length)
    case "&": add(.alignment, length)
    case "'": add(.prime, length)
    case "0"..."9": add(.digit(scalar), length)
    case "A"..."Z", "a"..."z": add(.letter(scalar), length)
    default: add(.sign(scalar), length)
    }
  }

  /// What a combining mark is called: more of them than a name may bear.
  private static func accent(_ mark: Unicode.Scalar) -> String? {
    if let accent = Accent(mark: mark) { return accent.rawValue }
    switch mark.value {
    case 0x300: return "grave"
    case 0x301: return "acute"
    case 0x306: return "breve"
    case 0x307: return "dot"
    case 0x308: return "ddot"
    case 0x30A: return "ring"
    case 0x30C: return "check"
    case 0x332: return "underline"
    default: return nil
    }
  }

  /// `ε` is `\varepsilon`, `ϵ` is `\epsilon`.
  private static func greekCommand(_ scalar: Unicode.Scalar) -> String? {
    if scalar == "ε" { return "varepsilon" }
    guard let name = GreekLetters.name(of: scalar) else { return nil }
    return name == "eps" ? "epsilon" : name
  }

  private static func isRaised(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "ᵀ" || scalar == "⁽" || scalar == "⁾" || Scripts.raised(scalar) != nil
  }

  private static func isLowered(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "₊" || scalar == "₋" || scalar == "₍" || scalar == "₎" || scalar == "₌"
      || Scripts.lowered(scalar) != nil
  }

  /// A run of raised or lowered characters is one script: `β₁ᵗ⁺¹`.
  private mutating func scripts() {
    let start = place
    guard let (first, _) = UTF8Text.decode(source.bytes, at: place, end: end) else { return }
    let raised = TeXLexer.isRaised(first)
    add(raised ? .superscriptSign : .subscriptSign, 0)
    add(.beginGroup, 0)
    while let (scalar, length) = UTF8Text.decode(source.bytes, at: place, end: end),
      raised ? TeXLexer.isRaised(scalar) : TeXLexer.isLowered(scalar)
    {
      var text = (raised ? Scripts.raised(scalar) : Scripts.lowered(scalar)) ?? ""
      switch scalar {
      case "₊": text = "+"
      case "₋": text = "-"
      case "₍", "⁽": text = "("
      case "₎", "⁾": text = ")"
      case "₌": text = "="
      case "ᵀ": text = "top"
      default: break
      }
      if text.unicodeScalars.count > 1 {
        add(.command(text), length)
      } else if let plain = text.unicodeScalars.first {
        let kind: TeXToken.Kind =
          plain.properties.isAlphabetic
          ? .letter(plain) : (0x30...0x39).contains(plain.value) ? .digit(plain) : .sign(plain)
        add(kind, length)
      }
    }
    tokens.append(TeXToken(.endGroup, max(start, place), place))
  }

  private static let plainSigns: [Unicode.Scalar: Unicode.Scalar] = [
    "−": "-", "–": "-", "∣": "|", "∗": "*", "，": ",", "；": ";", "。": ".", "：": ":", "（": "(",
    "）": ")", "、": ",", "＝": "=", "＋": "+", "－": "-", "﹣": "-", "‐": "-", "‑": "-", "‒": "-",
    "＊": "*", "／": "/", "＜": "<", "＞": ">", "［": "[", "］": "]", "｜": "|", "！": "!", "“": "\"",
    "”": "\"", "’": "`", "‘": "`", "∕": "/", "⁄": "/", "∶": ":",
  ]

  private static let signs: [Unicode.Scalar: String] = [
    "·": "cdot", "⋅": "cdot", "×": "times", "⊙": "odot", "∘": "circ", "⊘": "oslash", "÷": "div",
    "√": "sqrt", "∇": "nabla", "∂": "partial", "∑": "sum", "∏": "prod", "←": "leftarrow",
    "→": "to", "≔": "coloneqq", "≡": "equiv", "≤": "le", "≥": "ge", "≠": "ne", "≈": "approx",
    "∈": "in", "∼": "sim", "∝": "propto", "‖": "|", "∥": "|", "∞": "infty", "…": "ldots",
    "⋯": "cdots", "±": "pm", "∓": "mp", "⟨": "langle", "⟩": "rangle", "⌊": "lfloor",
    "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil", "∀": "forall", "ℓ": "ell", "⊗": "otimes",
    "⊕": "oplus", "⊤": "top", "⇒": "Rightarrow", "∫": "int", "ℝ": "R", "⟵": "longleftarrow",
    "⇐": "Leftarrow", "⟶": "to", "↦": "mapsto", "⟹": "Rightarrow", "⇔": "iff", "⟺": "iff",
    "≜": "triangleq", "≝": "coloneqq", "≐": "doteq", "⩴": "coloneqq", "≃": "simeq", "≅": "cong",
    "≪": "ll", "≫": "gg", "∙": "cdot", "•": "bullet", "∉": "notin", "⊂": "subset",
    "⊆": "subseteq", "⊺": "top", "∩": "cap", "∪": "cup", "∖": "setminus",
  ]
}
