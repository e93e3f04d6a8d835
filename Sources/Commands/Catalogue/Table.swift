// table: values along the steps taken so far.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  /// About so many rows are shown unless `every` asks for others.
  private static let usualRows = 20
  private static let mostRows = 1000

  static let table = Command(
    "table", group: .looking, summary: "lists values along the steps taken so far",
    forms: [
      [
        .expressions("expression"), .optional([.word("every"), .count("k")]),
        .optional([.word("from"), .count("a")]), .optional([.word("to"), .count("b")]),
      ]
    ],
    details: [
      "t is the session's step; names of a step (m, g, v_hat) are blank at step 0. A vector takes a "
        + "column an element.",
      "Long histories are thinned to about \(usualRows) rows, the first and the last among them; "
        + "every k, from a, to b choose others. Every value is replayed exactly.",
    ],
    examples: [
      [
        "param w = [1, -2]", "loss L = sum((w - [3, 1])^2)", "optimizer adam(lr=0.1)", "step 100",
        "table t, L, w", "table t, L, g[0] every 5 from 80 to 100",
      ]
    ],
    effect: .inspects,
    runsLong: true,
    run: { interpreter, arguments throws(Diagnostic) in
      let session = interpreter.session
      let steps = try rows(arguments, in: session)
      let expressions = arguments.expressions("expression")
      let surface = interpreter.surface
      let rows = try session.values(of: expressions, atSteps: steps.numbers) { number in
        if number % 16 == 0, number > 0 {
          surface.progress(
            Progress(step: steps.numbers[number], taken: number, count: steps.numbers.count))
        }
        return !surface.interrupted()
      }
      surface.progress(nil)
      var footer = steps.footer
      if rows.count < steps.numbers.count { footer = "interrupted" }
      if !arguments.muted {
        surface.show(HistoryTable.report(expressions, rows, footer: footer))
      }
    })

  /// Which steps to show, and what to say about those left out.
  private static func rows(_ arguments: Arguments, in session: Session) throws(Diagnostic)
    -> (numbers: [Int], footer: String?)
  {
    let last = session.step
    func number(_ label: String, _ minimum: Int, _ what: String) throws(Diagnostic) -> Int? {
      guard let expression = arguments.expression(label) else { return nil }
      let number = try session.wholeNumber(expression, atLeast: minimum, what: what)
      guard label == "k" || number <= last else {
        throw Diagnostic(
          "table.range", "step \(number) has not been taken", at: expression.span,
          help: last == 0 ? "type step" : "there are steps 0 to \(last)")
      }
      return number
    }
    let from = try number("a", 0, "the first step") ?? 0
    let to = try number("b", 0, "the last step") ?? last
    guard from <= to else {
      throw Diagnostic(
        "table.order", "from \(from) to \(to) is backwards",
        at: arguments.expression("b")?.span ?? arguments.expression("a")?.span)
    }
    if let every = try number("k", 1, "every") {
      let count = (to - from) / every + 1
      guard count < mostRows else {
        throw Diagnostic(
          "table.rows", "that makes \(count) rows, and \(mostRows) are the most",
          at: arguments.expression("k")?.span,
          help: "record \"run.csv\" … writes every step to a file")
      }
      var numbers = Array(stride(from: from, through: to, by: every))
      if numbers.last != to { numbers.append(to) }
      return (numbers, nil)
    }
    let every = HistoryTable.roundStep(for: to - from, rows: usualRows)
    if every == 1 { return (Array(from...to), nil) }
    // Round numbers, whatever the first one is.
    let first = (from + every - 1) / every * every
    var numbers = Array(stride(from: first, through: to, by: every))
    if numbers.first != from { numbers.insert(from, at: 0) }
    if numbers.last != to { numbers.append(to) }
    return (numbers, "a row every \(every) steps; every 1 shows all")
  }
}
