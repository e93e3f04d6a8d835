// Reductions: sums, products, extremes over axes. `attributes.integers` holds the axes, counted from
// the end; none listed means all; `attributes.flag` keeps them with size 1.

extension Operation {
  static let reductions = [sum, largest, smallest, product, productOfOthers, norm, argmax, argmin]

  package static let sum: Operation = reduction(
    "sum", .sum, "The sum of the elements.", linearInputs: 1, allowsEmpty: true
  ) { f throws(TensorError) in
    try f.dy.unreduced(f).broadcast(to: f.a.shape)
  }

  package static let largest: Operation = reduction(
    "max", .max, "The largest element; ties share its gradient equally."
  ) { f throws(TensorError) in
    try shared(f)
  }

  package static let smallest: Operation = reduction(
    "min", .min, "The smallest element; ties share its gradient equally."
  ) { f throws(TensorError) in
    try shared(f)
  }

  /// A gradient divided among the elements that are equal to the result.
  private static func shared(_ f: Application) throws(TensorError) -> Term {
    let tied = try f.a.equals(f.y.unreduced(f))
    return try tied / tied.sum(f.attributes.integers, keeping: true) * f.dy.unreduced(f)
  }

  package static let product: Operation = reduction(
    "prod", .product, "The product of the elements.", allowsEmpty: true
  ) { f throws(TensorError) in
    try f.a.then(.productOfOthers, Attributes(integers: f.attributes.integers))
      * f.dy.unreduced(f)
  }

  /// The derivative of `prod`, right also where elements are 0; its own derivative is NaN there.
  package static let productOfOthers: Operation = Operation(
    "prod_others", arity: 1, summary: "For each element the product of all the others.",
    kernel: .general { call in
      let shape = call.inputShapes[0]
      let groups = shape.strides(folding: call.attributes.integers)
      // What comes before an element, times what comes after it.
      var sofar = [Double](repeating: 1, count: shape.count)
      shape.forEachOffset(groups) { index, group in
        call.output[index] = sofar[group]
        sofar[group] *= call.inputs[0][index]
      }
      var places = [Int](repeating: 0, count: shape.count)
      shape.forEachOffset(groups) { index, group in places[index] = group }
      sofar = [Double](repeating: 1, count: shape.count)
      for index in places.indices.reversed() {
        call.output[index] *= sofar[places[index]]
        sofar[places[index]] *= call.inputs[0][index]
      }
    },
    shape: { inputs, settings throws(TensorError) in
      _ = try inputs[0].axesFromEnd(settings.integers)
      return inputs[0]
    },
    pullback: { f, _ throws(TensorError) in
      let all = try (f.y * f.dy).sum(f.attributes.integers, keeping: true)
      return try (all - f.y * f.dy) / f.a
    })

  private static func reduction(
    _ name: String, _ reduction: Reduction, _ summary: String, linearInputs: Int = 0,
    allowsEmpty: Bool = false, derivative: @escaping Derivative
  ) -> Operation {
    Operation(
      name, arity: 1, summary: summary, kernel: .reduce(reduction),
      shape: { inputs, settings throws(TensorError) in
        let result = try inputs[0].reduced(settings.integers, keeping: settings.flag)
        if !allowsEmpty, inputs[0].count == 0, result.count > 0 {
          throw .invalid(
            operation: name, message: "there are no elements in \(inputs[0])", help: nil)
        }
        return result
      },
      linearInputs: linearInputs,
      simplification: { graph, x, _ in graph[x[0]].shape.isScalar ? x[0] : nil },
      pullback: { f, _ throws(TensorError) in try derivative(f) })
  }
}

// MARK: - Norm

extension Operation {
  /// Its slope at 0 is taken as 0, as in PyTorch.
  package static let norm: Operation = Operation(
    "norm", arity: 1,
    summary: "The square root of the sum of squares. Its slope where it is 0 is taken as 0.",
    kernel: .general { call in
      foldGroups(call) { group in
        var total = 0.0
        for x in group { total += x * x }
        return total.squareRoot()
      }
    },
    shape: { inputs, settings throws(TensorError) in
      try inputs[0].reduced(settings.integers, keeping: settings.flag)
    },
    type: ElementType.real,
    pullback: { f, _ throws(TensorError) in
      let length = try f.y.unreduced(f)
      return try select(length.equals(0), 0, f.a / length) * f.dy.unreduced(f)
    })

  package static let argmax: Operation = place(
    "argmax", "The index of the largest element; the first of ties."
  ) {
    $0 > $1
  }
  package static let argmin: Operation = place(
    "argmin", "The index of the smallest element; the first of ties."
  ) {
    $0 < $1
  }

  /// NaN wins, so that it does not stay hidden.
  private static func place(
    _ name: String, _ summary: String, _ beats: @escaping @Sendable (Double, Double) -> Bool
  ) -> Operation {
    Operation(
      name, arity: 1, summary: summary,
      kernel: .general { call in
        foldGroups(call) { group in
          var best = 0
          for i in group.indices.dropFirst() where !group[best].isNaN {
            if group[i].isNaN || beats(group[i], group[best]) { best = i }
          }
          return Double(best)
        }
      },
      shape: { inputs, settings throws(TensorError) in
        if inputs[0].count == 0 {
          throw .invalid(
            operation: name, message: "there are no elements in \(inputs[0])", help: nil)
        }
        return try inputs[0].reduced(settings.integers, keeping: settings.flag)
      },
      type: ElementType.whole, pullback: nil)
  }

  /// Folds each group of elements that the reduced axes bring together, in row-major order.
  private static func foldGroups(_ call: KernelCall, _ fold: ([Double]) -> Double) {
    let shape = call.inputShapes[0]
    var groups = [[Double]](repeating: [], count: call.outputShape.count)
    shape.forEachOffset(shape.strides(folding: call.attributes.integers)) { index, group in
      groups[group].append(call.inputs[0][index])
    }
    for (index, group) in groups.enumerated() { call.output[index] = fold(group) }
  }
}

// MARK: - Formulas

extension Term {
  func sum(_ axes: [Int] = [], keeping: Bool = false) throws(TensorError) -> Term {
    try then(.sum, Attributes(integers: axes, flag: keeping))
  }

  func mean(_ axes: [Int] = [], keeping: Bool = false) throws(TensorError) -> Term {
    try sum(axes, keeping: keeping) / Double(shape.count(over: axes))
  }

  func largest(_ axes: [Int] = [], keeping: Bool = false) throws(TensorError) -> Term {
    try then(.largest, Attributes(integers: axes, flag: keeping))
  }

  /// A reduction's result with the reduced axes put back as size 1.
  func unreduced(_ application: Application) throws(TensorError) -> Term {
    try reshaped(
      application.a.shape.reduced(application.attributes.integers, keeping: true))
  }
}
