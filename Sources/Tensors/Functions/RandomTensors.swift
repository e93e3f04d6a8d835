// Random tensors. The same seed at the same place in a session gives the same numbers.

extension Function {
  static let random: [Function] = [
    Function(
      "rand", [.shape(), .tensor("seed", .number(0))],
      "Numbers drawn evenly from 0 (included) to 1 (not included). " + note, isRandom: true
    ) { call throws(TensorError) in try call.random(.uniform, call.shape()) },
    Function(
      "randn", [.shape(), .tensor("seed", .number(0))],
      "Numbers drawn from the normal distribution with mean 0 and variance 1. " + note,
      isRandom: true
    ) { call throws(TensorError) in try call.random(.normal, call.shape()) },
    Function(
      "randint", [.integer("low"), .integer("high"), .shape(), .tensor("seed", .number(0))],
      "Whole numbers drawn evenly from low (included) to high (not included). " + note,
      isRandom: true
    ) { call throws(TensorError) in
      let (low, high) = (try call.integer("low"), try call.integer("high"))
      let (count, over) = high.subtractingReportingOverflow(low)
      // Beyond 2^53 not every whole number is a float64.
      guard !over, count > 0, max(low.magnitude, high.magnitude) <= 1 << 53 else {
        throw call.invalid("there is no whole number from \(low) up to, but without, \(high)")
      }
      return try call.random(.integers, call.shape(), numbers: [Double(low), Double(count)])
    },
    Function(
      "permutation", [.integer("n"), .tensor("seed", .number(0))],
      "The numbers 0, 1, … n - 1 in random order. " + note, isRandom: true
    ) { call throws(TensorError) in
      let n = try call.integer("n")
      guard n >= 0 else { throw call.invalid("n is not negative") }
      return try call.random(.permutation, [n])
    },
  ]

  private static let note =
    "They stay the same from step to step; seed=t draws anew at each step."
}

extension FunctionCall {
  /// An operation of the seed, keyed by the place of this call.
  func random(
    _ operation: Operation, _ shape: Shape, numbers: [Double] = []
  ) throws(TensorError) -> Term {
    let key = Int(Int64(bitPattern: RandomStream.key(arguments.randomKey)))
    return try self["seed"].then(
      operation, Attributes(integers: [key] + shape.dimensions, numbers: numbers))
  }
}
