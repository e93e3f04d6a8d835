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
    if operation == .select { return try choice(operands) }
    if operation == .sum, let count = try repeated(operands[0], attributes) { return count }
    return operation.linearInputs > 0 ? try lifted(operation, operands, attributes) : nil
  }

  /// (c·x/d)·(k·y/l) = c·k·(x·y)/(d·l)
  private mutating func product(_ a: NodeID, _ b: NodeID) throws(TensorError) -> NodeID? {
    let x = parts(a)
    let y = parts(b)
    guard let coefficient = x.coefficient(times: y) else { return nil }
    let body: NodeID?
    switch (x.body, y.body) {
    case (nil, let other), (let other, nil): body = other
    case (let one?, let other?):
      if let divisor = reciprocal(other) {
        return try quotient(scaled(Scaled(coefficient.factor, one, coefficient.divisor)), divisor)
      }
      body =
        if let masked = try masked(one, by: other) {
          masked
        } else {
          one == other ? try apply(.square, [one]) : try apply(.multiply, [one, other])
        }
    }
    return try scaled(Scaled(coefficient.factor, body, coefficient.divisor))
  }

  /// x·where(c, 1, 0) = where(c, x, 0), and the like with 1 and 0 exchanged.
  private mutating func masked(
    _ x: NodeID, by mask: NodeID
  ) throws(TensorError) -> NodeID? {
    guard case .apply(let operation, var operands, _) = self[mask].kind, operation == .select
    else { return nil }
    let branches = (scalar(operands[1]), scalar(operands[2]))
    guard branches == (1, 0) || branches == (0, 1) else { return nil }
    operands[branches.0 == 1 ? 1 : 2] = x
    return try apply(.select, operands)
  }

  /// where(c, x, 0) + where(c, 0, y) = where(c, x, y)
  private mutating func merged(_ x: NodeID, _ y: NodeID) throws(TensorError) -> NodeID? {
    guard case .apply(let first, let a, _) = self[x].kind, first == .select,
      case .apply(let second, let b, _) = self[y].kind, second == .select, a[0] == b[0]
    else { return nil }
    if uniform(a[2]) == 0, uniform(b[1]) == 0 { return try apply(.select, [a[0], a[1], b[2]]) }
    if uniform(a[1]) == 0, uniform(b[2]) == 0 { return try apply(.select, [a[0], b[1], a[2]]) }
    return nil
  }

  /// The z of 1/z.
  private func reciprocal(_ id: NodeID) -> NodeID? {
    guard case .apply(let operation, let operands, _) = self[id].kind, operation == .divide,
      scalar(operands[0]) == 1
    else { return nil }
    return operands[1]
  }

  /// (c·x/d)/k = c·x/(d·k), (c·x/d)/y = (c·x/y)/d, and a factor common to both sides is left out.
  private mutating func quotient(_ a: NodeID, _ b: NodeID) throws(TensorError) -> NodeID {
    let x = parts(a)
    if let divisor = scalar(b), divisor.isFinite, divisor != 0 {
      guard let all = exactProduct(x.divisor, divisor) else { return try apply(.divide, [a, b]) }
      return try scaled(Scaled(x.factor, x.body, all))
    }
    let y = parts(b)
    var top = Scaled(abs(x.factor), x.body, 1)
    var bottom = b
    var isNegative = x.factor < 0
    if y.divisor == 1, y.factor != 1, let body = y.body,
      exactProduct(x.factor / y.factor, y.factor) == x.factor,
      (x.factor / y.factor).rounded() == x.factor / y.factor
    {
      top.factor = abs(x.factor / y.factor)
      isNegative = x.factor / y.factor < 0
      bottom = body
    }
    let ratio = try apply(.divide, [scaled(top), bottom])
    return try scaled(Scaled(isNegative ? -1 : 1, ratio, x.divisor))
  }

  /// where(c, k·x/d, 0) = k·where(c, x, 0)/d
  private mutating func choice(_ operands: [NodeID]) throws(TensorError) -> NodeID? {
    guard let kept = uniform(operands[2]) == 0 ? 1 : uniform(operands[1]) == 0 ? 2 : nil
    else { return nil }
    let part = parts(operands[kept])
    guard part.factor != 1 || part.divisor != 1 else { return nil }
    var bodies = operands
    bodies[kept] = part.body ?? constant(1)
    let chosen = try apply(.select, bodies)
    return try scaled(Scaled(part.factor, chosen, part.divisor))
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
      let both =
        if let merged = try merged(x, y) { merged } else { try apply(.add, [x, y]) }
      return try scaled(Scaled(left.factor, both, divisor))
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
