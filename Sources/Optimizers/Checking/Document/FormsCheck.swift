// An equation with several forms of which two have different numbers: whatever one of them is, the
// equation is wrong.

import Diagnostics

enum FormsCheck {
  /// The finding of a rule whose forms contradict one another.
  /// - Parameter finding: what the form that was read is.
  static func finding(_ notes: [ReadingNote], _ finding: Finding?) -> Finding? {
    guard let note = notes.first(where: { $0.contradicts != nil }), let read = note.contradicts
    else {
      return finding
    }
    let (first, other) = (ClaimText.pretty(read.text), ClaimText.pretty(note.span.text))
    let when = note.text.split(separator: "gives ").last.map(String.init) ?? "other numbers"
    var details = ["\(first)", "\(other)", "the second gives \(when)"]
    if let finding, finding.verdict != .unchecked {
      details.append("the first is \(finding.headline)")
      if finding.verdict == .wrong { details += finding.details }
    }
    return Finding(
      .wrong, "two of its forms are not equal", measure: when, details: details,
      mistake: finding?.mistake ?? "unequal-forms", span: note.span, reference: finding?.reference)
  }
}
