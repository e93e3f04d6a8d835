// The errors a cursor gives: what was seen, what was expected.

import Diagnostics

extension Parser {
  /// What a token is called in a message.
  func describe(_ token: Token) -> String {
    switch token.kind {
    case .end: "the end"
    case .newline: "the end of the line"
    case .string: "a text in quotes"
    case .number, .name, .superscript, .symbol, .invalid: span(token).text
    }
  }

  /// An error at the next token. At the end inside a bracket, the bracket is what is wrong.
  package func expected(_ what: String, help: String? = nil) -> SyntaxError {
    if case .invalid(let number) = peek.kind { return lexed.failures[number] }
    if peek.isEnd, let opener = openers.last {
      return SyntaxError(.unclosed(describe(opener)), span(opener))
    }
    if let closer = closingOther() { return closer }
    return SyntaxError(.expected(what, found: describe(peek), help: help), span(peek))
  }

  /// `(1, 2]`: a closing bracket of another kind than the open one.
  private func closingOther() -> SyntaxError? {
    guard let opener = openers.last, let symbol = peek.symbol,
      [.rightParenthesis, .rightBracket, .rightBrace].contains(symbol),
      let closer = Parser.closer(of: opener), closer != symbol
    else { return nil }
    return SyntaxError(
      .mismatched(opener: describe(opener), found: symbol.rawValue, closer: closer.rawValue),
      span(peek), mark: Diagnostic.Mark(span(opener), "opened here"))
  }

  static func closer(of opener: Token) -> Symbol? {
    switch opener.symbol {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }

  /// The error for what stands after a complete expression.
  func leftOver() -> SyntaxError {
    let token = peek
    switch token.kind {
    case .invalid(let number):
      return lexed.failures[number]
    case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
      return SyntaxError(.closesNothing(describe(token)), span(token))
    case .symbol(.assign):
      return SyntaxError(.assignmentInside, span(token))
    case .symbol(.pipe):
      return SyntaxError(.pipeInside, span(token))
    case .symbol(.leftParenthesis), .symbol(.leftBracket):
      if position > 0, token.spaced, let name = tokens[position - 1].name {
        let spelling = span(tokens[position - 1]).text
        if !Parser.operatorWords.contains(name.canonical) {
          return SyntaxError(
            .spacedCall(name: spelling, bracket: describe(token)), span(token))
        }
      }
    default: break
    }
    return SyntaxError(
      .expected("an operator or the end", found: describe(token), help: decimalCommaHelp()),
      span(token))
  }

  /// What to type for `0,8`, where the next token is the comma or what follows it.
  package func decimalCommaHelp() -> String? {
    let comma = isSymbol(.comma) ? position : position - 1
    guard comma > 0, comma + 1 < tokens.count, tokens[comma].symbol == .comma,
      case .number(_, let whole) = tokens[comma - 1].kind,
      case .number(_, let decimals) = tokens[comma + 1].kind,
      tokens[comma - 1].end == tokens[comma].start, tokens[comma].end == tokens[comma + 1].start,
      (whole + decimals).allSatisfy(\.isNumber)
    else { return nil }
    return "decimals are written with a point: \(whole).\(decimals)"
  }
}
