// The examples that commands declare are their help, so each of them works.

import Diagnostics
import Testing

@testable import Commands

@Suite struct CommandExampleTests {
  static let cases: [(String, [String])] = CommandTable.standard.commands.flatMap { command in
    command.examples.map { (command.name, $0) }
  }

  @Test(arguments: cases.indices) func exampleRuns(_ index: Int) {
    let (name, lines) = Self.cases[index]
    let shown = Shown()
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    interpreter.surface.show = { report in
      if let error = report as? ErrorReport { shown.errors.append(error.diagnostic.message) }
      #expect(!report.text(Format()).contains { $0.plain.contains("\u{1B}") })
    }
    interpreter.run(Source(lines.joined(separator: "\n")))
    #expect(shown.errors.isEmpty, "\(name): \(lines): \(shown.errors)")
  }

  @Test(arguments: CommandTable.standard.commands.map(\.name))
  func isDocumented(_ name: String) throws {
    let command = try #require(CommandTable.standard[name])
    #expect(!command.summary.isEmpty)
    #expect(!command.summary.hasSuffix("."))
    #expect(!command.forms.isEmpty)
  }
}
