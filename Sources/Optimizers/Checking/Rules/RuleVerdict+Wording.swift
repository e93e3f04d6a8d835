// What a verdict says: the name in the catalogue with the text's own symbols, the mistake and its
// place, and the first number that differs.

import Diagnostics
import Notation

extension RuleVerdict {
  // MARK: Right

  func right(_ match: Identification.Match) -> Finding {
    var finding = Finding(
      .right, "= " + match.call, measure: measure(match), reference: match.name)
    finding.details = remarks(match.name, match.forms)
    return finding
  }

  func right(
    _ known: KnownRule, _ match: RoleMatch, rate: Expression? = nil,
    isCorrectedOtherwise: Bool = false
  ) -> Finding {
    var finding = Finding(
      .right, "= " + call(known.name, match.arguments), measure: "same for 200 steps",
      reference: known.name)
    finding.details =
      [known.variant].compactMap { $0 }
      + remarks(
        known.name, Dictionary(match.forms.map { ($0.name, $0.form) }, uniquingKeysWith: { $1 }))
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
  private func remarks(_ name: String, _ forms: [Name: Expression]) -> [String] {
    var remarks: [String] = []
    let features = RuleVerdict.features(name)
    switch features[.epsilon] {
    case "inside": remarks.append("ε inside the root")
    case "hat": remarks.append("ε beside the uncorrected root")
    default: break
    }
    if dividesZero { remarks.append("0/0 where a gradient is 0") }
    if !idle.isEmpty {
      let names = idle.map(\.pretty).joined(separator: ", ")
      remarks.append("\(names) \(idle.count == 1 ? "is" : "are") worked out and never used")
    }
    return remarks + self.remarks(on: name, forms)
  }

  private static func features(_ name: String) -> Features {
    guard let rule = try? RuleLibrary.rule(named: name) else { return Features() }
    return Features.of(rule)
  }

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
    let places = found.lines.places
    var finding = Finding(
      .wrong, "≠ " + title, mistake: found.id, span: places.first?.span, reference: title)
    if let match = equal.first(where: { $0.name != title || !$0.isPlain }) {
      finding.details.append("= \(described(match))   \(measure(match))")
    }
    if let difference = firstDifference(found.known, found.match) {
      finding.details.append(difference)
    }
    if found.id == "no-correction", !found.lines.missing.isEmpty {
      finding.details += found.lines.missing.map { "what is missing: " + $0 }
      return finding
    }
    finding.details.append(found.lines.says)
    // What differs in how it is written alone shows nothing.
    if places.allSatisfy({ $0.printed.computesTheSame(as: $0.meant) && !$0.isWrittenAlike }) {
      finding.details += found.lines.comparison
      return finding
    }
    for place in places {
      let printed = place.printed.text(.pretty)
      let meant = place.meant.text(.pretty)
      // The order of the lines, or what was before, does not show in one line.
      guard printed != meant, !place.printed.computesTheSame(as: place.meant) else { continue }
      finding.details.append("printed: \(place.name.pretty) = \(printed)")
      finding.details.append("meant: \(place.name.pretty) = \(meant)")
    }
    return finding
  }

  /// What is put right in one line.
  func wrong(_ found: RepairSearch.Found, _ equal: [Identification.Match] = []) -> Finding {
    let (wrong, _) = Parting.of(found.printed, found.meant)
    var finding = Finding(
      .wrong, "≠ " + found.known.name, mistake: found.id,
      span: wrong.span.text.isEmpty ? found.printed.span : wrong.span,
      reference: found.known.name)
    if let match = equal.first(where: { $0.name != found.known.name }) {
      finding.details.append("= \(described(match))   \(measure(match))")
    }
    if let difference = firstDifference(found.known, found.match) {
      finding.details.append(difference)
    }
    let name = found.name.pretty
    finding.details += [
      found.says, "printed: \(name) = \(found.printed.text(.pretty))",
      "meant: \(name) = \(found.meant.text(.pretty))",
    ]
    return finding
  }

  /// Named, and the numbers of another rule, or of none.
  func other(_ match: Identification.Match?) -> Finding {
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

  func ascent(_ equal: [Identification.Match]) -> Finding {
    if let match = equal.first {
      return Finding(
        .wrong, "≠ gradient ascent", measure: nil,
        details: ["= \(described(match))   \(measure(match))", "it descends"], mistake: "sign",
        reference: match.name)
    }
    return unchecked()
  }

  /// Its learning rate is negative, or what follows a schedule is added.
  func climbs(_ found: MistakeSearch.Found) -> Finding {
    var finding = Finding(
      .wrong, "≠ " + found.known.name, mistake: found.id, reference: found.known.name)
    if let difference = firstDifference(found.known, found.match) {
      finding.details.append(difference)
    }
    finding.details.append("with its learning rate held constant it climbs: " + found.lines.says)
    return finding
  }

  /// Called with weight decay, and printed without.
  func withoutDecay(_ match: Identification.Match) -> Finding {
    Finding(
      .unchecked, "= " + match.call, measure: measure(match),
      details: ["the weight decay that it is called with is not printed"], reference: match.name)
  }

  func unchecked() -> Finding {
    var finding = Finding(
      .unchecked, "a rule of its own", measure: "no rule of the catalogue has its numbers")
    if let best = compared.nearest, best.distance.isFinite {
      finding.details.append("nearest is \(best.name)")
      if let parting = best.parting {
        finding.details.append("they part at step \(parting.step)")
      }
      finding.reference = best.name
    }
    return finding
  }

  // MARK: Words

  /// A rule of the catalogue as a sentence calls it: by what it is a variant of, where that is all.
  private func described(_ match: Identification.Match) -> String {
    let bases = RuleLibrary.names.filter { match.name.hasPrefix($0 + "_") }
    let corrected = bases.filter {
      let features = RuleVerdict.features($0)
      return features[.firstCorrected] == "yes" && features[.secondCorrected] == "yes"
    }
    guard let base = corrected.max(by: { $0.count < $1.count }) else { return match.call }
    let own = RuleVerdict.features(match.name)
    let usual = RuleVerdict.features(base)
    var differences = own.differences(from: usual)
    var words = base
    switch (own[.firstCorrected], own[.secondCorrected]) {
    case ("no", "no"): words += " without bias corrections"
    case ("no", "yes"): words += " with bias correction of v but not of m"
    case ("yes", "no"): words += " with bias correction of m but not of v"
    default: return match.call
    }
    if own[.epsilon] == "inside" { words += ", ε inside the root" }
    differences.removeAll { [.firstCorrected, .secondCorrected, .epsilon].contains($0) }
    return differences.isEmpty && own[.epsilon] != "none" ? words : match.call
  }

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
        for lane in 0..<Lanes.count where differs(a[lane], b[lane]) {
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

  /// What rounding leaves of numbers that cancel is 0.
  private func short(_ value: Double) -> String {
    NumberFormat.text(abs(value) < 1e-13 ? 0 : value)
  }
}

extension RoleMatch {
  /// The plainest way, though something of the rule has no counterpart.
  static func any(from own: RoleValues, to candidate: RoleValues) -> RoleMatch? {
    var match = RoleMatch()
    for name in candidate.names {
      let role = candidate.roles[name] ?? .other
      let same = own.names(role)
      if let first = same.first {
        match.forms.append((name, .of(first)))
      } else {
        // A decay of 0 would be another rule.
        let usual = role == .learningRate ? 1 : candidate.defaults[name] ?? 0
        match.forms.append((name, .numbered(usual)))
      }
    }
    return match
  }
}
