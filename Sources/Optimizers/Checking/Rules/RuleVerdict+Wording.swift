// What a verdict says: the name in the catalogue with the text's own symbols, the mistake and its
// place, and the first number that differs.

import Diagnostics
import Notation

extension RuleVerdict {
  // MARK: Right

  func right(_ match: Identification.Match) -> Finding {
    var finding = Finding(
      .right, "= " + match.call, measure: measure(match), reference: match.name)
    finding.details = remarks(match.name)
    return finding
  }

  func right(
    _ known: KnownRule, _ match: RoleMatch, rate: Expression? = nil,
    isCorrectedOtherwise: Bool = false
  ) -> Finding {
    var finding = Finding(
      .right, "= " + call(known.name, match.arguments), measure: "same for 200 steps",
      reference: known.name)
    finding.details = [known.variant].compactMap { $0 } + remarks(known.name)
    if isCorrectedOtherwise {
      finding.headline = "\(known.name) with other bias corrections"
      finding.measure = nil
      finding.details.append("authors differ in which moments they correct")
    }
    if let rate {
      finding.measure = "same for 200 steps with the learning rate held constant"
      finding.details.append("the learning rate changes with t: \(rate.text(.pretty))")
    }
    return finding
  }

  /// `same for 200 steps`
  private func measure(_ match: Identification.Match) -> String {
    let steps = "same for \(max(match.steps, 200)) steps"
    return match.needsConstantRate ? steps + " while the learning rate is constant" : steps
  }

  private func call(_ name: String, _ arguments: [(name: Name, value: String)]) -> String {
    arguments.isEmpty
      ? name
      : name + "(" + arguments.map { "\($0.name.canonical)=\($0.value)" }.joined(separator: ", ")
        + ")"
  }

  /// What one should know of a variant that is right.
  private func remarks(_ name: String) -> [String] {
    var remarks: [String] = []
    if name.contains("eps_inside") { remarks.append("ε inside the root") }
    if name.contains("eps_hat") { remarks.append("ε beside the uncorrected root") }
    if name.hasPrefix("adam"), rateIsMissing {
      remarks.append("there is no learning rate: lr is 1")
    }
    if dividesZero { remarks.append("0/0 where a gradient is 0") }
    if !idle.isEmpty {
      let names = idle.map(\.pretty).joined(separator: ", ")
      remarks.append("\(names) \(idle.count == 1 ? "is" : "are") worked out and never used")
    }
    return remarks
  }

  private var rateIsMissing: Bool { roles.names(.learningRate).isEmpty }

  /// No number comes out in a coordinate whose gradient has always been 0.
  private var dividesZero: Bool {
    guard let quick = QuickRule(rule) else { return false }
    var tape = QuickTape.mixed(3)
    for step in tape.steps.indices { tape.steps[step].slope.c = 0 }
    return quick.run(roles.probing, tape).contains { $0[2].isNaN && !$0[0].isNaN }
  }

  // MARK: Wrong

  func wrong(_ found: MistakeSearch.Found, _ equal: [Identification.Match]) -> Finding {
    let title = found.known.name
    var finding = Finding(
      .wrong, "≠ " + title, mistake: found.repairs.first?.mistake,
      span: found.repairs.first?.span, reference: title)
    if let match = equal.first(where: { $0.name != title }) {
      finding.details.append(
        "= \(described(match))   \(measure(match))")
    }
    if let difference = firstDifference(found.known, found.match) {
      finding.details.append(difference)
    }
    for repair in found.repairs { finding.details += explanation(repair) }
    return finding
  }

  /// A known rule with a mistake in it, whichever lines it is written in.
  func wrong(_ found: KnownMistake.Match) -> Finding {
    var finding = Finding(
      .wrong, "≠ " + found.known.name, mistake: found.mistake.mutant.mistake,
      reference: found.known.name)
    if let difference = firstDifference(found.known, found.roles) {
      finding.details.append(difference)
    }
    finding.details += found.sentences
    return finding
  }

  /// Named, and the numbers of another rule, or of none.
  func other(_ match: Identification.Match?, _ search: MistakeSearch) -> Finding {
    let accepted = meant.flatMap(\.rules)
    let reference = accepted.first ?? meant.first?.id ?? ""
    var finding = Finding(.wrong, "≠ " + reference, reference: reference)
    if let match {
      finding.details.append("= \(described(match))   \(measure(match))")
    }
    if let known = KnownRule.named([reference]).first,
      let way = RoleMatch.all(from: roles, to: known.roles).first
        ?? RoleMatch.any(from: roles, to: known.roles),
      let difference = firstDifference(known, way)
    {
      finding.details.append(difference)
    }
    return finding
  }

  func ascent(_ equal: [Identification.Match], _ identification: Identification) -> Finding {
    if let match = equal.first {
      return Finding(
        .wrong, "≠ gradient ascent", measure: nil,
        details: ["= \(described(match))   \(measure(match))", "it descends"], mistake: "sign",
        reference: match.name)
    }
    return unchecked(identification)
  }

  func unchecked(_ identification: Identification) -> Finding {
    var finding = Finding(
      .unchecked, "a rule of its own", measure: "no rule of the catalogue has its numbers")
    if let best = identification.best, best.distance.isFinite {
      finding.details.append("nearest is \(best.name)")
      if let parting = best.parting {
        finding.details.append("they part at step \(parting.step)")
      }
      finding.reference = best.name
    }
    return finding
  }

  // MARK: Words

  /// A rule of the catalogue as a sentence calls it.
  private func described(_ match: Identification.Match) -> String {
    let inside = match.name.contains("eps_inside") ? ", ε inside the root" : ""
    if match.name.hasPrefix("adam_uncorrected") { return "adam without bias corrections" + inside }
    if match.name.hasPrefix("adam_m_uncorrected") {
      return "adam with bias correction of v but not of m" + inside
    }
    if match.name.hasPrefix("adam_v_uncorrected") {
      return "adam with bias correction of m but not of v" + inside
    }
    return match.call
  }

  private func explanation(_ repair: Repair) -> [String] {
    if repair.mistake == "no-correction", let meant = repair.meant {
      return ["what is missing: \(correction(meant))"]
    }
    if let says = repair.says { return [says] }
    let printed = line(repair.line, rule.declaration.body)
    let meant = line(repair.line, repair.body)
    guard let printed, let meant else { return [] }
    return [
      RuleVerdict.sentences[repair.mistake] ?? "one part is another than is meant",
      "printed: \(printed)", "meant: \(meant)",
    ]
  }

  /// `m̂ = m/(1 - β₁ᵗ)`
  private func correction(_ meant: Expression) -> String {
    if case .binary(.divide, let moment, _) = meant.kind, case .name(let name) = moment.kind {
      return "\(Name(canonical: name.canonical + "_hat").pretty) = \(meant.text(.pretty))"
    }
    if case .name(let name) = meant.kind, let line = line(name, rule.declaration.body) {
      return line
    }
    return meant.text(.pretty)
  }

  private func line(_ name: Name, _ body: [RuleStatement]) -> String? {
    for statement in body {
      if case .assign(let line) = statement, line.name == name {
        return "\(name.pretty) = \(line.value.text(.pretty))"
      }
    }
    return nil
  }

  /// What each mistake is, where the place says nothing more.
  private static let sentences: [String: String] = [
    "beta1-for-beta2": "the first decay stands where the second one is meant",
    "beta2-for-beta1": "the second decay stands where the first one is meant",
    "complement": "the decay and one minus the decay are confused",
    "missing-complement": "the factor one minus the decay is missing",
    "extra-complement": "the factor one minus the decay is one too many",
    "missing-decay": "the factor that lets the old fade is missing",
    "extra-decay": "a decay is multiplied in that does not belong there",
    "exponent-left-out": "the decay is not raised to the power of the step",
    "extra-time": "the decay is raised to the power of the step, and should not be",
    "time-off-by-one": "the step is counted off by one",
    "missing-square": "the gradient is not squared",
    "extra-square": "what is squared should not be",
    "missing-root": "the square root is missing",
    "extra-root": "the square root does not belong there",
    "both-corrections-under-root":
      "only the correction of the second moment belongs under the root",
    "double-correction": "the bias correction is applied twice",
    "inverted": "the bias correction is upside down",
    "sign": "a sign is the other way round",
    "lookahead-sign": "the point ahead is on the other side",
    "decay-sign": "the weights grow where they should shrink",
    "min-for-max": "the smaller is kept where the larger is meant",
    "max-for-min": "the larger is kept where the smaller is meant",
    "absolute-left-out": "the size of the gradient is meant, without its sign",
    "factor-two": "a constant factor is one too many",
  ]

  // MARK: The first number that differs

  private func firstDifference(_ known: KnownRule, _ match: RoleMatch) -> String? {
    guard let quick = QuickRule(rule) else { return nil }
    let usual = roles.usual
    let probing = roles.probing
    let parameter = rule.declaration.body.compactMap { $0.line?.name }.last {
      Rule.parameterNames.contains($0.canonical)
    }
    let name = (parameter ?? Name(canonical: "w")).pretty
    for (values, tape) in [(usual, QuickTape.plain), (probing, QuickTape.short)] {
      let mine = quick.run(values, tape)
      let theirs = known.quick.run(match.values(values), tape)
      for (step, (a, b)) in zip(mine, theirs).enumerated() {
        for lane in 0..<4 where differs(a[lane], b[lane]) {
          return
            "first differs from \(known.name) at step \(step + 1): \(name) \(short(a[lane])) vs \(short(b[lane]))"
        }
      }
    }
    return nil
  }

  /// So much that six digits show it, and more than rounding leaves of numbers that cancel.
  private func differs(_ a: Double, _ b: Double) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN != b.isNaN }
    guard abs(a - b) > 1e-9 else { return false }
    return abs(a - b) > 1e-5 * max(abs(a), abs(b)) && short(a) != short(b)
  }

  private func short(_ value: Double) -> String { NumberText.short(value) }
}

extension RoleMatch {
  /// The plainest way, though something of the rule has no counterpart.
  static func any(from own: RoleValues, to candidate: RoleValues) -> RoleMatch? {
    var match = RoleMatch()
    for name in candidate.names {
      let role = candidate.roles[name] ?? .other
      let same = own.names(role)
      if let first = same.first {
        match.forms.append((name, .same(first)))
      } else {
        // A decay of 0 would be another rule.
        let usual = role == .learningRate ? 1 : candidate.defaults[name] ?? 0
        match.forms.append((name, .number(usual)))
      }
    }
    return match
  }
}
