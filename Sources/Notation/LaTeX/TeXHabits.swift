// What people write that TeX sets well and a grammar of formulas does not expect, put into the form
// that it does: a box round a whole equation, a bracket over two rows, three dots typed as dots, row
// ends that Markdown took away, a relation repeated at the beginning of the next row.
//
// Only tokens that set no sign of their own are taken out; every token keeps its place in the source.

enum TeXHabits {
  /// The tokens of one formula in the form that `MathParser` reads.
  static func tidied(_ tokens: [TeXToken]) -> [TeXToken] {
    var result = tokens
    if result.contains(where: { $0.command.map(boxes.contains) ?? false }) { unbox(&result) }
    if result.contains(where: { $0.isCommand("begin") }) { unbraceRows(&result) }
    if result.contains(where: { $0.isCommand("right") }) { joinFences(&result) }
    if result.contains(where: { $0.isSign("<") }) { roundTimes(&result) }
    spellOut(&result)
    restoreRows(&result)
    joinRows(&result)
    return result
  }

  static let boxes: Set<String> = ["boxed", "fbox", "ensuremath"]

  // MARK: Boxes

  /// `\boxed{ a = b }`: the box goes, where a whole equation or several stand in it.
  private static func unbox(_ tokens: inout [TeXToken]) {
    var dropped: Set<Int> = []
    for (place, token) in tokens.enumerated() {
      guard token.command.map(boxes.contains) ?? false, place + 1 < tokens.count,
        tokens[place + 1].kind == .beginGroup, let close = groupEnd(tokens, place + 1),
        holdsEquation(tokens[(place + 2)..<close])
      else { continue }
      dropped.formUnion([place, place + 1, close])
    }
    remove(dropped, from: &tokens)
  }

  /// `\begin{array}{l}{a = b} \\ {c = d}\end{array}`: the braces round each row go.
  private static func unbraceRows(_ tokens: inout [TeXToken]) {
    var dropped: Set<Int> = []
    var place = 0
    var startsRow = true
    while place < tokens.count {
      let token = tokens[place]
      if token.isCommand("begin"), let name = groupEnd(tokens, place + 1) {
        place = name + 1
        // The columns of an array.
        if place + 1 < tokens.count, tokens[place].kind == .beginGroup,
          let columns = groupEnd(tokens, place), columns - place < 12,
          tokens[place..<columns].dropFirst().allSatisfy(isColumn)
        {
          place = columns + 1
        }
        startsRow = true
        continue
      }
      if startsRow, token.kind == .beginGroup, let close = groupEnd(tokens, place),
        holdsEquation(tokens[(place + 1)..<close]), endsRow(tokens, close + 1)
      {
        dropped.formUnion([place, close])
      }
      startsRow =
        token.kind == .rowBreak || token.kind == .alignment
        || startsRow && isSpace(token)
      place += 1
    }
    remove(dropped, from: &tokens)
  }

  private static func isColumn(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .letter(let letter): "lcr".unicodeScalars.contains(letter)
    case .sign("|"): true
    default: false
    }
  }

  private static func endsRow(_ tokens: [TeXToken], _ place: Int) -> Bool {
    var next = place
    while next < tokens.count, isSpace(tokens[next]) { next += 1 }
    guard next < tokens.count else { return true }
    switch tokens[next].kind {
    case .rowBreak, .alignment, .end, .command("end"), .sign(","), .sign("."): return true
    default: return false
    }
  }

  /// The place of the `}` that closes a group.
  private static func groupEnd(_ tokens: [TeXToken], _ open: Int) -> Int? {
    guard open < tokens.count, tokens[open].kind == .beginGroup else { return nil }
    var depth = 0
    for place in open..<tokens.count {
      if tokens[place].kind == .beginGroup { depth += 1 }
      if tokens[place].kind == .endGroup {
        depth -= 1
        if depth == 0 { return place }
      }
    }
    return nil
  }

  private static func holdsEquation(_ tokens: ArraySlice<TeXToken>) -> Bool {
    var depth = 0
    for token in tokens {
      switch token.kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .rowBreak, .alignment: return true
      case .sign("="), .sign("<"), .sign(">"): if depth == 0 { return true }
      case .command(let name):
        if depth > 0 { break }
        if TeXCommands.relations[name] != nil || TeXCommands.gaps.contains(name) { return true }
        // A remark in a frame is no operand either.
        if TeXCommands.texts.contains(name) { return true }
      default: break
      }
    }
    return false
  }

  // MARK: Brackets

  /// `\left( a \right. \\ & \left. + b \right)` is one bracket.
  private static func joinFences(_ tokens: inout [TeXToken]) {
    var dropped: Set<Int> = []
    for place in tokens.indices {
      guard tokens[place].isCommand("right"), place + 1 < tokens.count,
        tokens[place + 1].isSign(".")
      else { continue }
      var next = place + 2
      var between: [Int] = []
      while next < tokens.count, isBetweenRows(tokens[next]) {
        between.append(next)
        next += 1
      }
      guard between.contains(where: { tokens[$0].kind == .rowBreak }), next + 1 < tokens.count,
        tokens[next].isCommand("left"), tokens[next + 1].isSign(".")
      else { continue }
      dropped.formUnion(between + [place, place + 1, next, next + 1])
    }
    remove(dropped, from: &tokens)
  }

  private static func isBetweenRows(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .rowBreak, .alignment: return true
    case .command(let name): return isBlank(name)
    default: return false
    }
  }

  private static func isBlank(_ name: String) -> Bool {
    TeXCommands.spaces.contains(name) || TeXCommands.gaps.contains(name)
      || TeXCommands.skipped[name] == 0 && name != "left" && name != "right"
  }

  /// `a^{<t>}` is a^{(t)}.
  private static func roundTimes(_ tokens: inout [TeXToken]) {
    for place in tokens.indices {
      guard tokens[place].kind == .superscriptSign, place + 2 < tokens.count,
        tokens[place + 1].kind == .beginGroup, tokens[place + 2].isSign("<"),
        let close = groupEnd(tokens, place + 1), close > place + 4, tokens[close - 1].isSign(">"),
        !tokens[(place + 3)..<(close - 1)].contains(where: { $0.isSign("<") || $0.isSign(">") })
      else { continue }
      tokens[place + 2].kind = .sign("(")
      tokens[close - 1].kind = .sign(")")
    }
  }

  // MARK: Dots and words

  /// `1, ..., n` has an ellipsis; `\text{ReLU(x)}` is ReLU(x).
  private static func spellOut(_ tokens: inout [TeXToken]) {
    var dropped: Set<Int> = []
    var place = 0
    while place < tokens.count {
      if tokens[place].isSign("."), place + 2 < tokens.count, tokens[place + 1].isSign("."),
        tokens[place + 2].isSign("."), !tokens[place + 1].spaced, !tokens[place + 2].spaced
      {
        tokens[place].kind = .command("ldots")
        tokens[place].end = tokens[place + 2].end
        dropped.formUnion([place + 1, place + 2])
        place += 3
        continue
      }
      // `\text{ }` only spaces, and so does `\mathrm{ }`.
      if tokens[place].command.map({ TeXCommands.texts.contains($0) || $0 == "mathrm" }) ?? false,
        place + 2 < tokens.count, tokens[place + 1].kind == .beginGroup,
        tokens[place + 2].kind == .endGroup
      {
        dropped.formUnion([place, place + 1, place + 2])
        place += 3
        continue
      }
      // A typographic apostrophe, and `r^t{'}`.
      if tokens[place].isSign("’") || tokens[place].isSign("′") { tokens[place].kind = .prime }
      if tokens[place].kind == .beginGroup, place + 2 < tokens.count, place > 0,
        tokens[place + 1].kind == .prime || tokens[place + 1].isSign("’"),
        tokens[place + 2].kind == .endGroup
      {
        tokens[place + 1].kind = .prime
        dropped.formUnion([place, place + 2])
      }
      // A nabla by another name.
      if tokens[place].isCommand("bigtriangledown") || tokens[place].isCommand("triangledown") {
        tokens[place].kind = .command("nabla")
      }
      if tokens[place].isCommand("cdot"), isPlaceholder(tokens, place) {
        tokens[place].kind = .command("ldots")
      }
      if tokens[place].command.map(TeXCommands.texts.contains) ?? false,
        let (open, close) = callInText(tokens, place)
      {
        // `\text{` name `}` `(` x `)`
        tokens.remove(at: close + 1)
        tokens.insert(TeXToken(.endGroup, tokens[open].start, tokens[open].start), at: open)
        place = close + 2
        continue
      }
      place += 1
    }
    remove(dropped, from: &tokens)
  }

  /// The dot of ‖·‖ and f(·), which stands for an argument.
  private static func isPlaceholder(_ tokens: [TeXToken], _ place: Int) -> Bool {
    guard place > 0, place + 1 < tokens.count else { return false }
    func isEdge(_ token: TeXToken, _ signs: Set<Unicode.Scalar>) -> Bool {
      if let sign = token.sign { return signs.contains(sign) }
      return token.command.map { ["|", "Vert", "lVert", "rVert", "vert"].contains($0) } ?? false
    }
    return isEdge(tokens[place - 1], ["(", "|", ",", "[", ";"])
      && isEdge(tokens[place + 1], [")", "|", ",", "]", ";"])
  }

  /// Where the brackets of `\text{Name(x)}` stand, if that is all there is in it.
  private static func callInText(_ tokens: [TeXToken], _ place: Int) -> (Int, Int)? {
    guard place + 1 < tokens.count, tokens[place + 1].kind == .beginGroup else { return nil }
    var next = place + 2
    func isLetter(_ place: Int) -> Bool {
      guard place < tokens.count, !tokens[place].spaced || place == next else { return false }
      if case .letter(let letter) = tokens[place].kind { return letter.isASCII }
      return false
    }
    let start = next
    while isLetter(next) { next += 1 }
    guard next - start > 1, next < tokens.count, tokens[next].isSign("(") else { return nil }
    let open = next
    next += 1
    let argument = next
    while isLetter(next) { next += 1 }
    guard next - argument == 1, next + 1 < tokens.count, tokens[next].isSign(")"),
      tokens[next + 1].kind == .endGroup
    else { return nil }
    return (open, next)
  }

  // MARK: Rows

  /// Markdown makes `\ ` of `\\`: between the equations of an environment without a single row end, it
  /// is one.
  private static func restoreRows(_ tokens: inout [TeXToken]) {
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
  private static func joinRows(_ tokens: inout [TeXToken]) {
    guard tokens.contains(where: { $0.kind == .rowBreak }) else { return }
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
      // `=` that ends a row goes on in the next one.
      if before > 0, tokens[before - 1].kind == .alignment { dropped.insert(before - 1) }
    }
    remove(dropped, from: &tokens)
  }

  private static func isSpace(_ token: TeXToken) -> Bool {
    token.command.map(isBlank) ?? false
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

  private static func remove(_ dropped: Set<Int>, from tokens: inout [TeXToken]) {
    guard !dropped.isEmpty else { return }
    tokens = tokens.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
  }
}
