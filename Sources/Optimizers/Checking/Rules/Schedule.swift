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
    let rates: Set<HyperRole> = [.learningRate, .constant, .other]
    let steps = Steps(declaration, roles)
    var rate: Expression?
    func isTimely(_ part: Expression) -> Bool {
      let names = part.names
      return names.contains(.time)
        && names.allSatisfy {
          $0 == .time || $0.canonical == "pi"
            || hyper.contains($0) && rates.contains(roles.role($0))
        }
        && !part.contains { inner in
          if case .binary(.power, let base, let exponent) = inner.kind {
            return exponent.names.contains(.time) && !base.names.isEmpty
          }
          return false
        }
    }
    /// What moves the parameter with its rate held; where the parameter itself is multiplied, that is no
    /// rate.
    func steadySum(_ part: Expression) -> Expression {
      if case .binary(let operation, let a, let b) = part.kind, part.isSum {
        return Expression(.binary(operation, steadySum(a), steadySum(b)), part.span)
      }
      return steps.isStep(part) ? steady(part) : part
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
      let size = factors.first ?? .number(1)
      return isNeverPositive(part) ? .negated(size) : size
    }
    /// A line that only steps are multiplied by.
    func isRate(_ line: RuleStatement.Line) -> Bool {
      guard isTimely(line.value) else { return false }
      return line.value.names.contains { roles.role($0) == .learningRate }
        || declaration.lines.allSatisfy {
          !$0.value.names.contains(line.name)
            || Rule.parameterNames.contains($0.name.canonical)
              && TermList($0.value).terms.allSatisfy {
                !$0.value.names.contains(line.name) || steps.isStep($0.value)
              }
        }
    }
    var result = declaration
    result.body = declaration.body.map { statement in
      guard case .assign(var line) = statement else { return statement }
      let isRate = isRate(line)
      guard isRate || Rule.parameterNames.contains(line.name.canonical) else { return statement }
      line.value = isRate ? held(line.value) : steadySum(line.value)
      return .assign(line)
    }
    guard let rate else { return nil }
    // What only the schedule needed is no hyperparameter of the rule any more.
    var used: Set<Name> = []
    for case let line? in result.body.map(\.line) { used.formUnion(line.value.names) }
    result.parameters.removeAll { !used.contains($0.name) }
    return (result, rate)
  }

  /// Whether a rate is 0 or less at the first steps, whatever positive its constants are.
  static func isNeverPositive(_ rate: Expression) -> Bool {
    let names = rate.names.filter { $0 != .time && $0.canonical != "pi" }
    let (large, small) = (1000.0, 0.001)
    func isPositive(_ value: (Name) -> Double) -> Bool {
      [1.0, 2, 5].contains { step in
        let number = ScalarFormula.value(of: rate) { name in
          name == .time ? step : name.canonical == "pi" ? .pi : value(name)
        }
        return number.map { !($0 <= 0) } ?? true
      }
    }
    return !isPositive { _ in large } && !isPositive { _ in small }
      && names.allSatisfy { one in !isPositive { $0 == one ? large : small } }
  }

  /// Which terms move the parameter, or let it decay.
  private struct Steps {
    private let moved: Set<Name>
    /// The parameter, and what it was before.
    private let parameters: Set<Name>
    private let weights: Set<Name>

    init(_ declaration: RuleDeclaration, _ roles: RoleValues) {
      let lines = declaration.lines
      let parameters = Set(
        lines.map(\.name).filter { Rule.parameterNames.contains($0.canonical) })
      moved =
        RuleLines(
          lines: lines, states: declaration.stateNames,
          parameter: parameters.first ?? Name(canonical: "w"), hyper: roles.names
        ).moved.union([.gradient])
      self.parameters = parameters.union(
        lines.filter { line in line.value.name.map(parameters.contains) ?? false }.map(\.name))
      weights = Set(roles.names(.weightDecay))
    }

    func isStep(_ term: Expression) -> Bool {
      let names = term.names
      let isMoved =
        names.contains(where: moved.contains) || names.contains(where: weights.contains)
        || term.contains { $0.plainCall?.function == "grad" }
      return isMoved && !holdsParameter(term)
    }

    /// The parameter as it is, with nothing that lets it decay.
    private func holdsParameter(_ part: Expression) -> Bool {
      if part.isSum { return TermList(part).terms.contains { holdsParameter($0.value) } }
      let factors = FactorList(part)
      let all = factors.above + factors.below
      if part.names.contains(where: weights.contains) { return false }
      guard all.count > 1 else {
        if case .unary(_, let inner) = part.kind { return holdsParameter(inner) }
        return part.name.map(parameters.contains) ?? false
      }
      return all.contains(where: holdsParameter)
    }
  }
}
