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
    /// A star and a size in [ ] may stand behind it, which change the look alone.
    var isDelimiter = false
  }

  private struct Frame {
    var tokens: [TeXToken]
    var next = 0
  }

  let source: Source
  var macros: [String: Macro] = [:]
  private var frames: [Frame]
  private var output: [TeXToken] = []
  /// Where what was read last ends.
  var readEnd = 0

  /// The tokens with all macros put in and their definitions left out.
  /// - Parameter given: macros that were defined elsewhere.
  package static func expanded(
    _ tokens: [TeXToken], of source: Source, given: TeXDefinitions = TeXDefinitions()
  ) throws(Diagnostic) -> [TeXToken] {
    let hasMacros = tokens.contains { token in
      token.command.map {
        definers.contains($0) || given.macros[$0] != nil || TeXPackages.isKnown($0)
      } ?? false
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
    "NewDocumentCommand", "RenewDocumentCommand", "DeclarePairedDelimiter",
  ]

  /// What \qty of physics stands before; with braces it may be a number and its unit.
  private static func opensQuantity(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .sign("("), .sign("["), .sign("|"): true
    case .command(let name): ["big", "Big", "bigg", "Bigg"].contains(name)
    default: false
    }
  }

  private mutating func run() throws(Diagnostic) {
    while let token = next() {
      guard let name = token.command else {
        try emit(token)
        continue
      }
      if TeXMacros.definers.contains(name) {
        try define(token, name)
      } else if let macro = macros[name] ?? TeXPackages.macros[name] {
        try call(macro, name, token)
      } else if let sign = TeXPackages.derivatives[name],
        let body = try derivative(sign, token)
      {
        try push(body, token)
      } else if name == "qty", peek.map(TeXMacros.opensQuantity) ?? false {
        // \qty( … ): the brackets are there, in any size.
        continue
      } else if name == "qty", peek?.kind == .beginGroup {
        try push(try quantity(token), token)
      } else {
        try emit(token)
      }
    }
  }

  private mutating func emit(_ token: TeXToken) throws(Diagnostic) {
    guard output.count < TeXLimits.tokens else {
      throw tooLarge(token)
    }
    output.append(token)
  }

  func at(_ token: TeXToken) -> Span { Span(source, token.start, token.end) }

  private func tooLarge(_ token: TeXToken) -> Diagnostic {
    .tex(
      "macro-size", "the macros here make more than \(TeXLimits.tokens) signs", at(token),
      help: "write out what \(at(token).text) stands for, or cut the formula into pieces")
  }

  // MARK: Reading

  mutating func next() -> TeXToken? {
    while var frame = frames.popLast() {
      if frame.next < frame.tokens.count {
        let token = frame.tokens[frame.next]
        frame.next += 1
        frames.append(frame)
        readEnd = token.end
        return token
      }
      if frames.isEmpty { return nil }
    }
    return nil
  }

  var peek: TeXToken? {
    for frame in frames.reversed() where frame.next < frame.tokens.count {
      return frame.tokens[frame.next]
    }
    return nil
  }

  /// The tokens between braces, or one token.
  mutating func argument(after token: TeXToken) throws(Diagnostic) -> [TeXToken] {
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

  mutating func bracketed() -> [TeXToken]? {
    guard peek?.isSign("[") == true else { return nil }
    _ = next()
    var tokens: [TeXToken] = []
    while let token = next(), !token.isEnd {
      if token.isSign("]") { return tokens }
      tokens.append(token)
    }
    return tokens
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
    if macro.isDelimiter {
      if peek?.isSign("*") == true { _ = next() }
      _ = bracketed()
    }
    if let optional = macro.optional, macro.arguments > 0 {
      arguments.append(bracketed() ?? optional)
    }
    while arguments.count < macro.arguments { arguments.append(try argument(after: token)) }
    let isPackaged = macros[name] == nil
    // The blanks of a number only group its digits: `\num{10 000}`.
    if isPackaged, name == "num" {
      for place in arguments.indices {
        for inner in arguments[place].indices { arguments[place][inner].spaced = false }
      }
    }
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
        throw tooLarge(token)
      }
    }
    if let first = body.indices.first { body[first].spaced = token.spaced }
    // What a package's command gives is the text of the whole call.
    if isPackaged, token.expansions == 0, let last = body.indices.last, body[last].end == token.end
    {
      body[last].end = max(token.end, readEnd)
    }
    frames.append(Frame(tokens: body))
  }

  /// What a call stands for, to be read next.
  private mutating func push(_ tokens: [TeXToken], _ token: TeXToken) throws(Diagnostic) {
    let depth = token.expansions + 1
    guard depth < TeXLimits.expansions, tokens.count + output.count <= TeXLimits.tokens else {
      throw tooLarge(token)
    }
    frames.append(
      Frame(
        tokens: tokens.map { piece in
          var piece = piece
          piece.expansions = max(depth, piece.expansions)
          return piece
        }))
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
