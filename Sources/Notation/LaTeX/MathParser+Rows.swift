// Rows of equations: environments, `\\`, `&`, commas, \quad and words between them.
//
// A row is cut where an equation is complete. What steers an algorithm (“for t = 1, 2, … do”) is kept
// as words. Nothing is dropped but what `TeXCommands` lists as look.

import Diagnostics

extension MathParser {
  /// All that is in one formula, in the order written.
  mutating func items() throws(Diagnostic) -> [MathItem] {
    var items: [MathItem] = []
    var environments: [(name: String, token: TeXToken)] = []
    var textBrackets = 0
    var startsRow = true
    while true {
      try skip()
      let token = peek
      switch token.kind {
      case .end:
        if let open = environments.last {
          throw .tex("unclosed", "\\begin{\(open.name)} is never ended", at(open.token))
        }
        return items
      case .rowBreak:
        position += 1
        skipRowSpacing()
        startsRow = true
        continue
      case .alignment, .sign(","), .sign(";"), .sign(":"):
        if token.isSign(":"), self.token(1).isSign("=") { break }
        position += 1
        continue
      case .sign("."):
        if case .digit = self.token(1).kind { break }
        position += 1
        continue
      case .sign(")"), .sign("]"):
        guard textBrackets > 0 else {
          throw .tex("closes-nothing", "this \(describe(token)) closes nothing", at(token))
        }
        textBrackets -= 1
        position += 1
        continue
      case .endGroup:
        throw .tex("closes-nothing", "this } closes nothing", at(token))
      case .sign("("):
        if let close = bracketedWords() {
          items.append(
            MathItem(
              .words(TeXPieces.text(of: Array(tokens[position...close]))),
              Span(source, token.start, tokens[close].end)))
          position = close + 1
          continue
        }
        if let close = remarkEnd() {
          items += try remark(until: close)
          startsRow = false
          continue
        }
      case .letter(let letter) where isWideLetter(letter):
        items.append(wideWords())
        continue
      case .command(let name):
        if TeXCommands.gaps.contains(name) {
          position += 1
          continue
        }
        if name == "begin" {
          environments.append((try openEnvironment(), token))
          startsRow = true
          continue
        }
        if name == "end" {
          try closeEnvironment(&environments)
          continue
        }
        if name == "left", let skipped = braceBeforeEnvironment() {
          position += skipped
          continue
        }
        if name == "right" {
          // The other half of `\left\{ \begin{…} … \end{…} \right.`
          position += 2
          continue
        }
        if name == "{" || name == "lbrace", self.token(1).isCommand("begin") {
          position += 1
          continue
        }
        if name == "forall" || name == "exists" {
          position += 1
          let what = try condition()
          items.append(MathItem(.words(at(token).text + " " + what.span.text), span(from: token)))
          continue
        }
        if TeXCommands.texts.contains(name), !isSymbolText(position) || endsAsWords() {
          items += try words(&textBrackets)
          continue
        }
      default: break
      }
      if let relation = try relation() {
        // A row that begins with a relation goes on with the equation before it.
        let side = try sideAfterRelation()
        guard let last = items.indices.last,
          case .formula(var sides, var relations) = items[last].kind
        else {
          throw .tex("relation", "nothing stands before this relation", at(token))
        }
        sides.append(side)
        relations.append(relation)
        items[last].kind = .formula(sides, relations)
        items[last].span = items[last].span.joined(with: side.span)
        continue
      }
      var item = try formula()
      item.startsRow = startsRow
      startsRow = false
      items.append(item)
      guard items.count <= TeXLimits.items else {
        throw .tex("items", "more than \(TeXLimits.items) formulas in one text", at(token))
      }
    }
  }

  /// Sides with relations between them.
  private mutating func formula() throws(Diagnostic) -> MathItem {
    let first = peek
    sawRelation = false
    var sides = [try expression()]
    var relations: [TeXRelation] = []
    while true {
      let before = position
      try skip()
      var ahead = 0
      while peek.kind == .alignment || isGap(peek) || (peek.kind == .rowBreak && ahead == 0) {
        if peek.kind == .rowBreak { ahead += 1 }
        position += 1
        if ahead == 1 { skipRowSpacing() }
        try skip()
      }
      guard let relation = try self.relation() else {
        position = before
        break
      }
      relations.append(relation)
      sawRelation = true
      sides.append(try sideAfterRelation())
    }
    try checkSeparated()
    return MathItem(.formula(sides, relations), span(from: first))
  }

  private mutating func sideAfterRelation() throws(Diagnostic) -> Math {
    try skip()
    while peek.kind == .alignment || isGap(peek) || peek.kind == .rowBreak {
      position += 1
      try skip()
    }
    if peek.isEnd || peek.isCommand("end") { throw expected("the right side of the equation") }
    return try expression()
  }

  private func isGap(_ token: TeXToken) -> Bool {
    token.command.map { TeXCommands.gaps.contains($0) } ?? false
  }

  /// What may stand behind a complete equation.
  private mutating func checkSeparated() throws(Diagnostic) {
    try skip()
    if isNextEquation { return }
    switch peek.kind {
    case .end, .rowBreak, .alignment, .sign(","), .sign(";"), .sign("."), .sign(":"), .sign("("),
      .sign(")"), .sign("]"):
      return
    case .letter(let letter) where isWideLetter(letter): return
    case .command(let name):
      if TeXCommands.texts.contains(name), isSymbolText(position) {
        // One word and then more of a formula: is it a factor or a comment?
        var ahead = 1
        while token(ahead).kind != .endGroup, !token(ahead).isEnd { ahead += 1 }
        ahead += 1
        while let name = token(ahead).command, TeXCommands.spaces.contains(name) { ahead += 1 }
        switch token(ahead).kind {
        case .letter, .digit, .beginGroup, .subscriptSign, .superscriptSign:
          throw .tex(
            "words", "is this word a factor or a comment?", at(peek),
            help: "write \\cdot before a factor, \\quad before a comment")
        default: break
        }
      }
      if TeXCommands.gaps.contains(name) || TeXCommands.texts.contains(name) || name == "end"
        || name == "right" || name == "begin" || name == "forall" || name == "exists"
      {
        return
      }
      throw unknown(peek, name)
    case .endGroup: throw .tex("closes-nothing", "this } closes nothing", at(peek))
    default: throw expected("an operator or the end of the equation")
    }
  }

  // MARK: Relations

  /// The relation that comes next, read past.
  mutating func relation() throws(Diagnostic) -> TeXRelation? {
    let token = peek
    switch token.kind {
    case .sign("="):
      position += 1
      if peek.isSign("="), !peek.spaced { position += 1 }
      return .equals
    case .sign(":"):
      guard self.token(1).isSign("=") else { return nil }
      position += 2
      return .assign
    case .sign("+"), .sign("-"), .sign("*"), .sign("/"):
      guard self.token(1).isSign("="), !self.token(1).spaced, let sign = token.sign else {
        return nil
      }
      position += 2
      return .update(sign)
    case .sign("<"):
      position += 1
      if peek.isSign("-"), !peek.spaced, self.token(1).spaced {
        position += 1
        return .assign
      }
      if peek.isSign("="), !peek.spaced {
        position += 1
        return .lessOrEqual
      }
      return .less
    case .sign(">"):
      position += 1
      if peek.isSign("="), !peek.spaced {
        position += 1
        return .greaterOrEqual
      }
      return .greater
    case .command(let name): return try relation(named: name, token)
    default: return nil
    }
  }

  private mutating func relation(named name: String, _ token: TeXToken) throws(Diagnostic)
    -> TeXRelation?
  {
    if let relation = TeXCommands.relations[name] {
      position += 1
      return relation
    }
    switch name {
    case "mathrel":
      position += 1
      let inner = Array(try group(of: token))
      if inner.count == 1, let sign = inner[0].sign, peek.isSign("="), "+-*/".contains(String(sign))
      {
        position += 1
        return .update(sign)
      }
      if inner.count == 2, let sign = inner[0].sign, inner[1].isSign("=") {
        return sign == ":" ? .assign : .update(sign)
      }
      if inner.count == 1, inner[0].isSign(":"), peek.isSign("=") {
        position += 1
        return .assign
      }
      throw .tex("relation", "this relation is not known", at(token))
    case "stackrel", "overset", "underset":
      // `\overset{def}{=}`
      let start = position
      position += 1
      _ = try group(of: token)
      guard peek.kind == .beginGroup else {
        position = start
        return nil
      }
      let base = Array(try group(of: token))
      if base.count == 1, base[0].isSign("=") { return .equals }
      if base.count == 1, let name = base[0].command, let relation = TeXCommands.relations[name] {
        return relation
      }
      position = start
      if name == "underset" { return nil }
      throw .tex("overset", "what stands over this is not understood", at(token))
    case "not":
      guard self.token(1).isSign("=") else {
        throw .tex("relation", "this relation is not known", at(token))
      }
      position += 2
      return .notEqual
    default: return nil
    }
  }

  // MARK: Environments

  private static let containers: Set<String> = [
    "aligned", "align", "alignedat", "alignat", "gather", "gathered", "cases", "dcases", "rcases",
    "eqnarray", "split", "array", "equation", "multline", "flalign", "displaymath", "math",
    "subequations", "multlined", "algorithmic", "empheq", "tabular",
  ]

  private mutating func openEnvironment() throws(Diagnostic) -> String {
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
    if name == "array" || name == "alignat" || name == "alignedat" || name == "tabular" {
      _ = try group(of: begin)
    }
    return name
  }

  private mutating func skipOptions() {
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

  private mutating func closeEnvironment(_ open: inout [(name: String, token: TeXToken)])
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
  private func braceBeforeEnvironment() -> Int? {
    guard token(1).isCommand("{") || token(1).isCommand("lbrace") || token(1).isSign(".") else {
      return nil
    }
    var ahead = 2
    while let name = token(ahead).command, TeXCommands.spaces.contains(name) { ahead += 1 }
    return token(ahead).isCommand("begin") ? ahead : nil
  }

  // MARK: Words

  /// `\text{…}`; formulas inside it with a relation are read as well.
  private mutating func words(_ brackets: inout Int) throws(Diagnostic) -> [MathItem] {
    let token = advance()
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
        }
        start = nil
      } else {
        start = place + 1
      }
    }
    return items
  }

  /// Whether a word that could be a symbol stands alone: `\text{Momentum}` at the end of a row.
  private func endsAsWords() -> Bool {
    guard token(1).kind == .beginGroup else { return true }
    var ahead = 2
    while token(ahead).kind != .endGroup, !token(ahead).isEnd { ahead += 1 }
    ahead += 1
    while let name = token(ahead).command, TeXCommands.spaces.contains(name) { ahead += 1 }
    let next = token(ahead)
    return next.isEnd || next.kind == .rowBreak || next.isSign(":") && !token(ahead + 1).isSign("=")
  }

  private mutating func wideWords() -> MathItem {
    let first = peek
    var taken: [TeXToken] = []
    while case .letter(let letter) = peek.kind, isWideLetter(letter) { taken.append(advance()) }
    return MathItem(.words(TeXPieces.text(of: taken)), span(from: first))
  }

  /// The place of the `)` if the brackets here hold words alone.
  private func bracketedWords() -> Int? {
    guard let name = token(1).command, TeXCommands.texts.contains(name) else { return nil }
    var ahead = 2
    var depth = 0
    repeat {
      switch token(ahead).kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .end: return nil
      default: break
      }
      ahead += 1
    } while depth > 0
    return token(ahead).isSign(")") ? position + ahead : nil
  }

  /// The place of the `)` if the brackets here hold an equation said in passing.
  func remarkEnd() -> Int? {
    guard peek.isSign("(") else { return nil }
    var depth = 0
    var braces = 0
    var place = position
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

  private mutating func remark(until close: Int) throws(Diagnostic) -> [MathItem] {
    let open = peek
    try enter(open)
    defer { leave() }
    var inner = MathParser(
      Array(tokens[(position + 1)..<close]), of: source, end: tokens[close].start)
    inner.nesting = nesting
    let items = try inner.items().map { item in
      var item = item
      item.isRemark = true
      return item
    }
    position = close + 1
    return items
  }
}
