// `codes(d["species"])`: a column's classes as the numbers 0, 1, …
//
// A column of text has no value of its own, so the call reads the column by name from the table and
// not from its argument's value.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension ProblemScope {
  /// The codes of a column, int64 `[rows]`, its classes numbered in sorted order.
  func codes(
    _ arguments: [Expression.Argument], at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> NodeID {
    guard arguments.count == 1, let argument = arguments.first?.value,
      let (base, column) = Self.column(named: argument),
      case .object(let object, _) = try lowering.meaning(of: base, in: self),
      let table = object as? DataTable
    else {
      throw Diagnostic(
        "codes.column", "codes takes a column of a data set", at: span,
        help: "for example codes(d[\"species\"])")
    }
    return lowering.graph.constant(try table.codes(column, at: argument.span).codes)
  }

  /// `d.species` and `d["species"]` taken apart.
  private static func column(named expression: Expression) -> (table: Expression, name: String)? {
    switch expression.kind {
    case .member(let base, let field): return (base, field.canonical)
    case .index(let base, let subscripts):
      guard subscripts.count == 1, case .at(let place) = subscripts[0],
        case .string(let name) = place.kind
      else { return nil }
      return (base, name)
    default: return nil
    }
  }
}
