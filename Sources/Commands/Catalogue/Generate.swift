// generate: text drawn from a character model, one character after the other.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  private static let settings = "[start=\"…\"] [temperature=1] [seed=0] [window=n]"

  static let generate = Command(
    "generate", group: .looking, summary: "draws text from a character model",
    forms: [
      [
        .count("n"), .word("with"), .expression("model"), .word("from"), .expression("data"),
        .optional([.settings(settings)]),
      ]
    ],
    details: [
      "generate 200 with f from d start=\"The \" draws 200 characters: the model, or a function, is "
        + "applied to the numbers of the last characters as a row [1, T], and the last row of what it "
        + "gives is taken as the logits of the next one, drawn with probability "
        + "softmax(logits/temperature). temperature=0 takes the largest. T is as long as start, or "
        + "window=.",
      "The numbers of the characters are ans afterwards; decode(d, ans) is the text.",
    ],
    examples: [
      [
        "data d = text(\"walrus.txt\")", "param W = zeros(d.classes, d.classes)",
        "f(c) = one_hot(c, d.classes) @ W",
        "loss L = cross_entropy(f(d.codes[:-1]), d.codes[1:])", "optimizer adam(lr=0.3)", "step 30",
        "generate 60 with f from d start=\"T\", seed=1",
      ]
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let n = arguments.expression("n"), let model = arguments.expression("model"),
        let data = arguments.expression("data")
      else { return }
      let session = interpreter.session
      var plan = Generating()
      plan.count = try session.wholeNumber(
        n, atLeast: 1, atMost: Generating.mostCharacters, what: "the number of characters")
      for (path, value) in arguments.bindings(settings) {
        switch path.map(\.name.canonical).joined(separator: ".") {
        case "start":
          guard case .string(let text) = value.kind, !text.isEmpty else {
            throw Diagnostic("generate.start", "start is characters in quotes", at: value.span)
          }
          plan.start = text
        case "temperature":
          guard let number = try session.evaluate(value).scalar, number >= 0, number.isFinite else {
            throw Diagnostic(
              "generate.temperature", "temperature is a number that is not negative",
              at: value.span)
          }
          plan.temperature = number
        case "seed":
          guard let number = try session.evaluate(value).scalar, number.isFinite else {
            throw Diagnostic("generate.seed", "a seed is a number", at: value.span)
          }
          plan.seed = number
        case "window":
          plan.window = try session.wholeNumber(value, atLeast: 1, what: "window")
        case let other:
          throw Diagnostic(
            "generate.option", "generate has no option \(other)", at: path.first?.span,
            help: didYouMean(other, in: ["start", "temperature", "seed", "window"])
              ?? "usage: \(settings)")
        }
      }
      let (codes, text) = try session.generate(plan, with: model, from: data)
      interpreter.session.answer = codes
      try interpreter.reply(.characters(text), arguments.muted)
    })
}

extension MessageReport {
  /// A text as it is, line by line.
  static func characters(_ text: String) -> MessageReport {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return MessageReport(kind: "text", fields: ["text": .string(text)]) { _ in
      lines.map { StyledText($0, .result) }
    }
  }
}
