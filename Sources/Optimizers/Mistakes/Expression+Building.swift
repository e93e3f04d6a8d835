// Putting expressions together, and asking what a small one is.

import Diagnostics
import Notation

extension Expression {
  private static let nowhere = Span(Source(""), 0, 0)

  static func number(_ value: Int) -> Expression {
    Expression(.number(Double(value), spelling: "\(value)"), nowhere)
  }

  static func of(_ name: Name) -> Expression { Expression(.name(name), nowhere) }

  static func of(_ operation: BinaryOperator, _ a: Expression, _ b: Expression) -> Expression {
    Expression(.binary(operation, a, b), a.span)
  }

  static func root(_ inner: Expression) -> Expression {
    Expression(.unary(.squareRoot, inner), inner.span)
  }

  static func negated(_ inner: Expression) -> Expression {
    Expression(.unary(.negate, inner), inner.span)
  }

  static func call(_ function: String, _ arguments: [Expression]) -> Expression {
    Expression(
      .call(
        Callee(path: [Name(canonical: function)], span: nowhere),
        arguments.map { Argument(value: $0) }), nowhere)
  }

  /// Terms with their signs as a sum; 0 for none.
  static func sum(_ terms: [(isNegative: Bool, value: Expression)]) -> Expression {
    guard let first = terms.first else { return .number(0) }
    return terms.dropFirst().reduce(first.isNegative ? negated(first.value) : first.value) {
      of($1.isNegative ? .subtract : .add, $0, $1.value)
    }
  }

  func isNumber(_ value: Double) -> Bool {
    if case .number(value, _) = kind { return true }
    return false
  }

  var isLiteralNumber: Bool {
    if case .number = kind { return true }
    return false
  }

  var name: Name? {
    if case .name(let name) = kind { return name }
    return nil
  }

  /// The function that is called, with its arguments when none has a label.
  var plainCall: (function: String, arguments: [Expression])? {
    guard case .call(let callee, let arguments) = kind, callee.path.count == 1,
      let name = callee.path.first, !arguments.contains(where: { $0.label != nil })
    else { return nil }
    return (name.canonical, arguments.map(\.value))
  }

  /// What a root is taken of, as sign or as function.
  var underRoot: Expression? {
    if case .unary(.squareRoot, let inner) = kind { return inner }
    if let call = plainCall, call.function == "sqrt", call.arguments.count == 1 {
      return call.arguments[0]
    }
    return nil
  }

  /// The other term of 1 - x.
  var complemented: Expression? {
    guard case .binary(.subtract, let one, let other) = kind, one.isNumber(1) else { return nil }
    return other
  }

  /// Whether it is a sum or a difference.
  var isSum: Bool {
    if case .binary(let operation, _, _) = kind {
      return operation == .add || operation == .subtract
    }
    return false
  }

  /// Without the factors and divisors of one kind, wherever they stand.
  func withoutFactors(_ isMeant: (Expression) -> Bool) -> Expression {
    switch kind {
    case .binary(.multiply, let a, let b):
      if isMeant(a) { return b.withoutFactors(isMeant) }
      if isMeant(b) { return a.withoutFactors(isMeant) }
      return .of(.multiply, a.withoutFactors(isMeant), b.withoutFactors(isMeant))
    case .binary(.divide, let a, let b):
      if isMeant(b) { return a.withoutFactors(isMeant) }
      return .of(.divide, a.withoutFactors(isMeant), b.withoutFactors(isMeant))
    case .binary(let operation, let a, let b):
      return .of(operation, a.withoutFactors(isMeant), b.withoutFactors(isMeant))
    case .unary(let operation, let inner):
      return Expression(.unary(operation, inner.withoutFactors(isMeant)), span)
    default: return self
    }
  }

  func replacing(_ name: Name, by other: Expression) -> Expression {
    replacing { $0.name == name ? other : nil }
  }
}
