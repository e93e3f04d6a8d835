// The one renderer of errors, suggestions, and how wide text is.

import Diagnostics
import Testing

@Suite struct Rendering {
  private func span(_ source: Source, _ part: String) -> Span {
    let text = source.text
    guard let range = text.range(of: part) else { return Span(source, 0, 0) }
    let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    return Span(source, start, start + part.utf8.count)
  }

  private var shapes: Diagnostic {
    let source = Source("loss L = sum((w - [3, 1, 2])^2)")
    return Diagnostic(
      "shape.mismatch", "shapes [2] and [3] do not fit together in −", at: span(source, "-"),
      marks: [.init(span(source, "w"), "[2]"), .init(span(source, "[3, 1, 2]"), "[3]")],
      help: "elementwise operators need equal sizes, or 1, in each dimension")
  }

  @Test func operandsAreMarked() {
    #expect(
      DiagnosticRenderer().text(shapes) == """
        error: shapes [2] and [3] do not fit together in −
          loss L = sum((w - [3, 1, 2])^2)
                        ─ ▲ ─────────
                        [2]  [3]
          help: elementwise operators need equal sizes, or 1, in each dimension
        """)
  }

  @Test func asciiOnly() {
    let text = DiagnosticRenderer(ascii: true).text(shapes)
    #expect(text.contains("\n                - ^ ---------\n"))
  }

  @Test func stylesNameTheParts() {
    let lines = DiagnosticRenderer().lines(shapes)
    #expect(lines[0].runs.first == StyledText.Run("error: ", .error))
    #expect(lines[2].runs.map(\.style) == [.plain, .accent, .plain, .caret, .plain, .accent])
    #expect(lines[4].runs.first?.style == .help)
  }

  @Test func withoutAPlace() {
    let diagnostic = Diagnostic(
      "command.unknown", "no command optmizer", help: "did you mean optimizer?")
    #expect(
      DiagnosticRenderer().text(diagnostic)
        == "error: no command optmizer\n  help: did you mean optimizer?")
  }

  @Test func marksElsewhereGetTheirOwnLine() {
    let first = Source("w = 1")
    let second = Source("x = 2\nw = 3\ny")
    let diagnostic = Diagnostic(
      "name.twice", "w is defined twice", at: span(second, "w"),
      marks: [.init(span(first, "w"), "first here")], severity: .warning)
    #expect(
      DiagnosticRenderer().text(diagnostic) == """
        warning: w is defined twice
          w = 3
          ▲
          w = 1
          ─
          first here
        """)
  }

  @Test func longLinesAreCutRoundTheCaret() {
    let long = String(repeating: "α + ", count: 300)
    for text in [
      long + "2x", "2x + " + long + "1", long + "2x + " + long + "1", "2x + " + long + "漢",
    ] {
      let source = Source(text)
      for width in [20, 40, 79, 80] {
        let renderer = DiagnosticRenderer(width: width)
        let lines = renderer.lines(Diagnostic("a", "b", at: span(source, "x"))).map(\.plain)
        #expect(TextWidth.columns(of: lines[1]) <= width)
        #expect(lines[1].contains("…"))
        // The caret stands below the x.
        let column = TextWidth.columns(of: String(lines[1].prefix { $0 != "x" }))
        #expect(TextWidth.columns(of: lines[2]) == column + 1)
      }
    }
  }

  @Test func accentsAndWideLettersKeepTheCaretInPlace() {
    let source = Source("m\u{302} + 漢\t+ x")
    let lines = DiagnosticRenderer().lines(Diagnostic("a", "b", at: span(source, "x"))).map(\.plain)
    #expect(lines[1] == "  m\u{302} + 漢 + x")
    #expect(lines[2] == "           ▲")
  }

  @Test func anyPlaceInAnyBytes() {
    var bytes: [UInt8] = []
    for byte in 0...255 { bytes += [UInt8(byte), 0x61] }
    for text in [bytes, [], [0x0A], [0xE2, 0x82], [0x0D, 0x0A, 0xCC, 0x82]] {
      let source = Source(bytes: text, name: "f")
      for start in -2...(text.count + 2) {
        for length in [-3, 0, 1, 7, 1000] {
          let place = Span(source, start, start + length)
          let diagnostic = Diagnostic("a", "b\u{1B}[31m", at: place, marks: [.init(place, "c")])
          let rendered = DiagnosticRenderer(width: 30).text(diagnostic)
          #expect(!rendered.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        }
      }
    }
  }

  @Test func columnsCountCharacters() {
    let source = Source("a\nm\u{302}漢x", firstLine: 5)
    let place = TextPlace(source, source.bytes.count - 1)
    #expect(place.lineNumber == 6)
    #expect(place.column == 3)
  }

  @Test func widths() {
    #expect(TextWidth.columns(of: "m\u{302} ≤ β₁") == 6)
    #expect(TextWidth.columns(of: "漢字") == 4)
    #expect(TextWidth.padded("β", to: 3) == "β  ")
    #expect(TextWidth.padded("12", to: 4, left: true) == "  12")
    #expect((StyledText("a", .name) + StyledText("b", .name)).runs.count == 1)
  }
}

@Suite struct Nearest {
  private let commands = [
    "optimizer", "option", "open", "step", "show", "set", "table", "plot", "w", "m",
  ]

  @Test(arguments: [
    ("optmizer", ["optimizer"]), ("setp", ["set", "step"]), ("shwo", ["show"]), ("opne", ["open"]),
    ("Table", ["table"]), ("xyz", []), ("x", []), ("", []), ("plotting", []),
    ("optoin", ["option"]),
  ])
  func suggestions(word: String, expected: [String]) {
    #expect(nearest(word, in: commands) == expected)
  }

  @Test func sentence() {
    #expect(didYouMean("setp", in: commands) == "did you mean set or step?")
    #expect(didYouMean("qqq", in: commands) == nil)
    #expect(nearest(String(repeating: "a", count: 100_000), in: commands) == [])
  }
}

extension String {
  fileprivate func range(of part: String) -> Range<String.Index>? {
    var start = unicodeScalars.startIndex
    while start < unicodeScalars.endIndex {
      if unicodeScalars[start...].starts(with: part.unicodeScalars) {
        return start..<unicodeScalars.index(start, offsetBy: part.unicodeScalars.count)
      }
      start = unicodeScalars.index(after: start)
    }
    return nil
  }
}
