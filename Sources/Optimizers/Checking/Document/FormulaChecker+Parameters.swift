// Weights and biases in one display, moved by rules that are not the same: each is judged by itself.

import Diagnostics
import Notation

extension FormulaChecker {
  static let eachByItself = "several parameters are moved, each by a rule of its own"

  /// nil unless every formula of it is a rule by itself.
  /// - Parameter error: why it was not read as one.
  func parameters(_ read: ReadFormula, _ error: Diagnostic, _ words: CheckedWords) -> Finding? {
    guard error.id == "latex.two-parameters",
      let text = try? TeXText(formulas: read.formulas.map(\.span), given: definitions)
    else { return nil }
    var findings: [Finding] = []
    for item in text.items {
      guard case .formula(_, let relations) = item.kind, !relations.isEmpty else { continue }
      var one = text
      one.items = [item]
      guard
        let reading = try? FormulaReader.read(
          one, item.span, name: Name(canonical: "printed"), nameSpan: item.span, given: given),
        let said = reading.rule, let rule = try? Rule(said.declaration)
      else { return nil }
      var finding = RuleCheck.finding(
        for: ComparedRule(rule, given: said.said, isStopped: isStopped), reading: reading,
        meant: words.meant, words: words.all)
      finding.details.insert("\(said.parameter) by itself:", at: 0)
      findings.append(finding)
    }
    guard findings.count > 1 else { return nil }
    return NumberCheck.combined(findings)
  }
}
