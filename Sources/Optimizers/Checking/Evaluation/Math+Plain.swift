// A part of a formula in plain characters, for a sentence: e^(z_i), (y - ŷ)², Σ x.

import Notation

extension FormulaNotation {
  func plain(_ math: Math) -> String {
    if let reference = reference(math), reference.primes == 0 {
      var text = FormulaNotation.pretty(reference.key)
      let letters = reference.indices.map { plain($0) }
      if !letters.isEmpty {
        let index = letters.joined(separator: letters.contains { $0.count > 1 } ? "," : "")
        text += index.count == 1 ? "_" + index : "_(\(index))"
      }
      if reference.isTransposed { text += "ᵀ" }
      if let power = reference.power { text += raised(power) }
      return text
    }
    switch math.kind {
    case .number(let text): return text
    case .symbol(let symbol): return FormulaNotation.pretty(symbol.name)
    case .accented(let accent, let inner): return "\(accent)(\(plain(inner)))"
    case .scripted(let base, let scripts):
      var text = plain(base)
      if !scripts.lower.isEmpty { text += "_" + scripts.lower.map(plain).joined(separator: ",") }
      if let upper = scripts.upper { text += raised(upper) }
      return text
    case .sum(let terms):
      var text = ""
      for (place, term) in terms.enumerated() {
        text += term.isNegative ? (place == 0 ? "-" : " - ") : place == 0 ? "" : " + "
        text += plain(term.value)
      }
      return text
    case .product(let factors):
      var text = ""
      for (place, factor) in factors.enumerated() {
        if place > 0 { text += factor.sign == .slash || factor.sign == .over ? "/" : "·" }
        text += plain(factor.value)
      }
      return text
    case .fraction(let above, let below): return operand(above) + "/" + operand(below)
    case .root(let inner, _): return "√" + operand(inner)
    case .fenced(let fence, let items):
      let inner = items.map(plain).joined(separator: ", ")
      return switch fence {
      case .bars: "|\(inner)|"
      case .norm: "‖\(inner)‖"
      case .bracket: "[\(inner)]"
      case .floor: "⌊\(inner)⌋"
      case .ceiling: "⌈\(inner)⌉"
      default: "(\(inner))"
      }
    case .function(let call):
      return call.name + "(" + call.arguments.map(plain).joined(separator: ", ") + ")"
    case .big(let name, let scripts, let body):
      let sign = name == "prod" ? "Π" : "Σ"
      let index = scripts.lower.flatMap(FormulaNotation.boundLetters).joined(separator: ",")
      return sign + (index.isEmpty ? "" : "_" + index) + " " + plain(body)
    case .mark(let mark): return mark
    case .elementwise(let inner): return plain(inner)
    default: return math.span.text
    }
  }

  private func raised(_ power: Math) -> String {
    if case .number("2") = power.kind { return "²" }
    if case .number("3") = power.kind { return "³" }
    let text = plain(power)
    return text.count == 1 ? "^" + text : "^(\(text))"
  }

  private func operand(_ math: Math) -> String {
    switch math.kind {
    case .sum, .product, .fraction, .big: return "(\(plain(math)))"
    default: return plain(math)
    }
  }

  /// A key as it is read: `y_hat` is ŷ.
  static func pretty(_ key: String) -> String {
    let plain = DefinitionCandidate.plain(key)
    guard plain.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return plain }
    return Name(canonical: plain).pretty
  }
}
