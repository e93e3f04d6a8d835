// An optimizer's update rule: a declaration that has been read and checked.
//
// A built-in rule and one typed at the prompt are the same thing; the built-in ones only come from
// files (`RuleLibrary`).

import Diagnostics
import Notation

package struct Rule: Sendable {
  package let declaration: RuleDeclaration
  /// `adam`, `torch.SGD`
  package let name: String

  package var title: String? { declaration.title }
  package var source: String? { declaration.source }

  /// Checks what can be known without a parameter: that the rule changes something, that its
  /// hyperparameters do not clash with what is given, and that it uses no name of its surroundings.
  package init(_ declaration: RuleDeclaration) throws(Diagnostic) {
    self.declaration = declaration
    name = declaration.name
    var seen = Set<Name>()
    for parameter in declaration.parameters {
      guard seen.insert(parameter.name).inserted else {
        throw Diagnostic(
          "rule.parameter", "the hyperparameter \(parameter.name.pretty) is listed twice",
          at: parameter.span)
      }
      if Rule.given.contains(parameter.name.canonical) {
        throw Diagnostic(
          "rule.given",
          "\(parameter.name.pretty) is given in every rule and cannot be a hyperparameter",
          at: parameter.span, help: "given are w (or θ), g and t")
      }
    }
    guard Rule.assigns(Rule.parameterNames.union(["g"]), in: declaration.body) else {
      throw Diagnostic(
        "rule.no-update", "rule \(name) never changes w", at: declaration.nameSpan,
        help: "end it with an update such as w = w - lr*g")
    }
    try Rule.checkClosed(declaration)
  }

  /// The names that stand for the parameter a rule is applied to.
  package static let parameterNames: Set<String> = ["w", "theta"]
  package static let given: Set<String> = ["w", "theta", "g", "t"]

  /// A stage changes the gradient and leaves the parameter to the rule after it.
  package var isStage: Bool { !Rule.assigns(Rule.parameterNames, in: declaration.body) }

  /// The names of its states, in any branch.
  package var stateNames: [Name] {
    var names: [Name] = []
    Rule.visit(declaration.body) { statement in
      if case .state(let line) = statement { names.append(line.name) }
    }
    return names
  }

  /// Every name that has a value in a step of the rule: hyperparameters, states, lines.
  package var names: [String] {
    var names = declaration.parameters.map(\.name.canonical)
    Rule.visit(declaration.body) { statement in
      if let line = statement.line { names.append(line.name.canonical) }
    }
    return names.filter { !Rule.parameterNames.contains($0) }
  }

  private static func assigns(_ names: Set<String>, in body: [RuleStatement]) -> Bool {
    var found = false
    visit(body) { statement in
      if case .assign(let line) = statement { found = found || names.contains(line.name.canonical) }
    }
    return found
  }

  static func visit(_ body: [RuleStatement], _ action: (RuleStatement) -> Void) {
    for statement in body {
      action(statement)
      switch statement {
      case .when(let branches, let otherwise):
        for branch in branches { visit(branch.body, action) }
        visit(otherwise, action)
      case .repeat(_, let inner): visit(inner, action)
      case .let, .state, .assign: break
      }
    }
  }
}

/// A rule with its hyperparameters filled in, as `optimizer adam(lr=0.1)` says.
package struct ChosenRule: Sendable {
  package let rule: Rule
  /// In the order of the declaration; every hyperparameter has an entry.
  package let hyperparameters: [(name: Name, value: Expression)]

  /// - Throws: an unknown, missing or doubled hyperparameter, at its place in the call.
  package init(_ rule: Rule, arguments: [Expression.Argument], at span: Span) throws(Diagnostic) {
    self.rule = rule
    let declared = rule.declaration.parameters
    var values: [Name: Expression] = [:]
    var position = 0
    for argument in PastedCall.arguments(arguments, of: rule) {
      let name: Name
      if let label = argument.label {
        guard declared.contains(where: { $0.name == label }) else {
          let known = declared.map(\.name.canonical)
          let near = nearest(label.canonical, in: known)
          throw Diagnostic(
            "rule.hyperparameter", "\(rule.name) has no hyperparameter \(label.pretty)",
            at: argument.labelSpan ?? argument.value.span,
            help: near.isEmpty
              ? "it has: " + known.joined(separator: ", ")
              : "did you mean \(near.joined(separator: " or "))?")
        }
        name = label
      } else {
        guard position < declared.count else {
          throw Diagnostic(
            "rule.arguments", "\(rule.name) takes \(declared.count) hyperparameters",
            at: argument.value.span, help: rule.signature)
        }
        name = declared[position].name
        position += 1
      }
      guard values[name] == nil else {
        throw Diagnostic(
          "rule.twice", "\(name.pretty) is given twice",
          at: argument.labelSpan ?? argument.value.span)
      }
      values[name] = argument.value
    }
    var filled: [(name: Name, value: Expression)] = []
    for parameter in declared {
      guard let value = values[parameter.name] ?? parameter.defaultValue else {
        throw Diagnostic(
          "rule.missing", "\(rule.name) needs \(parameter.name.pretty)", at: span,
          help: "for example \(rule.name)(\(parameter.name.canonical)=0.01)")
      }
      filled.append((parameter.name, value))
    }
    hyperparameters = filled
  }

  /// The same rule with one hyperparameter set anew, as `schedule lr = …` does.
  package func setting(_ name: Name, to value: Expression) -> ChosenRule? {
    guard hyperparameters.contains(where: { $0.name == name }) else { return nil }
    return ChosenRule(
      rule: rule,
      hyperparameters: hyperparameters.map { $0.name == name ? (name, value) : $0 })
  }

  private init(rule: Rule, hyperparameters: [(name: Name, value: Expression)]) {
    self.rule = rule
    self.hyperparameters = hyperparameters
  }
}

extension Rule {
  /// `adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8)`
  package var signature: String { RulePrinter(.ascii).signature(declaration) }
}
