// The verdict on an update rule: whether its numbers are those of the method that it is called, and
// which mistake makes them differ.
//
//   RuleCheck.finding(for: rule, reading: reading, meant: NamedMethods.find(in: heading))
//
// A rule is wrong when it has a name and not that method's numbers, or when it has none and one known
// mistake would make it a rule of the catalogue. A rule of its own is left unchecked.

import Diagnostics
import Notation

package enum RuleCheck {
  /// - Parameters:
  ///   - rule: what was read or typed.
  ///   - reading: how it was read, for the symbols of the text; nil for a rule that was typed.
  ///   - meant: the methods it may be meant to be; none when nothing names it.
  ///   - words: what stands near it; asked only whether something is to be made small or large.
  ///   - isStopped: ends the search; what is found by then is no verdict.
  package static func finding(
    for rule: Rule, reading: FormulaReading?, meant: [NamedMethod], words: String = "",
    isStopped: Stopping = .never
  ) -> Finding {
    RuleVerdict(rule, reading, meant, words, isStopped).finding()
  }
}

/// One rule being judged.
struct RuleVerdict {
  let rule: Rule
  let reading: FormulaReading?
  let meant: [NamedMethod]
  let goal: Goal
  let roles: RoleValues
  private let given: [Name: HyperRole]
  private let isStopped: Stopping

  init(
    _ rule: Rule, _ reading: FormulaReading?, _ meant: [NamedMethod], _ words: String,
    _ isStopped: Stopping
  ) {
    self.isStopped = isStopped
    self.rule = rule
    self.reading = reading
    self.meant = meant
    given = reading?.rule?.said ?? [:]
    roles = RoleValues(rule.declaration, given: given)
    goal = Goal(words)
  }

  func finding() -> Finding {
    guard meant.isEmpty else { return named() }
    let identification = Identification.of(rule, roles: given, isStopped: isStopped)
    return unnamed(earnest(identification.matches), identification)
  }

  /// The rules that it is, what also averages the parameter last.
  private func earnest(_ matches: [Identification.Match]) -> [Identification.Match] {
    let equal = matches.filter { $0.isEqual && isEarnest($0) }
    func averages(_ match: Identification.Match) -> Bool {
      KnownRule.all.contains { $0.name == match.name && $0.hasIdle }
    }
    return equal.filter { !averages($0) } + equal.filter(averages)
  }

  /// Momentum with β = 0 is gradient descent and nothing else, a rule without numbers is none, and a
  /// bias correction is no learning rate.
  private func isEarnest(_ match: Identification.Match) -> Bool {
    guard hasNumbers else { return false }
    return !match.forms.contains { name, form in
      if case .number(0, _) = form.kind { return RoleMatch.isDecay(name) }
      return form.hasPowerOfTime
    }
  }

  /// It gives numbers where the gradients are no zeros.
  private var hasNumbers: Bool {
    guard let quick = QuickRule(rule) else { return true }
    return quick.run(roles.probing, .short).allSatisfy { !$0[0].isNaN && !$0[1].isNaN }
  }

  // MARK: With a name

  /// What it is called is the first guess and mostly right; all of the catalogue comes last.
  private func named() -> Finding {
    let accepted = Set(meant.flatMap(\.rules))
    // A chapter on any method begins with gradient descent.
    let base = rule.stateNames.isEmpty ? ["gradient_descent"] : []
    let looser = Set(meant.flatMap(\.looser) + base)
    let asCalled = equal(accepted).first
    if idle.isEmpty, let match = asCalled { return doubtful(match) ?? right(match) }
    let search = MistakeSearch(rule.declaration, among: KnownRule.named(Array(accepted)), isStopped)
    if !idle.isEmpty, let found = explained(search) { return wrong(found, relatives(of: found)) }
    if let match = asCalled { return doubtful(match) ?? right(match) }
    if let (known, match) = search.equal() { return right(known, match) }
    if let (search, rate) = scheduled(Array(accepted)), let (known, match) = search.equal() {
      return right(known, match, rate: rate)
    }
    if let match = equal(looser).first { return right(match) }
    let isAscent = meant.contains { $0.id == "gradient-ascent" }
    if !isAscent, let found = explained(search) {
      let mistakes = Set(found.repairs.map(\.mistake))
      if meant.contains(where: \.variesInCorrections),
        mistakes.isSubset(of: ["no-correction", "double-correction"])
      {
        return right(found.known, found.match, isCorrectedOtherwise: true)
      }
      return wrong(found, relatives(of: found))
    }
    let identification = Identification.of(rule, roles: given, isStopped: isStopped)
    let all = earnest(identification.matches)
    // With its gradient clipped or decayed beforehand it is still that method.
    if let match = all.first(where: { accepted.union(looser).contains($0.name) }) {
      return right(match)
    }
    if isAscent { return ascent(all, identification) }
    if let match = all.first { return other(match, search) }
    if meant.contains(where: \.isWide) || meant.count > 1 { return unchecked(identification) }
    if let found = KnownMistake.explanation(
      of: rule.declaration, roles: roles, among: KnownRule.inOrder(meant.flatMap(\.rules)),
      isStopped)
    {
      return wrong(found)
    }
    return isBuilt(like: accepted) ? other(nil, search) : unchecked(identification)
  }

  /// It keeps as much as one of these rules, and its hyperparameters are for the same: a mistake can
  /// be all that tells them apart. With an ε more, or with numbers for symbols, it may be a variant.
  private func isBuilt(like names: Set<String>) -> Bool {
    func purposes(_ roles: RoleValues) -> [String] {
      roles.names.map { (roles.roles[$0] ?? .other).rawValue }.sorted()
    }
    let own = purposes(roles)
    return KnownRule.named(Array(names)).contains {
      $0.states == rule.stateNames.count && purposes($0.roles) == own
    }
  }

  /// Those of these rules that it is.
  private func equal(_ names: Set<String>) -> [Identification.Match] {
    names.isEmpty
      ? [] : earnest(Identification.of(rule, among: names, roles: given, isStopped: isStopped))
  }

  /// What the rule is instead, among those that are like what it was meant to be.
  private func relatives(of found: MistakeSearch.Found) -> [Identification.Match] {
    let family = found.known.name.prefix { $0 != "_" }
    return equal(
      Set(KnownRule.all.map(\.name).filter { $0.hasPrefix(family) } + ["gradient_descent"]))
  }

  /// The one mistake, or the same in two lines, that makes it none of the known rules.
  private func explained(_ search: MistakeSearch) -> MistakeSearch.Found? {
    if let found = search.single().first(where: { isBelievable($0, isNamed: true) }) {
      return found
    }
    for mistake in RuleVerdict.habits {
      if let found = search.pairs(of: mistake).first { return found }
    }
    return nil
  }

  /// Who makes these in one line makes them in another.
  private static let habits = [
    "no-correction", "exponent-left-out", "missing-complement", "swapped-weights",
    "beta1-for-beta2", "old-moment",
  ]

  /// The search for the rule with its learning rate held constant; nil when it is that already.
  private func scheduled(_ names: [String]?) -> (MistakeSearch, Expression)? {
    guard let (steady, rate) = Schedule.steady(rule.declaration) else { return nil }
    return (MistakeSearch(steady, among: names.map(KnownRule.named) ?? nearby, isStopped), rate)
  }

  // MARK: Without a name

  private func unnamed(_ equal: [Identification.Match], _ identification: Identification)
    -> Finding
  {
    if let match = equal.first, idle.isEmpty { return doubtful(match) ?? right(match) }
    let search = MistakeSearch(rule.declaration, among: nearby, isStopped)
    if idle.isEmpty, let (known, match) = search.equal() { return right(known, match) }
    if let (search, rate) = scheduled(nil), let (known, match) = search.equal() {
      return right(known, match, rate: rate)
    }
    let found =
      search.single().first { isBelievable($0, isNamed: false) }
      ?? RuleVerdict.habits.dropFirst().lazy.compactMap { search.pairs(of: $0).first }
      .first { isBelievable($0, isNamed: false) }
    if let found { return wrong(found, equal) }
    if let match = equal.first { return right(match) }
    return unchecked(identification)
  }

  /// Known rules that keep about as much from step to step.
  private var nearby: [KnownRule] {
    let count = rule.stateNames.count
    return KnownRule.all.filter {
      abs($0.states - count) <= 1 && $0.states > 0 && !$0.hasIdle
    }
  }

  /// States and lines that play no part in the parameter, averages of the parameter aside.
  var idle: [Name] {
    let idle = Repairs.idle(rule.declaration.body)
    return rule.stateNames.filter { name in
      guard idle.contains(name) else { return false }
      let isOfGradient = rule.declaration.body.contains { statement in
        guard case .assign(let line) = statement, line.name == name else { return false }
        return !line.value.names.contains { Rule.parameterNames.contains($0.canonical) }
      }
      return isOfGradient
    }
  }

  private func isBelievable(_ found: MistakeSearch.Found, isNamed: Bool) -> Bool {
    let mistakes = found.repairs.map(\.mistake)
    if mistakes.contains("sign"), goal == .large || goal == .both { return false }
    if isNamed { return found.doubt <= 3 }
    // A rule without bias corrections, or with other moments, may well be meant so.
    let often: Set = [
      "no-correction", "lookahead-left-out", "gradient-for-moment", "other-moment", "extra-root",
      "extra-time", "learning-rate-twice", "sign-left-out",
    ]
    if !often.isDisjoint(with: mistakes) || found.match.effort > 2 { return false }
    if mistakes.contains("sign"), found.known.states < 2, goal != .small { return false }
    return found.doubt == 0 || found.doubt == 1 && found.known.states > 1
  }

  // MARK: Equal, and yet

  /// It has a rule's numbers only with a hyperparameter that is another than the text's: a decay that
  /// means the opposite, or a learning rate that makes up for a missing 1 - β before it is corrected.
  private func doubtful(_ match: Identification.Match) -> Finding? {
    if let finding = oneForBoth(match) { return finding }
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
    guard !mistakes.isEmpty else { return nil }
    let search = MistakeSearch(rule.declaration, among: KnownRule.named([match.name]), isStopped)
    return search.single().first {
      mistakes.contains($0.repairs[0].mistake) && $0.match.effort == 0
    }.map { wrong($0, []) }
  }

  /// β₁ in both averages, and β₂ nowhere: a symbol with an index is one of several.
  private func oneForBoth(_ match: Identification.Match) -> Finding? {
    guard let known = KnownRule.named([match.name]).first else { return nil }
    func taking(_ role: HyperRole) -> [(name: Name, own: Name)] {
      known.roles.names(role).compactMap { name in
        guard case .name(let own)? = match.forms[name]?.kind else { return nil }
        return (name, own)
      }
    }
    func base(_ name: Name) -> Substring {
      let letters = name.canonical.prefix { !$0.isNumber }
      return letters.last == "_" ? letters.dropLast() : letters
    }
    let averages = taking(.firstDecay).map(\.own)
    guard let (second, first) = taking(.secondDecay).first(where: { averages.contains($0.own) }),
      first.canonical.last?.isNumber ?? false,
      !roles.names.contains(where: { $0 != first && base($0) == base(first) })
    else { return nil }
    return Finding(
      .wrong, "≠ \(match.name)",
      details: [
        "= \(match.call)",
        "\(first.pretty) serves both averages, and \(second.pretty) is meant in that of the squares",
      ], mistake: "beta1-for-beta2", reference: match.name)
  }

  /// The value that the text itself gives a hyperparameter.
  private func givenValue(of name: Name) -> Double? {
    guard let given = rule.declaration.parameters.first(where: { $0.name == name })?.defaultValue,
      case .number(let value, _) = given.kind, let reading = reading?.rule,
      let symbol = reading.symbols[name], says(symbol, spelling: given.text(.ascii))
    else { return nil }
    return value
  }

  /// Whether `ρ = 0.9` stands in the formulas.
  private func says(_ symbol: String, spelling: String) -> Bool {
    let text = (reading?.rule?.declaration.span.text ?? "").filter { $0 != " " }
    let name = symbol.filter { $0 != " " }
    return ["=", "\\approx", "\\simeq", ":="].contains { text.contains(name + $0 + spelling) }
  }
}

extension RuleVerdict {
  static func states(_ declaration: RuleDeclaration) -> Int {
    declaration.body.count { statement in
      if case .state = statement { true } else { false }
    }
  }
}

extension Expression {
  /// βᵗ, as in a bias correction.
  var hasPowerOfTime: Bool {
    contains { part in
      if case .binary(.power, _, let exponent) = part.kind {
        exponent.names.contains(.time)
      } else {
        false
      }
    }
  }
}
