// How formulas are read: what binds tighter, what ends an expression, and the cursor for commands.

import Diagnostics
import Testing

@testable import Notation

@Suite struct Parsing {
  @Test(
    arguments: [
      ("1 + 2*3", "(add 1 (multiply 2 3))"), ("a - b - c", "(subtract (subtract a b) c)"),
      ("-x^2", "(negate (power x 2))"), ("2^-x^2", "(power 2 (negate (power x 2)))"),
      ("2^3^2", "(power 2 (power 3 2))"), ("x²", "(power x 2)"), ("x⁻¹", "(power x (negate 1))"),
      ("β₁ᵗ", "(power beta1 t)"), ("βᵗ⁻¹", "(power beta (subtract t 1))"),
      ("x¹²³", "(power x 123)"),
      ("√x²", "(squareRoot (power x 2))"), ("√x·y", "(multiply (squareRoot x) y)"),
      ("√v[0] + 1", "(add (squareRoot (at v 0)) 1)"), ("√-x", "(squareRoot (negate x))"),
      ("sqrt(x)", "(squareRoot x)"), ("sqrt(x, 2)", "(call sqrt x 2)"),
      ("-a*b", "(multiply (negate a) b)"), ("a*-b", "(multiply a (negate b))"),
      ("a @ b * c / d", "(divide (multiply (matmul a b) c) d)"),
      ("a mod 2 + 1", "(add (modulo a 2) 1)"),
      ("not a == b and c or d", "(or (and (not (equal a b)) c) d)"),
      ("a < b + 1", "(less a (add b 1))"), ("a ≤ b", "(lessOrEqual a b)"),
      ("a ≠ b", "(notEqual a b)"),
      ("a − b × c ⊙ d ⋅ e", "(subtract a (multiply (multiply (multiply b c) d) e))"),
      ("xᵀ", "(transpose x)"), ("x.T", "(transpose x)"), ("A @ x.T", "(matmul A (transpose x))"),
      ("x.T²", "(power (transpose x) 2)"), ("x.Total", "x.Total"),
      ("f(x)²", "(power (call f x) 2)"),
      ("∇L", "(∇ L)"), ("∇L[0]", "(at (∇ L) 0)"), ("∇L(w)", "(∇ (call L w))"),
      ("∇L²", "(power (∇ L) 2)"),
      ("∇(a + b)", "(∇ (add a b))"), ("f.0.weight", "f.0.weight"),
      ("f.0.weight.m\u{302}", "f.0.weight.m_hat"),
      ("f.0.weight[1, :]", "(at f.0.weight 1 :)"), ("x[1:3]", "(at x 1:3)"),
      ("x[::2]", "(at x ::2)"),
      ("x[-1]", "(at x (negate 1))"), ("x[:, 1]", "(at x : 1)"),
      ("x[a:b:c, :, 0,]", "(at x a:b:c : 0)"),
      ("d[\"sepal length\"]", "(at d 'sepal length')"), ("[1, 2,]", "[1 2]"), ("[]", "[]"),
      ("[[1, 2], [3, 4]]", "[[1 2] [3 4]]"), ("(0.9, 0.999)", "[0.9 0.999]"), ("(1,)", "[1]"),
      ("((x))", "x"), (".5 + 1.", "(add .5 1.)"), ("1e-8", "1e-8"), ("1.e5", "1.e5"),
      ("[.5]", "[.5]"),
      (
        "torch.SGD(lr=0.1, betas=(0.9, 0.999), nesterov=true)",
        "(call torch.SGD lr=0.1 betas=[0.9 0.999] nesterov=true)"
      ),
      ("softmax(x, axis=-1)", "(call softmax x axis=(negate 1))"), ("f()", "(call f)"),
      ("f(\n  x,\n  y  # why\n)", "(call f x y)"), ("\"a\"\"b\"", "'a\"b'"),
      ("\"\\beta\"", "'\\beta'"),
      ("\"\"", "''"), ("\"\"\"\"", "'\"'"), ("+x", "x"), ("a ++b", "(add a b)"),
      ("𝑤·𝛽", "(multiply w beta)"),
      ("a\u{A0}+\u{2009}b", "(add a b)"), ("\u{FEFF}a", "a"), ("x2", "x2"), ("_a", "_a"),
      ("a == b", "(equal a b)"), ("(a)[0]", "(at a 0)"), ("[1, 2][0]", "(at [1 2] 0)"),
    ])
  func reads(text: String, expected: String) throws {
    #expect(structure(try parse(text)) == expected)
  }

  @Test func operandsSideBySideEndTheExpression() throws {
    var parser = try Parser(Source("step 2*n until L < 1e-3"))
    #expect(parser.accept(word: "step") != nil)
    #expect(structure(try parser.parseExpression()) == "(multiply 2 n)")
    #expect(parser.accept(word: "until") != nil)
    #expect(structure(try parser.parseExpression()) == "(less L 1e-3)")
    try parser.expectEnd()
  }

  @Test func commandsReadTheirOwnArguments() throws {
    var parser = try Parser(Source("adam(lr=0.1) for [w, b], sgd for rest"))
    #expect(structure(try parser.parseChain()[0]) == "(call adam lr=0.1)")
    try parser.expect(word: "for")
    #expect(structure(try parser.parseExpression()) == "[w b]")
    #expect(parser.accept(.comma) != nil)
    #expect(try parser.expectName().name.canonical == "sgd")
    let place = parser.position
    #expect(parser.accept(word: "for") != nil)
    parser.position = place
    #expect(parser.isWord("for") && parser.isWord("rest", ahead: 1))
    #expect(parser.remainingText == "for rest")

    parser = try Parser(Source("f.0.weight.m\u{302}=[1], b.g=2"))
    #expect(try parser.expectPath().map(\.name.canonical) == ["f", "0", "weight", "m_hat"])
    try parser.expect(.assign)
    #expect(structure(try parser.parseExpression()) == "[1]")

    parser = try Parser(Source("linear(64, 128) |> relu |> linear(128, 10)"))
    #expect(try parser.parseChain().count == 3)
    try parser.expectEnd()

    parser = try Parser(Source("d .8 seed=1"))
    #expect(structure(try parser.parseExpression()) == "d")
    #expect(structure(try parser.parseExpression()) == ".8")

    parser = try Parser(splitStatements(Source("open ../café/notes–1.md  # why\nstep"))[0])
    parser.advance()
    #expect(parser.remainingText == "../café/notes–1.md")
    parser.skipToEnd()
    #expect(parser.atEnd)
  }

  @Test func spansCoverWhatWasTyped() throws {
    let text = "  m\u{302} + f(x, [1, 2]) * (a - b)"
    let e = try parse(text)
    guard case .binary(_, let left, let right) = e.kind,
      case .binary(_, let call, let bracket) = right.kind
    else {
      Issue.record("\(structure(e))")
      return
    }
    #expect(e.span.text == "m\u{302} + f(x, [1, 2]) * (a - b)")
    #expect(left.span.text == "m\u{302}")
    #expect(call.span.text == "f(x, [1, 2])")
    #expect(bracket.span.text == "(a - b)")
  }

  // MARK: Heads

  private func head(_ text: String) throws -> String {
    var parser = try Parser(Source(text))
    let head = try parser.parseHead(
      isCommand: { ["step", "trace", "loss", "quantize"].contains($0) },
      isFunction: { ["trace", "quantize"].contains($0) })
    let rest = " | " + parser.remainingText
    switch head {
    case .definition(let name): return "define " + name.name.canonical + rest
    case .function(let name, let parameters):
      let list = parameters.map { p in
        p.name.name.canonical + (p.value.map { "=" + structure($0) } ?? "")
      }
      return "function \(name.name)(\(list.joined(separator: " ")))" + rest
    case .assignment(let target): return "assign " + structure(target) + rest
    case .stored(let name): return "let " + name.name.canonical + rest
    case .command(let word):
      let list = try? parser.parseExpressions().map(structure).joined(separator: " ")
      return "command \(word.name): " + (list ?? "-")
    case .expression: return "expression" + rest
    }
  }

  @Test(arguments: [
    ("a = 1", "define a | 1"), ("β₁ ← 0.9", "define beta1 | 0.9"), ("loss = 3", "define loss | 3"),
    ("f(x, y=2) = x*y", "function f(x y=2) | x*y"), ("w[0] = 3", "assign (at w 0) | 3"),
    ("f.0.weight[1, :] = 0", "assign (at f.0.weight 1 :) | 0"), ("w.m = 0", "assign w.m | 0"),
    ("let a = 2", "let a | 2"), ("step 3", "command step: 3"), ("step(3)", "command step: 3"),
    ("step g=[1]", "command step: g"), ("loss L = 2", "command loss: L"),
    ("trace(A)", "expression | trace(A)"), ("trace on", "command trace: on"),
    ("a == 1", "expression | a == 1"), ("a + 1", "expression | a + 1"),
    ("f(x)", "expression | f(x)"),
    ("f(x) + 1 == 2", "expression | f(x) + 1 == 2"), ("step", "command step: -"),
    ("step (3)", "command step: 3"), ("let + 1", "expression | let + 1"), ("3", "expression | 3"),
  ])
  func heads(text: String, expected: String) throws {
    #expect(try head(text) == expected)
  }
}
