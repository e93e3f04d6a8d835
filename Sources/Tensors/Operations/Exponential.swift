// Exponentials, logarithms and roots.

extension Operation {
  static let exponential = [exp, log, log1p, expm1, squareRoot]

  package static let exp: Operation = unary(
    "exp", .exp, "e to the power of each element.",
    derivative: { f throws(TensorError) in try f.y * f.dy })

  package static let log: Operation = unary(
    "log", .log, "The natural logarithm; -∞ at 0, NaN below.", domain: .positive,
    derivative: { f throws(TensorError) in try f.dy / f.a })

  package static let log1p: Operation = unary(
    "log1p", .log1p, "log(1 + x), exact for small x.", domain: .positive,
    derivative: { f throws(TensorError) in try f.dy / (1 + f.a) })

  package static let expm1: Operation = unary(
    "expm1", .expm1, "exp(x) - 1, exact for small x.",
    derivative: { f throws(TensorError) in try (f.y + 1) * f.dy })

  package static let squareRoot: Operation = unary(
    "sqrt", .squareRoot, "The square root; NaN below 0. Its slope at 0 is ∞.",
    notation: .prefix(symbol: "√"), domain: .positive,
    derivative: { f throws(TensorError) in try f.dy / (2 * f.y) })
}
