// Single elements and slices of a formula: the index moves from the result to the operands.
//
// A pattern has, for each axis of a node, an index or nil for all of it. `nil` as an answer is a zero
// that was only put in to fill a shape. Where an operation does not let the index through, the whole
// is written and the index stands behind it.

import Notation
import Tensors

extension Readback {
  /// The part of a node that a pattern picks.
  func element(_ node: NodeID, _ pattern: [Int?]) -> Written? {
    guard pattern.contains(where: { $0 != nil }) else { return whole(node) }
    let key = ElementKey(node: node, pattern: pattern)
    if let known = elements[key] { return known }
    elementCount += 1
    depth += 1
    defer { depth -= 1 }
    let result: Written? =
      depth > Readback.maximumDepth || elementCount > Readback.maximumElements
      ? indexed(node, pattern) : pushed(node, pattern)
    elements[key] = .some(result)
    return result
  }

  /// The index behind the whole.
  private func indexed(_ node: NodeID, _ pattern: [Int?]) -> Written {
    let base = whole(node)
    return Written(expression: subscripted(base.expression, pattern), size: base.size + 1)
  }

  private func pushed(_ node: NodeID, _ pattern: [Int?]) -> Written? {
    if name(of: node) != nil { return indexed(node, pattern) }
    switch graph[node].kind {
    case .input: return indexed(node, pattern)
    case .constant(let tensor): return constant(tensor, node, pattern)
    case .apply(let operation, let operands, let attributes):
      let shape = graph[node].shape
      guard pattern.count == shape.rank else { return indexed(node, pattern) }
      if case .elementwise = operation.kernel {
        return elementwise(node, operation, operands, attributes, pattern)
      }
      if let found = moved(node, operation, operands, attributes, pattern) { return found }
      return indexed(node, pattern)
    }
  }

  private func constant(_ tensor: Tensor, _ node: NodeID, _ pattern: [Int?]) -> Written? {
    let place = pattern.compactMap { $0 }
    guard place.count == tensor.shape.rank, let flat = tensor.shape.offset(of: place),
      tensor.elements.indices.contains(flat)
    else { return indexed(node, pattern) }
    return tensor.elements[flat] == 0
      ? nil : Written(expression: .made(tensor.elements[flat]), size: 1)
  }

  // MARK: Elementwise

  private func elementwise(
    _ node: NodeID, _ operation: Operation, _ operands: [NodeID], _ attributes: Attributes,
    _ pattern: [Int?]
  ) -> Written? {
    let inputs = operands.map { element($0, aligned(pattern, to: graph[$0].shape)) }
    if let zero = withZeros(operation, inputs) { return zero.value }
    let values = inputs.map { $0 ?? Written(expression: .made(0), size: 1) }
    let size = values.reduce(1) { min(1 << 20, $0 + $1.size) }
    return Written(
      expression: expression(
        node, operation, values.map(\.expression), operands: operands, attributes),
      size: size)
  }

  /// What an operation makes of zeros that only fill a shape; nil where nothing is simpler.
  private func withZeros(_ operation: Operation, _ inputs: [Written?]) -> (value: Written?, Void)? {
    guard inputs.contains(where: { $0 == nil }) else { return nil }
    switch operation {
    case .add: return ((inputs[0] ?? inputs[1]), ())
    case .subtract:
      if let left = inputs[0] { return (left, ()) }
      return (
        inputs[1].map { Written(expression: $0.expression.negated, size: $0.size + 1) }, ()
      )
    case .multiply, .negate, .square: return (nil, ())
    case .divide: return inputs[0] == nil ? (nil, ()) : nil
    case .select: return inputs[1] == nil && inputs[2] == nil ? (nil, ()) : nil
    default: return nil
    }
  }

  /// The pattern for an operand that is broadcast to the result.
  private func aligned(_ pattern: [Int?], to shape: Shape) -> [Int?] {
    let leading = pattern.count - shape.rank
    return shape.dimensions.enumerated().map { axis, size in
      guard let place = pattern[leading + axis] else { return nil }
      return size == 1 ? 0 : place
    }
  }

  // MARK: Everything else

  /// The element of an operation that moves elements or multiplies matrices. The outer nil says
  /// that the index does not go through; the inner one is a zero.
  private func moved(
    _ node: NodeID, _ operation: Operation, _ operands: [NodeID], _ attributes: Attributes,
    _ pattern: [Int?]
  ) -> Written?? {
    guard let first = operands.first else { return nil }
    let shape = graph[first].shape
    switch operation {
    case .broadcast:
      let target = aligned(pattern, to: shape)
      let leading = pattern.count - shape.rank
      // What stays of the axes must not have been widened.
      for (axis, size) in graph[node].shape.dimensions.enumerated() where pattern[axis] == nil {
        guard axis >= leading, shape.dimensions[axis - leading] == size else { return nil }
      }
      return .some(element(first, target))
    case .reshape: return reshaped(node, first, pattern)
    case .transpose, .permute:
      let order = operation == .transpose ? [-1, -2] : attributes.integers
      var target = pattern
      for (i, axis) in order.enumerated() {
        target[shape.rank + axis] = pattern[shape.rank - order.count + i]
      }
      guard pattern.contains(where: { $0 == nil }), shape.rank > 2 else {
        return .some(element(first, target))
      }
      return nil
    case .slice: return sliced(first, attributes, pattern)
    case .pad: return unpadded(first, attributes, pattern)
    case .stack, .concatenate: return joined(operation, operands, attributes, pattern)
    case .matmul: return multiplied(operands, pattern)
    case .outer:
      guard let row = pattern[0] ?? nil else { return nil }
      return .some(product(element(first, [row]), element(operands[1], [pattern[1]])))
    case .stopGradient:
      return element(first, pattern).map {
        Written(expression: .made(call: operation.name, [$0.expression]), size: $0.size + 1)
      }
    default: return operation.folds ? folded(operation, first, attributes, pattern) : nil
    }
  }

  private func product(_ a: Written?, _ b: Written?) -> Written? {
    guard let a, let b else { return nil }
    return Written(expression: .product(a.expression, b.expression), size: a.size + b.size + 1)
  }

  private func reshaped(_ node: NodeID, _ operand: NodeID, _ pattern: [Int?]) -> Written?? {
    let old = graph[operand].shape
    let new = graph[node].shape
    let places = pattern.compactMap { $0 }
    if places.count == new.rank {
      guard let flat = new.offset(of: places), let target = old.place(of: flat) else { return nil }
      return .some(element(operand, target))
    }
    // Only axes of size 1 came or went, and those that went are no part of what stays.
    guard old.dimensions.filter({ $0 != 1 }) == new.dimensions.filter({ $0 != 1 }),
      !zip(new.dimensions, pattern).contains(where: { $0 == 1 && $1 == nil })
    else { return nil }
    var rest = zip(new.dimensions, pattern).filter { $0.0 != 1 }.map(\.1)[...]
    let target = old.dimensions.map { size in size == 1 ? 0 : rest.popFirst() ?? nil }
    return .some(element(operand, target))
  }

  private func sliced(_ operand: NodeID, _ attributes: Attributes, _ pattern: [Int?]) -> Written?? {
    let slices = AxisSlice.decode(attributes)
    let shape = graph[operand].shape
    let leading = shape.rank - slices.count
    guard leading >= 0 else { return nil }
    var target = Array(pattern.prefix(leading))
    var rest = pattern.dropFirst(leading)
    for (slice, size) in zip(slices, shape.dimensions.suffix(slices.count)) {
      if slice.dropsAxis {
        target.append(slice.start)
      } else if let place = rest.popFirst() ?? nil {
        target.append(slice.start + place * slice.step)
      } else {
        guard slice.start == 0, slice.count == size, slice.step == 1 else { return nil }
        target.append(nil)
      }
    }
    return .some(element(operand, target))
  }

  private func unpadded(_ operand: NodeID, _ attributes: Attributes, _ pattern: [Int?]) -> Written??
  {
    let slices = AxisSlice.decode(attributes)
    let sizes = stride(from: 4, to: attributes.integers.count, by: 5).map {
      attributes.integers[$0]
    }
    let leading = pattern.count - slices.count
    guard leading >= 0, sizes.count == slices.count else { return nil }
    var target = Array(pattern.prefix(leading))
    for (i, slice) in slices.enumerated() {
      guard let place = pattern[leading + i] else {
        guard slice.start == 0, slice.count == sizes[i], slice.step == 1, !slice.dropsAxis else {
          return nil
        }
        target.append(nil)
        continue
      }
      let distance = place - slice.start
      guard slice.step != 0, distance % slice.step == 0,
        (0..<slice.count).contains(distance / slice.step)
      else { return .some(nil) }
      if !slice.dropsAxis { target.append(distance / slice.step) }
    }
    return .some(element(operand, target))
  }

  private func joined(
    _ operation: Operation, _ operands: [NodeID], _ attributes: Attributes, _ pattern: [Int?]
  ) -> Written?? {
    let axis = pattern.count + (attributes.integers.first ?? -1)
    guard pattern.indices.contains(axis), var place = pattern[axis] else { return nil }
    var target = pattern
    if operation == .stack {
      guard operands.indices.contains(place) else { return nil }
      target.remove(at: axis)
      return .some(element(operands[place], target))
    }
    for operand in operands {
      let size = graph[operand].shape.dimensions[axis]
      if place < size {
        target[axis] = place
        return .some(element(operand, target))
      }
      place -= size
    }
    return nil
  }

  /// (A @ B)[i, j] = A[i] @ B[:, j]
  private func multiplied(_ operands: [NodeID], _ pattern: [Int?]) -> Written?? {
    let ranks = operands.map { graph[$0].shape.rank }
    guard ranks.allSatisfy({ $0 == 1 || $0 == 2 }) else { return nil }
    var rest = pattern[...]
    let row: Int?? = ranks[0] == 2 ? rest.popFirst() : nil
    let column: Int?? = ranks[1] == 2 ? rest.popFirst() : nil
    let left = element(operands[0], ranks[0] == 2 ? [row ?? nil, nil] : [nil])
    let right = element(operands[1], ranks[1] == 2 ? [nil, column ?? nil] : [nil])
    guard let left, let right else { return .some(nil) }
    return .some(
      Written(
        expression: .matrixProduct(left.expression, right.expression),
        size: left.size + right.size + 1))
  }

  /// sum(x, axis=1)[i] = sum(x[i])
  private func folded(
    _ operation: Operation, _ operand: NodeID, _ attributes: Attributes, _ pattern: [Int?]
  ) -> Written?? {
    let shape = graph[operand].shape
    let axes = attributes.integers.isEmpty ? Array(-shape.rank..<0) : attributes.integers
    var rest = pattern[...]
    var target: [Int?] = []
    for axis in 0..<shape.rank {
      if axes.contains(axis - shape.rank) {
        if attributes.flag { _ = rest.popFirst() }
        target.append(nil)
      } else {
        guard let place = rest.popFirst() ?? nil else { return nil }
        target.append(place)
      }
    }
    guard let inner = element(operand, target) else { return .some(nil) }
    return .some(
      Written(expression: .made(call: operation.name, [inner.expression]), size: inner.size + 1))
  }
}

extension Shape {
  /// Row-major position of an element; nil outside.
  package func offset(of place: [Int]) -> Int? {
    guard place.count == rank else { return nil }
    var offset = 0
    for (index, size) in zip(place, dimensions) {
      guard index >= 0, index < size else { return nil }
      offset = offset * size + index
    }
    return offset
  }

  /// The index along each axis of the element at a row-major position; nil outside.
  package func place(of offset: Int) -> [Int]? {
    guard offset >= 0, offset < count else { return nil }
    var rest = offset
    var place = dimensions
    for axis in dimensions.indices.reversed() {
      place[axis] = rest % dimensions[axis]
      rest /= dimensions[axis]
    }
    return place
  }
}
