// + - * / ^ mod, the minus sign, squares, and the elementwise maximum and minimum.

extension Operation {
  static let arithmetic = [
    add, subtract, multiply, divide, power, modulo, negate, square, maximum, minimum,
  ]

  package static let add: Operation = binary(
    "add", .infix(symbol: "+"), .add, "The sum, element by element.",
    simplification: { graph, x, _ in
      graph.uniform(x[1]) == 0 ? x[0] : graph.uniform(x[0]) == 0 ? x[1] : nil
    },
    left: { $0.dy }, right: { $0.dy })

  package static let subtract: Operation = binary(
    "subtract", .infix(symbol: "-"), .subtract, "The difference, element by element.",
    simplification: { graph, x, _ in graph.uniform(x[1]) == 0 ? x[0] : nil },
    left: { $0.dy }, right: { f throws(TensorError) in try -f.dy })

  package static let multiply: Operation = binary(
    "multiply", .infix(symbol: "*"), .multiply, "The product, element by element.",
    simplification: { graph, x, _ in
      graph.uniform(x[1]) == 1 ? x[0] : graph.uniform(x[0]) == 1 ? x[1] : nil
    },
    left: { f throws(TensorError) in try f.b * f.dy },
    right: { f throws(TensorError) in try f.a * f.dy })

  package static let divide: Operation = binary(
    "divide", .infix(symbol: "/"), .divide, "The quotient, element by element.",
    type: ElementType.real, domain: .each([.real, .positive]),
    simplification: { graph, x, _ in graph.uniform(x[1]) == 1 ? x[0] : nil },
    left: { f throws(TensorError) in try f.dy / f.b },
    right: { f throws(TensorError) in try -f.dy * f.a / square(f.b) })

  /// At 0^0, and wherever a formula would give 0·∞, the derivative is 0, as in PyTorch.
  package static let power: Operation = binary(
    "power", .infix(symbol: "^"), .power,
    "The power, element by element; 0^0 is 1, and its slope is taken as 0.",
    type: ElementType.real, domain: .each([.positive, .real]),
    simplification: { graph, x, _ in
      switch graph.uniform(x[1]) {
      case 1: x[0]
      case 2: try? graph.apply(.square, [x[0]])
      default: nil
      }
    },
    left: { f throws(TensorError) in
      guard let exponent = f.b.uniform else {
        return try select(f.b.equals(0), 0, f.b * f.a.power(f.b - 1) * f.dy)
      }
      return exponent == 0 ? nil : try exponent * f.a.power(exponent - 1) * f.dy
    },
    right: { f throws(TensorError) in
      let slope = try f.y * log(f.a) * f.dy
      if let base = f.a.uniform, base > 0 { return slope }
      return try select(f.a.equals(0), 0, slope)
    })

  package static let modulo: Operation = binary(
    "mod", .infix(symbol: "mod"), .modulo,
    "The remainder of a division, with the sign of the divisor.",
    domain: .each([.realExcept([0]), .positive]),
    left: { $0.dy }, right: { f throws(TensorError) in try -(f.dy * floor(f.a / f.b)) })

  package static let negate: Operation = unary(
    "negate", .negate, "The value with its sign changed.", notation: .prefix(symbol: "-"),
    type: ElementType.number,
    simplification: { graph, x, _ in graph.operand(of: x[0], if: .negate) },
    derivative: { f throws(TensorError) in try -f.dy })

  package static let square: Operation = unary(
    "square", .square, "The value times itself.", notation: .postfix(symbol: "^2"),
    derivative: { f throws(TensorError) in try 2 * f.a * f.dy })

  package static let maximum: Operation = binary(
    "max", .call, .maximum,
    "The larger of two values, element by element; where they are equal, each gets half the gradient.",
    left: { f throws(TensorError) in try share(of: f.dy, where: f.a.isAbove(f.b), f.a.equals(f.b))
    },
    right: { f throws(TensorError) in try share(of: f.dy, where: f.b.isAbove(f.a), f.a.equals(f.b))
    })

  package static let minimum: Operation = binary(
    "min", .call, .minimum,
    "The smaller of two values, element by element; where they are equal, each gets half the gradient.",
    left: { f throws(TensorError) in try share(of: f.dy, where: f.a.isBelow(f.b), f.a.equals(f.b))
    },
    right: { f throws(TensorError) in try share(of: f.dy, where: f.b.isBelow(f.a), f.a.equals(f.b))
    })

  /// All of a gradient where an operand was chosen, half where both were equal.
  private static func share(
    of dy: Term, where chosen: Term, _ tied: Term
  ) throws(TensorError) -> Term {
    try select(tied, dy / 2, select(chosen, dy, 0))
  }
}

extension Term {
  /// The number that a constant has everywhere.
  var uniform: Double? { builder.graph.uniform(id) }
}
