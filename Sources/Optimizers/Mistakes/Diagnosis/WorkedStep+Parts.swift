// A step of large tensors, cut down to the elements that are asked for, so that a thousand mistakes
// can be worked out in a moment.

import Notation
import Tensors

extension WorkedStep {
  /// Tensors up to this size are looked at whole, neighbours included.
  static let mostElements = 64

  /// The step with only some elements of the tensors that have the shape of one line. Lines that take
  /// more than the elements at their own place (norms, products) keep their value as it is.
  func reduced(to places: [Int], ofLine line: Int) -> WorkedStep {
    let shape = lines[line].value.shape
    func part(_ value: Tensor) -> Tensor? {
      if value.shape == shape {
        return Tensor(
          places.map { value.elements.indices.contains($0) ? value.elements[$0] : .nan },
          shape: [places.count])
      }
      return value.shape.isScalar ? value : nil
    }
    var step = self
    step.surroundings = nil
    step.elementIndices = places.map { shape.indices(at: $0) }
    step.before = part(before) ?? before
    step.previous = previous.compactMapValues(part)
    step.lines = lines.map { line in
      var line = line
      let operands = line.operands.compactMapValues(part)
      let isElementwise =
        line.expression?.isElementwise == true && operands.count == line.operands.count
      if !isElementwise { line.expression = nil }
      line.operands = operands
      line.value = part(line.value) ?? line.value
      return line
    }
    return step
  }
}

extension Expression {
  /// Whether each element of it depends on the elements at its own place alone.
  fileprivate var isElementwise: Bool {
    switch kind {
    case .number, .name: true
    case .unary(let operation, let inner): operation != .transpose && inner.isElementwise
    case .binary(let operation, let a, let b):
      operation != .matmul && a.isElementwise && b.isElementwise
    case .call:
      plainCall.map {
        Recomputation.isElementwise($0.function, arguments: $0.arguments.count)
          && $0.arguments.allSatisfy(\.isElementwise)
      } ?? false
    case .string, .list, .index, .member, .gradient: false
    }
  }
}
