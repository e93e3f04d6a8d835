// Expressions, one method a rule of this grammar, loosest first:
//
//   chain       = expression { "|>" expression }              only models and optimizers
//   expression  = conjunction { "or" conjunction }
//   conjunction = negation { "and" negation }
//   negation    = "not" negation | comparison
//   comparison  = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]
//   sum         = product { ( "+" | "-" ) product }
//   product     = signed { ( "*" | "/" | "@" | "mod" ) signed }
//   signed      = ( "-" | "+" | "√" ) signed | power
//   power       = postfix [ "^" signed ]
//   postfix     = primary { superscript | "ᵀ" | "." name | "[" subscripts "]" }
//   primary     = number | string | "(" expression ")" | tuple | list | "∇" target | name | call
//   target      = name | call | "(" expression ")"
//   tuple       = "(" expression "," … ")"                    read as a list
//   list        = "[" [ expression { "," expression } [ "," ] ] "]"
//   call        = name { "." name } "(" [ argument { "," argument } [ "," ] ] ")"
//   argument    = [ name "=" ] expression
//   subscripts  = subscript { "," subscript }
//   subscript   = expression | [ expression ] ":" [ expression ] [ ":" [ expression ] ]
//
// There is no product without a sign: operands side by side end the expression, and touching ones
// (`2x`) are an error. Brackets of calls and subscripts touch what they belong to.

import Diagnostics

/// An expression and its height, which is bounded.
struct Node {
  var expression: Expression
  var height: Int

  init(_ expression: Expression, height: Int = 1) {
    self.expression = expression
    self.height = height
  }
}

extension Parser {
  package mutating func parseExpression() throws(SyntaxError) -> Expression {
    try parseOperators(.disjunction, depth: 0).expression
  }

  /// `a |> b |> c`: one expression or more.
  package mutating func parseChain() throws(SyntaxError) -> [Expression] {
    var stages = [try parseExpression()]
    while accept(.pipe) != nil {
      skipNewlines()
      stages.append(try parseExpression())
    }
    return stages
  }

  /// `a, b, c`: one expression or more.
  package mutating func parseExpressions() throws(SyntaxError) -> [Expression] {
    var expressions = [try parseExpression()]
    while accept(.comma) != nil { expressions.append(try parseExpression()) }
    return expressions
  }

  // MARK: Height

  func checkHeight(_ height: Int, at token: Token) throws(SyntaxError) {
    if height > Parser.maximumHeight {
      throw SyntaxError(.tooHigh(limit: Parser.maximumHeight), span(token))
    }
  }

  func join(
    _ operation: BinaryOperator, _ left: Node, _ right: Node, at token: Token
  ) throws(SyntaxError) -> Node {
    let height = max(left.height, right.height) + 1
    try checkHeight(height, at: token)
    let span = left.expression.span.joined(with: right.expression.span)
    return Node(
      Expression(.binary(operation, left.expression, right.expression), span), height: height)
  }

  func join(
    _ operation: UnaryOperator, _ operand: Node, from first: Token
  ) throws(SyntaxError) -> Node {
    try checkHeight(operand.height + 1, at: first)
    return Node(
      Expression(.unary(operation, operand.expression), span(from: first)),
      height: operand.height + 1)
  }

  // MARK: Operators

  /// An expression of operators that bind at least as tightly as the minimum: the rules from
  /// `expression` to `power`, by precedence. Every way down passes here, so the recursion is bounded.
  mutating func parseOperators(_ minimum: Precedence, depth: Int) throws(SyntaxError) -> Node {
    try checkHeight(depth, at: peek)
    var left = try parsePrefixed(minimum, depth: depth)
    while let operation = infix(peek), operation.precedence >= minimum {
      let token = advance()
      try refuseMisreading(operation, token, after: left.expression)
      let right = try parseOperators(operation.rightMinimum, depth: depth + 1)
      left = try join(operation, left, right, at: token)
      if operation.precedence == .comparison { try refuseComparison() }
    }
    return left
  }

  /// `not`, a sign, a root, or an operand.
  private mutating func parsePrefixed(
    _ minimum: Precedence, depth: Int
  ) throws(SyntaxError) -> Node {
    let token = peek
    switch token.kind {
    case .name(let name) where name.canonical == "not" && minimum <= .negation:
      advance()
      return try join(.not, try parseOperators(.negation, depth: depth + 1), from: token)
    case .symbol(.minus):
      advance()
      return try join(.negate, try parseOperators(.signed, depth: depth + 1), from: token)
    case .symbol(.root):
      advance()
      return try join(.squareRoot, try parseOperators(.signed, depth: depth + 1), from: token)
    case .symbol(.plus):
      advance()
      return try parseOperators(.signed, depth: depth + 1)
    default:
      return try parsePostfix(depth: depth)
    }
  }

  private func infix(_ token: Token) -> BinaryOperator? {
    switch token.kind {
    case .symbol(let symbol): Parser.infixes[symbol]
    case .name(let name): Parser.infixWords[name.canonical]
    default: nil
    }
  }

  private static let infixes: [Symbol: BinaryOperator] = [
    .plus: .add, .minus: .subtract, .star: .multiply, .slash: .divide, .at: .matmul,
    .caret: .power, .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater,
    .greaterOrEqual: .greaterOrEqual, .equal: .equal, .notEqual: .notEqual,
  ]

  private static let infixWords: [String: BinaryOperator] = [
    "and": .and, "or": .or, "mod": .modulo,
  ]

  // MARK: Refusals

  /// The sign was read; what it would mean elsewhere is refused here.
  private func refuseMisreading(
    _ operation: BinaryOperator, _ token: Token, after left: Expression
  ) throws(SyntaxError) {
    // `w -= 1`
    if isSymbol(.assign), !peek.spaced, [.sum, .product].contains(operation.precedence) {
      throw SyntaxError(
        .compoundAssignment(sign: span(token).text, name: left.span.text), span(token))
    }
    // `[1 -2]` is two elements elsewhere, and here it would be `[-1]`.
    if operation.precedence == .sum, openers.last?.symbol == .leftBracket, token.spaced,
      !peek.spaced
    {
      throw SyntaxError(
        .spacedSign(sign: span(token).text, left: left.span.text, right: span(peek).text),
        span(token))
    }
  }

  private func refuseComparison() throws(SyntaxError) {
    if infix(peek)?.precedence == .comparison {
      throw SyntaxError(.chainedComparison, span(peek))
    }
  }
}

extension BinaryOperator {
  /// What may stand on the right: powers group from the right and take a signed exponent, the
  /// others from the left.
  fileprivate var rightMinimum: Precedence { self == .power ? .signed : precedence.above }
}
