// One formula of a document, checked: what it is, why, and what its numbers say.

import Diagnostics
import Notation

package struct CheckedFormula: Sendable {
  /// What it came to, in one word.
  package enum Outcome: String, Sendable, CaseIterable {
    case right, wrong, unchecked
    case notUnderstood = "not understood"
  }

  /// The displays it was read from; several when a rule is spread over displays.
  package var formulas: [DocumentFormula]
  /// Where it begins.
  package var line: Int
  /// nil when it is not understood.
  package var kind: FormulaReading.Kind?
  /// Why it is that kind, in a few words.
  package var why: String
  /// What to call it: the method that the words name, the heading, or its left side.
  package var title: String
  package var finding: Finding?
  /// The methods that the words name.
  var meant: [NamedMethod] = []
  /// What it is found to be when nothing names it, where its numbers are those of another method than
  /// the words name: what holds if the section has a rule of that method besides.
  var underItsOwnName: Finding?
  /// Why it is not understood, at its place.
  package var error: Diagnostic?
  /// It cannot be read by anybody: broken TeX, a state read before it exists.
  package var isBroken = false
  /// Slips, ambiguities and conventions of the reading, and what the words contradict.
  package var notes: [ReadingNote]
  /// The rule that was read, and what its hyperparameters are for.
  package var rule: RuleDeclaration?
  package var roles: [(name: Name, role: HyperRole)] = []

  package var outcome: Outcome {
    if error != nil { return isBroken ? .wrong : .notUnderstood }
    switch finding?.verdict {
    case .right: return .right
    case .wrong: return .wrong
    case .unchecked, nil: return .unchecked
    }
  }
}

extension CheckedFormula {
  /// `$l = 0$`, `$\beta_1 = 0.9$`: said in passing of a symbol, with nothing to check.
  func isAside(_ definitions: TeXDefinitions) -> Bool {
    guard outcome == .unchecked || outcome == .notUnderstood, kind != .rule, formulas.count == 1,
      !formulas[0].isDisplay, let text = try? TeXText(formulas[0].span, given: definitions)
    else { return false }
    return text.items.allSatisfy { item in
      guard case .formula(let sides, _) = item.kind else { return true }
      return sides.allSatisfy { side in
        switch side.kind {
        case .number, .symbol, .scripted, .accented, .ellipsis, .fenced: true
        case .sum(let terms): terms.count == 1 && terms[0].value.children.isEmpty
        default: false
        }
      }
    }
  }
}
