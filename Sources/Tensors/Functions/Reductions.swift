// Functions that fold axes. Without axis= they fold all; keepdims=true keeps the folded axes with
// size 1.

extension Function {
  static let reductions: [Function] = [
    reduction("sum", "The sum of the elements.") { x, axes, keep throws(TensorError) in
      try x.sum(axes, keeping: keep)
    },
    reduction("prod", "The product of the elements.") { x, axes, keep throws(TensorError) in
      try x.then(.product, Attributes(integers: axes, flag: keep))
    },
    Function(
      "prod_others", [.tensor("x"), .axes()], Operation.productOfOthers.summary
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try x.then(.productOfOthers, Attributes(integers: call.axes(of: x)))
    },
    reduction("mean", "The sum of the elements divided by their number.", formula: "sum(x)/size(x)")
    { x, axes, keep throws(TensorError) in
      try x.mean(axes, keeping: keep)
    },
    Function(
      "var", [.tensor("x"), .axes(), .integer("ddof", .integers([0])), .flag("keepdims")],
      "The variance: the sum of squared differences from the mean, divided by n - ddof. ddof=0, the"
        + " default, is NumPy's; PyTorch's is ddof=1.",
      formula: "sum((x - mean(x))^2)/(size(x) - ddof)", variance),
    Function(
      "std", [.tensor("x"), .axes(), .integer("ddof", .integers([0])), .flag("keepdims")],
      "The standard deviation: the square root of the variance, which divides by n - ddof. ddof=0,"
        + " the default, is NumPy's; PyTorch's is ddof=1. Where it is 0 its slope is taken as 0.",
      formula: "sqrt(var(x, ddof=ddof))"
    ) { call throws(TensorError) in
      // As a length, whose slope at 0 is taken as 0, as PyTorch takes that of std.
      let (gaps, freedom, axes) = try gapsFromMean(call)
      let settings = Attributes(integers: axes, flag: call.flag("keepdims"))
      return try gaps.then(.norm, settings) / freedom.squareRoot()
    },
    extreme(
      "max", .largest, .maximum, "The largest element; max(a, b) is the larger of each pair."),
    extreme(
      "min", .smallest, .minimum, "The smallest element; min(a, b) is the smaller of each pair."),
    place(.argmax),
    place(.argmin),
    Function(
      "norm", [.tensor("x"), .number("ord", .number(2)), .axes(), .flag("keepdims")],
      "The length of all elements taken as one vector: the square root of the sum of squares. ord=1"
        + " is the sum of absolute values, ord=inf the largest of them."
    ) { call throws(TensorError) in
      let x = try call["x"]
      let settings = Attributes(integers: try call.axes(of: x), flag: call.flag("keepdims"))
      switch try call.number("ord") {
      case 1: return try abs(x).then(.sum, settings)
      case 2: return try x.then(.norm, settings)
      case .infinity: return try abs(x).then(.largest, settings)
      case let order where order > 0 && order.isFinite:
        return try abs(x).power(order).then(.sum, settings).power(1 / order)
      default: throw call.invalid("ord is to be above 0")
      }
    },
    Function(
      "logsumexp", [.tensor("x"), .axes("axis", .integers([-1])), .flag("keepdims")],
      "The natural logarithm of the sum of exp(x) along an axis, without overflow.",
      formula: "log(sum(exp(x), axis=axis))"
    ) { call throws(TensorError) in
      let x = try call["x"]
      let axis = try call.axis(of: x.shape)
      return try x.then(.logSumExp, Attributes(integers: [axis], flag: call.flag("keepdims")))
    },
    reduction(
      "count", "How many elements are not 0: of a condition, how often it holds.",
      formula: "sum(x != 0)"
    ) { x, axes, keep throws(TensorError) in
      try Operation.notEqual(x, 0).sum(axes, keeping: keep)
    },
    reduction("any", "1 if any element is not 0.", formula: "max(x != 0)") {
      x, axes, keep throws(TensorError) in
      try Operation.notEqual(x, 0).sum(axes, keeping: keep).isAbove(0)
    },
    reduction("all", "1 if no element is 0.", formula: "min(x != 0)") {
      x, axes, keep throws(TensorError) in
      try x.equals(0).sum(axes, keeping: keep).equals(0)
    },
  ]

  private static func reduction(
    _ name: String, _ summary: String, formula: String? = nil,
    _ body: @escaping @Sendable (Term, [Int], Bool) throws(TensorError) -> Term
  ) -> Function {
    Function(name, [.tensor("x"), .axes(), .flag("keepdims")], summary, formula: formula) {
      call throws(TensorError) in
      let x = try call["x"]
      return try body(x, call.axes(of: x), call.flag("keepdims"))
    }
  }

  @Sendable private static func variance(_ call: FunctionCall) throws(TensorError) -> Term {
    let (gaps, freedom, axes) = try gapsFromMean(call)
    return try square(gaps).sum(axes, keeping: call.flag("keepdims")) / freedom
  }

  /// The differences from the mean, and n - ddof.
  private static func gapsFromMean(_ call: FunctionCall) throws(TensorError) -> (
    Term, Double, [Int]
  ) {
    let x = try call["x"]
    let axes = try call.axes(of: x)
    let freedom = try Double(x.shape.count(over: axes)) - Double(call.integer("ddof"))
    guard freedom > 0 else {
      throw call.invalid("there are too few elements: n - ddof is not above 0")
    }
    return (try x - x.mean(axes, keeping: true), freedom, axes)
  }

  private static func extreme(
    _ name: String, _ fold: Operation, _ pair: Operation, _ summary: String
  ) -> Function {
    Function(
      name, [.tensor("x"), .tensor("y", .absent), .axes(), .flag("keepdims")],
      summary + " Equal ones share the gradient."
    ) { call throws(TensorError) in
      let x = try call["x"]
      if let y = try call.optional("y") { return try pair(x, y) }
      return try x.then(
        fold, Attributes(integers: call.axes(of: x), flag: call.flag("keepdims")))
    }
  }

  private static func place(_ operation: Operation) -> Function {
    Function(
      operation.name, [.tensor("x"), .axes(), .flag("keepdims")],
      operation.summary + " Without axis, of all elements in row-major order."
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try x.then(
        operation, Attributes(integers: call.axes(of: x), flag: call.flag("keepdims")))
    }
  }
}
