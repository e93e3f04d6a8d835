// save and open: a session as a script.

import Diagnostics
import Engine
import Notation

extension Command {
  static let save = Command(
    "save", group: .keeping, summary: "writes the session's lines to a script",
    forms: [[.file("file")]],
    details: [
      "open \"file\" or descent run file brings the session back, number for number.",
      "An earlier script is written over. A file that by its name is something else, such as a notebook "
        + "or data, is left as it is.",
    ],
    examples: [],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (path, span) = arguments.text("file") else { return }
      guard interpreter.surface.mayWrite else {
        throw Diagnostic("file.forbidden", "writing files is not allowed here", at: span)
      }
      // A script is written over by the next one; a notebook or data that happens to have the name is not.
      let name = path.lowercased()
      if FileAccess.exists(path), others.contains(where: name.hasSuffix) {
        throw Diagnostic(
          "save.exists", "there is a file \(path) already, and by its name it is no script",
          at: span,
          help: "give a name such as \"session.descent\", or delete it first")
      }
      let lines = interpreter.session.lines
      try FileAccess.write(lines.joined(separator: "\n") + "\n", to: path, at: span)
      try interpreter.reply(MessageReport("saved \(lines.count) lines in \(path)"), arguments.muted)
    })

  /// What other files are called.
  private static let others = [
    ".md", ".markdown", ".tex", ".csv", ".tsv", ".npy", ".npz", ".safetensors", ".rule", ".py",
    ".ipynb", ".json", ".html", ".svg", ".pdf", ".png",
  ]

  static let open = Command(
    "open", group: .keeping, summary: "runs a script in this session",
    forms: [[.file("file")]],
    details: ["One undo takes the whole file back."],
    examples: [],
    effect: .composes,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (path, span) = arguments.text("file") else { return }
      let bytes = try FileAccess.read(path, limit: 1 << 24, at: span)
      let source = Source(bytes: bytes, name: path)
      try interpreter.runNested(transcriptInputs(of: source), at: span)
    })
}
