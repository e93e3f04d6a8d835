// Formulas that were meant as a rule and cannot be run as they are printed, as the reader says it.
//
// They are wrong, unlike what is only outside of what the reader knows: a start that is given elsewhere,
// a gradient at the new point as in proximal methods, a function that other lines define.

import Diagnostics

extension RuleCheck {
  /// The reader's errors that mean that the formula itself is broken.
  package static let brokenIdentifiers: Set<String> = [
    // v_t = μ v_{t+1} + …: nothing has this value yet.
    "latex.future-index",
    // Lines that need one another at the same step, m_t = β m_t + ….
    "latex.circle",
    // Zero at the first step, because of where the count begins or of what a state starts at. The step
    // before the first, as in conjugate gradients, is none of these.
    "latex.zero-count", "latex.division-by-zero",
    // θ_t = θ_{t-1} - η u_{t-1}, and no formula says what u is.
    "latex.unborn-state",
  ]

  /// A state that is read before it exists.
  static func unborn(_ span: Span) -> Diagnostic {
    .reading(
      "unborn-state",
      "\(ClaimText.pretty(span.text)) is read before it exists: no formula here says what it is",
      span, help: "add its equation and what it starts at")
  }

  /// Whether an error of the reader means that the formula itself is broken.
  package static func isBroken(_ diagnostic: Diagnostic) -> Bool {
    brokenIdentifiers.contains(diagnostic.id)
  }

  /// The finding for a formula that cannot be run; nil when the error does not make it wrong.
  /// - Parameter words: what is printed around it, formulas too: a condition on the step.
  package static func finding(
    for diagnostic: Diagnostic, meant: [NamedMethod] = [], words: String = ""
  ) -> Finding? {
    guard isBroken(diagnostic) else { return nil }
    if diagnostic.id == "latex.zero-count", PrintedCondition.first(in: words) != nil { return nil }
    let mistake: String
    switch diagnostic.id {
    case "latex.future-index": mistake = "future-index"
    case "latex.circle": mistake = "index-swapped"
    case "latex.zero-count": mistake = "time-off-by-one"
    case "latex.unborn-state": mistake = "unborn-state"
    default: mistake = "old-accumulator"
    }
    return Finding(
      .wrong, "cannot be run as it is printed",
      details: [diagnostic.message] + [diagnostic.help].compactMap { $0 }, mistake: mistake,
      span: diagnostic.span, reference: meant.first?.rules.first)
  }
}

extension RuleVerdict {
  /// What divides by zero has no numbers from there on, whatever it is while its rate is held constant.
  /// - Parameter stated: the last step that the text leaves out.
  func withDivisionByZero(_ finding: Finding, after stated: Int = 0) -> Finding {
    guard let first = FirstStep(rule.declaration) else { return finding }
    var last = RuleVerdict.unrun
    if let quick = QuickRule(rule) {
      let run = quick.run(roles.probing, .long) { _, w in w.numbers.allSatisfy(\.isFinite) }
      guard let end = run.last, !end.numbers.allSatisfy(\.isFinite) else { return finding }
      last = run.count
    }
    guard let zero = first.zero(upTo: last),
      zero.step > stated
    else { return finding }
    let printed =
      reading == nil ? zero.below.text(.pretty) : ClaimText.pretty(zero.below.span.text)
    let said = "step \(zero.step) divides by zero: \(printed) is 0 there"
    if zero.step == 1, finding.verdict != .right, finding.mistake == nil {
      return Finding(
        .wrong, "cannot be run as it is written", details: [said], span: zero.below.span,
        reference: finding.reference)
    }
    var finding = finding
    if finding.verdict == .right {
      // What it is while its rate is held constant does not make it a rule that can be run.
      finding = Finding(
        .unchecked, "cannot be run to its end", measure: finding.headline, details: [],
        span: zero.below.span, reference: finding.reference)
    }
    finding.details.append(said)
    if finding.verdict != .right { finding.span = finding.span ?? zero.below.span }
    return finding
  }

  /// So many steps are looked through of a rule that is not run.
  private static let unrun = 20
}
