// A few names with meanings of their own before the session's: a function's arguments, the t of a
// schedule, the input of a stage.

import Diagnostics
import Notation
import Optimizers
import Tensors

final class BoundScope: Scope {
  let bindings: [Name: Meaning]
  let outer: ProblemScope
  /// Whether the names are a person's, so that an error may suggest them.
  let suggestsNames: Bool

  init(bindings: [Name: Meaning], outer: ProblemScope, suggestsNames: Bool = true) {
    self.bindings = bindings
    self.outer = outer
    self.suggestsNames = suggestsNames
  }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    if let bound = bindings[name] { return bound }
    return try outer.meaning(of: name, at: span, in: lowering)
  }

  func meaning(of field: Name, in base: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  {
    if case .name(let name) = base.kind, bindings[name] != nil { return nil }
    return try outer.meaning(of: field, in: base, at: span, in: lowering)
  }

  func meaning(
    of callee: Expression.Callee, arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? {
    try outer.call(callee, arguments, from: self, at: span, in: lowering)
  }

  func gradient(of expression: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  {
    try outer.gradient(of: expression, at: span, in: lowering)
  }

  func randomKey() -> [Int] { outer.randomKey() }
  var knownNames: [String] {
    (suggestsNames ? bindings.keys.map(\.canonical).sorted() : []) + outer.knownNames
  }
}
