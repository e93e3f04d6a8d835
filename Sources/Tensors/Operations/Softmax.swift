// Softmax and its logarithm along one axis, without overflow. Attributes: the axis.

extension Operation {
  static let softmaxes = [softmax, logSoftmax, logSumExp]

  package static let softmax: Operation = alongAxis(
    "softmax", "exp(x) divided by its sum along an axis: positive numbers that add up to 1.",
    kernel: { x, y in
      let top = x.max() ?? 0
      var total = 0.0
      for i in x.indices {
        y[i] = Opcode.exp.apply(x[i] - top)
        total += y[i]
      }
      for i in y.indices { y[i] /= total }
    },
    derivative: { f throws(TensorError) in
      try f.y * (f.dy - (f.y * f.dy).sum(f.attributes.integers, keeping: true))
    })

  package static let logSoftmax: Operation = alongAxis(
    "log_softmax", "The natural logarithm of softmax: x less the logarithm of the sum of exp(x).",
    kernel: { x, y in
      let total = logOfSum(x)
      for i in x.indices { y[i] = (x[i] - total.top) - total.rest }
    },
    derivative: { f throws(TensorError) in
      try f.dy - f.a.then(.softmax, f.attributes)
        * f.dy.sum(f.attributes.integers, keeping: true)
    })

  /// Attributes also: flag keeps the axis with size 1.
  package static let logSumExp: Operation = Operation(
    "logsumexp", arity: 1, summary: "The natural logarithm of the sum of exp(x) along an axis.",
    kernel: .general { call in
      let lines = call.inputShapes[0].lines(call.attributes.integers.first ?? -1)
      for (place, start) in lines.starts.enumerated() {
        let total = logOfSum((0..<lines.count).map { call.inputs[0][start + $0 * lines.step] })
        call.output[place] = total.top + total.rest
      }
    },
    shape: { inputs, settings throws(TensorError) in
      try inputs[0].reduced(settings.integers, keeping: settings.flag)
    },
    type: ElementType.real,
    pullback: { f, _ throws(TensorError) in
      try f.a.then(.softmax, Attributes(integers: f.attributes.integers)) * f.dy.unreduced(f)
    })

  /// The logarithm of the sum of exp(x), as the largest element and what is to be added to it.
  private static func logOfSum(_ x: [Double]) -> (top: Double, rest: Double) {
    guard let top = x.max(), top.isFinite else { return (x.max() ?? -.infinity, 0) }
    var total = 0.0
    for element in x { total += Opcode.exp.apply(element - top) }
    return (top, Opcode.log.apply(total))
  }

  private static func alongAxis(
    _ name: String, _ summary: String,
    kernel: @escaping @Sendable ([Double], inout [Double]) -> Void,
    derivative: @escaping Derivative
  ) -> Operation {
    Operation(
      name, arity: 1, summary: summary,
      kernel: .general { call in
        let lines = call.inputShapes[0].lines(call.attributes.integers.first ?? -1)
        var x = [Double](repeating: 0, count: lines.count)
        var y = x
        for start in lines.starts {
          for i in x.indices { x[i] = call.inputs[0][start + i * lines.step] }
          kernel(x, &y)
          for i in y.indices { call.output[start + i * lines.step] = y[i] }
        }
      },
      shape: { inputs, settings throws(TensorError) in
        _ = try inputs[0].axesFromEnd(settings.integers)
        return inputs[0]
      },
      type: ElementType.real, pullback: { f, _ throws(TensorError) in try derivative(f) })
  }
}
