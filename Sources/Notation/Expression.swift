// The expression tree: what a person typed, a rule's line, a formula from a textbook.
//
// It holds no shapes and no numbers but literals; giving it a meaning is the business of the
// layers above. Its height is bounded by the parser (`Parser.maximumHeight`), so walking it
// recursively is safe.

import Diagnostics

/// A formula as written, every part with its place in the source.
package struct Expression: Sendable {
  package indirect enum Kind: Sendable {
    /// A literal; `spelling` is kept so that 0.1 prints as typed.
    case number(Double, spelling: String)
    case string(String)
    case name(Name)
    /// `[a, b]`, nested for matrices.
    case list([Expression])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    /// `f(x, axis=1)`. The callee is a dotted name such as `torch.SGD`, or `f`.
    case call(Callee, [Argument])
    /// `x[0]`, `x[:, 1]`, `x[1:3]`.
    case index(Expression, [Subscript])
    /// `w.m`, `d.target`, `f.0.weight` (a digit path element is a name made of digits).
    case member(Expression, Name)
    /// `∇L`: the gradient of a loss with respect to the parameter at hand.
    case gradient(Expression)
  }

  package struct Callee: Sendable {
    package var path: [Name]
    package var span: Span

    package init(path: [Name], span: Span) {
      self.path = path
      self.span = span
    }
  }

  package struct Argument: Sendable {
    package var label: Name?
    package var labelSpan: Span?
    package var value: Expression

    package init(label: Name? = nil, labelSpan: Span? = nil, value: Expression) {
      self.label = label
      self.labelSpan = labelSpan
      self.value = value
    }
  }

  package enum Subscript: Sendable {
    case at(Expression)
    /// `from:to:by`, any of them left out.
    case slice(Expression?, Expression?, Expression?, Span)
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

package enum UnaryOperator: String, Sendable, CaseIterable {
  case negate, not, squareRoot, transpose
}

package enum BinaryOperator: String, Sendable, CaseIterable {
  case add, subtract, multiply, divide, matmul, power
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  case and, or, modulo
}
