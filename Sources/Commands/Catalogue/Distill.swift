// distill: the lines to type for training a small model on a large one's soft targets.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let distill = Command(
    "distill", group: .shrinking,
    summary: "prints the lines that train one model on another's soft targets",
    forms: [
      [
        .name("student", .any), .word("from"), .name("teacher", .any),
        .settings("[temperature=4] [weight=0.9]"),
      ]
    ],
    details: [
      "The teacher g is trained already, and is frozen. The student f learns from the teacher's soft "
        + "targets softmax(g(X)/T), whose small probabilities say which classes the teacher finds "
        + "alike, and from the labels: J = a·distill(f(X), g(X), temperature=T) + (1 - "
        + "a)·cross_entropy(f(X), y). The function distill is T²·kl(softmax(g(X)/T), "
        + "softmax(f(X)/T)), and no gradient passes to the teacher (Hinton, Vinyals & Dean 2015, "
        + "section 2). Both models give logits.",
      "The command changes nothing: it names your models and data in the lines it prints. "
        + "temperature=4 and weight=0.9 (a) may be given.",
    ],
    examples: [
      [
        "X = [[1, 2], [0, -1], [3, 1]]; y = [1, 0, 1]",
        "model g = linear(2, 8) |> relu |> linear(8, 2)", "model f = linear(2, 2)",
        "loss L = cross_entropy(g(X), y)", "optimizer adam(lr=0.1)", "step 50",
        "distill f from g", "freeze g",
        "loss J = 0.9*distill(f(X), g(X), temperature=4) + 0.1*cross_entropy(f(X), y)",
        "step 50",
      ]
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let student = arguments.name("student"), let teacher = arguments.name("teacher") else {
        return
      }
      let session = interpreter.session
      for name in [student, teacher] where session.problem.model(name.name) == nil {
        throw Diagnostic(
          "distill.model", "there is no model \(name.name.pretty)", at: name.span,
          help: didYouMean(
            name.name.canonical, in: session.problem.models.map(\.name.canonical))
            ?? "model \(name.name.canonical) = linear(64, 16) |> relu |> linear(16, 10)")
      }
      guard student.name != teacher.name else {
        throw Diagnostic(
          "distill.same", "a model cannot be its own teacher", at: teacher.span,
          help: "the teacher is trained before, and has another name")
      }
      var numbers = ["temperature": 4.0, "weight": 0.9]
      for (path, value) in arguments.bindings("[temperature=4] [weight=0.9]") {
        let word = path.map(\.name.canonical).joined(separator: ".")
        guard numbers[word] != nil, let number = try session.evaluate(value).scalar, number > 0,
          word != "weight" || number <= 1
        else {
          throw Diagnostic(
            "distill.option", "temperature is above 0, weight above 0 and at most 1",
            at: path.first?.span, help: "distill f from g temperature=4 weight=0.9")
        }
        numbers[word] = number
      }
      let (X, y) = session.dataNames(of: teacher.name)
      let text = { (value: Double) in NumberFormat.text(value, digits: 6) }
      let a = numbers["weight"] ?? 0.9
      let (f, g) = (student.name.canonical, teacher.name.canonical)
      var loss =
        "\(text(a))*distill(\(f)(\(X)), \(g)(\(X)), temperature=\(text(numbers["temperature"] ?? 4)))"
      if a < 1 { loss += " + \(text(1 - a))*cross_entropy(\(f)(\(X)), \(y))" }
      let lines = [
        "freeze \(g)", "loss J = \(loss)", "optimizer adam(lr=0.001) for \(f)", "step 500",
      ]
      if !arguments.muted {
        interpreter.surface.show(
          MessageReport(
            kind: "recipe", fields: ["lines": .array(lines.map { .string($0) })]
          ) { _ in lines.map { StyledText($0) } })
      }
    })
}

extension Session {
  /// What the teacher's inputs and labels are called in the losses there are; X and y otherwise.
  fileprivate func dataNames(of model: Name) -> (inputs: String, labels: String) {
    for objective in problem.objectives {
      guard let call = objective.expression.firstCall(of: ["cross_entropy", "nll"]),
        let labels = call.last, let inputs = call.first?.firstCall(of: [model.canonical])?.first
      else { continue }
      return (inputs.text(.ascii), labels.text(.ascii))
    }
    return ("X", "y")
  }
}

extension Expression {
  /// The positional arguments of the first call of one of these functions.
  fileprivate func firstCall(of names: [String]) -> [Expression]? {
    var found: [Expression]?
    _ = replacing { part in
      guard found == nil, case .call(let callee, let arguments) = part.kind,
        names.contains(callee.path.map(\.canonical).joined(separator: "."))
      else { return nil }
      found = arguments.filter { $0.label == nil }.map(\.value)
      return part
    }
    return found
  }
}
