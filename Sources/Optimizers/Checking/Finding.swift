// What checking one formula found: whether it is right, in numbers, and why.
//
// Every kind of formula (rule, definition, gradient, worked number) has a checker of its own; they all
// answer with this value. Nothing is judged without numbers: what could not be compared is `unchecked`,
// and says why.

import Diagnostics

package struct Finding: Sendable {
  package enum Verdict: String, Sendable {
    /// It has the numbers of what it claims to be, or of a known thing when it claims nothing.
    case right
    /// Its numbers are not those of what it claims to be, or it cannot be run as it is printed.
    case wrong
    /// There was nothing to compare it with.
    case unchecked
  }

  package var verdict: Verdict
  /// One line: `= momentum_ema(lr=α, beta=β)`, `≠ adam`, `= softmax`.
  package var headline: String
  /// How it was measured: `same for 200 steps`, `same on 40 inputs, to 2 ulp`.
  package var measure: String?
  /// Further lines, each a sentence or a formula: what differs first, what is missing.
  package var details: [String]
  /// The mistake's identifier when one was recognised, as in `Mistakes`.
  package var mistake: String?
  /// The place in the text that is wrong, where it can be named.
  package var span: Span?
  /// What it was compared with: a rule of the catalogue, a function.
  package var reference: String?
  /// What is claimed divided by what is right, where that is one number everywhere.
  var ratio: Double?
  /// It has no numbers: its shapes do not fit together.
  var isMisfit = false

  package init(
    _ verdict: Verdict, _ headline: String, measure: String? = nil, details: [String] = [],
    mistake: String? = nil, span: Span? = nil, reference: String? = nil
  ) {
    self.verdict = verdict
    self.headline = headline
    self.measure = measure
    self.details = details
    self.mistake = mistake
    self.span = span
    self.reference = reference
  }
}
