// Mistakes with the weights of a running average: β and 1 - β.

import Notation

extension Mistake {
  static let swappedWeights = Mistake("swapped-weights", "β and 1 - β swapped", habit: "") { line in
    line.decays.compactMap { beta in
      let both = line.value
      let hasPlain = line.sites.contains {
        $0.part.name == beta && !$0.isComplemented && !$0.isInPower
      }
      let hasComplement = both.contains { $0.complemented?.name == beta }
      guard hasPlain, hasComplement else { return nil }
      let swapped = both.replacing { part in
        if part.complemented?.name == beta { return .of(beta) }
        if part.name == beta { return .of(.subtract, .number(1), .of(beta)) }
        return nil
      }
      return Change(swapped, "the weights \(beta.pretty) and 1 - \(beta.pretty) are swapped")
    }
  }

  static let betaOneForBetaTwo = Mistake(
    "beta1-for-beta2", "β₁ for β₂", habit: ""
  ) { line in
    line.decaysTaken { line.role($0) == .firstDecay && line.role($1) == .secondDecay }
  }

  static let betaTwoForBetaOne = Mistake(
    "beta2-for-beta1", "β₂ for β₁", habit: ""
  ) { line in
    line.decaysTaken { line.role($0) == .secondDecay && line.role($1) == .firstDecay }
  }

  static let otherDecay = Mistake("other-decay", "one β for another") { line in
    line.decaysTaken {
      let roles: Set<HyperRole?> = [line.role($0), line.role($1)]
      return roles != [.firstDecay, .secondDecay]
    }
  }

  static let complement = Mistake("complement", "β for 1 - β", doubt: .odd) { line in
    line.changes { site in
      if let beta = site.part.complemented, line.isDecay(beta) {
        return [(beta, "\(beta.shown) is taken for 1 - \(beta.shown)")]
      }
      if let power = site.part.complemented, line.isCorrection(site.part) {
        return [(power, "\(power.shown) is taken for 1 - \(power.shown)")]
      }
      guard line.isDecay(site.part), !site.isComplemented else { return [] }
      return [
        (
          .of(.subtract, .number(1), site.part),
          "1 - \(site.part.shown) is taken for \(site.part.shown)"
        )
      ]
    }
  }

  static let missingComplement = Mistake(
    "missing-complement", "the factor 1 - β missing", habit: "the factors 1 - β are missing"
  ) { line in
    line.factorsLeftOut { $0.complemented.map(line.isDecay) ?? false }
  }

  /// v = g² for v = v + g².
  static let notGathered = Mistake(
    "not-gathered", "what is new alone, without what was there", doubt: .odd
  ) { line in
    guard line.isState else { return [] }
    let terms = TermList(line.value).terms
    let fresh = terms.filter { !$0.value.names.contains(line.name) }
    guard !fresh.isEmpty, fresh.count < terms.count else { return [] }
    return [Change(.sum(fresh), "\(line.name.pretty) forgets every step but the last")]
  }

  static let extraComplement = Mistake(
    "extra-complement", "a factor 1 - β too many", doubt: .odd
  ) { line in
    line.multiplied { beta, term in
      guard !term.contains({ $0.complemented?.name == beta }),
        !line.isState || !term.names.contains(line.name)
      else { return nil }
      return .of(.subtract, .number(1), .of(beta))
    }
  }

  static let extraDecay = Mistake("extra-decay", "a factor β too many", doubt: .odd) { line in
    line.multiplied { beta, term in
      FactorList(term).above.contains { $0.name == beta } ? nil : .of(beta)
    }
  }

  static let missingDecay = Mistake("missing-decay", "the factor β missing", doubt: .odd) { line in
    line.factorsLeftOut(line.isDecay)
  }
}

extension LineContext {
  /// Decays of the rule that stand where others belong: in all places of the line, then in each.
  fileprivate func decaysTaken(_ fits: (_ wrong: Name, _ right: Name) -> Bool) -> [Change] {
    var found: [Change] = []
    for right in decays where value.names.contains(right) {
      for wrong in decays where wrong != right && fits(wrong, right) {
        let says = "\(wrong.pretty) is taken for \(right.pretty)"
        found.append(Change(value.replacing(right, by: .of(wrong)), says))
        let places = sites.filter { $0.part.name == right }
        guard places.count > 1, places.contains(where: \.isComplemented) else { continue }
        for site in places {
          found.append(
            Change(
              site.put(.of(wrong)),
              site.isComplemented
                ? "1 - \(wrong.pretty) is taken for 1 - \(right.pretty)"
                : says + ", but not in 1 - \(right.pretty)"))
        }
      }
    }
    return found
  }

  /// Terms of an average, or the moments of the parameter's line, with a factor more.
  fileprivate func multiplied(_ factor: (_ beta: Name, _ term: Expression) -> Expression?)
    -> [Change]
  {
    guard isState || isParameter else { return [] }
    let own = decays.filter { value.names.contains($0) }
    return (own.isEmpty ? decays : own).flatMap { beta -> [Change] in
      let terms = TermList(value).terms
      guard isState else {
        return value.names.filter {
          rule.states.contains($0) || rule.corrected($0, before: index) != nil
        }.compactMap { name in
          guard let factor = factor(beta, .of(name)) else { return nil }
          return Change(
            value.replacing(name, by: .of(.multiply, factor, .of(name))),
            "\(name.pretty) is multiplied by \(factor.shown)")
        }
      }
      return terms.indices.compactMap { place in
        guard let factor = factor(beta, terms[place].value) else { return nil }
        let sum = terms.indices.map { other in
          (
            terms[other].isNegative,
            other == place
              ? Expression.of(.multiply, factor, terms[other].value) : terms[other].value
          )
        }
        return Change(
          .sum(sum), "\(terms[place].value.shown) is multiplied by \(factor.shown) as well")
      }
    }
  }

  /// Products without one of their factors.
  func factorsLeftOut(_ isMeant: (Expression) -> Bool) -> [Change] {
    changes { site in
      guard case .binary(.multiply, let a, let b) = site.part.kind else { return [] }
      var found: [(Expression, String)] = []
      if isMeant(a) { found.append((b, "the factor \(a.shown) is missing")) }
      if isMeant(b) { found.append((a, "the factor \(b.shown) is missing")) }
      return found
    }
  }
}
