// A Pratt parser from TeX's tokens to a formula's tree.
//
//   sum      = [+|-] product { (+|-) product }
//   product  = factor { (· | × | / | ⊙ | nothing) factor }
//   factor   = operand { _ script | ^ script | ' }
//
// Rows, and what separates equations in them, are in `MathParser+Rows.swift`. Everything is consumed;
// what has no place is an error there.

import Diagnostics

package struct MathParser {
  let source: Source
  let tokens: [TeXToken]
  var position = 0
  var nesting = 0
  /// The fences that are open, innermost last: `|` closes only a bar.
  var openFences: [MathFence] = []
  /// The equation being read has its relation already.
  var sawRelation = false
  /// Inside of cases, where a row's end ends what stands in it.
  var inCases = false
  var endSpan: Span
  /// What was read as it may not be meant.
  var remarks: [TeXRemark]
  /// Where signs were remarked on: what is read twice is remarked on once.
  var remarked: Set<Int> = []

  package init(_ tokens: [TeXToken], of source: Source, end: Int) {
    self.source = source
    let tidied = TeXHabits.tidied(tokens)
    self.tokens = tidied.tokens
    remarks = tidied.joined.map { start, end in
      TeXRemark(
        kind: .ambiguity,
        text: "the minus at the end of a row and that of the next are read as one",
        span: Span(source, start, end))
    }
    remarks += tidied.numbers.map { start, end in
      TeXRemark(
        kind: .ambiguity, text: "a bracket before a row is read as the number of its equation",
        span: Span(source, start, end))
    }
    endSpan = Span(source, end, end)
  }

  // MARK: Cursor

  var peek: TeXToken { token(0) }

  func token(_ ahead: Int) -> TeXToken {
    let place = position + ahead
    guard place >= 0, place < tokens.count else {
      return TeXToken(.end, endSpan.start, endSpan.end, spaced: true)
    }
    return tokens[place]
  }

  mutating func advance() -> TeXToken {
    let token = peek
    if position < tokens.count { position += 1 }
    return token
  }

  func at(_ token: TeXToken) -> Span { Span(source, token.start, token.end) }

  func span(from first: TeXToken) -> Span {
    let last = position > 0 && position <= tokens.count ? tokens[position - 1].end : first.end
    return Span(source, first.start, max(first.end, last))
  }

  mutating func accept(_ kind: TeXToken.Kind) -> TeXToken? {
    peek.kind == kind ? advance() : nil
  }

  func describe(_ token: TeXToken) -> String {
    switch token.kind {
    case .end: "the end"
    case .rowBreak: "\\\\"
    case .paragraph: "an empty line"
    case .command(let name): "\\" + name
    default: at(token).text
    }
  }

  func expected(_ what: String, help: String? = nil) -> Diagnostic {
    .tex("expected", "expected \(what), found \(describe(peek))", at(peek), help: help)
  }

  mutating func enter(_ token: TeXToken) throws(Diagnostic) {
    nesting += 1
    guard nesting <= TeXLimits.nesting else {
      throw .tex(
        "nesting",
        "more than \(TeXLimits.nesting) brackets, fractions or scripts inside one another",
        at(token), help: "give a part of it a name")
    }
  }

  mutating func leave() { nesting -= 1 }

  // MARK: Skipping

  /// Goes past what changes only the look: spacing, labels, colours.
  mutating func skip() throws(Diagnostic) {
    while true {
      switch peek.kind {
      case .paragraph: position += 1
      case .beginGroup where token(1).kind == .endGroup:
        // `{}` alone only spaces.
        if token(2).kind == .subscriptSign || token(2).kind == .superscriptSign { return }
        position += 2
      case .command(let name):
        if TeXCommands.spaces.contains(name) || TeXCommands.faceSwitches.contains(name) {
          position += 1
        } else if name == "left" || name == "right" {
          return
        } else if let arguments = TeXCommands.skipped[name] {
          let command = advance()
          for _ in 0..<arguments { try skipArgument(of: command) }
        } else {
          return
        }
      default: return
      }
    }
  }

  mutating func skipArgument(of command: TeXToken) throws(Diagnostic) {
    if peek.isSign("[") { while !peek.isEnd, !advance().isSign("]") {} }
    guard peek.kind == .beginGroup else {
      if !peek.isEnd { position += 1 }
      return
    }
    _ = try group(of: command)
  }

  /// The tokens of a group in braces, read past.
  mutating func group(of command: TeXToken) throws(Diagnostic) -> ArraySlice<TeXToken> {
    guard let open = accept(.beginGroup) else {
      throw expected("{ after \(describe(command))")
    }
    let start = position
    var depth = 1
    while position < tokens.count {
      let token = advance()
      if token.kind == .beginGroup { depth += 1 }
      if token.kind == .endGroup {
        depth -= 1
        if depth == 0 { return tokens[start..<(position - 1)] }
      }
    }
    throw .tex("unclosed", "this { is never closed", at(open), help: "type the missing }")
  }

  // MARK: Sums

  mutating func expression() throws(Diagnostic) -> Math {
    try skip()
    let first = peek
    var terms: [MathTerm] = []
    var isNegative = try sign() ?? false
    let start = peek
    while true {
      var product = try self.product(after: terms.isEmpty ? first : start)
      if isNegative, terms.isEmpty, let negated = MathParser.remainderOfMinus(product) {
        product = Math(negated.kind, span(from: first))
        isNegative = false
      }
      terms.append(MathTerm(isNegative: isNegative, value: product))
      try skip()
      let before = position
      if isGapBeforeSign() { try skipGaps() }
      guard let next = try sign() else {
        position = before
        break
      }
      isNegative = next
      try skipRowEnds()
    }
    if terms.count == 1, !terms[0].isNegative { return terms[0].value }
    return Math(.sum(terms), span(from: first))
  }

  /// -7 mod 3 is what is left of -7, and so it is in -7 mod 3 · 2; nil where no remainder comes first.
  private static func remainderOfMinus(_ math: Math) -> Math? {
    switch math.kind {
    case .function(var call):
      guard call.name == "mod", call.arguments.count == 2 else { return nil }
      let above = call.arguments[0]
      call.arguments[0] =
        remainderOfMinus(above)
        ?? Math(.sum([MathTerm(isNegative: true, value: above)]), above.span)
      return Math(.function(call), math.span)
    case .product(var factors):
      guard let first = remainderOfMinus(factors[0].value) else { return nil }
      factors[0].value = first
      return Math(.product(factors), math.span)
    default: return nil
    }
  }

  /// `+` or `-`, and whether it is a minus. `-=` and `+=` are none.
  mutating func sign() throws(Diagnostic) -> Bool? {
    try skip()
    var negative: Bool?
    while let sign = peek.sign, sign == "+" || sign == "-" {
      if token(1).isSign("=") { break }
      let minus = sign == "-"
      if let before = negative {
        // `+ -0.4`: a negative number put in.
        if case .digit = token(1).kind, !token(1).spaced {
          position += 1
          return before != minus
        }
        throw .tex("signs", "two signs in a row", at(peek), help: "put brackets round one")
      }
      negative = minus
      position += 1
      try skip()
    }
    return negative
  }

  /// `\quad + x` continues the formula, and so does `& + x` or `\\ & + x`.
  func isGapBeforeSign() -> Bool {
    var ahead = 0
    var seen = false
    while true {
      switch token(ahead).kind {
      case .command(let name) where TeXCommands.gaps.contains(name): seen = true
      case .command(let name) where TeXCommands.spaces.contains(name): break
      case .alignment, .rowBreak:
        if inCases, openFences.isEmpty { return false }
        seen = true
      case .command(let name) where ["left", "right", "hspace", "label", "tag"].contains(name):
        return false
      case .sign("+"), .sign("-"):
        return seen && !token(ahead + 1).isSign("=")
      default: return false
      }
      ahead += 1
      if ahead > 12 { return false }
    }
  }

  mutating func skipGaps() throws(Diagnostic) {
    while true {
      try skip()
      switch peek.kind {
      case .command(let name) where TeXCommands.gaps.contains(name): position += 1
      case .alignment, .rowBreak: position += 1
      default: return
      }
    }
  }
}
