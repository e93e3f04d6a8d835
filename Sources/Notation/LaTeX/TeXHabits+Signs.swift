// Signs in wrappings: `\mathrel{=}`, `{=}`, `\overset{!}{=}`, `\dot{=}`, an accent that is stacked on its
// letter, space by its measure. What is taken off sets no sign of its own; what stands over a relation
// and makes another one of it (“equal?”, “equal in distribution”) makes it one that assigns nothing.

extension TeXHabits {
  private static let classes: Set<String> = [
    "mathbin", "mathrel", "mathop", "mathord", "mathpunct", "mathinner", "mathopen", "mathclose",
  ]

  private static let stacks: Set<String> = ["overset", "stackrel", "underset"]

  private static let kerns: Set<String> = ["kern", "mkern", "hskip", "mskip"]

  static func bareSigns(_ tokens: inout [TeXToken]) {
    for _ in 0..<2 {
      let names = Set(tokens.compactMap(\.command))
      if !names.isDisjoint(with: kerns) { removeKerns(&tokens) }
      let groups = TeXGroups(tokens)
      var unwrapper = Unwrapper(tokens: tokens, groups: groups)
      unwrapper.run()
      guard !unwrapper.dropped.isEmpty else { return }
      tokens = unwrapper.tokens
      remove(unwrapper.dropped, from: &tokens)
    }
  }

  private struct Unwrapper {
    var tokens: [TeXToken]
    let groups: TeXGroups
    var dropped: Set<Int> = []

    mutating func run() {
      for place in tokens.indices {
        switch tokens[place].kind {
        case .command("joinrel"): dropped.insert(place)
        case .command(let name) where classes.contains(name): unwrap(place)
        case .command(let name) where stacks.contains(name): unstack(place, name)
        case .command(let name) where TeXCommands.accents[name] != nil:
          unwrap(place, isClass: false)
        case .beginGroup: unbrace(place)
        default: break
        }
      }
    }

    /// `\mathrel{=}`, `\mathop:`, `\hat{=}`
    private mutating func unwrap(_ place: Int, isClass: Bool = true) {
      if let close = groups.end(of: place + 1) {
        let inside = (place + 2)..<close
        guard !inside.isEmpty,
          inside.allSatisfy({ isClass ? isSign(tokens[$0]) : isRelation(tokens[$0]) })
        else { return }
        dropped.formUnion([place, place + 1, close])
      } else if isClass, place + 1 < tokens.count, tokens[place + 1].isSign(":") {
        dropped.insert(place)
      }
    }

    /// `a {=} b`; in a script a sign stays what it is.
    private mutating func unbrace(_ place: Int) {
      guard let close = groups.end(of: place), close == place + 2, place > 0,
        isRelation(tokens[place + 1]) || tokens[place + 1].isSign("+")
          || tokens[place + 1].isSign("-")
      else { return }
      switch tokens[place - 1].kind {
      case .letter, .digit, .alignment, .prime: break
      case .sign(")"), .sign("]"): break
      // Behind a script only: `x_{t}{=}`, but not `\frac{a}{=}`.
      case .endGroup:
        guard let open = groups.begin(of: place - 1), open > 0,
          tokens[open - 1].kind == .subscriptSign || tokens[open - 1].kind == .superscriptSign
        else { return }
      default: return
      }
      dropped.formUnion([place, close])
    }

    /// `\overset{!}{=}` is `=`, `\overset{\wedge}{m}` is `\hat{m}`.
    private mutating func unstack(_ place: Int, _ name: String) {
      guard let above = groups.end(of: place + 1) else { return }
      let mark = Array(tokens[(place + 2)..<above])
      let base: Range<Int>
      let close = groups.end(of: above + 1)
      if let close {
        base = (above + 2)..<close
      } else if above + 1 < tokens.count {
        base = (above + 1)..<(above + 2)
      } else {
        return
      }
      if !base.isEmpty, base.allSatisfy({ isRelation(tokens[$0]) }) {
        dropped.formUnion(place...above)
        if let close { dropped.formUnion([above + 1, close]) }
        if base.count == 1, tokens[base.lowerBound].isSign("="), isOtherEquality(mark) {
          tokens[base.lowerBound].kind = .command("simeq")
        }
      } else if name != "underset", mark.count == 1, let accent = accent(mark[0]) {
        tokens[place].kind = .command(accent)
        dropped.formUnion((place + 1)...above)
      }
    }

    /// Equal as it is asked, in distribution, almost surely, up to order.
    private func isOtherEquality(_ mark: [TeXToken]) -> Bool {
      // Equal in the limit.
      if mark.contains(where: { $0.isCommand("to") || $0.isCommand("rightarrow") }) { return true }
      let text = TeXPieces.text(of: mark).filter { $0.isLetter || $0 == "?" }
      return ["?", "d", "D", "L", "dist", "mathrmd", "textd", "as", "p", "P"].contains(text)
    }

    private func accent(_ token: TeXToken) -> String? {
      switch token.kind {
      case .superscriptSign, .command("wedge"): "hat"
      case .command("sim"): "tilde"
      case .sign("-"): "bar"
      case .command("rightarrow"), .command("to"), .command("rightharpoonup"): "vec"
      default: nil
      }
    }

    private func isRelation(_ token: TeXToken) -> Bool {
      switch token.kind {
      case .sign("="), .sign("<"), .sign(">"), .sign(":"), .command("joinrel"): true
      case .command(let name): TeXCommands.relations[name] != nil
      default: false
      }
    }

    private func isSign(_ token: TeXToken) -> Bool {
      switch token.kind {
      case .sign: return true
      case .command(let name):
        return isRelation(token) || classes.contains(name) || TeXCommands.products.contains(name)
          || TeXCommands.spaces.contains(name)
      default: return false
      }
    }
  }

  // MARK: Space by its measure

  /// `\kern3pt`, `\mkern -2mu`
  private static func removeKerns(_ tokens: inout [TeXToken]) {
    var dropped: Set<Int> = []
    for place in tokens.indices {
      guard let name = tokens[place].command, kerns.contains(name) else { continue }
      var next = place + 1
      if next < tokens.count, tokens[next].isSign("-") { next += 1 }
      var digits = 0
      while next < tokens.count {
        if case .digit = tokens[next].kind {
          digits += 1
        } else if !tokens[next].isSign(".") {
          break
        }
        next += 1
      }
      guard digits > 0, next + 1 < tokens.count, case .letter = tokens[next].kind,
        case .letter = tokens[next + 1].kind
      else { continue }
      dropped.formUnion(place...(next + 1))
    }
    remove(dropped, from: &tokens)
  }
}
