// A slow evaluator, node by node, that is obviously right; what the executor gives is held against
// it. And a plain printer of nodes, so that tests can say what a formula looks like.

@testable import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Graph {
  /// The value of a node, inputs given by name.
  func evaluate(_ root: NodeID, _ inputs: [String: [Double]] = [:]) -> Tensor {
    evaluate([root], inputs)[0]
  }

  func evaluate(_ roots: [NodeID], _ inputs: [String: [Double]] = [:]) -> [Tensor] {
    var whole = self
    guard let images = try? whole.expandComposites(in: roots) else { return [] }
    return whole.evaluateSimple(roots.map { images[$0] ?? $0 }, inputs)
  }

  private func evaluateSimple(
    _ roots: [NodeID], _ inputs: [String: [Double]]
  ) -> [Tensor] {
    var values: [NodeID: Tensor] = [:]
    for id in reachable(from: roots) {
      let node = self[id]
      switch node.kind {
      case .input(let name):
        values[id] = Tensor(inputs[name] ?? [], shape: node.shape, type: node.elementType)
      case .constant(let tensor): values[id] = tensor
      case .apply(let operation, let operands, let attributes):
        values[id] = compute(
          operation, operands.compactMap { values[$0] }, attributes, node.shape, node.elementType)
      }
    }
    return roots.compactMap { values[$0] }
  }
}

private func compute(
  _ operation: Operation, _ inputs: [Tensor], _ attributes: Attributes, _ shape: Shape,
  _ type: ElementType
) -> Tensor {
  var result = [Double](repeating: 0, count: shape.count)
  switch operation.kernel {
  case .elementwise(let opcode):
    for i in result.indices {
      let place = position(of: i, in: shape)
      let x = inputs.map { $0.broadcastElement(at: place) }
      result[i] = scalarFunction(opcode, x)
    }
  case .reduce(let reduction):
    let input = inputs[0]
    var groups = [[Double]](repeating: [], count: shape.count)
    for i in 0..<input.shape.count {
      var place = position(of: i, in: input.shape)
      for axis in (attributes.integers.isEmpty ? Array(-input.shape.rank..<0) : attributes.integers)
        .sorted(by: >)
      {
        if attributes.flag {
          place[input.shape.rank + axis] = 0
        } else {
          place.remove(at: input.shape.rank + axis)
        }
      }
      groups[offset(of: place, in: shape)].append(input.elements[i])
    }
    result = groups.map { group in
      switch reduction {
      case .sum: group.reduce(0, +)
      case .product: group.reduce(1, *)
      case .max: group.max() ?? -.infinity
      case .min: group.min() ?? .infinity
      }
    }
  case .matmul:
    let a =
      inputs[0].shape.rank == 1 ? [1] + inputs[0].shape.dimensions : inputs[0].shape.dimensions
    let b =
      inputs[1].shape.rank == 1 ? inputs[1].shape.dimensions + [1] : inputs[1].shape.dimensions
    let left = Tensor(inputs[0].elements, shape: Shape(a))
    let right = Tensor(inputs[1].elements, shape: Shape(b))
    let batch = Shape(Array(a.dropLast(2))).broadcast(with: Shape(Array(b.dropLast(2)))) ?? .scalar
    let whole = Shape(batch.dimensions + [a[a.count - 2], b[b.count - 1]])
    for i in 0..<whole.count {
      let place = position(of: i, in: whole)
      let (row, column) = (place[place.count - 2], place[place.count - 1])
      for k in 0..<a[a.count - 1] {
        result[i] +=
          left.broadcastElement(at: place.dropLast(2) + [row, k])
          * right.broadcastElement(at: place.dropLast(2) + [k, column])
      }
    }
  case .view: result = inputs[0].elements
  case .composite: preconditionFailure("expanded before")
  case .rearrange(let body), .general(let body):
    let buffers = inputs.map { tensor -> UnsafeMutableBufferPointer<Double> in
      let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: tensor.elements.count)
      _ = buffer.initialize(from: tensor.elements)
      return buffer
    }
    // Not zero: a kernel has to write every element.
    for i in result.indices { result[i] = 12345 }
    result.withUnsafeMutableBufferPointer { output in
      body(
        KernelCall(
          inputs: buffers.map { UnsafeBufferPointer($0) }, inputShapes: inputs.map(\.shape),
          output: output, outputShape: shape, attributes: attributes))
    }
    for buffer in buffers { buffer.deallocate() }
  }
  return Tensor(result, shape: shape, type: type)
}

private func position(of index: Int, in shape: Shape) -> [Int] {
  var rest = index
  var place = [Int](repeating: 0, count: shape.rank)
  for axis in place.indices.reversed() {
    place[axis] = rest % shape.dimensions[axis]
    rest /= shape.dimensions[axis]
  }
  return place
}

private func offset(of place: [Int], in shape: Shape) -> Int {
  zip(place, shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
}

extension Tensor {
  fileprivate func broadcastElement(at place: [Int]) -> Double {
    let own = zip(place.suffix(shape.rank), shape.dimensions).map { $1 == 1 ? 0 : $0 }
    return elements[offset(of: own, in: shape)]
  }
}

private func scalarFunction(_ opcode: Opcode, _ x: [Double]) -> Double {
  switch opcode {
  case .add: x[0] + x[1]
  case .subtract: x[0] - x[1]
  case .multiply: x[0] * x[1]
  case .divide: x[0] / x[1]
  case .power: pow(x[0], x[1])
  case .modulo: x[0] - floor(x[0] / x[1]) * x[1]
  case .minimum: min(x[0], x[1])
  case .maximum: max(x[0], x[1])
  case .less: x[0] < x[1] ? 1 : 0
  case .lessOrEqual: x[0] <= x[1] ? 1 : 0
  case .greater: x[0] > x[1] ? 1 : 0
  case .greaterOrEqual: x[0] >= x[1] ? 1 : 0
  case .equal: x[0] == x[1] ? 1 : 0
  case .notEqual: x[0] != x[1] ? 1 : 0
  case .and: x[0] != 0 && x[1] != 0 ? 1 : 0
  case .or: x[0] != 0 || x[1] != 0 ? 1 : 0
  case .select: x[0] != 0 ? x[1] : x[2]
  case .negate: -x[0]
  case .not: x[0] == 0 ? 1 : 0
  case .absolute: abs(x[0])
  case .sign: x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0
  case .square: x[0] * x[0]
  case .squareRoot: sqrt(x[0])
  case .reciprocal: 1 / x[0]
  case .exp: exp(x[0])
  case .log: log(x[0])
  case .log1p: log1p(x[0])
  case .expm1: expm1(x[0])
  case .sin: sin(x[0])
  case .cos: cos(x[0])
  case .tan: tan(x[0])
  case .tanh: tanh(x[0])
  case .erf: erf(x[0])
  case .floor: floor(x[0])
  case .ceil: ceil(x[0])
  case .round: x[0].rounded(.toNearestOrEven)
  case .sigmoid: 1 / (1 + exp(-x[0]))
  case .softplus: log1p(exp(x[0]))
  case .roundToFloat: Double(Float(x[0]))
  case .relu: x[0] > 0 ? x[0] : 0
  }
}

extension Graph {
  mutating func formula(
    applying operation: Operation, _ inputs: [NodeID], _ attributes: Attributes = .none
  ) throws -> String {
    let id = try apply(operation, inputs, attributes)
    return formula(id)
  }

  /// `2 * (w - c)`; arguments of infix operations are bracketed unless they are names or numbers.
  func formula(_ id: NodeID) -> String {
    let node = self[id]
    switch node.kind {
    case .input(let name): return name
    case .constant(let tensor):
      guard let number = tensor.scalar, tensor.shape.isScalar else {
        return "\(tensor.elements)"
      }
      return number == number.rounded() ? "\(Int(number))" : "\(number)"
    case .apply(let operation, let operands, let attributes):
      let parts = operands.map { part in
        if case .apply(let inner, _, _) = self[part].kind {
          switch inner.notation {
          case .infix, .prefix: return "(" + formula(part) + ")"
          default: break
          }
        }
        return formula(part)
      }
      let plain = operands.map(formula)
      switch operation.notation {
      case .infix(let symbol): return parts.joined(separator: " \(symbol) ")
      case .prefix(let symbol): return symbol + parts[0]
      case .postfix(let symbol): return parts[0] + symbol
      case .silent: return operation == .broadcast ? plain[0] + "…" : plain[0]
      case .index: return parts[0] + "\(attributes.integers)"
      case .call:
        let settings = attributes.integers.isEmpty ? "" : "; \(attributes.integers)"
        return operation.name + "(" + plain.joined(separator: ", ") + settings + ")"
      }
    }
  }
}
