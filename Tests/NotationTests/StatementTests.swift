// Where statements end.

import Diagnostics
import Testing

@testable import Notation

@Suite struct Statements {
  private func split(_ text: String) -> [String] {
    splitStatements(Source(text)).map { $0.span.text + ($0.muted ? " ;" : "") }
  }

  @Test func newlinesAndSemicolons() {
    #expect(
      split("a = 1\n\n  b = 2; c = 3;  # done\n# only this\nd") == [
        "a = 1", "b = 2 ;", "c = 3 ;", "d",
      ])
    #expect(split("") == [])
    #expect(split(" ;; \r\n;") == [])
    #expect(split("a\r\nb\rc") == ["a", "b", "c"])
  }

  @Test func bracketsAndQuotesContinue() {
    #expect(split("f(1,\n 2)\ng") == ["f(1,\n 2)", "g"])
    #expect(split("rule r() { a = 1; b = 2\n}\nx") == ["rule r() { a = 1; b = 2\n}", "x"])
    #expect(split("s = \"a;\n# \"\"b\"\"\"; t") == ["s = \"a;\n# \"\"b\"\"\" ;", "t"])
    #expect(split("[1, # one ]\n2]") == ["[1, # one ]\n2]"])
    #expect(split("a) \nb") == ["a)", "b"])
  }

  @Test(arguments: ["(", "f(1,", "rule a {\n x = 1", "\"abc", "\"a\"\"", "[1, \"]\""])
  func incomplete(text: String) {
    #expect(isIncomplete(text))
  }

  @Test(arguments: ["", "a", "(1)", "\"a\"", "\"\"", "a # (", "rule a { x = 1\n}", ")", "(]"])
  func complete(text: String) {
    #expect(!isIncomplete(text))
  }

  @Test func aMistakeLeavesTheOthersAlone() throws {
    let statements = splitStatements(Source("a = 1\nb = 2x\nc = 3\u{0}\nd = 4"))
    #expect(statements.count == 4)
    var parser = try Parser(statements[3])
    #expect(try parser.expectName().span.text == "d")
  }
}
