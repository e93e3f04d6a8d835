// A formula without what putting other names in leaves behind: signs within products, terms that are 0.

import Notation

extension Expression {
  /// Without terms that are 0 times something, as a known rule has them where its weight decay is 0.
  var withoutZeros: Expression {
    func isZero(_ part: Expression) -> Bool {
      FactorList(part).above.contains { $0.isNumber(0) }
    }
    return replacing { part in
      guard case .binary(let operation, let a, let b) = part.kind, part.isSum,
        !part.isLiteralNumber
      else { return nil }
      if isZero(b) { return a.withoutZeros }
      if isZero(a), operation == .add { return b.withoutZeros }
      return nil
    }
  }

  /// Signs drawn to the front: a·(-b) as -(a·b), a + (-b) as a - b, -(a - b) as b - a.
  var withPlainSigns: Expression {
    switch kind {
    case .binary(let operation, let left, let right)
    where operation == .multiply || operation == .divide:
      let (a, b) = (left.withPlainSigns, right.withPlainSigns)
      let product = Expression.of(operation, a.unsigned, b.unsigned)
      return a.isNegated == b.isNegated ? product : .negated(product)
    case .binary(.power, let base, let exponent) where exponent.isNumber(2):
      return .of(.power, base.withPlainSigns.unsigned, exponent)
    case .binary(let operation, let left, let right):
      let (a, b) = (left.withPlainSigns, right.withPlainSigns)
      guard operation == .add || operation == .subtract else { return .of(operation, a, b) }
      if b.isNegated { return .of(operation == .add ? .subtract : .add, a, b.unsigned) }
      if a.isNegated, operation == .add { return .of(.subtract, b, a.unsigned) }
      return .of(operation, a, b)
    case .unary(.negate, let operand):
      let inner = operand.withPlainSigns
      if inner.isNegated { return inner.unsigned }
      guard inner.isSum else { return .negated(inner) }
      let terms = TermList(inner).terms.map { (isNegative: !$0.isNegative, value: $0.value) }
      return .sum(terms.filter { !$0.isNegative } + terms.filter(\.isNegative))
    case .unary(let operation, let inner):
      return Expression(.unary(operation, inner.withPlainSigns), span)
    case .call(let callee, let arguments):
      return Expression(
        .call(
          callee,
          arguments.map {
            var argument = $0
            argument.value = $0.value.withPlainSigns
            return argument
          }), span)
    default: return self
    }
  }

  private var isNegated: Bool {
    if case .unary(.negate, _) = kind { return true }
    return false
  }

  private var unsigned: Expression {
    if case .unary(.negate, let inner) = kind { return inner }
    return self
  }
}
