// Environments opened and closed, and words between equations.

import Diagnostics

extension MathParser {
  static let containers: Set<String> = [
    "aligned", "align", "alignedat", "alignat", "gather", "gathered", "cases", "dcases", "rcases",
    "eqnarray", "split", "array", "equation", "multline", "flalign", "displaymath", "math",
    "subequations", "multlined", "algorithmic", "empheq", "tabular", "matrix", "IEEEeqnarray",
    "dmath", "dgroup", "darray", "subarray",
  ]

  /// Environments with an argument behind their name: columns, the number of them, the kind of rows.
  private static let withArgument: Set<String> = [
    "array", "alignat", "alignedat", "tabular", "IEEEeqnarray", "empheq", "subarray",
  ]

  mutating func openEnvironment() throws(Diagnostic) -> String {
    let begin = advance()
    guard let name = TeXPieces.environmentName(tokens, position) else {
      throw .tex("environment", "\\begin needs the name of an environment", at(begin))
    }
    let nameToken = peek
    _ = try group(of: begin)
    guard MathParser.containers.contains(name) else {
      throw .tex(
        "environment", "the environment \(name) is not read", span(from: begin),
        help: "equations stand in aligned, align, gather, cases, split, array or eqnarray")
    }
    _ = nameToken
    if peek.isSign("[") { skipOptions() }
    if MathParser.withArgument.contains(name), peek.kind == .beginGroup {
      _ = try group(of: begin)
    }
    return name
  }

  mutating func skipOptions() {
    var ahead = 1
    while ahead < 8 {
      switch token(ahead).kind {
      case .sign("]"):
        position += ahead + 1
        return
      case .letter, .sign(","), .digit: ahead += 1
      default: return
      }
    }
  }

  mutating func closeEnvironment(_ open: inout [(name: String, token: TeXToken)])
    throws(Diagnostic)
  {
    let end = advance()
    let name = TeXPieces.environmentName(tokens, position) ?? ""
    _ = try group(of: end)
    guard let last = open.popLast() else {
      throw .tex("end", "\\end{\(name)} without its \\begin", at(end))
    }
    guard last.name == name else {
      throw .tex("end", "\\end{\(name)} does not end \\begin{\(last.name)}", span(from: end))
    }
  }

  /// `\left\{ \begin{…}`: the number of tokens before the environment.
  func braceBeforeEnvironment() -> Int? {
    guard token(1).isCommand("{") || token(1).isCommand("lbrace") || token(1).isSign(".") else {
      return nil
    }
    var ahead = 2
    while let name = token(ahead).command, TeXCommands.spaces.contains(name) { ahead += 1 }
    return token(ahead).isCommand("begin") ? ahead : nil
  }

  // MARK: Words

  /// `\text{…}`; formulas inside it with a relation are read as well.
  mutating func words(_ brackets: inout Int) throws(Diagnostic) -> [MathItem] {
    let token = advance()
    try enter(token)
    defer { leave() }
    let inner = Array(try group(of: token))
    let text = TeXPieces.text(of: inner)
    for character in text {
      if character == "(" || character == "[" { brackets += 1 }
      if character == ")" || character == "]" { brackets = max(0, brackets - 1) }
    }
    var items = [MathItem(.words(text), span(from: token))]
    guard inner.contains(where: { if case .mathShift = $0.kind { true } else { false } }) else {
      return items
    }
    var start: Int?
    for (place, piece) in inner.enumerated() {
      guard case .mathShift = piece.kind else { continue }
      if let begin = start {
        let formula = Array(inner[begin..<place])
        if formula.contains(where: { $0.isSign("=") || $0.isCommand("leftarrow") }) {
          var parser = MathParser(formula, of: source, end: piece.start)
          parser.nesting = nesting
          items += try parser.items()
          remarks += parser.remarks
        }
        start = nil
      } else {
        start = place + 1
      }
    }
    return items
  }

  /// Whether a word that could be a symbol stands alone: `\text{Momentum}` at the end of a row.
  func endsAsWords() -> Bool {
    guard token(1).kind == .beginGroup else { return true }
    var ahead = 2
    while token(ahead).kind != .endGroup, !token(ahead).isEnd { ahead += 1 }
    ahead += 1
    while let name = token(ahead).command, TeXCommands.spaces.contains(name) { ahead += 1 }
    let next = token(ahead)
    return next.isEnd || next.kind == .rowBreak || next.isSign(":") && !token(ahead + 1).isSign("=")
  }

  mutating func wideWords() -> MathItem {
    let first = peek
    var taken: [TeXToken] = []
    while case .letter(let letter) = peek.kind, isWideLetter(letter) { taken.append(advance()) }
    return MathItem(.words(TeXPieces.text(of: taken)), span(from: first))
  }

  /// The place of the bracket that closes if the brackets here hold words alone.
  func bracketedWords() -> Int? {
    var ahead = peek.isCommand("left") ? 1 : 0
    let close: Unicode.Scalar
    switch token(ahead).kind {
    case .sign("("): close = ")"
    case .sign("["): close = "]"
    default: return nil
    }
    ahead += 1
    var texts = 0
    while let name = token(ahead).command {
      if TeXCommands.spaces.contains(name) {
        ahead += 1
        continue
      }
      guard TeXCommands.texts.contains(name), let end = groupEnd(ahead + 1) else { break }
      texts += 1
      ahead = end + 1
    }
    if token(ahead).isCommand("right") { ahead += 1 }
    return texts > 0 && token(ahead).isSign(close) ? position + ahead : nil
  }

  /// Where the group ends that begins so many tokens ahead.
  private func groupEnd(_ ahead: Int) -> Int? {
    guard token(ahead).kind == .beginGroup else { return nil }
    var depth = 0
    var next = ahead
    while true {
      switch token(next).kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .end: return nil
      default: break
      }
      if depth == 0 { return next }
      next += 1
    }
  }

  /// `(\text{the first moment})` at the end of a row says something of it and is no factor.
  var areBracketedWordsHere: Bool {
    guard sawRelation, openFences.isEmpty, let close = bracketedWords() else { return false }
    var next = close + 1
    while next < tokens.count, TeXHabits.isSpace(tokens[next]) { next += 1 }
    guard next >= tokens.count || TeXHabits.endsRow(tokens[next]) else { return false }
    return !isHyperparameter(tokens[position...close]) && !isNumberHere
  }

  /// Whether no letter stands between the relation and here: `2 (\text{classes})` counts them.
  private var isNumberHere: Bool {
    for token in tokens[..<position].reversed() {
      switch token.kind {
      case .letter: return false
      case .command(let name):
        if TeXCommands.letters.contains(name) { return false }
        if TeXCommands.relations[name] != nil { return true }
      case .sign("="), .rowBreak: return true
      default: break
      }
    }
    return true
  }

  /// Words that are a factor where they stand behind one: `g_t\,\text{lr}`.
  func isHyperparameter(_ words: ArraySlice<TeXToken>) -> Bool {
    let text = TeXPieces.text(of: words.filter { $0.command == nil })
    return MathParser.hyperparameters.contains(text.lowercased().filter { $0.isLetter })
  }

  /// `g_t \text{learning rate}`, right behind a factor; behind a space it may say what was meant.
  var isRateInWords: Bool {
    guard sawRelation, position > 0, !TeXHabits.isSpace(tokens[position - 1]),
      let end = groupEnd(1), end > 2, !token(2).spaced
    else { return false }
    let words = tokens[(position + 2)..<(position + end)]
    return words.allSatisfy { if case .letter = $0.kind { true } else { false } }
      && isHyperparameter(words)
  }

  private static let hyperparameters: Set<String> = [
    "lr", "learningrate", "stepsize", "steplength", "rate", "learnrate", "momentumrate",
    "weightdecay", "wd", "decay", "decayrate",
  ]

  /// The place of the `)` if the brackets here hold an equation said in passing.
  func remarkEnd() -> Int? {
    guard let open = remarkStart else { return nil }
    var depth = 0
    var braces = 0
    var place = open
    var sawRelation = false
    while place < tokens.count, place - position < 200 {
      let token = tokens[place]
      switch token.kind {
      case .beginGroup: braces += 1
      case .endGroup: braces -= 1
      case .sign("(") where braces == 0: depth += 1
      case .sign(")") where braces == 0:
        depth -= 1
        if depth == 0 { return sawRelation ? place : nil }
      case .sign("=") where braces == 0 && depth == 1: sawRelation = true
      case .command("gets"), .command("leftarrow"):
        if braces == 0, depth == 1 { sawRelation = true }
      case .rowBreak where braces == 0: return nil
      default: break
      }
      if braces < 0 { return nil }
      place += 1
    }
    return nil
  }

  /// The place of the bracket that is next, with or without `\left`.
  private var remarkStart: Int? {
    if peek.isSign("(") { return position }
    return peek.isCommand("left") && token(1).isSign("(") ? position + 1 : nil
  }

  mutating func remark(until close: Int) throws(Diagnostic) -> [MathItem] {
    let open = peek
    let first = (remarkStart ?? position) + 1
    try enter(open)
    defer { leave() }
    let last = close > first && tokens[close - 1].isCommand("right") ? close - 1 : close
    var inner = MathParser(Array(tokens[first..<last]), of: source, end: tokens[close].start)
    inner.nesting = nesting
    let items = try inner.items().map { item in
      var item = item
      item.isRemark = true
      return item
    }
    remarks += inner.remarks
    position = close + 1
    return items
  }
}
