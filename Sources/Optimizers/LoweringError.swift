// What can be wrong with an expression that parsed: a name nobody knows, operands that don't fit.
//
// The graph's own errors name operands by position; here they get their places in the text back.

import Diagnostics
import Notation
import Tensors

package enum LoweringError: DiagnosticConvertible {
  case unknownName(Name, Span, known: [String])
  case unknownFunction(String, Span, known: [String])
  case unknownField(Name, of: String, Span, known: [String])
  case notATensor(what: String, Span)
  case tooDeep(Span)
  case tooManyParts(Span)
  case notConstant(what: String, Span)
  case ragged(Span, expected: Int, seen: Int)
  case shapes(BinaryOperator, Expression, Shape, Expression, Shape)
  case tensor(TensorError, Span, operands: [(Expression, Shape)])
  case textNotExpected(Span)

  package var diagnostic: Diagnostic {
    switch self {
    case .unknownName(let name, let span, let known):
      let near = nearest(name.canonical, in: known)
      return Diagnostic(
        "name.unknown", "nothing is called \(name.pretty)", at: span,
        help: near.isEmpty
          ? "define it first: \(name.canonical) = …, or param \(name.canonical) = …"
          : didYouMean(near))
    case .unknownFunction(let name, let span, let known):
      let near = nearest(name, in: known)
      return Diagnostic(
        "function.unknown", "there is no function \(name)", at: span,
        help: near.isEmpty
          ? "help functions lists them; \(name)(x) = … defines one" : didYouMean(near))
    case .unknownField(let field, let owner, let span, let known):
      let near = nearest(field.canonical, in: known)
      let all = known.prefix(12).joined(separator: ", ")
      return Diagnostic(
        "field.unknown", "\(owner) has no \(field.pretty)", at: span,
        help: near.isEmpty ? (known.isEmpty ? nil : "it has: \(all)") : didYouMean(near))
    case .notATensor(let what, let span):
      return Diagnostic(
        "value.not-a-tensor", "\(what) is not a number or a tensor", at: span,
        help: LoweringError.use(of: what))
    case .tooDeep(let span):
      return Diagnostic(
        "depth", "this formula, with the definitions it uses, is nested too deeply", at: span,
        help: "store a part with let name = …, which keeps a value instead of a formula")
    case .tooManyParts(let span):
      return Diagnostic(
        "formula.size",
        "this formula, with the definitions it uses, has more than \(Lowering.maximumVisits) parts",
        at: span,
        help: "store a part with let name = …, which keeps a value instead of a formula")
    case .notConstant(let what, let span):
      return Diagnostic(
        "constant.needed", "\(what) must be a fixed number here, not one that changes with a step",
        at: span)
    case .ragged(let span, let expected, let seen):
      return Diagnostic(
        "matrix.ragged", "this row has \(seen) where the first has \(expected)", at: span,
        help: "every row of a matrix needs the same length")
    case .shapes(let op, let left, let leftShape, let right, let rightShape):
      return Diagnostic(
        "shape.mismatch",
        "shapes \(leftShape) and \(rightShape) do not fit together in \(op.sign)",
        at: LoweringError.sign(between: left, and: right),
        marks: [.init(left.span, "\(leftShape)"), .init(right.span, "\(rightShape)")],
        help: op == .matmul
          ? "in A @ B the columns of A and the rows of B must be equal in number"
          : "elementwise operators need equal sizes, or 1, in each dimension")
    case .tensor(let error, let span, let operands):
      var diagnostic = TensorProse(error).diagnostic
      diagnostic.span = span
      switch error {
      case .shapeMismatch, .unequalPair, .classShape:
        diagnostic.marks = operands.map { .init($0.0.span, "\($0.1)") }
      default: break
      }
      return diagnostic
    case .textNotExpected(let span):
      return Diagnostic(
        "value.text", "text is not expected here", at: span,
        help: "text serves as a file's path or a column's name")
    }
  }

  /// The operator's own place: what stands between its operands, blanks left out.
  static func sign(between left: Expression, and right: Expression) -> Span {
    var gap = Span(left.span.source, left.span.end, max(right.span.start, left.span.end))
    let bytes = gap.source.bytes
    func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x28 || byte == 0x29
    }
    while gap.start < gap.end, bytes.indices.contains(gap.start), isBlank(bytes[gap.start]) {
      gap.start += 1
    }
    while gap.end > gap.start, bytes.indices.contains(gap.end - 1), isBlank(bytes[gap.end - 1]) {
      gap.end -= 1
    }
    return gap
  }

  private func didYouMean(_ words: [String]) -> String {
    "did you mean " + words.joined(separator: " or ") + "?"
  }

  /// What can be done with `f, a function` or `f, a model`.
  private static func use(of what: String) -> String? {
    let name = what.prefix { $0 != "," }
    if what.hasSuffix("function") { return "call it with its arguments, as in f(x)" }
    if what.hasSuffix("a model") {
      return "\(name)(X) applies it, show \(name) lists its layers, backprop \(name) explains its"
        + " gradients"
    }
    if what.hasSuffix("a layer") { return "\(name)(X) applies it, show \(name) describes it" }
    return nil
  }
}

/// The words for the graph's own errors.
package struct TensorProse {
  let error: TensorError

  package init(_ error: TensorError) { self.error = error }

  package var diagnostic: Diagnostic {
    switch error {
    case .shapeMismatch(let operation, let a, let b):
      Diagnostic(
        "shape.mismatch", "shapes \(a) and \(b) do not fit together in \(operation)")
    case .unequalPair(let operation, let a, let b):
      Diagnostic(
        "shape.mismatch", "shapes \(a) and \(b) do not fit together in \(operation)",
        help:
          "both need the same shape, since one number too few would go unseen; [n, 1] beside [n] "
          + "is fine")
    case .classShape(let operation, let logs, let target):
      Diagnostic(
        "shape.mismatch", "shapes \(logs) and \(target) do not fit together in \(operation)",
        help: "the target is one class index for each row, "
          + "\(Shape(logs.dimensions.dropLast())), or a row of probabilities, \(logs)")
    case .wrongRank(let operation, let shape, let expected):
      Diagnostic("shape.rank", "\(operation) takes \(expected); this has shape \(shape)")
    case .axisOutOfRange(let axis, let shape):
      Diagnostic(
        "shape.axis", "there is no axis \(axis) in shape \(shape)",
        help: shape.rank == 0
          ? "a scalar has no axes"
          : "axes run from 0 to \(shape.rank - 1), or from -1 (the last) to \(-shape.rank)")
    case .indexOutOfRange(let index, let size):
      Diagnostic(
        "index.range", "index \(index) is outside 0 … \(size - 1)",
        help: "indices start at 0; negative ones count from the end")
    case .ragged(let row, let length, let expected):
      Diagnostic(
        "matrix.ragged", "row \(row) has \(length) where the first has \(expected)",
        help: "every row of a matrix needs the same length")
    case .tooLarge(let shape):
      Diagnostic(
        "size", "a tensor of shape \(shape) is too large",
        help: "at most \(Tensor.maximumCount) elements fit in one tensor")
    case .notDifferentiable(let operation):
      Diagnostic(
        "gradient.none", "\(operation) has no gradient",
        help: "wrap it in stop_gradient(…) if it is meant to be constant")
    case .notScalar(let shape):
      Diagnostic(
        "gradient.scalar", "a gradient needs a single number; this has shape \(shape)",
        help: "make it one with sum(…) or mean(…)")
    case .interrupted:
      Diagnostic("interrupted", "interrupted, and nothing was changed", severity: .note)
    case .column(let operation, _, let column, let message, let help):
      Diagnostic("value.column", "\(operation): column \(column) \(message)", help: help)
    case .invalid(let operation, let message, let help):
      Diagnostic(
        "value.invalid", operation.isEmpty ? message : "\(operation): \(message)", help: help)
    }
  }
}
