// Mistakes with bias corrections, 1 - βᵗ, and with the number of the step.

import Notation

extension Mistake {
  static let noCorrection = Mistake(
    "no-correction", "the bias correction left out", habit: "the bias corrections are left out",
    doubt: .choice
  ) { line in
    let bare = line.value.withoutFactors(line.isCorrection)
    let all = bare.isSame(as: line.value) ? [] : [Change(bare, "the bias corrections are left out")]
    return line.changes { site in
      switch site.part.kind {
      case .binary(.divide, let above, let below) where line.isCorrection(below):
        return [(above, "the bias correction, division by \(below.shown), is left out")]
      case .binary(.multiply, let a, let b) where line.isCorrection(a):
        return [(b, "the factor \(a.shown) of the bias correction is left out")]
      case .binary(.multiply, let a, let b) where line.isCorrection(b):
        return [(a, "the factor \(b.shown) of the bias correction is left out")]
      default: return []
      }
    } + all
  }

  /// The same in the line that reads what is corrected.
  static let plainForCorrected = Mistake("no-correction", "m for m̂", doubt: .choice) { line in
    line.value.names.compactMap { name in
      guard let state = line.rule.corrected(name, before: line.index) else { return nil }
      return Change(
        line.value.replacing(name, by: .of(state)),
        "\(state.pretty), without bias correction, is taken for \(name.pretty)")
    }
  }

  static let doubleCorrection = Mistake(
    "double-correction", "the bias correction made twice",
    habit: "the bias corrections are made twice", doubt: .odd
  ) { line in
    line.changes { site in
      switch site.part.kind {
      case .binary(.divide, _, let below) where line.isCorrection(below):
        return [
          (
            .of(.divide, site.part, below),
            "the bias correction, division by \(below.shown), is made twice"
          )
        ]
      case .binary(.multiply, let a, let b) where line.isCorrection(a) || line.isCorrection(b):
        let correction = line.isCorrection(a) ? a : b
        return [
          (
            .of(.multiply, site.part, correction),
            "the factor \(correction.shown) of the bias correction is there twice"
          )
        ]
      default: return []
      }
    }
  }

  /// Moments that other lines correct already, or the line itself by its step size.
  static let correctedAgain = Mistake(
    "double-correction", "what is corrected already corrected again", doubt: .odd
  ) { line in
    line.hasCorrections ? line.corrected { "\($0), though it is corrected already" } : []
  }

  static let extraCorrection = Mistake(
    "extra-correction", "a bias correction that does not belong there", doubt: .choice
  ) { line in
    line.hasCorrections
      ? [] : line.corrected { "\($0), a bias correction that does not belong there" }
  }

  /// (1 - β₁ᵗ)/√(1 - β₂ᵗ) for √(1 - β₂ᵗ)/(1 - β₁ᵗ), whatever other factors there are.
  static let correctionsInverted = Mistake(
    "inverted", "the bias corrections upside down", doubt: .odd
  ) { line in
    line.changes { site in
      let list = FactorList(site.part)
      let above = list.above.filter(line.isCorrection)
      let below = list.below.filter(line.isCorrection)
      guard !above.isEmpty, !below.isEmpty,
        let over = Expression.product(list.above.filter { !line.isCorrection($0) } + below),
        let under = Expression.product(list.below.filter { !line.isCorrection($0) } + above)
      else { return [] }
      return [(.of(.divide, over, under), "the bias corrections stand upside down")]
    }
  }

  /// √(1 - β₁ᵗ)/(1 - β₂ᵗ) for √(1 - β₂ᵗ)/(1 - β₁ᵗ): each average has the other's correction.
  static let correctionsSwapped = Mistake(
    "corrections-swapped", "the two bias corrections in each other's place"
  ) { line in
    guard let decays = line.rule.correctedDecays,
      Set(line.value.decaysOfCorrections(line.rule.hyper)) == Set(decays)
    else { return [] }
    return [
      Change(
        line.value.withCorrections(of: decays, line.rule.hyper),
        "the two bias corrections stand in each other's place")
    ]
  }

  /// 1 - βᵗ in the weights of an average.
  static let extraTime = Mistake(
    "extra-time", "βᵗ for β", doubt: .choice
  ) { line in
    let t = Expression.of(Name(canonical: "t"))
    return line.changes { site in
      guard let beta = site.part.complemented, line.isDecay(beta) else { return [] }
      return [
        (
          .of(.subtract, .number(1), .of(.power, beta, t)),
          "\(beta.shown) is raised to the power t in 1 - \(beta.shown)"
        )
      ]
    }
  }

  /// √((1 - β₂ᵗ)/(1 - β₁ᵗ)) for √(1 - β₂ᵗ)/(1 - β₁ᵗ), or what is the same in the line of m̂.
  static let bothCorrectionsUnderRoot = Mistake(
    "both-corrections-under-root", "both bias corrections under one root"
  ) { line in
    var isTwo: Bool {
      let corrected = line.rule.lines.indices.filter { place in
        guard case .binary(.divide, _, let below) = line.rule.lines[place].value.kind else {
          return false
        }
        return line.rule.isCorrection(below, before: place)
      }
      return corrected.count > 1
    }
    return line.changes { site in
      guard case .binary(.divide, let above, let below) = site.part.kind,
        below.underRoot == nil, line.isCorrection(below)
      else { return [] }
      let says = "both bias corrections stand under one root, "
      if let root = FactorList(above).above.first(where: {
        $0.underRoot != nil && line.isCorrection($0)
      }) {
        return [
          (
            .of(.divide, above, .root(below)),
            says + "√((\(root.underRoot?.shown ?? ""))/(\(below.shown)))"
          )
        ]
      }
      guard isTwo, line.correctsFirstMoment(below) else { return [] }
      return [
        (
          .of(.divide, above, .root(below)),
          says + "so that \(above.shown) is divided by √(\(below.shown))"
        )
      ]
    }
  }

  static let rootOfCorrection = Mistake(
    "root-of-correction", "the root of a bias correction", doubt: .odd
  ) { line in
    line.changes { site in
      switch site.part.kind {
      case .binary(.divide, let above, let below)
      where line.isCorrection(below) && below.underRoot == nil:
        return [
          (
            .of(.divide, above, .root(below)),
            "the root of the bias correction \(below.shown) is taken"
          )
        ]
      case .unary(.squareRoot, let inner) where line.isCorrection(inner):
        return [(inner, "the root of the bias correction \(inner.shown) is not taken")]
      default: return []
      }
    }
  }

  static let timeOffByOne = Mistake("time-off-by-one", "t off by one", habit: "") { line in
    let t = Expression.of(Name(canonical: "t"))
    var shifted: [Site] = []
    var found: [Change] = []
    for site in line.sites {
      // t + 1 where the rule has it: t alone is the slip.
      if case .binary(let operation, let a, let b) = site.part.kind,
        operation == .add || operation == .subtract, a.isSame(as: t), b.isNumber(1)
      {
        shifted.append(site)
        found.append(Change(site.put(t), "t is taken for \(site.part.shown)"))
      }
    }
    guard line.value.names.contains(Name(canonical: "t")) else { return found }
    for (operation, text) in [(BinaryOperator.add, "t + 1"), (.subtract, "t - 1")] {
      let other = Expression.of(operation, t, .number(1))
      found.append(
        Change(line.value.replacing(Name(canonical: "t"), by: other), "\(text) is taken for t"))
    }
    return found
  }

  static let exponentLeftOut = Mistake(
    "exponent-left-out", "the exponent left out", habit: "the exponents are left out"
  ) { line in
    line.changes { site in
      guard case .binary(.power, let base, let exponent) = site.part.kind, !exponent.isNumber(2)
      else { return [] }
      return [(base, "the exponent \(exponent.shown) of \(base.shown) is left out")]
    }
  }

  static let productForPower = Mistake("product-for-power", "β·t for βᵗ", doubt: .odd) { line in
    line.changes { site in
      guard case .binary(.power, let base, let exponent) = site.part.kind, !exponent.isNumber(2)
      else { return [] }
      return [
        (
          .of(.multiply, base, exponent),
          "\(base.shown) is multiplied by \(exponent.shown), not raised to it"
        )
      ]
    }
  }
}

extension LineContext {
  /// Whether any line of the rule corrects.
  fileprivate var hasCorrections: Bool {
    rule.lines.indices.contains { place in
      rule.lines[place].value.contains { rule.isCorrection($0, before: place) }
    }
  }

  /// The line with its averages divided by 1 - βᵗ: each of them, then all.
  fileprivate func corrected(_ says: (String) -> String) -> [Change] {
    guard !isState else { return [] }
    let t = Expression.of(Name(canonical: "t"))
    var changes: [Change] = []
    var all = value
    var names: [String] = []
    for name in value.names where rule.states.contains(name) {
      guard let place = rule.firstLine(of: name),
        let beta = decays.first(where: { rule.lines[place].value.names.contains($0) })
      else { continue }
      let correction = Expression.of(.subtract, .number(1), .of(.power, .of(beta), t))
      let divided = Expression.of(.divide, .of(name), correction)
      all = all.replacing(name, by: divided)
      names.append(name.pretty)
      changes.append(
        Change(
          value.replacing(name, by: divided),
          says("\(name.pretty) is divided by \(correction.shown)")))
    }
    if names.count > 1 {
      let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
      changes.append(Change(all, says("\(list) are divided by bias corrections")))
    }
    return changes
  }

  /// Whether a correction belongs to an average of gradients, not of squares.
  func correctsFirstMoment(_ correction: Expression) -> Bool {
    let names = correction.names.flatMap { name in
      rule.line(of: name, before: index).map { rule.lines[$0].value.names } ?? [name]
    }
    return names.contains { role($0) == .firstDecay }
      || !names.contains { role($0) == .secondDecay }
  }
}

extension RuleLines {
  /// The decays of a rule's bias corrections, where there are two.
  fileprivate var correctedDecays: [Name]? {
    var found: [Name] = []
    for line in lines {
      for name in line.value.decaysOfCorrections(hyper) where !found.contains(name) {
        found.append(name)
      }
    }
    return found.count == 2 ? found : nil
  }

  /// Every correction of the rule with the other one's decay, where they stand in several lines.
  func correctionsSwapped(in places: Set<Int>) -> Mutant? {
    guard let decays = correctedDecays else { return nil }
    let changed = lines.indices.filter {
      places.contains($0) && !lines[$0].value.decaysOfCorrections(hyper).isEmpty
    }
    let mistake = Mistake.correctionsSwapped
    guard changed.count > 1, let first = changed.first,
      Set(changed.flatMap { lines[$0].value.decaysOfCorrections(hyper) }).count == 2
    else { return nil }
    func swapped(_ place: Int) -> Expression {
      lines[place].value.withCorrections(of: decays, hyper)
    }
    return Mutant(
      mistake: mistake.id, says: "the two bias corrections stand in each other's place",
      line: first, expression: swapped(first), habit: "",
      also: changed.dropFirst().map { ($0, swapped($0)) }, doubt: mistake.doubt)
  }
}

extension Expression {
  /// β, of 1 - βᵗ.
  private func decayOfCorrection(_ hyper: [Name]) -> Name? {
    guard case .binary(.power, let base, let exponent)? = complemented?.kind,
      exponent.names.contains(Name(canonical: "t")), let name = base.name, hyper.contains(name)
    else { return nil }
    return name
  }

  /// The decays of the corrections in it.
  fileprivate func decaysOfCorrections(_ hyper: [Name]) -> [Name] {
    var found: [Name] = []
    _ = contains { part in
      if let name = part.decayOfCorrection(hyper) { found.append(name) }
      return false
    }
    return found
  }

  /// With the other decay in each correction.
  fileprivate func withCorrections(of decays: [Name], _ hyper: [Name]) -> Expression {
    replacing { part in
      guard let own = part.decayOfCorrection(hyper), let other = decays.first(where: { $0 != own })
      else { return nil }
      return part.replacing(own, by: .of(other))
    }
  }
}
