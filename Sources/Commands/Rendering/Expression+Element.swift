// The formula of one element, out of that of the whole tensor.
//
// Nothing is evaluated or simplified.

import Notation
import Optimizers
import Tensors

extension Expression {
  /// The formula of one element of the result: every tensor on the way replaced by the element that
  /// goes into it, `v/(1 - β₂ᵗ)` by `v[1]/(1 - β₂ᵗ)`. Nil when an element of the result depends on
  /// more than the elements at its own place (a matrix product); sums over all stay whole.
  package func element(at places: [Int], of operands: [Name: Tensor]) -> Expression? {
    switch kind {
    case .number: return self
    case .name(let name):
      guard let shape = operands[name]?.shape else { return nil }
      guard shape.rank <= places.count else { return nil }
      let own = zip(places.suffix(shape.rank), shape.dimensions).map { $1 == 1 ? 0 : $0 }
      return shape.count == 1 && shape.rank == 0 ? self : indexed(at: own)
    case .unary(let operation, let operand) where operation != .transpose:
      return operand.element(at: places, of: operands).map {
        Expression(.unary(operation, $0), span)
      }
    case .binary(let operation, let left, let right) where operation != .matmul:
      guard let a = left.element(at: places, of: operands),
        let b = right.element(at: places, of: operands)
      else { return nil }
      return Expression(.binary(operation, a, b), span)
    case .call(let callee, let arguments):
      guard callee.path.count == 1, let name = callee.path.first?.canonical else { return nil }
      if Recomputation.isFold(name, arguments: arguments.count) { return self }
      guard Recomputation.isElementwise(name, arguments: arguments.count),
        !arguments.contains(where: { $0.label != nil })
      else { return nil }
      var inner: [Argument] = []
      for argument in arguments {
        guard let value = argument.value.element(at: places, of: operands) else { return nil }
        inner.append(Argument(value: value))
      }
      return Expression(.call(callee, inner), span)
    default: return nil
    }
  }
}
