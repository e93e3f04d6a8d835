// The lines of a rule that run for one parameter: `when` decided, `repeat` unrolled.

import Diagnostics
import Notation
import Tensors

/// One line `name = expression` of a settled rule.
package struct RuleLine: Sendable {
  package let name: Name
  package let expression: Expression
  package let remark: String?
  /// A constant settled beforehand: used by other lines, not printed as a step of its own.
  package let isConstant: Bool
}

package struct SettledRule: Sendable {
  package var constants: [RuleLine] = []
  package var states: [(name: Name, start: Expression)] = []
  package var lines: [RuleLine] = []

  /// More lines than any optimizer has; a `repeat` beyond it is refused before it takes memory.
  package static let maximumLines = 10_000
}

extension ChosenRule {
  /// The lines that run for a parameter of this shape.
  package func settled(for shape: Shape) throws(Diagnostic) -> SettledRule {
    var evaluator = SettingEvaluator(settings: [:], shape: shape)
    for (name, value) in hyperparameters {
      evaluator.settings[name] = Self.setting(of: value)
    }
    var result = SettledRule()
    try settle(rule.declaration.body, with: &evaluator, into: &result)
    return result
  }

  /// A hyperparameter's setting, where it is plain enough to have one.
  package static func setting(of value: Expression) -> Setting {
    let evaluator = SettingEvaluator(settings: [:], shape: .scalar)
    guard let setting = try? evaluator.value(of: value) else { return .changing }
    return setting
  }

  private func settle(
    _ body: [RuleStatement], with evaluator: inout SettingEvaluator, into result: inout SettledRule
  ) throws(Diagnostic) {
    for statement in body {
      switch statement {
      case .let(let line):
        evaluator.settings[line.name] = (try? evaluator.value(of: line.value)) ?? .changing
        result.constants.append(
          RuleLine(name: line.name, expression: line.value, remark: nil, isConstant: true))
      case .state(let line):
        result.states.append((line.name, line.value))
      case .assign(let line):
        result.lines.append(
          RuleLine(name: line.name, expression: line.value, remark: line.remark, isConstant: false))
        guard result.lines.count <= SettledRule.maximumLines else {
          throw Diagnostic(
            "rule.long", "the rule comes to more than \(SettledRule.maximumLines) lines",
            at: line.span, help: "use a smaller repeat count")
        }
      case .when(let branches, let otherwise):
        var chosen = otherwise
        for branch in branches where try evaluator.truth(of: branch.condition) {
          chosen = branch.body
          break
        }
        try settle(chosen, with: &evaluator, into: &result)
      case .repeat(let count, let body):
        let times = try evaluator.number(of: count)
        guard times >= 0, times <= 1000, times == times.rounded() else {
          throw Diagnostic(
            "rule.repeat", "repeat needs a whole number from 0 to 1000", at: count.span)
        }
        for _ in 0..<Int(times) { try settle(body, with: &evaluator, into: &result) }
      }
    }
  }
}
