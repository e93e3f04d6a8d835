// `encode(d, "the")` and `decode(d, codes)`: between a text's characters and their numbers.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension ProblemScope {
  /// The numbers of a text's characters.
  func encode(_ arguments: [Expression.Argument], at span: Span, in lowering: Lowering)
    throws(Diagnostic) -> NodeID
  {
    guard arguments.count == 2, case .string(let text) = arguments[1].value.kind,
      case .object(let object, _) = try lowering.meaning(of: arguments[0].value, in: self),
      let codes = try (object as? DataBundle)?.encode(text, at: arguments[1].value.span)
    else {
      throw Diagnostic(
        "text.encode", "encode takes a text data set and characters in quotes", at: span,
        help: "data d = text(\"file.txt\"); encode(d, \"the \")")
    }
    return lowering.graph.constant(codes)
  }
}

extension Session {
  /// The text that `decode(d, codes)` stands for; nil for any other expression.
  package func decoded(_ expression: Expression) throws(Diagnostic) -> String? {
    guard case .call(let callee, let arguments) = expression.kind,
      callee.path.map(\.canonical) == ["decode"],
      problem.definitions[callee.path[0]] == nil
    else { return nil }
    guard arguments.count == 2, let bundle = dataObject(arguments[0].value) as? DataBundle,
      bundle.vocabulary != nil
    else {
      throw Diagnostic(
        "text.decode", "decode takes a text data set and numbers of characters",
        at: expression.span, help: "data d = text(\"file.txt\"); decode(d, d.codes[:20])")
    }
    return try bundle.decode(
      evaluate(arguments[1].value), at: arguments[1].value.span)
  }
}
