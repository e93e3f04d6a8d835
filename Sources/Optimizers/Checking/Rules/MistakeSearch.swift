// The one mistake that makes a printed rule none of the known ones, if there is one: looked up among the
// known rules with a mistake in them, and confirmed on 200 steps.

import Notation

struct MistakeSearch {
  /// A known rule with a mistake that has the numbers of the printed one.
  struct Found {
    let known: KnownRule
    let mistake: KnownMistake
    /// The known rule's hyperparameters as the printed rule's own.
    let match: RoleMatch
    let lines: MistakenLines

    var id: String { mistake.mutant.mistake }
    var doubt: Mistake.Doubt { mistake.mutant.doubt }

    /// It stands in the exponent of a decay.
    var isInPower: Bool { mistake.mutant.expression.hasPowerOfTime }
  }

  private let declaration: RuleDeclaration
  private let roles: RoleValues
  private let values: [Name: Double]
  private let quick: QuickRule
  private let short: [Lanes]
  private let runs: OwnRuns
  private let isStopped: Stopping

  /// It gives no numbers, such as the root of what is negative; its lines may have some.
  private let isBlind: Bool
  /// It leaves the parameter where it is, as a moment without the gradient does.
  private let isStill: Bool

  /// nil for what cannot be run.
  init?(
    _ rule: RuleDeclaration, given: [Name: HyperRole] = [:], _ isStopped: Stopping = .never
  ) {
    declaration = rule.withoutUnwrittenHyperparameters
    roles = RoleValues(declaration, given: given)
    values = roles.probing
    guard let quick = QuickRule(declaration) else { return nil }
    self.quick = quick
    self.isStopped = isStopped
    short = quick.run(values, .short)
    runs = OwnRuns(quick, roles)
    isBlind = !short.contains(where: \.a.isFinite)
    isStill = !(short + runs.long).contains { !Lanes.agree($0, MistakeSearch.long.start) }
  }

  /// The printed rule's own later runs, each made when it is first needed.
  private final class OwnRuns {
    private let quick: QuickRule
    private let roles: RoleValues

    /// On gradients of many signs; nil where it asks for none.
    private(set) lazy var signs = quick.asksSigns ? quick.run(roles.probing, .scattered) : nil
    private(set) lazy var long = quick.run(roles.probing, MistakeSearch.long)
    /// With constants of the size of t, and with limits that are far away, and those values; none where
    /// the rule has no such thing.
    private(set) lazy var others = [
      (roles.probingLate, MistakeSearch.middle), (roles.probingUnlimited, QuickTape.unlimited),
    ].compactMap { values, tape in
      values.map { (values: $0, tape: tape, run: quick.run($0, tape)) }
    }

    init(_ quick: QuickRule, _ roles: RoleValues) {
      self.quick = quick
      self.roles = roles
    }
  }

  /// What an equality is confirmed on after the first steps: gradients that do not depend on the
  /// parameter, since a mistake may make the steps so large that rounding grows with each.
  private static let long = QuickTape(.given(200))
  private static let brief = QuickTape(.given(7))
  /// Enough for constants of the size of t to show.
  private static let middle = QuickTape(.given(30))

  /// Ways to give the hyperparameters that are tried, the plainest.
  private static let ways = 12
  /// How many explanations are looked at line by line.
  private static let most = 40

  private struct Candidate {
    let known: KnownRule
    let order: Int
    let mistake: KnownMistake
    let match: RoleMatch

    var isVariation: Int { mistake.mutant.doubt == .variation ? 1 : 0 }
  }

  /// What explains the printed rule, the likeliest first: hyperparameters name for name, a wrong sign
  /// in the parameter's line, β₁ as the known rule's β₁, lines that are the printed ones, the order of
  /// the known rules, what is readily believed, the order of the mistakes.
  func found(
    among known: [KnownRule], upTo doubt: Mistake.Doubt = .variation, effort: Int = .max
  ) -> [Found] {
    var candidates: [Candidate] = []
    // Another form of a rule after the rules themselves.
    let ordered = known.filter { $0.variant == nil } + known.filter { $0.variant != nil }
    for (order, rule) in ordered.enumerated() {
      // Whatever is one hyperparameter short is far from name for name.
      let more = rule.roles.names.count - roles.names.count
      if effort <= 2, more < 0 || more > 1 { continue }
      for table in MistakeTable.all(of: rule) where !isStopped() {
        candidates += self.candidates(rule, order, table, upTo: doubt, effort: effort)
      }
    }
    func rank(_ one: Candidate) -> [Int] {
      [
        one.isVariation, one.match.effort, aside(one.mistake), one.match.apart, one.order,
        one.mistake.mutant.doubt.rawValue, one.mistake.place,
      ]
    }
    let likely = candidates.map { ($0, rank($0)) }
      .sorted { $0.1.lexicographicallyPrecedes($1.1) }.prefix(MistakeSearch.most)
    var found: [(found: Found, rank: [Int])] = []
    for (one, rank) in likely {
      // What is no number any more makes the next gradient none, where that depends on it.
      let lines = MistakenLines(
        declaration, quick, values, one.known, one.mistake, one.match,
        on: isBlind ? MistakeSearch.brief : .short)
      // Without numbers the lines alone tell; what stands still is the same as everything at rest.
      guard !isBlind || lines.unpaired == 0 && lines.isTelling,
        !isStill || lines.unpaired == 0, isUsed(one.mistake, lines)
      else { continue }
      found.append(
        (
          Found(
            known: one.known, mistake: one.mistake, match: one.match.completed(for: one.known),
            lines: lines),
          rank[..<4] + [lines.unpaired, lines.negated.count] + rank[4...]
        ))
    }
    return found.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.found)
  }

  /// What is worked out for nothing is what it would be in the known rule.
  private func isUsed(_ mistake: KnownMistake, _ lines: MistakenLines) -> Bool {
    mistake.mutant.mistake != "unused-state"
      || declaration.stateNames.intersection(declaration.idleNames).isDisjoint(with: lines.alone)
  }

  private func candidates(
    _ known: KnownRule, _ order: Int, _ table: MistakeTable, upTo doubt: Mistake.Doubt, effort: Int
  ) -> [Candidate] {
    guard let first = short.first else { return [] }
    var found: [Candidate] = []
    var seen: Set<Int> = []
    let matches = RoleMatch.all(from: roles, to: table.roles).prefix(MistakeSearch.ways)
    for match in matches where match.effort <= effort {
      let hasPlainRate = !match.forms.contains {
        table.roles.role($0.name) == .learningRate && $0.form.isProduct
      }
      let theirs = match.values(values)
      for mistake in table.mistakes(firstStep: first, theirs)
      where mistake.mutant.doubt <= doubt && !seen.contains(mistake.place) {
        // 1 - β, which a learning rate makes up for, is no correction.
        if mistake.mutant.mistake == "exponent-left-out", !hasPlainRate { continue }
        guard Lanes.agree(short, mistake.quick.run(theirs, .short)) else { continue }
        let own = runs.long
        guard Lanes.agree(own, mistake.quick.run(theirs, MistakeSearch.long)),
          isSameOtherwise(mistake, match), hasSameSigns(mistake, theirs),
          differs(known, match, own)
        else { continue }
        seen.insert(mistake.place)
        found.append(Candidate(known: known, order: order, mistake: mistake, match: match))
      }
    }
    return found
  }

  /// A sign that makes the rule climb is one of the parameter's own line.
  private func aside(_ mistake: KnownMistake) -> Int {
    guard mistake.mutant.mistake == "sign" else { return 0 }
    let lines = mistake.declaration.lines
    let place = mistake.mutant.line
    guard lines.indices.contains(place) else { return 1 }
    return Rule.parameterNames.contains(lines[place].name.canonical) ? 0 : 1
  }

  /// With constants of the size of t and without limits as well.
  private func isSameOtherwise(_ mistake: KnownMistake, _ match: RoleMatch) -> Bool {
    runs.others.allSatisfy { values, tape, own in
      Lanes.agree(own, mistake.quick.run(match.values(values), tape))
    }
  }

  /// What takes signs alone agrees by chance for many steps.
  private func hasSameSigns(_ mistake: KnownMistake, _ theirs: [Name: Double]) -> Bool {
    guard let own = runs.signs else { return true }
    return Lanes.agree(own, mistake.quick.run(theirs, .scattered))
  }

  /// The mistake shows: the known rule without it has other numbers.
  private func differs(_ known: KnownRule, _ match: RoleMatch, _ own: [Lanes]) -> Bool {
    let theirs = match.completed(for: known).values(values)
    return !Lanes.agree(known.quick.run(theirs, .short), short)
      || !Lanes.agree(known.quick.run(theirs, MistakeSearch.long), own)
      || runs.signs.map { !Lanes.agree(known.quick.run(theirs, .scattered), $0) } ?? false
      || runs.others.contains { values, tape, own in
        !Lanes.agree(known.quick.run(match.completed(for: known).values(values), tape), own)
      }
  }
}

extension Expression {
  /// A product or a fraction, as lr·(1 - β).
  fileprivate var isProduct: Bool {
    if case .binary(let operation, _, _) = kind {
      return operation == .multiply || operation == .divide
    }
    return false
  }
}

extension RoleMatch {
  /// How many hyperparameters with an index have another one's: β₂ as β₁.
  fileprivate var apart: Int {
    forms.filter { name, form in
      guard let own = form.name?.canonical.last, let known = name.canonical.last else {
        return false
      }
      return own.isNumber && known.isNumber && own != known
    }.count
  }

  /// With what the known rule usually has where nothing of the printed one answers to it.
  func completed(for known: KnownRule) -> RoleMatch {
    var match = self
    for name in known.roles.names where !forms.contains(where: { $0.name == name }) {
      let isRate = known.roles.roles[name] == .learningRate
      match.forms.append((name, .numbered(isRate ? 1 : known.roles.defaults[name] ?? 0)))
    }
    return match
  }
}
