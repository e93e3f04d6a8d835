// Every transcript, the README and the pages in docs/ run again and answer as they say.

import Diagnostics
import Engine
import Foundation
import Testing

@testable import Commands
@testable import Notebooks

@Suite struct TranscriptTests {
  static let root: String = {
    var folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    folder = "/" + folder
    return folder
  }()

  static let files: [String] =
    FileAccess.files(below: root + "/Tests/Transcripts", ending: ".md")
    + FileAccess.files(below: root + "/docs", ending: ".md") + [root + "/README.md"]

  @Test(arguments: files) func answersAsRecorded(_ file: String) {
    let result = NotebookTest.run(file, update: false)
    #expect(result.exitCode == 0, "\(result.lines.map(\.plain).joined(separator: "\n"))")
  }

  /// `make reference` writes it anew.
  @Test func theReferenceHasEveryCommandAndLayer() throws {
    let text = try String(contentsOfFile: Self.root + "/docs/reference.md", encoding: .utf8)
    let pages = Set(text.split(separator: "\n").filter { $0.hasPrefix("> help ") })
    for name in CommandTable.standard.commands.map(\.name) + LayerKind.catalogue.map(\.name) {
      #expect(pages.contains("> help \(name)"), "\(name)")
    }
  }

  @Test func aWrongOutputIsFound() {
    var notebook = Notebook("```descent\n> 1 + 1\n3\n```\n")
    let differences = NotebookTest.rerun(&notebook)
    #expect(differences.count == 1)
    #expect(notebook.text == "```descent\n> 1 + 1\n2\n```\n")
  }

  @Test func textAndOtherBlocksAreKept() {
    let text = "# a\n```swift\n```descent\n> 1\n```\n\n~~~descent\n> 2\n2\n~~~\nend"
    let notebook = Notebook(text)
    #expect(notebook.text == text)
    #expect(notebook.entryCount == 1)
  }

  @Test func anInputMayRunOverLines() {
    var notebook = Notebook("```descent\n> [1,\n2]\n[1, 2]\n```")
    #expect(NotebookTest.rerun(&notebook).isEmpty)
  }
}
