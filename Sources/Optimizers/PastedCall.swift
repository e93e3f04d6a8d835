// What a line pasted from a Python program says in other words: `True`, `None`, the parameters that
// torch's optimizers take first. It changes nothing else, and never the order of arguments.

import Notation

enum PastedCall {
  /// The arguments as a rule takes them. Only a library's own call leaves out its parameters.
  static func arguments(_ arguments: [Expression.Argument], of rule: Rule) -> [Expression.Argument]
  {
    var result = arguments
    if rule.declaration.path.count > 1, let first = result.first, first.label == nil,
      isParameterList(first.value)
    {
      result.removeFirst()
    }
    for i in result.indices { result[i].value = plain(result[i].value) }
    return result
  }

  /// `model.parameters()`, `params`, `[w, b]`: which parameters an optimizer is for is said with `for`
  /// here.
  private static func isParameterList(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .call(let callee, let arguments):
      arguments.isEmpty && callee.path.last?.canonical == "parameters"
    case .name(let name): ["params", "parameters"].contains(name.canonical)
    case .list(let items):
      !items.isEmpty
        && items.allSatisfy { if case .name = $0.kind { true } else { false } }
    default: false
    }
  }

  /// Python's capitals.
  private static func plain(_ expression: Expression) -> Expression {
    guard case .name(let name) = expression.kind,
      let known = ["True": "true", "False": "false", "None": "none"][name.canonical]
    else { return expression }
    return Expression(.name(Name(canonical: known)), expression.span)
  }
}
