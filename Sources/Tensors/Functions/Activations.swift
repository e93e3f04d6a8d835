// Activation functions of neural networks.

extension Function {
  static let activations: [Function] = [
    Function(.sigmoid, aliases: ["logistic"], ["x"]),
    Function(.softplus, ["x"]),
    Function(.relu, ["x"]),
    Function(
      "leaky_relu", [.tensor("x"), .tensor("slope", .number(0.01))],
      "x where it is positive, slope·x elsewhere; at 0 its derivative is taken as slope.",
      formula: "where(x > 0, x, slope*x)"
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try select(x.isAbove(0), x, call["slope"] * x)
    },
    Function(
      "elu", [.tensor("x"), .tensor("alpha", .number(1))],
      "x where it is positive, alpha·(exp(x) - 1) elsewhere.",
      formula: "where(x > 0, x, alpha*expm1(min(x, 0)))"
    ) { call throws(TensorError) in
      let x = try call["x"]
      // Where x is positive the exponential is not used; kept at 0 it cannot overflow there.
      let below = try select(x.isAbove(0), 0, x)
      return try select(x.isAbove(0), x, call["alpha"] * Operation.expm1(below))
    },
    alongAxis(.softmax),
    alongAxis(.logSoftmax),
    Function(
      "dropout",
      [.tensor("x"), .number("rate", .number(0.5)), .tensor("seed", .number(0))],
      "Each element is 0 with the probability rate, else divided by 1 - rate, which keeps the mean;"
        + " seed=t draws anew at each step.",
      formula: "where(rand(shape) < rate, 0, x/(1 - rate))", isRandom: true
    ) { call throws(TensorError) in
      let x = try call["x"]
      let rate = try call.number("rate")
      guard rate >= 0, rate < 1 else { throw call.invalid("the rate is at least 0 and below 1") }
      let draws = try call.random(.uniform, x.shape)
      return try select(draws.isBelow(draws.builder.constant(rate)), 0, x / (1 - rate))
    },
    Function(
      "gelu", [.tensor("x")],
      "x times the probability that a standard normal variable is below x: the exact form.",
      formula: "0.5*x*(1 + erf(x/sqrt(2)))"
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    },
    Function(
      "silu", aliases: ["swish"], [.tensor("x")], "x·sigmoid(x).", formula: "x*sigmoid(x)"
    ) { call throws(TensorError) in try call["x"] * sigmoid(call["x"]) },
  ]

  private static func alongAxis(_ operation: Operation) -> Function {
    Function(
      operation.name, [.tensor("x"), .axes("axis", .integers([-1]))], operation.summary
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try x.then(operation, Attributes(integers: [call.axis(of: x.shape)]))
    }
  }
}
