// Known rules with one mistake each, ready to be run: what is printed may be one of them, however its
// lines are cut and whatever its names are.
//
// The mistakes are those of `Mistakes`. Made when first needed and kept for the life of the process.

import Notation
import Synchronization

struct KnownMistake: Sendable {
  /// Its place among the rule's variants.
  let place: Int
  let mutant: Mutant
  let quick: QuickRule

  private static let cache = Mutex<[String: [KnownMistake]]>([:])

  /// Every mistake that can be made in a known rule.
  static func all(in known: KnownRule) -> [KnownMistake] {
    let key = known.name + (known.variant.map { " " + $0 } ?? "")
    if let made = cache.withLock({ $0[key] }) { return made }
    let made = Mistakes.variants(of: known.rule).enumerated().compactMap { place, variant in
      QuickRule(variant.1).map { KnownMistake(place: place, mutant: variant.0, quick: $0) }
    }
    cache.withLock { $0[key] = made }
    return made
  }

  /// A known rule with a mistake that has the numbers of a printed one.
  struct Match {
    let known: KnownRule
    let mistake: KnownMistake
    let roles: RoleMatch
  }

  /// Ways to give the hyperparameters that are tried, the plainest.
  private static let ways = 12

  /// What has the printed rule's numbers for 200 steps: hyperparameters name for name before others,
  /// the first of the known rules, the mistake that is made most often.
  static func explanation(
    of declaration: RuleDeclaration, roles: RoleValues, among known: [KnownRule],
    _ isStopped: Stopping = .never
  ) -> Match? {
    guard let quick = QuickRule(declaration) else { return nil }
    let values = roles.probing
    let short = quick.run(values, .short)
    guard let first = short.first, short.contains(where: { !$0[0].isNaN }) else { return nil }
    var long: [Four]?
    var best: Match?
    for rule in known where !isStopped() {
      let matches = RoleMatch.all(from: roles, to: rule.roles).prefix(ways)
      for match in matches where match.effort < best?.roles.effort ?? .max {
        let theirs = match.values(values)
        for mistake in all(in: rule) {
          let run = mistake.quick.run(theirs, .short) { place, numbers in
            place > 0 || Four.agree(numbers, first)
          }
          guard Four.agree(run, short) else { continue }
          let own = long ?? quick.run(values, .long)
          long = own
          guard Four.agree(mistake.quick.run(theirs, .long), own) else { continue }
          best = Match(known: rule, mistake: mistake, roles: match)
          break
        }
      }
    }
    return best
  }
}

extension KnownMistake.Match {
  /// The mistake in the printed rule's hyperparameters: what is wrong, and the line as it is meant.
  var sentences: [String] {
    let (rule, mutant) = renamed ?? (known.rule, mistake.mutant)
    let lines = RuleLines(rule).lines
    var result = [mutant.says]
    for (place, expression) in mutant.changedLines where lines.indices.contains(place) {
      let name = lines[place].name.pretty
      result.append(
        "\(known.name) has \(name) = \(lines[place].value.text(.pretty)), "
          + "which is \(name) = \(expression.text(.pretty)) here")
    }
    return result
  }

  /// The known rule with the printed rule's hyperparameters; nil where names would meet.
  private var renamed: (Rule, Mutant)? {
    var names: [Name: Name] = [:]
    for (name, form) in roles.forms {
      if case .same(let other) = form { names[name] = other }
    }
    var declaration = known.rule.declaration
    let own = Set(declaration.parameters.map(\.name))
    let taken = Set(known.rule.names.map { Name(canonical: $0) }).subtracting(own)
    let new = own.map { names[$0] ?? $0 }
    guard Set(new).count == own.count, taken.isDisjoint(with: new) else { return nil }
    for place in declaration.parameters.indices {
      let name = declaration.parameters[place].name
      declaration.parameters[place].name = names[name] ?? name
    }
    declaration.body = declaration.body.map { statement in
      func changed(_ line: RuleStatement.Line) -> RuleStatement.Line {
        var line = line
        line.value = line.value.replacing { part in
          guard case .name(let name) = part.kind, let other = names[name] else { return nil }
          return Expression(.name(other), part.span)
        }
        return line
      }
      switch statement {
      case .let(let line): return .let(changed(line))
      case .state(let line): return .state(changed(line))
      case .assign(let line): return .assign(changed(line))
      case .when, .repeat: return statement
      }
    }
    guard let rule = try? Rule(declaration) else { return nil }
    let variants = Mistakes.variants(of: rule)
    guard variants.indices.contains(mistake.place),
      variants[mistake.place].0.mistake == mistake.mutant.mistake,
      variants[mistake.place].0.line == mistake.mutant.line
    else { return nil }
    return (rule, variants[mistake.place].0)
  }
}

extension Four {
  /// The same to 1e-9, both without a number included.
  static func agree(_ a: Four, _ b: Four) -> Bool {
    for lane in 0..<4 {
      let (x, y) = (a[lane], b[lane])
      if x == y || x.isNaN && y.isNaN { continue }
      guard abs(x - y) <= 1e-9 * max(1, abs(x)) else { return false }
    }
    return true
  }

  static func agree(_ a: [Four], _ b: [Four]) -> Bool {
    a.count == b.count && Swift.zip(a, b).allSatisfy { agree($0, $1) }
  }
}
