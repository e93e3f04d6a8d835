// What stands beside an equation in its row: its number, a bullet, a remark behind a mark of comments.
// Numbers and bullets go, as \tag does; a remark becomes words.

extension TeXHabits {
  static func setRemarksApart(_ tokens: inout [TeXToken]) {
    var hasMark = false
    for place in tokens.indices where !hasMark {
      hasMark = mark(tokens, place) != nil || isBullet(tokens[place]) || isNumbering(tokens[place])
    }
    if hasMark { removeNumbers(&tokens) }
    if hasMark { wrapComments(&tokens) }
  }

  // MARK: Comments

  private static let commentMarks: Set<String> = [
    "#", "triangleright", "rhd", "blacktriangleright", "vartriangleright",
  ]

  /// How many tokens the mark of a comment has.
  private static func mark(_ tokens: [TeXToken], _ place: Int) -> Int? {
    if let name = tokens[place].command { return commentMarks.contains(name) ? 1 : nil }
    guard tokens[place].isSign("/"), place + 1 < tokens.count, tokens[place + 1].isSign("/"),
      !tokens[place + 1].spaced
    else { return nil }
    return 2
  }

  /// `// the first moment` becomes `\text{the first moment}`, up to the end of the row.
  private static func wrapComments(_ tokens: inout [TeXToken]) {
    var result: [TeXToken] = []
    var place = 0
    var sawRelation = false
    while place < tokens.count {
      let token = tokens[place]
      if token.kind == .rowBreak { sawRelation = false }
      if token.isSign("=") || token.command.map({ TeXCommands.relations[$0] != nil }) ?? false {
        sawRelation = true
      }
      guard sawRelation, let length = mark(tokens, place),
        let end = remarkEnd(tokens, place + length)
      else {
        result.append(token)
        place += 1
        continue
      }
      let words = tokens[(place + length)..<end].filter { isWord($0) }
      let last = tokens[end - 1].end
      result.append(TeXToken(.command("text"), token.start, token.end, spaced: true))
      result.append(TeXToken(.beginGroup, token.end, token.end))
      result += words
      result.append(TeXToken(.endGroup, last, last))
      place = end
    }
    tokens = result
  }

  /// Braces, type faces and spaces are none.
  private static func isWord(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .letter, .digit, .sign: true
    default: false
    }
  }

  /// Where a remark ends that holds words, and perhaps a symbol, but no equation.
  private static func remarkEnd(_ tokens: [TeXToken], _ start: Int) -> Int? {
    var depth = 0
    var next = start
    var sawLetter = false
    loop: while next < tokens.count {
      switch tokens[next].kind {
      case .beginGroup: depth += 1
      case .endGroup:
        depth -= 1
        if depth < 0 { return nil }
      case .rowBreak, .end, .command("end"): if depth == 0 { break loop }
      case .alignment, .mathShift, .sign("="): return nil
      case .letter: sawLetter = true
      default: break
      }
      next += 1
    }
    return depth == 0 && sawLetter ? next : nil
  }

  // MARK: Numbers and bullets

  private static func isBullet(_ token: TeXToken) -> Bool { token.isCommand("bullet") }

  private static func isNumbering(_ token: TeXToken) -> Bool {
    token.isSign("(") || token.isCommand("eqno") || token.isCommand("leqno")
  }

  private static func removeNumbers(_ tokens: inout [TeXToken]) {
    var dropped: Set<Int> = []
    var startsRow = true
    var place = 0
    while place < tokens.count {
      let token = tokens[place]
      if token.isCommand("eqno") || token.isCommand("leqno") {
        guard let end = numberEnd(tokens, place + 1) else { return }
        dropped.formUnion(place..<end)
        place = end
        continue
      }
      if startsRow, isBullet(token) {
        dropped.insert(place)
      } else if startsRow, let end = numberEnd(tokens, place), end < tokens.count,
        tokens[end].command.map({ TeXCommands.spaces.contains($0) || TeXCommands.gaps.contains($0) }
        )
          ?? false
      {
        dropped.formUnion(place..<end)
        place = end
        startsRow = false
        continue
      }
      startsRow = token.kind == .rowBreak || token.kind == .alignment || startsRow && isSpace(token)
      place += 1
    }
    remove(dropped, from: &tokens)
  }

  /// Where `(1)`, `(a)` or `(2.3)` ends.
  private static func numberEnd(_ tokens: [TeXToken], _ start: Int) -> Int? {
    guard start < tokens.count, tokens[start].isSign("(") else { return nil }
    var next = start + 1
    var letters = 0
    while next < tokens.count, next < start + 7 {
      switch tokens[next].kind {
      case .digit, .sign("."): break
      case .letter: letters += 1
      case .sign(")"): return next > start + 1 && letters < 2 ? next + 1 : nil
      default: return nil
      }
      next += 1
    }
    return nil
  }
}
