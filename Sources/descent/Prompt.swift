// The prompt: a banner, lines from the editor, answers, until quit.

import Commands
import Diagnostics
import Engine
import Notation
import Terminal

struct Prompt {
  private let console: Console

  init(_ console: Console) { self.console = console }

  /// - Returns: the exit code.
  func run() -> Int32 {
    var options = LineEditor.Options()
    options.history = HistoryFile.standard()
    options.isIncomplete = { isIncomplete($0) }
    options.complete = { [interpreter = console.interpreter] line, cursor in
      let found = Completer(interpreter).complete(line, cursor: cursor)
      return Completion(
        replaceFrom: found.replaceFrom,
        candidates: found.candidates.map { Completion.Candidate($0.text, hint: $0.hint) })
    }
    guard let editor = LineEditor(options: options) else {
      console.show(ErrorReport(Diagnostic("editor", "the line editor cannot start")))
      return 1
    }
    console.output.writeLine(
      "Descent \(Version.text) \(console.format.ascii ? "-" : "·") type help to begin")
    while !console.interpreter.isFinished {
      console.output.flush()
      guard console.output.failure == nil else { return console.output.exitStatus }
      Interrupt.clear()
      editor.options.prompt = (console.interpreter.askingLabel ?? "") + "> "
      switch editor.readBlock() {
      case .input(let text):
        Interrupt.clear()
        console.interpreter.run(transcriptInputs(of: Source(text)))
      case .interrupted: continue
      case .endOfFile:
        // Ctrl-D leaves what is innermost: the questions first.
        if !console.interpreter.endAsking(.left) { return end() }
      case .terminated(let signal):
        _ = end()
        Signals.die(of: signal)
      }
    }
    return end()
  }

  private func end() -> Int32 {
    if let recording = console.interpreter.session.recording {
      do { try recording.flush() } catch { console.show(ErrorReport(error)) }
    }
    console.output.flush()
    return console.output.exitStatus
  }
}
