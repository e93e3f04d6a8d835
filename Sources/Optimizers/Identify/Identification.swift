// Which rule of the catalogue a rule is, by its numbers: names and letters play no part but in which
// hyperparameter answers to which.
//
// Every catalogue rule is run beside it on the same gradients, with hyperparameters that do the same
// (`HyperRoles`) set to the same values, β and 1 - β swapped and lr scaled by 1 - β where that helps.
// Equal means equal on every probe to 1e-9, zeros and tiny gradients included.

import Diagnostics
import Notation

package struct Identification: Sendable {
  package struct Match: Sendable {
    /// The catalogue's name.
    package var name: String
    /// Its hyperparameters in terms of the rule's: lr = α, beta = 1 - ρ.
    package var arguments: [(name: Name, value: String)]
    /// The largest difference over the probes, relative to max(1, |w|).
    package var distance: Double
    /// The first step and coordinate where they part; nil when they do not.
    package var parting: (step: Int, coordinate: Int, own: Double, other: Double)?

    package var isEqual: Bool { distance <= 1e-9 }
  }

  /// The best first; at least two where the catalogue has them.
  package var matches: [Match]

  package var best: Match? { matches.first }
}

extension Identification {
  /// Rules that are looked at: the catalogue's own, without blocks.
  private static func candidates() -> [(Rule, [Name: HyperRole])] {
    RuleLibrary.names.filter { !$0.contains(".") }.compactMap { name in
      guard let rule = try? RuleLibrary.rule(named: name), !rule.isStage else { return nil }
      let isPlain = rule.declaration.body.allSatisfy {
        switch $0 {
        case .when, .repeat: false
        default: true
        }
      }
      return isPlain ? (rule, roles(rule)) : nil
    }
  }

  /// What the hyperparameters of a rule do.
  static func roles(_ rule: Rule, given: [Name: HyperRole] = [:]) -> [Name: HyperRole] {
    var lines: [(name: Name, value: Expression)] = []
    var states: Set<Name> = []
    for statement in rule.declaration.body {
      switch statement {
      case .state(let line): states.insert(line.name)
      case .let(let line), .assign(let line): lines.append((line.name, line.value))
      case .when, .repeat: break
      }
    }
    let parameter =
      lines.last { Rule.parameterNames.contains($0.name.canonical) }?.name ?? Name(canonical: "w")
    return HyperRoles(
      lines: lines, states: states, parameter: parameter,
      hyper: Set(rule.declaration.parameters.map(\.name))
    ).roles(given: given)
  }

  /// Values that tell hyperparameters of different kinds apart.
  private static func value(_ role: HyperRole, _ place: Int) -> Double {
    switch role {
    case .learningRate: 0.07 + 0.02 * Double(place)
    case .firstDecay: 0.7 + 0.11 * Double(place)
    case .secondDecay: 0.85 + 0.08 * Double(place)
    case .epsilon: 0.003 * Double(place + 1)
    case .weightDecay: 0.2 + 0.1 * Double(place)
    case .constant, .other: 0.55 + 0.07 * Double(place)
    }
  }

  /// Compares a rule with every rule of the catalogue.
  /// - Parameter given: what some of its hyperparameters are for, in place of what its lines show.
  package static func of(_ rule: Rule, roles given: [Name: HyperRole] = [:]) -> Identification {
    let roles = Identification.roles(rule, given: given)
    let own = rule.declaration.parameters.map(\.name)
    var values: [Name: Double] = [:]
    var counts: [HyperRole: Int] = [:]
    for name in own {
      let role = roles[name] ?? .other
      values[name] = value(role, counts[role, default: 0])
      counts[role, default: 0] += 1
    }
    guard let probe = RuleProbe(rule) else { return Identification(matches: []) }
    let tape = ProbeTape.mixed(30)
    let mine = probe.run(values, tape)
    let short = ProbeTape.mixed(4)
    var found: [Match] = []
    for (candidate, itsRoles) in candidates() where candidate.name != rule.name {
      let search = HyperSearch(
        own: own, ownRoles: roles, values: values, literals: literals(rule), candidate: candidate,
        roles: itsRoles)
      guard let other = RuleProbe(candidate) else { continue }
      var best: Match?
      for attempt in search.attempts() {
        var match = Match(
          name: candidate.name,
          arguments: candidate.declaration.parameters.map {
            ($0.name, attempt.words[$0.name] ?? "")
          },
          distance: 0)
        // A few steps tell most apart.
        compare(mine, other.run(attempt.values, short), &match)
        if match.isEqual { compare(mine, other.run(attempt.values, tape), &match) }
        if best.map({ match.distance < $0.distance }) ?? true { best = match }
        if match.isEqual { break }
      }
      if let best { found.append(best) }
    }
    // Among equals the one that needs no other form of the hyperparameters comes first.
    func effort(_ match: Match) -> Int {
      match.arguments.count
        + 10 * match.arguments.count { argument in !own.contains { $0.pretty == argument.value } }
    }
    found.sort {
      let a = $0.isEqual ? 0 : $0.distance
      let b = $1.isEqual ? 0 : $1.distance
      return (a, effort($0), $0.name) < (b, effort($1), $1.name)
    }
    return Identification(matches: found)
  }

  private static func literals(_ rule: Rule) -> [Double] {
    var found: [Double] = []
    Rule.visit(rule.declaration.body) { statement in
      guard let line = statement.line else { return }
      _ = line.value.contains { part in
        if case .number(let value, _) = part.kind, value > 0, value < 1, !found.contains(value) {
          found.append(value)
        }
        return false
      }
    }
    return found
  }

  private static func compare(_ mine: [[Double]], _ its: [[Double]], _ match: inout Match) {
    for (step, (x, y)) in zip(mine, its).enumerated() {
      for (place, (a, b)) in zip(x, y).enumerated() {
        if a == b || (a.isNaN && b.isNaN) { continue }
        let apart = abs(a - b) / max(1, abs(a))
        let distance = apart.isFinite ? apart : .infinity
        match.distance = max(match.distance, distance)
        if distance > 1e-9, match.parting == nil { match.parting = (step + 1, place, a, b) }
      }
    }
  }
}
