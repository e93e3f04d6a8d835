// The terms of log-likelihood losses that need care near 0 and 1. Operands have equal shapes.

extension Operation {
  static let likelihood = [xlogy, bernoulliLoss, logitLoss]

  package static let xlogy: Operation = pairwise(
    "xlogy", "x·log(y), and 0 where x is 0.", domain: .each([.positive, .positive]),
    { x, y throws(TensorError) in try select(x.equals(0), 0, x * log(y)) },
    left: { f throws(TensorError) in try select(f.b.equals(0), 0, log(f.b)) * f.dy },
    right: { f throws(TensorError) in try select(f.a.equals(0), 0, f.a / f.b) * f.dy })

  /// As in PyTorch, no logarithm counts for less than -100, and the slope's denominator for no less
  /// than the float32 number nearest to 1e-12.
  package static let bernoulliLoss: Operation = pairwise(
    "bernoulli_loss", "-y·log(p) - (1 - y)·log(1 - p), with logarithms of at least -100.",
    domain: .each([.unitInterval, .unitInterval]),
    { p, y throws(TensorError) in
      try -(y * maximum(log(p), -100)) - (1 - y) * maximum(log1p(-p), -100)
    },
    left: { f throws(TensorError) in
      try (f.a - f.b) / maximum(f.a * (1 - f.a), Double(1e-12 as Float)) * f.dy
    },
    right: { f throws(TensorError) in try (log1p(-f.a) - log(f.a)) * f.dy })

  package static let logitLoss: Operation = pairwise(
    "logit_loss", "log(1 + exp(z)) - y·z, the Bernoulli loss of p = sigmoid(z), without overflow.",
    { z, y throws(TensorError) in try relu(z) - z * y + log1p(exp(-absolute(z))) },
    left: { f throws(TensorError) in try (sigmoid(f.a) - f.b) * f.dy },
    right: { f throws(TensorError) in try -(f.a * f.dy) })

  private static func pairwise(
    _ name: String, _ summary: String, domain: SamplingDomain = .real,
    _ formula: @escaping @Sendable (Term, Term) throws(TensorError) -> Term,
    left: @escaping Derivative, right: @escaping Derivative
  ) -> Operation {
    Operation(
      name, arity: 2, summary: summary,
      kernel: .composite { x, _ throws(TensorError) in try formula(x[0], x[1]) },
      shape: { inputs, _ throws(TensorError) in
        guard inputs[0] == inputs[1] else {
          throw .shapeMismatch(operation: name, inputs[0], inputs[1])
        }
        return inputs[0]
      },
      type: ElementType.real, domain: domain,
      pullback: { f, operand throws(TensorError) in operand == 0 ? try left(f) : try right(f) })
  }
}
