// One operation as it is written, by its notation; what the language has no sign for is spelled with
// the function that does the same.

import Notation
import Tensors

extension Readback {
  /// An application whose operands read as `inputs`.
  func expression(
    _ node: NodeID, _ operation: Operation, _ inputs: [Expression], operands: [NodeID],
    _ attributes: Attributes
  ) -> Expression {
    let inputs = keepingDirections(inputs, operands, in: graph[node].shape, operation)
    guard let first = inputs.first else { return .made(call: operation.name, []) }
    switch operation.notation {
    case .infix(let symbol):
      guard inputs.count == 2 else { break }
      return infix(symbol, first, inputs[1], operands, attributes)
    case .prefix(let symbol): return prefix(symbol, first, operation)
    case .postfix(let symbol): return postfix(symbol, first, operation)
    case .index where inputs.count > 1:
      return gathered(first, Array(inputs.dropFirst()), of: operands[0], attributes)
    case .index:
      let slices = AxisSlice.decode(attributes)
      if let number = number(slices, of: operands[0]) { return .made(number) }
      return subscripted(first, slices, of: operands[0])
    case .silent: return silent(node, operation, first, operands[0], attributes)
    case .call: break
    }
    return call(node, operation, inputs, operands: operands, attributes)
  }

  private func infix(
    _ symbol: String, _ a: Expression, _ b: Expression, _ operands: [NodeID],
    _ attributes: Attributes
  ) -> Expression {
    switch symbol {
    case "+": return .sum(a, b)
    case "-": return .difference(a, b)
    case "*":
      // Single numbers first, as in λ·W.
      let isScaling = graph[operands[1]].shape.isScalar && !graph[operands[0]].shape.isScalar
      return isScaling ? .product(b, a) : .product(a, b)
    case "/":
      if attributes.flag, let mean = mean(a, operands) { return mean }
      return .quotient(a, b)
    case "@": return .matrixProduct(a, b)
    default:
      guard let operation = Readback.operators[symbol] else { return .made(call: symbol, [a, b]) }
      return .made(.binary(operation, a, b))
    }
  }

  private static let operators: [String: BinaryOperator] = [
    "^": .power, "<": .less, "<=": .lessOrEqual, ">": .greater, ">=": .greaterOrEqual,
    "==": .equal, "!=": .notEqual, "and": .and, "or": .or, "mod": .modulo,
  ]

  /// The division of a mean: sum(x)/n, where n is the number of elements summed.
  private func mean(_ sum: Expression, _ operands: [NodeID]) -> Expression? {
    guard case .call(let callee, let arguments) = sum.kind, callee.path.first?.canonical == "sum",
      case .apply(.sum, let summed, let axes) = graph[operands[0]].kind,
      let count = try? graph[summed[0]].shape.count(over: axes.integers), count > 1,
      graph.scalar(operands[1]) == Double(count)
    else { return nil }
    let mean = Expression.Callee(path: [Name(canonical: "mean")], span: callee.span)
    return .made(.call(mean, arguments))
  }

  private func prefix(_ symbol: String, _ x: Expression, _ operation: Operation) -> Expression {
    switch symbol {
    case "-": x.negated
    case "not": .made(.unary(.not, x))
    case "√": .made(.unary(.squareRoot, x))
    default: .made(call: operation.name, [x])
    }
  }

  private func postfix(_ symbol: String, _ x: Expression, _ operation: Operation) -> Expression {
    switch symbol {
    case "T": .made(.unary(.transpose, x))
    case "^2": .squared(x)
    default: .made(call: operation.name, [x])
    }
  }

  // MARK: Shapes

  /// An operand whose axes of size 1 were left out, with the reshape where they decide which way its
  /// elements are repeated: a column beside a matrix would be read as a row.
  private func keepingDirections(
    _ inputs: [Expression], _ operands: [NodeID], in shape: Shape, _ operation: Operation
  ) -> [Expression] {
    guard omitsUnitAxes, inputs.count > 1, inputs.count == operands.count,
      case .elementwise = operation.kernel
    else { return inputs }
    return zip(inputs, operands).map { input, operand in
      guard case .apply(.reshape, let source, _) = graph[operand].kind, name(of: operand) == nil,
        !isShared(operand)
      else { return input }
      let own = graph[operand].shape
      guard graph[source[0]].shape != own else { return input }
      let padded =
        [Int](repeating: 1, count: max(0, shape.rank - own.rank)) + own.dimensions
      // Of the axes that count, those it has must be the last ones.
      let spans = zip(padded, shape.dimensions).filter { $1 != 1 }.map { $0.0 != 1 }
      guard let start = spans.firstIndex(of: true), spans[start...].contains(false) else {
        return input
      }
      return .made(call: "reshape", [input, Readback.sizes(own)])
    }
  }

  private func silent(
    _ node: NodeID, _ operation: Operation, _ x: Expression, _ operand: NodeID,
    _ attributes: Attributes
  ) -> Expression {
    let shape = graph[node].shape
    let old = graph[operand].shape
    if operation == .broadcast {
      if let value = graph.uniform(node) { return Readback.filled(value, shape) }
      if old.count == 1 { return .product(x, Readback.filled(1, shape)) }
      var source = x
      if omitsUnitAxes, case .apply(.reshape, _, _) = graph[operand].kind, name(of: operand) == nil
      {
        // Here the axis that was left out decides which way the elements are repeated.
        source = .made(call: "reshape", [x, Readback.sizes(old)])
      }
      return .made(call: "broadcast", [source, Readback.sizes(shape)])
    }
    if let sum = withoutKeptAxes(x, operand, shape) { return sum }
    if omitsUnitAxes, old.dimensions.filter({ $0 != 1 }) == shape.dimensions.filter({ $0 != 1 }) {
      hidesUnitAxes = true
      return x
    }
    return .made(call: "reshape", [x, Readback.sizes(shape)])
  }

  /// sum(x, axis=0, keepdims=true) whose kept axes are then dropped is sum(x, axis=0).
  private func withoutKeptAxes(_ x: Expression, _ operand: NodeID, _ shape: Shape) -> Expression? {
    guard case .apply(let fold, let inputs, let axes) = graph[operand].kind, fold.folds, axes.flag,
      (try? graph[inputs[0]].shape.reduced(axes.integers, keeping: false)) == shape,
      case .call(let callee, let arguments) = x.kind,
      arguments.last?.label?.canonical == "keepdims"
    else { return nil }
    return .made(.call(callee, arguments.dropLast()))
  }

  static func sizes(_ shape: Shape) -> Expression {
    .made(.list(shape.dimensions.map { .made(Double($0)) }))
  }

  /// The same number everywhere.
  static func filled(_ value: Double, _ shape: Shape) -> Expression {
    if shape.isScalar { return .made(value) }
    if shape.rank == 1, shape.count > 0, shape.count <= listSize {
      return .made(
        .list(shape.dimensions.flatMap { [Expression](repeating: .made(value), count: $0) }))
    }
    let sizes = shape.dimensions.map { Expression.made(Double($0)) }
    if value == 0 { return .made(call: "zeros", sizes) }
    return .product(.made(value), .made(call: "ones", sizes))
  }

  // MARK: Subscripts

  /// An element of a constant without a name.
  private func number(_ slices: [AxisSlice], of operand: NodeID) -> Double? {
    guard case .constant(let tensor) = graph[operand].kind, name(of: operand) == nil,
      slices.allSatisfy(\.dropsAxis), let place = tensor.shape.offset(of: slices.map(\.start)),
      tensor.elements.indices.contains(place)
    else { return nil }
    return tensor.elements[place]
  }

  private func subscripted(_ x: Expression, _ slices: [AxisSlice], of operand: NodeID) -> Expression
  {
    let dimensions = graph[operand].shape.dimensions
    var subscripts = [Expression.Subscript](
      repeating: .slice(nil, nil, nil, unwritten), count: max(0, dimensions.count - slices.count))
    for (slice, size) in zip(slices, dimensions.suffix(slices.count)) {
      if slice.dropsAxis {
        subscripts.append(.at(.made(Double(slice.start))))
        continue
      }
      let end = slice.start + slice.count * slice.step
      let isToEnd = slice.step > 0 ? end >= size : end < 0
      let isFromStart = slice.step > 0 ? slice.start == 0 : slice.start == size - 1
      subscripts.append(
        .slice(
          isFromStart ? nil : .made(Double(slice.start)), isToEnd ? nil : .made(Double(end)),
          slice.step == 1 ? nil : .made(Double(slice.step)), unwritten))
    }
    return subscripted(x, subscripts)
  }

  /// `x[rows]`, `x[:, columns]`: tensors of positions from an axis on.
  private func gathered(
    _ x: Expression, _ positions: [Expression], of operand: NodeID, _ attributes: Attributes
  ) -> Expression {
    let axis = graph[operand].shape.rank + (attributes.integers.first ?? 0)
    let before = [Expression.Subscript](
      repeating: .slice(nil, nil, nil, unwritten), count: max(0, axis))
    return subscripted(x, before + positions.map { .at($0) })
  }

  /// `x[0]`, `x[:, 1]`: an index for each axis, nil for all of it.
  func subscripted(_ x: Expression, _ pattern: [Int?]) -> Expression {
    subscripted(
      x,
      pattern.map { (place: Int?) -> Expression.Subscript in
        place.map { .at(.made(Double($0))) } ?? .slice(nil, nil, nil, unwritten)
      })
  }

  private func subscripted(_ x: Expression, _ all: [Expression.Subscript]) -> Expression {
    var subscripts = all
    while case .slice(nil, nil, nil, _)? = subscripts.last { subscripts.removeLast() }
    return subscripts.isEmpty ? x : .made(.index(x, subscripts))
  }
}

extension Expression {
  /// The square of a product or a power, in one bracket.
  fileprivate static func squared(_ x: Expression) -> Expression {
    if case .binary(.power, let base, let exponent) = x.kind,
      let count = exponent.literal.flatMap({ Int(exactly: $0) }), count > 0, count <= 500,
      base.literal == nil
    {
      return .power(base, 2 * count)
    }
    return .made(.binary(.power, x, .made(2)))
  }
}
