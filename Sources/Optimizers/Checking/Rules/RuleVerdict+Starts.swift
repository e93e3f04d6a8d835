// Known rules whose states start elsewhere than at 0, where a text says nothing of a start: FISTA's t₁ = 1.

import Diagnostics
import Notation

extension RuleVerdict {
  /// The rule that it is with the start that the known one has, and that must be added.
  func started(_ accepted: Set<String>) -> Finding? {
    guard let assumed = reading?.rule?.assumed, !assumed.isEmpty else { return nil }
    let states = rule.stateNames.filter(assumed.contains).prefix(RuleVerdict.mostStarts)
    for start in RuleVerdict.starts(of: accepted) {
      for state in states where !isStopped() {
        let declaration = rule.declaration.starting(state, at: start)
        guard let other = try? Rule(declaration) else { continue }
        let compared = ComparedRule(other, given: given, isStopped: isStopped)
        guard let match = compared.equal(to: accepted).first(where: isEarnest) else { continue }
        var finding = right(match)
        finding.details.append(
          "with \(symbol(of: state)) = \(NumberFormat.text(start)) at the start, which is not printed and has"
            + " to be added")
        return finding
      }
    }
    return nil
  }

  /// As the text has it, where that is a name that no rule may give.
  private func symbol(of state: Name) -> String {
    let name = state.canonical
    return name.hasSuffix("_value") ? String(name.dropLast("_value".count)) : state.pretty
  }

  private static let mostStarts = 4

  /// The numbers other than 0 at which these rules start.
  private static func starts(of names: Set<String>) -> [Double] {
    var found: [Double] = []
    for name in names.sorted() {
      for statement in (try? RuleLibrary.rule(named: name))?.declaration.body ?? [] {
        guard case .state(let line) = statement, case .number(let value, _) = line.value.kind,
          value != 0, !found.contains(value)
        else { continue }
        found.append(value)
      }
    }
    return found
  }
}

extension RuleDeclaration {
  fileprivate func starting(_ state: Name, at value: Double) -> RuleDeclaration {
    var copy = self
    copy.body = body.map { statement in
      guard case .state(var line) = statement, line.name == state else { return statement }
      line.value = .numbered(value)
      return .state(line)
    }
    return copy
  }
}
