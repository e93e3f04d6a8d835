// Functions with their arguments, sums with their limits, gradients with theirs.

import Diagnostics

extension MathParser {
  /// A function's scripts and arguments.
  mutating func call(_ name: String, _ nameSpan: Span) throws(Diagnostic) -> Math {
    let first = token(-1)
    var function = MathFunction(
      name: name, scripts: nil, arguments: [], nameSpan: nameSpan, isBracketed: false)
    let scripts = try self.scripts(base: nil)
    if !scripts.isEmpty { function.scripts = scripts }
    try skip()
    if opensArguments() {
      let fence = try self.fence()
      if case .fenced(_, let items) = fence.kind {
        function.arguments = items
        function.isBracketed = true
      }
    } else if atOperand, !["argmin", "argmax"].contains(name) {
      var argument = try factor()
      // `\sin 2x`
      if case .number = argument.kind {
        try skip()
        if atOperand {
          let next = try factor()
          argument = Math(
            .product([
              MathFactor(sign: .implicit, value: argument),
              MathFactor(sign: .implicit, value: next),
            ]), argument.span.joined(with: next.span))
        }
      }
      function.arguments = [argument]
    } else if ["argmin", "argmax"].contains(name), atOperand {
      function.arguments = [try product(after: peek)]
    }
    let end = position > 0 ? token(-1) : first
    return Math(
      .function(function), nameSpan.joined(with: Span(source, nameSpan.start, end.end)))
  }

  mutating func big(_ name: String, _ token: TeXToken) throws(Diagnostic) -> Math {
    position += 1
    try enter(token)
    defer { leave() }
    var scripts = try self.scripts(base: nil)
    try skip()
    // \sum_i -2x_i
    let sign = peek
    let isNegative = peek.isSign("-")
    if isNegative {
      position += 1
      try skip()
    }
    guard atOperand else { throw expected("what to sum") }
    var body = try product(after: peek)
    if isNegative {
      body = Math(.sum([MathTerm(isNegative: true, value: body)]), span(from: sign))
    }
    // Σ_w w² runs over all that w has: w is what is added up and no index.
    if scripts.upper == nil, scripts.lower.count == 1,
      case .symbol(let letter) = scripts.lower[0].kind,
      MathParser.summed.contains(letter.name), body.adds(letter.name)
    {
      scripts.lower = []
    }
    return Math(.big(name, scripts, body), span(from: token))
  }

  /// Letters that are parameters wherever a sum is over one.
  private static let summed: Set<String> = ["w", "W", "theta", "Theta", "omega", "vartheta"]

  mutating func gradient(_ token: TeXToken) throws(Diagnostic) -> Math {
    position += 1
    try enter(token)
    defer { leave() }
    let scripts = try self.scripts(base: nil)
    var gradient = MathGradient(by: scripts.lower, power: scripts.upper)
    try skip()
    if opensArguments() {
      gradient.function = try fence()
    } else if atOperand, !peek.isSign("|"), !peek.isCommand("nabla") {
      let first = peek
      switch first.kind {
      case .letter, .command:
        if isPlainFunctionHead(first) {
          let base = try operand()
          gradient.function = try scripted(base, from: first, leavingPower: true)
          try skip()
          if opensArguments() {
            let fence = try self.fence()
            if case .fenced(_, let items) = fence.kind { gradient.arguments = items }
          }
        } else {
          gradient.function = try factor()
        }
      default: break
      }
    }
    return Math(.gradient(gradient), span(from: token))
  }

  /// A letter that may be a function's name: not a fraction, sum or logarithm.
  func isPlainFunctionHead(_ token: TeXToken) -> Bool {
    guard case .command(let name) = token.kind else { return true }
    return TeXCommands.letters.contains(name) || TeXCommands.faces[name] != nil
      || TeXCommands.accents[name] != nil || TeXCommands.texts.contains(name) || name == "mathrm"
      || name == "operatorname"
  }
}

extension Math {
  /// Whether the letter is a factor somewhere in it, and nowhere an index.
  fileprivate func adds(_ letter: String) -> Bool {
    func isIt(_ math: Math) -> Bool {
      if case .symbol(let symbol) = math.kind { symbol.name == letter } else { false }
    }
    var found = false
    func visit(_ math: Math) -> Bool {
      if isIt(math) { found = true }
      if case .scripted(let base, let scripts) = math.kind {
        return !scripts.lower.contains(where: isIt) && !(scripts.upper.map(isIt) ?? false)
          && visit(base)
      }
      // p(w) is a function of it.
      if case .product(let factors) = math.kind {
        for (head, brackets) in zip(factors, factors.dropFirst()) where brackets.sign == .implicit {
          if case .fenced(.parenthesis, let items) = brackets.value.kind,
            items.contains(where: isIt),
            case .symbol = head.value.kind
          {
            return false
          }
        }
      }
      return math.children.allSatisfy(visit)
    }
    return visit(self) && found
  }
}
