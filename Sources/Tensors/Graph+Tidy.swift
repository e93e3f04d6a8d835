// The form that derivatives are put in while they are built: scalar factors in front, divisors at
// the end, so that ∇ mean((X@w - y)²) is 2·Xᵀ@(X@w - y)/n.
//
// These rules may change the rounding of a sum of products, so only derivatives use them; a formula
// that a person wrote is left as it is. A factor is merged with another only where their product is
// exact.

extension Graph {
  /// As `apply`, in tidy form.
  mutating func tidy(
    _ operation: Operation, _ inputs: [NodeID], _ attributes: Attributes
  ) throws(TensorError) -> NodeID {
    // Whatever is wrong with the operands is found here; an unused node costs nothing.
    let plain = try apply(operation, inputs, attributes)
    if operation != .broadcast, let source = broadcastSource(plain),
      case .apply(let applied, let operands, let settings) = self[source].kind, applied == operation
    {
      let small = try tidy(operation, operands, settings)
      return try apply(.broadcast, [small], Attributes(integers: self[plain].shape.dimensions))
    }
    guard case .apply(let applied, let operands, let settings) = self[plain].kind,
      applied == operation,
      let tidied = try tidied(operation, operands, settings),
      self[tidied].shape == self[plain].shape,
      self[tidied].elementType == self[plain].elementType
    else { return plain }
    return tidied
  }

  private mutating func tidied(
    _ operation: Operation, _ operands: [NodeID], _ attributes: Attributes
  ) throws(TensorError) -> NodeID? {
    if operation == .multiply { return try product(operands[0], operands[1]) }
    if operation == .divide { return try quotient(operands[0], operands[1]) }
    if operation == .negate { return try scaled(parts(operands[0]).times(-1)) }
    if operation == .add { return try sum(parts(operands[0]), parts(operands[1])) }
    if operation == .subtract {
      return try sum(parts(operands[0]), parts(operands[1]).times(-1))
    }
    if operation == .sum, let count = try repeated(operands[0], attributes) { return count }
    return operation.linearInputs > 0 ? try lifted(operation, operands, attributes) : nil
  }

  /// (c·x/d)·(k·y/l) = c·k·(x·y)/(d·l)
  private mutating func product(_ a: NodeID, _ b: NodeID) throws(TensorError) -> NodeID? {
    let x = parts(a)
    let y = parts(b)
    guard let coefficient = x.coefficient(times: y) else { return nil }
    let body: NodeID? =
      switch (x.body, y.body) {
      case (nil, let other), (let other, nil): other
      case (let one?, let other?):
        one == other
          ? try apply(.square, [one]) : try apply(.multiply, [one, other])
      }
    return try scaled(Scaled(coefficient.factor, body, coefficient.divisor))
  }

  /// (c·x/d)/k = c·x/(d·k), and (c·x/d)/y = c·(x/y)/d
  private mutating func quotient(_ a: NodeID, _ b: NodeID) throws(TensorError) -> NodeID? {
    let x = parts(a)
    if let divisor = scalar(b) {
      guard let all = exactProduct(x.divisor, divisor) else { return nil }
      return try scaled(Scaled(x.factor, x.body, all))
    }
    guard x.divisor != 1 || x.factor == -1, let body = x.body else { return nil }
    return try scaled(Scaled(x.factor, try apply(.divide, [body, b]), x.divisor))
  }

  /// c·x/d + c·y/d = c·(x + y)/d, and x + (-k)·y = x - k·y
  private mutating func sum(_ a: Scaled, _ b: Scaled) throws(TensorError) -> NodeID? {
    guard let x = a.body, let y = b.body else { return nil }
    if x == y, a.divisor == b.divisor {
      let total = a.factor + b.factor
      guard total - a.factor == b.factor, total != 0 else { return nil }
      return try scaled(Scaled(total, x, a.divisor))
    }
    // A factor all of one sign is taken out; of -x + y, the minus goes to the second place.
    let divisor = a.divisor == b.divisor ? a.divisor : 1
    let left = divisor == 1 ? a : Scaled(a.factor, x, 1)
    let right = divisor == 1 ? b : Scaled(b.factor, y, 1)
    if left.divisor == 1, right.divisor == 1, left.factor == right.factor {
      return try scaled(Scaled(left.factor, try apply(.add, [x, y]), divisor))
    }
    if left.divisor == 1, right.divisor == 1, left.factor == -right.factor {
      let difference =
        left.factor > 0 ? try apply(.subtract, [x, y]) : try apply(.subtract, [y, x])
      return try scaled(Scaled(abs(left.factor), difference, divisor))
    }
    let node =
      if right.factor < 0 {
        try apply(.subtract, [scaled(left), scaled(right.times(-1))])
      } else if left.factor < 0 {
        try apply(.subtract, [scaled(right), scaled(left.times(-1))])
      } else {
        try apply(.add, [scaled(left), scaled(right)])
      }
    return try scaled(Scaled(1, node, divisor))
  }

  /// A scalar factor of an operand moves in front of an operation that is linear in it.
  private mutating func lifted(
    _ operation: Operation, _ operands: [NodeID], _ attributes: Attributes
  ) throws(TensorError) -> NodeID? {
    var coefficient = Scaled(1, nil, 1)
    var bodies = operands
    for (place, operand) in operands.prefix(operation.linearInputs).enumerated() {
      let part = parts(operand)
      guard let body = part.body, let all = coefficient.coefficient(times: part) else { continue }
      coefficient = all
      bodies[place] = body
    }
    guard coefficient.factor != 1 || coefficient.divisor != 1 else { return nil }
    let body = try tidy(operation, bodies, attributes)
    let inner = parts(body)
    guard let all = coefficient.coefficient(times: inner) else {
      return try scaled(Scaled(coefficient.factor, body, coefficient.divisor))
    }
    return try scaled(Scaled(all.factor, inner.body, all.divisor))
  }

  /// The sum of n equal elements is n times one; that of a row of a one-hot matrix is 1.
  private mutating func repeated(
    _ summed: NodeID, _ attributes: Attributes
  ) throws(TensorError) -> NodeID? {
    let shape = self[summed].shape
    let result = try shape.reduced(attributes.integers, keeping: attributes.flag)
    if operand(of: summed, if: .oneHot) != nil, attributes.integers == [-1] {
      return try apply(.broadcast, [constant(1)], Attributes(integers: result.dimensions))
    }
    guard let source = broadcastSource(summed), self[source].shape.isScalar else { return nil }
    let count = Double(try shape.count(over: attributes.integers))
    let all = try tidy(.multiply, [constant(count), source], .none)
    return try apply(.broadcast, [all], Attributes(integers: result.dimensions))
  }
}

// MARK: - Factors

/// factor·body/divisor, where no body stands for 1.
private struct Scaled {
  var factor: Double
  var body: NodeID?
  var divisor: Double

  init(_ factor: Double, _ body: NodeID?, _ divisor: Double) {
    self.factor = factor
    self.body = body
    self.divisor = divisor
  }

  /// For a factor of ±1, where nothing is rounded.
  func times(_ sign: Double) -> Scaled { Scaled(factor * sign, body, divisor) }

  /// The product of both coefficients, without bodies; nil if it would be rounded.
  func coefficient(times other: Scaled) -> Scaled? {
    guard let factor = exactProduct(factor, other.factor),
      let divisor = exactProduct(divisor, other.divisor)
    else { return nil }
    return Scaled(factor, nil, divisor)
  }
}

/// a·b if that needs no rounding.
private func exactProduct(_ a: Double, _ b: Double) -> Double? {
  let product = a * b
  return product.isFinite && (-product).addingProduct(a, b) == 0 ? product : nil
}

extension Graph {
  /// Takes a node apart; whatever has no scalar factor is its own body.
  private func parts(_ id: NodeID) -> Scaled {
    if let number = scalar(id), number.isFinite, number != 0 { return Scaled(number, nil, 1) }
    guard case .apply(let operation, let operands, _) = self[id].kind else {
      return Scaled(1, id, 1)
    }
    if operation == .divide, let divisor = scalar(operands[1]), divisor.isFinite, divisor != 0 {
      var inner = numerator(operands[0])
      inner.divisor = divisor
      return inner
    }
    return numerator(id)
  }

  private func numerator(_ id: NodeID) -> Scaled {
    if let number = scalar(id), number.isFinite, number != 0 { return Scaled(number, nil, 1) }
    guard case .apply(let operation, let operands, _) = self[id].kind else {
      return Scaled(1, id, 1)
    }
    if operation == .negate { return Scaled(-1, operands[0], 1) }
    if operation == .multiply, let factor = scalar(operands[0]), factor.isFinite, factor != 0 {
      return Scaled(factor, operands[1], 1)
    }
    return Scaled(1, id, 1)
  }

  private mutating func scaled(_ parts: Scaled) throws(TensorError) -> NodeID {
    var result: NodeID
    switch (parts.factor, parts.body) {
    case (let factor, nil): result = constant(factor)
    case (1, let body?): result = body
    case (-1, let body?): result = try apply(.negate, [body])
    case (let factor, let body?): result = try apply(.multiply, [constant(factor), body])
    }
    if parts.divisor != 1 { result = try apply(.divide, [result, constant(parts.divisor)]) }
    return result
  }
}
