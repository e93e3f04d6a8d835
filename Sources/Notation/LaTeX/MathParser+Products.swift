// Products: factors with a sign or nothing between them, and where a product ends.

import Diagnostics

extension MathParser {
  mutating func product(after first: TeXToken) throws(Diagnostic) -> Math {
    try skip()
    let start = peek
    var factors = [MathFactor(sign: .implicit, value: try factor())]
    // Each of these takes in all that stands before it, a tree deeper by one.
    var wrapped = 0
    while true {
      try skip()
      if peek.isCommand("bmod") || isOtherOperator || isEvaluationBar {
        wrapped += 1
        guard wrapped <= TeXLimits.inARow else {
          throw .tex(
            "nesting", "more than \(TeXLimits.inARow) of \(describe(peek)) in a row", at(peek),
            help: "give a part of it a name")
        }
      }
      if peek.isCommand("bmod") {
        factors = [
          MathFactor(sign: .implicit, value: try joined("mod", of: factors, from: start))
        ]
      } else if isOtherOperator, let name = peek.command {
        factors = [MathFactor(sign: .implicit, value: try joined(name, of: factors, from: start))]
      } else if let sign = try productSign() {
        try skipRowEnds()
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
      } else if isEvaluationBar {
        try evaluate(&factors, from: start)
      } else if atOperand, !isRemarkHere, !areBracketedWordsHere, !isCommentHere, !isNextEquation {
        factors.append(MathFactor(sign: .implicit, value: try factor()))
      } else {
        break
      }
    }
    if factors.count == 1 { return factors[0].value }
    return Math(.product(factors), span(from: start))
  }

  /// `A \cap B`: a call that has no value, and no product.
  private var isOtherOperator: Bool { peek.command.map { TeXCommands.others[$0] != nil } ?? false }

  /// `a \bmod b`, what is left when the product before it is divided by the factor behind it, and other
  /// operators that take in the product before them.
  private mutating func joined(_ operation: String, of factors: [MathFactor], from start: TeXToken)
    throws(Diagnostic) -> Math
  {
    let before = factors.count == 1 ? factors[0].value : Math(.product(factors), span(from: start))
    let name = advance()
    let call = MathFunction(
      name: operation, scripts: nil, arguments: [before, try factor()], nameSpan: at(name),
      isBracketed: true)
    return Math(.function(call), span(from: start))
  }

  /// A sign that ends a row goes on in the next one.
  mutating func skipRowEnds() throws(Diagnostic) {
    try skip()
    guard !inCases || !openFences.isEmpty else { return }
    guard peek.kind == .rowBreak || peek.kind == .alignment else { return }
    while peek.kind == .rowBreak || peek.kind == .alignment || isGap(peek) {
      position += 1
      try skip()
    }
  }

  /// A bar alone with a subscript: `\frac{\partial L}{\partial w} \Big|_{w_t}`.
  private var isEvaluationBar: Bool {
    guard peek.isSign("|") || peek.isCommand("vert") || peek.isCommand("rvert"),
      token(1).kind == .subscriptSign
    else { return false }
    return openFences.last != .bars && openFences.last != .norm
  }

  /// What is evaluated is the derivative before the bar, with all that follows it.
  private mutating func evaluate(_ factors: inout [MathFactor], from start: TeXToken)
    throws(Diagnostic)
  {
    position += 1
    let scripts = try self.scripts(base: nil)
    guard scripts.lower.count == 1, scripts.upper == nil else { throw expected("the place") }
    let first =
      factors.lastIndex { factor in
        switch factor.value.kind {
        case .fraction, .gradient: true
        default: false
        }
      } ?? factors.count - 1
    let inside = Array(factors[first...])
    let whole = span(from: start)
    let inner =
      inside.count == 1
      ? inside[0].value
      : Math(
        .product(inside), inside[0].value.span.joined(with: inside[inside.count - 1].value.span))
    factors.removeSubrange(first...)
    factors.append(
      MathFactor(
        sign: inside[0].sign,
        value: Math(
          .evaluated(inner, at: scripts.lower[0]),
          Span(source, inner.span.start, whole.end))))
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

  /// `(v_1 = 0)` behind an equation is no factor; `P(y = 1 \mid x)` is one.
  var isRemarkHere: Bool {
    guard sawRelation, openFences.isEmpty, let end = remarkEnd() else { return false }
    return !isIndicator
      && !tokens[position..<end].contains { $0.isSign("|") || $0.isCommand("mid") }
  }

  /// What stands right before the bracket counts where a relation holds: `\mathbb{1}(y = k)`.
  private var isIndicator: Bool {
    guard position > 1, !peek.spaced else { return false }
    let before = tokens[position - 1]
    let inner = before.kind == .endGroup ? tokens[position - 2] : before
    switch inner.kind {
    case .digit("1"): return before.kind == .endGroup || tokens[position - 2].command != nil
    case .letter("I"), .letter("P"), .letter("p"), .letter("q"), .letter("Q"), .command("Pr"):
      return true
    default: return false
    }
  }

  /// `\text{momentum}` behind a formula is a comment, not a factor, unless it is a function.
  var isCommentHere: Bool {
    guard let name = peek.command, TeXCommands.texts.contains(name) else { return false }
    var ahead = 1
    var letters = 0
    while token(ahead).kind != .endGroup, !token(ahead).isEnd {
      if case .letter = token(ahead).kind { letters += 1 }
      ahead += 1
    }
    ahead += 1
    if isHyperparameter(tokens[position..<min(position + ahead, tokens.count)]) { return false }
    let script = token(ahead).kind
    if letters == 1 || script == .subscriptSign || script == .superscriptSign { return false }
    while let name = token(ahead).command,
      TeXCommands.spaces.contains(name) || (TeXCommands.skipped[name] == 0 && name != "left")
    {
      ahead += 1
    }
    return !token(ahead).isSign("(") && !token(ahead).isCommand("left")
  }

  mutating func productSign() throws(Diagnostic) -> MathFactor.Sign? {
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
  func isContinuedProduct() -> Bool {
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
    case .letter(let letter): return !isWideLetter(letter)
    case .digit, .beginGroup: return true
    case .sign(let sign):
      if sign == "(" || sign == "[" { return true }
      if sign == "|" {
        switch openFences.last {
        case .bars, .norm: return false
        case .parenthesis, .bracket: return barCloses
        default: return nesting == 0 || barCloses
        }
      }
      return isDecimalPoint
    case .command(let name):
      if name == "left" { return true }
      if name == "|" || name == "Vert" || name == "vert" {
        switch openFences.last {
        case .norm, .bars: return false
        case .parenthesis, .bracket: return barCloses
        default: return nesting == 0 || barCloses
        }
      }
      if name == "begin" {
        guard let environment = TeXPieces.environmentName(tokens, position + 1) else { return true }
        return MathParser.operandEnvironments.contains(environment)
          || MathParser.matrixEnvironments.contains(environment)
      }
      return isOperandCommand(name)
    default: return false
    }
  }

  /// Whether the bar here is closed within the brackets around it; p(y|x) has one alone.
  var barCloses: Bool {
    var depth = 0
    var ahead = 1
    while ahead < 400 {
      switch token(ahead).kind {
      case .sign("("), .sign("["), .beginGroup: depth += 1
      case .sign(")"), .sign("]"), .endGroup:
        depth -= 1
        if depth < 0 { return false }
      case .sign("|") where depth == 0: return true
      case .command("|"), .command("vert"), .command("Vert"):
        if depth == 0 { return true }
      case .end: return false
      default: break
      }
      ahead += 1
    }
    return false
  }

  static let operandEnvironments: Set<String> = ["cases", "dcases", "rcases"]

  func isOperandCommand(_ name: String) -> Bool {
    TeXCommands.letters.contains(name) || TeXCommands.functions[name] != nil
      || TeXCommands.faces[name] != nil || TeXCommands.accents[name] != nil
      || TeXCommands.bigs.contains(name) || TeXCommands.fences[name] != nil
      || TeXCommands.ellipses.contains(name)
      || MathParser.operandCommands.contains(name) || TeXHabits.braces.contains(name)
      || (TeXCommands.texts.contains(name) && (isSymbolText(position) || isRateInWords))
  }

  static let operandCommands: Set<String> = [
    "frac", "dfrac", "tfrac", "cfrac", "sqrt", "mathrm", "operatorname", "nabla", "mathop",
    "mathord", "boxed", "ensuremath", "binom", "dbinom", "tbinom",
    "fbox", "framebox", "underset", "smash",
  ]
}
