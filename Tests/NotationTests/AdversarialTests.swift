// Input made to break the reader: it answers with an error, in time that grows with the input only.

import Diagnostics
import Testing

@testable import Notation

@Suite struct Adversarial {
  private func message(_ text: String) -> String {
    String(failure(text).prefix { $0 != "\n" })
  }

  private let tooHigh =
    "error: more than \(Parser.maximumHeight) operations or brackets inside one another"

  @Test(arguments: ["(", "[", "f(", "x[", "-", "√", "not ", "2^", "∇(", "-(", "[x[f("])
  func oneHundredThousandOpeners(opener: String) {
    #expect(message(String(repeating: opener, count: 100_000)) == tooHigh)
  }

  @Test(arguments: ["1+", "1*", "1 or ", "1 and ", "x@", "2^"])
  func longChains(link: String) {
    #expect(message(String(repeating: link, count: 50_000) + "1") == tooHigh)
  }

  @Test(arguments: ["[0]", ".T", ".m", "ᵀ", "² "])
  func longPostfixChains(link: String) {
    #expect(message("x" + String(repeating: link, count: 50_000)) == tooHigh)
  }

  @Test func theHighestAllowedIsSafe() throws {
    let height = Parser.maximumHeight - 1
    for (opener, closer) in [("(-(", "))"), ("f([", "])"), ("x[-√(", ")]"), ("(1+(", "))")] {
      for count in [height / 2 - 1, height / 3, height / 4] {
        let text =
          String(repeating: opener, count: count) + "1" + String(repeating: closer, count: count)
        guard let e = try? parse(text) else { continue }
        #expect(e.text().utf8.count > count)
        let isSame = e.isSame(as: try parse(e.text()))
        #expect(isSame)
      }
    }
    let chain = Array(repeating: "x", count: height).joined(separator: " + ")
    #expect(try parse(chain).text() == chain)
  }

  @Test func wideIsFine() throws {
    let list = "[" + Array(repeating: "0.5", count: 100_000).joined(separator: ", ") + "]"
    guard case .list(let elements) = try parse(list).kind else { return }
    #expect(elements.count == 100_000)
  }

  @Test func tooLong() {
    #expect(
      message(String(repeating: "1+", count: 5_000_000))
        == "error: a statement of more than 1048576 bytes")
    #expect(
      message(String(repeating: "1", count: 2000)) == "error: a number with too many characters"
    )
  }

  @Test func unclosedThings() {
    #expect(message("f(1, \"abc") == "error: this quote is never closed")
    #expect(message("[1, 2") == "error: this [ is never closed")
    #expect(
      message("(" + String(repeating: "1,", count: 100_000)) == "error: this ( is never closed")
    #expect(
      message("\"" + String(repeating: "\"\"", count: 100_000))
        == "error: this quote is never closed")
  }

  @Test func splittingIsLinear() {
    let clock = ContinuousClock()
    let text = String(repeating: "a = [1, 2]; (\"x\") # c\n", count: 50_000)
    var statements: [Statement] = []
    let elapsed = clock.measure { statements = splitStatements(Source(text)) }
    #expect(statements.count == 100_000)
    #expect(elapsed < .seconds(10))
    #expect(isIncomplete(String(repeating: "(", count: 1_000_000)))
  }

  @Test func randomBytesNeverTrap() {
    var random = SeededGenerator(seed: 3)
    let pieces: [[UInt8]] =
      [
        "(", ")", "[", "]", "{", "}", "\"", ",", ";", ":", ".", "=", "==", "|>", "^", "-", "√", "∇",
        "ᵀ",
        "²", "⁻", "₁", "β", "m\u{302}", "x", "f(", "1e", "0.5", " ", "\n", "#", "not ", "mod ", "←",
        "≤",
        "'", "\\", "rule ", "state ", "when ", "else ", "repeat ", "note ", "by ", "let ",
        "over all ",
      ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82], [0x00], [0xF0, 0x9D, 0x91, 0xA4]]
    for _ in 0..<5_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<14, using: &random) {
        bytes += pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      let source = Source(bytes: bytes)
      _ = isIncomplete(source.text)
      for statement in splitStatements(source) { tryEverything(statement.span) }
      tryEverything(Span(source))
    }
  }

  private func tryEverything(_ span: Span) {
    func attempt(_ body: (inout Parser) throws(SyntaxError) -> Void) {
      do {
        var parser = try Parser(span)
        try body(&parser)
      } catch {
        _ = DiagnosticRenderer(width: 30).text(error.diagnostic)
      }
    }
    attempt { (parser) throws(SyntaxError) in
      let e = try parser.parseExpression()
      try parser.expectEnd()
      // What can be read can be printed and read again.
      let again = try parse(e.text())
      let isSame = again.isSame(as: e)
      #expect(isSame, "\(span.text) → \(e.text())")
    }
    attempt { (parser) throws(SyntaxError) in
      _ = try parser.parseHead(isCommand: { $0 == "f" }, isFunction: { _ in false })
      _ = try parser.parseChain()
    }
    attempt { (parser) throws(SyntaxError) in
      let rule = try parser.parseRuleDeclaration()
      _ = RulePrinter().text(rule)
    }
  }
}
