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
    subcommands: [Run.self, Test.self, Check.self])

  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run this line; may be given several times.", valueName: "line"))
  var lines: [String] = []

  @OptionGroup var output: OutputOptions

  func run() throws {
    throw ExitCode(
      Descent.run(lines: lines, on: Console(json: output.json, ascii: output.ascii)))
  }

  /// Runs lines given as arguments, else the prompt, else what is piped in.
  static func run(lines: [String], on console: Console) -> Int32 {
    if !lines.isEmpty { return console.runScript(Source(lines.joined(separator: "\n"))) }
    return console.isInteractive ? Prompt(console).run() : console.runPipe()
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Run a script.")

    @Argument(help: "The script; - reads standard input.")
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
      let console = Console(json: output.json, ascii: output.ascii)
      if file == "-" { throw ExitCode(console.runPipe()) }
      throw ExitCode(console.runFile(file))
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Check the formulas of Markdown, TeX and notebooks; exit code 1 if one is wrong.")

    @Argument(help: "Markdown, Jupyter, TeX, reStructuredText or AsciiDoc files.")
    var files: [String]

    @OptionGroup var output: OutputOptions

    func run() throws {
      throw ExitCode(Console(json: output.json, ascii: output.ascii).check(files))
    }
  }

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test", abstract: "Run notebooks again and compare every output.")

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
    reserveStandardStreams()
    Interrupt.install()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let code = runPlain(arguments) { exit(code) }
    do {
      var command = try Descent.parseAsRoot(arguments)
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

  /// The forms without options, which are most of all calls: no arguments, `-e line …`, `run file`.
  /// They mean what the parser would make of them; it alone takes as long as all the rest of the
  /// start, so they go round it.
  private static func runPlain(_ arguments: [String]) -> Int32? {
    if arguments.count == 2, arguments[0] == "run", !arguments[1].hasPrefix("-") {
      return Console(json: false, ascii: false).runFile(arguments[1])
    }
    guard arguments.count.isMultiple(of: 2) else { return nil }
    var lines: [String] = []
    for i in stride(from: 0, to: arguments.count, by: 2) {
      guard arguments[i] == "-e" else { return nil }
      lines.append(arguments[i + 1])
    }
    return Descent.run(lines: lines, on: Console(json: false, ascii: false))
  }
}
