// The parser as a cursor over tokens, which commands drive as well.
//
// A command reads its own arguments: `step until L < 1e-3` is a word, a word and an expression. So
// the cursor offers words, signs and expressions one after the other, and every refusal says what was
// seen and what was expected. It never looks at what a name means.

import Diagnostics

package struct Parser: Sendable {
  /// How high an expression may be. Walking one by recursion is then safe on a stack of 8 MB, even in
  /// a debug build with 20 kB a level.
  package static let maximumHeight = 256
  /// How many bytes a statement may have.
  package static let maximumLength = 1 << 20

  package let source: Source
  let tokens: [Token]
  let lexed: LexedText
  /// The number of the token that is next; set it to go back.
  package var position = 0
  /// The brackets that are open at `position`, for the error at a premature end.
  var openers: [Token] = []
  /// Where the tokens end for this cursor: at `.end`, or before a bracket round a command's arguments.
  private var limit: Int
  /// Where the text ends for this cursor, in bytes. After text that is no token nothing was read, so
  /// the end token may stand too early.
  private var textEnd: Int

  /// A cursor over one statement, or any other piece of a source.
  package init(_ span: Span) throws(SyntaxError) {
    guard span.end - span.start <= Parser.maximumLength else {
      throw SyntaxError(
        .tooLong(limit: Parser.maximumLength), Span(span.source, span.start, span.start))
    }
    lexed = Lexer.lex(span)
    tokens = lexed.tokens
    source = span.source
    limit = tokens.count - 1
    textEnd = span.clamped.end
  }

  package init(_ statement: Statement) throws(SyntaxError) {
    try self.init(statement.span)
  }

  /// A cursor over all of a source.
  package init(_ source: Source) throws(SyntaxError) {
    try self.init(Span(source))
  }

  // MARK: Looking

  /// The next token.
  package var peek: Token { token(0) }

  /// A token further on; the end token beyond the end.
  package func token(_ ahead: Int) -> Token {
    let place = position + ahead
    guard place >= 0, place < limit else {
      let end = tokens[limit]
      return Token(kind: .end, start: end.start, end: end.start, spaced: end.spaced)
    }
    return tokens[place]
  }

  package var atEnd: Bool { peek.isEnd }

  package func span(_ token: Token) -> Span { Span(source, token.start, token.end) }

  /// From a token's beginning to the end of the last token read.
  package func span(from first: Token) -> Span {
    let last = position > 0 ? tokens[position - 1].end : first.end
    return Span(source, first.start, max(first.end, last))
  }

  /// The empty place before the next token.
  package var here: Span { Span(source, peek.start, peek.start) }

  /// Whether the next token is this word, whichever way it is spelled.
  package func isWord(_ word: String, ahead: Int = 0) -> Bool {
    token(ahead).name?.canonical == word
  }

  package func isSymbol(_ symbol: Symbol, ahead: Int = 0) -> Bool {
    token(ahead).symbol == symbol
  }

  /// Whether an operand may begin with the next token.
  package var atOperand: Bool {
    switch peek.kind {
    case .number, .string, .invalid: true
    case .name(let name): !Parser.operatorWords.contains(name.canonical) || name.canonical == "not"
    case .symbol(let symbol):
      [.leftParenthesis, .leftBracket, .minus, .plus, .root, .nabla].contains(symbol)
    case .superscript, .newline, .end: false
    }
  }

  static let operatorWords: Set<String> = ["and", "or", "not", "mod"]

  /// The text from the next token to the end as it was typed; for arguments that are no expressions,
  /// such as a file's name without quotes.
  package var remainingText: String { Span(source, peek.start, textEnd).text }

  // MARK: Taking

  @discardableResult
  package mutating func advance() -> Token {
    let token = peek
    if !token.isEnd { position += 1 }
    return token
  }

  /// Goes to the end: the rest was read as text.
  package mutating func skipToEnd() { position = limit }

  package mutating func accept(_ symbol: Symbol) -> Token? {
    isSymbol(symbol) ? advance() : nil
  }

  package mutating func accept(word: String) -> Token? {
    isWord(word) ? advance() : nil
  }

  /// The next token if it is a name, operators such as `and` left out.
  package mutating func acceptName() -> Identifier? {
    guard let name = peek.name, !Parser.operatorWords.contains(name.canonical) else { return nil }
    return Identifier(name, span(advance()))
  }

  package mutating func acceptString() -> (text: String, span: Span)? {
    guard case .string(let text) = peek.kind else { return nil }
    return (text, span(advance()))
  }

  @discardableResult
  package mutating func expect(
    _ symbol: Symbol, _ what: String? = nil, help: String? = nil
  ) throws(SyntaxError) -> Token {
    if let token = accept(symbol) { return token }
    throw expected(what ?? symbol.rawValue, help: help)
  }

  @discardableResult
  package mutating func expect(word: String, help: String? = nil) throws(SyntaxError) -> Token {
    if let token = accept(word: word) { return token }
    throw expected(word, help: help)
  }

  package mutating func expectName(
    _ what: String = "a name", help: String? = nil
  ) throws(SyntaxError) -> Identifier {
    if let name = acceptName() { return name }
    if let word = peek.name { throw SyntaxError(.operatorAsName(word.canonical), span(peek)) }
    throw expected(what, help: help)
  }

  package mutating func expectString(
    _ what: String = "text in quotes", help: String? = nil
  ) throws(SyntaxError) -> (text: String, span: Span) {
    if let string = acceptString() { return string }
    throw expected(what, help: help)
  }

  /// A whole number that is not negative, written as digits.
  package mutating func acceptCount() -> (value: Int, span: Span)? {
    guard case .number(let value, _) = peek.kind, value == value.rounded(.down),
      let count = Int(exactly: value)
    else { return nil }
    return (count, span(advance()))
  }

  /// A dotted name: `w`, `w.m`, `f.0.weight`, `torch.SGD`.
  package mutating func expectPath(_ what: String = "a name") throws(SyntaxError) -> [Identifier] {
    var path = [try expectName(what)]
    while isSymbol(.dot), let name = token(1).name {
      advance()
      path.append(Identifier(name, span(advance())))
    }
    return path
  }

  /// Throws unless everything was read. `after` says of what, such as "the expression".
  package func expectEnd() throws(SyntaxError) {
    if !atEnd { throw leftOver() }
  }

  package mutating func skipNewlines() {
    while case .newline = peek.kind { advance() }
  }

  // MARK: Narrowing

  /// `(…)` round all that is left is dropped: `step(3)` is `step 3`.
  mutating func dropOuterParentheses() {
    guard isSymbol(.leftParenthesis), let close = matching(position), close == limit - 1 else {
      return
    }
    limit = close
    textEnd = tokens[close].start
    position += 1
  }

  /// The number of the token that closes the bracket at a position; nil when none does.
  func matching(_ opener: Int) -> Int? {
    var depth = 0
    for place in opener..<limit {
      switch tokens[place].symbol {
      case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
      case .rightParenthesis, .rightBracket, .rightBrace:
        depth -= 1
        if depth == 0 { return place }
      default: break
      }
    }
    return nil
  }
}
