// model: layers one after the other, under one name.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let model = Command(
    "model", group: .defining, summary: "declares a model and its parameters",
    forms: [[.name("name", .new), .sign(.assign), .model("layer |> layer |> …")]],
    details: [
      "A stage is a layer (help layers), any function of one tensor such as relu or softmax, "
        + "another model, or skip(a |> b), which adds its input to what comes out.",
      "Stages are counted from 0: f.0.weight is a parameter like any other. freeze f.0, "
        + "optimizer … for f.0 and l2(f) mean all the parameters below. f(X) applies the model; "
        + "show f lists its layers.",
      "init=he chooses how a layer's weights begin, bias_init=zeros its biases (help initialisers).",
      "At the prompt a model is evaluated as it is when training is over; steps train it: dropout "
        + "draws, batchnorm looks at the batch. f(X, train=true) shows what the next step would see.",
    ],
    examples: [
      ["model f = linear(10, 20) |> relu |> linear(20, 1)", "show f", "f(ones(10))"],
      [
        "model f = linear(2, 3, init=he) |> tanh |> linear(3, 1)", "f.0.weight",
        "X = [[0, 0], [0, 1], [1, 0], [1, 1]]; y = [0, 1, 1, 0]",
        "loss L = mse(f(X), y) + 0.001*l2(f.weights)", "optimizer adam(lr=0.1)", "step 20",
      ],
      ["model f = linear(4, 4) |> skip(tanh |> linear(4, 4)) |> linear(4, 2)", "f([1, 2, 3, 4])"],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let name = arguments.name("name") else { return }
      let stages = arguments.stages("layer |> layer |> …")
      try interpreter.checkDefinable(name, asModel: true)
      let problem = interpreter.session.problem
      if problem.parameter(name.name) != nil || problem.objective(name.name) != nil {
        throw Diagnostic(
          "name.taken", "\(name.name.pretty) is a parameter or a loss", at: name.span,
          help: "choose another name")
      }
      try interpreter.checkTaken(name)
      let restarts =
        interpreter.session.step > 0 && interpreter.session.problem.model(name.name) != nil
      var dropped: [String] = []
      if let old = problem.model(name.name) {
        for parameter in problem.parameters(of: old) {
          dropped += interpreter.session.snapshot.stateWords(of: parameter.path)
            .map { "\(parameter.name.pretty): \($0)" }
        }
      }
      let model = try interpreter.session.declare(name.name, stages)
      try interpreter.reply(
        ModelReports.declared(
          model, in: interpreter.session.problem,
          affected: interpreter.session.users(of: name.name), restarts: restarts),
        arguments.muted)
      try interpreter.replyDropped(dropped, arguments.muted)
    })
}

extension Interpreter {
  /// Says which modes of parameters that are declared anew are gone: frozen, pruned, bounded, rounded.
  func replyDropped(_ modes: [String], _ muted: Bool) throws(Diagnostic) {
    guard !modes.isEmpty else { return }
    let more = modes.count - 6
    try reply(
      MessageReport(
        "no longer in force: " + modes.prefix(6).joined(separator: "; ")
          + (more > 0 ? "; and \(more) more" : "")), muted)
  }
}
