// The screen shows what is in the line: after any keys, the rows a terminal would show are the
// prompt and the text that Enter then hands over, wrapped at the window's edge.

import Testing

@testable import Terminal

@Suite(.serialized) struct LineDrawingTests {
  /// The rows a block takes on a screen. A line that fills its last row has an empty one after it,
  /// where the cursor stands.
  private func rows(of text: String, width: Int) -> [String] {
    var picture = ScreenPicture(width: width)
    let lines = ("> " + text).split(separator: "\n", omittingEmptySubsequences: false).map {
      let line = String($0)
      return line + (line.isEmpty || TextWidth.of(line) % width != 0 ? "" : "\r\n")
    }
    picture.write(lines.joined(separator: "\r\n"))
    return picture.block
  }

  /// What the probe's spelling stands for.
  private func text(spelt: Substring) -> String {
    var result = String.UnicodeScalarView()
    var rest = spelt.unicodeScalars
    while let scalar = rest.popFirst() {
      if scalar == "|" {
        result.append("\n")
      } else if scalar == "<" {
        let number = rest.prefix { $0 != ">" }
        rest.removeFirst(min(number.count + 1, rest.count))
        if let value = UInt32(String(number)), let named = Unicode.Scalar(value) {
          result.append(named)
        }
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Types `keys` and compares the screen with what is accepted in the end.
  private func check(_ keys: [String], width: UInt16) throws {
    let folder = try TemporaryFolder()
    let terminal = try PseudoTerminal(
      columns: width, rows: 200,
      environment: ["XDG_STATE_HOME": folder.path, "NO_CONTINUATION": "1"])
    var picture = ScreenPicture(width: Int(width))
    picture.write(try terminal.expect("> "))
    terminal.send(keys.joined())
    // The last key is one that appears nowhere else, so that all before it has been drawn.
    terminal.send("\u{1B}[F~")
    picture.write(try terminal.expect("~"))
    picture.write(terminal.settle(milliseconds: 30))
    terminal.send("\r")
    try terminal.expect("got[")
    let accepted = text(spelt: try terminal.expect("]\r\n").dropLast(2))
    #expect(picture.block == rows(of: accepted, width: Int(width)), "\(keys)")
  }

  @Test(arguments: [
    ["\\theta", "\t"], ["abc", "\u{1B}[D\u{1B}[D", "\u{7F}"], ["rms", "\t", "\u{15}", "x"],
    ["ada", "\t", "m"], ["a\u{1B}\rb", "\u{1B}[A", "xyz", "\u{1B}[B", "\u{7F}"],
    ["漢字漢字漢字漢字漢字", "\u{1B}[D", "x"], ["abcdefgh ijklmnop qrstuvwxyz", "\u{17}", "\u{19}\u{19}"],
    ["\u{1B}[200~one\ntwo\n  three\u{1B}[201~", "\u{1B}[A\u{1B}[A", "x", "\u{B}"],
    [String(repeating: "long ", count: 30), "\u{1}", "x", "\u{1B}d"],
  ])
  func edited(keys: [String]) throws {
    for width: UInt16 in [20, 60] { try check(keys, width: width) }
  }

  @Test(arguments: 1...20) func editedAtRandom(seed: UInt64) throws {
    var state = seed
    func pick<T>(_ items: [T]) -> T {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return items[Int((state >> 33) % UInt64(items.count))]
    }
    let likely = [
      "a", "bc", "def ", "θ", "漢", "x y", "\\theta\t", "mo\t", "ada\t", "\u{1B}\r", "\u{7F}",
      "\u{8}", "\u{1}", "\u{5}", "\u{2}", "\u{6}", "\u{B}", "\u{17}", "\u{19}", "\u{14}",
      "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{1B}[H", "\u{1B}[F", "\u{1B}[3~",
      "\u{1B}b", "\u{1B}f", "\u{1B}d", "\u{1B}u", "\u{1B}[200~one\n  two\u{1B}[201~",
    ]
    let keys = ["start "] + (0..<40).map { _ in pick(likely) }
    try check(keys, width: pick([12, 23, 40, 80]))
  }
}
