// What people write that TeX sets well and a grammar of formulas does not expect, put into the form
// that it does: a box round a whole equation, a bracket over two rows, three dots typed as dots, row
// ends that Markdown took away, a relation repeated at the beginning of the next row.
//
// Only tokens that set no sign of their own are taken out, and what a row's end repeats; every token
// keeps its place in the source. One pass over the tokens for each habit.

enum TeXHabits {
  /// The tokens of one formula in the form that `MathParser` reads.
  /// - Returns: also where two minus signs were made one, and the numbers before rows that went.
  static func tidied(_ tokens: [TeXToken])
    -> (tokens: [TeXToken], joined: [(Int, Int)], numbers: [(Int, Int)])
  {
    var result = tokens
    openFormulaBoxes(&result)
    bareSigns(&result)
    unbox(&result)
    if result.contains(where: { $0.kind == .beginGroup }) { unbraceRows(&result) }
    if result.contains(where: { $0.isCommand("right") }) { joinFences(&result) }
    roundTimes(&result)
    spellOut(&result)
    let numbers = setRemarksApart(&result)
    restoreRows(&result)
    let joined = joinRows(&result)
    return (result, joined, numbers)
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

  static func isBetweenRows(_ token: TeXToken) -> Bool {
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
        for moved in stride(from: close + 1, to: open, by: -1) { tokens[moved] = tokens[moved - 1] }
        let start = tokens[open].start
        tokens[open] = TeXToken(.endGroup, start, start)
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

  static func isSpace(_ token: TeXToken) -> Bool {
    token.command.map(isBlank) ?? false
  }

  static func remove(_ dropped: Set<Int>, from tokens: inout [TeXToken]) {
    guard !dropped.isEmpty else { return }
    tokens = tokens.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
  }
}
