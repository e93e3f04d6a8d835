// What a rule's parameter depends on, the hyperparameters on which it does not, whatever their values
// are, and whether it asks for signs.

import Notation

extension RuleDeclaration {
  /// Those that no line has, or only lines that lead nowhere; in the order of the declaration.
  package var idleHyperparameters: [Name] {
    let live = liveNames(and: .gradient)
    return parameters.map(\.name).filter { !live.contains($0) }
  }

  /// What the parameter depends on, and the conditions of branches and repetitions, and one more name.
  func liveNames(and other: Name? = nil) -> Set<Name> {
    var uses: [Name: Set<Name>] = [:]
    var live: Set<Name> = []
    var waiting = Set([other].compactMap { $0 })
    Rule.visit(body) { statement in
      switch statement {
      case .let(let line), .state(let line), .assign(let line):
        uses[line.name, default: []].formUnion(line.value.names)
        if Rule.parameterNames.contains(line.name.canonical) { waiting.insert(line.name) }
      case .when(let branches, _):
        for branch in branches { waiting.formUnion(branch.condition.names) }
      case .repeat(let count, _): waiting.formUnion(count.names)
      }
    }
    while let next = waiting.popFirst() {
      guard live.insert(next).inserted else { continue }
      waiting.formUnion(uses[next] ?? [])
    }
    return live
  }

  /// Whether its numbers may be the same as another's by chance, since it asks for signs.
  var asksSigns: Bool {
    var asks = false
    Rule.visit(body) { statement in
      guard let line = statement.line else { return }
      asks =
        asks
        || line.value.contains { part in
          guard case .call(let callee, _) = part.kind else { return false }
          return ["sign", "where"].contains(callee.path.first?.canonical ?? "")
        }
    }
    return asks
  }
}
