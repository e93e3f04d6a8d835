// The two shapes of an elementwise operation, so that each one is a few lines: a scalar function and
// its derivative in every operand.

typealias Derivative = @Sendable (Application) throws(TensorError) -> Term?

extension Operation {
  static func unary(
    _ name: String, _ opcode: Opcode, _ summary: String, notation: OperatorNotation = .call,
    type: @escaping TypeRule = ElementType.real, domain: SamplingDomain = .real,
    linearInputs: Int = 0, simplification: Simplification? = nil, derivative: Derivative?
  ) -> Operation {
    var pullback: Pullback?
    if let derivative {
      pullback = { application, _ throws(TensorError) in try derivative(application) }
    }
    return Operation(
      name, arity: 1, summary: summary, notation: notation, kernel: .elementwise(opcode),
      shape: { inputs, _ in inputs[0] }, type: type, domain: domain, linearInputs: linearInputs,
      simplification: simplification, pullback: pullback)
  }

  static func binary(
    _ name: String, _ notation: OperatorNotation, _ opcode: Opcode, _ summary: String,
    type: @escaping TypeRule = ElementType.number, domain: SamplingDomain = .real,
    simplification: Simplification? = nil, left: Derivative?, right: Derivative?
  ) -> Operation {
    var pullback: Pullback?
    if let left, let right {
      pullback = { application, operand throws(TensorError) in
        operand == 0 ? try left(application) : try right(application)
      }
    }
    var symbol = name
    if case .infix(let written) = notation { symbol = written }
    return Operation(
      name, arity: 2, summary: summary, notation: notation, kernel: .elementwise(opcode),
      shape: { [symbol] inputs, _ throws(TensorError) in try commonShape(symbol, inputs) },
      type: type, domain: domain, simplification: simplification, pullback: pullback)
  }

  /// The common shape of elementwise operands.
  @Sendable static func commonShape(
    _ operation: String, _ inputs: [Shape]
  ) throws(TensorError) -> Shape {
    var result = inputs.first ?? .scalar
    for shape in inputs.dropFirst() {
      guard let both = result.broadcast(with: shape) else {
        throw .shapeMismatch(operation: operation, result, shape)
      }
      result = both
    }
    return result
  }
}

// MARK: - Applying an operation in a formula

/// What a formula may hold: a term, or a number.
protocol Operand {}
extension Term: Operand {}
extension Double: Operand {}
extension Int: Operand {}

extension Operation {
  /// `exp(x)`, `select(c, x, 0)`. One operand at least is a term.
  func callAsFunction(_ operands: any Operand...) throws(TensorError) -> Term {
    guard let builder = operands.lazy.compactMap({ ($0 as? Term)?.builder }).first else {
      throw .invalid(operation: name, message: "there is nothing to compute with", help: nil)
    }
    let terms = operands.map { operand in
      switch operand {
      case let term as Term: term
      case let number as Double: builder.constant(number)
      default: builder.constant(Double((operand as? Int) ?? 0))
      }
    }
    return try builder.apply(self, terms)
  }
}
