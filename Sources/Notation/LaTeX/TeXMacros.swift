// Puts in what \newcommand, \def, \let and \DeclareMathOperator define.
//
// Simple macros only: arguments by number, one optional one with a default. What a macro gives stands
// at the place of its call. A macro that calls itself, and one that grows without bound, are errors.

import Diagnostics

package struct TeXMacros {
  struct Macro: Sendable {
    var arguments: Int
    var optional: [TeXToken]?
    var body: [TeXToken]
  }

  private struct Frame {
    var tokens: [TeXToken]
    var next = 0
  }

  private let source: Source
  private var macros: [String: Macro] = [:]
  private var frames: [Frame]
  private var output: [TeXToken] = []

  /// The tokens with all macros put in and their definitions left out.
  /// - Parameter given: macros that were defined elsewhere.
  package static func expanded(
    _ tokens: [TeXToken], of source: Source, given: TeXDefinitions = TeXDefinitions()
  ) throws(Diagnostic) -> [TeXToken] {
    let hasMacros = tokens.contains { token in
      token.command.map { definers.contains($0) || given.macros[$0] != nil } ?? false
    }
    guard hasMacros else { return tokens }
    var machine = TeXMacros(source: source, frames: [Frame(tokens: tokens)], macros: given.macros)
    try machine.run()
    return machine.output
  }

  private init(source: Source, frames: [Frame], macros: [String: Macro]) {
    self.source = source
    self.frames = frames
    self.macros = macros
  }

  /// The macros with those that a text defines beside; one that cannot be read is left out.
  fileprivate static func adding(_ span: Span, to macros: [String: Macro]) -> [String: Macro] {
    guard let tokens = try? TeXLexer.tokens(span) else { return macros }
    var machine = TeXMacros(
      source: span.source, frames: [Frame(tokens: tokens.filter { !$0.isEnd })], macros: macros)
    do { try machine.run() } catch { return macros }
    return machine.macros
  }

  private static let definers: Set<String> = [
    "newcommand", "renewcommand", "providecommand", "def", "gdef", "let", "DeclareMathOperator",
  ]

  private mutating func run() throws(Diagnostic) {
    while let token = next() {
      guard let name = token.command else {
        try emit(token)
        continue
      }
      if TeXMacros.definers.contains(name) {
        try define(token, name)
      } else if let macro = macros[name] {
        try call(macro, name, token)
      } else {
        try emit(token)
      }
    }
  }

  private mutating func emit(_ token: TeXToken) throws(Diagnostic) {
    guard output.count < TeXLimits.tokens else {
      throw .tex(
        "macro-size", "the macros here make more than \(TeXLimits.tokens) signs", at(token))
    }
    output.append(token)
  }

  private func at(_ token: TeXToken) -> Span { Span(source, token.start, token.end) }

  // MARK: Reading

  private mutating func next() -> TeXToken? {
    while var frame = frames.popLast() {
      if frame.next < frame.tokens.count {
        let token = frame.tokens[frame.next]
        frame.next += 1
        frames.append(frame)
        return token
      }
      if frames.isEmpty { return nil }
    }
    return nil
  }

  private var peek: TeXToken? {
    for frame in frames.reversed() where frame.next < frame.tokens.count {
      return frame.tokens[frame.next]
    }
    return nil
  }

  /// The tokens between braces, or one token.
  private mutating func argument(after token: TeXToken) throws(Diagnostic) -> [TeXToken] {
    guard let first = next(), !first.isEnd else {
      throw .tex("macro-argument", "an argument is missing", at(token))
    }
    guard first.kind == .beginGroup else { return [first] }
    var depth = 1
    var tokens: [TeXToken] = []
    while let token = next(), !token.isEnd {
      if token.kind == .beginGroup { depth += 1 }
      if token.kind == .endGroup {
        depth -= 1
        if depth == 0 { return tokens }
      }
      tokens.append(token)
      if tokens.count > TeXLimits.tokens { break }
    }
    throw .tex("unclosed", "this { is never closed", at(first), help: "type the missing }")
  }

  private mutating func bracketed() -> [TeXToken]? {
    guard peek?.isSign("[") == true else { return nil }
    _ = next()
    var tokens: [TeXToken] = []
    while let token = next(), !token.isEnd {
      if token.isSign("]") { return tokens }
      tokens.append(token)
    }
    return tokens
  }

  // MARK: Defining

  private mutating func define(_ token: TeXToken, _ kind: String) throws(Diagnostic) {
    let target = try argument(after: token).filter { !$0.isSign("=") }
    guard target.count == 1, let name = target[0].command else {
      throw .tex(
        "macro-name", "\\\(kind) needs the name of a command", at(token),
        help: "for example \\newcommand{\\vg}{\\mathbf{g}}")
    }
    switch kind {
    case "def", "gdef":
      var arguments = 0
      while let next = peek, next.kind != .beginGroup {
        guard case .argument(let number) = next.kind, number == arguments + 1 else {
          throw .tex("macro-pattern", "a macro with a pattern of its own is not read", at(next))
        }
        arguments += 1
        _ = self.next()
      }
      macros[name] = Macro(arguments: arguments, body: try argument(after: token))
    case "let":
      if peek?.isSign("=") == true { _ = next() }
      guard let meaning = next(), !meaning.isEnd else {
        throw .tex("macro-argument", "an argument is missing", at(token))
      }
      macros[name] =
        meaning.command.flatMap { macros[$0] } ?? Macro(arguments: 0, body: [meaning])
    case "DeclareMathOperator":
      let body = try argument(after: token)
      let open = TeXToken(.beginGroup, token.start, token.end)
      let close = TeXToken(.endGroup, token.start, token.end)
      let head = TeXToken(.command("operatorname"), token.start, token.end)
      macros[name] = Macro(arguments: 0, body: [head, open] + body + [close])
    default:
      var arguments = 0
      if let count = bracketed() {
        guard count.count == 1, case .digit(let digit) = count[0].kind else {
          throw .tex("macro-count", "the number of arguments is one digit", at(token))
        }
        arguments = Int(digit.value) - 0x30
      }
      let optional = bracketed()
      macros[name] = Macro(
        arguments: arguments, optional: optional, body: try argument(after: token))
    }
  }

  // MARK: Calling

  private mutating func call(_ macro: Macro, _ name: String, _ token: TeXToken) throws(Diagnostic) {
    let depth = token.expansions + 1
    guard depth < TeXLimits.expansions else {
      throw .tex(
        "macro-recursion", "the macro \\\(name) never comes to an end", at(token),
        help: "it leads back to itself")
    }
    var arguments: [[TeXToken]] = []
    if let optional = macro.optional, macro.arguments > 0 {
      arguments.append(bracketed() ?? optional)
    }
    while arguments.count < macro.arguments { arguments.append(try argument(after: token)) }
    var body: [TeXToken] = []
    func add(_ piece: TeXToken) {
      var piece = piece
      (piece.start, piece.end) = (token.start, token.end)
      piece.expansions = max(depth, piece.expansions)
      body.append(piece)
    }
    for piece in macro.body {
      if case .argument(let number) = piece.kind {
        guard number <= arguments.count else {
          throw .tex("macro-argument", "\\\(name) has no argument #\(number)", at(token))
        }
        // An argument keeps its own place, but comes through this macro all the same.
        for var inner in arguments[number - 1] {
          inner.expansions = max(depth, inner.expansions)
          body.append(inner)
        }
      } else {
        add(piece)
      }
      guard body.count + output.count <= TeXLimits.tokens else {
        throw .tex(
          "macro-size", "the macros here make more than \(TeXLimits.tokens) signs", at(token))
      }
    }
    if let first = body.indices.first { body[first].spaced = token.spaced }
    frames.append(Frame(tokens: body))
  }
}

/// Macros that a document defines for its formulas, in its preamble or on the way.
package struct TeXDefinitions: Sendable {
  fileprivate(set) var macros: [String: TeXMacros.Macro] = [:]

  package init() {}

  /// Reads definitions, the last of a name holding. One that cannot be read defines nothing: where it
  /// is used, its name is unknown.
  package init(_ definitions: [Span]) {
    for span in definitions { macros = TeXMacros.adding(span, to: macros) }
  }
}
