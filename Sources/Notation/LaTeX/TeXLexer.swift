// TeX's own rules for what a token is, and the characters that people type in place of commands.
//
// `\\` ends a row, `%` begins a comment, a command's name is all letters that follow, a script takes
// one token. Greek letters, accents on letters, subscript and superscript characters and signs such
// as √ · ∇ become the commands they stand for. Runs in time linear in the text.

import Diagnostics

package struct TeXLexer {
  let source: Source
  let end: Int
  private var place: Int
  private var spaced = false
  private var tokens: [TeXToken] = []

  /// The tokens of a piece of a source, an end token last.
  package static func tokens(_ span: Span) throws(Diagnostic) -> [TeXToken] {
    let inside = span.clamped
    guard inside.end - inside.start <= TeXLimits.length else {
      throw .tex(
        "too-long", "more than \(TeXLimits.length) bytes of TeX in one piece",
        Span(inside.source, inside.start, inside.start),
        help: "a formula to read is a few lines; cut it into pieces")
    }
    var lexer = TeXLexer(inside)
    try lexer.run()
    return lexer.tokens
  }

  private init(_ span: Span) {
    source = span.source
    place = span.start
    end = span.end
  }

  private mutating func run() throws(Diagnostic) {
    while place < end {
      let byte = source.bytes[place]
      switch byte {
      case 0x20, 0x09, 0x0D:
        spaced = true
        place += 1
      case 0x0A: newline()
      case UInt8(ascii: "\\"): try backslash()
      case UInt8(ascii: "%"): comment()
      case UInt8(ascii: "{"): add(.beginGroup, 1)
      case UInt8(ascii: "}"): add(.endGroup, 1)
      case UInt8(ascii: "_"): add(.subscriptSign, 1)
      case UInt8(ascii: "^"): add(.superscriptSign, 1)
      case UInt8(ascii: "&"): add(.alignment, 1)
      case UInt8(ascii: "'"): add(.prime, 1)
      case UInt8(ascii: "~"):
        spaced = true
        place += 1
      case UInt8(ascii: "$"):
        let double = place + 1 < end && source.bytes[place + 1] == byte
        add(.mathShift(double ? "$$" : "$"), double ? 2 : 1)
      case UInt8(ascii: "#"):
        if place + 1 < end, (0x31...0x39).contains(source.bytes[place + 1]) {
          add(.argument(Int(source.bytes[place + 1]) - 0x30), 2)
        } else {
          add(.sign("#"), 1)
        }
      case 0x30...0x39: add(.digit(Unicode.Scalar(byte)), 1)
      case 0x41...0x5A, 0x61...0x7A: add(.letter(Unicode.Scalar(byte)), 1)
      case 0x21...0x7E: add(.sign(Unicode.Scalar(byte)), 1)
      case 0x00..<0x20, 0x7F:
        throw .tex(
          "control-character", "a control character (code \(byte))",
          Span(source, place, place + 1), help: "delete it; it cannot be seen")
      default: try unicode()
      }
    }
    tokens.append(TeXToken(.end, end, end, spaced: spaced))
  }

  private mutating func add(_ kind: TeXToken.Kind, _ length: Int) {
    tokens.append(TeXToken(kind, place, place + length, spaced: spaced))
    place += length
    spaced = false
  }

  /// One line break is blank space, an empty line ends a paragraph.
  private mutating func newline() {
    let start = place
    var breaks = 0
    while place < end {
      switch source.bytes[place] {
      case 0x0A: breaks += 1
      case 0x20, 0x09, 0x0D: break
      default:
        if breaks > 1 { tokens.append(TeXToken(.paragraph, start, place, spaced: true)) }
        spaced = true
        return
      }
      place += 1
    }
    spaced = true
  }

  private mutating func comment() {
    while place < end, source.bytes[place] != 0x0A { place += 1 }
    if place < end { place += 1 }
    spaced = true
  }

  private mutating func backslash() throws(Diagnostic) {
    guard place + 1 < end else {
      throw .tex("backslash", "a backslash with nothing behind it", Span(source, place, end))
    }
    let next = source.bytes[place + 1]
    if isLetter(next) {
      var stop = place + 1
      while stop < end, isLetter(source.bytes[stop]) { stop += 1 }
      let name = String(decoding: source.bytes[(place + 1)..<stop], as: UTF8.self)
      if stop < end, source.bytes[stop] == UInt8(ascii: "*"), TeXLexer.starred.contains(name) {
        stop += 1
      }
      add(.command(name), stop - place)
      return
    }
    switch next {
    case UInt8(ascii: "\\"): add(.rowBreak, 2)
    case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"):
      add(.mathShift("\\" + String(Unicode.Scalar(next))), 2)
    case 0x0A, 0x0D, 0x20, 0x09: add(.command(" "), 2)
    case 0x21..<0x7F: add(.command(String(Unicode.Scalar(next))), 2)
    default:
      throw .tex("backslash", "a backslash before no letter", Span(source, place, place + 1))
    }
  }

  /// Commands whose starred form means the same here.
  private static let starred: Set<String> = ["operatorname", "tag", "hspace", "vspace", "quad"]

  private func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  // MARK: Beyond ASCII

  private mutating func unicode() throws(Diagnostic) {
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
    "”": "\"", "’": "`", "‘": "`", "∕": "/",
  ]

  private static let signs: [Unicode.Scalar: String] = [
    "·": "cdot", "⋅": "cdot", "×": "times", "⊙": "odot", "∘": "circ", "⊘": "oslash", "÷": "div",
    "√": "sqrt", "∇": "nabla", "∂": "partial", "∑": "sum", "∏": "prod", "←": "leftarrow",
    "→": "to", "≔": "coloneqq", "≡": "equiv", "≤": "le", "≥": "ge", "≠": "ne", "≈": "approx",
    "∈": "in", "∼": "sim", "∝": "propto", "‖": "|", "∥": "|", "∞": "infty", "…": "ldots",
    "⋯": "cdots", "±": "pm", "∓": "mp", "⟨": "langle", "⟩": "rangle", "⌊": "lfloor",
    "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil", "∀": "forall", "ℓ": "ell", "⊗": "otimes",
    "⊕": "oplus", "⊤": "top", "⇒": "Rightarrow", "∫": "int", "ℝ": "R",
  ]
}
