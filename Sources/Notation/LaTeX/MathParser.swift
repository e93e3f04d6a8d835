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
  var endSpan: Span

  package init(_ tokens: [TeXToken], of source: Source, end: Int) {
    self.source = source
    self.tokens = tokens
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

  private mutating func skipArgument(of command: TeXToken) throws(Diagnostic) {
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
      let product = try self.product(after: terms.isEmpty ? first : start)
      terms.append(MathTerm(isNegative: isNegative, value: product))
      try skip()
      let before = position
      if isGapBeforeSign() { try skipGaps() }
      guard let next = try sign() else {
        position = before
        break
      }
      isNegative = next
    }
    if terms.count == 1, !terms[0].isNegative { return terms[0].value }
    return Math(.sum(terms), span(from: first))
  }

  /// `+` or `-`, and whether it is a minus. `-=` and `+=` are none.
  private mutating func sign() throws(Diagnostic) -> Bool? {
    try skip()
    var negative: Bool?
    while let sign = peek.sign, sign == "+" || sign == "-" {
      if token(1).isSign("="), !token(1).spaced { break }
      let minus = sign == "-"
      if negative != nil {
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
      case .alignment, .rowBreak: seen = true
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

  // MARK: Products

  mutating func product(after first: TeXToken) throws(Diagnostic) -> Math {
    try skip()
    let start = peek
    var factors = [MathFactor(sign: .implicit, value: try factor())]
    while true {
      try skip()
      if let sign = try productSign() {
        try skip()
        // `a \cdot -b`
        if peek.isSign("-") || peek.isSign("+") {
          let minus = advance()
          let value = try factor()
          let signed = Math(
            .sum([MathTerm(isNegative: minus.isSign("-"), value: value)]), span(from: minus))
          factors.append(MathFactor(sign: sign, value: signed))
        } else {
          factors.append(MathFactor(sign: sign, value: try factor()))
        }
      } else if atOperand, !isRemarkHere, !isCommentHere, !isNextEquation {
        factors.append(MathFactor(sign: .implicit, value: try factor()))
      } else {
        break
      }
    }
    if factors.count == 1 { return factors[0].value }
    return Math(.product(factors), span(from: start))
  }

  /// A new line of the source that begins another equation: rows without `\\\\` between them.
  var isNextEquation: Bool {
    guard sawRelation, openFences.isEmpty, nesting == 0, position > 0 else { return false }
    let from = tokens[position - 1].end
    let to = peek.start
    guard from < to, to - from < 200, source.bytes.indices.contains(to),
      source.bytes[from..<to].contains(0x0A)
    else { return false }
    var ahead = 0
    var depth = 0
    while ahead < 60 {
      let token = self.token(ahead)
      switch token.kind {
      case .beginGroup, .sign("("), .sign("["): depth += 1
      case .endGroup, .sign(")"), .sign("]"): depth -= 1
      case .sign("="), .command("leftarrow"), .command("gets"), .command("coloneqq"):
        if depth == 0 { return true }
      case .sign(","), .sign(";"), .alignment, .rowBreak, .end, .gap: if depth == 0 { return false }
      case .command(let name) where TeXCommands.gaps.contains(name): return false
      default: break
      }
      if depth < 0 { return false }
      ahead += 1
    }
    return false
  }

  /// `(v_1 = 0)` behind an equation is no factor.
  private var isRemarkHere: Bool {
    openFences.isEmpty && peek.isSign("(") && remarkEnd() != nil
  }

  /// `\text{momentum}` behind a formula is a comment, not a factor, unless it is a function.
  private var isCommentHere: Bool {
    guard let name = peek.command, TeXCommands.texts.contains(name) else { return false }
    var ahead = 1
    var letters = 0
    while token(ahead).kind != .endGroup, !token(ahead).isEnd {
      if case .letter = token(ahead).kind { letters += 1 }
      ahead += 1
    }
    ahead += 1
    let script = token(ahead).kind
    if letters == 1 || script == .subscriptSign || script == .superscriptSign { return false }
    while let name = token(ahead).command,
      TeXCommands.spaces.contains(name) || (TeXCommands.skipped[name] == 0 && name != "left")
    {
      ahead += 1
    }
    return !token(ahead).isSign("(") && !token(ahead).isCommand("left")
  }

  private mutating func productSign() throws(Diagnostic) -> MathFactor.Sign? {
    switch peek.kind {
    case .sign("*"):
      position += 1
      return .times
    case .sign("/"):
      position += 1
      return .slash
    case .command(let name) where TeXCommands.products.contains(name):
      position += 1
      return .times
    case .command(let name) where TeXCommands.divisions.contains(name):
      position += 1
      return .over
    case .alignment, .rowBreak:
      // Inside brackets a row may be broken before a sign or an operand.
      guard !openFences.isEmpty || isContinuedProduct() else { return nil }
      position += 1
      try skip()
      return try productSign()
    case .command(let name) where TeXCommands.gaps.contains(name) && !openFences.isEmpty:
      position += 1
      try skip()
      return try productSign()
    default: return nil
    }
  }

  /// `\\ & \cdot x`: a row that begins with a sign of a product goes on.
  private func isContinuedProduct() -> Bool {
    var ahead = 1
    while ahead < 8 {
      switch token(ahead).kind {
      case .alignment, .rowBreak: break
      case .command(let name) where TeXCommands.spaces.contains(name): break
      case .command(let name) where TeXCommands.gaps.contains(name): break
      case .command(let name):
        return TeXCommands.products.contains(name) || TeXCommands.divisions.contains(name)
      case .sign("*"), .sign("/"): return true
      default: return false
      }
      ahead += 1
    }
    return false
  }

  /// Whether an operand begins with the next token.
  var atOperand: Bool {
    let token = peek
    switch token.kind {
    case .letter, .digit, .beginGroup: return true
    case .sign(let sign):
      if sign == "(" || sign == "[" { return true }
      if sign == "|" {
        switch openFences.last {
        case .bars, .norm: return false
        case .parenthesis, .bracket: return barCloses
        default: return true
        }
      }
      if sign == "." {
        if case .digit = self.token(1).kind { return true }
      }
      return false
    case .command(let name):
      if name == "left" { return true }
      if name == "|" || name == "Vert" || name == "vert" {
        return openFences.last != .norm && openFences.last != .bars
      }
      if name == "begin" {
        guard let environment = TeXPieces.environmentName(tokens, position + 1) else { return true }
        return MathParser.operandEnvironments.contains(environment)
      }
      return isOperandCommand(name)
    default: return false
    }
  }

  /// Whether the bar here is closed within the brackets around it; p(y|x) has one alone.
  private var barCloses: Bool {
    var depth = 0
    var ahead = 1
    while ahead < 400 {
      switch token(ahead).kind {
      case .sign("("), .sign("["), .beginGroup: depth += 1
      case .sign(")"), .sign("]"), .endGroup:
        depth -= 1
        if depth < 0 { return false }
      case .sign("|") where depth == 0: return true
      case .end: return false
      default: break
      }
      ahead += 1
    }
    return false
  }

  static let operandEnvironments: Set<String> = ["cases", "dcases", "rcases"]

  private func isOperandCommand(_ name: String) -> Bool {
    TeXCommands.letters.contains(name) || TeXCommands.functions[name] != nil
      || TeXCommands.faces[name] != nil || TeXCommands.accents[name] != nil
      || TeXCommands.bigs.contains(name) || TeXCommands.fences[name] != nil
      || TeXCommands.ellipses.contains(name)
      || MathParser.operandCommands.contains(name)
      || (TeXCommands.texts.contains(name) && isSymbolText(position))
  }

  static let operandCommands: Set<String> = [
    "frac", "dfrac", "tfrac", "cfrac", "sqrt", "mathrm", "operatorname", "nabla", "mathop",
    "mathord", "boxed", "underbrace", "overbrace", "ensuremath", "binom", "fbox",
    "underset", "smash",
  ]
}
