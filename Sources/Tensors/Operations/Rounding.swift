// Signs, absolute values and rounding.

extension Operation {
  static let rounding = [absolute, sign, floor, ceil, round, float32]

  package static let absolute: Operation = unary(
    "abs", .absolute, "The absolute value. Its slope at 0 is taken as 0.",
    type: ElementType.number, domain: .realExcept([0]),
    derivative: { f throws(TensorError) in try sign(f.a) * f.dy })

  package static let sign: Operation = unary(
    "sign", .sign, "-1, 0 or 1. Its slope is 0.", type: ElementType.number,
    domain: .realExcept([0]), derivative: nil)

  package static let floor: Operation = unary(
    "floor", .floor, "The largest whole number not above. Its slope is 0.",
    type: ElementType.number, domain: .realExcept([-2, -1, 0, 1, 2]), derivative: nil)

  package static let ceil: Operation = unary(
    "ceil", .ceil, "The smallest whole number not below. Its slope is 0.",
    type: ElementType.number, domain: .realExcept([-2, -1, 0, 1, 2]), derivative: nil)

  package static let round: Operation = unary(
    "round", .round, "The nearest whole number; of two, the even one. Its slope is 0.",
    type: ElementType.number, domain: .realExcept([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]),
    derivative: nil)

  /// The gradient passes as if nothing had been rounded.
  package static let float32: Operation = unary(
    "float32", .roundToFloat, "The value rounded to float32; the gradient passes unchanged.",
    type: { _ in .float32 }, derivative: { $0.dy })
}
