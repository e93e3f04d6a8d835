// Ctrl-C in the middle of one long operation.

import Diagnostics
import Testing

@testable import Commands
@testable import Engine

@Suite struct InterruptTests {
  @Test(arguments: [
    "sort(zeros(100000))", "randn(200000)", "argsort(rand(100000, seed=1))",
    "zeros(sum(randn(200000)) > 0)",
  ])
  func aLongOperationIsBrokenOff(_ line: String) {
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    var errors: [Diagnostic] = []
    var isSet = false
    interpreter.surface.show = { if let e = $0 as? ErrorReport { errors.append(e.diagnostic) } }
    interpreter.surface.interrupted = {
      defer { isSet = true }
      return isSet
    }
    interpreter.run(Source(line))
    #expect(errors.map(\.id) == ["interrupted"])
    #expect(interpreter.session.answer == nil)
    // And without it the same line is carried out.
    interpreter.surface.interrupted = { false }
    interpreter.run(Source(line))
    #expect(errors.count == 1 && interpreter.session.answer != nil)
  }

  /// What was checked until then is shown, and no symbol is missed that may stand further on.
  @Test func aCheckThatIsBrokenOffShowsWhatItHas() {
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    var shown: [any Report] = []
    interpreter.surface.show = { shown.append($0) }
    interpreter.surface.interrupted = { true }
    let file = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let path = "/" + file + "/Transcripts/checked/notes.md"
    interpreter.run(Source("check \"\(path)\" where xi = lr"))
    #expect(shown.count == 1 && shown.first is CheckReport, "\(shown)")
    // Without it the symbol is asked for.
    interpreter.surface.interrupted = { false }
    shown = []
    interpreter.run(Source("check $$w \\leftarrow w - \\gamma g$$ where xi = lr"))
    #expect(shown.compactMap { ($0 as? ErrorReport)?.diagnostic.id } == ["check.stranger"])
  }
}
