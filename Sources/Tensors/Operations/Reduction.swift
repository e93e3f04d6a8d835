// Reductions: sums, products, extremes over axes. `attributes.integers` holds the axes, counted from
// the end; none listed means all; `attributes.flag` keeps them with size 1.

extension Operation {
  static let reductions = [sum, largest, smallest, product, productOfOthers, norm]

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
        allowsEmpty
          ? try inputs[0].reduced(settings.integers, keeping: settings.flag)
          : try extremeShape(name, inputs[0], settings)
      },
      linearInputs: linearInputs,
      simplification: { graph, x, _ in graph[x[0]].shape.isScalar ? x[0] : nil },
      pullback: { f, _ throws(TensorError) in try derivative(f) })
  }
}

extension Operation {
  /// The shape of a reduction that has no value where there is nothing to reduce.
  @Sendable static func extremeShape(
    _ name: String, _ shape: Shape, _ settings: Attributes
  ) throws(TensorError) -> Shape {
    let result = try shape.reduced(settings.integers, keeping: settings.flag)
    guard shape.count > 0 || result.count == 0 else {
      throw .invalid(operation: name, message: "there are no elements in \(shape)", help: nil)
    }
    return result
  }
}

// MARK: - Norm

extension Operation {
  /// Its slope at 0 is taken as 0, as in PyTorch.
  package static let norm: Operation = Operation(
    "norm", arity: 1,
    summary: "The square root of the sum of squares. Its slope where it is 0 is taken as 0.",
    kernel: .composite { x, settings throws(TensorError) in
      try squareRoot(square(x[0]).then(.sum, settings))
    },
    shape: { inputs, settings throws(TensorError) in
      try inputs[0].reduced(settings.integers, keeping: settings.flag)
    },
    type: ElementType.real,
    pullback: { f, _ throws(TensorError) in
      let length = try f.y.unreduced(f)
      return try select(length.equals(0), 0, f.a / length) * f.dy.unreduced(f)
    })
}

// MARK: - Formulas

extension Term {
  func sum(_ axes: [Int] = [], keeping: Bool = false) throws(TensorError) -> Term {
    try then(.sum, Attributes(integers: axes, flag: keeping))
  }

  /// The division carries a flag, by which it is told from a sum that is divided by a number that
  /// happens to be the count: it is printed as a mean.
  func mean(_ axes: [Int] = [], keeping: Bool = false) throws(TensorError) -> Term {
    let count = builder.constant(Double(try shape.count(over: axes)))
    return try builder.apply(
      .divide, [sum(axes, keeping: keeping), count], Attributes(flag: true))
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
