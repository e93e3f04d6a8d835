// identify: which rule of the catalogue a rule is, by its numbers.

import Diagnostics
import Engine
import Notation
import Optimizers

extension Command {
  static let identify = Command(
    "identify", group: .looking, summary: "names the catalogue's rule that has a rule's numbers",
    forms: [[.text("rule")]],
    details: [
      "The rule and every rule of the catalogue take 30 steps with the same gradients: signs that "
        + "change, tiny ones, exact zeros, steep and flat coordinates. Hyperparameters that do the same "
        + "get the same value; 1 - β for β and lr·(1 - β) for lr are tried. Equal means equal to 1e-9.",
      "If none is equal, it shows the nearest and the first number in which it differs.",
    ],
    examples: [
      [
        "rule mine = latex \"m_t = \\beta_1 m_{t-1} + (1-\\beta_1) g_t \\\\ \\theta_t = \\theta_{t-1} - \\alpha m_t\"",
        "identify mine",
      ]
    ],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (word, span) = arguments.text("rule") else { return }
      guard let rule = try interpreter.session.rule(named: word) else {
        throw Diagnostic(
          "rule.unknown", "there is no rule \(word)", at: span,
          help: didYouMean(word, in: RuleLibrary.names)
            ?? "rule \(word) = latex \"…\" reads one from its formulas")
      }
      let found = Identification.of(rule)
      guard let best = found.best else {
        throw Diagnostic(
          "identify.not-run", "\(word) cannot be run by itself, so its numbers cannot be compared",
          at: span, help: "rules with when blocks or losses of their own are not compared")
      }
      interpreter.surface.show(report(word, best, found.matches))
    })

  private static func report(
    _ word: String, _ best: Identification.Match, _ matches: [Identification.Match]
  ) -> MessageReport {
    func call(_ match: Identification.Match) -> String {
      let arguments = match.arguments.map { "\($0.name.canonical)=\($0.value)" }
      return arguments.isEmpty
        ? match.name : match.name + "(" + arguments.joined(separator: ", ") + ")"
    }
    func parting(_ match: Identification.Match) -> String {
      guard let place = match.parting else { return "" }
      return "differs first at step \(place.step): w[\(place.coordinate)] "
        + NumberFormat.text(place.own, digits: 6) + " vs "
        + NumberFormat.text(place.other, digits: 6)
    }
    let equal = matches.filter(\.isEqual)
    var lines: [String] = []
    if equal.isEmpty {
      lines.append("\(word): no rule of the catalogue has these numbers")
      lines.append("nearest: \(call(best)), \(parting(best))")
    } else {
      lines.append("\(word) = \(call(best))   same for 30 steps")
      for other in equal.dropFirst() {
        lines.append("also = \(call(other)), which is the same here")
      }
    }
    if let next = matches.first(where: { !$0.isEqual && $0.name != best.name }) {
      lines.append("next: \(call(next)), \(parting(next))")
    }
    let text = lines.joined(separator: "\n")
    return MessageReport(
      text, kind: "identify",
      fields: [
        "rule": .string(word), "equal": .array(equal.map { .string($0.name) }),
        "nearest": .string(best.name), "text": .string(text),
      ])
  }
}
