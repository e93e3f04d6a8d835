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
        guard isAngle(tokens[close - 1], opens: false),
          !tokens[inside].contains(where: {
            isAngle($0, opens: true) || isAngle($0, opens: false)
          })
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

  private static func isShift(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .digit, .sign("+"), .sign("-"): true
    default: false
    }
  }
}
