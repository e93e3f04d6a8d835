// check: what formulas are, whether their numbers are right, and where they depart.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let check = Command(
    "check", group: .looking,
    summary: "says what formulas are, whether they are right, and where they depart",
    forms: [[.text("what")]],
    usage: [
      "check file, … [where symbol = role, …]",
      "check \"formulas\" [where symbol = role, …]",
      "check rule [where symbol = role, …]",
    ],
    details: [
      "A file is Markdown (also MyST and Jupyter notebooks), TeX, reStructuredText or AsciiDoc. Every "
        + "formula in it is read: what it is, why, and what its numbers say. Code, comments and amounts "
        + "of money are left alone. A rule that is spread over several displays of a section is read as "
        + "one. A symbol within the text is counted, not listed.",
      "✓ right: its numbers are those of what the heading or the words before it name, or of a rule or "
        + "function that is known when they name nothing. ✗ wrong: a mistake that is known "
        + "makes them others, or it cannot be run. · unchecked: there is nothing to compare it with, or "
        + "its numbers are others and no mistake that is known explains them. ? not understood: it says "
        + "where.",
      "Formulas are TeX in quotes, or between $$ and $$ to the end of the line; check latex \"…\" where "
        + "they could be taken for a file's name. A rule is one of the session or the catalogue.",
      "What a symbol is for is found from its place in the formulas, and where that leaves a choice from "
        + "the words (“where α is the learning rate”). where gamma = lr says it; the roles are "
        + "lr, beta (decay of an average), rho (decay of an average of squares), eps, wd and constant.",
      "A script that found something wrong ends with exit code 1, and so does descent check FILE … from "
        + "the shell; --json gives one object a file.",
    ],
    examples: [
      ["check \"\\theta_{t+1} = \\theta_t - \\eta \\nabla L(\\theta_t)\""],
      ["check \"\\theta = \\theta - \\gamma \\kappa g\" where kappa = lr"],
      ["rule mine(lr=0.1) { w = w - lr*g }", "check mine"],
    ],
    effect: .inspects, runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (_, span) = arguments.text("what") else { return }
      let subjects = try CheckSubjects(span, in: interpreter.session)
      try interpreter.check(subjects, muted: arguments.muted)
    })
}
