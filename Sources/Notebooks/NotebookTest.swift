// Running a notebook again and comparing what comes out with what was recorded.
//
// The session runs at a fixed width, in Unicode and without colour, so a recorded output does not
// depend on who recorded it.

import Commands
import Diagnostics
import Engine
import Notation

func needsMore(_ input: String) -> Bool { isIncomplete(input) }

package struct NotebookTest {
  /// What one file's test came to.
  package struct Result {
    package let lines: [StyledText]
    package let exitCode: Int32
  }

  /// The width outputs are recorded at.
  package static let width = 100

  /// The Markdown files that paths name: files as they are, folders with all they hold.
  package static func files(in paths: [String]) -> [String] {
    paths.flatMap { path in
      FileAccess.isFolder(path) ? FileAccess.files(below: path, ending: ".md") : [path]
    }
  }

  /// Runs one file.
  package static func run(_ path: String, update: Bool) -> Result {
    let nowhere = Span(Source(""), 0, 0)
    do {
      let bytes = try FileAccess.read(path, limit: 1 << 24, at: nowhere)
      var notebook = Notebook(String(decoding: bytes, as: UTF8.self))
      let differences = rerun(&notebook)
      if update, !differences.isEmpty {
        try FileAccess.write(notebook.text, to: path, at: nowhere)
        return Result(
          lines: [StyledText("\(path): \(differences.count) outputs rewritten")], exitCode: 0)
      }
      let entries = notebook.entryCount
      guard !differences.isEmpty else {
        return Result(
          lines: [StyledText("\(path): \(entries) inputs, all as recorded")], exitCode: 0)
      }
      let heading = StyledText("\(path): \(differences.count) of \(entries) inputs differ", .error)
      return Result(
        lines: [heading] + differences.flatMap { $0.lines(path: path) }, exitCode: 1)
    } catch {
      var diagnostic = error
      diagnostic.span = nil
      return Result(
        lines: ErrorReport(diagnostic).text(Format(width: width)), exitCode: 2)
    }
  }

  /// One entry whose output is not what was recorded.
  struct Difference {
    let entry: Notebook.Entry
    let expected: [String]
    let actual: [String]

    func lines(path: String) -> [StyledText] {
      [StyledText("\(path):\(entry.line): > \(entry.input)", .accent)]
        + expected.map { StyledText("- \($0)", .bad) } + actual.map { StyledText("+ \($0)", .good) }
    }
  }

  /// Runs every cell in one session; the notebook then holds the new outputs.
  static func rerun(_ notebook: inout Notebook) -> [Difference] {
    var shown: [String] = []
    let interpreter = Interpreter(surface: Surface(show: { _ in }))
    interpreter.surface.show = { [unowned interpreter] report in
      let format = Format(
        width: width, ascii: interpreter.session.settings.ascii ?? false,
        digits: interpreter.session.settings.digits)
      shown += report.text(format).map { trimmedRight($0.plain) }
    }
    var differences: [Difference] = []
    for part in notebook.parts.indices {
      guard case .cell(let opening, var entries, let closing) = notebook.parts[part] else {
        continue
      }
      for i in entries.indices where !entries[i].input.isEmpty {
        shown = []
        interpreter.run(Source(entries[i].input))
        let expected = entries[i].output
        if shown != trimmedEnd(expected.map(trimmedRight)) {
          differences.append(Difference(entry: entries[i], expected: expected, actual: shown))
          entries[i].output = shown
        }
      }
      notebook.parts[part] = .cell(opening: opening, entries: entries, closing: closing)
    }
    return differences
  }

  private static func trimmedRight(_ line: String) -> String {
    var text = Substring(line)
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Blank lines at the end of an output are for the reader's eye.
  private static func trimmedEnd(_ lines: [String]) -> [String] {
    var lines = lines[...]
    while lines.last == "" { lines.removeLast() }
    return Array(lines)
  }
}

extension Notebook {
  package var entryCount: Int {
    parts.reduce(0) { count, part in
      if case .cell(_, let entries, _) = part { return count + entries.count }
      return count
    }
  }
}
