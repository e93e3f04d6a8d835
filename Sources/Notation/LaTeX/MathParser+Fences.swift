// Brackets, bars and norms; \left … \right.

import Diagnostics

extension MathParser {
  /// What is in brackets, and the brackets' kind.
  mutating func fence() throws(Diagnostic) -> Math {
    try skip()
    let open = peek
    try enter(open)
    defer { leave() }
    if open.isCommand("left") { return try leftRight(open) }
    position += 1
    switch open.kind {
    case .sign("("): return try items(.parenthesis, open, closing: [.sign(")")])
    case .sign("["): return try items(.bracket, open, closing: [.sign("]")])
    case .sign("|"):
      // `||x||` is a norm.
      if peek.isSign("|"), !peek.spaced {
        position += 1
        let norm = try items(.norm, open, closing: [.sign("|")])
        guard accept(.sign("|")) != nil else { throw expected("||") }
        return norm
      }
      return try items(.bars, open, closing: [.sign("|")])
    case .command(let name):
      guard let (kind, close) = TeXCommands.fences[name] else { throw expected("a bracket") }
      guard kind == .floor else { return try items(kind, open, closing: [.command(close)]) }
      let inner = try items(kind, open, closing: [.command(close), .command("rceil")])
      return tokens[position - 1].isCommand("rceil") ? nearest(inner) : inner
    default: throw expected("a bracket")
    }
  }

  /// `\lfloor x \rceil` is the nearest whole number.
  private func nearest(_ math: Math) -> Math {
    guard case .fenced(.floor, let items) = math.kind, items.count == 1 else { return math }
    return Math(
      .function(
        MathFunction(
          name: "round", scripts: nil, arguments: items, nameSpan: math.span, isBracketed: true)),
      math.span)
  }

  /// `|`, `\mid` and the like between what is asked and what is given: p(y | x), D(P ‖ Q).
  private var isGivenBar: Bool {
    switch peek.kind {
    case .sign("|"): return true
    case .command(let name):
      return ["|", "vert", "Vert", "mid", "parallel", "lvert"].contains(name)
    default: return false
    }
  }

  private mutating func items(
    _ kind: MathFence, _ open: TeXToken, closing: [TeXToken.Kind], right: Bool = false
  ) throws(Diagnostic) -> Math {
    openFences.append(kind)
    defer { openFences.removeLast() }
    var items: [Math] = []
    while true {
      try skipGaps()
      if items.isEmpty, closing.contains(peek.kind) { break }
      items.append(try condition())
      try skipGaps()
      if peek.isSign(",") || peek.isSign(";") || peek.isCommand("mid") || peek.isSign(":") {
        position += 1
        // (x_1, …,)
        try skipGaps()
        if closing.contains(peek.kind) { break }
        continue
      }
      if isGivenBar, kind == .parenthesis || kind == .bracket {
        let isSign = peek.isSign("|")
        position += 1
        if isSign, peek.isSign("|") { position += 1 }
        continue
      }
      break
    }
    if right { return Math(.fenced(kind, items), span(from: open)) }
    if closing.contains(peek.kind) {
      position += 1
    } else if items.count == 2,
      kind == .bracket && peek.isSign(")")
        || kind == .parenthesis && peek.isSign("]")
    {
      // A half-open interval.
      position += 1
    } else if peek.isEnd || peek.kind == .endGroup {
      throw .tex(
        "unclosed", "this \(describe(open)) is never closed", at(open),
        help: "type what closes it")
    } else {
      throw expected(closing.map { closer($0) }.joined(separator: " or "))
    }
    return Math(.fenced(kind, items), span(from: open))
  }

  private func closer(_ kind: TeXToken.Kind) -> String {
    switch kind {
    case .sign(let sign): String(sign)
    case .command(let name): "\\" + name
    default: "a bracket"
    }
  }

  private mutating func leftRight(_ left: TeXToken) throws(Diagnostic) -> Math {
    position += 1
    let open = advance()
    let kind = try delimiter(open)
    try skip()
    if kind == .brace, let environment = peekEnvironment(),
      ["array", "aligned", "cases", "matrix", "split", "gathered"].contains(environment)
    {
      guard let cases = try casesEnvironment() else { throw expected("the cases") }
      try skip()
      guard peek.isCommand("right") else { throw expected("\\right") }
      position += 2
      return Math(cases.kind, span(from: left))
    }
    var inner = try items(kind ?? .parenthesis, left, closing: [.command("right")], right: true)
    try skip()
    guard peek.isCommand("right") else {
      if peek.isEnd {
        throw .tex("unclosed", "this \\left has no \\right", at(left))
      }
      throw expected("\\right")
    }
    position += 1
    let close = advance()
    let closeKind = try closingDelimiter(close)
    inner.span = span(from: left)
    guard case .fenced(_, let items) = inner.kind else { return inner }
    if kind == nil, closeKind == nil, items.count == 1 { return items[0] }
    if kind == nil {
      // `\left. x \right|_{x = a}`
      guard closeKind == .bars, items.count == 1, peek.kind == .subscriptSign else {
        throw .tex(
          "evaluated", "\\left. needs \\right| with the place as its subscript", at(left))
      }
      let scripts = try self.scripts(base: nil)
      guard scripts.lower.count == 1, scripts.upper == nil else { throw expected("the place") }
      return Math(.evaluated(items[0], at: scripts.lower[0]), span(from: left))
    }
    if kind == .floor, closeKind == .ceiling { return nearest(inner) }
    guard closeKind == kind || (items.count == 2 && closeKind != nil) else {
      throw .tex("mismatched", "\\right\(describe(close)) does not close this", at(left))
    }
    return inner
  }

  func peekEnvironment() -> String? {
    guard peek.isCommand("begin") else { return nil }
    return TeXPieces.environmentName(tokens, position + 1)
  }

  /// The kind of bracket a delimiter opens; nil for `.`.
  private func delimiter(_ token: TeXToken) throws(Diagnostic) -> MathFence? {
    switch token.kind {
    case .sign("("): return .parenthesis
    case .sign("["): return .bracket
    case .sign("|"): return .bars
    case .sign("."): return nil
    case .sign("<"): return .angle
    case .command(let name):
      if let fence = TeXCommands.fences[name] { return fence.open }
    default: break
    }
    throw .tex("delimiter", "\(describe(token)) is no bracket", at(token))
  }

  private func closingDelimiter(_ token: TeXToken) throws(Diagnostic) -> MathFence? {
    switch token.kind {
    case .sign(")"): return .parenthesis
    case .sign("]"): return .bracket
    case .sign("|"): return .bars
    case .sign("."): return nil
    case .sign(">"): return .angle
    case .command(let name):
      for (_, fence) in TeXCommands.fences where fence.close == name { return fence.open }
    default: break
    }
    throw .tex("delimiter", "\(describe(token)) is no bracket", at(token))
  }
}
