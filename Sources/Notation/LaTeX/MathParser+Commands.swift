// Operands that a command begins: faces, fractions, upright words, roots.

import Diagnostics

extension MathParser {
  mutating func command(_ name: String, _ token: TeXToken) throws(Diagnostic) -> Math {
    if TeXCommands.letters.contains(name) {
      position += 1
      let letter = Math(.symbol(MathSymbol(name)), at(token))
      guard case .mark(let accent) = peek.kind else { return letter }
      position += 1
      return Math(.accented(accent, letter), span(from: token))
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
      // In an operand's place, several words are what a quantity is called.
      guard isSymbolText(position) || isQuantity(position) else {
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
    case "binom", "dbinom", "tbinom":
      position += 1
      try enter(token)
      defer { leave() }
      let above = try argument(of: token)
      let below = try argument(of: token)
      return Math(
        .function(
          MathFunction(
            name: "binom", scripts: nil, arguments: [above, below], nameSpan: at(token),
            isBracketed: true)), span(from: token))
    case "sqrt": return try root(token)
    case "mathrm", "operatorname":
      position += 1
      if peek.kind != .beginGroup { return try argument(of: token) }
      return try upright(token)
    case "nabla": return try gradient(token)
    case "begin":
      if let matrix = try matrixEnvironment() { return matrix }
      guard let cases = try casesEnvironment() else { throw expected("an operand") }
      return cases
    case "boxed", "fbox", "framebox", "mathop", "mathord", "ensuremath", "smash":
      position += 1
      // \smash[b]{…}
      if name == "smash", peek.isSign("["), self.token(2).isSign("]") { position += 3 }
      return try argument(of: token)
    case let name where TeXHabits.braces.contains(name):
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
      // Within brackets something is missing before it.
      if !openFences.isEmpty { return expected("an operand") }
      return .tex("right", "\\right without its \\left here", at(token))
    }
    if ["begin", "pmatrix", "bmatrix", "matrix"].contains(name) {
      return .tex("environment", "this environment is not read inside a formula", at(token))
    }
    if TeXCommands.strikes.contains(name) {
      return .tex(
        "struck", "\\\(name) strikes something out: whether it still counts is not known",
        at(token),
        help: "leave out what goes, or write what stays")
    }
    if ["overset", "stackrel", "underset"].contains(name) {
      return .tex(
        "stacked", "what \\\(name) sets above or below a sign is not understood here", at(token),
        help: "\\hat{m} writes an accent, m_{\\text{new}} another name, \\overset{!}{=} a relation")
    }
    // What a package's command stands for is not what the text says.
    let written = String(at(token).text.dropFirst().prefix { $0.isLetter })
    guard written == name || TeXPackages.macros[written] == nil else {
      return .tex("command", "\\\(written) is not read here", at(token))
    }
    return .tex(
      "command", "\\\(name) is not known here", at(token),
      help: name.first?.isLetter ?? false
        ? "\\operatorname{\(name)} writes a name; \\newcommand defines a command" : nil)
  }

  /// What is set in a type face: letters of calligraphic and blackboard alphabets are others.
  func inFace(_ face: String?, _ inner: Math, _ span: Span) -> Math {
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
  mutating func upright(_ token: TeXToken) throws(Diagnostic) -> Math {
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

  func unspaced(_ token: TeXToken) -> TeXToken {
    var token = token
    token.spaced = false
    return token
  }

  func word(_ text: String, _ span: Span) -> Math {
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
      case .command("_"), .subscriptSign: letters += "_"
      case .digit(let digit): letters.unicodeScalars.append(digit)
      case .sign("-"): letters += "-"
      default: return false
      }
      next += 1
    }
    guard next < tokens.count, !tokens[next].spaced, !letters.isEmpty else { return false }
    return !MathParser.sentenceWords.contains(letters.lowercased())
  }

  /// Whether `\text{…}` at a place is a quantity's description, “number of samples”: words alone, none
  /// of which steers a sentence. In a script any word is a label.
  func isQuantity(_ place: Int) -> Bool {
    guard place + 2 < tokens.count, tokens[place + 1].kind == .beginGroup else { return false }
    var words: [String] = []
    var next = place + 2
    while next < tokens.count, tokens[next].kind != .endGroup {
      if tokens[next].spaced || words.isEmpty { words.append("") }
      switch tokens[next].kind {
      case .letter(let letter): words[words.count - 1].unicodeScalars.append(letter)
      case .digit(let digit): words[words.count - 1].unicodeScalars.append(digit)
      case .subscriptSign, .command("_"): words[words.count - 1] += "_"
      case .prime, .sign("-"), .sign("/"), .sign("("), .sign(")"), .sign("."): break
      default: return false
      }
      next += 1
    }
    guard next < tokens.count, words.contains(where: { !$0.isEmpty }) else { return false }
    if place > 0, tokens[place - 1].kind == .subscriptSign { return true }
    return words.count <= 6
      && !words.contains { MathParser.sentenceWords.contains($0.lowercased()) && $0 != "to" }
  }

  static let sentenceWords: Set<String> = [
    "where", "with", "and", "or", "if", "otherwise", "else", "for", "do", "end", "while", "until",
    "repeat", "then", "return", "returns", "input", "inputs", "require", "initialize", "initialise",
    "output", "ensure", "when", "such", "that", "is", "are", "let", "given", "so", "hence", "thus",
    "as", "by", "here", "wobei", "mit", "und", "sonst", "falls", "wenn", "oder", "endif", "endfor",
    "endwhile", "od", "fi", "elif", "not", "in", "to", "step", "the",
  ]

  // MARK: Roots

  mutating func root(_ token: TeXToken) throws(Diagnostic) -> Math {
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
}
