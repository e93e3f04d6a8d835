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
        if isDecimalPoint { break }
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
      case .sign("("), .sign("["):
        if let close = bracketedWords() {
          items.append(words(inBrackets: close))
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
        if name == "left", let close = bracketedWords() {
          items.append(words(inBrackets: close))
          continue
        }
        if name == "left", let close = remarkEnd() {
          items += try remark(until: close)
          startsRow = false
          continue
        }
        if name == "begin", !startsMatrix {
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

  private mutating func words(inBrackets close: Int) -> MathItem {
    let open = position
    position = close + 1
    return MathItem(
      .words(TeXPieces.text(of: Array(tokens[open...close]))),
      Span(source, tokens[open].start, tokens[close].end))
  }

  /// Sides with relations between them.
  mutating func formula() throws(Diagnostic) -> MathItem {
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

  mutating func sideAfterRelation() throws(Diagnostic) -> Math {
    try skip()
    while peek.kind == .alignment || isGap(peek) || peek.kind == .rowBreak {
      position += 1
      try skip()
    }
    if peek.isEnd || peek.isCommand("end") { throw expected("the right side of the equation") }
    return try expression()
  }

  func isGap(_ token: TeXToken) -> Bool {
    token.command.map { TeXCommands.gaps.contains($0) } ?? false
  }

  /// What may stand behind a complete equation.
  mutating func checkSeparated() throws(Diagnostic) {
    try skip()
    if isNextEquation || remarkEnd() != nil || bracketedWords() != nil { return }
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
}
