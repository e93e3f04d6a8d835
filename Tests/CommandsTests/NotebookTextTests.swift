// The words of a notebook: on their own lines, escapes put in, and nothing of what is no notebook.

import Testing

@testable import Commands

@Suite struct NotebookTextTests {
  static func text(_ json: String) -> String? {
    NotebookText.markdown(Array(json.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func wordsStandOnTheirLines() {
    let json = #"""
      {"cells": [
        {"cell_type": "code", "outputs": [{"text": ["$x = 1$\n"]}],
         "source": ["y = '$x$'"]},
        {"cell_type": "markdown", "metadata": {"a": [1, true, null]},
         "source": [
           "# A\n",
           "$\\theta$"]},
        {"cell_type": "markdown", "source": "\u00e9 \ud835\udefc \"b\"\/"}
      ], "nbformat": 4}
      """#
    let lines = Self.text(json)?.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines?.count == 9)
    #expect(lines?[5] == "# A")
    #expect(lines?[6] == "$\\theta$")
    #expect(lines?.last == "é 𝛼 \"b\"/")
  }

  @Test func anOlderOneHasWorksheets() {
    #expect(
      Self.text(#"{"worksheets": [{"cells": [{"cell_type": "markdown", "source": ["a"]}]}]}"#)
        == "\na")
  }

  /// The members of an object have no order, a mark may stand before it, and a heading's level is its own.
  @Test(arguments: [
    (#"{"cells": [{"source": ["a\n", "b"], "cell_type": "markdown"}]}"#, "\na\nb"),
    (#"{"cells": [{"source": "$x = 1$", "id": 3, "cell_type": "code"}]}"#, ""),
    (
      #"{"cells": [{"source": "a", "cell_type": "markdown"}, {"cell_type": "raw", "source": "c"}]}"#,
      "\na"
    ),
    ("\u{FEFF}" + #"{"cells": [{"cell_type": "markdown", "source": "a"}]}"#, "\na"),
    (
      #"{"worksheets": [{"cells": [{"cell_type": "heading", "level": 2, "source": ["A", " b"]}]}]}"#,
      "\n## A b"
    ),
    (#"{"cells": [{"source": "A", "level": 7, "cell_type": "heading"}]}"#, "\n# A"),
  ]) func membersStandInAnyOrder(_ json: String, _ text: String) {
    #expect(Self.text(json) == text)
  }

  @Test func linesAreKeptWhateverTheOrder() {
    let json = """
      {"cells": [
       {"source": [
         "$a$"],
        "cell_type": "markdown"},
       {"cell_type": "markdown",
        "source": ["$b$"]}]}
      """
    let lines = Self.text(json)?.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines == ["", "", "$a$", "", "", "$b$"])
  }

  @Test func whatIsNoneGivesNil() {
    let deep = String(repeating: "[", count: 100_000)
    for json in [
      "", "{", "[]", "{}", #"{"cells": 3}"#, #"{"cells": [}"#, #"{"cells": []} x"#,
      #"{"cells": [{"cell_type": "markdown", "source": "a"#, "{\"a\": \(deep)",
      #"{"cells": [{"cell_type": "markdown", "source": "\q"}]}"#, "# Adam",
    ] {
      #expect(Self.text(json) == nil, "\(json.prefix(40))")
    }
  }
}
