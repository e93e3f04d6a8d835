// Operands: numbers, letters and words, fractions, roots, accents, functions, gradients, sums.

import Diagnostics

extension MathParser {
  /// An operand with its scripts.
  mutating func factor() throws(Diagnostic) -> Math {
    let first = peek
    try enter(first)
    defer { leave() }
    let base = try operand()
    return try scripted(base, from: first)
  }

  mutating func operand() throws(Diagnostic) -> Math {
    try skip()
    let token = peek
    switch token.kind {
    case .digit: return number()
    case .sign(".") where { if case .digit = self.token(1).kind { true } else { false } }():
      return number()
    case .letter: return try letters()
    case .beginGroup: return try braces()
    case .sign("("), .sign("["): return try fence()
    case .sign("|"): return try fence()
    case .command(let name): return try command(name, token)
    default: throw expected("an operand")
    }
  }

  // MARK: Numbers and letters

  private mutating func number() -> Math {
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
      default: break
      }
      break
    }
    if text.hasPrefix(".") { text = "0" + text }
    return Math(.number(text), span(from: first))
  }

  /// A letter, or letters without space between them.
  private mutating func letters() throws(Diagnostic) -> Math {
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
        return Math(.accented(accent.rawValue, base), span(from: first))
      }
    }
    guard count > 0 else {
      throw .tex(
        "words", "words in the middle of a formula", at(peek), help: "put them into \\text{…}")
    }
    // `learning\_rate`, `beta1`: a word goes on.
    var isWord = false
    if count > 1 {
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
  private mutating func braces() throws(Diagnostic) -> Math {
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
          .accented(accent.rawValue, Math(.symbol(MathSymbol(String(letter))), at(first))),
          at(first))
      }
      return Math(.symbol(MathSymbol(String(letter))), at(first))
    case .command: return try operand()
    default: throw expected("the argument of \(describe(command))")
    }
  }

  // MARK: Commands

  private mutating func command(_ name: String, _ token: TeXToken) throws(Diagnostic) -> Math {
    if TeXCommands.letters.contains(name) {
      position += 1
      return Math(.symbol(MathSymbol(name)), at(token))
    }
    if let face = TeXCommands.faces[name] {
      position += 1
      let inner = try argument(of: token)
      return inFace(face, inner, span(from: token))
    }
    if let accent = TeXCommands.accents[name] {
      position += 1
      let inner = try argument(of: token)
      return Math(.accented(accent, inner), span(from: token))
    }
    if TeXCommands.bigs.contains(name) { return try big(name, token) }
    if TeXCommands.fences[name] != nil || name == "left" { return try fence() }
    if TeXCommands.ellipses.contains(name) {
      position += 1
      return Math(.ellipsis, at(token))
    }
    if let function = TeXCommands.functions[name] {
      position += 1
      if name == "arg" {
        try skip()
        if let next = peek.command, next == "min" || next == "max" {
          position += 1
          return try call("arg" + next, span(from: token))
        }
      }
      return try call(function, at(token))
    }
    if TeXCommands.texts.contains(name) {
      guard isSymbolText(position) else {
        throw .tex("words", "words in the middle of a formula", at(token))
      }
      position += 1
      let text = TeXPieces.text(of: Array(try group(of: token)))
      if let function = TeXCommands.functions[text] ?? MathParser.plainFunctions[text],
        opensArguments()
      {
        return try call(function, span(from: token))
      }
      return word(text, span(from: token))
    }
    switch name {
    case "frac", "dfrac", "tfrac", "cfrac":
      position += 1
      try enter(token)
      defer { leave() }
      let above = try argument(of: token)
      let below = try argument(of: token)
      return Math(.fraction(above, below), span(from: token))
    case "sqrt": return try root(token)
    case "mathrm", "operatorname":
      position += 1
      if peek.kind != .beginGroup { return try argument(of: token) }
      return try upright(token)
    case "nabla": return try gradient(token)
    case "begin":
      guard let cases = try casesEnvironment() else { throw expected("an operand") }
      return cases
    case "boxed", "fbox", "mathop", "mathord", "ensuremath", "smash":
      position += 1
      return try argument(of: token)
    case "underbrace", "overbrace":
      position += 1
      let inner = try argument(of: token)
      try skip()
      if peek.kind == .subscriptSign || peek.kind == .superscriptSign {
        position += 1
        if peek.kind == .beginGroup { _ = try group(of: token) } else { _ = advance() }
      }
      return inner
    case "underset":
      position += 1
      var scripts = MathScripts()
      let below = try group(of: token)
      let inner = try argument(of: token)
      guard case .function(var call) = inner.kind else {
        throw .tex("underset", "what stands under this is not understood", at(token))
      }
      scripts.lower = [Math(.symbol(MathSymbol(TeXPieces.text(of: Array(below)))), at(token))]
      call.scripts = scripts
      return Math(.function(call), span(from: token))
    default:
      throw unknown(token, name)
    }
  }

  func unknown(_ token: TeXToken, _ name: String) -> Diagnostic {
    if name == "end" {
      return .tex("end", "\\end without its \\begin here", at(token))
    }
    if name == "right" {
      return .tex("right", "\\right without its \\left here", at(token))
    }
    if ["begin", "pmatrix", "bmatrix", "matrix"].contains(name) {
      return .tex("environment", "this environment is not read inside a formula", at(token))
    }
    return .tex(
      "command", "\\\(name) is not known here", at(token),
      help: "\\operatorname{\(name)} writes a name; \\newcommand defines a command")
  }

  /// What is set in a type face: letters of calligraphic and blackboard alphabets are others.
  private func inFace(_ face: String?, _ inner: Math, _ span: Span) -> Math {
    switch inner.kind {
    case .symbol(var symbol):
      if let face { symbol.face = face }
      if symbol.isRun {
        symbol.isRun = false
        symbol.isWord = true
      }
      return Math(.symbol(symbol), span)
    case .scripted(let base, let scripts):
      return Math(.scripted(inFace(face, base, base.span), scripts), span)
    case .accented(let accent, let base):
      return Math(.accented(accent, inFace(face, base, base.span)), span)
    default: return Math(inner.kind, span)
    }
  }

  /// `\mathrm{lr}`, `\operatorname{clip}(…)`
  private mutating func upright(_ token: TeXToken) throws(Diagnostic) -> Math {
    let start = position
    let tokens = try group(of: token)
    let isName = tokens.allSatisfy { token in
      switch token.kind {
      case .letter, .digit, .prime: true
      case .sign(let sign): sign == "-" || sign == "_" || sign == "."
      case .command(let name): name == "_" || TeXCommands.spaces.contains(name)
      case .subscriptSign: true
      default: false
      }
    }
    if !isName || tokens.isEmpty {
      position = start
      return try braces()
    }
    let text = TeXPieces.text(of: Array(tokens).map(unspaced)).filter { $0 != " " }
    let span = span(from: token)
    if let function = TeXCommands.functions[text] ?? MathParser.plainFunctions[text] {
      // `v^{\mathrm{max}}` is no call; a call has something behind it.
      try skip()
      let isCall =
        opensArguments() || atOperand || peek.kind == .subscriptSign
        || peek.kind == .superscriptSign
      return isCall ? try call(function, span) : word(text, span)
    }
    return word(text, span)
  }

  private func unspaced(_ token: TeXToken) -> TeXToken {
    var token = token
    token.spaced = false
    return token
  }

  private func word(_ text: String, _ span: Span) -> Math {
    let name = String(text.map { $0 == " " || $0 == "-" || $0 == "." ? "_" : $0 })
    return Math(.symbol(MathSymbol(name, isWord: name.unicodeScalars.count > 1)), span)
  }

  /// Whether `\text{…}` at a place is a symbol's name: one word that is no word of a sentence.
  func isSymbolText(_ place: Int) -> Bool {
    guard place + 1 < tokens.count, tokens[place + 1].kind == .beginGroup else { return false }
    var letters = ""
    var next = place + 2
    while next < tokens.count, tokens[next].kind != .endGroup {
      switch tokens[next].kind {
      case .letter(let letter):
        if isWideLetter(letter) { return false }
        if tokens[next].spaced { return false }
        letters.unicodeScalars.append(letter)
      case .command("_"): letters += "_"
      case .digit(let digit): letters.unicodeScalars.append(digit)
      case .sign("-"): letters += "-"
      default: return false
      }
      next += 1
    }
    guard next < tokens.count, !tokens[next].spaced, !letters.isEmpty else { return false }
    return !MathParser.sentenceWords.contains(letters.lowercased())
  }

  static let sentenceWords: Set<String> = [
    "where", "with", "and", "or", "if", "otherwise", "else", "for", "do", "end", "while", "until",
    "repeat", "then", "return", "returns", "input", "inputs", "require", "initialize", "initialise",
    "output", "ensure", "when", "such", "that", "is", "are", "let", "given", "so", "hence", "thus",
    "as", "by", "here", "wobei", "mit", "und", "sonst", "falls", "wenn", "oder", "endif", "endfor",
    "endwhile", "od", "fi", "elif", "not", "in", "to", "step", "the",
  ]

  // MARK: Roots

  private mutating func root(_ token: TeXToken) throws(Diagnostic) -> Math {
    position += 1
    try enter(token)
    defer { leave() }
    try skip()
    var degree: Math?
    if peek.isSign("[") {
      position += 1
      degree = try expression()
      try skip()
      guard accept(.sign("]")) != nil else { throw expected("]") }
    }
    try skip()
    if peek.isSign("(") || peek.isCommand("left") {
      // `\sqrt(x)`: TeX would put the root over the bracket alone.
      let inner = try fence()
      if case .fenced(_, let items) = inner.kind, items.count == 1 {
        return Math(.root(items[0], degree: degree), span(from: token))
      }
      return Math(.root(inner, degree: degree), span(from: token))
    }
    var inner = try argument(of: token)
    // `\sqrt v_t`: TeX sets the script on the root; what is meant is the root of v_t.
    if peek.kind == .subscriptSign, tokens[position - 1].kind != .endGroup {
      inner = try scripted(inner, from: token)
    }
    return Math(.root(inner, degree: degree), span(from: token))
  }

  // MARK: Functions, sums, gradients

  /// A function's scripts and arguments.
  mutating func call(_ name: String, _ nameSpan: Span) throws(Diagnostic) -> Math {
    let first = token(-1)
    var function = MathFunction(
      name: name, scripts: nil, arguments: [], nameSpan: nameSpan, isBracketed: false)
    let scripts = try self.scripts(base: nil)
    if !scripts.isEmpty { function.scripts = scripts }
    try skip()
    if opensArguments() {
      let fence = try self.fence()
      if case .fenced(_, let items) = fence.kind {
        function.arguments = items
        function.isBracketed = true
      }
    } else if atOperand, !["argmin", "argmax"].contains(name) {
      var argument = try factor()
      // `\sin 2x`
      if case .number = argument.kind {
        try skip()
        if atOperand {
          let next = try factor()
          argument = Math(
            .product([
              MathFactor(sign: .implicit, value: argument),
              MathFactor(sign: .implicit, value: next),
            ]), argument.span.joined(with: next.span))
        }
      }
      function.arguments = [argument]
    } else if ["argmin", "argmax"].contains(name), atOperand {
      function.arguments = [try product(after: peek)]
    }
    let end = position > 0 ? token(-1) : first
    return Math(
      .function(function), nameSpan.joined(with: Span(source, nameSpan.start, end.end)))
  }

  private mutating func big(_ name: String, _ token: TeXToken) throws(Diagnostic) -> Math {
    position += 1
    try enter(token)
    defer { leave() }
    let scripts = try self.scripts(base: nil)
    try skip()
    guard atOperand else { throw expected("what to sum") }
    let body = try product(after: peek)
    return Math(.big(name, scripts, body), span(from: token))
  }

  private mutating func gradient(_ token: TeXToken) throws(Diagnostic) -> Math {
    position += 1
    try enter(token)
    defer { leave() }
    let scripts = try self.scripts(base: nil)
    var gradient = MathGradient(by: scripts.lower, power: scripts.upper)
    try skip()
    if opensArguments() {
      gradient.function = try fence()
    } else if atOperand, !peek.isSign("|"), !peek.isCommand("nabla") {
      let first = peek
      switch first.kind {
      case .letter, .command:
        if isPlainFunctionHead(first) {
          let base = try operand()
          gradient.function = try scripted(base, from: first, leavingPower: true)
          try skip()
          if opensArguments() {
            let fence = try self.fence()
            if case .fenced(_, let items) = fence.kind { gradient.arguments = items }
          }
        } else {
          gradient.function = try factor()
        }
      default: break
      }
    }
    return Math(.gradient(gradient), span(from: token))
  }

  /// A letter that may be a function's name: not a fraction, sum or logarithm.
  private func isPlainFunctionHead(_ token: TeXToken) -> Bool {
    guard case .command(let name) = token.kind else { return true }
    return TeXCommands.letters.contains(name) || TeXCommands.faces[name] != nil
      || TeXCommands.accents[name] != nil || TeXCommands.texts.contains(name) || name == "mathrm"
      || name == "operatorname"
  }
}
