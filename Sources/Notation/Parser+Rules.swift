// Rule files, one method a rule of this grammar:
//
//   file      = { declaration }
//   declaration = "rule" path [ parameters ] [ "over" "all" ] "{" heading { line } "}"
//   heading   = [ string [ "by" string ] ] { "note" string }
//   line      = "let" binding { "," binding } | "state" binding { "," binding }
//             | name ( "=" | "←" ) expression
//             | "when" expression block { "else" "when" expression block } [ "else" block ]
//             | "repeat" expression block
//   block     = "{" { line } "}"
//
// Lines are separated by newlines or `;`. A comment behind a line is its remark.

import Diagnostics

extension RuleDeclaration {
  /// Every rule of a file.
  package static func parse(_ source: Source) throws(SyntaxError) -> [RuleDeclaration] {
    var parser = try Parser(source)
    var rules: [RuleDeclaration] = []
    parser.skipSeparators()
    while !parser.atEnd {
      rules.append(try parser.parseRuleDeclaration())
      parser.skipSeparators()
    }
    return rules
  }
}

extension Parser {
  /// How deep blocks may be nested in a rule.
  static let maximumBlockDepth = 40

  /// `rule name(…) { … }`; the word `rule` may have been read already.
  package mutating func parseRuleDeclaration() throws(SyntaxError) -> RuleDeclaration {
    let first = peek
    if isWord("rule"), token(1).name != nil || isSymbol(.leftBrace, ahead: 1) {
      advance()
    } else if position == 0 {
      throw expected("rule", help: "as in rule mine(lr=0.1) { w = w - lr*g }")
    }
    let path = try expectPath("the rule's name")
    let nameSpan = path.dropFirst().reduce(path[0].span) { $0.joined(with: $1.span) }
    let parameters = isSymbol(.leftParenthesis) ? try parseParameters() : []
    var overAll = false
    if accept(word: "over") != nil {
      try expect(word: "all")
      overAll = true
    }
    skipNewlines()
    try open(.leftBrace)
    let (title, citation) = try parseTitle()
    let notes = try parseNotes()
    var comments: [String] = []
    let body = try parseLines(depth: 0, comments: &comments)
    try close(.rightBrace)
    return RuleDeclaration(
      path: path.map(\.name), nameSpan: nameSpan,
      parameters: parameters.map {
        RuleDeclaration.Parameter(
          name: $0.name.name, defaultValue: $0.value, span: $0.name.span)
      },
      overAll: overAll, title: title, source: citation, notes: notes, body: body,
      closingComments: comments, span: span(from: first))
  }

  private mutating func parseTitle() throws(SyntaxError) -> (String?, String?) {
    let start = position
    skipSeparators()
    guard let title = acceptString() else {
      // Comments in front of the first line are looked for from here.
      position = start
      return (nil, nil)
    }
    guard accept(word: "by") != nil else { return (title.text, nil) }
    return (title.text, try expectString("the source in quotes").text)
  }

  private mutating func parseNotes() throws(SyntaxError) -> [String] {
    var notes: [String] = []
    while true {
      let before = position
      skipSeparators()
      guard isWord("note"), case .string = token(1).kind else {
        position = before
        return notes
      }
      advance()
      notes.append(try expectString().text)
    }
  }

  mutating func skipSeparators() {
    while true {
      if case .newline = peek.kind {
        advance()
      } else if accept(.semicolon) == nil {
        return
      }
    }
  }

  // MARK: Lines

  /// Lines up to the closing brace, which is left. Comments wait for the next line.
  private mutating func parseLines(
    depth: Int, comments: inout [String]
  ) throws(SyntaxError) -> [RuleStatement] {
    guard depth <= Parser.maximumBlockDepth else {
      throw SyntaxError(.tooHigh(limit: Parser.maximumBlockDepth), span(peek))
    }
    var lines: [RuleStatement] = []
    while true {
      let before = position
      skipSeparators()
      comments += ownLineComments(from: before, to: position)
      if isSymbol(.rightBrace) { return lines }
      lines += try parseLine(depth: depth, comments: &comments)
      guard isLineEnd else {
        throw expected("the end of the line", help: "one assignment a line, or ; between two")
      }
    }
  }

  private var isLineEnd: Bool {
    if case .newline = peek.kind { return true }
    return isSymbol(.semicolon) || isSymbol(.rightBrace)
  }

  private mutating func parseLine(
    depth: Int, comments: inout [String]
  ) throws(SyntaxError) -> [RuleStatement] {
    let assigns = isSymbol(.assign, ahead: 1) || isSymbol(.arrow, ahead: 1)
    switch peek.name?.canonical {
    case "let" where !assigns:
      advance()
      return try parseBindings(&comments).map { .let($0) }
    case "state" where !assigns:
      advance()
      return try parseBindings(&comments).map { .state($0) }
    case "when" where !assigns:
      return [try parseWhen(depth: depth, comments: &comments)]
    case "repeat" where !assigns:
      advance()
      let count = try parseExpression()
      return [.repeat(count, try parseBlock(depth: depth, comments: &comments))]
    default:
      return [.assign(try parseAssignment(&comments))]
    }
  }

  /// `name = value`, the comments above it, and the one behind it.
  private mutating func parseAssignment(
    _ comments: inout [String]
  ) throws(SyntaxError) -> RuleStatement.Line {
    let target = try expectName("a line such as w = w - lr*g")
    guard acceptAssign() else {
      throw expected("= after \(target.span.text)", help: "a rule's line is name = expression")
    }
    let value = try parseExpression()
    defer { comments = [] }
    return RuleStatement.Line(
      name: target.name, nameSpan: target.span, value: value, remark: remark(at: position),
      commentsAbove: comments, span: target.span.joined(with: value.span))
  }

  private mutating func parseBindings(
    _ comments: inout [String]
  ) throws(SyntaxError) -> [RuleStatement.Line] {
    var bindings: [RuleStatement.Line] = []
    repeat {
      var binding = try parseAssignment(&comments)
      binding.sharesLine = !bindings.isEmpty
      bindings.append(binding)
    } while accept(.comma) != nil
    return bindings
  }

  private mutating func parseWhen(
    depth: Int, comments: inout [String]
  ) throws(SyntaxError) -> RuleStatement {
    var branches: [RuleStatement.Branch] = []
    while true {
      try expect(word: "when")
      let condition = try parseExpression()
      let body = try parseBlock(depth: depth, comments: &comments)
      branches.append(RuleStatement.Branch(condition: condition, body: body))
      guard accept(word: "else") != nil else { return .when(branches, otherwise: []) }
      if !isWord("when") {
        return .when(branches, otherwise: try parseBlock(depth: depth, comments: &comments))
      }
    }
  }

  private mutating func parseBlock(
    depth: Int, comments: inout [String]
  ) throws(SyntaxError) -> [RuleStatement] {
    try open(.leftBrace)
    let lines = try parseLines(depth: depth + 1, comments: &comments)
    try close(.rightBrace)
    return lines
  }

  // MARK: Comments

  /// The comment that stands behind the token before a position, on its line.
  private func remark(at position: Int) -> String? {
    let number = firstComment(notBefore: position)
    guard number < lexed.comments.count, lexed.comments[number].tokensBefore == position else {
      return nil
    }
    return commentText(lexed.comments[number])
  }

  /// Comments on lines of their own among separators; the one at `from` is the remark of the line
  /// before, unless that is no line but a brace.
  private func ownLineComments(from: Int, to: Int) -> [String] {
    let afterBrace = from > 0 && [.leftBrace, .rightBrace].contains(tokens[from - 1].symbol)
    var texts: [String] = []
    var number = firstComment(notBefore: afterBrace ? from : from + 1)
    while number < lexed.comments.count, lexed.comments[number].tokensBefore <= to {
      texts.append(commentText(lexed.comments[number]))
      number += 1
    }
    return texts
  }

  private func firstComment(notBefore position: Int) -> Int {
    var low = 0
    var high = lexed.comments.count
    while low < high {
      let middle = (low + high) / 2
      if lexed.comments[middle].tokensBefore < position { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func commentText(_ comment: LexedText.Comment) -> String {
    var text = Span(source, comment.start + 1, comment.end).text[...]
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}
