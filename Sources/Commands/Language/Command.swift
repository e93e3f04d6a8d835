// A command is one declared value; parsing, help, completion, "did you mean" and a test of each
// example are read off it. A new command is a new file in Catalogue/ and its name in the list.

import Diagnostics
import Notation

package struct Command: Sendable {
  /// The heading it stands under in help.
  package enum Group: String, Sendable, CaseIterable {
    case defining = "Defining"
    case stepping = "Stepping"
    case looking = "Looking"
    case shrinking = "Shrinking"
    case keeping = "Keeping"
  }

  /// What a line with it does to the session.
  package enum Effect: Sendable {
    /// Part of the session: saved with it, and undone as one.
    case changes
    /// Only looks, or manages the session from outside.
    case inspects
    /// Undone as one, but its parts are what is saved: `open`.
    case composes
  }

  package let name: String
  package let aliases: [String]
  package let group: Group
  /// One line, without a full stop.
  package let summary: String
  /// One usage line each; the grammar tried is the alternatives in order.
  package let forms: [[Syntax]]
  /// What help shows in place of the forms, where these are more tangled than what can be typed.
  private let shownUsage: [String]
  /// What else there is to know, a paragraph each.
  package let details: [String]
  /// Sessions that work as they stand; a test runs every one.
  package let examples: [[String]]
  package let effect: Effect
  /// It looks at Ctrl-C itself and ends with what it has by then; others are broken off.
  package let runsLong: Bool
  package let run: @Sendable (Interpreter, Arguments) throws(Diagnostic) -> Void

  package init(
    _ name: String, aliases: [String] = [], group: Group, summary: String, forms: [[Syntax]],
    usage: [String] = [], details: [String] = [], examples: [[String]], effect: Effect = .changes,
    runsLong: Bool = false,
    run: @escaping @Sendable (Interpreter, Arguments) throws(Diagnostic) -> Void
  ) {
    self.name = name
    self.aliases = aliases
    self.group = group
    self.summary = summary
    self.forms = forms
    shownUsage = usage
    self.details = details
    self.examples = examples
    self.effect = effect
    self.runsLong = runsLong
    self.run = run
  }

  package var usage: [String] {
    shownUsage.isEmpty
      ? forms.map { ([name] + $0.map(\.usage)).joined(separator: " ") } : shownUsage
  }

  /// Reads the arguments that follow the command's word.
  func arguments(_ parser: inout Parser, statement: Statement) throws(Diagnostic) -> Arguments {
    var arguments = Arguments(span: statement.span, muted: statement.muted)
    let form = forms.first { $0.first?.canStart(parser) ?? parser.atEnd } ?? forms[0]
    do {
      try Syntax.parse(form, &parser, into: &arguments)
      try parser.expectEnd()
    } catch {
      var diagnostic = error.diagnostic
      if diagnostic.help == nil {
        diagnostic.help = "usage: " + usage.joined(separator: "\n       ")
      }
      throw diagnostic
    }
    return arguments
  }
}

/// The commands by name.
package struct CommandTable: Sendable {
  package let commands: [Command]
  private let byName: [String: Command]

  package init(_ commands: [Command]) {
    self.commands = commands.sorted { $0.name < $1.name }
    var byName: [String: Command] = [:]
    for command in commands {
      for name in [command.name] + command.aliases { byName[name] = command }
    }
    self.byName = byName
  }

  package subscript(name: String) -> Command? { byName[name] }

  /// Every word that is reserved.
  package var words: [String] { byName.keys.sorted() }
}
