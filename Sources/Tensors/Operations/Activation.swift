// Activation functions of neural networks that are operations of their own; the others are formulas
// (`Functions/Activations.swift`).

extension Operation {
  static let activation = [sigmoid, softplus, relu]

  package static let sigmoid: Operation = unary(
    "sigmoid", .sigmoid, "The logistic function 1/(1 + exp(-x)), without overflow.",
    derivative: { f throws(TensorError) in try f.y * (1 - f.y) * f.dy })

  package static let softplus: Operation = unary(
    "softplus", .softplus, "log(1 + exp(x)), without overflow.",
    derivative: { f throws(TensorError) in try sigmoid(f.a) * f.dy })

  package static let relu: Operation = unary(
    "relu", .relu, "x where it is positive, else 0. Its slope at 0 is taken as 0.",
    type: ElementType.number, domain: .realExcept([0]),
    derivative: { f throws(TensorError) in try select(f.a.isAbove(0), f.dy, 0) })
}
