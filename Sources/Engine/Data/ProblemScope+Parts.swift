// What `d.train`, `X.test` and `d.train.target` mean: parts of what was split, wherever the whole may
// stand.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension ProblemScope {
  /// A part of what was split, or a field of a data set; nil when the base is neither.
  func dataMeaning(of field: Name, in base: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  {
    if case .name(let owner) = base.kind, let split = problem.splits[owner],
      Split.partNames.contains(field)
    {
      return try part(field, of: owner, split, at: span, in: lowering)
    }
    guard let object = try dataObject(base, in: lowering) else { return nil }
    switch object {
    case let table as DataTable:
      let node = lowering.graph.constant(try table.column(field.canonical, at: span))
      lowering.columnNames[node] = [try table.find(field.canonical, at: span).name]
      return .node(node)
    case let bundle as DataBundle:
      return .node(lowering.graph.constant(try bundle.field(field.canonical, at: span)))
    default: return nil
    }
  }

  /// The data set that an expression stands for, if it does.
  private func dataObject(_ expression: Expression, in lowering: Lowering) throws(Diagnostic)
    -> (any Sendable)?
  {
    switch expression.kind {
    case .name(let name):
      switch problem.definitions[name] {
      case .table(let table): return table
      case .bundle(let bundle): return bundle
      case .formula(let formula):
        // `t = d.train` is a data set too. Other formulas are not looked into here.
        switch formula.kind {
        case .name, .member: break
        default: return nil
        }
        guard
          case .object(let object, _)? = try meaning(
            of: name, at: expression.span, in: lowering)
        else { return nil }
        return object
      default: return nil
      }
    case .member(let base, let field):
      guard case .name(let owner) = base.kind, problem.splits[owner] != nil,
        Split.partNames.contains(field),
        case .object(let object, _)? = try dataMeaning(
          of: field, in: base, at: expression.span, in: lowering)
      else { return nil }
      return object
    default: return nil
    }
  }

  private func part(
    _ field: Name, of owner: Name, _ split: Split, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning {
    guard let part = split.part(field) else {
      let parts = split.parts.map { "\(owner.canonical).\($0.name.canonical)" }
      throw Diagnostic(
        "split.part", "\(owner.pretty) has no part \(field.canonical)", at: span,
        help: "its parts are \(parts.joined(separator: ", "))")
    }
    let label = Name(canonical: "\(owner.canonical).\(field.canonical)")
    if case .table(let table) = problem.definitions[owner] {
      return .object(
        table.selecting(rows: part.rows), what: "\(owner.pretty).\(field.canonical), a data set")
    }
    guard case .node(let whole)? = try meaning(of: owner, at: span, in: lowering) else {
      throw Diagnostic("split.what", "\(owner.pretty) has no rows", at: span)
    }
    let shape = lowering.graph[whole].shape
    guard let rows = shape.dimensions.first, rows == split.rowCount else {
      throw Diagnostic(
        "split.stale",
        "\(owner.pretty) had \(split.rowCount) rows when it was split; its shape is \(shape) now",
        at: span, help: "split \(split.names.map(\.canonical).joined(separator: ", ")) 0.8")
    }
    let places = lowering.graph.constant(
      Tensor(part.rows.map(Double.init), shape: [part.rows.count], type: .int64))
    do {
      let node = try lowering.graph.apply(
        .gather, [whole, places], Attributes(integers: [-shape.rank]))
      name(node, label)
      lowering.columnNames[node] = lowering.columnNames[whole]
      return .node(node)
    } catch {
      throw TensorProse(error).diagnostic
    }
  }
}
