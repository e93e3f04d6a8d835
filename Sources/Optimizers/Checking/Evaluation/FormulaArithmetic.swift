// Arithmetic on values, and on the tape beside it where there is one: what has no operation there is not
// understood, so that nothing is taken for a constant that is none.

import Diagnostics
import Notation
import Tensors

/// An operation on two numbers, by its sign.
struct FormulaOperator {
  let sign: String
  let operation: Operation
  let run: (Double, Double) -> Double

  static var plus: FormulaOperator { FormulaOperator(sign: "+", operation: .add, run: +) }
  static var minus: FormulaOperator { FormulaOperator(sign: "-", operation: .subtract, run: -) }
  static var times: FormulaOperator { FormulaOperator(sign: "·", operation: .multiply, run: *) }
  static var over: FormulaOperator { FormulaOperator(sign: "/", operation: .divide, run: /) }
  static var power: FormulaOperator {
    FormulaOperator(sign: "a power", operation: .power, run: FormulaFunctions.power)
  }
  static func extreme(_ name: String) -> FormulaOperator {
    name == "max"
      ? FormulaOperator(sign: name, operation: .maximum, run: FormulaFunctions.larger)
      : FormulaOperator(sign: name, operation: .minimum, run: FormulaFunctions.smaller)
  }
}

extension FormulaEvaluator {
  /// - Parameter what: what is taken where numbers give none: “the root of a negative number”.
  func mapped(
    _ x: FormulaValue, _ operation: Operation?, _ what: String, _ span: Span,
    _ run: (Double) -> Double
  ) throws(FormulaFailure) -> FormulaValue {
    var result = x.map(run)
    if !isTotal, x.isFinite, !result.isFinite { throw .undefined("\(what) is taken here", span) }
    guard let tape, let nodes = x.nodes else { return result }
    guard let operation else { throw .notUnderstood("there is no operation for it", span) }
    var all: [NodeID] = []
    for node in nodes { all.append(try tape.apply(operation, [node], span)) }
    result.nodes = all
    return result
  }

  /// Element by element; a number goes with anything.
  func pair(
    _ a: FormulaValue, _ b: FormulaValue, _ sign: FormulaOperator, _ span: Span
  ) throws(FormulaFailure) -> FormulaValue {
    guard var result = a.combined(with: b, sign.run) else {
      throw .shape(
        "\(a.shapeText) and \(b.shapeText) do not fit together in \(sign.sign)", span)
    }
    guard let tape, a.nodes != nil || b.nodes != nil else { return result }
    let (x, y) = (tape.nodes(a), tape.nodes(b))
    var all: [NodeID] = []
    for place in result.elements.indices {
      all.append(
        try tape.apply(
          sign.operation, [x[x.count == 1 ? 0 : place], y[y.count == 1 ? 0 : place]], span))
    }
    result.nodes = all
    return result
  }

  /// A sum; a bias is added to every row of a matrix.
  func added(_ a: FormulaValue, _ b: FormulaValue, _ span: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    guard a.dimensions.count == 2, b.isVector, a.dimensions[1] == b.elements.count,
      a.dimensions[0] != b.elements.count
    else { return try pair(a, b, .plus, span) }
    let rows = (0..<a.dimensions[0]).map { _ in b }
    return try pair(a, stacked(rows, a.dimensions), .plus, span)
  }

  func quotient(_ a: FormulaValue, _ b: FormulaValue, _ below: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    if !isTotal, b.elements.contains(0) { throw .undefined(FormulaEvaluator.zeroDivisor, below) }
    return try pair(a, b, .over, below)
  }

  /// a · b, the inner product of two vectors.
  func dotted(_ a: FormulaValue, _ b: FormulaValue, _ span: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    guard var result = a.innerProduct(b) else { return try multiplied(a, b, span) }
    guard let tape, a.nodes != nil || b.nodes != nil else { return result }
    result.nodes = [try tape.inner(tape.nodes(a), tape.nodes(b), span)]
    return result
  }

  func multiplied(_ a: FormulaValue, _ b: FormulaValue, _ span: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    if a.isScalar || b.isScalar { return try pair(a, b, .times, span) }
    guard !a.makesTooMuch(with: b) else { throw .tooLong(span) }
    guard var result = a.matrixProduct(b), let (m, n) = a.size, let (_, q) = b.size else {
      throw .shape(
        "\(a.shapeText) and \(b.shapeText) do not fit together in a product", span)
    }
    guard let tape, a.nodes != nil || b.nodes != nil else { return result }
    let (x, y) = (tape.nodes(a), tape.nodes(b))
    var all: [NodeID] = []
    for i in 0..<m {
      for j in 0..<q {
        let column = (0..<n).map { y[$0 * q + j] }
        all.append(try tape.inner(Array(x[(i * n)..<(i * n + n)]), column, span))
      }
    }
    result.nodes = all
    return result
  }

  func total(_ x: FormulaValue, _ span: Span) throws(FormulaFailure) -> FormulaValue {
    var result = FormulaValue(x.sum)
    if let tape, let nodes = x.nodes { result.nodes = [try tape.sum(nodes, span)] }
    return result
  }

  func norm(_ x: FormulaValue, _ order: Double, isSquared: Bool, _ span: Span)
    throws(FormulaFailure) -> FormulaValue
  {
    guard order == 2 else {
      guard x.nodes == nil else { throw .notUnderstood("there is no operation for it", span) }
      let norm = x.norm(order)
      return FormulaValue(isSquared ? norm * norm : norm)
    }
    let squares = try total(
      try mapped(x, .square, FormulaEvaluator.overflow, span) { $0 * $0 }, span)
    return isSquared
      ? squares
      : try mapped(squares, .squareRoot, FormulaEvaluator.overflow, span) { $0.squareRoot() }
  }

  /// A value with a power or a transpose above it.
  func power(_ base: FormulaValue, _ upper: Math, _ span: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    if upper.isTranspose {
      // x^T of a number is a power where T is one.
      guard base.isScalar, let steps = try? value(upper), steps.isScalar else {
        return base.transposed
      }
      return try pair(base, steps, .power, span)
    }
    if case .mark("circ") = upper.kind, base.isScalar {
      // 30° in radians.
      return try pair(base, FormulaValue(Double.pi / 180), .times, span)
    }
    if case .mark = upper.kind { throw .notUnderstood("this superscript is not read", upper.span) }
    let exponent = try value(upper).simplified
    // Of each element, where all of them are gathered; A⁻¹ is the inverse there too.
    let isSquare = base.dimensions.count == 2 && base.dimensions[0] == base.dimensions[1]
    if base.dimensions.count == 2, !isGathering || isSquare && exponent.scalar == -1 {
      guard exponent.scalar == -1, base.nodes == nil else {
        throw .notUnderstood("the power of a matrix may be meant in two ways", span)
      }
      guard let inverse = base.inverse else {
        throw .undefined("this matrix is singular", span)
      }
      return inverse
    }
    if exponent.scalar == 2, exponent.nodes == nil {
      return try mapped(base, .square, FormulaEvaluator.overflow, span) {
        FormulaFunctions.power($0, 2)
      }
    }
    if !isTotal, exponent.elements.contains(where: { $0 < 0 }), base.elements.contains(0) {
      throw .undefined(FormulaEvaluator.zeroDivisor, span)
    }
    let result = try pair(base, exponent, .power, span)
    if !isTotal, base.isFinite, exponent.isFinite, !result.isFinite {
      let isRoot = result.elements.contains(where: \.isNaN)
      let what = isRoot ? "the root of a negative number" : FormulaEvaluator.overflow
      throw .undefined("\(what) is taken here", span)
    }
    return result
  }

  /// A function of the table.
  func applied(
    _ function: FormulaFunction, _ name: String, _ arguments: [FormulaValue], _ span: Span
  ) throws(FormulaFailure) -> FormulaValue {
    // softmax(2, 1, 0.1) is of one vector.
    if arguments.count > 1, !function.takes.contains(arguments.count),
      FormulaFunctions.reducing.contains(FormulaFunctions.canonical(name)),
      arguments.allSatisfy(\.isScalar)
    {
      return try applied(function, name, [stacked(arguments, [arguments.count])], span)
    }
    guard function.takes.contains(arguments.count) else {
      throw .notUnderstood("\(name) is not read with \(arguments.count) arguments", span)
    }
    guard let result = function.body(arguments) else {
      let shapes = arguments.map(\.shapeText).joined(separator: " and ")
      throw .shape("\(name) is not worked out for \(shapes)", span)
    }
    if !isTotal, !result.isFinite, arguments.allSatisfy(\.isFinite) {
      throw .undefined("\(name) of a number it is not defined for is taken here", span)
    }
    guard tape != nil, arguments.contains(where: { $0.nodes != nil }) else { return result }
    let x = arguments[0]
    if let scalar = function.scalar {
      return try mapped(x, function.operation, FormulaEvaluator.overflow, span, scalar)
    }
    switch FormulaFunctions.canonical(name) {
    case "max" where arguments.count > 1, "min" where arguments.count > 1:
      var extreme = x
      for next in arguments.dropFirst() {
        extreme = try pair(extreme, next, .extreme(FormulaFunctions.canonical(name)), span)
      }
      return extreme
    case "sum": return try total(x, span)
    case "mean":
      return try pair(try total(x, span), FormulaValue(Double(x.elements.count)), .over, span)
    case "norm": return try norm(x, 2, isSquared: false, span)
    case "softmax" where x.dimensions.count == 1:
      let powers = try mapped(
        x, .exp, FormulaEvaluator.overflow, span, FormulaFunctions.exponential)
      return try pair(powers, try total(powers, span), .over, span)
    default: throw .notUnderstood("there is no operation for it", span)
    }
  }

  /// Values of one shape one after another: the rows of a matrix, the elements of a vector.
  func stacked(_ parts: [FormulaValue], _ dimensions: [Int]) -> FormulaValue {
    var result = FormulaValue(parts.flatMap(\.elements), dimensions: dimensions)
    if let tape, parts.contains(where: { $0.nodes != nil }) {
      result.nodes = parts.flatMap(tape.nodes)
    }
    return result
  }
}
