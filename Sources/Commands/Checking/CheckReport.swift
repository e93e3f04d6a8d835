// What checking found, formula by formula.
//
//   post.md: 9 formulas, 5 update rules
//     line 63   ✓ gradient descent  = sgd    same for 200 steps
//     line 121  ✗ Adam              ≠ adam
//         = adam with bias correction of v but not of m   same for 200 steps
//   4 right, 1 wrong, 2 unchecked; 12 symbols in the text

import Diagnostics
import Notation
import Optimizers

package struct CheckReport: Report {
  /// What was checked: a file's path, a rule's name; nil for formulas that were typed.
  let subject: String?
  /// Whether lines are worth telling: a file, not a name.
  let isFile: Bool
  let check: DocumentCheck

  package init(_ check: DocumentCheck, subject: String?, isFile: Bool = false) {
    self.check = check
    self.subject = subject
    self.isFile = isFile
  }

  package var kind: String { "check" }

  /// Whether anything is wrong.
  package var hasWrong: Bool { check.formulas.contains { $0.outcome == .wrong } }

  package func text(_ format: Format) -> [StyledText] {
    var lines: [StyledText] = []
    if isFile, let subject {
      var head = StyledText(subject, .name)
      head.append(
        ": "
          + (check.count == 0
            ? check.unread == 0 ? "no formulas" : "stopped before the first was checked"
            : counted(check.count, "formula") + ", " + counted(check.rules, "update rule")))
      lines.append(head)
    }
    let rows = CheckRows(check.formulas, showsLines: isFile, format)
    for place in check.formulas.indices { lines += rows.lines(place) }
    if isFile || check.formulas.count > 1 {
      let summary = self.summary
      if !summary.isEmpty { lines += StyledText(summary).folded(to: format.width, hanging: 2) }
    }
    return lines
  }

  /// `4 right, 1 wrong, 2 unchecked; 12 symbols in the text`
  private var summary: String {
    var parts: [String] = []
    for outcome in CheckedFormula.Outcome.allCases {
      let count = check.count(outcome)
      if count > 0 { parts.append("\(count) \(outcome.rawValue)") }
    }
    var notes: [String] = []
    if check.symbols > 0 {
      notes.append(counted(check.symbols, "symbol") + " within the text, not listed")
    }
    if check.unread > 0 {
      notes.append("stopped, with " + counted(check.unread, "formula") + " left")
    }
    return (parts.isEmpty ? notes : [parts.joined(separator: ", ")] + notes)
      .joined(separator: "; ")
  }

  private func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(word)" + (count == 1 ? "" : "s")
  }
}
