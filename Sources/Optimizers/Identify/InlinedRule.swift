// A rule's lines with its intermediates put in, so that what the parameter's update and each state's
// line are made of can be looked for.
//
// A state stands for its new value; before its line it is `previous(state)`. Nothing is simplified.

import Notation

struct InlinedRule {
  let parameter: Name
  let hyper: Set<Name>
  let roles: [Name: HyperRole]
  /// What each state becomes, in terms of older values.
  private(set) var states: [Name: Expression] = [:]
  /// States that begin at the parameter: other iterates, not momentum.
  private let sequences: Set<Name>
  /// The values that the parameter is given, in order.
  private(set) var updates: [Expression] = []
  /// What the gradient is made of before it is used; nil while it is taken as it comes.
  private(set) var gradient: Expression?

  static func previous(_ name: Name) -> Name { Name(canonical: "previous." + name.canonical) }

  /// Rules whose lines grow beyond this when put together are looked at as far as that.
  private static let maximumSize = 4000

  init(_ plain: PlainRule) {
    parameter = plain.parameter
    hyper = Set(plain.rule.declaration.parameters.map(\.name))
    roles = plain.roles
    let names = Set(plain.states.map(\.name))
    let parameter = parameter
    sequences = Set(plain.states.filter { $0.start.names.contains(parameter) }.map(\.name))
    var known: [Name: (value: Expression, size: Int)] = [:]
    var updated: Set<Name> = []
    for line in plain.lines {
      var size = 0
      let value = line.value.replacing { part in
        guard case .name(let name) = part.kind else { return nil }
        if let other = known[name] {
          guard size + other.size < InlinedRule.maximumSize else { return nil }
          // Only what is put in: a chain of lines that each double would have no number.
          size += other.size
          return other.value
        }
        if names.contains(name), !updated.contains(name) {
          return .of(InlinedRule.previous(name))
        }
        return nil
      }
      if line.name == parameter {
        updates.append(value)
      } else if names.contains(line.name), updated.insert(line.name).inserted {
        states[line.name] = value
      } else {
        known[line.name] = (value, size + line.value.partCount)
        if line.name.canonical == "g" { gradient = value }
      }
    }
  }

  // MARK: What is what

  func isGradient(_ part: Expression) -> Bool {
    switch part.kind {
    case .name(let name): name.canonical == "g"
    case .call(let callee, _): callee.path.first?.canonical == "grad"
    default: false
    }
  }

  func holdsGradient(_ value: Expression) -> Bool { value.contains(isGradient) }

  func holds(_ value: Expression, _ name: Name) -> Bool {
    value.contains { if case .name(name) = $0.kind { true } else { false } }
  }

  func holds(_ value: Expression, _ names: Set<Name>) -> Bool {
    value.contains { if case .name(let name) = $0.kind { names.contains(name) } else { false } }
  }

  /// Holds a square, a product with itself or a size of something that comes from the gradient, above
  /// the line of a fraction.
  func holdsSquare(_ value: Expression) -> Bool {
    switch value.kind {
    case .binary(.divide, let above, _): return holdsSquare(above)
    case .binary(.power, let base, let exponent):
      guard case .number(2, _) = exponent.kind else { return false }
      return holdsGradient(base) || base.names.contains { states[$0] != nil }
    case .binary(.multiply, _, _):
      let factors = FactorList(value).above
      let isProduct = factors.indices.contains { place in
        holdsGradient(factors[place])
          && factors[..<place].contains { $0.isSame(as: factors[place]) }
      }
      return isProduct || factors.contains(where: holdsSquare)
    case .call(let callee, let arguments)
    where callee.path.first?.canonical == "abs" && arguments.contains { holdsGradient($0.value) }:
      return true
    default: return value.children.contains(where: holdsSquare)
    }
  }

  /// States that are averages or sums of squares.
  var squares: Set<Name> {
    Set(
      states.filter { name, value in
        holds(value, InlinedRule.previous(name)) && holdsSquare(value)
      }.keys)
  }

  /// States that carry gradients, or steps made of them, from step to step.
  var momenta: Set<Name> {
    let squares = squares
    return Set(
      states.filter { name, value in
        guard holds(value, InlinedRule.previous(name)), !squares.contains(name),
          !sequences.contains(name)
        else {
          return false
        }
        if isMaximum(name) { return false }
        // A rate that grows and shrinks carries no gradient.
        if value.contains({
          if case .call(let callee, _) = $0.kind {
            callee.path.first?.canonical == "sign"
          } else {
            false
          }
        }), !holds(value, Set(roles.filter { $0.value == .firstDecay }.keys)) {
          return false
        }
        return isLinear(value)
      }.keys)
  }

  /// The gradient or a scaled form of it is a term of its own.
  private func isLinear(_ value: Expression) -> Bool {
    TermList(value).terms.contains { term in
      FactorList(term.value).above.contains { factor in
        if isGradient(factor) { return true }
        if case .binary(let operation, _, _) = factor.kind,
          operation == .add || operation == .subtract
        {
          return isLinear(factor)
        }
        return false
      }
    }
      || value.contains { part in
        // Torch's first step: where(t == 1, g, …).
        if case .call(let callee, let arguments) = part.kind,
          callee.path.first?.canonical == "where"
        {
          return arguments.dropFirst().contains { isLinear($0.value) }
        }
        return false
      }
  }

  /// States that are a copy of the parameter before the step.
  var iterates: Set<Name> {
    Set(
      states.filter { _, value in
        if case .name(parameter) = value.kind { true } else { false }
      }.keys)
  }

  /// `max(v_max, v)`
  func isMaximum(_ state: Name) -> Bool {
    guard let value = states[state], case .call(let callee, let arguments) = value.kind,
      callee.path.first?.canonical == "max"
    else { return false }
    return arguments.contains {
      if case .name(InlinedRule.previous(state)) = $0.value.kind { true } else { false }
    }
  }

  /// The hyperparameters that multiply a state's older self.
  func decays(of state: Name) -> Set<Name> {
    guard let value = states[state] else { return [] }
    var found: Set<Name> = []
    func visit(_ part: Expression) {
      for term in TermList(part).terms {
        let factors = FactorList(term.value).above
        if factors.contains(where: { holds($0, InlinedRule.previous(state)) }) {
          for factor in factors where !holds(factor, InlinedRule.previous(state)) {
            found.formUnion(factor.names.filter { hyper.contains($0) })
          }
        }
        for factor in factors {
          if case .call(_, let arguments) = factor.kind {
            for argument in arguments { visit(argument.value) }
          }
        }
      }
    }
    visit(value)
    return found
  }

  /// What b of a correction 1 - bᵗ is; nil for anything else. For Nadam's product of momenta, the
  /// names that it is made of.
  func correction(_ part: Expression) -> (base: Set<Name>, exponent: Expression)? {
    guard case .binary(.subtract, let one, let power) = part.kind, case .number(1, _) = one.kind
    else { return nil }
    if case .binary(.power, let base, let exponent) = power.kind,
      exponent.names.contains(where: { $0.canonical == "t" })
    {
      return (Set(base.names), exponent)
    }
    // A state that is a running product.
    for name in power.names {
      if let value = states[name], holds(value, InlinedRule.previous(name)),
        TermList(value).terms.count == 1, !holdsGradient(value)
      {
        return (Set(value.names).union(power.names), power)
      }
    }
    return nil
  }
}

extension Expression {
  /// How many parts it has.
  var partCount: Int {
    var count = 0
    _ = contains { _ in
      count += 1
      return false
    }
    return count
  }
}
