// A printed formula as plain text for a line of a report: `∂L/∂θ`, `J(θ)`, `v̂_{t+1}`.
//
// For people to recognise a formula by; it is never read again.

extension Math {
  /// The formula in Unicode on one line.
  package var plainText: String {
    switch kind {
    case .number(let text): return text
    case .symbol(let symbol): return symbol.plainText
    case .scripted(let base, let scripts):
      return Math.atom(base) + scripts.plainText
    case .accented(let accent, let inner):
      let marks = [
        "hat": "\u{302}", "bar": "\u{304}", "tilde": "\u{303}", "dot": "\u{307}",
        "ddot": "\u{308}", "acute": "\u{301}", "grave": "\u{300}", "check": "\u{30C}",
        "breve": "\u{306}", "ring": "\u{30A}",
      ]
      guard let mark = marks[accent] else { return accent + "(" + inner.plainText + ")" }
      return inner.plainText + mark
    case .sum(let terms):
      return terms.enumerated().map { place, term in
        let sign = term.isNegative ? (place > 0 ? " - " : "-") : (place > 0 ? " + " : "")
        return sign + term.value.plainText
      }.joined()
    case .product(let factors):
      return factors.enumerated().map { place, factor in
        let text = Math.factor(factor.value)
        guard place > 0 else { return text }
        switch factor.sign {
        case .implicit:
          // The .567 of 1.234.567.
          let before = factors[place - 1].value
          if case .number = factor.value.kind, case .number = before.kind,
            before.span.end == factor.value.span.start
          {
            return factor.value.span.text
          }
          if text.hasPrefix("(") || text.hasPrefix("[") { return text }
          return (Math.isDifferential(factors) ? "" : "·") + text
        case .times: return "·" + text
        case .slash, .over: return "/" + text
        }
      }.joined()
    case .fraction(let a, let b): return Math.factor(a) + "/" + Math.atom(b)
    case .root(let inner, _): return "√" + Math.atom(inner)
    case .fenced(let fence, let items):
      let text = items.map(\.plainText).joined(separator: ", ")
      let marks = fence.marks
      return marks.open + text + marks.close
    case .function(let call) where call.name == "factorial" && call.arguments.count == 1:
      return Math.atom(call.arguments[0]) + "!"
    case .function(let call) where call.name == "mod" && call.arguments.count == 2:
      return Math.factor(call.arguments[0]) + " mod " + Math.atom(call.arguments[1])
    case .function(let call) where call.isOperator:
      return Math.factor(call.arguments[0]) + " " + (TeXCommands.others[call.name] ?? "") + " "
        + Math.factor(call.arguments[1])
    case .function(let call):
      let head = call.name + (call.scripts?.plainText ?? "")
      return call.arguments.isEmpty
        ? head : head + "(" + call.arguments.map(\.plainText).joined(separator: ", ") + ")"
    case .big(let name, let scripts, let body):
      return (name == "sum" ? "Σ" : name == "prod" ? "Π" : name) + scripts.plainText + " "
        + body.plainText
    case .gradient(let gradient):
      let by = gradient.by.isEmpty ? "" : "_" + gradient.by.map(\.plainText).joined(separator: ",")
      let arguments = gradient.arguments.map {
        "(" + $0.map(\.plainText).joined(separator: ", ") + ")"
      }
      return "∇" + by + (gradient.function.map { Math.atom($0) } ?? "") + (arguments ?? "")
    case .cases(let cases): return "{" + cases.map(\.value.plainText).joined(separator: ", ") + "}"
    case .relation, .evaluated, .mark, .elementwise: return span.text
    case .ellipsis: return "…"
    }
  }

  /// As a factor, sums in brackets.
  private static func factor(_ math: Math) -> String {
    if case .sum(let terms) = math.kind, terms.count > 1 { return "(" + math.plainText + ")" }
    return math.plainText
  }

  /// As one thing, products in brackets as well.
  private static func atom(_ math: Math) -> String {
    switch math.kind {
    case .product(let factors) where factors.count > 1 && !isDifferential(factors):
      return "(" + math.plainText + ")"
    case .fraction: return "(" + math.plainText + ")"
    default: return factor(math)
    }
  }

  /// ∂θ
  private static func isDifferential(_ factors: [MathFactor]) -> Bool {
    guard factors.count == 2, case .symbol(let first) = factors[0].value.kind else { return false }
    return ["partial", "d", "∂"].contains(first.name)
  }
}

extension MathSymbol {
  fileprivate var plainText: String {
    switch name {
    case "partial": return "∂"
    case "ell": return "ℓ"
    case "infty": return "∞"
    default: return isWord ? name : Name(spelling: name).pretty
    }
  }
}

extension MathScripts {
  fileprivate var plainText: String {
    func braced(_ text: String) -> String {
      let close = text.filter { $0 != " " }
      return close.count == 1 ? close : "{" + close + "}"
    }
    var text = ""
    if !lower.isEmpty { text += "_" + braced(lower.map(\.plainText).joined(separator: ",")) }
    if let upper { text += "^" + braced(upper.plainText) }
    return text + String(repeating: "′", count: min(primes, 3))
  }
}

extension MathFence {
  fileprivate var marks: (open: String, close: String) {
    switch self {
    case .parenthesis: ("(", ")")
    case .bracket: ("[", "]")
    case .brace: ("{", "}")
    case .bars: ("|", "|")
    case .norm: ("‖", "‖")
    case .floor: ("⌊", "⌋")
    case .ceiling: ("⌈", "⌉")
    case .angle: ("⟨", "⟩")
    }
  }
}
