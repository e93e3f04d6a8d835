// Where reports become characters: text for people, JSON for programs.
//
// Nothing below this file writes to the screen.

import Commands
import Diagnostics
import Engine
import Notation
import Terminal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

final class Console {
  let output = Output()
  let errors = Output(descriptor: 2)
  let screen = Screen()
  let errorScreen = Screen(descriptor: 2)
  let interpreter: Interpreter
  private let json: Bool
  private let ascii: Bool
  private var bar: Terminal.Progress?
  private lazy var encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()

  init(json: Bool, ascii: Bool) {
    self.json = json
    self.ascii = ascii
    interpreter = Interpreter(surface: Surface(show: { _ in }))
    interpreter.surface = Surface(
      show: { [unowned self] in show($0) },
      progress: { [unowned self] in progress($0) },
      interrupted: { [unowned self] in Interrupt.isSet || output.failure != nil })
  }

  /// Whether there is a person at both ends.
  var isInteractive: Bool { Screen.isTerminal(0) && screen.isTerminal && !json }

  // MARK: Running

  /// Runs a whole text. Stops at the first error.
  /// - Returns: the exit code.
  func runScript(_ source: Source) -> Int32 {
    let succeeded = interpreter.run(transcriptInputs(of: source))
    return finish(succeeded: succeeded)
  }

  func runFile(_ path: String) -> Int32 {
    do {
      let bytes = try FileAccess.read(path, limit: 1 << 26, at: Span(Source(""), 0, 0))
      return runScript(Source(bytes: bytes, name: path))
    } catch {
      var diagnostic = error
      diagnostic.span = nil
      show(ErrorReport(diagnostic))
      return finish(succeeded: false)
    }
  }

  /// Checks documents.
  func check(_ files: [String]) -> Int32 {
    finish(succeeded: interpreter.check(files: files))
  }

  /// Runs standard input block by block, so that answers come while lines are still arriving.
  func runPipe() -> Int32 {
    let reader = LineReader()
    var block = BlockReader()
    var succeeded = true
    reading: while succeeded, !interpreter.isFinished, output.failure == nil {
      switch reader.next() {
      case .line(let line, _):
        if let source = block.add(Array(line.utf8)) { succeeded = runBlock(source) }
      case .tooLong(let limit):
        show(
          ErrorReport(
            Diagnostic("line.long", "line \(block.lineNumber + 1) is longer than \(limit >> 20) MB")
          ))
        succeeded = false
      case .interrupted: if Interrupt.isSet { succeeded = false }
      case .failed(let reason):
        show(ErrorReport(Diagnostic("input.failed", "standard input cannot be read: \(reason)")))
        succeeded = false
      case .endOfFile:
        if let source = block.finish() { succeeded = runBlock(source) }
        break reading
      }
    }
    return finish(succeeded: succeeded)
  }

  private func runBlock(_ source: Source) -> Bool {
    let succeeded = interpreter.run(source)
    output.flush()
    return succeeded
  }

  private func finish(succeeded: Bool) -> Int32 {
    if succeeded { interpreter.endAsking(.inputEnded) }
    if let recording = interpreter.session.recording {
      do { try recording.flush() } catch { show(ErrorReport(error)) }
    }
    output.flush()
    errors.flush()
    if Interrupt.isSet { return 130 }
    return output.failure != nil || (succeeded && !interpreter.hasFoundWrong) ? exitStatus : 1
  }

  /// The exit code that the output asks for, once what was lost has been reported.
  var exitStatus: Int32 {
    if case .failed(let reason) = output.failure {
      errors.writeLine("error: the output cannot be written: \(reason)")
      errors.flush()
    }
    return output.exitStatus
  }

  // MARK: Showing

  /// The format of the moment: the window may have changed, and so may the settings.
  var format: Format {
    Format(
      width: screen.isTerminal ? screen.width : max(100, screen.width),
      height: screen.height,
      ascii: ascii || interpreter.session.settings.ascii ?? !screen.allowsUnicode,
      digits: interpreter.session.settings.digits, grays: screen.colors >= 256)
  }

  func show(_ report: any Report) {
    if json { return showJSON(report) }
    let isError = report is ErrorReport
    if isError, !isInteractive {
      output.flush()
      write(report.text(format), to: errors, on: errorScreen)
      errors.flush()
    } else {
      write(report.text(format), to: output, on: screen)
      if isInteractive { output.flush() }
    }
  }

  private func write(_ lines: [StyledText], to stream: Output, on screen: Screen) {
    for line in lines { stream.writeLine(line.rendered(on: screen)) }
  }

  private func showJSON(_ report: any Report) {
    var fields = report.json()
    fields["kind"] = .string(report.kind)
    fields["version"] = .number(1)
    do {
      output.write(bytes: try encoder.encode(fields))
      output.writeLine()
    } catch {
      errors.writeLine("error: this result cannot be written as JSON: \(error)")
    }
  }

  private func progress(_ progress: Commands.Progress?) {
    guard isInteractive else { return }
    guard let progress else {
      bar?.erase()
      bar = nil
      return
    }
    if bar == nil {
      bar = Terminal.Progress(
        output: output, screen: screen, label: "step", unit: "steps", total: progress.count)
    }
    bar?.update(done: progress.taken)
  }
}

extension StyledText {
  /// With escapes where the screen shows colours.
  func rendered(on screen: Screen) -> String {
    runs.map { run in
      let look =
        run.grays.map {
          Terminal.Style.grays(upper: $0.upper, lower: $0.lower, colors: screen.colors)
        } ?? run.style.look
      return screen.styled(run.text, look)
    }.joined()
  }
}

extension Diagnostics.Style {
  /// Colours are chosen here and nowhere else.
  var look: Terminal.Style {
    switch self {
    case .plain, .number: .plain
    case .error, .bad: .red + .bold
    case .warning: .yellow
    case .caret: .red
    case .note, .help: .cyan
    case .dim: .dim
    case .name: .bold
    case .result: .green
    case .accent: .bold
    case .good: .green + .bold
    case .series1: .cyan
    case .series2: .yellow
    case .series3: .magenta
    case .series4: .green
    case .series5: .red
    case .series6: .blue
    }
  }
}
