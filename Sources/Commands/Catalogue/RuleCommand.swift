// rule: an optimizer's update typed at the prompt.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let rule = Command(
    "rule", group: .defining, summary: "defines an optimizer by its update formulas",
    forms: [[.text("name(hyperparameter=default, …) { lines }")]],
    details: [
      "Given in a rule: w (or θ) the parameter, g its gradient, t = 1, 2, … the number of the update.",
      "state m = 0 starts a state. A line that names a state or w replaces it for the lines below; "
        + "before that, on the right, it is the old value. Other names are intermediates.",
      "grad(at) is the gradient at another point, loss(at) the loss there. repeat k { … } unrolls; "
        + "when flag { … } else { … } is settled when the optimizer is chosen. rule … over all "
        + "{ … } gets all parameters as one flat vector.",
      "show adam prints a rule of the catalogue, to copy and change.",
    ],
    examples: [
      [
        "rule half(lr=0.1) { state m = 0; m = (m + g)/2; w = w - lr*m }", "param w = [1, -2]",
        "loss L = sum(w^2)", "optimizer half(lr=0.2)", "step",
      ]
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      let declaration = try reading { () throws(SyntaxError) in
        var parser = try Parser(arguments.span)
        let declaration = try parser.parseRuleDeclaration()
        try parser.expectEnd()
        return declaration
      }
      let rule = try Rule(declaration)
      let known = interpreter.session.problem.rules[rule.name] != nil
      let hidden = known ? nil : try RuleLibrary.rule(named: rule.name)
      try interpreter.session.changeProblem { (problem) throws(Diagnostic) in
        problem.rules[rule.name] = rule
      }
      let inUse = interpreter.session.problem.optimizer.contains { group in
        group.stages.contains { $0.rule.name == rule.name }
      }
      var text = rule.signature
      let states = rule.stateNames.map(\.pretty)
      if !states.isEmpty { text += ": state \(states.joined(separator: ", "))" }
      if let hidden {
        text += "\nit hides the catalogue's \(rule.name)"
        text += hidden.declaration.source.map { ": \($0)" } ?? ""
      }
      if inUse {
        text +=
          "\nthe optimizer in use keeps the old lines; choose it again: optimizer \(rule.name)"
      }
      try interpreter.reply(MessageReport(text), arguments.muted)
    })
}
