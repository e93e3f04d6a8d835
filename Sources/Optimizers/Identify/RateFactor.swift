// What a rule multiplies the parameter's change by: its learning rate, a schedule of t that is built
// into the rule, factors such as 1 - β.
//
// Only what depends on hyperparameters and t alone is counted; a rate inside a velocity is not seen.

import Notation

enum RateFactor {
  /// nil when the change has no single term, or no such factor.
  static func of(_ rule: PlainRule) -> Expression? {
    let parameter = rule.parameter
    let states = Set(rule.states.map(\.name))
    let lines = rule.lines
    guard let last = lines.lastIndex(where: { $0.name == parameter }) else { return nil }
    let hyper = Set(rule.rule.declaration.parameters.map(\.name))
    // Lines above that only rename or scale something, and are no state.
    var known: [Name: Expression] = [:]
    for line in lines[..<last] where !states.contains(line.name) && line.name != parameter {
      known[line.name] = line.value
    }
    func isNumber(_ expression: Expression, _ depth: Int = 0) -> Bool {
      guard depth < 8 else { return false }
      return expression.names.allSatisfy { name in
        if hyper.contains(name) || name.canonical == "t" { return true }
        return known[name].map { isNumber($0, depth + 1) } ?? false
      }
    }
    func written(_ expression: Expression, _ depth: Int = 0) -> Expression {
      guard depth < 8 else { return expression }
      return expression.replacing { part in
        guard case .name(let name) = part.kind, !hyper.contains(name), let value = known[name]
        else { return nil }
        return written(value, depth + 1)
      }
    }
    let terms = TermList(lines[last].value).terms.filter {
      if case .name(parameter) = $0.value.kind { false } else { true }
    }
    guard terms.count == 1 else { return nil }
    var above: [Expression] = []
    var below: [Expression] = []
    func take(_ term: Expression, _ inverse: Bool, _ depth: Int) {
      let factors = FactorList(term)
      for (factor, isBelow) in factors.above.map({ ($0, inverse) })
        + factors.below.map({ ($0, !inverse) })
      {
        if isNumber(factor) {
          if case .number(1, _) = factor.kind { continue }
          if isBelow { below.append(written(factor)) } else { above.append(written(factor)) }
        } else if depth < 8, case .name(let name) = factor.kind, let value = known[name],
          TermList(value).terms.count == 1
        {
          take(value, isBelow, depth + 1)
        }
      }
    }
    take(terms[0].value, false, 0)
    guard let top = Expression.product(above) ?? (below.isEmpty ? nil : .numbered(1)) else {
      return nil
    }
    let rate = Expression.product(below).map { Expression.of(.divide, top, $0) } ?? top
    if case .name = rate.kind { return nil }
    // A bias correction in the step size is no schedule of the rate.
    let isCorrection = rate.contains { part in
      if case .binary(.subtract, let one, let power) = part.kind, one.isNumber(1),
        case .binary(.power, _, let exponent) = power.kind
      {
        return exponent.names.contains { $0.canonical == "t" }
      }
      return false
    }
    return isCorrection ? nil : rate
  }
}
