// A tiny program around the terminal layer, run by its tests on a pseudo-terminal: it reads
// blocks as the real prompt does and says what it got, spelt so that every byte shows.

import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@main
struct Probe {
  let output = Output()

  static func main() {
    let probe = Probe()
    if isatty(0) == 1, isatty(1) == 1 { probe.edit() } else { probe.readLines() }
  }

  func edit() {
    var options = LineEditor.Options()
    options.history = HistoryFile.standard()
    if getenv("NO_CONTINUATION") != nil { options.continuation = "" }
    options.complete = { completion($0, $1) }
    options.isIncomplete = { isIncomplete($0) }
    guard let editor = LineEditor(options: options) else { exit(1) }
    output.writeLine("ready")
    while true {
      output.flush()
      switch editor.readBlock() {
      case .input("entries"):
        output.writeLine("entries \(editor.entries.joined(separator: ","))")
      case .input(let text): run(text)
      case .interrupted: output.writeLine("interrupted")
      case .endOfFile: end()
      case .terminated(let signal):
        output.writeLine("terminated")
        output.flush()
        Signals.die(of: signal)
      }
    }
  }

  func readLines() {
    Interrupt.install()
    let reader = LineReader()
    while true {
      output.flush()
      switch reader.next() {
      case .line(let text, _): run(text)
      case .tooLong: output.writeLine("too long")
      case .interrupted: Signals.die(of: SIGINT)
      case .failed(let reason): output.writeLine("failed: \(reason)")
      case .endOfFile: end()
      }
    }
  }

  func end() -> Never {
    output.writeLine("end of file")
    output.flush()
    exit(output.exitStatus)
  }

  func run(_ text: String) {
    switch text {
    case "quit":
      output.flush()
      exit(0)
    case "loop":
      output.writeLine("looping")
      output.flush()
      while !Interrupt.isSet { usleep(1000) }
      output.writeLine("stopped")
    case "width": output.writeLine("width \(Screen().width)")
    case "progress":
      let progress = Progress(
        output: output, screen: Screen(), label: "step", unit: "steps", total: 50)
      for step in 1...50 where !Interrupt.isSet {
        usleep(20_000)
        progress.update(done: step)
      }
      progress.erase()
      output.writeLine("done")
    case "flood":
      for line in 0..<1_000_000 where output.failure == nil { output.writeLine("line \(line)") }
      output.flush()
      exit(output.exitStatus)
    default: report(text)
    }
  }

  func report(_ text: String) {
    let spelt = text.unicodeScalars.map { scalar in
      if scalar == "\n" { return "|" }
      return scalar.isASCII && scalar.value >= 0x20 ? String(scalar) : "<\(scalar.value)>"
    }
    output.writeLine("got[\(spelt.joined())]")
  }
}

/// Brackets still open, as a stand-in for a parser.
private func isIncomplete(_ text: String) -> Bool {
  var depth = 0
  for character in text {
    if "([{".contains(character) { depth += 1 }
    if ")]}".contains(character) { depth -= 1 }
  }
  return depth > 0
}

/// A few names and two backslash words, as a stand-in for the language's.
private func completion(_ line: String, _ cursor: Int) -> Completion {
  let before = Array(line.unicodeScalars.prefix(cursor))
  var start = before.count
  while start > 0, before[start - 1].properties.isAlphabetic || before[start - 1] == "_" {
    start -= 1
  }
  let word = before[start...].map { String($0) }.joined()
  if start > 0, before[start - 1] == "\\" {
    let texts = ["theta": "θ", "hat": "_hat"]
    guard let text = texts[word] else { return .none }
    return Completion(replaceFrom: start - 1, candidates: [.init(text)])
  }
  let names = [
    Completion.Candidate("momentum", hint: "heavy ball"),
    Completion.Candidate("momentum_ema", hint: "averaged"),
    Completion.Candidate("adam", hint: "Kingma & Ba 2015"),
    Completion.Candidate("adagrad"), Completion.Candidate("rmsprop"),
  ]
  return Completion(replaceFrom: start, candidates: names.filter { $0.text.hasPrefix(word) })
}
