// How a name is shown: β₁, m̂, θ, ε, w₁ on a terminal that can, `beta1`, `m_hat` elsewhere.
//
// Only a stem of one letter, or one that names a Greek letter, is dressed up; words stay words, so
// that `loss1` and `top_hat` can be read. What is shown can be typed back and is the same name.

extension Name {
  /// The form for a terminal that shows Unicode: `β₁`, `m̂`, `x̂ᵢ`, `θ_old`, `loss`.
  package var pretty: String {
    let parts = Parts(canonical)
    guard let glyph = parts.glyph, parts.accents.count < 2 else { return canonical }
    var text = String(glyph)
    if let accent = parts.accents.first { text.unicodeScalars.append(accent.mark) }
    return text + parts.shownTail
  }

  /// The form for a terminal that does not: the canonical one.
  package var ascii: String { canonical }

  /// Whether the name stands for a Greek letter, with or without accent and subscript.
  package var isGreek: Bool {
    Parts(canonical).glyph.map { $0.unicodeScalars.first.map { $0.value >= 0x80 } ?? false }
      ?? false
  }

  /// A canonical form taken apart: stem, accents, and what is left.
  private struct Parts {
    var stem: Substring
    var accents: [Accent] = []
    var tail: Substring

    init(_ canonical: String) {
      stem = canonical.prefix { $0.isLetter }
      tail = canonical.dropFirst(stem.count)
      guard !stem.isEmpty else { return }
      while let accent = Accent.allCases.first(where: { isNext($0) }) {
        accents.append(accent)
        tail = tail.dropFirst(accent.rawValue.count + 1)
      }
    }

    /// `_hat` as a whole word, not the beginning of `_hatch`.
    private func isNext(_ accent: Accent) -> Bool {
      guard tail.hasPrefix("_" + accent.rawValue) else { return false }
      guard let next = tail.dropFirst(accent.rawValue.count + 1).first else { return true }
      return !next.isLetter
    }

    /// The one character shown for the stem, or nil for a word.
    var glyph: Character? {
      if stem.count == 1 { return stem.first }
      return GreekLetters.letter(named: String(stem)).map { Character($0) }
    }

    var shownTail: String {
      if tail.isEmpty { return "" }
      if let digits = tail.allSatisfy({ $0.isASCII && $0.isNumber })
        ? Scripts.subscriptText(String(tail)) : nil
      {
        return digits
      }
      if tail.first == "_", tail.count == 2,
        let letter = Scripts.subscriptText(String(tail.dropFirst())), tail.last?.isLetter == true
      {
        return letter
      }
      return String(tail)
    }
  }
}
