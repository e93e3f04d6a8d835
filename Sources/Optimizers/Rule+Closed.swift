// Rules are closed: a line knows what is given, the rule's own names and the lines above it, and
// never the session's names, so that a rule means the same wherever it is used.
//
// Checked when a rule is read, so that a slip shows in the line that has it and not at the first step.

import Diagnostics
import Notation
import Tensors

extension Rule {
  /// - Throws: the first name or function that a line of the rule cannot know, at its place.
  static func checkClosed(_ declaration: RuleDeclaration) throws(Diagnostic) {
    var known = Rule.given.union(Lowering.constants.keys).union(["none"])
    known.formUnion(declaration.parameters.map(\.name.canonical))
    visit(declaration.body) { statement in
      switch statement {
      case .let(let line), .state(let line): known.insert(line.name.canonical)
      case .assign, .when, .repeat: break
      }
    }
    try check(declaration.body, known: &known)
  }

  /// A name assigned in one branch of a `when` counts as known behind it: which branch runs is
  /// settled only when the optimizer is chosen.
  private static func check(_ body: [RuleStatement], known: inout Set<String>) throws(Diagnostic) {
    for statement in body {
      switch statement {
      case .let(let line), .state(let line): try check(line.value, known)
      case .assign(let line):
        try check(line.value, known)
        known.insert(line.name.canonical)
      case .when(let branches, let otherwise):
        let before = known
        for part in branches.map(\.body) + [otherwise] {
          var inside = before
          try check(part, known: &inside)
          known.formUnion(inside)
        }
      case .repeat(_, let inner): try check(inner, known: &known)
      }
    }
  }

  private static func check(_ expression: Expression, _ known: Set<String>) throws(Diagnostic) {
    switch expression.kind {
    case .name(let name) where !known.contains(name.canonical):
      throw Diagnostic(
        "rule.name", "nothing in this rule is called \(name.pretty)", at: expression.span,
        help: didYouMean(name.canonical, in: known.sorted())
          ?? "a rule knows w, g, t and its own names; state \(name.canonical) = 0 starts a state")
    case .call(let callee, _):
      let function = callee.path.map(\.canonical).joined(separator: ".")
      guard Function.named(function) == nil, !asked.contains(function) else { break }
      throw LoweringError.unknownFunction(
        function, callee.span, known: Function.catalogue.map(\.name) + asked
      ).diagnostic
    default: break
    }
    for child in expression.children { try check(child, known) }
  }

  /// Functions that the surroundings of a rule answer, and questions about a shape.
  private static let asked = ["grad", "loss", "hessian", "rank", "rows", "cols", "count", "size"]
}
