// σ is the standard deviation and σ² the variance. A text that calls the variance σ throughout has a
// convention of its own; one that does so in a single place has lost the square.

import Diagnostics
import Notation

extension DefinitionJudge {
  /// What is to be said of a variance that is called σ, or of its root that is called σ².
  func deviation(_ match: Match, _ candidate: DefinitionCandidate) -> Finding? {
    let definition = candidate.definition
    let letter = DefinitionCandidate.plain(definition.key).split(separator: "_").first ?? ""
    let isVariance = match.known.id.hasPrefix("variance")
    guard letter == "sigma" || letter == "s" && speaks(of: "standard dev"),
      isVariance || match.known.id.hasPrefix("std"),
      definition.isSquare != isVariance
    else { return nil }
    let left = ClaimText.pretty(definition.left.span.text)
    if definition.isSquare {
      return Finding(
        .wrong, "≠ the variance", measure: measure(match),
        details: ["it is \(match.known.says): the root does not belong here, or the square of σ"],
        mistake: "extra-root", span: definition.value.span, reference: "var(x)")
    }
    guard isCalledSigma(definition) || speaks(of: "variance") && !speaks(of: "standard dev") else {
      return Finding(
        .wrong, "≠ the standard deviation", measure: measure(match),
        details: [
          "it is \(match.known.says): the square of \(left) on the left is missing, or a root on the"
            + " right"
        ], mistake: "missing-root", span: definition.left.span, reference: "std(x)")
    }
    return Finding(
      .right, "= the variance",
      details: ["mostly \(left) is the standard deviation, and \(left)² the variance"])
  }

  /// A printed text without its spaces and groups.
  static func bare(_ text: String) -> String {
    text.filter { !$0.isWhitespace && $0 != "{" && $0 != "}" }
  }

  /// Whether the text has the root of σ, where that of σ² is usual.
  private func isCalledSigma(_ definition: FormulaDefinition) -> Bool {
    let bare = DefinitionJudge.bare
    let left = bare(definition.left.span.text)
    return around.contains { text in
      var rest = bare(text)
      while let place = rest.range(of: "\\sqrt" + left) {
        rest.removeSubrange(rest.startIndex..<place.upperBound)
        if rest.first != "^" { return true }
      }
      return false
    }
  }
}
