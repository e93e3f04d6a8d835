// What of a rule's lines and hyperparameters plays a part in the parameter.

import Notation

extension RuleDeclaration {
  /// The lines that give a name a value, in the order they stand; those of branches and repetitions
  /// left out.
  var lines: [RuleLines.Line] {
    body.compactMap { statement in
      if case .assign(let line) = statement { (line.name, line.value) } else { nil }
    }
  }

  var stateNames: Set<Name> {
    Set(
      body.compactMap { statement in
        if case .state(let line) = statement { line.name } else { nil }
      })
  }

  /// States and lines that the parameter does not depend on.
  var idleNames: Set<Name> {
    Set(body.compactMap { $0.line?.name }).subtracting(liveNames())
  }

  /// Without hyperparameters that no line has.
  var withoutUnwrittenHyperparameters: RuleDeclaration {
    var used: Set<Name> = []
    Rule.visit(body) { statement in
      if let line = statement.line { used.formUnion(line.value.names) }
    }
    var result = self
    result.parameters.removeAll { !used.contains($0.name) }
    return result
  }
}

extension Name {
  static let time = Name(canonical: "t")
  static let gradient = Name(canonical: "g")
}
