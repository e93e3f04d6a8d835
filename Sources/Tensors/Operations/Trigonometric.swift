// Circular and hyperbolic functions, in radians, and the error function.

extension Operation {
  static let trigonometric = [sin, cos, tan, tanh, erf]

  package static let sin: Operation = unary(
    "sin", .sin, "The sine of an angle in radians.",
    derivative: { f throws(TensorError) in try cos(f.a) * f.dy })

  package static let cos: Operation = unary(
    "cos", .cos, "The cosine of an angle in radians.",
    derivative: { f throws(TensorError) in try -(sin(f.a) * f.dy) })

  package static let tan: Operation = unary(
    "tan", .tan, "The tangent of an angle in radians.", domain: .unitInterval,
    derivative: { f throws(TensorError) in try (1 + square(f.y)) * f.dy })

  package static let tanh: Operation = unary(
    "tanh", .tanh, "The hyperbolic tangent, from -1 to 1.",
    derivative: { f throws(TensorError) in try (1 - square(f.y)) * f.dy })

  package static let erf: Operation = unary(
    "erf", .erf, "The error function 2/√π · ∫₀ˣ exp(-s²) ds.",
    derivative: { f throws(TensorError) in
      try 2 / Double.pi.squareRoot() * exp(-square(f.a)) * f.dy
    })
}
