// Several steps of one update in displays of their own: the weights decayed first, then moved; a point
// ahead, then the step from there.
//
// A text may print two updates of one symbol side by side, too: they are one only where the later goes
// on from what the earlier made.

import Notation

extension SectionReader {
  /// The formulas from which a rule is put together: updates first, then points that are made from one
  /// another, y from x and x from y.
  var seeds: [Int] {
    let updates = entries.indices.filter { entries[$0].isUpdate }
    return updates.filter { !isBetween($0) } + entries.indices.filter(isInTurn)
      + updates.filter(isBetween)
  }

  /// Whether it makes θ′, from which another goes on to θ.
  private func isBetween(_ place: Int) -> Bool {
    let made = entries[place].made
    return !made.isEmpty && made.values.allSatisfy { $0 == .new }
      && made.keys.contains { reading[$0]?.contains { $0 != place } ?? false }
  }

  /// Whether what it makes by a gradient comes back to it by way of others.
  private func isInTurn(_ place: Int) -> Bool {
    let entry = entries[place]
    guard !entry.isUpdate, !entry.isWorked, !entry.isRule, entry.speaksOfGradient,
      !entry.defined.isEmpty
    else { return false }
    return closure(of: place, isStepwise: true).contains {
      $0 != place && !entries[$0].used.isDisjoint(with: entry.defined)
    }
  }

  /// A rule with the other steps of its updates; nil where they make none together.
  func withCompanions(_ seed: Int) -> (group: [Int], formula: ReadFormula)? {
    let group = closure(of: seed, isStepwise: true)
    guard group.count > closure(of: seed).count else { return nil }
    let together = read(group)
    return together.reading?.kind == .rule ? (group, together) : nil
  }

  /// The other steps of what an entry updates.
  func companions(of place: Int) -> [Int] {
    var found: Set<Int> = []
    for key in entries[place].made.keys {
      found.formUnion(before(place, key))
      found.formUnion(behind(place, key))
    }
    // θ′ is made on the way to θ.
    for key in entries[place].made.keys where entries[place].made[key] == .new {
      if let last = nearest(to: place, key, at: .none) { found.insert(last) }
    }
    for (key, times) in entries[place].read where times.contains(.new) {
      if let maker = nearest(to: place, key, at: .new) {
        found.insert(maker)
      }
    }
    return found.sorted()
  }

  /// The step from which this one goes on.
  private func before(_ place: Int, _ key: SymbolKey) -> [Int] {
    let entry = entries[place]
    guard let time = entry.made[key], entry.continued.contains(key) else { return [] }
    if case .step = time {
      return makers(of: key, near: place).last { $0 < place && entries[$0].made[key] == time }
        .map { [$0] } ?? []
    }
    // θ ← (1 - ηλ)θ is one where the gradient's step says nothing of λ by itself.
    guard time == .none, entry.formula.isDisplay,
      let last = makers(of: key, near: place).last(where: { $0 < place }),
      entries[last].formula.isDisplay, entries[last].made[key] == time,
      entries[last].read[key] == [time], shrinks(last, key),
      !entries[last].used.subtracting([key]).isSubset(of: entry.used)
    else { return [] }
    return [last]
  }

  /// The step without a gradient that goes on from this one.
  private func behind(_ place: Int, _ key: SymbolKey) -> [Int] {
    guard case .step? = entries[place].made[key] else { return [] }
    let time = entries[place].made[key]
    return makers(of: key, near: place).prefix { $0 < place || shrinks($0, key) }.filter { other in
      other > place && entries[other].made[key] == time && entries[other].continued.contains(key)
    }
  }

  /// It makes a symbol from itself and what no formula of the section makes.
  private func shrinks(_ place: Int, _ key: SymbolKey) -> Bool {
    let entry = entries[place]
    return entry.isUpdate && !entry.isRule && !entry.speaksOfGradient
      && entry.used.allSatisfy { $0 == key || definers[$0] == nil }
  }

  /// How many of a symbol's equations on each side are looked through.
  private static let near = 60

  /// The free entries round a place that make a symbol, in order.
  private func makers(of key: SymbolKey, near place: Int) -> [Int] {
    let all = definers[key] ?? []
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle] < place { low = middle + 1 } else { high = middle }
    }
    let range = max(0, low - SectionReader.near)..<min(all.count, low + SectionReader.near)
    return all[range].filter { $0 != place && !taken.contains($0) && !entries[$0].isWorked }
  }

  /// The nearest that makes a symbol at a time, before rather than behind.
  private func nearest(to place: Int, _ key: SymbolKey, at time: TimeMark) -> Int? {
    var primed = key
    primed.labels.append("prime")
    let keys = time == .new ? [key, primed] : [key]
    let found = keys.flatMap { makers(of: $0, near: place) }
      .filter { entries[$0].made[key] == time }.sorted()
    return found.last { $0 < place } ?? found.first { $0 > place }
  }
}
