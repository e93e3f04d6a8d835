// prune, unprune: the smallest elements become 0 and stay 0.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let prune = Command(
    "prune", group: .shrinking, summary: "sets the smallest elements to 0 and keeps them there",
    forms: [
      [
        .names("parameter", .parameter),
        .either([
          [.word("off")],
          [.expression("share"), .optional([.word("per"), .choice("unit", ["layer"])])],
        ]),
      ]
    ],
    details: [
      "prune f 0.8 makes 80 % of the elements 0, those of the smallest absolute value among all "
        + "parameters named (Han et al. 2015); with per layer, 80 % of each. Of a model or a layer "
        + "these are the weights, without the scales of batchnorm and layernorm; name a bias or a "
        + "scale to prune it too. The share counts all elements, those "
        + "that are 0 already first, so pruning further takes a larger one.",
      "Training goes on with the others: from then on a step multiplies gradient and parameter with "
        + "the mask, 0 where an element is pruned, and shows both as lines of its own. unprune f, or "
        + "prune f off, lets them move again. Both are reverted by back.",
    ],
    examples: [
      [
        "model f = linear(4, 8) |> relu |> linear(8, 2)", "prune f 0.5", "prune f 0.5 per layer",
        "unprune f",
      ],
      [
        "param w = [3, -0.1, 2, 0.2]", "loss L = sum((w - 1)^2)", "optimizer adam(lr=0.1)",
        "prune w 0.5", "step", "w", "back 2",
      ],
    ],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let amount = arguments.expression("share") else {
        return try interpreter.unprune(arguments)
      }
      let session = interpreter.session
      let parameters = try session.shrinkable(arguments.names("parameter"))
      guard let share = try session.evaluate(amount).scalar, share >= 0, share <= 1 else {
        throw Diagnostic(
          "prune.share", "the share to prune is from 0 to 1", at: amount.span,
          help: "prune f 0.8 makes 80 % of the elements 0")
      }
      let perLayer = arguments.has("unit")
      let before = ModelSize(parameters.map { (session.value(of: $0), 1) })
      let result = interpreter.session.prune(
        parameters, share: share, isGlobal: !perLayer, what: arguments.span.text)
      let after = ModelSize(parameters.map { (interpreter.session.value(of: $0), 1) })
      try interpreter.reply(
        with: ShrinkingReports.pruned(result, isGlobal: !perLayer, before, after), arguments.muted)
    })

  static let unprune = Command(
    "unprune", group: .shrinking, summary: "lets pruned elements move again",
    forms: [[.names("parameter", .parameter)]],
    details: ["They are 0 until a step moves them. back reverts it."],
    examples: [["param w = [1, 0.1]", "prune w 0.5", "unprune w"]],
    run: { interpreter, arguments throws(Diagnostic) in try interpreter.unprune(arguments) })
}

extension Session {
  /// The parameters that shrinking means by these names: of models and layers the weights alone,
  /// without the scales of norms; these where there is nothing else, and then biases.
  func shrinkable(_ paths: [[Identifier]]) throws(Diagnostic) -> [Engine.Parameter] {
    var result: [Engine.Parameter] = []
    for path in paths {
      let meant = try parameters(at: path)
      let known = meant.map { problem.layerParameter($0.name) }
      let scalesToo = meant.indices.filter { known[$0]?.isBias != true }
      let weights = scalesToo.filter { known[$0]?.isNormScale != true }
      let kept = [weights, scalesToo].first { !$0.isEmpty } ?? Array(meant.indices)
      result += kept.map { meant[$0] }.filter { parameter in
        !result.contains { $0.name == parameter.name }
      }
    }
    return result
  }

  /// All parameters below these names.
  func allParameters(_ paths: [[Identifier]]) throws(Diagnostic) -> [Engine.Parameter] {
    var result: [Engine.Parameter] = []
    for path in paths {
      result += try parameters(at: path).filter { parameter in
        !result.contains { $0.name == parameter.name }
      }
    }
    return result
  }
}

extension Interpreter {
  /// Ends the pruning of what is pruned below the names.
  fileprivate func unprune(_ arguments: Arguments) throws(Diagnostic) {
    let all = try session.allParameters(arguments.names("parameter"))
    let pruned = all.filter { session.snapshot.masks[$0.path] != nil }
    guard !pruned.isEmpty else {
      let names = arguments.names("parameter").map { path in
        path.map(\.name.pretty).joined(separator: ".")
      }
      return try reply(
        MessageReport("nothing of \(names.joined(separator: ", ")) is pruned"), arguments.muted)
    }
    _ = session.unprune(pruned, what: arguments.span.text)
    let names = pruned.map(\.name.pretty).joined(separator: ", ")
    try reply(MessageReport("every element of \(names) moves again"), arguments.muted)
  }
}
