// Help pages, made from what commands, functions and rules declare of themselves.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

enum HelpIndex {
  /// All commands under their headings.
  static func commands(_ table: CommandTable) -> any Report {
    var rows: [[TableReport.Cell]] = []
    for group in Command.Group.allCases {
      rows.append([.styled(StyledText(group.rawValue, .accent)), .empty])
      for command in table.commands where command.group == group {
        rows.append([.text("  " + command.name), .text(command.summary)])
      }
    }
    rows.append([.empty, .empty])
    rows.append([.text("help step"), .text("explains a command, with examples")])
    rows.append([
      .text("help functions"), .text("what formulas can use: sum, exp, softmax, mse, …"),
    ])
    rows.append([
      .text("help losses"), .text("those for training; help metrics: figures to judge by"),
    ])
    rows.append([
      .text("help schedules"), .text("learning rates that change; help augmentation: images too"),
    ])
    rows.append([
      .text("help optimizers"), .text("the rules of the catalogue; show adam prints one"),
    ])
    rows.append([
      .text("help layers"), .text("what models are made of; help initialisers: how they begin"),
    ])
    rows.append([.text("help names"), .text("how to type β₁, m̂, ∇L, x²")])
    return TableReport(columns: [.init(""), .init("")], rows: rows)
  }

  /// One topic.
  static func topic(_ topic: String, commands: CommandTable, session: Session, at span: Span)
    throws(Diagnostic) -> any Report
  {
    switch topic {
    case "functions": return functions()
    case "optimizers", "rules": return try optimizers(session)
    case "names", "typing": return names()
    case "plateau", Plateau.torch.callee: return FamilyHelp.plateau
    case "layers": return ModelHelp.layers()
    case "initialisers", "initializers", "init": return ModelHelp.initialisers()
    default: break
    }
    if let family = FunctionFamily(rawValue: topic) { return FamilyHelp.list(family) }
    if let command = commands[topic] { return page(command) }
    if let layer = LayerKind.named(topic) { return ModelHelp.page(layer) }
    if let function = Function.named(topic) { return self.function(function) }
    if let rule = try session.rule(named: topic) { return Overview.rule(rule) }
    if let initialiser = InitialiserKind.named(topic) { return ModelHelp.page(initialiser) }
    let known =
      ModelHelp.topics + commands.words + Function.catalogue.map(\.name) + RuleLibrary.names
      + ["functions", "optimizers", "names", "plateau"]
      + FunctionFamily.allCases.map(\.rawValue)
    throw Diagnostic(
      "help.unknown", "there is no help on \(topic)", at: span,
      help: didYouMean(topic, in: known) ?? "help lists the commands")
  }

  static func page(_ command: Command) -> HelpReport {
    HelpReport(
      title: command.name, summary: command.summary, usage: command.usage,
      paragraphs: command.details, examples: command.examples.map { HelpReport.Example($0) },
      seeAlso: command.aliases)
  }

  static func function(_ function: Function) -> HelpReport {
    var paragraphs = function.formula.map { ["Formula: \($0)"] } ?? []
    if let initialiser = InitialiserKind.named(function.name) {
      paragraphs.append(
        "A layer's weights begin so with init=\(initialiser.name). Formula: "
          + initialiser.formula)
    }
    return HelpReport(
      title: function.name, summary: function.summary, usage: [function.signature],
      paragraphs: paragraphs, examples: [], seeAlso: function.aliases)
  }

  private static func functions() -> any Report {
    TableReport(
      columns: [.init("function"), .init("")],
      rows: Function.catalogue.sorted { $0.name < $1.name }.map {
        [.text($0.signature), .text($0.summary)]
      })
  }

  private static func optimizers(_ session: Session) throws(Diagnostic) -> any Report {
    var rows: [[TableReport.Cell]] = []
    for name in session.problem.rules.keys.sorted() + RuleLibrary.names {
      guard let rule = try session.rule(named: name) else { continue }
      rows.append([.text(rule.name), .text(rule.title ?? ""), .text(rule.source ?? "")])
    }
    return TableReport(columns: [.init("rule"), .init("title"), .init("source")], rows: rows)
  }

  private static func names() -> any Report {
    HelpReport(
      title: "names", summary: "one name, however it is typed",
      usage: [],
      paragraphs: [
        "beta1, beta_1, β1 and β₁ are the same name; so are m_hat and m̂, theta and θ, eps and ε.",
        "At the prompt \\theta and Tab give θ, m\\hat and Tab give m_hat.",
        "x², x⁻¹ and β₁ᵗ are powers, xᵀ and x.T the transpose, √x the root, ∇L the gradient, · and ⊙ "
          + "products. There is no product without a sign: write 2*x.",
        "set ascii on shows everything in ASCII.",
      ], examples: [], seeAlso: [])
  }
}
