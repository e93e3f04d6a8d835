// The number, vector or matrix that a printed expression is, given what its symbols stand for.
//
// A symbol is looked up among the values, then among the definitions, which are evaluated on the spot;
// so a value put in for an intermediate quantity is what everything behind it sees. What has no value
// is an error with its name: nothing is guessed.

import Diagnostics
import Notation

final class ClaimEvaluator {
  var scope: ClaimScope
  /// Derivatives inside a formula, where they can be taken.
  var derivative: ((DerivativeSign, ClaimEvaluator) throws(ClaimFailure) -> FormulaValue)?
  private var depth = 0
  private var steps = 0
  /// Definitions that are being evaluated: one that needs itself is no definition.
  private var open: Set<String> = []

  static let deepest = 60
  static let longest = 200_000

  init(_ scope: ClaimScope) { self.scope = scope }

  func value(_ math: Math) throws(ClaimFailure) -> FormulaValue {
    depth += 1
    steps += 1
    defer { depth -= 1 }
    guard depth <= ClaimEvaluator.deepest * 6, steps <= ClaimEvaluator.longest else {
      throw .tooLong(math.span)
    }
    return try evaluate(math)
  }

  func number(_ math: Math) throws(ClaimFailure) -> Double {
    let value = try value(math).simplified
    guard let x = value.scalar else {
      throw .shape(
        "\(ClaimText.pretty(math.span.text)) is \(value.shapeText), not a number", math.span)
    }
    return x
  }

  private func evaluate(_ math: Math) throws(ClaimFailure) -> FormulaValue {
    if let number = GroupedDigits.number(math) { return FormulaValue(number) }
    switch math.kind {
    case .number(let text):
      guard let number = Double(text) else {
        throw .notUnderstood("\(text) is no number", math.span)
      }
      return FormulaValue(number)
    case .symbol, .accented, .scripted: return try symbolOrScripted(math)
    case .sum(let terms):
      var total: FormulaValue?
      for term in FormulaTerms.joined(terms, isBound: { self.scope.places[$0] != nil }) {
        let next = try value(term.value)
        if let sum = total {
          total = try term.isNegative ? pair(sum, next, "-", math, -) : added(sum, next, math)
        } else {
          total = term.isNegative ? next.map { -$0 } : next
        }
      }
      return total ?? FormulaValue(0)
    case .product(let factors):
      if let sign = DerivativeSign(math) { return try derivative(sign, math) }
      return try product(factors, math)
    case .fraction(let above, let below):
      if let sign = DerivativeSign(math) { return try derivative(sign, math) }
      return try quotient(try value(above), try value(below), below)
    case .root(let inner, let degree):
      let order = try degree.map { math throws(ClaimFailure) in try number(math) } ?? 2
      let inside = try value(inner)
      let result = inside.map { FormulaFunctions.root($0, order) }
      return try finite(result, inside, "the root of a negative number", math)
    case .fenced(let fence, let items): return try fenced(fence, items, math)
    case .function(let call): return try function(call, math)
    case .big(let name, let scripts, let body): return try big(name, scripts, body, math)
    case .gradient:
      guard let sign = DerivativeSign(math) else {
        throw .notUnderstood("this derivative is not read", math.span)
      }
      return try derivative(sign, math)
    case .cases(let cases):
      for one in cases {
        guard let condition = one.condition else { return try value(one.value) }
        if try number(condition) != 0 { return try value(one.value) }
      }
      throw .undefined("none of the cases holds", math.span)
    case .relation(let sides, let relations): return try relation(sides, relations, math)
    case .elementwise(let inner): return try value(inner)
    case .evaluated:
      throw .notUnderstood("a value at a place is not calculated", math.span)
    case .mark, .ellipsis:
      throw .notUnderstood("\(math.span.text) leaves out what to calculate", math.span)
    }
  }

  // MARK: Parts

  /// Element by element; a number goes with anything.
  func pair(
    _ a: FormulaValue, _ b: FormulaValue, _ sign: String, _ math: Math,
    _ run: (Double, Double) -> Double
  ) throws(ClaimFailure) -> FormulaValue {
    guard let result = a.combined(with: b, run) else {
      throw .shape(
        "\(a.shapeText) and \(b.shapeText) do not fit together in \(sign)", math.span)
    }
    return result
  }

  /// A sum; a bias is added to every row of a matrix.
  func added(_ a: FormulaValue, _ b: FormulaValue, _ math: Math) throws(ClaimFailure)
    -> FormulaValue
  {
    guard a.dimensions.count == 2, b.isVector, a.dimensions[1] == b.elements.count,
      a.dimensions[0] != b.elements.count
    else { return try pair(a, b, "+", math, +) }
    return a.with(a.elements.enumerated().map { $1 + b.elements[$0 % b.elements.count] })
  }

  /// a · b, the inner product of two vectors.
  func dotted(_ a: FormulaValue, _ b: FormulaValue, _ math: Math) throws(ClaimFailure)
    -> FormulaValue
  {
    if let product = a.innerProduct(b) { return product }
    return try multiplied(a, b, math)
  }

  func multiplied(_ a: FormulaValue, _ b: FormulaValue, _ math: Math) throws(ClaimFailure)
    -> FormulaValue
  {
    guard !a.makesTooMuch(with: b) else { throw .tooLong(math.span) }
    guard let result = a.matrixProduct(b) else {
      throw .shape(
        "\(a.shapeText) and \(b.shapeText) do not fit together in a product", math.span)
    }
    return result
  }

  func finite(_ value: FormulaValue, _ from: FormulaValue, _ what: String, _ math: Math)
    throws(ClaimFailure) -> FormulaValue
  {
    if from.isFinite, !value.isFinite { throw .undefined("\(what) is taken here", math.span) }
    return value
  }

  func quotient(_ a: FormulaValue, _ b: FormulaValue, _ below: Math) throws(ClaimFailure)
    -> FormulaValue
  {
    if b.elements.contains(0) { throw .undefined("this divides by zero", below.span) }
    return try pair(a, b, "/", below, /)
  }

  private func derivative(_ sign: DerivativeSign, _ math: Math) throws(ClaimFailure) -> FormulaValue
  {
    if let symbol = ClaimSymbol(math), let known = scope.values[symbol.base] { return known }
    guard let derivative else {
      throw .unknown(ClaimText.pretty(math.span.text), math.span)
    }
    return try derivative(sign, self)
  }

  private func fenced(_ fence: MathFence, _ items: [Math], _ math: Math) throws(ClaimFailure)
    -> FormulaValue
  {
    switch fence {
    case .bars:
      guard items.count == 1 else { break }
      let inner = try value(items[0])
      if let x = inner.scalar { return FormulaValue(abs(x)) }
      if inner.isVector { return FormulaValue(inner.norm()) }
      throw .notUnderstood("bars round a matrix may be its determinant", math.span)
    case .norm:
      guard items.count == 1 else { break }
      return FormulaValue(try value(items[0]).norm())
    case .floor where items.count == 1: return try value(items[0]).map { $0.rounded(.down) }
    case .ceiling where items.count == 1: return try value(items[0]).map { $0.rounded(.up) }
    case .parenthesis, .bracket, .brace, .angle:
      if items.count == 1 {
        if let row = try rows(items, math) { return row }
        if fence == .angle {
          throw .notUnderstood("what the angle brackets mean is not clear", math.span)
        }
        return try value(items[0])
      }
      if fence == .brace { break }
      if fence == .angle, items.count == 2 {
        let (a, b) = (try value(items[0]), try value(items[1]))
        return try dotted(a, b, math)
      }
      if let matrix = try rows(items, math) { return matrix }
      var numbers: [Double] = []
      for item in items { numbers.append(try number(item)) }
      if !numbers.isEmpty { return FormulaValue(numbers) }
    default: break
    }
    throw .notUnderstood("these brackets are not understood", math.span)
  }

  /// [[1, 2], [3, 4]]; nil when the items are no rows.
  private func rows(_ items: [Math], _ math: Math) throws(ClaimFailure) -> FormulaValue? {
    var elements: [Double] = []
    var columns: Int?
    for item in items {
      guard case .fenced(.bracket, let row) = item.kind, row.count > 1,
        row.count == columns ?? row.count
      else { return nil }
      columns = row.count
      for entry in row { elements.append(try number(entry)) }
    }
    guard let columns else { return nil }
    return FormulaValue.matrix(rows: items.count, columns: columns, elements)
  }

  private func relation(_ sides: [Math], _ relations: [TeXRelation], _ math: Math)
    throws(ClaimFailure) -> FormulaValue
  {
    for (place, relation) in relations.enumerated() where place + 1 < sides.count {
      let (a, b) = (try number(sides[place]), try number(sides[place + 1]))
      let holds: Bool
      switch relation {
      case .equals: holds = a == b
      case .less: holds = a < b
      case .lessOrEqual: holds = a <= b
      case .greater: holds = a > b
      case .greaterOrEqual: holds = a >= b
      case .notEqual: holds = a != b
      default: throw .notUnderstood("this condition is not read", math.span)
      }
      if !holds { return FormulaValue(0) }
    }
    return FormulaValue(1)
  }

  /// Evaluates in another scope for a while.
  func inside<T>(_ other: ClaimScope, _ run: () throws(ClaimFailure) -> T) throws(ClaimFailure)
    -> T
  {
    let before = scope
    scope = other
    defer { scope = before }
    return try run()
  }

  /// Marks a definition as being evaluated; false when it is already.
  func opens(_ key: String) -> Bool { open.insert(key).inserted }
  func closes(_ key: String) { open.remove(key) }
}
