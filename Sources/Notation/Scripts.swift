// Subscript and superscript characters, accents, and the mathematical alphabets.
//
// Subscripts belong to names and superscripts are powers, so each has a table both ways. Nothing
// here decides what a name is; `Name+Spelling.swift` does.

package enum Scripts {
  private static let subscriptTable: [(Unicode.Scalar, String)] = [
    ("₀", "0"), ("₁", "1"), ("₂", "2"), ("₃", "3"), ("₄", "4"), ("₅", "5"), ("₆", "6"),
    ("₇", "7"), ("₈", "8"), ("₉", "9"), ("ₐ", "a"), ("ₑ", "e"), ("ₕ", "h"), ("ᵢ", "i"),
    ("ⱼ", "j"), ("ₖ", "k"), ("ₗ", "l"), ("ₘ", "m"), ("ₙ", "n"), ("ₒ", "o"), ("ₚ", "p"),
    ("ᵣ", "r"), ("ₛ", "s"), ("ₜ", "t"), ("ᵤ", "u"), ("ᵥ", "v"), ("ₓ", "x"), ("ᵦ", "beta"),
    ("ᵧ", "gamma"), ("ᵨ", "rho"), ("ᵩ", "phi"), ("ᵪ", "chi"),
  ]

  /// `ᵀ` is not here: it is the transpose.
  private static let superscriptTable: [(Unicode.Scalar, String)] = [
    ("⁰", "0"), ("¹", "1"), ("²", "2"), ("³", "3"), ("⁴", "4"), ("⁵", "5"), ("⁶", "6"),
    ("⁷", "7"), ("⁸", "8"), ("⁹", "9"), ("⁺", "+"), ("⁻", "-"), ("ᵃ", "a"), ("ᵇ", "b"),
    ("ᶜ", "c"), ("ᵈ", "d"), ("ᵉ", "e"), ("ᶠ", "f"), ("ᵍ", "g"), ("ʰ", "h"), ("ⁱ", "i"),
    ("ʲ", "j"), ("ᵏ", "k"), ("ˡ", "l"), ("ᵐ", "m"), ("ⁿ", "n"), ("ᵒ", "o"), ("ᵖ", "p"),
    ("ʳ", "r"), ("ˢ", "s"), ("ᵗ", "t"), ("ᵘ", "u"), ("ᵛ", "v"), ("ʷ", "w"), ("ˣ", "x"),
    ("ʸ", "y"), ("ᶻ", "z"), ("ᵝ", "beta"), ("ᵞ", "gamma"), ("ᵟ", "delta"), ("ᶿ", "theta"),
    ("ᵠ", "phi"), ("ᵡ", "chi"),
  ]

  private static let subscripts = Dictionary(
    subscriptTable, uniquingKeysWith: { first, _ in first })
  private static let superscripts = Dictionary(
    superscriptTable, uniquingKeysWith: { first, _ in first })
  private static let toSubscript = Dictionary(
    subscriptTable.map { ($0.1, $0.0) }, uniquingKeysWith: { first, _ in first })
  private static let toSuperscript = Dictionary(
    superscriptTable.map { ($0.1, $0.0) }, uniquingKeysWith: { first, _ in first })

  /// What a subscript character stands for: `₁` → `1`, `ᵦ` → `beta`.
  static func lowered(_ scalar: Unicode.Scalar) -> String? { subscripts[scalar] }

  /// What a superscript character stands for: `²` → `2`, `⁻` → `-`, `ᵗ` → `t`.
  static func raised(_ scalar: Unicode.Scalar) -> String? { superscripts[scalar] }

  /// `12` → `₁₂`, `i` → `ᵢ`; nil when a character has no subscript form.
  package static func subscriptText(_ text: String) -> String? { rewrite(text, with: toSubscript) }

  /// `-12` → `⁻¹²`, `t` → `ᵗ`; nil when a character has no superscript form.
  package static func superscriptText(_ text: String) -> String? {
    rewrite(text, with: toSuperscript)
  }

  private static func rewrite(_ text: String, with table: [String: Unicode.Scalar]) -> String? {
    var result = ""
    for character in text {
      guard let scalar = table[String(character)] else { return nil }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}

/// The accents a name may bear.
package enum Accent: String, Sendable, CaseIterable {
  case hat, bar, tilde

  /// The combining mark that shows it.
  package var mark: Unicode.Scalar {
    switch self {
    case .hat: "\u{302}"
    case .bar: "\u{304}"
    case .tilde: "\u{303}"
    }
  }

  init?(mark: Unicode.Scalar) {
    switch mark.value {
    case 0x302: self = .hat
    case 0x304, 0x305: self = .bar
    case 0x303: self = .tilde
    default: return nil
    }
  }
}

/// Letters that Unicode also has with their accent on, or in another type face.
enum ComposedLetters {
  private static let accented: [Unicode.Scalar: (Unicode.Scalar, Accent)] = {
    let rows: [(Accent, String, String)] = [
      (.hat, "âĉêĝĥîĵôŝûŵŷẑÂĈÊĜĤÎĴÔŜÛŴŶẐ", "aceghijosuwyzACEGHIJOSUWYZ"),
      (.bar, "āēīōūȳḡĀĒĪŌŪȲḠ", "aeiouygAEIOUYG"),
      (.tilde, "ãñõĩũṽẽỹÃÑÕĨŨṼẼỸ", "anoiuveyANOIUVEY"),
    ]
    var table: [Unicode.Scalar: (Unicode.Scalar, Accent)] = [:]
    for (accent, composed, plain) in rows {
      for (letter, base) in zip(composed.unicodeScalars, plain.unicodeScalars) {
        table[letter] = (base, accent)
      }
    }
    return table
  }()

  /// `ŵ` → `w` and the hat.
  static func split(_ scalar: Unicode.Scalar) -> (Unicode.Scalar, Accent)? {
    scalar.value < 0xC0 ? nil : accented[scalar]
  }

  /// The plain letter or digit of a mathematical alphabet: `𝑤`, `𝐰` → `w`; `𝛽` → `β`.
  ///
  /// Text copied from a paper is full of them.
  static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let value = scalar.value
    switch value {
    case 0x210E: return "h"
    case 0x1D400...0x1D6A3:
      let place = (value - 0x1D400) % 52
      return Unicode.Scalar(place < 26 ? 0x41 + place : 0x61 + place - 26) ?? scalar
    case 0x1D6A8...0x1D7C9:
      // Each face: 25 capitals (with ϴ) and ∇, then 25 small letters, ∂ and six variants.
      let place = (value - 0x1D6A8) % 58
      switch place {
      case 0...24: return Unicode.Scalar(0x391 + place) ?? scalar
      case 25: return "∇"
      case 26...50: return Unicode.Scalar(0x3B1 + place - 26) ?? scalar
      case 51: return "∂"
      case 52: return "ε"
      case 53: return "θ"
      case 54: return "κ"
      case 55: return "φ"
      case 56: return "ρ"
      default: return "π"
      }
    case 0x1D7CE...0x1D7FF:
      return Unicode.Scalar(0x30 + (value - 0x1D7CE) % 10) ?? scalar
    default: return scalar
    }
  }
}
