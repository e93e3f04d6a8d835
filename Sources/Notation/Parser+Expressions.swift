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
    try parseDisjunction(depth: 0).expression
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

  // MARK: Words

  mutating func parseDisjunction(depth: Int) throws(SyntaxError) -> Node {
    // Every way down passes here or through `parseSigned`, so the recursion is bounded.
    try checkHeight(depth, at: peek)
    var left = try parseConjunction(depth: depth)
    while let token = accept(word: "or") {
      left = try join(.or, left, try parseConjunction(depth: depth), at: token)
    }
    return left
  }

  private mutating func parseConjunction(depth: Int) throws(SyntaxError) -> Node {
    var left = try parseNegation(depth: depth)
    while let token = accept(word: "and") {
      left = try join(.and, left, try parseNegation(depth: depth), at: token)
    }
    return left
  }

  private mutating func parseNegation(depth: Int) throws(SyntaxError) -> Node {
    guard let token = accept(word: "not") else { return try parseComparison(depth: depth) }
    try checkHeight(depth + 1, at: token)
    return try join(.not, try parseNegation(depth: depth + 1), from: token)
  }

  // MARK: Signs

  private mutating func parseComparison(depth: Int) throws(SyntaxError) -> Node {
    let left = try parseSum(depth: depth)
    guard let operation = comparison(peek) else { return left }
    let token = advance()
    let right = try parseSum(depth: depth)
    if comparison(peek) != nil { throw SyntaxError(.chainedComparison, span(peek)) }
    return try join(operation, left, right, at: token)
  }

  private func comparison(_ token: Token) -> BinaryOperator? {
    switch token.symbol {
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    default: nil
    }
  }

  private mutating func parseSum(depth: Int) throws(SyntaxError) -> Node {
    var left = try parseProduct(depth: depth)
    while true {
      let token = peek
      let operation: BinaryOperator
      switch token.symbol {
      case .plus: operation = .add
      case .minus: operation = .subtract
      default: return left
      }
      try refuseMatrixSign(token, after: left.expression)
      advance()
      try refuseCompoundAssignment(token, after: left.expression)
      left = try join(operation, left, try parseProduct(depth: depth), at: token)
    }
  }

  /// `[1 -2]` is two elements elsewhere, and here it would be `[-1]`.
  private func refuseMatrixSign(_ token: Token, after left: Expression) throws(SyntaxError) {
    guard openers.last?.symbol == .leftBracket, token.spaced, !self.token(1).spaced else { return }
    throw SyntaxError(
      .spacedSign(
        sign: span(token).text, left: left.span.text, right: span(self.token(1)).text),
      span(token))
  }

  /// `w -= 1`.
  private func refuseCompoundAssignment(
    _ token: Token, after left: Expression
  ) throws(SyntaxError) {
    guard isSymbol(.assign), !peek.spaced else { return }
    throw SyntaxError(
      .compoundAssignment(sign: span(token).text, name: left.span.text), span(token))
  }

  private mutating func parseProduct(depth: Int) throws(SyntaxError) -> Node {
    var left = try parseSigned(depth: depth)
    while true {
      let token = peek
      let operation: BinaryOperator
      switch token.kind {
      case .symbol(.star): operation = .multiply
      case .symbol(.slash): operation = .divide
      case .symbol(.at): operation = .matmul
      case .name(let name) where name.canonical == "mod": operation = .modulo
      default: return left
      }
      advance()
      try refuseCompoundAssignment(token, after: left.expression)
      left = try join(operation, left, try parseSigned(depth: depth), at: token)
    }
  }

  private mutating func parseSigned(depth: Int) throws(SyntaxError) -> Node {
    let token = peek
    switch token.symbol {
    case .minus:
      advance()
      try checkHeight(depth + 1, at: token)
      return try join(.negate, try parseSigned(depth: depth + 1), from: token)
    case .root:
      advance()
      try checkHeight(depth + 1, at: token)
      return try join(.squareRoot, try parseSigned(depth: depth + 1), from: token)
    case .plus:
      advance()
      try checkHeight(depth + 1, at: token)
      return try parseSigned(depth: depth + 1)
    default:
      return try parsePower(depth: depth)
    }
  }

  private mutating func parsePower(depth: Int) throws(SyntaxError) -> Node {
    let base = try parsePostfix(depth: depth)
    guard let token = accept(.caret) else { return base }
    try checkHeight(depth + 1, at: token)
    return try join(.power, base, try parseSigned(depth: depth + 1), at: token)
  }
}
