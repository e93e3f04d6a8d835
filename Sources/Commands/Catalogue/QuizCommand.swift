// quiz: an optimizer's steps worked out by hand, one number asked at a time, or as a sheet of paper.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let quiz = Command(
    "quiz", group: .looking, summary: "asks for the numbers of an optimizer's steps, one by one",
    forms: [
      [
        .chain("optimizer"),
        .anyOrder([[.settings("[seed=7]")], [.count("steps")], [.word("to"), .file("file")]]),
      ]
    ],
    details: [
      "The steps, 3 unless told otherwise, are those of a small random problem: a parameter of one or "
        + "two numbers, a quadratic loss, the rule's formulas. The same seed gives the same sheet; "
        + "without one a seed is chosen and shown. A learning rate too small to see what it does is 0.1 "
        + "unless you give one. Rules of the session and libraries' calls work too.",
      "While a question is open, a number answers it, or a formula: 0.1*4, beta1*m + (1 - beta1)*g. "
        + "It is right when it agrees to the digits typed, two at least, or is exact. A wrong one is "
        + "told what it is, and the question stays. hint shows the formula, then the numbers put in; "
        + "skip shows the answer; again shows the problem; quit ends the quiz. = 0.9^2 is only worked "
        + "out, and other commands work as always. What follows is asked with the right numbers.",
      "quiz adam 3 to \"sheet.md\" writes the sheet to a Markdown file for paper, the solutions at its "
        + "end; a file that is there already is left as it is. The session stays as it is.",
    ],
    examples: [
      ["quiz sgd 1 seed=7", "hint", "skip", "quit"],
      ["quiz adam(lr=0.1) 2 seed=1", "skip", "quit"],
      ["quiz torch.SGD(momentum=0.9, nesterov=true) 2 seed=3", "quit"],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let chain = arguments.contenders("optimizer").first?.chain else { return }
      let session = interpreter.session
      var steps = 3
      if let n = arguments.expression("steps") {
        steps = try session.wholeNumber(
          n, atLeast: 1, atMost: QuizSheet.mostSteps, what: "the number of steps")
      }
      let seed = try seed(arguments, session)
      let sheet = try QuizSheet(chain, steps: steps, seed: seed, own: session)
      guard let (path, span) = arguments.text("file") else {
        return try interpreter.begin(Quiz(sheet), at: arguments.span)
      }
      guard interpreter.surface.mayWrite else {
        throw Diagnostic("file.forbidden", "writing files is not allowed here", at: span)
      }
      guard path.lowercased().hasSuffix(".md") else {
        throw Diagnostic(
          "quiz.file", "a sheet is written to a Markdown file", at: span,
          help: "give it a name that ends in .md")
      }
      let format = Format(width: 1_000_000, digits: session.settings.digits)
      let text = try QuizMarkdown(sheet, format: format).text()
      // Somebody may have written in it, and nothing else keeps that.
      let known = try? FileAccess.read(path, limit: 1 << 24, at: span)
      guard !FileAccess.exists(path) || known.map({ $0.elementsEqual(text.utf8) }) == true else {
        throw Diagnostic(
          "quiz.exists", "there is a file \(path) already, and it is not this sheet", at: span,
          help: "give another name, or delete it first")
      }
      try FileAccess.write(text, to: path, at: span)
      try interpreter.reply(QuizReports.wrote(path, sheet), arguments.muted)
    })

  /// The seed that is given, else one nobody chose.
  private static func seed(_ arguments: Arguments, _ session: Session) throws(Diagnostic) -> Int {
    var seed: Int?
    for (path, value) in arguments.bindings("[seed=7]") {
      guard path.count == 1, path[0].name.canonical == "seed" else {
        throw Diagnostic(
          "quiz.setting", "quiz has no setting \(path.map(\.name.pretty).joined(separator: "."))",
          at: path.first?.span, help: "quiz adam 3 seed=7; hyperparameters go in brackets")
      }
      seed = try session.wholeNumber(value, atLeast: 0, what: "the seed")
    }
    return seed ?? Int.random(in: 1...9999)
  }
}
