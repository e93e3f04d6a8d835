// A rule with its learning rate held constant: factors that change with t alone, such as 1/√t, left out.
//
// Bias corrections, which have a decay to the power of t, are no schedule and stay; nor is what makes a
// decay change with t, as in NAdam.

import Diagnostics
import Notation

enum Schedule {
  /// The rule without its schedule, and the rate as printed; nil when it has none.
  static func steady(_ declaration: RuleDeclaration) -> (RuleDeclaration, Expression)? {
    let hyper = Set(declaration.parameters.map(\.name))
    let roles = RoleValues(declaration)
    let decays = Set(roles.names([.firstDecay, .secondDecay]))
    var rate: Expression?
    func isTimely(_ part: Expression) -> Bool {
      let names = part.names
      return names.contains(.time)
        && names.allSatisfy { hyper.contains($0) && !decays.contains($0) || $0 == .time }
        && !part.contains { inner in
          if case .binary(.power, let base, let exponent) = inner.kind {
            return exponent.names.contains(.time) && !base.names.isEmpty
          }
          return false
        }
    }
    /// The factors of a product that stay; nil where none does.
    func steady(_ part: Expression) -> Expression {
      switch part.kind {
      case .binary(.multiply, let a, let b):
        if isTimely(part) { return held(part) }
        return Expression(.binary(.multiply, steady(a), steady(b)), part.span)
      case .binary(.divide, let a, let b):
        if isTimely(part) { return held(part) }
        if isTimely(b) {
          if rate == nil { rate = part }
          return steady(a)
        }
        return Expression(.binary(.divide, steady(a), b), part.span)
      case .binary(let operation, let a, let b) where operation == .add || operation == .subtract:
        return Expression(.binary(operation, steady(a), steady(b)), part.span)
      case .unary(.negate, let inner): return Expression(.unary(.negate, steady(inner)), part.span)
      case .unary(.squareRoot, _), .call: return isTimely(part) ? held(part) : part
      case .name(.time): return held(part)
      default: return part
      }
    }
    /// α/√t as α, 1/√t as 1.
    func held(_ part: Expression) -> Expression {
      if rate == nil { rate = part }
      let factors = FactorList(part).above.filter { factor in
        if case .name(let name) = factor.kind { return hyper.contains(name) }
        return false
      }
      return factors.first ?? .number(1)
    }
    /// A line that only steps are multiplied by.
    func isRate(_ line: RuleStatement.Line) -> Bool {
      guard isTimely(line.value) else { return false }
      return line.value.names.contains { roles.role($0) == .learningRate }
        || !declaration.lines.contains {
          !Rule.parameterNames.contains($0.name.canonical) && $0.value.names.contains(line.name)
        }
    }
    var result = declaration
    result.body = declaration.body.map { statement in
      guard case .assign(var line) = statement else { return statement }
      let isRate = isRate(line)
      guard isRate || Rule.parameterNames.contains(line.name.canonical) else { return statement }
      line.value = isRate ? held(line.value) : steady(line.value)
      return .assign(line)
    }
    guard let rate else { return nil }
    // What only the schedule needed is no hyperparameter of the rule any more.
    var used: Set<Name> = []
    for case let line? in result.body.map(\.line) { used.formUnion(line.value.names) }
    result.parameters.removeAll { !used.contains($0.name) }
    return (result, rate)
  }
}
