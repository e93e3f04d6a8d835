// The order in which the lines of a text run.
//
// As written, if that is possible: what a line needs of this step has been assigned above it. Else the
// text is no program but a system of equations, and they run in the order of what depends on what.

import Diagnostics
import Notation

struct LineOrder {
  /// The lines in the order they run.
  var lines: [TranslatedLine]
  /// Whether that is the order written, where a name without a step is its value so far.
  var isProgram: Bool

  /// - Parameters:
  ///   - now: the newest step of each variable, where it has one.
  ///   - parameter: read without a step, it is the value before the update.
  init(
    _ written: [TranslatedLine], now: [Int: Int], keys: [SymbolKey], parameter: Int,
    given: Set<Int>,
    hasWhere: Bool
  ) throws(Diagnostic) {
    let assigned = Set(written.map(\.key))
    if !hasWhere || LineOrder.isRepeated(written),
      LineOrder.runsAsWritten(written, now: now, assigned: assigned, given: given)
    {
      lines = written
      isProgram = true
      return
    }
    isProgram = false
    lines = try LineOrder.sorted(
      written, now: now, assigned: assigned, keys: keys, parameter: parameter, given: given)
  }

  private static func isRepeated(_ lines: [TranslatedLine]) -> Bool {
    Set(lines.map(\.key)).count < lines.count
  }

  private static func runsAsWritten(
    _ lines: [TranslatedLine], now: [Int: Int], assigned: Set<Int>, given: Set<Int>
  ) -> Bool {
    var done = given
    let lasting = Set(
      lines.filter { line in
        line.value.references.contains { reference, _ in
          reference.key == line.key && (reference.time == .none || isOld(reference, now))
        }
      }.map(\.key))
    for line in lines {
      for (reference, _) in line.value.references where assigned.contains(reference.key) {
        switch reference.time {
        case .step(let step):
          if step >= now[reference.key] ?? step, !done.contains(reference.key) { return false }
        case .none:
          if reference.key != line.key, !done.contains(reference.key),
            !lasting.contains(reference.key)
          {
            return false
          }
        default: break
        }
      }
      done.insert(line.key)
    }
    return true
  }

  private static func isOld(_ reference: Reference, _ now: [Int: Int]) -> Bool {
    if case .step(let step) = reference.time, let now = now[reference.key] { return step < now }
    return false
  }

  private static func sorted(
    _ lines: [TranslatedLine], now: [Int: Int], assigned: Set<Int>, keys: [SymbolKey],
    parameter: Int, given: Set<Int>
  ) throws(Diagnostic) -> [TranslatedLine] {
    var waiting = Array(lines.indices)
    var result: [TranslatedLine] = []
    func needs(_ place: Int) -> Set<Int> {
      let line = lines[place]
      var keys: Set<Int> = []
      for (reference, _) in line.value.references where assigned.contains(reference.key) {
        if reference.key == line.key, given.contains(line.key) { continue }
        switch reference.time {
        case .step(let step) where step >= now[reference.key] ?? step: keys.insert(reference.key)
        case .none where reference.key != line.key && reference.key != parameter:
          keys.insert(reference.key)
        default: break
        }
      }
      return keys
    }
    let needed = lines.indices.map(needs)
    /// Whether a line needs itself, through others of those waiting.
    func leadsBack(_ place: Int, _ waiting: [Int]) -> Bool {
      var seen: Set<Int> = []
      var next = Array(needed[place])
      while let key = next.popLast() {
        if key == lines[place].key { return true }
        guard seen.insert(key).inserted else { continue }
        for other in waiting where lines[other].key == key { next += needed[other] }
      }
      return false
    }
    while !waiting.isEmpty {
      let open = Set(waiting.map { lines[$0].key })
      let ready = waiting.filter { place in
        needed[place].isDisjoint(with: open)
          && !waiting.contains { $0 < place && lines[$0].key == lines[place].key }
      }
      guard !ready.isEmpty else {
        let circle = waiting.filter { leadsBack($0, waiting) }
        let first = circle.first ?? waiting[0]
        let names = circle.prefix(4).map { Name(canonical: keys[lines[$0].key].plainName).pretty }
        throw .reading(
          "circle",
          names.count == 1
            ? "\(names[0]) is defined by itself at the same step"
            : "these define one another at the same step: " + names.joined(separator: ", "),
          lines[first].span, help: "on the right, a state stands one step before")
      }
      // One that writes over nothing which the others still read.
      let chosen =
        ready.first { place in
          !waiting.contains { other in
            other != place
              && lines[other].value.references.contains { reference, _ in
                reference.key == lines[place].key
                  && (isOld(reference, now)
                    || reference.key == parameter && reference.time == .none)
              }
          }
        } ?? ready[0]
      result.append(lines[chosen])
      waiting.removeAll { $0 == chosen }
    }
    return result
  }
}
