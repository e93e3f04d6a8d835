// The one change that gives a rule the numbers of a known one, if there is one.
//
// Every repair is run for a few steps beside every known rule, its hyperparameters matched by what they
// are for; what agrees is run for 200 steps more. A repair that leaves a state without use explains
// nothing and is not taken.

import Notation

struct MistakeSearch {
  struct Found {
    var repairs: [Repair]
    var known: KnownRule
    var match: RoleMatch

    var doubt: Int { repairs.reduce(0) { $0 + $1.doubt } }
  }

  let declaration: RuleDeclaration
  private let roles: RoleValues
  private let values: [Name: Double]
  private let known: KnownTable
  private let all: [Repair]
  private let isStopped: Stopping

  init(_ declaration: RuleDeclaration, among known: [KnownRule], _ isStopped: Stopping = .never) {
    self.declaration = declaration
    self.isStopped = isStopped
    let repairs = Repairs(declaration)
    all = repairs.all()
    roles = repairs.roles
    values = roles.probing
    self.known = KnownTable(known, own: roles, isStopped)
  }

  /// The known rule that the rule itself is.
  func equal() -> (known: KnownRule, match: RoleMatch)? {
    guard let quick = QuickRule(declaration) else { return nil }
    return known.equal(quick, values).first
  }

  /// What one repair explains, the likeliest first.
  func single() -> [Found] {
    explained(all.map { [$0] })
  }

  /// What the same mistake made in two places explains.
  func pairs(of mistake: String) -> [Found] {
    let made = all.filter { $0.mistake == mistake && $0.place != nil }
      .prefix(MistakeSearch.pairLimit)
    var both: [[Repair]] = []
    for (index, one) in made.enumerated() {
      guard !isStopped(), let place = one.place else { continue }
      for var other in made[(index + 1)...] where other.place != place {
        var body = other.body
        body[place] = one.body[place]
        other.body = body
        both.append([one, other])
      }
      // Two moments of one line, each without its correction.
      guard mistake == "no-correction" else { continue }
      var changed = declaration
      changed.body = one.body
      both += Repairs(changed).all(at: place).filter { $0.mistake == mistake }.map { [one, $0] }
    }
    return explained(both)
  }

  private static let pairLimit = 60

  private func explained(_ candidates: [[Repair]]) -> [Found] {
    var found: [Found] = []
    for repairs in candidates {
      if isStopped() { break }
      guard let last = repairs.last, isSound(last.body) else { continue }
      var changed = declaration
      changed.body = last.body
      guard let quick = QuickRule(changed) else { continue }
      let states = RuleVerdict.states(changed)
      for (known, match) in known.equal(quick, values)
      where known.states == 0 ? states == 0 : abs(known.states - states) <= 1 {
        found.append(Found(repairs: repairs, known: known, match: match))
      }
    }
    return found.enumerated().sorted { a, b in
      let first = (a.element.doubt, a.element.match.effort, aside(a.element), a.offset)
      let second = (b.element.doubt, b.element.match.effort, aside(b.element), b.offset)
      return first < second
    }.map(\.element)
  }

  /// A sign that makes the rule climb is one of the parameter's own line.
  private func aside(_ found: Found) -> Int {
    found.repairs.contains {
      $0.mistake == "sign" && !Rule.parameterNames.contains($0.line.canonical)
    } ? 1 : 0
  }

  /// Nothing that the rule keeps is left without use.
  private func isSound(_ body: [RuleStatement]) -> Bool {
    let idle = Repairs.idle(body)
    for statement in body {
      if case .state(let state) = statement, idle.contains(state.name) { return false }
    }
    var used: Set<Name> = []
    for case let line? in body.map(\.line) where !idle.contains(line.name) {
      used.formUnion(line.value.names)
    }
    return roles.names.allSatisfy { used.contains($0) }
  }
}
