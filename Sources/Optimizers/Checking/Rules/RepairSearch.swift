// The mistake in a printed rule that is told by putting it right: one part of one printed line is another,
// and a known rule comes out.
//
// It finds what a look-up among the known rules' mistakes cannot: a minimum for a maximum where the text
// also says where it starts, which is nothing to the maximum, or a name in the place of another in lines
// that are cut as no known rule's are. What is printed and what is meant are both in the text's terms.

import Notation

struct RepairSearch {
  /// A line that has to be another for the rule to be a known one.
  struct Found {
    let known: KnownRule
    let match: RoleMatch
    /// The mistake's identifier.
    let id: String
    let doubt: Mistake.Doubt
    /// A clause that says what is wrong.
    let says: String
    let name: Name
    let printed: Expression
    let meant: Expression
  }

  private let rule: Rule
  private let table: KnownTable
  private let values: [Name: Double]
  private let isStopped: Stopping

  init(_ rule: Rule, _ known: [KnownRule], _ own: RoleValues, _ isStopped: Stopping) {
    self.rule = rule
    self.isStopped = isStopped
    table = KnownTable(known, own: own, isStopped)
    values = own.probing
  }

  /// The known rule that the rule itself is.
  func equal() -> (KnownRule, RoleMatch)? {
    QuickRule(rule).flatMap { table.equal($0, values).first }
  }

  /// No known rule has nearly as many hyperparameters or lines.
  private static let mostHyperparameters = 16
  private static let mostLines = 40
  /// How many parts of formulas are gone through: every line that is looked over, and the whole rule for
  /// each way to put it right.
  private static let mostParts = 150_000

  /// - Parameters:
  ///   - effort: how far from name for name the hyperparameters may be: 1 where a learning rate or a
  ///     weight decay is not printed, 2 where a decay does not stand beside a state.
  ///   - most: what is doubted more than this is not looked for.
  func found(effort: Int, upTo most: Mistake.Doubt) -> [Found] {
    let lines = RuleLines(rule)
    guard lines.hyper.count <= RepairSearch.mostHyperparameters,
      lines.lines.count <= RepairSearch.mostLines
    else { return [] }
    let idle = rule.declaration.idleNames
    let size = lines.lines.reduce(1) { $0 + $1.value.partCount }
    var left = RepairSearch.mostParts
    var found: [Found] = []
    /// False when no more is to be tried.
    func attempt(_ repair: Repair) -> Bool {
      left -= size
      guard left > 0, !isStopped() else { return false }
      let place = repair.mutant.line
      guard repair.doubt <= most else { return true }
      let declaration = rule.declaration(with: repair.mutant, lines, starting: repair.state)
      // The numbers tell long before all that a rule has to obey is looked at.
      guard let quick = QuickRule(declaration),
        let (known, match) = table.equal(quick, values).first, match.effort <= effort,
        // What is worked out for nothing then was for something.
        declaration.idleNames.isSubset(of: idle),
        let other = try? Rule(declaration)
      else { return true }
      found.append(
        Found(
          known: known, match: match, id: repair.id, doubt: repair.doubt,
          says: sentence(other, repair) ?? repair.says, name: lines.lines[place].name,
          printed: lines.lines[place].value, meant: repair.mutant.expression))
      return true
    }
    for place in lines.lines.indices {
      left -= lines.lines[place].value.partCount * RepairSearch.perPart
      guard left > 0, !isStopped() else { break }
      guard opposites(lines, place).allSatisfy(attempt) else { break }
    }
    if most >= .choice, names(lines, attempt) { lookaheads(lines, attempt) }
    func rank(_ place: Int) -> [Int] {
      let one = found[place]
      // A sign that makes the rule climb is one of the parameter's own line.
      let isAside = one.id == "sign" && one.name != lines.parameter
      return [one.match.effort, one.doubt.rawValue, isAside ? 1 : 0, place]
    }
    return found.indices.map { ($0, rank($0)) }
      .sorted { $0.1.lexicographicallyPrecedes($1.1) }.map { found[$0.0] }
  }

  /// The mistake in the words in which it is told where it is made.
  private func sentence(_ right: Rule, _ repair: Repair) -> String? {
    let lines = RuleLines(right)
    guard let place = lines.lines.indices.last(where: { lines.lines[$0].name == repair.name })
    else { return nil }
    return Mistakes.mutants(ofLine: place, in: lines).first { mutant in
      guard mutant.mistake == repair.id else { return false }
      var sieve = FormulaSieve(repair.printed)
      return !sieve.isNew(mutant.expression)
    }?.says
  }

  // MARK: What may be another

  private struct Repair {
    /// The printed line put right.
    let mutant: Mutant
    /// The mistake that is put right.
    let id: String
    let doubt: Mistake.Doubt
    let says: String
    let name: Name
    let printed: Expression
    /// What has to be kept from step to step for it.
    var state: Name?
  }

  private func repair(
    _ lines: RuleLines, _ place: Int, _ meant: Expression, _ id: String, _ doubt: Mistake.Doubt,
    _ says: String, state: Name? = nil
  ) -> Repair {
    Repair(
      mutant: Mutant(mistake: id, says: says, line: place, expression: meant, habit: nil),
      id: id, doubt: doubt, says: says, name: lines.lines[place].name,
      printed: lines.lines[place].value, state: state)
  }

  /// How many mistakes a part of a line has, at most and about.
  private static let perPart = 20

  /// A mistake that is another one's opposite.
  private func opposites(_ lines: RuleLines, _ place: Int) -> [Repair] {
    Mistakes.mutants(ofLine: place, in: lines).compactMap { mutant in
      guard let id = Mistakes.opposites[mutant.mistake],
        let mistake = Mistakes.catalogue.first(where: { $0.id == id })
      else { return nil }
      return repair(lines, place, mutant.expression, id, mistake.doubt, mistake.title)
    }
  }

  /// One name for another: c for g, x for y. False when there is no more to be tried.
  private func names(_ lines: RuleLines, _ attempt: (Repair) -> Bool) -> Bool {
    for (place, line) in lines.lines.enumerated() where !lines.keepsOnly(place) {
      let before = lines.lines[..<place].map(\.name)
      let older = lines.olderSelves(of: line.name)
      for wrong in line.value.names where !lines.hyper.contains(wrong) && wrong != .time {
        // An average of nothing that was before is none.
        if older.contains(wrong) { continue }
        var seen: Set<Name> = [wrong]
        for right in [.gradient] + before + [line.name] where seen.insert(right).inserted {
          let isOwn = right == line.name && !before.contains(right)
          // A state's own older self is there already, and the parameter's.
          if isOwn, lines.states.contains(right) || right == lines.parameter { continue }
          // What is kept from step to step adds to what it was.
          if isOwn, !line.value.isSum { continue }
          if line.name == lines.parameter, wrong == lines.parameter, right == .gradient { continue }
          let mistake = RepairSearch.mistake(wrong, right, lines, place)
          func isTried(_ meant: Expression) -> Bool {
            attempt(
              repair(
                lines, place, meant, mistake.id, .choice, mistake.says, state: isOwn ? right : nil))
          }
          guard isTried(line.value.replacing(wrong, by: .of(right))) else { return false }
          let sites = Site.all(in: line.value).filter { $0.part.name == wrong }
          guard sites.count > 1 else { continue }
          for site in sites {
            guard isTried(site.put(.of(right))) else { return false }
          }
        }
      }
    }
    return true
  }

  private static func mistake(
    _ wrong: Name, _ right: Name, _ lines: RuleLines, _ place: Int
  ) -> (id: String, says: String) {
    let says = "\(wrong.pretty) is taken for \(right == .gradient ? "the gradient" : right.pretty)"
    if wrong == .gradient {
      return (
        lines.states.contains(right) ? "gradient-for-moment" : "gradient-for-intermediate",
        "the gradient is taken for \(right.pretty)"
      )
    }
    if right == .gradient {
      return (
        lines.states.contains(wrong) ? "moment-for-gradient" : "intermediate-for-gradient", says
      )
    }
    return (wrong == lines.parameter ? "parameter-for-lookahead" : "other-moment", says)
  }

  /// The gradient at the parameter, where it is to be that at a point ahead.
  private func lookaheads(_ lines: RuleLines, _ attempt: (Repair) -> Bool) {
    for (place, line) in lines.lines.enumerated() where line.value.names.contains(.gradient) {
      var points = lines.lines[..<place].filter {
        $0.name != lines.parameter && $0.value.names.contains(lines.parameter)
          && $0.value.isSum
      }.map { Expression.of($0.name) }
      let terms = TermList(line.value).terms
      let rest = terms.filter { !$0.value.names.contains(.gradient) }
      if line.name == lines.parameter, rest.count > 1, rest.count < terms.count {
        points.append(.sum(rest))
      }
      for point in points {
        let meant = line.value.replacing(.gradient, by: .call("grad", [point]))
        guard
          attempt(
            repair(
              lines, place, meant, "lookahead-left-out", .choice,
              "the gradient is taken at \(lines.parameter.pretty), not at \(point.shown)"))
        else { return }
      }
    }
  }
}

extension RuleLines {
  /// Its line only keeps what another name is: m_old = m.
  fileprivate func keepsOnly(_ place: Int) -> Bool {
    let (name, value) = lines[place]
    return name != parameter && value.name.map(givenNames.contains) ?? false
  }

  /// What a state was before: itself, and the names that keep it.
  fileprivate func olderSelves(of name: Name) -> Set<Name> {
    guard states.contains(name) else { return [] }
    return Set(lines.filter { $0.value.name == name }.map(\.name)).union([name])
  }
}
