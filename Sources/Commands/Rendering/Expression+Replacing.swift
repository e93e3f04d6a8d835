// An expression with parts of it replaced by others: names under which a reader knows them, one
// element instead of a whole tensor.
//
// Nothing is evaluated or simplified.

import Notation
import Tensors

extension Expression {
  /// The expression with every part for which `replacement` gives another replaced by it, from the
  /// whole down; what is put in is not looked into again.
  package func replacing(_ replacement: (Expression) -> Expression?) -> Expression {
    if let other = replacement(self) { return other }
    let new: Kind
    switch kind {
    case .number, .string, .name: return self
    case .list(let elements): new = .list(elements.map { $0.replacing(replacement) })
    case .unary(let operation, let operand): new = .unary(operation, operand.replacing(replacement))
    case .binary(let operation, let left, let right):
      new = .binary(operation, left.replacing(replacement), right.replacing(replacement))
    case .call(let callee, let arguments):
      new = .call(
        callee,
        arguments.map {
          Argument(
            label: $0.label, labelSpan: $0.labelSpan, value: $0.value.replacing(replacement))
        })
    case .index(let base, let subscripts):
      new = .index(
        base.replacing(replacement),
        subscripts.map { entry in
          switch entry {
          case .at(let place): .at(place.replacing(replacement))
          case .slice(let from, let to, let by, let span):
            .slice(
              from?.replacing(replacement), to?.replacing(replacement), by?.replacing(replacement),
              span)
          }
        })
    case .member(let base, let name): new = .member(base.replacing(replacement), name)
    case .gradient(let target): new = .gradient(target.replacing(replacement))
    }
    return Expression(new, span)
  }

  /// `x[1]`, `x[0, 2]`.
  package func indexed(at places: [Int]) -> Expression {
    guard !places.isEmpty else { return self }
    return Expression(
      .index(self, places.map { .at(Expression(.number(Double($0), spelling: "\($0)"), span)) }),
      span)
  }

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
