// Functions of each element: powers, exponentials, angles, rounding, conditions.

extension Function {
  static let elementary: [Function] = [
    Function(.exp, ["x"]),
    Function(.log, aliases: ["ln"], ["x"]),
    Function(.log1p, ["x"]),
    Function(.expm1, ["x"]),
    Function(.squareRoot, ["x"]),
    Function(.square, ["x"]),
    Function(.absolute, ["x"]),
    Function(.sign, ["x"]),
    Function(.sin, ["x"]),
    Function(.cos, ["x"]),
    Function(.tan, ["x"]),
    Function(.tanh, ["x"]),
    Function(.erf, ["x"]),
    Function(.floor, ["x"]),
    Function(.ceil, ["x"]),
    Function(.round, ["x"]),
    Function(.float32, ["x"]),
    Function(.power, aliases: ["pow"], ["x", "y"]),
    Function(.select, ["condition", "x", "y"]),
    Function(.stopGradient, ["x"]),
    Function(.straightThrough, ["value", "x"]),
    Function(
      "clip", aliases: ["clamp"],
      [.tensor("x"), .tensor("low", .absent), .tensor("high", .absent)],
      "x, but low where it is below that and high where it is above; the gradient passes where x"
        + " is between them, the bounds included.",
      formula: "where(x < low, low, where(x > high, high, x))"
    ) { call throws(TensorError) in
      let x = try call["x"]
      var result = x
      if let high = try call.optional("high") { result = try select(x.isAbove(high), high, x) }
      if let low = try call.optional("low") { result = try select(x.isBelow(low), low, result) }
      return result
    },
  ]
}
