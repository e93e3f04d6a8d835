// A few derivatives in the form that textbooks give them.

import Notation
import Optimizers

extension Formula {
  /// `(Xᵀ @ D)ᵀ` as `Dᵀ @ X`, and `sum(D)·[1]` as `[sum(D)]`.
  var textbook: Formula {
    var formula = self
    formula.expression = expression.textbook
    return formula
  }
}

extension Expression {
  fileprivate var textbook: Expression {
    if let product = transposed, case .binary(.matmul, let left, let right) = product.kind,
      let inner = left.transposed
    {
      let turned = Expression(.unary(.transpose, right), right.span)
      return Expression(.binary(.matmul, turned, inner), span)
    }
    if case .binary(.multiply, let total, let ones) = kind, case .call(let callee, _) = total.kind,
      callee.path.map(\.canonical) == ["sum"], case .list(let elements) = ones.kind,
      elements.count == 1, case .number(1, _) = elements[0].kind
    {
      return Expression(.list([total]), span)
    }
    return self
  }

  /// What this is the transpose of.
  private var transposed: Expression? {
    if case .unary(.transpose, let base) = kind { base } else { nil }
  }
}
