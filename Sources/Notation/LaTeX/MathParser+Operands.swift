// Operands: numbers, letters and words, fractions, roots, accents, functions, gradients, sums.

import Diagnostics

extension MathParser {
  /// An operand with its scripts.
  mutating func factor() throws(Diagnostic) -> Math {
    let first = peek
    try enter(first)
    defer { leave() }
    let before = position
    let base = try operand()
    // Whatever is read moves on, so that no loop over operands stands still.
    guard position > before else { throw expected("an operand") }
    return factorial(try scripted(base, from: first), from: first)
  }

  /// `n!`; `!=` is a relation of programs.
  private mutating func factorial(_ base: Math, from first: TeXToken) -> Math {
    let isRelation = token(1).isSign("=") && !token(1).spaced
    guard peek.isSign("!"), !isRelation, !token(1).isSign("!") else { return base }
    position += 1
    let whole = span(from: first)
    return Math(
      .function(
        MathFunction(
          name: "factorial", scripts: nil, arguments: [base], nameSpan: whole, isBracketed: true)),
      whole)
  }

  mutating func operand() throws(Diagnostic) -> Math {
    try skip()
    let token = peek
    switch token.kind {
    case .digit: return number()
    case .sign(".") where isDecimalPoint: return number()
    case .letter: return try letters()
    case .beginGroup: return try braces()
    case .sign("("), .sign("["): return try fence()
    case .sign("|"): return try fence()
    case .command(let name): return try command(name, token)
    default: throw expected("an operand")
    }
  }

  // MARK: Numbers and letters

  /// `.5`: a point with its digits right behind it.
  var isDecimalPoint: Bool {
    guard peek.isSign("."), case .digit = token(1).kind else { return false }
    return !token(1).spaced
  }

  mutating func number() -> Math {
    let first = peek
    var text = ""
    var sawPoint = false
    while true {
      switch peek.kind {
      case .digit(let digit) where text.isEmpty || !peek.spaced:
        text.unicodeScalars.append(digit)
        position += 1
        continue
      case .sign(".") where !sawPoint:
        guard case .digit = token(1).kind, !token(1).spaced else { break }
        sawPoint = true
        text += "."
        position += 1
        continue
      case .beginGroup where !sawPoint && token(1).isSign(",") && token(2).kind == .endGroup:
        // A decimal comma: 0{,}9.
        guard case .digit = token(3).kind else { break }
        sawPoint = true
        text += "."
        position += 3
        continue
      case .letter("e"), .letter("E"):
        // `1e-8`, as programs write it.
        var ahead = 1
        var exponent = "e"
        if token(ahead).isSign("-") || token(ahead).isSign("+") {
          exponent += token(ahead).isSign("-") ? "-" : ""
          ahead += 1
        }
        guard !peek.spaced, case .digit = token(ahead).kind, !token(ahead).spaced else { break }
        while case .digit(let digit) = token(ahead).kind, !token(ahead).spaced {
          exponent.unicodeScalars.append(digit)
          ahead += 1
        }
        position += ahead
        text += exponent
      case .command:
        guard let (exponent, count) = uprightExponent else { break }
        position += count
        text += exponent
      default: break
      }
      break
    }
    if text.hasPrefix(".") { text = "0" + text }
    let number = Math(.number(text), span(from: first))
    guard peek.isCommand("%") else { return number }
    // 5\% is 5/100.
    position += 1
    let whole = span(from: first)
    return Math(.fraction(number, Math(.number("100"), whole)), whole)
  }

  /// `\mathrm{e}3`, `\text{e-}3`, `\mathrm{e}{-3}` behind a number: a power of ten, and how many tokens
  /// it has. With a bare minus it may be Euler's number less three.
  private var uprightExponent: (String, Int)? {
    guard ["mathrm", "text", "textrm", "mathtt"].contains(peek.command ?? ""), !peek.spaced,
      token(1).kind == .beginGroup,
      token(2).kind == .letter("e") || token(2).kind == .letter("E")
    else { return nil }
    var ahead = 3
    var exponent = "e"
    func takeSign() {
      guard token(ahead).isSign("-") || token(ahead).isSign("+") else { return }
      if token(ahead).isSign("-") { exponent += "-" }
      ahead += 1
    }
    takeSign()
    guard token(ahead).kind == .endGroup else { return nil }
    ahead += 1
    let isGroup = token(ahead).kind == .beginGroup && exponent == "e"
    if isGroup {
      ahead += 1
      takeSign()
    }
    let digits = ahead
    while case .digit(let digit) = token(ahead).kind {
      exponent.unicodeScalars.append(digit)
      ahead += 1
    }
    guard ahead > digits, ahead - digits < 5 else { return nil }
    if isGroup {
      guard token(ahead).kind == .endGroup else { return nil }
      ahead += 1
    }
    return (exponent, ahead)
  }

  /// A letter, or letters without space between them.
  mutating func letters() throws(Diagnostic) -> Math {
    let first = peek
    var name = ""
    var count = 0
    while case .letter(let letter) = peek.kind, count == 0 || !peek.spaced {
      if isWideLetter(letter) { break }
      // An accent behind it belongs to the letter alone.
      if case .mark = token(1).kind, count > 0 { break }
      name.unicodeScalars.append(letter)
      count += 1
      position += 1
      if case .mark(let accent) = peek.kind {
        position += 1
        let base = Math(.symbol(MathSymbol(name)), span(from: first))
        return Math(.accented(accent, base), span(from: first))
      }
    }
    guard count > 0 else {
      throw .tex(
        "words", "words in the middle of a formula", at(peek), help: "put them into \\text{…}")
    }
    // `learning\_rate`, `m\_hat`, `beta1`, `b1`: a word goes on.
    var isWord = false
    var isNumbered = false
    if case .digit = peek.kind { isNumbered = !peek.spaced }
    if count > 1 || isNumbered || peek.isCommand("_") && !peek.spaced && isScriptWord(1) {
      while true {
        if peek.isCommand("_"), !peek.spaced, case .letter = token(1).kind, !token(1).spaced,
          case .letter = token(2).kind, !token(2).spaced
        {
          position += 1
          name += "_"
          while case .letter(let letter) = peek.kind, !peek.spaced {
            name.unicodeScalars.append(letter)
            position += 1
          }
          isWord = true
        } else if case .digit(let digit) = peek.kind, !peek.spaced {
          name.unicodeScalars.append(digit)
          position += 1
          isWord = true
        } else {
          break
        }
      }
    }
    let span = span(from: first)
    if count > 1, let function = MathParser.plainFunctions[name],
      opensArguments() || name == "argmin" || name == "argmax"
    {
      return try call(function, span)
    }
    return Math(
      .symbol(MathSymbol(name, isRun: count > 1 && !isWord, isWord: isWord)), span)
  }

  /// Words that are typed as a subscript without its braces: `m_hat`, `v\_prev`.
  static let scriptWords: Set<String> = [
    "hat", "bar", "tilde", "new", "old", "prev", "next", "max", "min", "avg", "corrected", "corr",
    "init", "sum", "sq",
  ]

  /// Whether such a word stands so many tokens ahead.
  func isScriptWord(_ ahead: Int) -> Bool { scriptWord(ahead) != nil }

  /// The word, all letters without a space between them; a long one is no product.
  func scriptWord(_ ahead: Int) -> String? {
    var word = ""
    var next = ahead
    while case .letter(let letter) = token(next).kind, !token(next).spaced, next < ahead + 24,
      letter.isASCII
    {
      word.unicodeScalars.append(letter)
      next += 1
    }
    return MathParser.scriptWords.contains(word) || word.utf8.count > 5 ? word : nil
  }

  /// Chinese and the like: words, never a symbol.
  func isWideLetter(_ letter: Unicode.Scalar) -> Bool { letter.value >= 0x2E80 }

  /// Function names that people type without a backslash.
  static let plainFunctions: [String: String] = [
    "max": "max", "min": "min", "sqrt": "sqrt", "sign": "sign", "sgn": "sign", "abs": "abs",
    "log": "log", "ln": "log", "exp": "exp", "tanh": "tanh", "round": "round", "clip": "clip",
    "norm": "norm", "cos": "cos", "sin": "sin", "argmin": "argmin", "argmax": "argmax",
    "floor": "floor", "ceil": "ceil", "sum": "sum", "mean": "mean", "clamp": "clip",
  ]

  /// Whether a bracket with arguments comes next.
  func opensArguments() -> Bool {
    var ahead = 0
    while case .command(let name) = token(ahead).kind,
      TeXCommands.spaces.contains(name) || (TeXCommands.skipped[name] == 0 && name != "left")
    {
      ahead += 1
    }
    let next = token(ahead)
    if next.isCommand("left") {
      let fence = token(ahead + 1)
      return fence.isSign("(") || fence.isSign("[") || fence.isCommand("{")
    }
    return next.isSign("(") || next.isSign("[") || next.isCommand("{") || next.isCommand("lbrace")
  }

  // MARK: Groups

  /// `{ … }`: one part, whatever is inside.
  mutating func braces() throws(Diagnostic) -> Math {
    let open = advance()
    try enter(open)
    defer { leave() }
    let fences = openFences
    openFences = []
    defer { openFences = fences }
    try skip()
    while case .command(let name) = peek.kind, TeXCommands.faceSwitches.contains(name) {
      position += 1
      try skip()
    }
    var inner = try expression()
    try skip()
    if peek.isCommand("over") {
      position += 1
      let below = try expression()
      inner = Math(.fraction(inner, below), span(from: open))
      try skip()
    }
    guard accept(.endGroup) != nil else {
      if peek.isEnd {
        throw .tex("unclosed", "this { is never closed", at(open), help: "type the missing }")
      }
      throw expected("}")
    }
    return inner
  }

  /// The argument of a command: a group, or one token as TeX takes it.
  mutating func argument(of command: TeXToken) throws(Diagnostic) -> Math {
    try skip()
    if peek.kind == .beginGroup { return try braces() }
    let first = peek
    switch first.kind {
    case .digit(let digit):
      position += 1
      return Math(.number(String(digit)), at(first))
    case .letter(let letter) where !isWideLetter(letter):
      position += 1
      if case .mark(let accent) = peek.kind {
        position += 1
        return Math(
          .accented(accent, Math(.symbol(MathSymbol(String(letter))), at(first))),
          at(first))
      }
      return Math(.symbol(MathSymbol(String(letter))), at(first))
    case .command:
      // `\hat\hat\hat …`
      try enter(first)
      defer { leave() }
      return try operand()
    default: throw expected("the argument of \(describe(command))")
    }
  }
}
