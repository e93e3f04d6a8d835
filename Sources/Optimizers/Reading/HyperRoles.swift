// What each hyperparameter does, by where it stands in the lines, and the value it has unless given.
//
// The learning rate is the outermost factor of the parameter's change; a decay multiplies a state's
// older self; ε is added in a denominator; weight decay multiplies the parameter. Letters are asked
// last.

import Notation

struct HyperRoles {
  let lines: [(name: Name, value: Expression)]
  let states: Set<Name>
  let parameter: Name
  private let hyper: Set<Name>
  /// The names whose value comes from the gradient.
  private let moved: Set<Name>

  init(
    lines: [(name: Name, value: Expression)], states: Set<Name>, parameter: Name, hyper: Set<Name>
  ) {
    self.lines = lines
    self.states = states
    self.parameter = parameter
    self.hyper = hyper
    moved = HyperRoles.moved(lines, parameter)
  }

  /// - Parameter given: what a person says that some of them are; structure decides the rest.
  func roles(given: [Name: HyperRole] = [:]) -> [Name: HyperRole] {
    var roles = given.filter { hyper.contains($0.key) }
    // What a state says of its decay comes before what an intermediate makes of it.
    for line in lines.filter({ states.contains($0.name) })
      + lines.filter({ !states.contains($0.name) })
    {
      for (name, role) in decays(line, roles) where roles[name] == nil { roles[name] = role }
    }
    for line in lines {
      findAdded(line.value, inDenominator: false, &roles)
      if line.value.contains({ $0.isIdentity }) { findDamping(line.value, &roles) }
    }
    if !roles.values.contains(.learningRate), let rate = learningRate(excluding: Set(roles.keys)) {
      roles[rate] = .learningRate
    }
    for line in lines { findWeightDecay(line.value, &roles) }
    for name in hyper where roles[name] == nil { roles[name] = .other }
    return roles
  }

  private func isHyper(_ expression: Expression) -> Name? {
    if case .name(let name) = expression.kind, hyper.contains(name) { return name }
    return nil
  }

  private func names(_ expression: Expression) -> Set<Name> { Set(expression.names) }

  // MARK: Decay

  private func decays(
    _ line: (name: Name, value: Expression), _ known: [Name: HyperRole]
  ) -> [(Name, HyperRole)] {
    var found: [(Name, HyperRole)] = []
    let squares = holdsSquare(line.value)
    func visit(_ expression: Expression) {
      for term in TermList(expression).terms {
        let factors = FactorList(term.value)
        // A state's own older self, or in an intermediate such as Lion's any state.
        let isState = states.contains(line.name)
        let hasState = factors.above.contains {
          guard line.name != parameter, case .name(let name) = $0.kind else { return false }
          return name != parameter && (isState ? name == line.name : states.contains(name))
        }
        // θ - ηβv: beside a decay that is known, the other factor is a rate.
        let hasDecay =
          !isState
          && factors.above.contains {
            isHyper($0).map { known[$0] == .firstDecay || known[$0] == .secondDecay } ?? false
          }
        if hasDecay { continue }
        for factor in factors.above {
          if hasState, let name = isHyper(factor) {
            found.append((name, squares ? .secondDecay : .firstDecay))
          }
          if hasState, case .binary(.subtract, let one, let other) = factor.kind,
            case .number(1, _) = one.kind, let name = isHyper(other)
          {
            found.append((name, squares ? .secondDecay : .firstDecay))
          }
          if case .call(let callee, let arguments) = factor.kind,
            ["max", "where", "min"].contains(callee.path.first?.canonical ?? "")
          {
            for argument in arguments { visit(argument.value) }
          }
        }
      }
    }
    visit(line.value)
    return found
  }

  private func holdsSquare(_ value: Expression) -> Bool {
    value.contains { part in
      switch part.kind {
      case .binary(.power, _, let exponent):
        if case .number(2, _) = exponent.kind { return true }
        return false
      case .binary(.multiply, _, _):
        let factors = FactorList(part).above
        return factors.indices.contains { place in
          factors[..<place].contains { other in
            if case .number = other.kind { return false }
            return other.isSame(as: factors[place])
          }
        }
      case .call(let callee, _): return callee.path.first?.canonical == "abs"
      default: return false
      }
    }
  }

  // MARK: ε

  private func findAdded(
    _ expression: Expression, inDenominator: Bool, _ roles: inout [Name: HyperRole]
  ) {
    let terms = TermList(expression).terms
    if terms.count > 1 {
      let others = terms.filter { isHyper($0.value) == nil }
      for term in terms {
        guard let name = isHyper(term.value), roles[name] == nil, !term.isNegative else { continue }
        let besideRoot = others.contains { other in
          other.value.contains { if case .unary(.squareRoot, _) = $0.kind { true } else { false } }
        }
        if inDenominator || besideRoot, !others.isEmpty { roles[name] = .epsilon }
      }
    }
    switch expression.kind {
    case .binary(.divide, let a, let b):
      findAdded(a, inDenominator: inDenominator, &roles)
      findAdded(b, inDenominator: true, &roles)
    case .unary(.squareRoot, let inner): findAdded(inner, inDenominator: true, &roles)
    case .binary(.power, let base, let exponent):
      let isInverse: Bool
      if case .unary(.negate, _) = exponent.kind { isInverse = true } else { isInverse = false }
      findAdded(base, inDenominator: inDenominator || isInverse, &roles)
    case .call(let callee, let arguments):
      let isMaximum = callee.path.first?.canonical == "max"
      for argument in arguments {
        findAdded(argument.value, inDenominator: inDenominator || isMaximum, &roles)
      }
    default:
      for child in expression.children { findAdded(child, inDenominator: inDenominator, &roles) }
    }
  }

  // MARK: Damping

  /// λ of a Hessian's λI: no rate, whatever its letter.
  private func findDamping(_ expression: Expression, _ roles: inout [Name: HyperRole]) {
    let factors = FactorList(expression).above
    if factors.contains(where: \.isIdentity) {
      for name in factors.compactMap(isHyper) where roles[name] == nil { roles[name] = .other }
    }
    for child in expression.children { findDamping(child, &roles) }
  }

  // MARK: Learning rate

  private static func moved(_ lines: [(name: Name, value: Expression)], _ parameter: Name) -> Set<
    Name
  > {
    var found: Set<Name> = [Name(canonical: "g")]
    // Twice, since a line may use a state that is moved further down.
    for line in lines + lines where line.name != parameter && !found.contains(line.name) {
      if line.value.contains({ $0.isGradientLike }) || !found.isDisjoint(with: line.value.names) {
        found.insert(line.name)
      }
    }
    return found
  }

  private func learningRate(excluding known: Set<Name>) -> Name? {
    guard let line = lines.last(where: { $0.name == parameter }) else { return nil }
    var seen: Set<Name> = [parameter]
    if let found = rate(in: line.value, known, &seen) { return found }
    let letters = [
      "alpha", "eta", "lr", "learning_rate", "gamma", "eps", "step_size", "lambda", "s",
    ]
    if let letter = letters.map({ Name(canonical: $0) }).first(where: {
      hyper.contains($0) && !known.contains($0)
    }) {
      return letter
    }
    // Δ_0, what the size of the steps starts at: the state itself multiplies.
    return line.value.names.filter(states.contains)
      .map { Name(canonical: $0.canonical + "0") }.first {
        hyper.contains($0) && !known.contains($0)
      }
  }

  /// Functions through which a step goes.
  private static let passing: Set<String> = ["where", "sign", "max"]

  private func rate(
    in value: Expression, _ known: Set<Name>, _ seen: inout Set<Name>, all: Bool = false
  ) -> Name? {
    var branches: [Expression] = [value]
    if case .call(let callee, let arguments) = value.kind,
      HyperRoles.passing.contains(callee.path.first?.canonical ?? "")
    {
      branches = arguments.map(\.value)
    }
    for branch in branches {
      for term in TermList(branch).terms {
        if case .name(parameter) = term.value.kind { continue }
        let factors = FactorList(term.value)
        let moves =
          term.value.contains { $0.isGradientLike } || !names(term.value).isDisjoint(with: moved)
        guard moves || all else { continue }
        for factor in factors.above {
          if let name = isHyper(factor), !known.contains(name) { return name }
        }
        for factor in factors.above {
          guard case .binary(.subtract, _, _) = factor.kind else {
            if case .name(let inner) = factor.kind, seen.insert(inner).inserted,
              let line = lines.last(where: { $0.name == inner }),
              let found = rate(in: line.value, known, &seen, all: !moved.contains(inner))
            {
              return found
            }
            if case .call(let callee, let arguments) = factor.kind,
              HyperRoles.passing.contains(callee.path.first?.canonical ?? "")
            {
              for argument in arguments {
                if let found = rate(in: argument.value, known, &seen) { return found }
              }
            }
            continue
          }
        }
      }
    }
    return nil
  }

  // MARK: Weight decay

  private func findWeightDecay(_ value: Expression, _ roles: inout [Name: HyperRole]) {
    for term in TermList(value).terms {
      let factors = FactorList(term.value)
      let hasParameter = factors.above.contains {
        if case .name(parameter) = $0.kind { true } else { false }
      }
      for factor in factors.above {
        if hasParameter, let name = isHyper(factor), roles[name] == nil {
          roles[name] = .weightDecay
        }
        if case .binary(let operation, _, _) = factor.kind,
          operation == .add || operation == .subtract
        {
          findWeightDecay(factor, &roles)
        }
      }
      for part in factors.above {
        if case .call(_, let arguments) = part.kind {
          for argument in arguments { findWeightDecay(argument.value, &roles) }
        }
      }
    }
  }
}

extension Expression {
  /// eye(n)
  fileprivate var isIdentity: Bool {
    if case .call(let callee, _) = kind { callee.path.first?.canonical == "eye" } else { false }
  }

  fileprivate var isGradientLike: Bool {
    switch kind {
    case .name(let name): name.canonical == "g"
    case .call(let callee, _): callee.path.first?.canonical == "grad"
    default: false
    }
  }
}
