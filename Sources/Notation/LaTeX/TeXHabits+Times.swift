// The brackets round an index of time, as the texts print them: a^{<t>}, a^{\langle t \rangle}, m_{(t)}.

extension TeXHabits {
  /// `a^{<t>}` and `a^{\langle t \rangle}` are a^{(t)}.
  static func roundTimes(_ tokens: inout [TeXToken]) {
    let groups = TeXGroups(tokens)
    var bracketed: [(open: Int, close: Int)] = []
    var letters: Set<Unicode.Scalar> = []
    for place in tokens.indices {
      guard let close = groups.end(of: place + 1), close > place + 4 else { continue }
      let inside = (place + 3)..<(close - 1)
      switch tokens[place].kind {
      case .superscriptSign where isAngle(tokens[place + 2], opens: true):
        // e^{\langle w, x \rangle} is a power, and so is a^{\langle w \mid x \rangle}.
        guard isAngle(tokens[close - 1], opens: false), isIndex(tokens[inside]),
          place == 0 || tokens[place - 1].kind != .letter("e")
        else { continue }
        tokens[place + 2].kind = .sign("(")
        tokens[close - 1].kind = .sign(")")
      case .subscriptSign where tokens[place + 2].isSign("("):
        guard tokens[close - 1].isSign(")"), case .letter(let letter) = tokens[place + 3].kind,
          tokens[inside].dropFirst().allSatisfy(isShift)
        else { continue }
        bracketed.append((place + 2, close - 1))
        if inside.count > 1 { letters.insert(letter) }
      default: continue
      }
    }
    // x_{(i)} alone may be the i-th in order of size; beside x_{(i-1)} it counts steps.
    var dropped: Set<Int> = []
    for (open, close) in bracketed {
      guard case .letter(let letter) = tokens[open + 1].kind, letters.contains(letter) else {
        continue
      }
      dropped.formUnion([open, close])
    }
    remove(dropped, from: &tokens)
  }

  private static func isAngle(_ token: TeXToken, opens: Bool) -> Bool {
    switch token.kind {
    case .sign(let sign): sign == (opens ? "<" : ">")
    case .command(let name): name == (opens ? "langle" : "rangle") || name == (opens ? "lt" : "gt")
    default: false
    }
  }

  /// `t`, `t-1`, `T_x`, `\tau+1`: one symbol or number, perhaps moved, and no product of two.
  private static func isIndex(_ tokens: ArraySlice<TeXToken>) -> Bool {
    var depth = 0
    var isBehindOperand = false
    for place in tokens.indices where !isSpace(tokens[place]) {
      let token = tokens[place]
      switch token.kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .subscriptSign, .prime: break
      case .sign("+"), .sign("-"): if depth == 0 { isBehindOperand = false }
      case .digit: break
      case .letter, .command:
        if let name = token.command, !TeXCommands.letters.contains(name) { return false }
        if depth > 0 { break }
        // The x of `T_x` is lowered.
        let isLowered = place > tokens.startIndex && tokens[place - 1].kind == .subscriptSign
        if isBehindOperand, !isLowered { return false }
        isBehindOperand = true
      default: return false
      }
    }
    return depth == 0
  }

  private static func isShift(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .digit, .sign("+"), .sign("-"): true
    default: false
    }
  }
}
