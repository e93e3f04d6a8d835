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

  /// The text that numbers of characters stand for, which `caller` gives a meaning.
  func decode(
    _ arguments: [Expression.Argument], from caller: any Scope, at span: Span,
    in lowering: Lowering
  ) throws(Diagnostic) -> Meaning {
    guard arguments.count == 2,
      case .object(let object, _) = try lowering.meaning(of: arguments[0].value, in: caller),
      let bundle = object as? DataBundle, bundle.vocabulary != nil
    else {
      throw Diagnostic(
        "text.decode", "decode takes a text data set and numbers of characters", at: span,
        help: "data d = text(\"file.txt\"); decode(d, d.codes[:20])")
    }
    let place = arguments[1].value.span
    return .decoded(try lowering.lower(arguments[1].value, in: caller)) {
      codes throws(Diagnostic) in try bundle.decode(codes, at: place) ?? ""
    }
  }
}

extension Session {
  /// The text that an expression stands for; nil for one that is no text.
  package func text(of expression: Expression) throws(Diagnostic) -> String? {
    let lowering = Lowering()
    switch try lowering.meaning(of: expression, in: promptScope()) {
    case .text(let text): return text
    case .decoded(let codes, let read): return try read(evaluate([codes], in: lowering)[0])
    case .node, .object: return nil
    }
  }
}
