// What a command's arguments look like, as data: parsing, usage lines and completion are read off it.
//
// Reading is predictive: the next token alone decides which alternative is taken, so a refusal can
// say exactly what was expected at that place.

import Diagnostics
import Notation

/// What a name in an argument may be, for completion.
package enum NameKind: Sendable {
  case new
  case parameter
  case definition
  case rule
  case command
  case any
}

/// A piece of a command's grammar. The label is the argument's name in `Arguments` and in usage.
package indirect enum Syntax: Sendable {
  /// Exactly this word.
  case word(String)
  /// One of these words.
  case choice(String, [String])
  case expression(String)
  /// `a, b, c`
  case expressions(String)
  /// A whole number or an expression for one.
  case count(String)
  case name(String, NameKind)
  /// `w`, `w, b` or `[w, b]`; dotted paths too.
  case names(String, NameKind)
  /// A file: in quotes, or bare up to a blank.
  case file(String)
  /// All that is left, as typed.
  case text(String)
  /// `clip_norm(1) |> adam(lr=0.1)`; read as a contender without a batch.
  case chain(String)
  /// `sgd(lr=0.1) batch all, adam batch 32`: several, each with a batch of its own or none.
  case contenders(String)
  /// `lr in [0.1, 1], batch in [16, 32]`
  case ranges(String)
  /// `g=[1, 2], w.g=3`
  case bindings(String)
  /// `seed=0 last=drop`: any number of them, blanks or commas between; read as bindings.
  case settings(String)
  /// `m[0] = -0.4, w = [1.1, -1.9]`: what stands on the left may have indices.
  case equations(String)
  /// `linear(10, 20) |> relu`
  case model(String)
  case sign(Symbol)
  case optional([Syntax])
  /// Any of these, each at most once, in any order.
  case anyOrder([[Syntax]])
  case either([[Syntax]])
}

/// What was read for a label.
package enum ArgumentValue {
  case word(String, Span)
  case expression(Expression)
  case expressions([Expression])
  case names([[Identifier]])
  case text(String, Span)
  case ranges([(name: Identifier, values: Expression)])
  case contenders([(chain: [Expression], isBatched: Bool, size: Expression?)])
  case bindings([(path: [Identifier], value: Expression)])
  case equations([(left: Expression, right: Expression)])
  case stages([ModelStage])
}

package struct Arguments {
  package var values: [String: ArgumentValue] = [:]
  /// The whole statement.
  package let span: Span
  /// Whether its result is not to be shown.
  package let muted: Bool

  package init(span: Span, muted: Bool) {
    self.span = span
    self.muted = muted
  }

  package func has(_ label: String) -> Bool { values[label] != nil }

  package func expression(_ label: String) -> Expression? {
    if case .expression(let value)? = values[label] { return value }
    return nil
  }

  package func expressions(_ label: String) -> [Expression] {
    if case .expressions(let value)? = values[label] { return value }
    return expression(label).map { [$0] } ?? []
  }

  package func name(_ label: String) -> Identifier? { names(label).first?.first }

  package func names(_ label: String) -> [[Identifier]] {
    if case .names(let value)? = values[label] { return value }
    return []
  }

  package func text(_ label: String) -> (text: String, span: Span)? {
    switch values[label] {
    case .text(let text, let span), .word(let text, let span): return (text, span)
    default: return nil
    }
  }

  package func stages(_ label: String) -> [ModelStage] {
    if case .stages(let value)? = values[label] { return value }
    return []
  }

  /// Chains of rules; where one has a batch of its own, its size, nil for all.
  package func contenders(_ label: String) -> [(
    chain: [Expression], isBatched: Bool, size: Expression?
  )] {
    if case .contenders(let value)? = values[label] { return value }
    return []
  }

  package func ranges(_ label: String) -> [(name: Identifier, values: Expression)] {
    if case .ranges(let value)? = values[label] { return value }
    return []
  }

  package func equations(_ label: String) -> [(left: Expression, right: Expression)] {
    if case .equations(let value)? = values[label] { return value }
    return []
  }

  package func bindings(_ label: String) -> [(path: [Identifier], value: Expression)] {
    if case .bindings(let value)? = values[label] { return value }
    return []
  }
}

/// Words that end an argument where they stand.
let contextualWords: Set<String> = [
  "until", "for", "by", "to", "of", "in", "from", "every", "steps",
]

extension Syntax {
  /// Whether the next token may begin this piece.
  func canStart(_ parser: Parser) -> Bool {
    switch self {
    case .word(let word): return parser.isWord(word)
    case .choice(_, let words): return words.contains { parser.isWord($0) }
    case .expression, .expressions, .count, .chain, .contenders, .equations, .model:
      if let name = parser.peek.name, contextualWords.contains(name.canonical) {
        // `to` alone could be a name; as an operand it would be followed by an operator.
        return false
      }
      return parser.atOperand
    case .name: return parser.peek.name != nil
    case .names: return parser.peek.name != nil || parser.isSymbol(.leftBracket)
    case .file, .text: return !parser.atEnd
    case .ranges: return parser.peek.name != nil && parser.token(1).name?.canonical == "in"
    case .bindings, .settings:
      guard parser.peek.name != nil else { return false }
      var ahead = 1
      while parser.isSymbol(.dot, ahead: ahead), parser.token(ahead + 1).name != nil { ahead += 2 }
      return parser.isSymbol(.assign, ahead: ahead)
    case .sign(let symbol): return parser.isSymbol(symbol)
    case .optional: return true
    case .anyOrder: return true
    case .either(let branches): return branches.contains { $0.first?.canStart(parser) ?? true }
    }
  }

  /// How usage writes it.
  package var usage: String {
    switch self {
    case .word(let word): word
    case .choice(_, let words): words.joined(separator: "|")
    case .expression(let label), .count(let label), .text(let label), .file(let label),
      .name(let label, _), .model(let label), .chain(let label):
      label
    case .names(let label, _), .expressions(let label): "\(label), …"
    case .contenders(let label): "\(label) [batch all|size], …"
    case .bindings(let label): "\(label)=…"
    case .equations(let label): "\(label) = number, …"
    case .ranges(let label): "\(label) in values, …"
    case .settings(let label): label
    case .sign(let symbol): symbol.rawValue
    case .optional(let pieces): "[" + pieces.map(\.usage).joined(separator: " ") + "]"
    case .anyOrder(let branches):
      branches.map { branch in
        let text = branch.map(\.usage).joined(separator: " ")
        return text.hasPrefix("[") ? text : "[\(text)]"
      }.joined(separator: " ")
    case .either(let branches):
      branches.map { $0.map(\.usage).joined(separator: " ") }.joined(separator: " | ")
    }
  }

  /// Reads this piece.
  func parse(_ parser: inout Parser, into arguments: inout Arguments) throws(SyntaxError) {
    switch self {
    case .word(let word): try parser.expect(word: word)
    case .choice(let label, let words):
      guard let word = words.first(where: { parser.isWord($0) }) else {
        throw parser.expected(words.joined(separator: " or "))
      }
      let token = parser.advance()
      arguments.values[label] = .word(word, parser.span(token))
    case .expression(let label), .count(let label):
      guard canStart(parser) else { throw parser.expected(label) }
      arguments.values[label] = .expression(try parser.parseExpression())
    case .expressions(let label):
      guard canStart(parser) else { throw parser.expected(label) }
      arguments.values[label] = .expressions(try parser.parseExpressions())
    case .name(let label, _):
      arguments.values[label] = .names([[try parser.expectName(label)]])
    case .names(let label, _):
      arguments.values[label] = .names(try parseNames(&parser))
    case .file(let label):
      arguments.values[label] = try parseFile(label, &parser)
    case .text(let label):
      let start = parser.here
      let text = parser.remainingText
      parser.skipToEnd()
      let span = Span(start.source, start.start, start.start + text.utf8.count)
      arguments.values[label] = .text(text, span)
    case .model(let label):
      guard canStart(parser) else {
        throw parser.expected("a layer", help: "help layers lists them")
      }
      arguments.values[label] = .stages(try parser.parseModel())
    case .chain(let label):
      guard canStart(parser) else { throw parser.expected(label) }
      arguments.values[label] = .contenders([(try parser.parseChain(), false, nil)])
    case .contenders(let label):
      guard canStart(parser) else { throw parser.expected(label) }
      var contenders: [(chain: [Expression], isBatched: Bool, size: Expression?)] = []
      repeat {
        let chain = try parser.parseChain()
        let isBatched = parser.accept(word: "batch") != nil
        let isAll = isBatched && parser.accept(word: "all") != nil
        contenders.append(
          (chain, isBatched, isBatched && !isAll ? try parser.parseExpression() : nil))
      } while parser.accept(.comma) != nil
      arguments.values[label] = .contenders(contenders)
    case .ranges(let label):
      var ranges: [(name: Identifier, values: Expression)] = []
      repeat {
        let name = try parser.expectName(label)
        try parser.expect(word: "in")
        ranges.append((name, try parser.parseExpression()))
      } while parser.accept(.comma) != nil
      arguments.values[label] = .ranges(ranges)
    case .equations(let label):
      var equations: [(left: Expression, right: Expression)] = []
      repeat {
        guard canStart(parser) else { throw parser.expected(label) }
        if let help = parser.decimalCommaHelp() { throw parser.expected(label, help: help) }
        let left = try parser.parseExpression()
        try parser.expect(.assign)
        equations.append((left, try parser.parseExpression()))
      } while parser.accept(.comma) != nil
      arguments.values[label] = .equations(equations)
    case .bindings(let label):
      arguments.values[label] = .bindings(try parseBindings(&parser))
    case .settings(let label):
      var settings: [(path: [Identifier], value: Expression)] = []
      while canStart(parser) {
        let path = try parser.expectPath()
        try parser.expect(.assign)
        settings.append((path, try parser.parseExpression()))
        _ = parser.accept(.comma)
      }
      arguments.values[label] = .bindings(settings)
    case .sign(let symbol): try parser.expect(symbol)
    case .optional(let pieces):
      guard let first = pieces.first, first.canStart(parser) else { return }
      try Syntax.parse(pieces, &parser, into: &arguments)
    case .anyOrder(let branches):
      var left = branches
      while let next = left.firstIndex(where: { $0.first?.canStart(parser) == true }) {
        try Syntax.parse(left.remove(at: next), &parser, into: &arguments)
      }
    case .either(let branches):
      for branch in branches where branch.first?.canStart(parser) ?? true {
        try Syntax.parse(branch, &parser, into: &arguments)
        return
      }
      throw parser.expected(branches.compactMap { $0.first?.usage }.joined(separator: " or "))
    }
  }

  static func parse(_ pieces: [Syntax], _ parser: inout Parser, into arguments: inout Arguments)
    throws(SyntaxError)
  {
    for piece in pieces { try piece.parse(&parser, into: &arguments) }
  }

  private func parseNames(_ parser: inout Parser) throws(SyntaxError) -> [[Identifier]] {
    let bracketed = parser.accept(.leftBracket) != nil
    var names = [try parser.expectPath()]
    while parser.accept(.comma) != nil { names.append(try parser.expectPath()) }
    if bracketed { try parser.expect(.rightBracket) }
    return names
  }

  private func parseFile(_ label: String, _ parser: inout Parser) throws(SyntaxError)
    -> ArgumentValue
  {
    if let (text, span) = parser.acceptString() { return .text(text, span) }
    let rest = parser.remainingText
    guard !rest.isEmpty else {
      throw parser.expected("a file's name", help: "in quotes: \"run.csv\"")
    }
    let start = parser.here
    let bare = String(rest.prefix { $0 != " " && $0 != "\t" && $0 != "\n" })
    let end = start.start + bare.utf8.count
    while !parser.atEnd, parser.peek.start < end { parser.advance() }
    if parser.atEnd { parser.skipToEnd() }
    return .text(bare, Span(start.source, start.start, end))
  }

  private func parseBindings(_ parser: inout Parser) throws(SyntaxError)
    -> [(path: [Identifier], value: Expression)]
  {
    var bindings: [(path: [Identifier], value: Expression)] = []
    repeat {
      let path = try parser.expectPath()
      try parser.expect(.assign)
      bindings.append((path, try parser.parseExpression()))
    } while parser.accept(.comma) != nil
    return bindings
  }
}
