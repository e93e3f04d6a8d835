// The ends of rows: those that Markdown took away, empty ones, and signs that both of two rows have
// for one. What a row holds is left to `MathParser+Rows.swift`.

extension TeXHabits {
  /// Markdown makes `\ ` of `\\`: between the equations of an environment without a single row end, it
  /// is one.
  static func restoreRows(_ tokens: inout [TeXToken]) {
    guard tokens.contains(where: { $0.kind == .alignment }),
      !tokens.contains(where: { $0.kind == .rowBreak })
    else { return }
    let aligned = tokens.indices.filter { place in
      tokens[place].kind == .alignment && place + 1 < tokens.count
        && isRelation(tokens[place + 1])
    }
    guard aligned.count > 1 else { return }
    let blanks = tokens.indices.filter { tokens[$0].isCommand(" ") }
    // One between each two.
    guard blanks.count == aligned.count - 1,
      zip(blanks, aligned).allSatisfy({ $0 > $1 }),
      zip(blanks, aligned.dropFirst()).allSatisfy({ $0 < $1 })
    else { return }
    for place in blanks { tokens[place].kind = .rowBreak }
  }

  /// `a = b = \\ &= c` says “equals” once, and so do signs at both ends of a break; an empty row is none.
  /// - Returns: the places of signs that could be meant as two, a - (-b).
  static func joinRows(_ tokens: inout [TeXToken]) -> [(Int, Int)] {
    guard tokens.contains(where: { $0.kind == .rowBreak }) else { return [] }
    var joined: [(Int, Int)] = []
    var dropped: Set<Int> = []
    for place in tokens.indices where tokens[place].kind == .rowBreak && !dropped.contains(place) {
      var before = place - 1
      while before >= 0, isSpace(tokens[before]) { before -= 1 }
      var after = place + 1
      while after < tokens.count, isBetweenRows(tokens[after]) {
        if tokens[after].kind == .rowBreak { dropped.insert(after) }
        after += 1
      }
      guard before >= 0, after < tokens.count, joins(tokens[before]),
        tokens[before].kind == tokens[after].kind
      else { continue }
      dropped.insert(before)
      if tokens[before].isSign("-") { joined.append((tokens[before].start, tokens[after].end)) }
      // `=` that ends a row goes on in the next one.
      if before > 0, tokens[before - 1].kind == .alignment { dropped.insert(before - 1) }
    }
    remove(dropped, from: &tokens)
    return joined
  }

  private static func joins(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .sign(let sign): return "=+-<>".unicodeScalars.contains(sign)
    case .command(let name):
      return TeXCommands.relations[name] != nil || TeXCommands.products.contains(name)
    default: return false
    }
  }

  private static func isRelation(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .sign("="): return true
    case .command(let name): return TeXCommands.relations[name] != nil
    default: return false
    }
  }
}
