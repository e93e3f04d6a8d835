// What names mean while an expression becomes a graph.
//
// A rule, the session at the prompt and a step in the making each bring their own scope; the
// lowering itself knows no names but the functions of the catalogue.

import Diagnostics
import Notation
import Tensors

/// What a name or a call stands for.
package enum Meaning {
  /// A tensor in the graph being built.
  case node(NodeID)
  /// A piece of text, such as a file's path or a column's name.
  case text(String)
  /// Text made of numbers of characters that are known once the graph has run.
  case decoded(NodeID, (Tensor) throws(Diagnostic) -> String)
  /// Something that is no tensor; `what` says it in a message: "a data set".
  case object(any Sendable, what: String)
}

/// Gives names their meaning. `nil` answers mean "not mine": the lowering then goes on to constants
/// and functions, and at last to an error with the nearest names.
package protocol Scope: AnyObject {
  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning?
  func meaning(
    of field: Name, in base: Expression, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning?
  func meaning(
    of callee: Expression.Callee, arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning?
  /// `∇L`
  func gradient(of expression: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  /// Words for the key of the next random tensor.
  func randomKey() -> [Int]
  /// Everything that could have been meant, for "did you mean".
  var knownNames: [String] { get }
}

extension Scope {
  package func meaning(
    of field: Name, in base: Expression, at span: Span, in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? { nil }

  package func meaning(
    of callee: Expression.Callee, arguments: [Expression.Argument], at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning? { nil }

  package func gradient(of expression: Expression, at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> Meaning?
  { nil }

  package func randomKey() -> [Int] { [] }
}

/// A scope in which only literals and functions mean anything.
package final class EmptyScope: Scope {
  package init() {}
  package func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic)
    -> Meaning?
  { nil }
  package var knownNames: [String] { [] }
}
