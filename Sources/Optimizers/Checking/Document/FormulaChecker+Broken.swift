// What is broken whoever reads it: TeX that is none, and what is read before it exists.

import Diagnostics
import Notation

extension FormulaChecker {
  /// Whether a text is no TeX at all, whoever reads it. Brackets may be left open on purpose, as in
  /// [0, 1).
  static func isBrokenTeX(_ error: Diagnostic, _ formulas: [DocumentFormula]) -> Bool {
    let text = error.span?.text ?? ""
    switch error.id {
    case "latex.end", "latex.right", "latex.delimiters", "latex.macro-recursion": return true
    case "latex.closes-nothing": return text.hasPrefix("}")
    case "latex.unclosed": return text.hasPrefix("{") || text.hasPrefix("\\")
    // `x^^2`, `\frac` alone, `\frac{1}{`; what ends in = or - may go on in words.
    case "latex.expected":
      if ["^", "_"].contains(text) { return true }
      return text.isEmpty
        && (error.message.hasPrefix("expected the argument")
          || formulas.contains { $0.span.text.last == "{" })
    default: return false
    }
  }

  /// A mistake in a line that the section does not print: it was taken from another, which may mean
  /// something else.
  static func elsewhere(_ span: Span, _ finding: Finding) -> Finding {
    Finding(
      .unchecked, "not all of it is printed here",
      details: [
        "with \(ClaimText.pretty(span.text)) of another section it would be"
          + " \(finding.headline), but nothing says that this is meant"
      ], reference: finding.reference)
  }

  /// A symbol that nothing defines, read as it was a step before. A formula alone is wrong. Where words
  /// or other formulas speak of the symbol it is given there; where they speak of other things it may be
  /// given elsewhere, and the formula is not understood.
  mutating func settleUnborn(
    in read: inout ReadFormula, _ document: FormulaDocument, _ words: CheckedWords
  ) {
    guard let unborn = read.reading?.unborn,
      let symbol = DocumentLetters.letters(of: unborn.text).first
    else { return }
    let letters = self.letters ?? DocumentLetters(document)
    self.letters = letters
    let prose = words.before + " " + words.after
    guard !letters.contains(symbol, besides: read.places, of: document),
      !DocumentLetters.areSpeaking(of: symbol, prose, atStep: true),
      !DocumentLetters.areSpeaking(
        of: symbol, words.section + " " + words.rest, atStep: false)
    else { return }
    read.reading = nil
    let isAlone =
      document.formulas.count == read.places.count && !prose.contains { $0.isLetter }
    read.error =
      isAlone
      ? RuleCheck.unborn(unborn)
      : .reading(
        "undefined", "nothing says what \(ClaimText.pretty(unborn.text)) is", unborn,
        help: "add its equation and what it starts at")
  }
}
