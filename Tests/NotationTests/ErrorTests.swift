// What a person is told about a text that cannot be read, word for word.

import Diagnostics
import Testing

@testable import Notation

@Suite struct SyntaxErrors {
  @Test(arguments: [
    """
    error: no sign between 2 and x
      2x
       ▲
      help: for the product, type 2*x
    """,
    """
    error: no sign between (a) and (
      (a)(b)
         ▲
      help: for the product, type (a)*(…)
    """,
    """
    error: elements are separated by commas
      [1 2; 3 4]
         ▲
      help: type [[1, 2], [3, 4]]
    """,
    """
    error: rows are not separated by ; but are lists of their own
      [1, 2; -3, 4]
           ▲
      help: type [[1, 2], [-3, 4]]
    """,
    """
    error: one element or two? A blank before - and none after
      [1 -2]
         ▲
      help: type [1, -2] or [1 - 2]
    """,
    """
    error: ** is not written here
      a ** b
        ▲─
      help: type ^
    """,
    """
    error: && is not written here
      a && b
        ▲─
      help: type and
    """,
    """
    error: | is not written here
      |x|
      ▲
      help: type abs(x) for |x|
    """,
    """
    error: βm is not one name: a Greek letter stands alone
      βm + 1
      ▲─
      help: type β*m for a product, beta_m for one name
    """,
    """
    error: a blank between f and (
      f (x)
        ▲
      help: a call is written f(…)
    """,
    """
    error: this ( is never closed
      sum((1, 2
          ▲
      help: type the missing )
    """,
    """
    error: expected ], found )
      f([1, 2)
        ─    ▲
        opened here
    """,
    """
    error: this ) closes nothing
      x)
       ▲
    """,
    """
    error: expected a value, found the end
      1 +
         ▲
    """,
    """
    error: expected a value, found *
      1 + * 2
          ▲
    """,
    """
    error: = defines a name and cannot stand here
      a = b
        ▲
      help: to compare, type ==
    """,
    """
    error: -= is not written here
      w -= 2
        ▲
      help: type w = w - …
    """,
    """
    error: ∇ takes no subscript
      ∇_w L
      ▲──
      help: type grad(L, w)
    """,
    """
    error: this quote is never closed
      a + "abc
          ▲
      help: end the text with "; inside it, "" is one quote
    """,
    """
    error: digits are not grouped with _
      1_000
      ▲────
      help: type 1000
    """,
    """
    error: 1e999 is larger than any float64
      1e999
      ▲────
      help: the largest is about 1.8e308
    """,
    """
    error: comparisons do not chain
      0 < x < 1
            ▲
      help: type 0 < x and x < 1
    """,
    """
    error: xₜ₋₁: a subscript is part of the name and cannot be computed
      xₜ₋₁
      ▲───
      help: on the right of a rule's line, a name is its old value
    """,
    """
    error: |> joins the layers of a model or the stages of an optimizer
      a |> b
        ▲─
      help: elsewhere, apply a function: f(x)
    """,
    """
    error: ' is not written here
      x'
       ▲
      help: type .T for the transpose
    """,
    """
    error: an argument without a name after one with a name
      f(x=1, 2)
             ▲
      help: put it first, or name it
    """,
    """
    error: the argument x is given twice
      f(x=1, x=2)
             ▲
    """,
    """
    error: mod is an operator, not a name
      mod + 1
      ▲──
    """,
    """
    error: expected an operator or the end, found b
      a b
        ▲
    """,
    """
    error: no sign between 2 and x
      漢字 + m\u{302} + 2x
                  ▲
      help: for the product, type 2*x
    """,
  ])
  func words(expected: String) {
    let lines = expected.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(failure(String(lines[1].dropFirst(2))) == expected)
  }

  @Test func whatCannotBeSeenIsNamed() {
    #expect(
      failure("a + \0")
        == "error: a NUL byte (U+0000)\n  a + ·\n      ▲\n  help: delete it; it cannot be seen")
    #expect(failure("a \u{7}").hasPrefix("error: a control character (U+0007)\n  a ·\n"))
  }

  @Test func invalidUTF8IsNamed() {
    for (bytes, name) in [
      ([0x61, 0x20, 0xFF], "0xFF"), ([0xC3], "0xC3"), ([0x61, 0x2B, 0xE2, 0x82], "0xE2"),
      ([0xC0, 0x80], "0xC0"), ([0xED, 0xA0, 0x80], "0xED"), ([0xF5, 0x80, 0x80, 0x80], "0xF5"),
      ([0x22, 0x61, 0xFE, 0x22], "0xFE"), ([0x78, 0x80], "0x80"),
    ] as [([UInt8], String)] {
      let text = failure { () throws(SyntaxError) in
        var parser = try Parser(Source(bytes: bytes))
        let e = try parser.parseExpression()
        try parser.expectEnd()
        return e.text()
      }
      #expect(text.hasPrefix("error: the byte \(name) is not UTF-8 text\n"), "\(text)")
    }
  }

  @Test func placesInFiles() {
    let source = Source("a = 1\r\nb = 2x\n", name: "fit.descent", firstLine: 10)
    let text = failure { () throws(SyntaxError) in
      var parser = try Parser(splitStatements(source)[1])
      _ = try parser.parseHead(isCommand: { _ in false }, isFunction: { _ in false })
      return try parser.parseExpression().text()
    }
    #expect(
      text == """
        error: no sign between 2 and x
          at fit.descent:11:6
          b = 2x
               ▲
          help: for the product, type 2*x
        """)
  }
}
