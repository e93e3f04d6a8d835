// Widths, wrapping, tables, completion lists and progress: pure text, held to its laws.

import Testing

@testable import Terminal

@Suite struct TextTests {
  static let samples = [
    "", "plain", "m\u{302} = β₁·m + (1 - β₁)·g", "漢字 in between 漢字漢字",
    "\u{1B}[1;31mred\u{1B}[39;22m",
    "a  b   c", "averyveryverylongwordwithoutspaces", "two\nlines of text", "😀😀😀",
    "w ← w - lr·m̂/(√v̂ + ε)",
  ]

  @Test(arguments: [
    ("", 0), ("abc", 3), ("m\u{302}", 1), ("θ", 1), ("漢", 2), ("😀", 2), ("√v\u{302}", 2),
    ("\u{1B}[1mx\u{1B}[22m", 1), ("\u{1B}]0;title\u{7}x", 1), ("\u{1B}]8;;u\u{1B}\\x", 1),
    ("\u{1B}", 0), ("\u{1B}[", 0), ("━─…", 3), ("xᵀ", 2), ("\u{7}", 0),
  ])
  func width(text: String, cells: Int) { #expect(TextWidth.of(text) == cells) }

  @Test(arguments: samples, [1, 2, 3, 7, 20, 80])
  func truncatingFits(text: String, width: Int) {
    let line = text.filter { $0 != "\n" }
    let cut = TextWidth.truncate(line, to: width)
    #expect(TextWidth.of(cut) <= width)
    if TextWidth.of(line) <= width { #expect(cut == line) }
    #expect(TextWidth.of(TextWidth.padRight(cut, to: width)) == width)
    #expect(TextWidth.of(TextWidth.padLeft(cut, to: width)) == width)
  }

  @Test(arguments: samples, [2, 3, 7, 20, 80])
  func wrappingFitsAndLosesNothing(text: String, width: Int) {
    let lines = TextWidth.wrap(text, to: width, indent: width > 5 ? "  " : "")
    for line in lines { #expect(TextWidth.of(line) <= width, "\(line)") }
    func letters(_ text: String) -> String {
      String(
        String.UnicodeScalarView(text.unicodeScalars.filter { !" \n".unicodeScalars.contains($0) }))
    }
    #expect(letters(lines.joined()) == letters(text))
  }

  @Test func wrappingBreaksAtSpaces() {
    #expect(TextWidth.wrap("one two three", to: 8) == ["one two", "three"])
    #expect(TextWidth.wrap("one two three", to: 8, indent: "  ") == ["one two", "  three"])
    #expect(TextWidth.wrap("  kept indent", to: 20) == ["  kept indent"])
    #expect(TextWidth.wrap("abcdefgh", to: 3) == ["abc", "def", "gh"])
  }

  @Test func controlCharactersAreMadeVisible() {
    #expect(TextWidth.printable("a\u{1B}[31mb\u{7}\n\tθ") == "a^[[31mb^G\n\tθ")
    #expect(TextWidth.printable("\u{9B}x\u{7F}") == "^?x^?")
  }

  @Test func stylesEndAtEachLine() {
    #expect(Style.bold.apply("a\nb", enabled: true) == "\u{1B}[1ma\u{1B}[22m\n\u{1B}[1mb\u{1B}[22m")
    #expect((Style.bold + .red).apply("a", enabled: true) == "\u{1B}[1;31ma\u{1B}[39;22m")
    #expect(Style.red.apply("a", enabled: false) == "a")
  }

  @Test func colourFollowsTheEnvironment() {
    func allowed(_ variables: [String: String], terminal: Bool = true) -> Bool {
      Screen.colorAllowed(terminal: terminal) { variables[$0] }
    }
    #expect(allowed(["TERM": "xterm"]))
    #expect(allowed(["TERM": "xterm", "NO_COLOR": ""]))
    #expect(!allowed(["TERM": "xterm", "NO_COLOR": "1"]))
    #expect(!allowed(["TERM": "dumb"]))
    #expect(!allowed([:]))
    #expect(!allowed(["TERM": "xterm"], terminal: false))
  }

  // MARK: tables

  @Test func numbersStandRight() {
    let table = Table(titles: ["t", "L", "name"], rows: [["1", "13", "a"], ["10", "9.5", "bc"]])
    #expect(table.lines(on: Screen(width: 40)) == [" t    L  name", " 1   13  a", "10  9.5  bc"])
  }

  @Test func wideCharactersAlign() {
    let table = Table(titles: [], rows: [["漢字", "x"], ["m\u{302}", "y"]])
    #expect(table.lines(on: Screen(width: 40)) == ["漢字  x", "m\u{302}     y"])
  }

  @Test(arguments: 1...60) func tablesShrinkToTheScreen(width: Int) {
    let table = Table(
      titles: ["name", "what it is", "1"],
      rows: [["adam", "adaptive moments", "0.001"], ["rmsprop", "running mean square", "1e-08"]])
    for line in table.lines(on: Screen(width: width)) { #expect(TextWidth.of(line) <= width) }
  }

  @Test func columnsShareTheRoom() {
    #expect(Table.fitted([3, 4], to: 10) == [3, 4])
    #expect(Table.fitted([3, 40, 40], to: 24) == [3, 11, 10])
    #expect(Table.fitted([5, 5], to: 1) == [1, 1])
    #expect(Table.fitted([], to: 1) == [])
  }

  @Test(arguments: [
    ("1", true), ("-1.5e-08", true), ("5%", true), ("nan", true), ("adam", false), ("1 of", false),
    ("≈3", true), ("e", false), ("[1, 2]", false),
  ])
  func numbersAreKnown(text: String, isNumber: Bool) {
    #expect(Table.isNumeric([text, ""]) == isNumber)
  }

  // MARK: completion

  @Test func completionActs() {
    func action(_ line: String, _ cursor: Int, from: Int, _ texts: [String]) -> Completion.Action {
      Completion(replaceFrom: from, candidates: texts.map { .init($0) })
        .action(line: line, cursor: cursor)
    }
    #expect(action("θ ad", 4, from: 2, ["adam"]) == .replace(removing: 2, with: "adam"))
    #expect(action("ad", 2, from: 0, ["adam", "adamw"]) == .replace(removing: 2, with: "adam"))
    #expect(action("adam", 4, from: 0, ["adam", "adamw"]) == .list)
    #expect(action("adam", 4, from: 0, ["adam"]) == .nothing)
    #expect(action("x", 1, from: 0, []) == .nothing)
    // A closure that answers nonsense does no harm.
    #expect(action("x", 1, from: 5, ["y"]) == .nothing)
    #expect(action("x", 9, from: 0, ["y"]) == .nothing)
    #expect(action("x", 1, from: -1, ["y"]) == .nothing)
  }

  @Test(arguments: [10, 20, 60], [2, 5, 20])
  func listsFitTheScreen(width: Int, height: Int) {
    let names = (0..<100).map { Completion.Candidate("name\($0)") }
    let lines = Completion(replaceFrom: 0, candidates: names).listing(width: width, height: height)
    #expect(lines.count <= height)
    for line in lines { #expect(TextWidth.of(line) < max(width, 18)) }
  }

  // MARK: blocks

  @Test(arguments: ["", "a", "f(\n  1)", "a\n\nb", "θ\n漢"])
  func blocksComeBackFromTheEditor(text: String) {
    let shown = Block.displayed(text, continuation: "  ")
    #expect(Block.text(ofDisplayed: shown, continuation: "  ") == text)
  }

  @Test(arguments: [
    ("abc", 80, 0), ("a\nb", 80, 1), (String(repeating: "x", count: 20), 10, 2),
    ("xxxxxxxx\nb", 10, 2), ("xxxxxxx\nb", 10, 1), ("a", 0, 3), ("漢漢漢漢", 10, 1), ("a\tb", 80, 0),
  ])
  func rowsAreCounted(text: String, width: Int, rows: Int) {
    #expect(Block.rowsAbove(text.unicodeScalars, prompt: 2, width: width) == rows)
    var size = Block.Size()
    size.grow(to: text)
    #expect(size.rows(width: width) >= rows)
  }

  // MARK: progress

  @Test func progressTellsRateAndTime() {
    let line = Progress.line(
      label: "step", unit: "steps", done: 500, total: 10000, elapsed: .milliseconds(1),
      screen: Screen(width: 78, unicode: true))
    #expect(line.hasPrefix("step 500 of 10000  ━"))
    #expect(line.hasSuffix("─  5%  500 k steps/s  1 s left"))
    let ascii = Progress.line(
      label: "step", unit: "steps", done: 5, total: 10, elapsed: .seconds(1), note: "L 1.5",
      screen: Screen(width: 60, unicode: false))
    #expect(ascii.contains("##") && ascii.hasSuffix("50%  5 steps/s  1 s left  L 1.5"))
  }

  @Test(arguments: [1, 5, 20, 40, 80, 200], [0, 3, 1_000_000, Int.max])
  func progressFits(width: Int, done: Int) {
    for total in [nil, 0, 7, Int.max] {
      for elapsed in [Duration.zero, .nanoseconds(1), .seconds(1_000_000)] {
        let line = Progress.line(
          label: "step", unit: "steps", done: done, total: total, elapsed: elapsed,
          screen: Screen(width: width))
        #expect(TextWidth.of(line) <= max(width - 1, 1))
      }
    }
  }

  @Test(arguments: [
    (0.5, "0.5"), (5, "5"), (42, "42"), (999, "999"), (1200, "1.2 k"), (1_200_000, "1.2 M"),
    (999_999, "1.0 M"), (4e7, "40 M"), (.infinity, "?"), (1e300, "many G"),
  ])
  func shortNumbers(value: Double, text: String) { #expect(Progress.shortNumber(value) == text) }

  @Test(arguments: [(3, "3 s"), (89, "89 s"), (120, "2 min"), (5400, "1.5 h"), (1e6, "12 days")])
  func shortTimes(seconds: Double, text: String) { #expect(Progress.shortTime(seconds) == text) }
}
