// Softmax and its logarithm along one axis, without overflow: the largest element is taken off first.
// Attributes: the axis.

extension Operation {
  static let softmaxes = [softmax, logSoftmax, logSumExp]

  package static let softmax: Operation = alongAxis(
    "softmax", "exp(x) divided by its sum along an axis: positive numbers that add up to 1.",
    formula: { x, axes throws(TensorError) in
      let powers = try exp(x - x.largest(axes, keeping: true))
      return try powers / powers.sum(axes, keeping: true)
    },
    derivative: { f throws(TensorError) in
      try f.y * (f.dy - (f.y * f.dy).sum(f.attributes.integers, keeping: true))
    })

  package static let logSoftmax: Operation = alongAxis(
    "log_softmax", "The natural logarithm of softmax: x less the logarithm of the sum of exp(x).",
    formula: { x, axes throws(TensorError) in
      let lowered = try x - x.largest(axes, keeping: true)
      return try lowered - log(exp(lowered).sum(axes, keeping: true))
    },
    derivative: { f throws(TensorError) in
      try f.dy - f.a.then(.softmax, f.attributes)
        * f.dy.sum(f.attributes.integers, keeping: true)
    })

  /// Attributes also: flag keeps the axis with size 1.
  package static let logSumExp: Operation = Operation(
    "logsumexp", arity: 1, summary: "The natural logarithm of the sum of exp(x) along an axis.",
    kernel: .composite { x, settings throws(TensorError) in
      let axes = settings.integers
      let largest = try x[0].largest(axes, keeping: true)
      // Of an infinite one nothing can be taken off.
      let top = try select(absolute(largest).equals(.infinity), 0, largest)
      let total = try log(exp(x[0] - top).sum(axes, keeping: true)) + top
      return try total.reshaped(x[0].shape.reduced(axes, keeping: settings.flag))
    },
    shape: { inputs, settings throws(TensorError) in
      try extremeShape("logsumexp", inputs[0], settings)
    },
    type: ElementType.real,
    pullback: { f, _ throws(TensorError) in
      try f.a.then(.softmax, Attributes(integers: f.attributes.integers)) * f.dy.unreduced(f)
    })

  private static func alongAxis(
    _ name: String, _ summary: String,
    formula: @escaping @Sendable (Term, [Int]) throws(TensorError) -> Term,
    derivative: @escaping Derivative
  ) -> Operation {
    Operation(
      name, arity: 1, summary: summary,
      kernel: .composite { x, settings throws(TensorError) in
        try formula(x[0], settings.integers)
      },
      shape: { inputs, settings throws(TensorError) in
        _ = try extremeShape(name, inputs[0], settings)
        return inputs[0]
      },
      type: ElementType.real, pullback: { f, _ throws(TensorError) in try derivative(f) })
  }
}
