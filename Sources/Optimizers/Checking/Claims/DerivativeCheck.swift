// Claimed derivatives: `\frac{\partial L}{\partial w} = …`, `\nabla_\theta J(\theta) = …`,
// `\sigma'(z) = …`, held to central finite differences of what the document defines.
//
// What the function is must be said in the same text or before it; otherwise the claim is unchecked, and
// what is missing is named. A derivative that is only rewritten by the chain rule is an identity: it is
// checked when its parts are known.

import Diagnostics
import Notation

package enum DerivativeCheck {
  /// What the claimed derivatives of a text are; nil when it has none.
  /// - Parameters:
  ///   - context: what the document has said before it.
  ///   - isStopped: ends the comparison; what is found by then is no verdict.
  package static func finding(
    _ items: [MathItem], in context: ClaimContext, isStopped: Stopping = .never
  ) -> Finding? {
    finding(items, in: context, guesses: .losses.union(.anyLoss), isStopped: isStopped)
  }

  /// What may stand in for what nothing defines.
  struct Guesses: OptionSet {
    let rawValue: Int
    /// One of the usual losses and functions.
    static let losses = Guesses(rawValue: 1)
    /// Any loss at all.
    static let anyLoss = Guesses(rawValue: 2)
  }

  static func finding(
    _ items: [MathItem], in context: ClaimContext, guesses: Guesses, isStopped: Stopping = .never
  ) -> Finding? {
    var context = context
    context.add(items)
    var findings: [Finding] = []
    for item in items {
      guard let chain = ClaimChain(item),
        var found = finding(chain, context, isStopped, guesses)
      else {
        continue
      }
      var context = context
      // A letter may mean another thing in another chapter.
      if found.verdict == .unchecked, !context.nearby.hasAll(of: context),
        let near = finding(chain, context.nearby, isStopped, guesses)
      {
        context = context.nearby
        found = near
      }
      findings.append(
        found.verdict == .wrong ? defended(found, chain, items, context, isStopped) : found)
    }
    return NumberCheck.combined(findings)
  }

  /// What a document said of a symbol elsewhere may not be meant here: a claim that holds without that
  /// is right, and one that rests on it is accused only where one slip explains it.
  private static func defended(
    _ wrong: Finding, _ chain: ClaimChain, _ items: [MathItem], _ context: ClaimContext,
    _ isStopped: Stopping
  ) -> Finding {
    var alone = ClaimContext()
    alone.add(items)
    let byItself = finding(chain, alone, isStopped, [])
    for other in [byItself, finding(chain, context.ofItsSection, isStopped, [])] {
      if let other, other.verdict == .right { return other }
    }
    if items.hasCondition(on: chain.sides.map(\.math)) {
      return unchecked(wrong, "it is said under a condition, which is not put in")
    }
    // What stands beside it says what it is of, whatever was said elsewhere.
    if let byItself, byItself.verdict == .wrong { return byItself }
    // What stands beside it is no other place.
    let rests = context.definitionsUsed(by: chain).filter {
      alone.definitions[$0] == nil && alone.functions[$0] == nil
    }
    let isElsewhere = rests.contains { !context.isOfItsSection($0) }
    let isSure = wrong.mistake != nil && rests.allSatisfy { context.definedIn[$0]?.count == 1 }
    guard isElsewhere, !isSure else { return wrong }
    return unchecked(
      wrong, "what it rests on was said elsewhere, or more than once, and may not be meant here")
  }

  private static func unchecked(_ wrong: Finding, _ reason: String) -> Finding {
    Finding(.unchecked, wrong.reference ?? wrong.headline, details: [reason])
  }

  /// The same for TeX as it is typed; nil also when it cannot be read.
  package static func finding(_ span: Span, in context: ClaimContext = ClaimContext()) -> Finding? {
    guard let text = try? TeXText(span) else { return nil }
    return finding(text.items, in: context)
  }

  private static func finding(
    _ chain: ClaimChain, _ context: ClaimContext, _ isStopped: Stopping, _ guesses: Guesses
  ) -> Finding? {
    var scope = context.scope(.printed).sampled
    scope.values = [:]
    scope.work = FormulaWork(isStopped)
    guard
      let place = chain.sides.indices.first(where: {
        GradientTarget(chain.sides[$0].math, scope) != nil
      }), place + 1 < chain.sides.count,
      chain.sides[..<place].allSatisfy({ ClaimSymbol($0.math) != nil }),
      let target = GradientTarget(chain.sides[place].math, scope)
    else { return nil }
    let claims = chain.sides[(place + 1)...].map(\.math).filter { PrintedVector($0) == nil }.map {
      Differential.spelledOut($0, scope)
    }
    guard !claims.isEmpty else { return nil }
    scope = UnsaidLosses.filled(scope, target, claims)
    return Comparison(
      context: context, scope: scope, target: target, guesses: guesses, isStopped: isStopped
    ).finding(claims)
  }

  /// One target and what it is said to be.
  private struct Comparison {
    let context: ClaimContext
    let scope: ClaimScope
    let target: GradientTarget
    let guesses: Guesses
    let isStopped: Stopping

    func finding(_ claims: [Math]) -> Finding {
      let claim = GradientClaim(scope, target, isStopped)
      var right: [GradientClaim.Agreement] = []
      var failure: (String, Span?)?
      var layout: String?
      for math in claims {
        switch claim.outcome(of: math) {
        case .right(let agreement): right.append(agreement)
        case .unchecked(let reason, let span): failure = failure ?? (reason, span)
        case .wrong(let found):
          if found.contains(where: \.isJacobian),
            case .right(let agreement) = claim.outcome(of: transposed(math))
          {
            right.append(agreement)
            layout = "its rows are the inputs and its columns the outputs"
            continue
          }
          return wrong(math, found, claim)
        }
      }
      let name = ClaimText.pretty(target.span.text)
      if let first = right.first, failure == nil || right.count == claims.count {
        var details: [String] = []
        if let condition = right.first(where: { $0.condition != .none })?.condition {
          details.append("it holds \(condition.says)")
        }
        details += stands { name, _ in "\(name) may be any smooth function" }
        if let layout { details.append(layout) }
        let worst = right.map(\.worst).max() ?? 0
        let own = right.allSatisfy(\.isOwn) ? "and the built-in gradient " : ""
        return Finding(
          .right, "= \(name)",
          measure: "agrees with finite differences \(own)on \(first.inputs) inputs, "
            + "to \(NumberFormat.text(max(worst, 1e-12), digits: 1))", details: details,
          reference: name)
      }
      if guesses.contains(.anyLoss), let any = whateverTheLoss(claims) { return any }
      if guesses.contains(.losses),
        let known = KnownActivations.finding(target, claims, scope, isStopped)
      {
        return known
      }
      if guesses.contains(.losses),
        let known = KnownLosses.finding(target, claims, scope, isStopped)
      {
        return known
      }
      let reason = failure?.0 ?? "nothing here says what is differentiated"
      var details = [reason]
      if let chain = ChainRule.remark(target, claims) { details.append(chain) }
      return Finding(.unchecked, name, details: details, span: failure?.1, reference: nil)
    }

    private func stands(_ says: (String, String) -> String) -> [String] {
      scope.stands.map { says($0.name, $0.value) }
    }

    private func transposed(_ math: Math) -> Math {
      var scripts = MathScripts()
      scripts.upper = Math(.mark("T"), math.span)
      return Math(.scripted(Math(.fenced(.parenthesis, [math]), math.span), scripts), math.span)
    }

    /// A claim that takes derivatives of a loss that nothing defines, held to any loss.
    private func whateverTheLoss(_ claims: [Math]) -> Finding? {
      guard let (scope, target, through) = AnyLoss.scope(target, claims, scope) else { return nil }
      var finding = Comparison(
        context: context, scope: scope, target: target, guesses: [], isStopped: isStopped
      ).finding(claims)
      let name = ClaimText.pretty(self.target.span.text)
      switch finding.verdict {
      case .right:
        finding.headline = "= \(name)"
        finding.details.append("it holds whatever the loss is, through \(through)")
        return finding
      case .wrong where isSmooth(claims) && finding.mistake != "constant-factor":
        finding.headline = "≠ \(name)"
        finding.details.append("it does not hold for every loss, through \(through)")
        return finding
      case .wrong, .unchecked: return nil
      }
    }

    /// Whether all that a claim rests on has the derivatives that it has: nothing is rounded, which a
    /// straight-through estimate passes over.
    private func isSmooth(_ claims: [Math]) -> Bool {
      var usage = ClaimUsage(scope)
      for math in claims + target.parts { usage.add(math) }
      func isStep(_ math: Math) -> Bool {
        if case .function(let call) = math.kind,
          ["round", "floor", "ceil", "sign", "clip", "trunc"].contains(call.name)
        {
          return true
        }
        if case .fenced(let fence, _) = math.kind, fence == .floor || fence == .ceiling {
          return true
        }
        return math.children.contains(where: isStep)
      }
      return !usage.met.contains { key in
        [scope.definitions[key]?.value, scope.functions[key]?.value].contains { value in
          value.map(isStep) ?? false
        }
      }
    }

    private func wrong(_ math: Math, _ all: [GradientClaim.Contradiction], _ claim: GradientClaim)
      -> Finding
    {
      let name = ClaimText.pretty(target.span.text)
      // The condition under which the mistake shows: targets that add up to 1.
      let diagnosed = all.lazy.compactMap { found in
        GradientDiagnosis.of(math, found, target, usage: claim.usage, isStopped).map { (found, $0) }
      }.first
      guard let found = diagnosed?.0 ?? all.first(where: { !$0.claimed.isEmpty }) ?? all.first
      else {
        return Finding(.unchecked, name)
      }
      let diagnosis = diagnosed?.1
      var details: [String] = []
      if let diagnosis { details.append(diagnosis.says) }
      if let (point, a, b) = example(found, claim) {
        details.append("\(point): the derivative is \(b), the formula gives \(a)")
        details += stands { name, value in
          "nothing says what \(name) is; \(value) stands for it here"
        }
      }
      var finding = Finding(
        .wrong, "≠ \(name)",
        measure: found.claimed.isEmpty
          ? "its shapes do not fit together"
          : "differs from finite differences \(found.isOwn ? "and the built-in gradient " : "")on "
            + "\(found.points.count) inputs",
        details: details, mistake: diagnosis?.id, span: math.span, reference: name)
      finding.ratio = diagnosis?.ratio
      finding.isMisfit = found.claimed.isEmpty
      return finding
    }

    /// The first input where they differ, in words.
    private func example(_ found: GradientClaim.Contradiction, _ claim: GradientClaim)
      -> (String, String, String)?
    {
      for (place, scope) in found.points.enumerated() where !found.claimed.isEmpty {
        let (a, b) = (found.claimed[place], found.derived[place])
        guard a.count == b.count,
          zip(a, b).contains(where: { abs($0 - $1) > 1e-6 * max(abs($0), abs($1)) })
        else { continue }
        var parts: [String] = []
        for key in scope.values.keys.sorted() {
          guard let value = scope.values[key] else { continue }
          parts.append("\(claim.usage.names[key] ?? key) = \(text(value))")
        }
        for letter in scope.places.keys.sorted() {
          parts.append("\(letter) = \(scope.places[letter] ?? 0)")
        }
        let point = parts.count <= 6 ? "at " + parts.joined(separator: ", ") : "at one input"
        return (point, text(found.shape.with(a)), text(found.shape.with(b)))
      }
      return nil
    }

    private func text(_ value: FormulaValue) -> String {
      let texts = value.elements.map { NumberFormat.text($0, digits: 4) }
      guard !value.isScalar else { return texts.first ?? "" }
      guard value.dimensions.count == 2 else { return "[" + texts.joined(separator: ", ") + "]" }
      let columns = value.dimensions[1]
      let lines = (0..<value.dimensions[0]).map { texts[($0 * columns)..<(($0 + 1) * columns)] }
      return "[" + lines.map { "[" + $0.joined(separator: ", ") + "]" }.joined(separator: ", ")
        + "]"
    }
  }
}
