// set: how numbers are computed and shown.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let set = Command(
    "set", group: .keeping, summary: "changes a setting, or lists them",
    forms: [
      [.optional([.name("setting", .any), .optional([.sign(.assign)]), .expression("value")])]
    ],
    details: [
      "digits n: significant digits shown (1 to 17).",
      "ascii on|off: names and signs in ASCII only.",
      "precision float64|float32: float32 rounds every operation as PyTorch's default does.",
      "seed n: what random tensors are drawn from.",
    ],
    examples: [["set digits 10", "1/3"], ["set precision float32", "0.1 + 0.2"], ["set"]],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let setting = arguments.name("setting"), let value = arguments.expression("value")
      else {
        interpreter.changesNothing()
        return interpreter.surface.show(settingsTable(interpreter.session))
      }
      try change(setting, to: value, in: &interpreter.session)
      let affected = setting.name.canonical == "seed" ? interpreter.session.randomNames : []
      try interpreter.reply(
        .setting("\(setting.name.canonical) = \(value.text(.ascii))", affected: affected),
        arguments.muted)
    })

  private static func change(_ setting: Identifier, to value: Expression, in session: inout Session)
    throws(Diagnostic)
  {
    switch setting.name.canonical {
    case "digits":
      let digits = try session.wholeNumber(value, atLeast: 1, what: "the number of digits")
      guard digits <= 17 else {
        throw Diagnostic("set.digits", "at most 17 digits mean anything", at: value.span)
      }
      session.settings.digits = digits
    case "ascii":
      session.settings.ascii = try choice(
        value, ["on": true, "true": true, "off": false, "false": false])
    case "precision":
      let precision = try choice(
        value, ["float64": Program.Precision.float64, "float32": .float32])
      try session.changeProblem { (problem) throws(Diagnostic) in problem.precision = precision }
    case "seed":
      let seed = try session.wholeNumber(value, atLeast: 0, what: "the seed")
      try session.changeProblem { (problem) throws(Diagnostic) in problem.seed = seed }
    default:
      let known = ["digits", "ascii", "precision", "seed"]
      throw Diagnostic(
        "set.unknown", "there is no setting \(setting.name.canonical)", at: setting.span,
        help: didYouMean(setting.name.canonical, in: known)
          ?? "there are \(known.joined(separator: ", "))")
    }
  }

  private static func choice<Value>(_ value: Expression, _ choices: [String: Value])
    throws(Diagnostic) -> Value
  {
    if case .name(let name) = value.kind, let choice = choices[name.canonical] { return choice }
    throw Diagnostic(
      "set.choice", "this setting is \(choices.keys.sorted().joined(separator: ", "))",
      at: value.span)
  }

  private static func settingsTable(_ session: Session) -> TableReport {
    TableReport(
      columns: [.init("setting"), .init("value")],
      rows: [
        [.text("digits"), .text("\(session.settings.digits)")],
        [
          .text("ascii"),
          .text(session.settings.ascii.map { $0 ? "on" : "off" } ?? "as the terminal"),
        ],
        [.text("precision"), .text(session.problem.precision == .float32 ? "float32" : "float64")],
        [.text("seed"), .text("\(session.problem.seed)")],
        [.text("trace"), .text(session.settings.trace.rawValue)],
      ])
  }
}
