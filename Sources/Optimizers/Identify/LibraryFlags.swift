// The ways in which the flags of a library's call can be settled: on, off, or left a free number.
//
// Nothing is compiled here; a `PlainRule` is made of each way.

import Notation

enum LibraryFlags {
  private static let limit = 24

  static func settings(of rule: Rule) -> [[(name: Name, value: Expression)]] {
    var result: [[(name: Name, value: Expression)]] = [[]]
    for parameter in flags(of: rule) {
      guard let usual = parameter.defaultValue else { continue }
      let others: [Expression?]
      switch usual.kind {
      // Maximising turns every sign round; which rule that is, is no question of its own.
      case _ where parameter.name.canonical == "maximize": others = []
      case .name(let name) where name.canonical == "false":
        others = [Expression(.name(Name(canonical: "true")), usual.span)]
      case .name(let name) where name.canonical == "true":
        others = [Expression(.name(Name(canonical: "false")), usual.span)]
      case .name(let name) where name.canonical == "none":
        others = isChoice(parameter.name, in: rule) ? [] : [nil]
      case .number: others = [nil]
      default: others = []
      }
      var next = result.map { $0 + [(parameter.name, usual)] }
      for other in others {
        // nil leaves the hyperparameter free.
        next += result.map { settings in other.map { settings + [(parameter.name, $0)] } ?? settings
        }
      }
      result = Array(next.prefix(limit))
    }
    return result
  }

  /// It is compared with words.
  private static func isChoice(_ name: Name, in rule: Rule) -> Bool {
    var found = false
    Rule.visit(rule.declaration.body) { statement in
      guard case .when(let branches, _) = statement else { return }
      for branch in branches where branch.condition.names.contains(name) {
        let hasWords = branch.condition.contains { part in
          if case .string = part.kind { true } else { false }
        }
        found = found || hasWords
      }
    }
    return found
  }

  /// How a rule runs as it is called without arguments.
  static func usual(of rule: Rule) -> [(name: Name, value: Expression)] {
    flags(of: rule).compactMap { parameter in parameter.defaultValue.map { (parameter.name, $0) } }
  }

  /// The hyperparameters that conditions ask about.
  private static func flags(of rule: Rule) -> [RuleDeclaration.Parameter] {
    var asked: Set<Name> = []
    Rule.visit(rule.declaration.body) { statement in
      guard case .when(let branches, _) = statement else { return }
      for branch in branches { asked.formUnion(branch.condition.names) }
    }
    return rule.declaration.parameters.filter { asked.contains($0.name) }
  }
}
