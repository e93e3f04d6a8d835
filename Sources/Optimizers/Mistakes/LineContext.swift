// One line of a rule as a mistake is made in it: the line, its parts, and what is known of each name.

import Notation

package struct LineContext {
  let rule: RuleLines
  let index: Int
  let sites: [Site]
  /// Elements beside the one that is asked for, and the names that have such elements.
  let neighbours: [[Int]]
  let vectors: Set<Name>

  init(_ rule: RuleLines, _ index: Int, neighbours: [[Int]] = [], vectors: Set<Name> = []) {
    self.rule = rule
    self.index = index
    self.neighbours = neighbours
    self.vectors = vectors
    sites = Site.all(in: rule.lines[index].value)
  }

  var name: Name { rule.lines[index].name }
  var value: Expression { rule.lines[index].value }
  var isParameter: Bool { name == rule.parameter }
  var isState: Bool { rule.states.contains(name) }

  func role(_ name: Name) -> HyperRole? { rule.roles[name] }

  func name(_ expression: Expression, _ role: HyperRole) -> Bool {
    expression.name.map { rule.roles[$0] == role } ?? false
  }

  /// A hyperparameter that weighs: β, where the rule also has 1 - β, or a state's own decay.
  func isDecay(_ expression: Expression) -> Bool {
    guard let name = expression.name, rule.hyper.contains(name) else { return false }
    switch rule.roles[name] {
    case .firstDecay, .secondDecay: return true
    case .other, .constant:
      return rule.lines.contains { line in
        line.value.contains { $0.complemented?.name == name }
      }
    default: return false
    }
  }

  /// The decays of the rule, in the order they are declared.
  var decays: [Name] { rule.hyper.filter { isDecay(.of($0)) } }

  func isCorrection(_ expression: Expression) -> Bool {
    rule.isCorrection(expression, before: index)
  }

  /// A term that pulls the parameter towards 0: λ·w.
  func isWeightDecay(_ term: Expression) -> Bool {
    let factors = FactorList(term).above
    return factors.contains { name($0, .weightDecay) }
      && factors.contains { $0.name == rule.parameter }
  }

  /// Every change that a part allows, wherever it stands.
  func changes(_ make: (Site) -> [(Expression, String)]) -> [Change] {
    sites.flatMap { site in make(site).map { Change(site.put($0.0), $0.1) } }
  }
}

extension Expression {
  /// As a formula, for a sentence.
  var shown: String { text(.pretty) }
}
