// optimizer: the rule that moves the parameters.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let optimizer = Command(
    "optimizer", group: .defining, summary: "chooses the rule that moves the parameters",
    forms: [[.text("rule(hyperparameter=value, …) [for parameter, …], …")]],
    details: [
      "Every rule of the catalogue, one typed with rule, and the libraries' own calls: "
        + "torch.Adam(lr=0.1, betas=(0.9, 0.99)), keras.SGD(…), optax.adamw(…).",
      "Groups: optimizer adam(lr=0.1) for w, sgd(lr=0.01) for rest.",
      "Gradient stages come first: optimizer clip_norm(1) |> adam(lr=0.1).",
      "A hyperparameter may be any expression of t: optimizer sgd(lr=0.1*0.95^t).",
      "The same rule with new hyperparameters keeps its state; another one starts afresh.",
    ],
    examples: [
      ["param w = [1, -2]", "loss L = sum(w^2)", "optimizer adam(lr=0.1)", "step"],
      [
        "param w = 1; param b = 2", "loss L = w^2 + b^2",
        "optimizer adam(lr=0.1) for w, sgd(lr=0.01) for rest", "step",
      ],
      [
        "param w = 1", "loss L = w^2", "optimizer torch.SGD(lr=0.1, momentum=0.9, nesterov=true)",
        "step",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (_, span) = arguments.text("rule(hyperparameter=value, …) [for parameter, …], …")
      else { return }
      var parser = try reading { () throws(SyntaxError) in try Parser(span) }
      let groups = try interpreter.session.groups(&parser)
      try interpreter.session.choose(groups)
      try interpreter.reply(
        .optimizer(groups, note: note(on: interpreter.session)), arguments.muted)
    })

  /// What becomes of each parameter's state after steps with another optimizer, and which
  /// parameters no optimizer moves.
  private static func note(on session: Session) -> String? {
    let moved = session.problem.parameters.map(\.name).filter {
      session.problem.group(for: $0) != nil
    }
    let left = session.problem.parameters.map(\.name).filter { !moved.contains($0) }
    let going = session.parametersThatKeepState
    let fresh = moved.filter { !going.contains($0) }
    func list(_ names: [Name]) -> String { names.map(\.pretty).joined(separator: ", ") }
    func verb(_ names: [Name], _ one: String, _ several: String) -> String {
      "\(list(names)) \(names.count == 1 ? one : several)"
    }
    var parts: [String] = []
    if session.step > 0, !moved.isEmpty {
      if fresh.isEmpty {
        parts.append("it goes on with the state and the t it has")
      } else if going.isEmpty {
        parts.append("it starts afresh at t = 1")
      } else {
        parts.append(verb(going, "goes", "go") + " on with the state and the t kept so far")
        parts.append(verb(fresh, "starts", "start") + " afresh at t = 1")
      }
    }
    if !left.isEmpty { parts.append("no optimizer moves \(list(left))") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
