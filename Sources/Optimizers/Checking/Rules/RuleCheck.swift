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
  package static func finding(
    for rule: Rule, reading: FormulaReading?, meant: [NamedMethod], words: String = ""
  ) -> Finding {
    RuleVerdict(rule, reading, meant, words).finding()
  }
}

/// One rule being judged.
struct RuleVerdict {
  let rule: Rule
  let reading: FormulaReading?
  let meant: [NamedMethod]
  let goal: Goal
  let roles: RoleValues
  let identification: Identification

  init(_ rule: Rule, _ reading: FormulaReading?, _ meant: [NamedMethod], _ words: String) {
    self.rule = rule
    self.reading = reading
    self.meant = meant
    let given = reading?.rule?.said ?? [:]
    roles = RoleValues(rule.declaration, given: given)
    identification = Identification.of(rule, roles: given)
    let text = reading?.rule?.declaration.span.text ?? ""
    goal = Goal(words + " " + text)
  }

  func finding() -> Finding {
    let equal = identification.matches.filter { $0.isEqual }
    if meant.isEmpty { return unnamed(equal) }
    return named(equal)
  }

  // MARK: With a name

  private func named(_ equal: [Identification.Match]) -> Finding {
    let accepted = Set(meant.flatMap(\.rules))
    let looser = Set(meant.flatMap(\.looser))
    let search = MistakeSearch(rule.declaration, among: KnownRule.named(Array(accepted)))
    if let match = equal.first(where: { accepted.contains($0.name) }) {
      return doubtful(match) ?? right(match)
    }
    if let (known, match) = search.equal() { return right(known, match) }
    if let match = equal.first(where: { looser.contains($0.name) }), idle.isEmpty {
      return right(match)
    }
    if meant.contains(where: { $0.id == "gradient-ascent" }) { return ascent(equal) }
    if let found = explained(search) { return wrong(found, equal) }
    if let match = equal.first { return other(match, search) }
    if meant.contains(where: \.isWide) || meant.count > 1 { return unchecked() }
    return other(nil, search)
  }

  /// What names this method's rules and one or two mistakes.
  private func explained(_ search: MistakeSearch) -> MistakeSearch.Found? {
    let single = search.single().filter { isBelievable($0, isNamed: true) }
    if let found = single.first { return found }
    return search.pairs(of: ["no-correction"]).first
      ?? search.pairs(of: ["time-off-by-one", "beta1-for-beta2", "beta2-for-beta1"]).first
  }

  // MARK: Without a name

  private func unnamed(_ equal: [Identification.Match]) -> Finding {
    if let match = equal.first, idle.isEmpty { return doubtful(match) ?? right(match) }
    let search = MistakeSearch(rule.declaration, among: nearby)
    if idle.isEmpty, let (known, match) = search.equal() { return right(known, match) }
    let found = search.single().first { isBelievable($0, isNamed: false) }
    if let found { return wrong(found, equal) }
    if let match = equal.first { return right(match) }
    return unchecked()
  }

  /// Known rules that keep about as much from step to step.
  private var nearby: [KnownRule] {
    let count = rule.stateNames.count
    return KnownRule.all.filter { abs($0.states - count) <= 1 && $0.states > 0 }
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
    if mistakes.contains("sign"), goal == .large { return false }
    if isNamed { return found.doubt <= 3 }
    // A rule without bias corrections, or that climbs, may well be meant so.
    if mistakes.contains("no-correction") || mistakes.contains("lookahead-left-out") {
      return false
    }
    if mistakes.contains("sign"), found.known.states < 2, goal != .small { return false }
    return found.doubt == 0 || found.doubt == 1 && found.known.states > 1
  }

  // MARK: Equal, and yet

  /// It has a rule's numbers only if a decay means the opposite of what the text says.
  private func doubtful(_ match: Identification.Match) -> Finding? {
    for (name, role) in reading?.rule?.roles ?? [] where role == .constant {
      guard
        match.arguments.contains(where: { $0.value == "1 - \(name.pretty)" }),
        let given = rule.declaration.parameters.first(where: { $0.name == name })?.defaultValue,
        case .number(let value, _) = given.kind, value > 0.5
      else { continue }
      let search = MistakeSearch(
        rule.declaration, among: KnownRule.all.filter { $0.name == match.name })
      guard
        let found = search.single().first(where: {
          $0.repairs[0].mistake == "swapped-weights" && $0.match.effort == 0
        })
      else { continue }
      return wrong(found, [])
    }
    return nil
  }
}

/// Whether the words near a formula say that something is to be made small or large.
enum Goal {
  case small, large, unsaid

  init(_ words: String) {
    let text = words.lowercased()
    let up = [
      "ascent", "ascend", "maximi", "reward", "likelihood", "return", "policy", "上升", "最大", "奖励",
      "anstieg", "maximier", "belohnung", "likelihood", "montée", "ascenso", "recompens",
    ]
    let down = [
      "minimi", "descen", "loss", "cost", "下降", "最小", "损失", "abstieg", "verlust", "error",
    ]
    if up.contains(where: { text.contains($0) }) {
      self = .large
    } else {
      self = down.contains(where: { text.contains($0) }) ? .small : .unsaid
    }
  }
}
