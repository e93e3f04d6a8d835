// Rules that have a known rule's numbers, and yet are not it: with hyperparameters that mean something
// else, or only where a value switches a part of the rule off.

import Diagnostics
import Notation

extension RuleVerdict {
  /// It has a rule's numbers only with a hyperparameter that is another than the text's: a decay that
  /// means the opposite, a learning rate that makes up for a missing 1 - β before it is corrected, or
  /// one of several decays in the place of another.
  func doubtful(_ match: Identification.Match) -> Finding? {
    if let finding = swapped(match) { return finding }
    let values = match.arguments.map(\.value)
    var mistakes: Set<String> = []
    for name in roles.names
    where values.contains("1 - \(name.pretty)") && givenValue(of: name).map({ $0 > 0.5 }) ?? false {
      mistakes.insert("swapped-weights")
    }
    let isCorrected = rule.declaration.body.contains { statement in
      statement.line?.value.hasPowerOfTime ?? false
    }
    if isCorrected, values.contains(where: { $0.contains("(1 - ") }) {
      mistakes.formUnion(["missing-complement", "extra-complement"])
    }
    let isOneForBoth = isOneForBoth(match)
    if isOneForBoth { mistakes.formUnion(["beta1-for-beta2", "beta2-for-beta1", "other-decay"]) }
    guard !mistakes.isEmpty else { return nil }
    return search?.found(among: KnownRule.named([match.name])).first {
      // Without its weight decay it is that rule all the same.
      mistakes.contains($0.id) && $0.match.effort <= (isOneForBoth ? 1 : 0)
    }.map { wrong($0, [match]) }
  }

  /// β₁ in both averages, and β₂ nowhere: a symbol with an index is one of several.
  private func isOneForBoth(_ match: Identification.Match) -> Bool {
    let decays = decays(match.name, match.forms)
    return decays.indices.contains { place in
      let (known, one) = decays[place]
      return one.canonical.last.map { $0.isNumber && $0 != "0" } ?? false
        && (averages(with: one) > 1 || meant.contains { $0.rules.contains(match.name) })
        && decays[..<place].contains { $0.own == one && $0.known.base == known.base }
        // Where the other is there too, it is one of three.
        && !roles.names.contains { name in
          name != one && name.base == one.base && !decays.contains { $0.own == name }
        }
    }
  }

  /// How many averages are printed with a decay: with one alone there is nothing to take it for.
  private func averages(with decay: Name) -> Int {
    var kept = 0
    var new = 0
    func visit(_ part: Expression) {
      if part.complemented?.name == decay {
        new += 1
      } else if part.name == decay {
        kept += 1
      } else if case .binary(.power, _, _) = part.kind {
        return
      } else {
        for child in part.children { visit(child) }
      }
    }
    for line in rule.declaration.lines { visit(line.value) }
    return max(kept, new)
  }

  /// The decays of a known rule, and what they are here.
  private func decays(_ name: String, _ forms: [Name: Expression]) -> [(known: Name, own: Name)] {
    guard let known = KnownRule.named([name]).first else { return [] }
    return known.roles.names.filter(RoleMatch.isDecay).compactMap { name in
      forms[name]?.name.map { (name, $0) }
    }
  }

  /// β₂ for the average that has β₁ in the known rule, and β₁ for that which has β₂.
  func exchangedDecays(_ name: String, _ forms: [Name: Expression]) -> (Name, Name)? {
    let decays = decays(name, forms)
    for one in decays {
      for other in decays where one.own != other.own && one.own.base == other.own.base {
        guard let first = one.known.canonical.last, let second = other.known.canonical.last,
          first.isNumber, second.isNumber, first < second,
          one.own.canonical.last == second, other.own.canonical.last == first
        else { continue }
        return (one.own, other.own)
      }
    }
    return nil
  }

  /// The value that the text itself gives a hyperparameter.
  private func givenValue(of name: Name) -> Double? {
    guard reading?.rule?.valued.contains(name) ?? false,
      let given = rule.declaration.parameters.first(where: { $0.name == name })?.defaultValue,
      case .number(let value, _) = given.kind
    else { return nil }
    return value
  }

  /// It has the other's numbers with the values that it declares as well. A branch that depends on a
  /// hyperparameter may never be taken with the values that probe it.
  func holdsAsDeclared(_ match: Identification.Match) -> Bool {
    guard !match.needsConstantRate, !match.hasGaps, match.stages.isEmpty,
      let known = KnownRule.named([match.name]).first
    else { return true }
    var values = known.roles.defaults
    for (name, form) in match.forms {
      guard let value = ScalarFormula.value(of: form, { roles.defaults[$0] }) else { return true }
      values[name] = value
    }
    return holdsAsDeclared(known, values)
  }

  func holdsAsDeclared(_ known: KnownRule, _ match: RoleMatch) -> Bool {
    holdsAsDeclared(known, match.completed(for: known).values(roles.defaults))
  }

  private func holdsAsDeclared(_ known: KnownRule, _ values: [Name: Double]) -> Bool {
    guard roles.names.allSatisfy({ roles.defaults[$0] != nil }), let quick = QuickRule(rule) else {
      return true
    }
    let tape = QuickTape(.given(60))
    let own = quick.run(roles.defaults, tape)
    return zip(own, known.quick.run(values, tape)).allSatisfy { a, b in
      (0..<Lanes.count).allSatisfy { lane in
        // Six digits: with an ε of 1e-8 the last ones are rounding.
        a[lane].isNaN && b[lane].isNaN || a[lane] == b[lane]
          || abs(a[lane] - b[lane]) <= 1e-6 * max(1, abs(a[lane]))
      }
    }
  }
}

extension Name {
  /// Without its index: β of β₁.
  fileprivate var base: Substring {
    let letters = canonical.prefix { !$0.isNumber }
    return letters.last == "_" ? letters.dropLast() : letters
  }
}
