// Known rules with every way to give their hyperparameters, and their first steps: what a rule is
// looked up in.
//
// The first step sifts, seven steps follow, and 200 confirm. Later steps are worked out when they are
// needed and kept.

import Notation

final class KnownTable {
  private struct Entry {
    let known: KnownRule
    let match: RoleMatch
    let values: [Name: Double]
    let first: QuickRule.Numbers
    var steps: [QuickRule.Numbers]?
  }

  private var entries: [Entry] = []
  /// With constants of the size of t, and with limits that are far away.
  private let others: [(values: [Name: Double], tape: QuickTape)]

  init(_ known: [KnownRule], own: RoleValues, _ isStopped: Stopping = .never) {
    others = [(own.probingLate, QuickTape.middle), (own.probingUnlimited, .unlimited)]
      .compactMap { values, tape in values.map { ($0, tape) } }
    let values = own.probing
    for rule in known where !isStopped() {
      for match in RoleMatch.all(from: own, to: rule.roles) {
        let theirs = match.values(values)
        let run = rule.quick.run(theirs, .short) { _, _ in false }
        guard let first = run.first else { continue }
        entries.append(Entry(known: rule, match: match, values: theirs, first: first))
      }
    }
  }

  /// What has a rule's numbers for 200 steps, one way for each known rule, the plainest first.
  func equal(_ quick: QuickRule, _ values: [Name: Double]) -> [(KnownRule, RoleMatch)] {
    guard let first = quick.run(values, .short, while: { _, _ in false }).first else { return [] }
    var mine: [QuickRule.Numbers]?
    var long: [QuickRule.Numbers]?
    var mineOtherwise: [[QuickRule.Numbers]]?
    var best: [(known: KnownRule, match: RoleMatch)] = []
    for place in entries.indices
    where Lanes.agree(first, entries[place].first) {
      let entry = entries[place]
      if best.contains(where: {
        $0.known.name == entry.known.name && $0.known.variant == entry.known.variant
          && $0.match.effort <= entry.match.effort
      }) {
        continue
      }
      let own = mine ?? quick.run(values, .short)
      mine = own
      let steps = entry.steps ?? entry.known.quick.run(entry.values, .short)
      entries[place].steps = steps
      guard Lanes.agree(own, steps) else { continue }
      let mineLong = long ?? quick.run(values, .long)
      long = mineLong
      let theirs = entry.known.quick.run(entry.values, .long)
      guard Lanes.agree(mineLong, theirs) else { continue }
      guard
        !quick.asksSigns
          || Lanes.agree(
            quick.run(values, .scattered), entry.known.quick.run(entry.values, .scattered))
      else { continue }
      let runs = mineOtherwise ?? others.map { quick.run($0.values, $0.tape) }
      mineOtherwise = runs
      guard
        zip(others, runs).allSatisfy({ other, mine in
          Lanes.agree(
            mine, entry.known.quick.run(entry.match.values(other.values), other.tape))
        })
      else { continue }
      // What stands still is the same as everything at rest.
      let start = QuickTape.mixed(1).start
      guard (mineLong + runs.joined()).contains(where: { !Lanes.agree($0, start) }) else {
        continue
      }
      best.append((entry.known, entry.match))
    }
    return best.sorted {
      ($0.match.effort, $0.known.variant == nil ? 0 : 1, $0.known.name)
        < ($1.match.effort, $1.known.variant == nil ? 0 : 1, $1.known.name)
    }.map { ($0.known, $0.match) }
  }
}
