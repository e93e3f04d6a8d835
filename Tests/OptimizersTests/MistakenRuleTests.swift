// Every rule of the catalogue with every mistake in it: called wrong under its name, and the mistake that
// is named is the one that was made, or one that gives the same numbers. Without a name it is never
// taken for the rule that it was.
//
// All of them take long in a debug build: every so-manieth is tried, more of them when
// DESCENT_MISTAKES says how many; then what was found is printed as well. DESCENT_MISTAKES_IN names the
// rules that they are made in.

import Foundation
import Notation
import Testing

@testable import Optimizers

@Suite struct MistakenRuleTests {
  struct Case: Sendable {
    var known: KnownRule
    var mutant: Mutant
    /// As a person prints it: hyperparameters that no line has any more are gone.
    var rule: Rule
    var meant: [NamedMethod]
  }

  /// The rules that a heading can name, with the mistakes that change their numbers.
  static let all: [Case] = KnownRule.all.filter { $0.variant == nil }.flatMap { known -> [Case] in
    if let rules, !rules.contains(known.name) { return [] }
    let meant = NamedMethod.catalogue.filter { $0.rules.contains(known.name) }.prefix(1)
    guard !meant.isEmpty else { return [] }
    return Mistakes.variants(of: known.rule).compactMap { mutant, rule in
      let declaration = rule.declaration.withoutUnwrittenHyperparameters
      guard let rule = try? Rule(declaration), QuickRule(declaration) != nil else { return nil }
      return Case(known: known, mutant: mutant, rule: rule, meant: Array(meant))
    }
  }

  static let wanted = ProcessInfo.processInfo.environment["DESCENT_MISTAKES"].flatMap { Int($0) }
  static let rules = ProcessInfo.processInfo.environment["DESCENT_MISTAKES_IN"]?
    .split(separator: ",").map(String.init)
  static var isPrinted: Bool { wanted != nil }

  /// Every so-manieth, so that about `count` remain.
  static func sample(_ count: Int) -> [Case] {
    let stride = max(1, all.count / max(1, wanted ?? count))
    return Swift.stride(from: stride / 2, to: all.count, by: stride).map { all[$0] }
  }

  static func text(_ one: Case, _ finding: Finding) -> Comment {
    let lines = one.rule.declaration.lines
    let changed = one.mutant.changedLines.map { _, value in value.text(.pretty) }
    return Comment(
      rawValue: "\(one.known.name) \(one.mutant.mistake): \(one.mutant.says)\n    "
        + changed.joined(separator: "; ") + " in \(lines.count) lines\n"
        + RuleCheckTests.text(finding))
  }

  /// How the mistakes fared.
  struct Tally: CustomStringConvertible {
    var exact = 0
    /// Another mistake that has the same numbers was named.
    var equal = 0
    /// It has the numbers of the rule without it, or of another form of the method.
    var unseen = 0
    /// It was called by the name of another rule, whose numbers it has.
    var other = 0
    /// It was called wrong, and nothing said why.
    var bare = 0
    /// It was left unchecked.
    var unchecked = 0

    var description: String {
      "\(exact) exact, \(equal) by an equal one, \(unseen) without effect, \(other) as another rule, "
        + "\(bare) without a reason, \(unchecked) unchecked"
    }
  }

  /// Whether two rules have the same numbers, by what runs rules and not by what looks them up: with
  /// the second one's hyperparameters as these forms, or in any way that a text can mean them.
  static func agree(_ one: Rule, _ other: Rule, _ forms: [Name: Notation.Expression] = [:]) -> Bool
  {
    let own = RoleValues(one.declaration)
    let theirs = RoleValues(other.declaration)
    guard let first = RuleProbe(one), let second = RuleProbe(other) else { return false }
    func run(_ probe: RuleProbe, _ values: [Name: Double]) -> [Lanes] {
      probe.run(values, .given(60)).map { Lanes($0) }
    }
    let values = own.probing
    let numbers = run(first, values)
    var ways = RoleMatch.all(from: own, to: theirs).map { $0.values(values) }
    if !forms.isEmpty {
      let given = forms.compactMapValues { ScalarFormula.value(of: $0) { values[$0] } }
      let off = Dictionary(theirs.names.map { ($0, 0.0) }) { a, _ in a }
      ways.insert(theirs.defaults.merging(given) { $1 }, at: 0)
      ways.insert(off.merging(given) { $1 }, at: 0)
    }
    return ways.contains { Lanes.agree(numbers, run(second, $0)) }
  }

  /// Whether the named mistake, made in the rule that it is said of, has the numbers of what is printed,
  /// or its opposite, made in what is printed, those of the rule.
  static func explains(_ finding: Finding, _ one: Case) -> Bool {
    guard let name = finding.reference, let id = finding.mistake else { return false }
    let lines = RuleLines(one.rule)
    let repaired = lines.lines.indices.flatMap { place in
      Mistakes.mutants(ofLine: place, in: lines)
        .filter { Mistakes.opposites[$0.mistake] == id }
        .compactMap { one.rule.with($0, lines) }
    }
    return KnownRule.named([name]).contains { known in
      Mistakes.variants(of: known.rule).contains { mutant, variant in
        guard mutant.mistake == id,
          let rule = try? Rule(variant.declaration.withoutUnwrittenHyperparameters)
        else { return false }
        return agree(one.rule, rule)
      } || repaired.contains { agree($0, known.rule) }
    }
  }

  /// Whether the rule that it is called right as has its numbers.
  static func hasNumbers(_ finding: Finding, _ one: Case) -> Bool {
    guard let name = finding.reference else { return false }
    if finding.headline.hasSuffix("with other bias corrections") {
      // Each moment is corrected once or not at all.
      return KnownRule.named([name]).contains { known in
        Mistakes.variants(of: known.rule).contains { mutant, variant in
          guard ["no-correction", "extra-correction"].contains(mutant.mistake),
            let rule = try? Rule(variant.declaration.withoutUnwrittenHyperparameters)
          else { return false }
          return agree(one.rule, rule)
        }
      }
    }
    var forms: [Name: Notation.Expression] = [:]
    if let call = try? expression(String(finding.headline.drop { !$0.isLetter })),
      case .call(_, let arguments) = call.kind
    {
      for argument in arguments { if let label = argument.label { forms[label] = argument.value } }
    }
    let known = KnownRule.named([name]).map(\.rule)
    // As texts print it, too.
    let printed = KnownForms.all.filter { $0.name == name }.compactMap(KnownForms.rule)
    return (known + printed).contains { agree(one.rule, $0, forms) }
  }

  @Test func namesTheMistakeThatWasMade() {
    if Self.rules == nil { #expect(Self.all.count > 3000) }
    var tally = Tally()
    let cases = Self.sample(120)
    for one in cases {
      let finding = RuleCheck.finding(for: one.rule, reading: nil, meant: one.meant)
      let note = Self.text(one, finding)
      switch finding.verdict {
      case .right:
        // Another form of the method, or a mistake without effect.
        let names = one.meant.flatMap { $0.rules + $0.looser } + ["gradient_descent"]
        #expect(finding.reference.map(names.contains) ?? false, note)
        let hasNumbers = Self.hasNumbers(finding, one)
        #expect(hasNumbers, note)
        tally.unseen += 1
      case .unchecked: tally.unchecked += 1
      case .wrong where finding.mistake == one.mutant.mistake: tally.exact += 1
      case .wrong where finding.mistake != nil:
        let isExplained = Self.explains(finding, one)
        #expect(isExplained, note)
        tally.equal += 1
      case .wrong where finding.details.first?.hasPrefix("= ") ?? false: tally.other += 1
      case .wrong: tally.bare += 1
      }
      if Self.isPrinted, finding.mistake != one.mutant.mistake { print(note) }
    }
    let seen = cases.count - tally.unseen - tally.other
    #expect((tally.exact + tally.equal) * 100 > seen * 90, "\(cases.count): \(tally)")
    #expect(tally.exact * 100 > seen * 70, "\(cases.count): \(tally)")
    if Self.isPrinted { print("\(cases.count) mistakes under a heading: \(tally)") }
  }

  @Test func isNotTakenForTheRuleWithoutAName() {
    var tally = Tally()
    let cases = Self.sample(24)
    for one in cases {
      let finding = RuleCheck.finding(for: one.rule, reading: nil, meant: [])
      let note = Self.text(one, finding)
      switch finding.verdict {
      case .unchecked: tally.unchecked += 1
      case .right where finding.reference == one.known.name:
        // With other hyperparameters, or in a form that texts print, it is another rule.
        let forms = ["ε inside the root"] + KnownForms.all.map(\.says)
        let isOther = !Self.isPlain(finding) || forms.contains(where: finding.details.contains)
        #expect(isOther || Self.hasNoEffect(one), note)
        tally.unseen += 1
      case .right:
        let hasNumbers = Self.hasNumbers(finding, one)
        #expect(hasNumbers, note)
        tally.other += 1
      case .wrong where finding.mistake == one.mutant.mistake: tally.exact += 1
      case .wrong where finding.mistake == nil:
        #expect(finding.details.contains { $0.contains("step 1 divides by zero") }, note)
        tally.bare += 1
      case .wrong:
        let isExplained = Self.explains(finding, one)
        #expect(isExplained, note)
        tally.equal += 1
      }
      if Self.isPrinted, finding.verdict == .wrong, finding.mistake != one.mutant.mistake {
        print(note)
      }
    }
    if Self.isPrinted { print("\(cases.count) mistakes without a name: \(tally)") }
  }

  /// As a learning rate within a sign.
  private static func hasNoEffect(_ one: Case) -> Bool {
    guard let quick = QuickRule(one.rule) else { return false }
    let roles = one.known.roles
    return [roles.defaults, roles.probing].allSatisfy {
      Lanes.agree(one.known.quick.run($0, .long), quick.run($0, .long))
    }
  }

  /// `= adam(lr=lr, beta1=β₁, …)`: every hyperparameter is itself.
  private static func isPlain(_ finding: Finding) -> Bool {
    let arguments = finding.headline.split(separator: "(", maxSplits: 1).last ?? ""
    return arguments.split(separator: ",").allSatisfy { argument in
      let sides = argument.filter { $0 != ")" && $0 != " " }.split(separator: "=")
      guard sides.count == 2 else { return false }
      return Name(canonical: String(sides[0])).pretty == String(sides[1])
    }
  }

  @Test func everyExplanationHasSentences() {
    var explained = 0
    let cases = Self.sample(30)
    for one in cases {
      guard let search = MistakeSearch(one.rule.declaration),
        let found = search.found(among: [one.known]).first
      else { continue }
      #expect(!found.lines.says.isEmpty && !found.lines.says.hasSuffix("."))
      let places = found.lines.places
      #expect(!places.isEmpty || !found.lines.comparison.isEmpty, "\(one.known.name) \(found.id)")
      explained += 1
    }
    #expect(explained * 10 > cases.count * 8, "\(explained) of \(cases.count)")
  }
}
