// A text cut into formulas and the prose around them.
//
// Where there are delimiters ($ … $, $$ … $$, \[ … \], \( … \)) or display environments, what stands
// outside is prose; a text without any is one formula. Delimiters inside \text{…} belong to it.

import Diagnostics

package struct TeXPiece: Sendable {
  package enum Kind: Sendable { case formula, prose }
  package var kind: Kind
  package var tokens: [TeXToken]
  /// The text, for prose.
  package var text: String
  package var span: Span
}

package enum TeXPieces {
  /// Environments that stand outside of $ … $ and are formulas.
  static let displays: Set<String> = [
    "equation", "align", "gather", "eqnarray", "multline", "flalign", "alignat", "displaymath",
    "math", "IEEEeqnarray", "dmath", "dgroup", "empheq",
  ]

  package static func split(_ tokens: [TeXToken], of source: Source) throws(Diagnostic)
    -> [TeXPiece]
  {
    let shifts = tokens.contains { if case .mathShift = $0.kind { true } else { false } }
    let topShift = shifts && hasTopShift(tokens)
    if topShift { return try delimited(tokens, of: source) }
    if let pieces = environments(tokens, of: source) { return pieces }
    return [piece(.formula, tokens[...], of: source)]
  }

  private static func piece(
    _ kind: TeXPiece.Kind, _ tokens: ArraySlice<TeXToken>, of source: Source
  )
    -> TeXPiece
  {
    let inner = tokens.filter { !$0.isEnd }
    let start = inner.first?.start ?? 0
    let end = max(start, inner.last?.end ?? start)
    let span = Span(source, start, end)
    return TeXPiece(
      kind: kind, tokens: inner, text: kind == .prose ? text(of: inner) : "", span: span)
  }

  private static func hasTopShift(_ tokens: [TeXToken]) -> Bool {
    var depth = 0
    let blocks = blocks(of: tokens)
    for (place, token) in tokens.enumerated() where !blocks.contains(place) {
      switch token.kind {
      case .beginGroup: depth += 1
      case .endGroup: depth -= 1
      case .mathShift where depth <= 0: return true
      default: break
      }
    }
    return false
  }

  private static func delimited(_ tokens: [TeXToken], of source: Source) throws(Diagnostic)
    -> [TeXPiece]
  {
    var pieces: [TeXPiece] = []
    var start = 0
    var opener: TeXToken?
    var depth = 0
    let blocks = blocks(of: tokens)
    for (place, token) in tokens.enumerated() {
      switch token.kind {
      case .beginGroup where !blocks.contains(place): depth += 1
      case .endGroup where !blocks.contains(place): depth = max(0, depth - 1)
      case .mathShift(let sign) where depth == 0:
        if let open = opener {
          guard case .mathShift(let opened) = open.kind, closes(sign, opened) else {
            throw .tex(
              "delimiters", "a formula that begins with \(spelled(open)) cannot end with \(sign)",
              Span(source, token.start, token.end))
          }
          pieces.append(piece(.formula, tokens[start..<place], of: source))
          opener = nil
        } else {
          guard sign != "\\]", sign != "\\)" else {
            throw .tex(
              "delimiters", "\(sign) ends no formula", Span(source, token.start, token.end))
          }
          if start < place {
            // An environment may stand in the prose.
            pieces +=
              environments(Array(tokens[start..<place]), of: source)
              ?? [piece(.prose, tokens[start..<place], of: source)]
          }
          opener = token
        }
        start = place + 1
      default: break
      }
    }
    if let opener {
      throw .tex(
        "delimiters", "the formula that begins here is never ended",
        Span(source, opener.start, opener.end))
    }
    let rest = tokens[start...].filter { !$0.isEnd }
    if !rest.isEmpty {
      pieces += environments(rest, of: source) ?? [piece(.prose, rest[...], of: source)]
    }
    return pieces
  }

  private static let blockCommands: Set<String> = [
    "While", "For", "ForEach", "ForAll", "Repeat", "If", "eIf", "uIf", "lIf", "Else", "uElse",
    "ElseIf", "Begin", "Loop",
  ]

  /// The braces round the blocks of an algorithm, whose lines end in `\;`: `\While{…}{ $a$\; $b$\; }`.
  private static func blocks(of tokens: [TeXToken]) -> Set<Int> {
    guard tokens.contains(where: { $0.command.map(blockCommands.contains) ?? false }) else {
      return []
    }
    let groups = TeXGroups(tokens)
    var blocks: Set<Int> = []
    for (place, token) in tokens.enumerated()
    where token.command.map(blockCommands.contains) ?? false {
      var open = place + 1
      while let close = groups.end(of: open) {
        if endsLine(tokens, open, close) { blocks.formUnion([open, close]) }
        open = close + 1
      }
    }
    return blocks
  }

  /// Whether a line of the group ends: `$\;` outside of a formula.
  private static func endsLine(_ tokens: [TeXToken], _ open: Int, _ close: Int) -> Bool {
    var place = open + 1
    while place + 1 < close {
      if case .mathShift = tokens[place].kind, tokens[place + 1].isCommand(";") { return true }
      place += 1
    }
    return false
  }

  private static func spelled(_ token: TeXToken) -> String {
    if case .mathShift(let sign) = token.kind { return sign }
    return ""
  }

  private static func closes(_ sign: String, _ opened: String) -> Bool {
    switch opened {
    case "\\[": sign == "\\]"
    case "\\(": sign == "\\)"
    default: sign == opened
    }
  }

  /// `\begin{align} … \end{align}` with words around it; nil when there is none, or when what stands
  /// around it is mathematics as well.
  private static func environments(_ tokens: [TeXToken], of source: Source) -> [TeXPiece]? {
    var pieces: [TeXPiece] = []
    var start = 0
    var place = 0
    func prose(_ to: Int) -> Bool {
      let outside = tokens[start..<to].filter { !$0.isEnd }
      guard !outside.isEmpty else { return true }
      guard isProse(outside) else { return false }
      pieces.append(piece(.prose, outside[...], of: source))
      return true
    }
    var found = false
    while place < tokens.count {
      if tokens[place].isCommand("begin"), let name = environmentName(tokens, place + 1),
        displays.contains(name)
      {
        guard prose(place) else { return nil }
        var stop = place
        var depth = 0
        while stop < tokens.count {
          if environmentName(tokens, stop + 1) == name {
            if tokens[stop].isCommand("begin") { depth += 1 }
            if tokens[stop].isCommand("end") { depth -= 1 }
            if depth == 0 { break }
          }
          stop += 1
        }
        while stop < tokens.count, tokens[stop].kind != .endGroup { stop += 1 }
        stop = min(stop + 1, tokens.count)
        pieces.append(piece(.formula, tokens[place..<stop], of: source))
        found = true
        place = stop
        start = stop
      } else {
        place += 1
      }
    }
    guard found, prose(tokens.count) else { return nil }
    return pieces
  }

  static func environmentName(_ tokens: [TeXToken], _ place: Int) -> String? {
    guard place < tokens.count, tokens[place].kind == .beginGroup else { return nil }
    var name = ""
    var next = place + 1
    while next < tokens.count, name.utf8.count < 40 {
      switch tokens[next].kind {
      case .letter(let letter): name.unicodeScalars.append(letter)
      case .sign("*"): break
      default: return tokens[next].kind == .endGroup ? name : nil
      }
      next += 1
    }
    return nil
  }

  /// Words and no mathematics: no script, no relation, no command but for spacing.
  private static func isProse(_ tokens: [TeXToken]) -> Bool {
    tokens.allSatisfy { token in
      switch token.kind {
      case .subscriptSign, .superscriptSign, .rowBreak, .alignment: false
      case .sign("="), .sign("<"), .sign(">"): false
      case .command(let name): TeXCommands.spaces.contains(name) || TeXCommands.texts.contains(name)
      default: true
      }
    }
  }

  /// Tokens as the words they are.
  package static func text(of tokens: [TeXToken]) -> String {
    var text = ""
    for token in tokens {
      if token.spaced, !text.isEmpty { text += " " }
      switch token.kind {
      case .letter(let scalar), .digit(let scalar), .sign(let scalar):
        text.unicodeScalars.append(scalar)
      case .prime: text += "'"
      case .paragraph, .gap, .rowBreak: text += " "
      case .subscriptSign: text += "_"
      case .superscriptSign: text += "^"
      case .alignment: text += "&"
      case .command(let name):
        if ["_", "#", "%", "&", "$"].contains(name) {
          text += name
        } else if TeXCommands.spaces.contains(name) {
          text += " "
        } else {
          text += "\\" + name
        }
      case .beginGroup, .endGroup, .mathShift, .mark, .argument, .end: break
      }
    }
    return text
  }
}
