// What a mistake leaves of a line: some leave nothing that anybody would print on purpose, whatever
// else their kind may stand for.

import Notation

extension LineContext {
  /// Whether the line with a mistake has lost what it is there for: what comes of the gradient, the
  /// parameter or state that it goes on with, what is worked out for it alone, or all of a term but
  /// hyperparameters, as `w - lr`.
  func isBereft(by changed: Expression) -> Bool {
    let before = Set(value.names)
    let after = Set(changed.names)
    let isFed = !before.subtracting([name]).isDisjoint(with: rule.moved.union([.gradient]))
    if isFed, after.subtracting([name]).isDisjoint(with: rule.moved.union([.gradient])) {
      return true
    }
    if isParameter || isState, before.contains(name), !after.contains(name) { return true }
    if before.subtracting(after).contains(where: isReadHereAlone) { return true }
    return addsDead(changed) || negatesDead(changed)
  }

  /// What comes of the gradient: the gradient, states and lines that read it.
  private func isMoved(_ name: Name) -> Bool {
    name.canonical == "g" || rule.moved.contains(name)
  }

  /// A state, or what comes of the gradient, that serves nothing without this line.
  private func isReadHereAlone(_ name: Name) -> Bool {
    name != self.name && isMoved(name) && name.canonical != "g"
      && !rule.lines.indices.contains { place in
        place != index && rule.lines[place].name != name
          && rule.lines[place].value.names.contains(name)
      }
  }

  private func isAlive(_ expression: Expression) -> Bool {
    expression.names.contains {
      $0 == rule.parameter || rule.states.contains($0) || isMoved($0)
    } || expression.contains { $0.plainCall?.function == "grad" }
  }

  /// A term of hyperparameters and numbers beside others, where the line had none: β·m + (1 - β).
  private func addsDead(_ changed: Expression) -> Bool {
    var known = deadTerms(value)
    return deadTerms(changed).contains { term in
      guard let place = known.firstIndex(of: term) else { return true }
      known.remove(at: place)
      return false
    }
  }

  private func deadTerms(_ expression: Expression) -> [String] {
    var found: [String] = []
    func visit(_ part: Expression) {
      if part.isSum {
        let terms = TermList(part).terms
        if terms.contains(where: { isAlive($0.value) }) {
          found += terms.filter { !isAlive($0.value) }.map { $0.value.text(.ascii) }
        }
        for term in terms { visit(term.value) }
      } else {
        for child in part.children { visit(child) }
      }
    }
    visit(expression)
    return found
  }

  /// -β or -βᵗ as a factor: what is left of 1 - β without the 1.
  private func negatesDead(_ changed: Expression) -> Bool {
    func negations(_ expression: Expression) -> Int {
      var count = 0
      _ = expression.contains { part in
        guard case .binary(let operation, let a, let b) = part.kind,
          operation == .multiply || operation == .divide
        else { return false }
        for factor in [a, b] {
          if case .unary(.negate, let inner) = factor.kind, !inner.names.isEmpty, !isAlive(inner) {
            count += 1
          }
        }
        return false
      }
      return count
    }
    return negations(changed) > negations(value)
  }
}
