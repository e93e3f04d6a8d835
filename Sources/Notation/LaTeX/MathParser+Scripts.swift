// Subscripts, superscripts and primes behind an operand.

import Diagnostics

extension MathParser {
  mutating func scripted(_ base: Math, from first: TeXToken, leavingPower: Bool = false)
    throws(Diagnostic) -> Math
  {
    let scripts = try self.scripts(base: base, leavingPower: leavingPower)
    return scripts.isEmpty ? base : Math(.scripted(base, scripts), span(from: first))
  }

  /// Whether a subscript comes next. `\_` is one where Markdown has escaped it.
  var atSubscript: Bool {
    if peek.kind == .subscriptSign { return true }
    guard peek.isCommand("_") else { return false }
    switch token(1).kind {
    case .beginGroup: return true
    case .letter, .digit: return !token(1).spaced
    case .command: return true
    default: return false
    }
  }

  mutating func scripts(base: Math?, leavingPower: Bool = false) throws(Diagnostic) -> MathScripts {
    var scripts = MathScripts()
    var sawLower = false
    while true {
      let start = position
      while case .command(let name) = peek.kind,
        name == "limits" || name == "nolimits" || TeXCommands.spaces.contains(name)
      {
        position += 1
      }
      let sign = peek
      if atSubscript {
        guard !sawLower else {
          throw .tex(
            "double-script", "two subscripts on one base", at(sign),
            help: "write them as one: x_{a,b}")
        }
        position += 1
        sawLower = true
        let (items, slip) = try script(base: base, lower: true, sign: sign)
        scripts.lower = items
        scripts.slip = scripts.slip ?? slip
      } else if sign.kind == .superscriptSign {
        // `\nabla f(x)^2`: the power is of the whole.
        guard scripts.upper == nil else {
          throw .tex(
            "double-script", "two superscripts on one base", at(sign),
            help: "put the base in braces: {x^a}^b")
        }
        position += 1
        let (items, slip) = try script(base: base, lower: false, sign: sign)
        if items.count == 1 {
          if case .mark("'") = items[0].kind {
            scripts.primes += 1
          } else {
            scripts.upper = items[0]
          }
        } else if !items.isEmpty {
          scripts.upper = Math(.fenced(.brace, items), span(from: sign))
        }
        scripts.slip = scripts.slip ?? slip
      } else if sign.kind == .prime {
        position += 1
        scripts.primes += 1
      } else if sign.isSign("*"), token(1).isSign("*"), !token(1).spaced, scripts.upper == nil {
        // `g**2`, as programs write it.
        position += 2
        try skip()
        let minus = peek.isSign("-") ? advance() : nil
        let exponent = try factor()
        scripts.upper =
          minus.map {
            Math(.sum([MathTerm(isNegative: true, value: exponent)]), span(from: $0))
          } ?? exponent
      } else {
        position = start
        return scripts
      }
    }
  }

  /// What follows `_` or `^`.
  private mutating func script(base: Math?, lower: Bool, sign: TeXToken) throws(Diagnostic)
    -> (items: [Math], slip: Span?)
  {
    while case .command(let name) = peek.kind, TeXCommands.spaces.contains(name) { position += 1 }
    let first = peek
    switch first.kind {
    case .beginGroup: return (try scriptGroup(), nil)
    case .sign("("):
      // `\beta_2^(t+1)`: TeX raises the bracket alone.
      let inner = try fence()
      return ([inner], Span(source, sign.start, inner.span.end))
    case .sign("+"), .sign("-"), .sign("*"):
      position += 1
      if case .number? = base?.kind, case .digit = peek.kind, !peek.spaced {
        let number = try digits()
        let negative = first.isSign("-")
        return (
          [Math(.sum([MathTerm(isNegative: negative, value: number)]), span(from: first))],
          span(from: sign)
        )
      }
      return ([Math(.mark(at(first).text), at(first))], nil)
    case .prime:
      position += 1
      return ([Math(.mark("'"), at(first))], nil)
    case .digit:
      let number = try digits()
      // By its digits: what a macro gives has the macro's place.
      var isLong = false
      if case .number(let text) = number.kind { isLong = text.count > 1 }
      return ([number], isLong ? span(from: sign) : nil)
    case .letter(let letter) where !isWideLetter(letter):
      if lower, let word = scriptWord(0) {
        position += word.unicodeScalars.count
        return (
          [Math(.symbol(MathSymbol(word, isWord: true)), span(from: first))], span(from: sign)
        )
      }
      position += 1
      // `v_dw` without its braces.
      if letter == "d", case .letter(let next) = peek.kind, !peek.spaced {
        position += 1
        return (
          [Math(.symbol(MathSymbol("d" + String(next), isRun: true)), span(from: first))],
          span(from: sign)
        )
      }
      return ([Math(.symbol(MathSymbol(String(letter))), at(first))], nil)
    case .command(let name):
      if let mark = TeXCommands.scriptMarks[name] {
        position += 1
        return ([Math(.mark(mark), at(first))], nil)
      }
      if let function = try bareFunction() { return ([function], nil) }
      return ([try operand()], nil)
    default: throw expected(lower ? "a subscript" : "a superscript")
    }
  }

  /// `\max` as a label, without arguments.
  private mutating func bareFunction() throws(Diagnostic) -> Math? {
    guard let name = peek.command, let function = TeXCommands.functions[name] else { return nil }
    let token = advance()
    return Math(.symbol(MathSymbol(function, isWord: true)), at(token))
  }

  /// `(t)\circ 2` in a script: the step, and a power of each element.
  private func elementwise(_ math: Math) -> [Math] {
    guard case .product(let factors) = math.kind, factors.count == 2,
      case .fenced(.parenthesis, _) = factors[0].value.kind, case .number = factors[1].value.kind
    else { return [math] }
    let sign = Span(math.span.source, factors[0].value.span.end, factors[1].value.span.start).text
    guard ["\\circ", "\\odot"].contains(where: { sign.contains($0) }) else { return [math] }
    return [factors[0].value, Math(.elementwise(factors[1].value), factors[1].value.span)]
  }

  /// Digits next to one another; TeX would take only the first.
  private mutating func digits() throws(Diagnostic) -> Math {
    let first = peek
    var text = ""
    while case .digit(let digit) = peek.kind, text.isEmpty || !peek.spaced {
      text.unicodeScalars.append(digit)
      position += 1
    }
    return Math(.number(text), span(from: first))
  }

  /// `{ … }` of a script: a sign alone, or expressions with commas between them.
  private mutating func scriptGroup() throws(Diagnostic) -> [Math] {
    let open = advance()
    try enter(open)
    defer { leave() }
    let fences = openFences
    openFences = []
    defer { openFences = fences }
    try skip()
    if accept(.endGroup) != nil { return [] }
    if let mark = loneMark() { return [mark] }
    var items: [Math] = []
    while true {
      try skip()
      if let name = peek.command, name == "odot" || name == "circ" || name == "otimes" {
        let sign = advance()
        items.append(Math(.elementwise(try expression()), span(from: sign)))
      } else if let sign = loneSign() {
        items.append(sign)
      } else if let bound = try openBound() {
        items.append(bound)
      } else if TeXCommands.functions[peek.command ?? ""] != nil, isLabel(token(1)) {
        if let label = try bareFunction() { items.append(label) }
      } else if case .command(let name) = peek.kind, TeXCommands.texts.contains(name) {
        let token = advance()
        let text = TeXPieces.text(of: Array(try group(of: token))).filter { $0 != " " }
        items.append(
          Math(.symbol(MathSymbol(text, isWord: text.unicodeScalars.count > 1)), span(from: token)))
      } else {
        items += elementwise(marked(try condition()))
      }
      try skip()
      if peek.isSign(",") || peek.isSign(";") || peek.isSign(":") || peek.isCommand("mid")
        || peek.isSign("|")
      {
        position += 1
        continue
      }
      break
    }
    guard accept(.endGroup) != nil else {
      if peek.isEnd {
        throw .tex("unclosed", "this { is never closed", at(open), help: "type the missing }")
      }
      throw expected("} at the end of the script")
    }
    return items
  }

  /// `{[2]\top}`, `{(l)\prime}`: marks behind a label.
  private mutating func marked(_ label: Math) -> Math {
    var factors = [MathFactor(sign: .implicit, value: label)]
    while true {
      var mark = peek.kind == .prime ? "'" : nil
      if let name = peek.command { mark = TeXCommands.scriptMarks[name] }
      guard let mark else { break }
      let token = advance()
      factors.append(MathFactor(sign: .implicit, value: Math(.mark(mark), at(token))))
    }
    guard let last = factors.last, factors.count > 1 else { return label }
    return Math(.product(factors), label.span.joined(with: last.value.span))
  }

  /// The end of the label, so that the function before it has no argument.
  private func isLabel(_ token: TeXToken) -> Bool {
    token.kind == .endGroup || token.isSign(",")
  }

  /// `{+}`, `{*}`, `{\top}`
  private mutating func loneMark() -> Math? {
    guard token(1).kind == .endGroup else { return nil }
    let token = peek
    var mark: String?
    if let sign = token.sign, ["+", "-", "*"].contains(sign) { mark = String(sign) }
    if let name = token.command { mark = TeXCommands.scriptMarks[name] }
    if token.kind == .prime { mark = "'" }
    guard let mark else { return nil }
    position += 2
    return Math(.mark(mark), at(token))
  }

  /// `x_{<t}`, all before t: a name.
  private mutating func openBound() throws(Diagnostic) -> Math? {
    let first = peek
    guard let sign = MathParser.boundSign(first.kind) else { return nil }
    position += 1
    let bound = try expression()
    let name = sign + bound.span.text.filter { !" {}\\".contains($0) }
    return Math(.symbol(MathSymbol(name, isWord: true)), span(from: first))
  }

  private static func boundSign(_ kind: TeXToken.Kind) -> String? {
    switch kind {
    case .sign("<"), .command("lt"): "<"
    case .sign(">"), .command("gt"): ">"
    case .command("le"), .command("leq"): "≤"
    case .command("ge"), .command("geq"): "≥"
    default: nil
    }
  }

  /// A sign before a comma: `w_{t,+}`.
  private mutating func loneSign() -> Math? {
    guard let sign = peek.sign, ["+", "-", "*", ":"].contains(sign),
      token(1).isSign(",") || token(1).kind == .endGroup
    else { return nil }
    let token = advance()
    return Math(.mark(String(sign)), at(token))
  }

  /// Sides with relations between them: `i = 1`, `i \in B`, `a > 0`.
  mutating func condition() throws(Diagnostic) -> Math {
    let first = peek
    var sides = [try expression()]
    var relations: [TeXRelation] = []
    while true {
      try skip()
      guard let relation = try self.relation() else { break }
      relations.append(relation)
      sides.append(try expression())
    }
    return relations.isEmpty ? sides[0] : Math(.relation(sides, relations), span(from: first))
  }
}
