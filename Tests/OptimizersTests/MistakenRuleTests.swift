// Every rule of the catalogue with every mistake in one of its lines: called wrong under its name, and
// the mistake named is the one that was made, or one that explains the same numbers.

import Diagnostics
import Notation
import Testing

@testable import Optimizers

@Suite struct MistakenRuleTests {
  struct Case: Sendable {
    var known: KnownRule
    var mistake: KnownMistake
    var rule: Rule
  }

  /// Rules of methods that have one form, with the mistakes that change their numbers.
  static let cases: [Case] = KnownRule.all.filter { known in
    known.variant == nil
      && NamedMethod.catalogue.contains { $0.rules.contains(known.name) && !$0.isWide }
  }.flatMap { known in
    let variants = Mistakes.variants(of: known.rule)
    return KnownMistake.all(in: known).map {
      Case(known: known, mistake: $0, rule: variants[$0.place].1)
    }
  }

  /// Of some thousand, as many as take a few seconds.
  static let sample = 40

  @Test func namesTheMistakeThatWasMade() {
    #expect(Self.cases.count > 1000)
    let stride = max(1, Self.cases.count / Self.sample)
    var exact = 0
    var count = 0
    for place in Swift.stride(from: 7, to: Self.cases.count, by: stride) {
      let one = Self.cases[place]
      let meant = NamedMethod.catalogue.filter { $0.rules.contains(one.known.name) && !$0.isWide }
      let finding = RuleCheck.finding(for: one.rule, reading: nil, meant: meant)
      let note = Comment(
        rawValue: "\(one.known.name) \(one.mistake.mutant.mistake): \(one.mistake.mutant.says)\n"
          + RuleCheckTests.text(finding))
      count += 1
      if finding.verdict == .right {
        // The mistake makes it another rule that goes by the name, or the same rule again.
        #expect(finding.reference.map { meant.flatMap(\.rules).contains($0) } ?? false, note)
        exact += 1
        continue
      }
      #expect(finding.verdict == .wrong, note)
      // The numbers of another rule of the catalogue are called that.
      let isOther = finding.details.first?.hasPrefix("= ") ?? false
      #expect(finding.mistake != nil || isOther, note)
      if finding.mistake == one.mistake.mutant.mistake || explains(finding, one) || isOther {
        exact += 1
      }
    }
    #expect(exact * 10 >= count * 9, "\(exact) of \(count)")
  }

  /// Another mistake in the rule, or in one that goes by the name, that has the same numbers.
  private func explains(_ finding: Finding, _ one: Case) -> Bool {
    guard let quick = QuickRule(one.rule) else { return false }
    let values = RoleValues(one.rule.declaration).probing
    let numbers = quick.run(values, .short)
    return KnownRule.inOrder([one.known.name, finding.reference ?? ""]).contains { known in
      KnownMistake.all(in: known).contains { other in
        other.mutant.mistake == finding.mistake
          && RoleMatch.all(from: RoleValues(one.rule.declaration), to: known.roles).contains {
            Four.agree(other.quick.run($0.values(values), .short), numbers)
          }
      }
    }
  }

  @Test func everyMistakeHasSentences() {
    for place in Swift.stride(from: 0, to: Self.cases.count, by: 97) {
      let one = Self.cases[place]
      let roles = RoleValues(one.rule.declaration)
      guard
        let found = KnownMistake.explanation(
          of: one.rule.declaration, roles: roles, among: [one.known])
      else { continue }
      #expect(found.sentences.count >= 2)
      #expect(found.sentences.allSatisfy { !$0.isEmpty && !$0.contains("@") })
    }
  }
}
