// Parentheses, lists and subscripts. The grammar stands in `Parser+Expressions.swift`.

import Diagnostics

extension Parser {
  @discardableResult
  mutating func open(_ symbol: Symbol) throws(SyntaxError) -> Token {
    let token = try expect(symbol)
    openers.append(token)
    return token
  }

  mutating func close(_ symbol: Symbol, or other: String? = nil) throws(SyntaxError) {
    guard isSymbol(symbol) else {
      if isSymbol(.assign) { throw SyntaxError(.assignmentInside, span(peek)) }
      let what = other.map { "\($0) or \(symbol.rawValue)" } ?? symbol.rawValue
      throw expected(what)
    }
    advance()
    _ = openers.popLast()
  }

  /// `(a)` is a; `(a, b)` is a list, as in `betas=(0.9, 0.999)`.
  mutating func parseParentheses(depth: Int) throws(SyntaxError) -> Node {
    let first = try open(.leftParenthesis)
    if isSymbol(.rightParenthesis) {
      throw SyntaxError(.emptyBrackets, span(first).joined(with: span(peek)))
    }
    var node = try parseOperators(.disjunction, depth: depth + 1)
    guard isSymbol(.comma) else {
      try close(.rightParenthesis)
      node.expression.span = span(from: first)
      return node
    }
    var elements = [node.expression]
    var height = node.height
    while accept(.comma) != nil, !isSymbol(.rightParenthesis) {
      let element = try parseOperators(.disjunction, depth: depth + 1)
      height = max(height, element.height)
      elements.append(element.expression)
    }
    try close(.rightParenthesis, or: ",")
    try checkHeight(height + 1, at: first)
    return Node(Expression(.list(elements), span(from: first)), height: height + 1)
  }

  mutating func parseList(depth: Int) throws(SyntaxError) -> Node {
    let first = try open(.leftBracket)
    let start = position - 1
    var elements: [Expression] = []
    var height = 0
    while !isSymbol(.rightBracket) {
      let element = try parseOperators(.disjunction, depth: depth + 1)
      height = max(height, element.height)
      elements.append(element.expression)
      if accept(.comma) == nil { break }
    }
    if isSymbol(.semicolon) {
      throw SyntaxError(.matrixRows(suggestion: rowsWritten(start)), span(peek))
    }
    if atOperand, !elements.isEmpty {
      if case .invalid = peek.kind { throw expected("]") }
      throw SyntaxError(.missingCommas(suggestion: rowsWritten(start)), span(peek))
    }
    try close(.rightBracket, or: ",")
    try checkHeight(height + 1, at: first)
    return Node(Expression(.list(elements), span(from: first)), height: height + 1)
  }

  /// A bracket typed as `[1 2; 3 4]` the way it is written here; nil when it is too long or nested.
  private func rowsWritten(_ opener: Int) -> String? {
    guard let end = matching(opener), end - opener <= 40 else { return nil }
    var rows: [[String]] = [[]]
    for place in (opener + 1)..<end {
      let token = tokens[place]
      switch token.kind {
      case .symbol(.semicolon): rows.append([])
      case .symbol(.comma): continue
      case .symbol(.minus), .number, .name:
        let text = span(token).text
        if let last = rows[rows.count - 1].last, last == "-" {
          rows[rows.count - 1][rows[rows.count - 1].count - 1] = "-" + text
        } else {
          rows[rows.count - 1].append(text)
        }
      default: return nil
      }
    }
    let written = rows.filter { !$0.isEmpty }.map { "[" + $0.joined(separator: ", ") + "]" }
    return written.count == 1 ? written[0] : "[" + written.joined(separator: ", ") + "]"
  }

  mutating func parseSubscripts(
    of node: Node, first: Token, depth: Int
  ) throws(SyntaxError) -> Node {
    let opener = try open(.leftBracket)
    if isSymbol(.rightBracket) {
      throw expected("a place such as 0, or : for all")
    }
    var subscripts: [Expression.Subscript] = []
    var height = node.height
    while true {
      let (entry, entryHeight) = try parseSubscript(depth: depth + 1)
      subscripts.append(entry)
      height = max(height, entryHeight)
      if accept(.comma) == nil || isSymbol(.rightBracket) { break }
    }
    try close(.rightBracket, or: ",")
    try checkHeight(height + 1, at: opener)
    return Node(
      Expression(.index(node.expression, subscripts), span(from: first)), height: height + 1)
  }

  private mutating func parseSubscript(
    depth: Int
  ) throws(SyntaxError) -> (Expression.Subscript, Int) {
    let first = peek
    var parts: [Node?] = [nil]
    var colons = 0
    while true {
      if isSymbol(.colon), colons < 2 {
        advance()
        colons += 1
        parts.append(nil)
      } else if isSymbol(.comma) || isSymbol(.rightBracket) || parts[colons] != nil {
        break
      } else {
        parts[colons] = try parseOperators(.disjunction, depth: depth)
      }
    }
    let height = parts.reduce(0) { max($0, $1?.height ?? 0) }
    if colons == 0 {
      guard let place = parts[0] else { throw expected("a place such as 0, or : for all") }
      return (.at(place.expression), height)
    }
    let step = colons == 2 ? parts[2]?.expression : nil
    return (.slice(parts[0]?.expression, parts[1]?.expression, step, span(from: first)), height)
  }
}
