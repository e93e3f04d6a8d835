// What a formula is called in a report: the heading it stands under, without its number, or its left
// side.

import Diagnostics
import Notation

package enum FormulaTitle {
  /// The longest title, in characters.
  package static let longest = 32

  /// The nearest heading that is short enough to be a name.
  static func heading(_ document: FormulaDocument, section: Int) -> String? {
    guard let heading = document.headings(above: section).first else { return nil }
    let text = plain(heading.text)
    return text.isEmpty || text.count > longest ? nil : text
  }

  /// What `\caption{…}` says of an algorithm.
  static func caption(_ formulas: [DocumentFormula]) -> String? {
    for formula in formulas where formula.whole.text.hasPrefix("\\begin{alg") {
      let text = Array(formula.span.text)
      let wanted = Array("\\caption{")
      let start = text.indices.first { text[$0...].starts(with: wanted) }
      guard let start else { continue }
      return String(text[(start + wanted.count)...].prefix { $0 != "}" && $0 != "\n" })
    }
    return nil
  }

  /// The left side of the first equation: `J(θ)`, `∂L/∂θ`; the formula's beginning when it has none.
  /// - Parameter place: within the equation that is meant, where it is not the first.
  static func leftSide(_ spans: [Span], _ definitions: TeXDefinitions, at place: Span? = nil)
    -> String
  {
    let texts = spans.compactMap { try? TeXText($0, given: definitions) }
    let meant = texts.lazy.flatMap(\.items).first { item in
      guard let place, item.span.source === place.source else { return false }
      return item.span.start <= place.start && place.start < item.span.end
    }
    for text in texts {
      for item in meant.map({ [$0] }) ?? text.items {
        guard case .formula(let sides, let relations) = item.kind, let left = sides.first else {
          continue
        }
        let name = left.plainText
        if !relations.isEmpty, name.count <= longest { return name }
        return shortened(relations.isEmpty ? name : left.span.text)
      }
    }
    return shortened(spans.first?.text ?? "")
  }

  /// One line, cut with dots; never inside of a command.
  package static func shortened(_ text: String, to length: Int = longest) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let cut = words.index(words.startIndex, offsetBy: length, limitedBy: words.endIndex),
      cut < words.endIndex
    else { return words }
    var kept = words[..<words.index(before: cut)]
    if words[kept.endIndex].isASCII, words[kept.endIndex].isLetter,
      let slash = kept.lastIndex(of: "\\"),
      kept[kept.index(after: slash)...].allSatisfy({ $0.isASCII && $0.isLetter })
    {
      kept = kept[..<slash]
    }
    if kept.last == "\\" { kept.removeLast() }
    return kept + "…"
  }

  /// Without `3.1.2`, `Algorithm 2:` and marks of Markdown.
  static func plain(_ heading: String) -> String {
    var text = heading[...]
    while let first = text.first, first.isNumber || first.isWhitespace || ".)、．：:#§".contains(first)
    {
      text.removeFirst()
    }
    return text.filter { !"*`{}$\\".contains($0) }.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }
}

extension MathItem {
  /// Whether it is an equation whose left side is no derivative.
  var definesNoDerivative: Bool {
    guard case .formula(let sides, let relations) = kind, !relations.isEmpty, let left = sides.first
    else { return false }
    return DerivativeSign(left) == nil
  }
}
