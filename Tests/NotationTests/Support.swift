// What the tests of this layer share: short ways to parse, and random expressions from a seed.

import Diagnostics

@testable import Notation

/// All of a text as one expression.
func parse(_ text: String) throws(SyntaxError) -> Expression {
  var parser = try Parser(Source(text))
  let expression = try parser.parseExpression()
  try parser.expectEnd()
  return expression
}

/// The error a text gives, as shown to a person; the tree when there is none.
func failure(_ text: String) -> String {
  failure { () throws(SyntaxError) in try parse(text).text() }
}

func failure(_ body: () throws(SyntaxError) -> String) -> String {
  do {
    return "no error: " + (try body())
  } catch {
    return DiagnosticRenderer().text(error.diagnostic)
  }
}

/// A tree with every bracket, to see how operators bind.
func structure(_ e: Expression) -> String {
  switch e.kind {
  case .number(_, let spelling): spelling
  case .string(let text): "'" + text + "'"
  case .name(let name): name.canonical
  case .list(let elements): "[" + elements.map(structure).joined(separator: " ") + "]"
  case .unary(let f, let a): "(" + f.rawValue + " " + structure(a) + ")"
  case .binary(let f, let a, let b): "(\(f.rawValue) \(structure(a)) \(structure(b)))"
  case .call(let f, let arguments):
    "(call " + f.path.map(\.canonical).joined(separator: ".")
      + arguments.map { " " + ($0.label.map { $0.canonical + "=" } ?? "") + structure($0.value) }
      .joined() + ")"
  case .index(let a, let subscripts):
    "(at \(structure(a)) " + subscripts.map(structure).joined(separator: " ") + ")"
  case .member(let a, let name): structure(a) + "." + name.canonical
  case .gradient(let a): "(∇ " + structure(a) + ")"
  }
}

private func structure(_ s: Expression.Subscript) -> String {
  switch s {
  case .at(let e): structure(e)
  case .slice(let a, let b, let c, _):
    (a.map(structure) ?? "") + ":" + (b.map(structure) ?? "")
      + (c.map { ":" + structure($0) } ?? "")
  }
}

/// A small generator whose numbers depend on its seed alone (SplitMix64; Steele et al. 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Random trees of everything the grammar has.
struct ExpressionGenerator {
  var random: SeededGenerator

  static let names = [
    "w", "g", "t", "beta1", "m_hat", "v_hat_max", "eps", "theta_old", "x_i", "loss1", "w1_2",
    "lr", "x_hat_i", "Gamma", "n", "T", "_a", "mu", "d_model2", "x_hat_bar",
  ]
  static let numbers = ["0", "1", "2", "12", "0.1", "1e-8", "3.5", "1000", "2.", "1E5"]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private static let nowhere = Span(Source(""), 0, 0)

  private func make(_ kind: Expression.Kind) -> Expression { Expression(kind, Self.nowhere) }

  private mutating func pick<T>(_ list: [T]) -> T {
    list[Int.random(in: 0..<list.count, using: &random)]
  }

  mutating func name() -> Name { Name(canonical: pick(Self.names)) }

  mutating func expression(_ depth: Int) -> Expression {
    if depth == 0 { return leaf() }
    let below = depth - 1
    switch Int.random(in: 0..<14, using: &random) {
    case 0: return leaf()
    case 1...5:
      return make(.binary(pick(BinaryOperator.allCases), expression(below), expression(below)))
    case 6: return make(.unary(pick(UnaryOperator.allCases), expression(below)))
    case 7: return make(.unary(.negate, expression(below)))
    case 8: return make(.binary(.power, expression(below), pick([leaf(), expression(below)])))
    case 9: return call(below)
    case 10: return make(.index(expression(below), subscripts(below)))
    case 11:
      return make(
        .member(expression(below), pick([Name(canonical: "m_hat"), Name(canonical: "0")])))
    case 12:
      return make(.list((0..<Int.random(in: 0...3, using: &random)).map { _ in expression(below) }))
    default: return make(.gradient(expression(below)))
    }
  }

  private mutating func leaf() -> Expression {
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1:
      let spelling = pick(Self.numbers)
      return make(.number(Double(spelling == "2." ? "2" : spelling) ?? 0, spelling: spelling))
    case 2: return make(.string(pick(["", "a\"b", "\\beta", "two\nlines"])))
    default: return make(.name(name()))
    }
  }

  private mutating func call(_ depth: Int) -> Expression {
    let path = pick([["f"], ["torch", "SGD"], ["l2"], ["sigma"], ["norm"]]).map {
      Name(canonical: $0)
    }
    var arguments: [Expression.Argument] = []
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      arguments.append(Expression.Argument(value: expression(depth)))
    }
    if Bool.random(using: &random) {
      arguments.append(
        Expression.Argument(label: Name(canonical: "axis"), value: expression(depth)))
    }
    return make(.call(Expression.Callee(path: path, span: Self.nowhere), arguments))
  }

  private mutating func subscripts(_ depth: Int) -> [Expression.Subscript] {
    (0..<Int.random(in: 1...2, using: &random)).map { _ in
      if Bool.random(using: &random) { return .at(expression(depth)) }
      var bounds: [Expression?] = []
      for _ in 0..<3 { bounds.append(Bool.random(using: &random) ? expression(depth) : nil) }
      return .slice(bounds[0], bounds[1], bounds[2], Self.nowhere)
    }
  }
}
