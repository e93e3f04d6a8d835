// Known rules with one mistake each, looked up by the first step that they make: what is printed may be
// one of them, however its lines are cut and whatever its names are.
//
// The mistakes are those of `Mistakes`. Made when first needed and kept for the life of the process.

import Notation
import Synchronization

struct KnownMistake: Sendable {
  /// Its place among the rule's variants.
  let place: Int
  let mutant: Mutant
  /// The rule with the mistake and the hyperparameters that it still has.
  let declaration: RuleDeclaration
  let quick: QuickRule
}

/// The mistakes of one known rule after which its hyperparameters are for the same things.
///
/// What a hyperparameter is for is read off the lines with the mistake in them, as it is read off the
/// lines that are printed.
final class MistakeTable: Sendable {
  let roles: RoleValues
  let mistakes: [KnownMistake]

  private typealias Entry = (key: Double, place: Int)
  /// By the values of the hyperparameters: every mistake by the first number of its first step.
  private let firsts = Mutex<[[Double]: [Entry]]>([:])
  private static let cache = Mutex<[String: [MistakeTable]]>([:])

  private init(_ roles: RoleValues, _ mistakes: [KnownMistake]) {
    self.roles = roles
    self.mistakes = mistakes
  }

  /// Every mistake that can be made in a known rule.
  static func all(of known: KnownRule) -> [MistakeTable] {
    let key = known.name + (known.variant.map { " " + $0 } ?? "")
    if let made = cache.withLock({ $0[key] }) { return made }
    var groups: [(roles: RoleValues, mistakes: [KnownMistake])] = []
    var places: [[String]: Int] = [:]
    for (place, variant) in Mistakes.variants(of: known.rule).enumerated() {
      let declaration = variant.1.declaration.withoutUnwrittenHyperparameters
      guard let quick = QuickRule(declaration) else { continue }
      let roles = RoleValues(declaration)
      let mistake = KnownMistake(
        place: place, mutant: variant.0, declaration: declaration, quick: quick)
      let purposes = roles.names.map { "\($0.canonical) \((roles.roles[$0] ?? .other).rawValue)" }
      if let group = places[purposes] {
        groups[group].mistakes.append(mistake)
      } else {
        places[purposes] = groups.count
        groups.append((roles, [mistake]))
      }
    }
    let made = groups.map { MistakeTable($0.roles, $0.mistakes) }
    cache.withLock { $0[key] = made }
    return made
  }

  /// How many sets of values are kept; printed rules need few, since values go by what they are for.
  private static let most = 200

  /// The mistakes after whose first step the parameter is what it is here.
  func mistakes(firstStep: Lanes, _ values: [Name: Double]) -> [KnownMistake] {
    let own = roles.names.map { values[$0] ?? .nan }
    let entries = firsts.withLock { $0[own] } ?? made(own, values)
    let target = MistakeTable.key(firstStep)
    let slack = target.isFinite ? 2 * RunDistance.tolerance * max(1, abs(target)) : 0
    // The first that is not below.
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < target - slack { low = middle + 1 } else { high = middle }
    }
    return entries[low...].prefix { $0.key <= target + slack }.map(\.place).sorted()
      .map { mistakes[$0] }
  }

  private func made(_ own: [Double], _ values: [Name: Double]) -> [Entry] {
    let entries = mistakes.indices.map { place -> Entry in
      let first = mistakes[place].quick.run(values, .short) { _, _ in false }.first
      return (MistakeTable.key(first ?? Lanes(repeating: .nan)), place)
    }.sorted { ($0.key, $0.place) < ($1.key, $1.place) }
    guard !own.contains(where: \.isNaN) else { return entries }
    firsts.withLock { known in
      if known.count >= MistakeTable.most { known.removeAll() }
      known[own] = entries
    }
    return entries
  }

  /// What is no number comes last.
  private static func key(_ first: Lanes) -> Double { first.a.isNaN ? .infinity : first.a }
}
