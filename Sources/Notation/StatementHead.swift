// What kind of statement a line is, decided by its beginning.
//
//   name =, name(x, y=1) =, name[…] =, name.field =      assigns
//   let name =                                           stores a value
//   word …                                               a command, if the word is one
//   anything else                                        an expression
//
// The words are the caller's; none is known here.

import Diagnostics

/// The beginning of a statement; the cursor stands behind it.
package enum StatementHead: Sendable {
  /// A parameter of a function: `y=1` has a default.
  package struct Parameter: Sendable {
    package var name: Identifier
    package var value: Expression?
  }

  /// `name = …`. The name may be a command's: saying so is the caller's business.
  case definition(Identifier)
  /// `f(x, y=1) = …`
  case function(Identifier, [Parameter])
  /// `w[0] = …`, `f.weight = …`, `w.m[1] = …`: an element or a field.
  case assignment(Expression)
  /// `let name = …`
  case stored(Identifier)
  /// A command's word. In `step(3)` the brackets are dropped: the cursor offers `3`.
  case command(Identifier)
  /// Nothing was read.
  case expression
}

extension Parser {
  /// Reads the beginning of a statement. `isFunction` decides `trace(A)`, where a command has the
  /// same name as a function.
  package mutating func parseHead(
    isCommand: (String) -> Bool, isFunction: (String) -> Bool
  ) throws(SyntaxError) -> StatementHead {
    guard let name = peek.name else { return .expression }
    let word = name.canonical
    if let head = try parseAssignmentHead() { return head }
    if word == "let", token(1).name != nil {
      advance()
      let target = try expectName()
      try expectAssign()
      return .stored(target)
    }
    guard isCommand(word) else { return .expression }
    if isSymbol(.leftParenthesis, ahead: 1), !token(1).spaced {
      if isFunction(word) { return .expression }
      let command = Identifier(name, span(advance()))
      dropOuterParentheses()
      return .command(command)
    }
    return .command(Identifier(name, span(advance())))
  }

  /// `=`, or `←` for people who write it so.
  package mutating func acceptAssign() -> Bool {
    accept(.assign) != nil || accept(.arrow) != nil
  }

  package mutating func expectAssign() throws(SyntaxError) {
    if !acceptAssign() { throw expected("=") }
  }

  private mutating func parseAssignmentHead() throws(SyntaxError) -> StatementHead? {
    guard let name = peek.name, let sign = assignmentSign() else { return nil }
    let first = peek
    if sign == position + 1 {
      try refuseOperatorWord(first)
      position = sign + 1
      return .definition(Identifier(name, span(first)))
    }
    if isSymbol(.leftParenthesis, ahead: 1), matching(position + 1) == sign - 1 {
      try refuseOperatorWord(first)
      advance()
      let parameters = try parseParameters()
      try expectAssign()
      return .function(Identifier(name, span(first)), parameters)
    }
    let target = try parsePostfix(depth: 0).expression
    try expectAssign()
    return .assignment(target)
  }

  private func refuseOperatorWord(_ token: Token) throws(SyntaxError) {
    if let word = token.name?.canonical, Parser.operatorWords.contains(word) {
      throw SyntaxError(.operatorAsName(word), span(token))
    }
  }

  /// Where the `=` stands, if the statement begins with a name, its brackets and fields, and `=`.
  private func assignmentSign() -> Int? {
    var ahead = 1
    while true {
      let next = token(ahead)
      switch next.symbol {
      case .assign, .arrow: return position + ahead
      case .dot where token(ahead + 1).name != nil: ahead += 2
      case .leftBracket where !next.spaced, .leftParenthesis where !next.spaced:
        guard let close = matching(position + ahead) else { return nil }
        ahead = close - position + 1
      default: return nil
      }
    }
  }

  /// `(x, y=1)` of a function or rule.
  package mutating func parseParameters() throws(SyntaxError) -> [StatementHead.Parameter] {
    var parameters: [StatementHead.Parameter] = []
    try open(.leftParenthesis)
    while !isSymbol(.rightParenthesis) {
      let name = try expectName("the name of an argument")
      if parameters.contains(where: { $0.name.name == name.name }) {
        throw SyntaxError(.twice(what: "argument", name: name.name.canonical), name.span)
      }
      var value: Expression?
      if accept(.assign) != nil { value = try parseExpression() }
      parameters.append(StatementHead.Parameter(name: name, value: value))
      if accept(.comma) == nil { break }
    }
    try close(.rightParenthesis, or: ",")
    return parameters
  }
}
