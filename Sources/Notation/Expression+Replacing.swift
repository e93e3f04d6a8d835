// An expression with parts of it replaced by others: names under which a reader knows them, one
// element instead of a whole tensor.
//
// Nothing is evaluated or simplified.

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
}
