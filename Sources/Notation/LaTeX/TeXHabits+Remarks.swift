// What stands beside an equation in its row: its number, a bullet, a remark behind a mark of comments.
// Numbers and bullets go, as \tag does; a remark becomes words. What could count is left: a bracket in
// a row without a relation of its own, or behind one, is a factor, and `a // b` a division.

extension TeXHabits {
  /// - Returns: the places of the numbers that went.
  static func setRemarksApart(_ tokens: inout [TeXToken]) -> [(Int, Int)] {
    var hasMark = false
    for place in tokens.indices where !hasMark {
      hasMark = mark(tokens, place) != nil || isBullet(tokens[place]) || isNumbering(tokens[place])
    }
    guard hasMark else { return [] }
    let numbers = removeNumbers(&tokens)
    wrapComments(&tokens)
    return numbers
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
        let end = remarkEnd(tokens, place + length), isRemark(tokens, place, length, end)
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

  /// `a // b` divides, and `\# classes` alone is what a number counts: a remark stands behind an operand
  /// and is more than one word, or stands apart.
  private static func isRemark(_ tokens: [TeXToken], _ place: Int, _ length: Int, _ end: Int)
    -> Bool
  {
    guard place > 0, !tokens[place - 1].isSign("="), !tokens[place - 1].isSign("+"),
      !tokens[place - 1].isSign("-"), !tokens[place - 1].isSign("/")
    else { return false }
    let before = tokens[place - 1].command
    if let before, TeXCommands.relations[before] != nil || TeXCommands.products.contains(before) {
      return false
    }
    // `\triangleright` sets a remark apart and is nothing else.
    if length == 1, !tokens[place].isCommand("#"), isSpace(tokens[place - 1]) { return true }
    let inside = tokens[(place + length)..<end]
    if inside.contains(where: { $0.command.map(TeXCommands.texts.contains) ?? false }) {
      return true
    }
    // Letters in a row are a word.
    var words = 0
    var letters = 0
    for (offset, token) in inside.enumerated() {
      if case .letter = token.kind {
        letters = token.spaced && offset > 0 ? 1 : letters + 1
        if letters == 2 { words += 1 }
      } else {
        letters = 0
      }
    }
    return words > 1 || words == 1 && (isSpace(tokens[place - 1]) || tokens[place].command != nil)
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

  private static func removeNumbers(_ tokens: inout [TeXToken]) -> [(Int, Int)] {
    var dropped: Set<Int> = []
    var numbers: [(Int, Int)] = []
    let groups = TeXGroups(tokens)
    var startsRow = true
    var place = 0
    while place < tokens.count {
      let token = tokens[place]
      if token.isCommand("begin"), let name = groups.end(of: place + 1) {
        place = name + 1
        startsRow = true
        continue
      }
      if token.isCommand("eqno") || token.isCommand("leqno") {
        guard let end = numberEnd(tokens, place + 1) else { return [] }
        dropped.formUnion(place..<end)
        place = end
        continue
      }
      if startsRow, isBullet(token), holdsRelation(tokens, place + 1) {
        dropped.insert(place)
      } else if startsRow, let end = numberEnd(tokens, place), end < tokens.count,
        tokens[end].command.map({ TeXCommands.spaces.contains($0) || TeXCommands.gaps.contains($0) }
        )
          ?? false, holdsRelation(tokens, end)
      {
        dropped.formUnion(place..<end)
        numbers.append((token.start, tokens[end - 1].end))
        place = end
        startsRow = false
        continue
      }
      // `& (1)\; a = b` begins a row as well.
      startsRow =
        token.kind == .rowBreak || startsRow && (token.kind == .alignment || isSpace(token))
      place += 1
    }
    remove(dropped, from: &tokens)
    return numbers
  }

  /// Whether a row goes on with a symbol and then with a relation: behind `(2)\,` of `(2)\,(3) = 6` and
  /// of `& (2)\,\theta - g` nothing says that the bracket is a number of the row.
  private static func holdsRelation(_ tokens: [TeXToken], _ start: Int) -> Bool {
    var depth = 0
    var sawSymbol = false
    for token in tokens[min(start, tokens.count)...] {
      if !sawSymbol, token.kind != .alignment, !isSpace(token) {
        switch token.kind {
        case .letter, .command: sawSymbol = true
        default: return false
        }
      }
      switch token.kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .rowBreak, .end, .command("end"): if depth <= 0 { return false }
      case .sign("=") where depth == 0: return true
      case .command(let name) where depth == 0 && TeXCommands.relations[name] != nil: return true
      default: break
      }
    }
    return false
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
