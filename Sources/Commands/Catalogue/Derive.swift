// derive: a derivative as a formula, and its value now.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let derive = Command(
    "derive", group: .looking, summary: "prints a derivative as a formula, and its value now",
    forms: [
      [.optional([.expression("value"), .optional([.word("by"), .expressions("variable")])])]
    ],
    details: [
      "derive alone differentiates the loss by every parameter; derive L by w by one, derive L by "
        + "w[0] by one of its elements.",
      "By a definition, such as a residual r, it is held fixed as a whole: ∂L/∂r.",
      "A name that is not defined is a symbol: derive x^2*sin(x) by x.",
    ],
    examples: [
      ["param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "derive L", "derive L by w[0]"],
      [
        "X = [[1, 2], [1, 3], [1, 5]]; y = [1, 2, 2]", "param w = [0, 0]", "r = X @ w - y",
        "loss L = mean(r^2)", "derive L by w", "derive L by r",
      ],
      ["derive x^2*sin(x) by x"],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      let subject = try session.lossOrDefault(arguments.expression("value"), for: "derive")
      var variables = arguments.expressions("variable").flatMap(\.listed)
      let isWhole = variables.isEmpty
      if isWhole { variables = try session.parameters(in: subject) }
      let results = try session.now.derivatives(of: subject, by: variables)
      var rows: [FormulaReport.Row] = []
      for result in results {
        let isGradient = isWhole && session.problem.parameters.count == 1
        rows += result.rows(
          isGradient ? .formula(Expression(.gradient(subject), subject.span)) : nil)
      }
      if !arguments.muted { interpreter.surface.show(FormulaReport(rows)) }
    })
}

extension Session {
  /// The parameters that a value depends on, as expressions.
  fileprivate func parameters(in subject: Expression) throws(Diagnostic) -> [Expression] {
    let used = problem.parameters.filter { expression(subject, uses: $0.name) }
    let all = used.isEmpty ? problem.parameters : used
    guard !all.isEmpty else {
      throw Diagnostic(
        "derive.by", "there is no parameter to differentiate by", at: subject.span,
        help: "say by what: derive \(subject.text(.ascii)) by x")
    }
    return all.map { Expression(.name($0.name), subject.span) }
  }
}

extension Expression {
  /// The elements of `[w, b]`; anything else by itself.
  fileprivate var listed: [Expression] {
    if case .list(let elements) = kind, !elements.isEmpty { return elements }
    return [self]
  }
}
