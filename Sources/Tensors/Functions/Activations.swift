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
    Function(
      "gelu", [.tensor("x")],
      "x times the probability that a standard normal variable is below x: the exact form.",
      formula: "x*(1 + erf(x/sqrt(2)))/2"
    ) { call throws(TensorError) in
      let x = try call["x"]
      return try x * (1 + erf(x / 2.0.squareRoot())) / 2
    },
    Function(
      "silu", aliases: ["swish"], [.tensor("x")], "x·sigmoid(x).", formula: "x*sigmoid(x)"
    ) { call throws(TensorError) in try call["x"] * sigmoid(call["x"]) },
  ]
}
