// The verdict on a rule that nothing names: what it is, or the one mistake that makes it none.

import Diagnostics
import Notation

extension RuleVerdict {
  func unnamed(_ equal: [Identification.Match]) -> Finding {
    if let match = equal.first, idle.isEmpty { return doubtful(match) ?? right(match) }
    let repairs = RepairSearch(rule, nearby, roles, isStopped)
    if idle.isEmpty, let (known, match) = repairs.equal(), holdsAsDeclared(known, match) {
      return right(known, match)
    }
    if let (steady, rate) = Schedule.steady(rule.declaration),
      let (known, match) = self.equal(nearby, steady)
    {
      return right(known, match, rate: rate)
    }
    func mistake(among known: [KnownRule]) -> MistakeSearch.Found? {
      search?.found(among: known, upTo: .odd, effort: 2)
        .first { isBelievable($0, isNamed: false) && (equal.isEmpty || !isBeside($0)) }
    }
    // The other forms of the rules are asked for only where none of the rules explains it: to make
    // the mistakes of all takes time.
    let found =
      mistake(among: nearby.filter { $0.variant == nil })
      ?? mistake(among: nearby.filter { $0.variant != nil })
    if let found { return wrong(found, equal) }
    if idle.isEmpty,
      let found = repairs.found(effort: 0, upTo: .odd).first(where: {
        isBelievable($0, isNamed: false)
      })
    {
      return wrong(found)
    }
    if let match = equal.first { return right(match) }
    return unchecked()
  }

  /// Known rules that keep about as much from step to step.
  private var nearby: [KnownRule] {
    let count = rule.stateNames.count
    return KnownRule.all.filter {
      abs($0.states - count) <= 1 && $0.states > 0 && !$0.hasIdle
    }
  }
}
