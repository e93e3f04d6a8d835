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
    let compared = ComparedRule(rule, given: reading?.rule?.said ?? [:], isStopped: isStopped)
    return finding(for: compared, reading: reading, meant: meant, words: words)
  }

  /// The same for a rule that is judged more than once.
  static func finding(
    for compared: ComparedRule, reading: FormulaReading?, meant: [NamedMethod], words: String,
    conditions: String = ""
  ) -> Finding {
    let verdict = RuleVerdict(compared, reading, meant, words)
    return verdict.withDivisionByZero(
      verdict.finding(), after: PrintedCondition.first(in: conditions) ?? 0)
  }
}

/// One rule being judged.
struct RuleVerdict {
  var rule: Rule { compared.rule }
  let reading: FormulaReading?
  let meant: [NamedMethod]
  let words: String
  let goal: Goal
  let roles: RoleValues
  let compared: ComparedRule
  var given: [Name: HyperRole] { compared.given }
  var isStopped: Stopping { compared.isStopped }

  init(
    _ compared: ComparedRule, _ reading: FormulaReading?, _ meant: [NamedMethod], _ words: String
  ) {
    self.compared = compared
    self.reading = reading
    self.meant = meant
    roles = RoleValues(compared.rule.declaration, given: compared.given)
    self.words = words
    goal = Goal(words)
  }

  func finding() -> Finding {
    guard meant.isEmpty else { return named() }
    return unnamed(earnest(compared.equal))
  }

  /// The rules that it is, what also averages the parameter last.
  private func earnest(_ matches: [Identification.Match]) -> [Identification.Match] {
    let equal = matches.filter { $0.isEqual && isEarnest($0) && holdsAsDeclared($0) }
    func averages(_ match: Identification.Match) -> Bool {
      KnownRule.all.contains { $0.name == match.name && $0.hasIdle }
    }
    return equal.filter { !averages($0) } + equal.filter(averages)
  }

  // MARK: With a name

  /// What it is called is the first guess and mostly right; all of the catalogue comes last.
  private func named() -> Finding {
    let accepted = Set(meant.flatMap(\.rules))
    // A chapter on any method begins with gradient descent.
    let isAscent = meant.contains { $0.id == "gradient-ascent" }
    let base = rule.stateNames.isEmpty && !isAscent ? ["gradient_descent"] : []
    let looser = Set(meant.flatMap(\.looser) + base)
    if meant.contains(where: { $0.id == "gradient-descent-l2" }), idle.isEmpty,
      let match = equal(["gradient_descent"]).first
    {
      return withoutDecay(match)
    }
    let asCalled = equal(accepted).first
    if idle.isEmpty, let match = asCalled { return doubtful(match) ?? right(match) }
    let search = search
    let usual = KnownRule.inOrder(meant.flatMap(\.rules))
    // What is not used may be what was forgotten; a line beside a rule that is right is a remark.
    if !idle.isEmpty, let found = mistake(among: usual, upTo: .choice, search),
      asCalled == nil || found.id == "unused-state"
    {
      return wrong(found, relatives(of: found))
    }
    if let match = asCalled { return doubtful(match) ?? right(match) }
    if !isAscent, let finding = uneven(accepted) { return finding }
    if let finding = started(accepted) { return finding }
    if !isAscent, goal != .large, goal != .both, let finding = curved(meant.flatMap(\.rules)) {
      return finding
    }
    let repairs = RepairSearch(rule, usual, roles, isStopped)
    if let (known, match) = repairs.equal(), holdsAsDeclared(known, match) {
      return right(known, match)
    }
    let schedule = Schedule.steady(rule.declaration)
    if let (steady, rate) = schedule, let (known, match) = equal(usual, steady) {
      return right(known, match, rate: rate)
    }
    if let match = equal(looser).first { return right(match) }
    if !isAscent, let found = mistake(among: usual, upTo: .choice, search) {
      if meant.contains(where: \.variesInCorrections), RuleVerdict.corrections.contains(found.id) {
        return right(found.known, found.match, isCorrectedOtherwise: true)
      }
      return inItsTerms(found, repairs) ?? wrong(found, relatives(of: found))
    }
    let all = earnest(compared.equal)
    // With its gradient clipped or decayed beforehand it is still that method.
    if let match = all.first(where: { accepted.union(looser).contains($0.name) }) {
      return right(match)
    }
    if isAscent { return ascent(all) }
    if let steady = schedule?.0, let found = climbing(steady, usual) { return climbs(found) }
    let repair = repairs.found(effort: 2, upTo: .choice).first { isBelievable($0, isNamed: true) }
    if let match = all.first {
      if let repair { return wrong(repair, all) }
      // What it is instead, and how it came to be that.
      let found = mistake(among: usual, upTo: .variation, search)
      return found.map { wrong($0, all) } ?? other(match)
    }
    let isWide = meant.contains(where: \.isWide) || meant.count > 1
    if !isWide, let found = mistake(among: usual, upTo: .variation, search) {
      return wrong(found, [])
    }
    if let repair { return wrong(repair) }
    if isWide { return unchecked() }
    // What follows a schedule has other numbers for that alone.
    return schedule == nil && isBuilt(like: accepted) ? other(nil) : unchecked()
  }

  /// A rule that climbs while its learning rate is held constant.
  private func climbing(_ steady: RuleDeclaration, _ usual: [KnownRule]) -> MistakeSearch.Found? {
    MistakeSearch(steady, isStopped)?.found(among: usual, upTo: .choice).first {
      $0.id == "sign" && isBelievable($0, isNamed: true)
    }
  }

  /// The same told in the text's own terms, where the lines of what was found are not the printed ones.
  private func inItsTerms(_ found: MistakeSearch.Found, _ repairs: RepairSearch) -> Finding? {
    let own = Set(rule.declaration.lines.map(\.name)).subtracting(rule.stateNames)
    let places = found.lines.places
    let leavesTerms = places.contains { place in
      !Set(place.printed.names).intersection(own).isSubset(of: place.meant.names)
    }
    // Another sign is no reason to write more.
    let grows =
      found.id.hasSuffix("sign")
      && places.contains { $0.meant.partCount > $0.printed.partCount }
    // What makes it climb is the sign in the parameter's own line.
    let isAside =
      found.id == "sign"
      && !places.contains { Rule.parameterNames.contains($0.name.canonical) }
    guard places.isEmpty || leavesTerms || grows || isAside else { return nil }
    let repair = repairs.found(effort: 2, upTo: .choice).first {
      isBelievable($0, isNamed: true) && (places.isEmpty || $0.id == found.id)
    }
    guard let repair else { return nil }
    guard places.isEmpty else { return wrong(repair, relatives(of: found)) }
    return wrong(repair, earnest(compared.equal))
  }

  /// What authors differ in where moments may be corrected or not; nobody corrects one twice.
  private static let corrections: Set<String> = ["no-correction", "extra-correction"]

  /// The known rule that a rule is, its hyperparameters matched by what they are for.
  func equal(_ known: [KnownRule], _ declaration: RuleDeclaration) -> (
    KnownRule, RoleMatch
  )? {
    guard let quick = QuickRule(declaration) else { return nil }
    let own = RoleValues(declaration)
    return KnownTable(known, own: own, isStopped).equal(quick, own.probing).first
  }

  /// The mistake that makes it none of these rules.
  private func mistake(
    among known: [KnownRule], upTo doubt: Mistake.Doubt, _ search: MistakeSearch?
  ) -> MistakeSearch.Found? {
    search?.found(among: known, upTo: doubt).first { isBelievable($0, isNamed: true) }
  }

  var search: MistakeSearch? {
    MistakeSearch(rule.declaration, given: given, isStopped)
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
      ? [] : earnest(compared.equal(to: names))
  }

  /// What the rule is instead, among those that are like what it was meant to be.
  private func relatives(of found: MistakeSearch.Found) -> [Identification.Match] {
    let family = found.known.name.prefix { $0 != "_" }
    return equal(
      Set(KnownRule.all.map(\.name).filter { $0.hasPrefix(family) } + ["gradient_descent"]))
  }

  /// States and lines that play no part in the parameter, averages of the parameter aside.
  var idle: [Name] {
    let idle = rule.declaration.idleNames
    return rule.stateNames.filter { name in
      guard idle.contains(name) else { return false }
      let isOfGradient = rule.declaration.body.contains { statement in
        guard case .assign(let line) = statement, line.name == name else { return false }
        return !line.value.names.contains { Rule.parameterNames.contains($0.canonical) }
      }
      return isOfGradient
    }
  }

  /// It stands in no printed line, or in lines that the parameter does not depend on: beside what is
  /// right by itself.
  func isBeside(_ found: MistakeSearch.Found) -> Bool {
    guard found.id != "unused-state" else { return false }
    let idle = rule.declaration.idleNames
    return found.lines.places.allSatisfy { idle.contains($0.name) }
  }

  func isBelievable(_ found: MistakeSearch.Found, isNamed: Bool) -> Bool {
    // Elsewhere than in the corrections the count is a convention.
    if found.id == "time-off-by-one", !found.isInPower { return false }
    return isBelievable(found.id, found.doubt, found.known, isNamed: isNamed)
  }

  func isBelievable(_ found: RepairSearch.Found, isNamed: Bool) -> Bool {
    if found.id == "time-off-by-one", !found.meant.hasPowerOfTime { return false }
    return isBelievable(found.id, found.doubt, found.known, isNamed: isNamed)
  }

  private func isBelievable(
    _ id: String, _ doubt: Mistake.Doubt, _ known: KnownRule, isNamed: Bool
  ) -> Bool {
    if id == "sign", goal == .large || goal == .both { return false }
    guard !isNamed else { return true }
    if id == "sign", known.states < 2, goal != .small { return false }
    // A rule without bias corrections, or with other moments, may well be meant so.
    return doubt == .slip || doubt == .odd && known.states > 1
  }
}
