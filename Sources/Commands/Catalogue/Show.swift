// show: what there is.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

extension Command {
  static let show = Command(
    "show", group: .looking, summary: "shows the session, or one thing of it",
    forms: [[.optional([.text("thing")])]],
    details: [
      "show alone lists parameters, definitions, losses, the optimizer, and whatever else shapes the "
        + "next step: splits, batches, rules that stop runs; show step prints the last "
        + "step in full; show adam prints a rule's lines; show w or show L one definition; "
        + "show d a data set: its columns, their ranges and what is missing, its parts.",
      "show f lists a model's layers with the shapes that come out of them and their parameters; "
        + "show f.0 one layer.",
      "show adam as latex|text|python|torch prints a rule as formulas or as a program.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum(w^2)", "optimizer adam(lr=0.1)", "step", "show",
        "show step", "show L", "show adam", "show adam as latex", "show adam as torch",
      ],
      ["model f = linear(4, 8) |> relu |> linear(8, 1)", "show f", "show f.0", "show f.0.weight"],
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (thing, span) = arguments.text("thing"), !thing.isEmpty else {
        return interpreter.surface.show(try Overview.session(interpreter.session))
      }
      let word = thing.hasSuffix(";") ? String(thing.dropLast()) : thing
      if let source = try interpreter.printed(word, at: span) {
        return interpreter.surface.show(source)
      }
      if word == "step" {
        guard let record = try interpreter.session.record() else {
          throw Diagnostic("step.none", "no step has been taken yet", at: span, help: "type step")
        }
        return interpreter.surface.show(StepReport(record))
      }
      if word == "batch" {
        return interpreter.surface.show(try BatchReport.show(interpreter.session))
      }
      if word == "stop" {
        return interpreter.surface.show(StopReport.show(interpreter.session))
      }
      if word == "workers" {
        return interpreter.surface.show(try WorkersReport.show(interpreter.session, at: span))
      }
      if word == "optimizer" {
        return interpreter.surface.show(
          MessageReport.optimizer(interpreter.session.problem.optimizer))
      }
      if let report = try modelReport(of: word, at: span, in: interpreter.session) {
        return interpreter.surface.show(report)
      }
      if !interpreter.session.knows(Name(spelling: word).canonical),
        let rule = try interpreter.session.rule(named: word)
      {
        return interpreter.surface.show(Overview.rule(rule))
      }
      if let report = dataReport(of: word, at: span, in: interpreter.session) {
        return interpreter.surface.show(report)
      }
      do throws(Diagnostic) {
        interpreter.surface.show(
          try Overview.name(Name(spelling: word), in: interpreter.session, at: span))
      } catch {
        guard error.id == "name.unknown" else { throw error }
        var unknown = error
        unknown.help =
          didYouMean(word, in: interpreter.session.shownNames) ?? "show alone lists what there is"
        throw unknown
      }
    })

  /// `show f`, `show f.0`, `show f.0.weight`; nil when the first word is no model.
  private static func modelReport(of word: String, at span: Span, in session: Session)
    throws(Diagnostic) -> (any Report)?
  {
    let path = word.split(separator: ".", omittingEmptySubsequences: false).map {
      Name(spelling: String($0)).canonical
    }
    guard session.problem.model(Name(canonical: path[0])) != nil else { return nil }
    if let report = ModelReports.part(at: path, in: session) { return report }
    // Anything else is a value, such as f.0.weight.m, or an error that says what there is.
    let value = try reading { () throws(SyntaxError) in
      var parser = try Parser(span)
      let value = try parser.parseExpression()
      try parser.expectEnd()
      return value
    }
    return ValueReport(name: nil, value: try session.evaluate(value))
  }

  /// `show d`, `show d.train`
  private static func dataReport(of word: String, at span: Span, in session: Session)
    -> TableReport?
  {
    guard let statement = splitStatements(Source(word)).first,
      var parser = try? Parser(statement), let expression = try? parser.parseExpression(),
      parser.atEnd
    else { return nil }
    return .data(expression, in: session)
  }
}
