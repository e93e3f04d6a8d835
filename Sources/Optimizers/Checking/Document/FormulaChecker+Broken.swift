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

  /// Whether another formula of the document, in the words too, has the symbol that is printed here.
  func isSpokenOf(_ span: Span, _ document: FormulaDocument, _ places: [Int]) -> Bool {
    func letter(_ text: String) -> String {
      String(text.prefix { $0 != "_" && $0 != "^" && !$0.isWhitespace })
    }
    let symbol = letter(span.text)
    return document.formulas.indices.contains { place in
      guard !places.contains(place) else { return false }
      var rest = Substring(document.formulas[place].span.text)
      var before: Character = " "
      while let found = rest.range(of: symbol) {
        if found.lowerBound > rest.startIndex {
          before = rest[rest.index(before: found.lowerBound)]
        }
        let after = rest[found.upperBound...].first ?? " "
        // The u of \mu and \sum is none.
        if !before.isLetter, before != "\\", !after.isLetter { return true }
        before = rest[rest.index(before: found.upperBound)]
        rest = rest[found.upperBound...]
      }
      return false
    }
  }
}
