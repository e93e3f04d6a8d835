// The parts of a formula as nodes: sums, products, quotients, sums over components.

import Diagnostics
import Notation
import Tensors

extension ClaimGraph {
  func lowered(_ math: Math, _ numeric: FormulaValue) throws(ClaimFailure) -> Value {
    switch math.kind {
    case .symbol, .accented, .scripted: return try symbol(math, numeric)
    case .sum(let terms):
      var result: Value?
      let isBound = { (letter: String) in self.evaluator.scope.places[letter] != nil }
      for term in FormulaTerms.joined(terms, isBound: isBound) {
        let next = try value(term.value)
        if let before = result {
          let sum = try evaluator.pair(
            before.value, next.value, "+", math, term.isNegative ? (-) : (+))
          result = try elementwise(
            term.isNegative ? .subtract : .add, before, next, sum, math.span)
        } else {
          result =
            term.isNegative ? try mapped(.negate, next, next.value.map { -$0 }, math.span) : next
        }
      }
      return try known(result, math)
    case .product(let factors):
      guard DerivativeSign(math) == nil else { break }
      return try product(FormulaFactor.read(factors, evaluator), math)
    case .fraction(let above, let below):
      guard DerivativeSign(math) == nil else { break }
      return try elementwise(.divide, try value(above), try value(below), numeric, math.span)
    case .root(let inner, let degree):
      guard degree.flatMap(wholeNumber) ?? 2 == 2 else { break }
      return try mapped(.squareRoot, try value(inner), numeric, math.span)
    case .fenced(let fence, let items): return try fenced(fence, items, numeric, math)
    case .function(let call): return try function(call, math)
    case .big(let name, let scripts, let body):
      let range = try evaluator.limits(scripts, body, math)
      var result: Value?
      for place in range.from...max(range.from, range.to) where range.to >= range.from {
        if range.skip == place { continue }
        let next = try inside(
          evaluator.scope.changed { scope in
            for letter in range.letters { scope.places[letter] = place }
          }
        ) { () throws(ClaimFailure) in try value(body) }
        guard let before = result else {
          result = next
          continue
        }
        let isSum = name == "sum"
        let sum = try evaluator.pair(before.value, next.value, "+", math, isSum ? (+) : (*))
        result = try elementwise(isSum ? .add : .multiply, before, next, sum, math.span)
      }
      return try known(result, math)
    case .elementwise(let inner): return try value(inner)
    case .cases(let cases):
      for one in cases {
        guard let condition = one.condition else { return try value(one.value) }
        if try evaluator.number(condition) != 0 { return try value(one.value) }
      }
    default: break
    }
    throw .notUnderstood("there is no operation for it", math.span)
  }

  private func known(_ value: Value?, _ math: Math) throws(ClaimFailure) -> Value {
    guard let value else { throw .notUnderstood("nothing is added up", math.span) }
    return value
  }

  /// Evaluates in another scope for a while.
  func inside<T>(_ other: ClaimScope, _ run: () throws(ClaimFailure) -> T) throws(ClaimFailure) -> T
  {
    let before = evaluator.scope
    evaluator.scope = other
    defer { evaluator.scope = before }
    return try run()
  }

  // MARK: Products

  private func product(_ factors: [FormulaFactor], _ math: Math) throws(ClaimFailure) -> Value {
    var result: Value?
    for factor in factors {
      let next: Value
      switch factor.operand {
      case .plain(let math): next = try value(math)
      case .call(let head, let items, let brackets): next = try call(head, items, brackets, math)
      case .applied(let function, let inner):
        next = try self.function(function, [try product(inner, math)], math)
      case .together(let inner): next = try product(inner, math)
      }
      if let before = result {
        result = try multiplied(before, next, factor, math)
      } else {
        result = next
      }
    }
    return try known(result, math)
  }

  private func multiplied(
    _ a: Value, _ b: Value, _ factor: FormulaFactor, _ math: Math
  ) throws(ClaimFailure) -> Value {
    if factor.sign == .over {
      let quotient = try evaluator.quotient(a.value, b.value, factor.math)
      return try elementwise(.divide, a, b, quotient, math.span)
    }
    let sign = factor.sign
    let result =
      switch sign {
      case .elementwise: try evaluator.pair(a.value, b.value, "⊙", math, *)
      case .dot: try evaluator.dotted(a.value, b.value, math)
      case .times, .over: try evaluator.multiplied(a.value, b.value, math)
      }
    if sign == .elementwise || a.value.isScalar || b.value.isScalar {
      return try elementwise(.multiply, a, b, result, math.span)
    }
    let (x, y) = (nodes(a), nodes(b))
    func summed(_ pairs: [(Int, Int)]) throws(ClaimFailure) -> NodeID {
      var terms: [NodeID] = []
      for (p, q) in pairs { terms.append(try apply(.multiply, [x[p], y[q]], math.span)) }
      return try total(terms, math.span)
    }
    if sign == .dot, a.value.isVector, b.value.isVector, x.count == y.count {
      return Value(value: result, nodes: [try summed(x.indices.map { ($0, $0) })])
    }
    guard let (m, n) = a.value.size, let (_, q) = b.value.size else {
      throw .notUnderstood("this product is not lowered", math.span)
    }
    var all: [NodeID] = []
    for i in 0..<m {
      for j in 0..<q { all.append(try summed((0..<n).map { (i * n + $0, $0 * q + j) })) }
    }
    return Value(value: result, nodes: all)
  }
}
