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
  private let own: RoleValues

  init(_ known: [KnownRule], own: RoleValues, _ isStopped: Stopping = .never) {
    self.own = own
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
    var best: [(known: KnownRule, match: RoleMatch)] = []
    for place in entries.indices
    where isSame(first, entries[place].first) {
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
      guard zip(own, steps).allSatisfy({ isSame($0, $1) }) else { continue }
      let mineLong = long ?? quick.run(values, .long)
      long = mineLong
      let theirs = entry.known.quick.run(entry.values, .long)
      guard zip(mineLong, theirs).allSatisfy({ isSame($0, $1) }) else { continue }
      let late = self.own.probingLate.map { ($0, quick.run($0, .middle)) }
      if let (values, mineLate) = late {
        let theirs = entry.known.quick.run(entry.match.values(values), .middle)
        let sober = mineLate.prefix { step in (0..<4).allSatisfy { abs(step[$0]) < 1e6 } }
        guard zip(sober, theirs).allSatisfy({ isSame($0, $1) }) else { continue }
      }
      // What stands still is the same as everything at rest.
      let start = QuickTape.mixed(1).start
      guard (mineLong + (late?.1 ?? [])).contains(where: { !isSame($0, start) }) else { continue }
      best.append((entry.known, entry.match))
    }
    return best.sorted {
      ($0.match.effort, $0.known.variant == nil ? 0 : 1, $0.known.name)
        < ($1.match.effort, $1.known.variant == nil ? 0 : 1, $1.known.name)
    }.map { ($0.known, $0.match) }
  }

  /// The known rule whose first steps are nearest.
  func nearest(_ quick: QuickRule, _ values: [Name: Double]) -> (KnownRule, RoleMatch)? {
    let mine = quick.run(values, .short)
    var best: (place: Int, distance: Double)?
    for place in entries.indices {
      let steps =
        entries[place].steps
        ?? entries[place].known.quick.run(
          entries[place].values, .short)
      var distance = 0.0
      for (a, b) in zip(mine, steps) {
        for lane in 0..<4 {
          let apart = abs(a[lane] - b[lane])
          distance += apart.isFinite ? apart / (apart + 0.1) : 2
        }
      }
      distance += 1e-3 * Double(entries[place].match.effort)
      if best.map({ distance < $0.distance }) ?? true { best = (place, distance) }
    }
    return best.map { (entries[$0.place].known, entries[$0.place].match) }
  }

  private func isSame(_ a: QuickRule.Numbers, _ b: QuickRule.Numbers) -> Bool {
    for lane in 0..<4 {
      let (x, y) = (a[lane], b[lane])
      if x == y || x.isNaN && y.isNaN { continue }
      guard abs(x - y) <= 1e-9 * max(1, abs(x)) else { return false }
    }
    return true
  }
}
