// Boxes and braces round what is read all the same: a frame round a whole equation, a brace under one,
// a formula of its own within a frame or a text, braces round each row.

extension TeXHabits {
  static let boxes: Set<String> = [
    "boxed", "fbox", "ensuremath", "eqalign", "eqalignno", "displaylines", "Aligned",
  ]

  /// What is drawn under or over a part, or over a whole equation.
  static let braces: Set<String> = [
    "underbrace", "overbrace", "underbracket", "overbracket", "underparen", "overparen",
    "undergroup", "overgroup",
  ]

  private static let lines: Set<String> = ["underline", "overline"]

  /// What sets its argument as text, in which `$ … $` is a formula again, and whether it is a frame.
  private static let textBoxes: [String: Bool] = [
    "fbox": true, "framebox": true, "colorbox": true, "fcolorbox": true, "mbox": false,
    "hbox": false, "text": false,
  ]

  // MARK: Frames

  /// `\fbox{$ a = b $}`, `\colorbox{yellow}{$x$}`: the dollars go, and what is no frame with them.
  static func openFormulaBoxes(_ tokens: inout [TeXToken]) {
    guard tokens.contains(where: { if case .mathShift = $0.kind { true } else { false } }) else {
      return
    }
    let groups = TeXGroups(tokens)
    var dropped: Set<Int> = []
    for (place, token) in tokens.enumerated() {
      guard let name = token.command, let isFrame = textBoxes[name] else { continue }
      var open = place + 1
      for _ in 0..<(TeXCommands.skipped[name] ?? 0) {
        if let close = groups.end(of: open) { open = close + 1 }
      }
      guard let close = groups.end(of: open), close > open + 3,
        case .mathShift = tokens[open + 1].kind, case .mathShift = tokens[close - 1].kind,
        !tokens[(open + 2)..<(close - 1)].contains(where: {
          if case .mathShift = $0.kind { true } else { false }
        })
      else { continue }
      dropped.formUnion([open + 1, close - 1])
      // The colours of a frame and the name of a box that draws none.
      if !isFrame || open > place + 1 { dropped.formUnion(place..<open) }
    }
    remove(dropped, from: &tokens)
  }

  /// `\boxed{ a = b }`, `\underbrace{ a = b }_{…}`: the box goes, where a whole equation or several stand
  /// in it, and with a brace what it says.
  static func unbox(_ tokens: inout [TeXToken]) {
    let groups = TeXGroups(tokens)
    var dropped: Set<Int> = []
    for (place, token) in tokens.enumerated() {
      guard let name = token.command, let close = groups.end(of: place + 1) else { continue }
      let isBrace = braces.contains(name)
      if boxes.contains(name) {
        guard groups.holdsEquation(place + 1) else { continue }
      } else {
        guard isBrace || lines.contains(name), holdsRelation(tokens, (place + 2)..<close) else {
          continue
        }
      }
      dropped.formUnion([place, place + 1, close])
      if isBrace, close + 1 < tokens.count,
        tokens[close + 1].kind == .subscriptSign || tokens[close + 1].kind == .superscriptSign
      {
        dropped.formUnion((close + 1)...(groups.end(of: close + 2) ?? close + 2))
      }
    }
    remove(dropped, from: &tokens)
  }

  /// Whether an equals sign stands in it outside of any group.
  private static func holdsRelation(_ tokens: [TeXToken], _ range: Range<Int>) -> Bool {
    var depth = 0
    for place in range {
      switch tokens[place].kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .sign("="), .command("leftarrow"), .command("gets"), .command("coloneqq"):
        if depth == 0 { return true }
      default: break
      }
    }
    return false
  }

  // MARK: Rows

  /// `\begin{array}{l}{a = b} \\ {c = d}\end{array}`: the braces round each row go.
  static func unbraceRows(_ tokens: inout [TeXToken]) {
    let groups = TeXGroups(tokens)
    var dropped: Set<Int> = []
    var place = 0
    var startsRow = true
    while place < tokens.count {
      let token = tokens[place]
      if token.isCommand("begin"), let name = groups.end(of: place + 1) {
        place = name + 1
        // The columns of an array.
        if let columns = groups.end(of: place), columns - place < 12,
          tokens[place..<columns].dropFirst().allSatisfy(isColumn)
        {
          place = columns + 1
        }
        startsRow = true
        continue
      }
      if startsRow, let close = groups.end(of: place), groups.holdsEquation(place),
        endsRow(tokens, close + 1)
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
    return next >= tokens.count || endsRow(tokens[next])
  }

  static func endsRow(_ token: TeXToken) -> Bool {
    switch token.kind {
    case .rowBreak, .alignment, .end, .paragraph, .command("end"), .sign(","), .sign("."),
      .sign(";"):
      true
    default: false
    }
  }
}
