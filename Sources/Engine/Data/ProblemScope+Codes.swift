// `codes(d["species"])`, `codes(d, "species")`: a column's classes as the numbers 0, 1, …
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
    var named: (table: Expression, name: String)?
    if arguments.count == 1 {
      named = Self.column(named: arguments[0].value)
    } else if arguments.count == 2, case .string(let name) = arguments[1].value.kind {
      named = (arguments[0].value, name)
    }
    guard let (base, column) = named,
      case .object(let object, _) = try lowering.meaning(of: base, in: self),
      let table = object as? DataTable
    else {
      throw Diagnostic(
        "codes.column", "codes takes a column of a data set", at: span,
        help: "for example codes(d[\"species\"]) or codes(d.train, \"species\")")
    }
    let place = arguments.last?.value.span ?? span
    return lowering.graph.constant(try table.codes(column, at: place).codes)
  }

  /// `d.species` and `d["species"]` taken apart.
  static func column(named expression: Expression) -> (table: Expression, name: String)? {
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

extension Session {
  /// What the classes are called that an expression's numbers stand for: those of the column whose
  /// codes it is, followed through names, parts and subscripts; nil when that is not so plain, or
  /// when there is another number of them.
  package func classLabels(_ expression: Expression, count: Int) -> [String]? {
    var expression = expression
    for _ in 0..<32 {
      switch expression.kind {
      case .name(let name):
        guard case .formula(let formula) = problem.definitions[name] else { return nil }
        expression = formula
      case .member(let base, let field) where Split.partNames.contains(field): expression = base
      case .index(let base, _): expression = base
      case .call(let callee, let arguments) where callee.path.map(\.canonical) == ["codes"]:
        guard let first = arguments.first?.value else { return nil }
        var column: (table: Expression, name: String)?
        if arguments.count == 2, case .string(let name) = arguments[1].value.kind {
          column = (first, name)
        } else {
          column = ProblemScope.column(named: first)
        }
        guard let column, let table = dataObject(column.table) as? DataTable,
          let labels = try? table.codes(column.name, at: expression.span).labels
        else { return nil }
        return labels.count == count ? labels : nil
      default: return nil
      }
    }
    return nil
  }
}
