// The executable: arguments in, exit code out. Everything it does is wiring.

import ArgumentParser
import Commands
import Diagnostics
import Notation
import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON object per result.")
  var json = false

  @Flag(name: .long, help: "Print names and signs in ASCII only.")
  var ascii = false
}

struct Descent: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descent",
    abstract: "Understand optimizers: define, step, look, go back.",
    discussion: """
      Without arguments, opens the prompt; lines piped in are run as a script. Type help there.
      """,
    version: Version.text,
    subcommands: [Run.self, Test.self])

  @Option(
    name: .customShort("e"),
    help: ArgumentHelp("Run this line; may be given several times.", valueName: "line"))
  var lines: [String] = []

  @OptionGroup var output: OutputOptions

  func run() throws {
    let console = Console(json: output.json, ascii: output.ascii)
    if !lines.isEmpty {
      throw ExitCode(console.runScript(Source(lines.joined(separator: "\n"))))
    }
    throw ExitCode(console.isInteractive ? Prompt(console).run() : console.runPipe())
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run a script.")

    @Argument(help: "The script; - reads standard input.")
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
      let console = Console(json: output.json, ascii: output.ascii)
      if file == "-" { throw ExitCode(console.runPipe()) }
      throw ExitCode(console.runFile(file))
    }
  }

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run notebooks again and compare every output.")

    @Argument(help: "Markdown files with descent cells, or folders of them.")
    var files: [String]

    @Flag(name: .long, help: "Write the new outputs into the files.")
    var update = false

    func run() throws {
      throw ExitCode(NotebookRunner(update: update).run(files))
    }
  }
}

enum Version {
  static let text = "0.1"
}

@main
enum Main {
  static func main() {
    Interrupt.install()
    do {
      var command = try Descent.parseAsRoot()
      try command.run()
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch {
      // Help and version are asked for; anything else is a mistake in the arguments.
      let isAnswer = Descent.exitCode(for: error) == .success
      let stream = Output(descriptor: isAnswer ? 1 : 2)
      stream.writeLine(Descent.fullMessage(for: error))
      stream.flush()
      exit(isAnswer ? stream.exitStatus : 2)
    }
  }
}
