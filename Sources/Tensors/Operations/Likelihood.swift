// The terms of log-likelihood losses that need care near 0 and 1. Operands have equal shapes.

extension Operation {
  static let likelihood = [xlogy, bernoulliLoss, logitLoss]

  package static let xlogy: Operation = pairwise(
    "xlogy", "x·log(y), and 0 where x is 0.", domain: .each([.positive, .positive]),
    { x, y in x == 0 && !y.isNaN ? 0 : x * Opcode.log.apply(y) },
    left: { f throws(TensorError) in
      try select(f.b.equals(0), 0, log(f.b)) * f.dy
    },
    right: { f throws(TensorError) in try f.a / f.b * f.dy })

  /// As in PyTorch, no logarithm counts for less than -100, and the slope's denominator for no less
  /// than 1e-12.
  package static let bernoulliLoss: Operation = pairwise(
    "bernoulli_loss", "-y·log(p) - (1 - y)·log(1 - p), with logarithms of at least -100.",
    domain: .each([.unitInterval, .unitInterval]),
    { p, y in
      let yes = Swift.max(Opcode.log.apply(p), -100)
      let no = Swift.max(Opcode.log1p.apply(-p), -100)
      return -(y * yes) - (1 - y) * no
    },
    left: { f throws(TensorError) in
      try (f.a - f.b) / maximum(f.a * (1 - f.a), 1e-12) * f.dy
    },
    right: { f throws(TensorError) in try (log1p(-f.a) - log(f.a)) * f.dy })

  package static let logitLoss: Operation = pairwise(
    "logit_loss", "log(1 + exp(z)) - y·z, the Bernoulli loss of p = sigmoid(z), without overflow.",
    { z, y in
      Swift.max(z, 0) - z * y + Opcode.log1p.apply(Opcode.exp.apply(-z.magnitude))
    },
    left: { f throws(TensorError) in try (sigmoid(f.a) - f.b) * f.dy },
    right: { f throws(TensorError) in try -(f.a * f.dy) })

  private static func pairwise(
    _ name: String, _ summary: String, domain: SamplingDomain = .real,
    _ function: @escaping @Sendable (Double, Double) -> Double,
    left: @escaping Derivative, right: @escaping Derivative
  ) -> Operation {
    Operation(
      name, arity: 2, summary: summary,
      kernel: .general { call in
        for i in call.output.indices {
          call.output[i] = function(call.inputs[0][i], call.inputs[1][i])
        }
      },
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
