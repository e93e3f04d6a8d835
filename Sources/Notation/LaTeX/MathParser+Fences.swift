// Brackets, bars and norms; \left … \right; the rows of cases.

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

  // MARK: Cases

  /// `\begin{cases} a & b > 0 \\ c & \text{otherwise} \end{cases}` in the place of an operand.
  mutating func casesEnvironment() throws(Diagnostic) -> Math? {
    guard let name = peekEnvironment() else { return nil }
    let first = advance()
    try enter(first)
    defer { leave() }
    _ = try group(of: first)
    if name == "array" { _ = try group(of: first) }
    let fences = openFences
    let outer = inCases
    openFences = []
    inCases = true
    defer {
      openFences = fences
      inCases = outer
    }
    var rows: [MathCase] = []
    while true {
      try skip()
      if peek.isCommand("end") { break }
      let value = try expression()
      try skip()
      var condition: Math?
      var sawCondition = false
      while true {
        try skip()
        switch peek.kind {
        case .sign(","), .alignment, .sign(";"): position += 1
        case .command(let name) where TeXCommands.gaps.contains(name): position += 1
        case .command(let name) where TeXCommands.texts.contains(name):
          let token = advance()
          let words = TeXPieces.text(of: Array(try group(of: token)))
          if words.contains(where: { "=<>\\".contains($0) }) {
            throw .tex(
              "cases", "a condition inside \\text{…} is not read", at(token),
              help: "write \\text{if } x > 0")
          }
          if words.filter({ $0.isLetter }).isEmpty { continue }
          sawCondition = true
        case .rowBreak, .command("end"), .end: break
        default:
          if condition == nil, atOperand {
            condition = try self.condition()
            sawCondition = true
          } else {
            throw expected("the end of the row")
          }
        }
        if peek.kind == .rowBreak || peek.isCommand("end") || peek.isEnd { break }
      }
      if !sawCondition, !rows.isEmpty || peek.kind == .rowBreak {
        throw .tex(
          "cases", "this case has no condition", value.span,
          help: "write & and the condition, or & \\text{otherwise}")
      }
      rows.append(MathCase(value: value, condition: condition))
      if accept(.rowBreak) != nil {
        skipRowSpacing()
        continue
      }
      break
    }
    try skip()
    guard peek.isCommand("end") else { throw expected("\\end{\(name)}") }
    let end = advance()
    let closing = TeXPieces.text(of: Array(try group(of: end)))
    guard closing.filter({ $0 != "*" }) == name else {
      throw .tex("end", "\\end{\(closing)} does not end \\begin{\(name)}", at(end))
    }
    guard !rows.isEmpty else { throw .tex("cases", "no cases here", at(first)) }
    return Math(.cases(rows), span(from: first))
  }

  /// `\\[2ex]`, `\\*`
  mutating func skipRowSpacing() {
    if peek.isSign("*"), !peek.spaced { position += 1 }
    guard peek.isSign("["), !peek.spaced else { return }
    var ahead = 1
    while ahead < 12 {
      switch token(ahead).kind {
      case .digit, .letter, .sign("."), .sign("-"), .sign("+"): ahead += 1
      case .sign("]"):
        position += ahead + 1
        return
      default: return
      }
    }
  }

  // MARK: Matrices

  static let matrixEnvironments: Set<String> = [
    "pmatrix", "bmatrix", "matrix", "smallmatrix", "Bmatrix", "psmallmatrix", "bsmallmatrix",
  ]

  /// `\begin{pmatrix} a & b \\ c & d \end{pmatrix}`: a column is a list in brackets, anything else a
  /// list of rows.
  mutating func matrixEnvironment() throws(Diagnostic) -> Math? {
    guard let name = peekEnvironment(), MathParser.matrixEnvironments.contains(name) else {
      return nil
    }
    let first = advance()
    try enter(first)
    defer { leave() }
    _ = try group(of: first)
    let fences = openFences
    openFences = []
    defer { openFences = fences }
    var rows: [[Math]] = [[]]
    while true {
      try skip()
      if peek.isCommand("end") || peek.isEnd { break }
      if accept(.rowBreak) != nil {
        skipRowSpacing()
        rows.append([])
        continue
      }
      if accept(.alignment) != nil || isGap(peek) {
        if isGap(peek) { position += 1 }
        continue
      }
      rows[rows.count - 1].append(try cell())
    }
    guard peek.isCommand("end") else { throw expected("\\end{\(name)}") }
    let end = advance()
    let closing = TeXPieces.text(of: Array(try group(of: end)))
    guard closing.filter({ $0 != "*" }) == name else {
      throw .tex("end", "\\end{\(closing)} does not end \\begin{\(name)}", at(end))
    }
    rows.removeAll(where: \.isEmpty)
    let whole = span(from: first)
    guard let columns = rows.first?.count, rows.allSatisfy({ $0.count == columns }) else {
      throw .tex("matrix", "the rows of this matrix have different lengths", whole)
    }
    if columns == 1 { return Math(.fenced(.bracket, rows.map { $0[0] }), whole) }
    return Math(.fenced(.bracket, rows.map { Math(.fenced(.bracket, $0), whole) }), whole)
  }

  var startsMatrix: Bool {
    peekEnvironment().map { MathParser.matrixEnvironments.contains($0) } ?? false
  }

  /// One entry; a row break or & ends it.
  private mutating func cell() throws(Diagnostic) -> Math {
    var terms: [MathTerm] = []
    let first = peek
    var isNegative = try sign() ?? false
    while true {
      terms.append(MathTerm(isNegative: isNegative, value: try product(after: first)))
      guard let next = try sign() else { break }
      isNegative = next
    }
    if terms.count == 1, !terms[0].isNegative { return terms[0].value }
    return Math(.sum(terms), span(from: first))
  }
}
