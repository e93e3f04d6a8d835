// Operands: literals, names, calls, brackets, and what follows them without a blank.
// The grammar stands in `Parser+Expressions.swift`.

import Diagnostics

extension Parser {
  mutating func parsePostfix(depth: Int) throws(SyntaxError) -> Node {
    let first = peek
    var node = try parsePrimary(depth: depth)
    while true {
      if isSymbol(.leftBracket), !peek.spaced {
        node = try parseSubscripts(of: node, first: first, depth: depth)
      } else if let longer = try parseSuffix(of: node, first: first) {
        node = longer
      } else {
        try refuseImplicitProduct(first: first)
        return node
      }
    }
  }

  /// A superscript, a transpose or a member; nil when none follows. Apart from the recursion, whose
  /// frames are to stay small.
  private mutating func parseSuffix(of node: Node, first: Token) throws(SyntaxError) -> Node? {
    let token = peek
    switch token.kind {
    case .superscript:
      let exponent = try parseSuperscript()
      return try join(.power, node, exponent, at: token)
    case .symbol(.transposed):
      advance()
      return try join(.transpose, node, from: first)
    case .symbol(.dot):
      advance()
      guard let name = peek.name else {
        throw expected("a name after the dot", help: "as in w.m or f.0.weight")
      }
      advance()
      try checkHeight(node.height + 1, at: token)
      return Node(
        Expression(.member(node.expression, name), span(from: first)), height: node.height + 1)
    default:
      return nil
    }
  }

  /// `2x`, `(a)(b)`: operands that touch. `2 x` merely ends the expression.
  private func refuseImplicitProduct(first: Token) throws(SyntaxError) {
    guard !peek.spaced else { return }
    switch peek.kind {
    case .number, .string, .name, .symbol(.leftParenthesis), .symbol(.root), .symbol(.nabla):
      throw SyntaxError(
        .implicitProduct(left: span(from: first).text, right: describe(peek)), span(peek))
    default: return
    }
  }

  // MARK: Primary

  private mutating func parsePrimary(depth: Int) throws(SyntaxError) -> Node {
    switch peek.symbol {
    case .leftParenthesis: return try parseParentheses(depth: depth)
    case .leftBracket: return try parseList(depth: depth)
    case .nabla: return try parseGradient(depth: depth)
    default: break
    }
    let first = peek
    if let callee = acceptCallee() { return try parseCall(callee, first: first, depth: depth) }
    return try parseAtom()
  }

  /// A number, a text or a name.
  private mutating func parseAtom() throws(SyntaxError) -> Node {
    let token = peek
    switch token.kind {
    case .number(let value, let spelling):
      advance()
      return Node(Expression(.number(value, spelling: spelling), span(token)))
    case .string(let text):
      advance()
      return Node(Expression(.string(text), span(token)))
    case .name(let name):
      if Parser.operatorWords.contains(name.canonical) {
        throw SyntaxError(.operatorAsName(name.canonical), span(token))
      }
      advance()
      return Node(Expression(.name(name), span(token)))
    default:
      throw expected("a value")
    }
  }

  /// A name, dotted or not, that a parenthesis touches. Else the dots are members.
  private mutating func acceptCallee() -> Expression.Callee? {
    guard let name = peek.name, !Parser.operatorWords.contains(name.canonical) else { return nil }
    var path = [name]
    var ahead = 1
    while isSymbol(.dot, ahead: ahead), let next = token(ahead + 1).name {
      path.append(next)
      ahead += 2
    }
    guard isSymbol(.leftParenthesis, ahead: ahead), !token(ahead).spaced else { return nil }
    let span = Span(source, peek.start, token(ahead - 1).end)
    position += ahead
    return Expression.Callee(path: path, span: span)
  }

  private mutating func parseCall(
    _ callee: Expression.Callee, first: Token, depth: Int
  ) throws(SyntaxError) -> Node {
    let (arguments, height) = try parseArguments(depth: depth + 1)
    try checkHeight(height + 1, at: first)
    let whole = span(from: first)
    // `sqrt(x)` and `√x` are one thing, so that each prints as the terminal can.
    if callee.path == [Name(canonical: "sqrt")], arguments.count == 1, arguments[0].label == nil {
      return Node(Expression(.unary(.squareRoot, arguments[0].value), whole), height: height + 1)
    }
    return Node(Expression(.call(callee, arguments), whole), height: height + 1)
  }

  /// `(a, axis=1)`; none when no parenthesis follows at once.
  package mutating func parseArguments() throws(SyntaxError) -> [Expression.Argument] {
    guard isSymbol(.leftParenthesis) else { return [] }
    return try parseArguments(depth: 0).0
  }

  private mutating func parseArguments(
    depth: Int
  ) throws(SyntaxError) -> ([Expression.Argument], Int) {
    var arguments: [Expression.Argument] = []
    var height = 0
    try open(.leftParenthesis)
    while !isSymbol(.rightParenthesis) {
      var label: Identifier?
      if let name = peek.name, isSymbol(.assign, ahead: 1) {
        label = Identifier(name, span(advance()))
        advance()
      }
      let value = try parseOperators(.disjunction, depth: depth)
      if label == nil, arguments.contains(where: { $0.label != nil }) {
        throw SyntaxError(.unnamedAfterNamed, value.expression.span)
      }
      if let label, arguments.contains(where: { $0.label == label.name }) {
        throw SyntaxError(.twice(what: "argument", name: label.name.canonical), label.span)
      }
      height = max(height, value.height)
      arguments.append(
        Expression.Argument(label: label?.name, labelSpan: label?.span, value: value.expression))
      if accept(.comma) == nil { break }
    }
    try close(.rightParenthesis, or: ",")
    return (arguments, height)
  }

  // MARK: Gradients and powers

  private mutating func parseGradient(depth: Int) throws(SyntaxError) -> Node {
    let first = advance()
    let node: Node
    if isSymbol(.leftParenthesis) {
      node = try parseParentheses(depth: depth)
    } else if let name = peek.name, !Parser.operatorWords.contains(name.canonical) {
      if name.canonical.hasPrefix("_") {
        let variable = String(name.canonical.dropFirst())
        throw SyntaxError(.gradientSubscript(variable), span(first).joined(with: span(peek)))
      }
      node = try parseGradientTarget(depth: depth)
    } else {
      throw expected("a loss after ∇", help: "as in ∇L, or grad(L, w)")
    }
    try checkHeight(node.height + 1, at: first)
    return Node(
      Expression(.gradient(node.expression), span(from: first)), height: node.height + 1)
  }

  /// A name or a plain call; what follows belongs to the gradient: `∇L[0]` is `(∇L)[0]`.
  private mutating func parseGradientTarget(depth: Int) throws(SyntaxError) -> Node {
    let first = peek
    guard let name = first.name else { throw expected("a loss after ∇") }
    advance()
    guard isSymbol(.leftParenthesis), !peek.spaced else {
      return Node(Expression(.name(name), span(first)))
    }
    return try parseCall(
      Expression.Callee(path: [name], span: span(first)), first: first, depth: depth)
  }

  /// The exponent in `x²`, `x⁻¹`, `βᵗ`, `βᵗ⁻¹`.
  private mutating func parseSuperscript() throws(SyntaxError) -> Node {
    let token = advance()
    let whole = span(token)
    guard token.end - token.start <= 200 else { throw SyntaxError(.numberTooLong, whole) }
    var parts: [String] = []
    for scalar in whole.text.unicodeScalars {
      guard let text = Scripts.raised(ComposedLetters.plain(scalar)) else { continue }
      let isDigit = text.utf8.first.map { $0 >= 0x30 && $0 <= 0x39 } ?? false
      if isDigit, let last = parts.last, last.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
        parts[parts.count - 1] += text
      } else {
        parts.append(text)
      }
    }
    var result: Node?
    var place = 0
    while place < parts.count {
      let sign = parts[place] == "-" || parts[place] == "+" ? parts[place] : nil
      if sign != nil { place += 1 }
      guard place < parts.count, parts[place] != "-", parts[place] != "+",
        sign != nil || result == nil
      else { throw SyntaxError(.expected("one power", found: whole.text, help: nil), whole) }
      let atom = superscriptAtom(parts[place], whole)
      place += 1
      if let left = result {
        result = try join(sign == "-" ? .subtract : .add, left, atom, at: token)
      } else if sign == "-" {
        result = Node(Expression(.unary(.negate, atom.expression), whole), height: 2)
      } else {
        result = atom
      }
    }
    guard let result else { throw expected("a power") }
    return result
  }

  private func superscriptAtom(_ text: String, _ span: Span) -> Node {
    if let value = Double(text), text.utf8.first.map({ $0 < 0x3A }) == true {
      return Node(Expression(.number(value, spelling: text), span))
    }
    return Node(Expression(.name(Name(spelling: text)), span))
  }
}
