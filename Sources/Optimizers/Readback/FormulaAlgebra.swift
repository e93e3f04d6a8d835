// Sums and products put together the way they are written by hand: numbers first, signs in front,
// `x·(1/y)` as `x/y`, `a·a` as `a²`, `a + (-b)` as `a - b`.
//
// Everything here works on expressions alone and keeps their value up to rounding, 0·x being 0; it
// never expands a bracket, cancels anything or moves a term of a sum.

import Diagnostics
import Notation

/// Where a formula stands that nobody typed.
let unwritten = Span(Source(""), 0, 0)

extension Expression {
  static func made(_ kind: Kind) -> Expression { Expression(kind, unwritten) }
  static func made(_ name: Name) -> Expression { made(.name(name)) }

  /// A number as a person would type it: `2`, `-0.1`, `1e-08`, `inf`.
  static func made(_ value: Double) -> Expression {
    if value.isNaN { return made(Name(canonical: "nan")) }
    if value < 0 || (value == 0 && value.sign == .minus) {
      return made(.unary(.negate, made(-value)))
    }
    if value.isInfinite { return made(Name(canonical: "inf")) }
    var spelling = "\(value)"
    if spelling.hasSuffix(".0") { spelling.removeLast(2) }
    return made(.number(value, spelling: spelling))
  }

  static func made(call name: String, _ values: [Expression], _ labels: [(String, Expression)] = [])
    -> Expression
  {
    let callee = Callee(path: [Name(canonical: name)], span: unwritten)
    let labelled = labels.map { Argument(label: Name(canonical: $0.0), value: $0.1) }
    return made(.call(callee, values.map { Argument(value: $0) } + labelled))
  }

  /// The value of a literal, with its sign.
  var literal: Double? {
    switch kind {
    case .number(let value, _): value
    case .unary(.negate, let operand): operand.literal.map { -$0 }
    default: nil
    }
  }

  // MARK: Signs

  /// Whether it is written with a minus in front that belongs to all of it.
  var isNegative: Bool {
    var part = self
    while true {
      switch part.kind {
      case .unary(.negate, _): return true
      case .number(let value, _): return value < 0
      case .binary(.multiply, let left, _), .binary(.divide, let left, _),
        .binary(.matmul, let left, _):
        part = left
      default: return false
      }
    }
  }

  /// The same with the sign of its first factor changed.
  var negated: Expression {
    switch kind {
    case .unary(.negate, let operand): operand
    case .number(let value, _) where value < 0: .made(-value)
    case .binary(let operation, let left, let right)
    where operation == .multiply || operation == .divide || operation == .matmul:
      // A factor 1 that only carried the sign goes with it.
      if operation == .multiply, left.literal == -1 {
        right
      } else {
        .made(.binary(operation, left.negated, right))
      }
    default: .made(.unary(.negate, self))
    }
  }

  // MARK: Sums

  static func sum(_ a: Expression, _ b: Expression) -> Expression {
    if a.literal == 0 { return b }
    if b.literal == 0 { return a }
    if b.isNegative { return difference(a, b.negated) }
    // -a + b begins with a sign for no reason.
    if a.isNegative { return difference(b, a.negated) }
    switch b.kind {
    // The bracket in a + (b + c) says nothing.
    case .binary(.add, let left, let right): return .made(.binary(.add, sum(a, left), right))
    case .binary(.subtract, let left, let right):
      return .made(.binary(.subtract, sum(a, left), right))
    default: return .made(.binary(.add, a, b))
    }
  }

  static func difference(_ a: Expression, _ b: Expression) -> Expression {
    if b.literal == 0 { return a }
    if a.literal == 0 { return b.negated }
    if b.isNegative { return sum(a, b.negated) }
    return .made(.binary(.subtract, a, b))
  }

  // MARK: Products

  static func product(_ a: Expression, _ b: Expression) -> Expression {
    var factors = Factors(a)
    factors.multiply(by: Factors(b))
    return factors.expression
  }

  static func quotient(_ a: Expression, _ b: Expression) -> Expression {
    var factors = Factors(a)
    factors.divide(by: b)
    return factors.expression
  }

  static func matrixProduct(_ a: Expression, _ b: Expression) -> Expression {
    Factors(.made(.binary(.matmul, a, b))).expression
  }

  static func power(_ base: Expression, _ exponent: Int) -> Expression {
    exponent == 1 ? base : .made(.binary(.power, base, .made(Double(exponent))))
  }
}

/// A product taken apart: ± number · above / (divisor · below).
private struct Factors {
  /// A factor and how often it occurs.
  typealias Factor = (base: Expression, exponent: Int)

  var number = 1.0
  var divisor = 1.0
  var above: [Factor] = []
  var below: [Factor] = []

  init() {}

  init(_ expression: Expression) {
    switch expression.kind {
    case .number(let value, _) where value.isFinite: number = value
    case .unary(.negate, let operand):
      self = Factors(operand)
      number = -number
    case .binary(.multiply, let left, let right):
      self = Factors(left)
      multiply(by: Factors(right))
    case .binary(.divide, let left, let right):
      self = Factors(left)
      divide(by: right)
    case .binary(.matmul, let left, let right):
      // Only plain numbers leave a matrix product; what else is in it stays in its order.
      var a = Factors(left)
      var b = Factors(right)
      multiplyNumbers(by: a.takeNumbers())
      multiplyNumbers(by: b.takeNumbers())
      above.append((.made(.binary(.matmul, a.expression, b.expression)), 1))
    case .binary(.power, let base, let exponent):
      if let count = exponent.literal.flatMap({ Int(exactly: $0) }), count > 0, count <= 1000,
        base.literal == nil
      {
        above.append((base, count))
      } else {
        above.append((expression, 1))
      }
    default: above.append((expression, 1))
    }
  }

  mutating func multiply(by other: Factors) {
    multiplyNumbers(by: other)
    for factor in other.above { Factors.add(factor, to: &above) }
    for factor in other.below { Factors.add(factor, to: &below) }
  }

  mutating func divide(by expression: Expression) {
    var other = Factors(expression)
    let numbers = other.takeNumbers()
    if !other.below.isEmpty || numbers.divisor != 1 {
      // A quotient below the line stays one.
      Factors.add((expression, 1), to: &below)
      return
    }
    let size = abs(numbers.number)
    if numbers.number < 0 { number = -number }
    if size == 0 {
      Factors.add((.made(0), 1), to: &below)
    } else if let both = exactProduct(divisor, size) {
      divisor = both
    } else {
      Factors.add((.made(size), 1), to: &below)
    }
    for factor in other.above { Factors.add(factor, to: &below) }
  }

  private mutating func multiplyNumbers(by other: Factors) {
    if let both = exactProduct(number, other.number) {
      number = both
    } else {
      if other.number < 0 { number = -number }
      above.append((.made(abs(other.number)), 1))
    }
    if let both = exactProduct(divisor, other.divisor) {
      divisor = both
    } else {
      below.append((.made(other.divisor), 1))
    }
  }

  /// The numbers alone; they stay no longer in `self`.
  private mutating func takeNumbers() -> Factors {
    var numbers = Factors()
    if number != 0 { swap(&numbers.number, &number) }
    swap(&numbers.divisor, &divisor)
    return numbers
  }

  private static func add(_ factor: Factor, to factors: inout [Factor]) {
    if !factor.base.isMatrixProduct, factor.base.literal == nil,
      let place = factors.firstIndex(where: { $0.base.isSame(as: factor.base) }),
      factors[place].exponent + factor.exponent <= 1000
    {
      factors[place].exponent += factor.exponent
    } else {
      factors.append(factor)
    }
  }

  var expression: Expression {
    if number == 0 { return .made(0) }
    var top = numerator
    if !below.isEmpty {
      let bottom = Factors.written(below, times: divisor)
      top = .made(.binary(.divide, top, bottom))
    } else if divisor != 1 {
      top = .made(.binary(.divide, top, .made(divisor)))
    }
    return number < 0 ? top.negated : top
  }

  private var numerator: Expression {
    let size = abs(number)
    guard !above.isEmpty else { return .made(size) }
    if size != 1, above.count == 1, case .binary(.matmul, let a, let b) = above[0].base.kind,
      above[0].exponent == 1
    {
      // 2·Xᵀ @ r needs no bracket.
      return .made(.binary(.matmul, .product(.made(size), a), b))
    }
    return Factors.written(above, times: size)
  }

  /// number · names · other factors; matrix products last, so that their brackets are seen.
  private static func written(_ factors: [Factor], times number: Double) -> Expression {
    let ordered = (0...2).flatMap { rank in factors.filter { $0.base.rankInProduct == rank } }
    var result: Expression? = number == 1 ? nil : .made(number)
    for factor in ordered {
      let power = Expression.power(factor.base, factor.exponent)
      result = result.map { .made(.binary(.multiply, $0, power)) } ?? power
    }
    return result ?? .made(1)
  }
}

extension Expression {
  /// Where it stands in a product, as in 2·x²·sin(x).
  fileprivate var rankInProduct: Int {
    switch kind {
    case .number, .name, .index, .member, .unary(.transpose, _): 0
    case .binary(.power, let base, _): base.rankInProduct == 0 ? 0 : 1
    case .binary(.matmul, _, _): 2
    default: 1
    }
  }

  fileprivate var isMatrixProduct: Bool {
    if case .binary(.matmul, _, _) = kind { return true }
    return false
  }
}

/// a·b where it needs no rounding.
private func exactProduct(_ a: Double, _ b: Double) -> Double? {
  let product = a * b
  return product.isFinite && (-product).addingProduct(a, b) == 0 ? product : nil
}
