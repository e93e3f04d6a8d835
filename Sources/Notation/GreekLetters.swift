// The Greek letters: how each is spelled in ASCII and how it is shown.
//
// One table serves reading, printing and typing (`\theta<TAB>`). Letters that look like Latin ones
// (Α, Β, ο) are read but never shown, since nobody could tell them apart.

package enum GreekLetters {
  private static let lowercase: [(String, Unicode.Scalar)] = [
    ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"), ("eps", "ε"), ("zeta", "ζ"),
    ("eta", "η"), ("theta", "θ"), ("iota", "ι"), ("kappa", "κ"), ("lambda", "λ"), ("mu", "μ"),
    ("nu", "ν"), ("xi", "ξ"), ("pi", "π"), ("rho", "ρ"), ("sigma", "σ"), ("tau", "τ"),
    ("upsilon", "υ"), ("phi", "φ"), ("chi", "χ"), ("psi", "ψ"), ("omega", "ω"),
  ]

  private static let capitals: [(String, Unicode.Scalar)] = [
    ("Gamma", "Γ"), ("Delta", "Δ"), ("Theta", "Θ"), ("Lambda", "Λ"), ("Xi", "Ξ"), ("Pi", "Π"),
    ("Sigma", "Σ"), ("Phi", "Φ"), ("Psi", "Ψ"), ("Omega", "Ω"),
  ]

  /// Other characters for the same letters, and letters that are only read.
  private static let readOnly: [(String, Unicode.Scalar)] = [
    ("eps", "\u{3F5}"), ("theta", "\u{3D1}"), ("phi", "\u{3D5}"), ("rho", "\u{3F1}"),
    ("sigma", "\u{3C2}"), ("pi", "\u{3D6}"), ("kappa", "\u{3F0}"), ("mu", "\u{B5}"),
    ("Omega", "\u{2126}"), ("Delta", "\u{2206}"), ("Theta", "\u{3F4}"), ("omicron", "\u{3BF}"),
    ("Alpha", "\u{391}"), ("Beta", "\u{392}"), ("Epsilon", "\u{395}"), ("Zeta", "\u{396}"),
    ("Eta", "\u{397}"), ("Iota", "\u{399}"), ("Kappa", "\u{39A}"), ("Mu", "\u{39C}"),
    ("Nu", "\u{39D}"), ("Omicron", "\u{39F}"), ("Rho", "\u{3A1}"), ("Tau", "\u{3A4}"),
    ("Upsilon", "\u{3A5}"), ("Chi", "\u{3A7}"),
  ]

  private static let names: [Unicode.Scalar: String] = Dictionary(
    (lowercase + capitals + readOnly).map { ($0.1, $0.0) }, uniquingKeysWith: { first, _ in first })

  private static let letters: [String: Unicode.Scalar] = Dictionary(
    (lowercase + capitals).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })

  /// The ASCII name of a Greek letter: `β` → `beta`, `ε` and `ϵ` → `eps`.
  package static func name(of letter: Unicode.Scalar) -> String? {
    letter.value < 0x80 ? nil : names[letter]
  }

  /// The letter shown for an ASCII name: `beta` → `β`; nil for `Beta`, which would look like a B.
  package static func letter(named name: String) -> Unicode.Scalar? {
    name.utf8.count < 2 ? nil : letters[name == "epsilon" ? "eps" : name]
  }

  /// Every name that is shown as a letter, in alphabetical order; for completion.
  package static var allNames: [String] {
    (letters.keys + ["epsilon"]).sorted()
  }
}
