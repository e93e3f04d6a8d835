// rule: an optimizer's update typed at the prompt.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let rule = Command(
    "rule", group: .defining, summary: "defines an optimizer by its update formulas",
    forms: [
      [.text("name(hyperparameter=default, …) { lines }")], [.text("name = latex \"formulas\"")],
    ],
    details: [
      "Given in a rule: w (or θ) the parameter, g its gradient, t = 1, 2, … the number of the update.",
      "state m = 0 starts a state. A line that names a state or w replaces it for the lines below; "
        + "before that, on the right, it is the old value. Other names are intermediates.",
      "grad(at) is the gradient at another point, loss(at) the loss there. repeat k { … } unrolls; "
        + "when flag { … } else { … } is settled when the optimizer is chosen. rule … over all "
        + "{ … } gets all parameters as one flat vector.",
      "show adam prints a rule of the catalogue, to copy and change.",
      "rule mine = latex \"…\" reads formulas as a textbook prints them, rule mine = latex "
        + "file(\"notes.tex\") those of a file, rule mine = $$ … $$ pasted ones; $$ … $$ alone makes a rule "
        + "called pasted. Hyperparameters keep the textbook's symbols. What was taken for granted is "
        + "said; what is not understood is an error.",
    ],
    examples: [
      [
        "rule half(lr=0.1) { state m = 0; m = (m + g)/2; w = w - lr*m }", "param w = [1, -2]",
        "loss L = sum(w^2)", "optimizer half(lr=0.2)", "step",
      ],
      [
        "rule mine = latex \"m_t = \\beta_1 m_{t-1} + (1-\\beta_1) g_t \\\\ \\theta_t = \\theta_{t-1} - \\alpha m_t\"",
        "param w = [1, -2]", "loss L = sum(w^2)", "optimizer mine(alpha=0.1, beta_1=0.8)", "step",
        "show mine as latex", "show mine as python",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      if let (name, text) = try interpreter.formulaRule(arguments.span) {
        return try interpreter.defineFormulas(name, text, muted: arguments.muted)
      }
      let declaration = try reading { () throws(SyntaxError) in
        var parser = try Parser(arguments.span)
        let declaration = try parser.parseRuleDeclaration()
        try parser.expectEnd()
        return declaration
      }
      let rule = try Rule(declaration)
      try interpreter.define(rule, muted: arguments.muted)
    })
}
