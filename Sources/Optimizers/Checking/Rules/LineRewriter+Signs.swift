// What signs, roots, sums, products and quotients in a line may have been meant to be.

import Diagnostics
import Notation

extension LineRewriter {
  func unary(
    _ operation: UnaryOperator, _ operand: Expression, _ part: Expression, _ place: Place
  ) -> [Change] {
    switch operation {
    case .negate: return [change(part, operand, "sign", 0)]
    case .squareRoot:
      var result = [change(part, operand, "extra-root", 1)]
      if case .binary(.divide, let above, let below) = operand.kind {
        result.append(
          change(
            part, .binary(.divide, .root(above), below), "both-corrections-under-root", 0))
        result.append(
          change(
            part, .binary(.divide, above, .root(below)), "both-corrections-under-root", 0))
      }
      return result
    case .not, .transpose: return []
    }
  }

  func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ part: Expression,
    _ place: Place
  ) -> [Change] {
    switch operation {
    case .add, .subtract: return sums(operation, left, right, part, place)
    case .multiply: return products(left, right, part, place)
    case .divide: return quotients(left, right, part)
    case .power:
      guard case .number(2, _) = right.kind else { return [] }
      return [change(part, left, "extra-square", 0)]
    default: return []
    }
  }

  private func sums(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ part: Expression,
    _ place: Place
  ) -> [Change] {
    let span = part.span
    if part.isTime(plus: 1) || part.isTime(plus: -1) {
      return place.isExponent ? [change(part, .time(span), "time-off-by-one", 0)] : []
    }
    var result: [Change] = []
    if operation == .subtract, left.isOne {
      if case .name(let name) = right.kind, repairs.decays.contains(name) {
        result.append(change(part, right, "complement", 1))
        return result
      }
      if case .binary(.power, let base, let exponent) = right.kind,
        exponent.names.contains(where: {
          $0.canonical == "t"
        })
      {
        result.append(change(part, .binary(.subtract, left, base), "extra-time", 1))
        return result
      }
    }
    let other: BinaryOperator = operation == .add ? .subtract : .add
    var id = "sign"
    if place.isInGradient { id = "lookahead-sign" }
    if isDecayTerm(right) || isShrinking(left, right, place) { id = "decay-sign" }
    result.append(
      change(part, Expression(.binary(other, left, right), span), id, 0))
    // w - α·m/√v + ε
    if operation == .add, case .name(let name) = right.kind, repairs.hyper.contains(name) {
      for inside in [false, true] {
        if let meant = withAdded(right, below: left, underRoot: inside) {
          result.append(
            change(
              part, meant, "epsilon-outside-fraction", 0,
              "\(name.pretty) is added to the whole and not to the denominator: parentheses are missing"
            ))
        }
      }
    }
    // A gradient without its 1 - β, an older self without its β.
    if isStateLine || repairs.states.contains(where: { line.value.names.contains($0) }) {
      for decay in repairs.decays {
        let name = Expression.name(decay, span)
        let complement = Expression.binary(.subtract, .whole(1, span), name)
        for (term, isRight) in [(left, false), (right, true)] where !term.names.contains(decay) {
          let isNew = term.names.contains { $0.isGradient } || term.contains { $0.isCall("grad") }
          let factor = isNew ? complement : name
          let product = Expression.binary(.multiply, factor, term)
          var whole = change(
            term, product, isNew ? "missing-complement" : "missing-decay", isNew ? 0 : 1)
          whole.value = Expression(
            .binary(operation, isRight ? left : product, isRight ? product : right), span)
          result.append(whole)
        }
      }
    }
    return result
  }

  /// λ·θ
  private func isDecayTerm(_ term: Expression) -> Bool {
    let factors = FactorList(term).above
    let hasParameter = factors.contains {
      if case .name(let name) = $0.kind { return Rule.parameterNames.contains(name.canonical) }
      return false
    }
    return hasParameter && factors.count > 1
  }

  /// (1 - ηλ)·θ
  private func isShrinking(_ left: Expression, _ right: Expression, _ place: Place) -> Bool {
    left.isOne && place.isFactor && isParameterLine && isCoefficient(right)
      && !right.names.isEmpty
  }

  /// The expression with a term added in its denominators that hold a state.
  private func withAdded(_ epsilon: Expression, below value: Expression, underRoot: Bool)
    -> Expression?
  {
    var hasChanged = false
    let result = value.replacing { part in
      guard case .binary(.divide, let above, let below) = part.kind,
        below.names.contains(where: { known.contains($0) })
      else { return nil }
      if underRoot {
        guard case .unary(.squareRoot, let inner) = below.kind else { return nil }
        hasChanged = true
        return Expression(
          .binary(.divide, above, .root(.binary(.add, inner, epsilon))), part.span)
      }
      hasChanged = true
      return Expression(.binary(.divide, above, .binary(.add, below, epsilon)), part.span)
    }
    return hasChanged ? result : nil
  }

  private func products(
    _ left: Expression, _ right: Expression, _ part: Expression, _ place: Place
  ) -> [Change] {
    var result: [Change] = []
    for (dropped, kept) in [(left, right), (right, left)] where isCoefficient(dropped) {
      if holdsTime(dropped) {
        result.append(change(part, kept, "double-correction", 1))
        result.append(
          change(part, .binary(.divide, kept, dropped), "inverted", 1))
      } else if case .number = dropped.kind {
        result.append(change(part, kept, "factor-two", 1))
      } else if case .binary(.subtract, let one, _) = dropped.kind, one.isOne {
        result.append(change(part, kept, "extra-complement", 1))
      } else if case .name(let name) = dropped.kind {
        if repairs.roles.roles[name] == .learningRate || repairs.roles.roles[name] == .other {
          result.append(
            change(
              part, kept, "learning-rate-twice", 1, "\(name.pretty) is multiplied in twice"))
        } else if repairs.decays.contains(name) {
          result.append(change(part, kept, "extra-decay", 1))
        }
      }
    }
    return result
  }

  private func quotients(_ left: Expression, _ right: Expression, _ part: Expression) -> [Change] {
    var result: [Change] = []
    if isCoefficient(right), holdsTime(right) {
      result.append(change(part, left, "double-correction", 1))
      result.append(change(part, .binary(.multiply, left, right), "inverted", 1))
      if isCoefficient(left), holdsTime(left) {
        result.append(change(part, .binary(.divide, right, left), "inverted", 1))
      }
    }
    return result
  }

  func calls(
    _ name: String, _ callee: Expression.Callee, _ arguments: [Expression.Argument],
    _ part: Expression
  ) -> [Change] {
    switch name {
    case "min", "max":
      let other = name == "min" ? "max" : "min"
      return [
        change(
          part, .call(other, arguments.map(\.value), part.span),
          name == "min" ? "min-for-max" : "max-for-min", 0)
      ]
    default: return []
    }
  }
}
