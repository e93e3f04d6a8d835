// Comparisons and logic, and the choice between two values by a condition. They give booleans, 0 or
// 1, through which no gradient passes.

extension Operation {
  static let comparison = [
    less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, and, or, not, select,
  ]

  package static let less: Operation = condition(
    "<", .less, "1 where the left value is smaller, else 0.")
  package static let lessOrEqual: Operation = condition(
    "<=", .lessOrEqual, "1 where the left value is smaller or equal, else 0.")
  package static let greater: Operation = condition(
    ">", .greater, "1 where the left value is larger, else 0.")
  package static let greaterOrEqual: Operation = condition(
    ">=", .greaterOrEqual, "1 where the left value is larger or equal, else 0.")
  package static let equal: Operation = condition(
    "==", .equal, "1 where the values are equal, else 0.")
  package static let notEqual: Operation = condition(
    "!=", .notEqual, "1 where the values differ, else 0.")
  package static let and: Operation = condition(
    "and", .and, "1 where both values are not 0, else 0.")
  package static let or: Operation = condition("or", .or, "1 where either value is not 0, else 0.")

  package static let not: Operation = unary(
    "not", .not, "1 where the value is 0, else 0.", notation: .prefix(symbol: "not"),
    type: ElementType.truth, derivative: nil)

  /// The gradient goes to the value that was chosen.
  package static let select: Operation = Operation(
    "where", arity: 3,
    summary: "The second value where the first, a condition, is not 0; the third elsewhere.",
    kernel: .elementwise(.select),
    shape: { inputs, _ throws(TensorError) in try commonShape("where", inputs) },
    type: { ElementType.same(Array($0.dropFirst())) },
    domain: .each([.integers(below: 2), .real, .real]),
    pullback: { f, operand throws(TensorError) in
      switch operand {
      case 1: try select(f.a, f.dy, 0)
      case 2: try select(f.a, 0, f.dy)
      default: nil
      }
    })

  private static func condition(
    _ symbol: String, _ opcode: Opcode, _ summary: String
  ) -> Operation {
    binary(
      symbol, .infix(symbol: symbol), opcode, summary, type: ElementType.truth, left: nil,
      right: nil)
  }
}
