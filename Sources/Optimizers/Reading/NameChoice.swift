// The names a rule's variables get: the textbook's own, as canonical names.
//
// \beta_1 is beta1, \hat m_t is m_hat, V_{dW}^{corrected} is V_dW_corrected, \eta^{+} is eta_plus. The
// parameter is w or theta, the gradient g.

import Diagnostics
import Notation

extension SymbolKey {
  /// The name as written, steps left out.
  var plainName: String {
    var letters = base
    switch base {
    case "epsilon", "varepsilon": letters = "eps"
    case "vartheta": letters = "theta"
    case "varphi": letters = "phi"
    case "varrho": letters = "rho"
    case "varsigma": letters = "sigma"
    case "varpi": letters = "pi"
    case "ell": letters = "l"
    default: break
    }
    var name = letters.filter { $0.isLetter || $0.isNumber || $0 == "_" }
    if name.isEmpty { name = "x" }
    for accent in accents { name += "_" + accent }
    for label in labels where !label.hasPrefix("(") {
      let text = String(
        label.map { $0 == "\u{2032}" ? "p" : $0 }.filter { $0.isLetter || $0.isNumber || $0 == "_" }
      )
      guard !text.isEmpty else { continue }
      name += (text.allSatisfy(\.isNumber) && accents.isEmpty ? "" : "_") + text
    }
    if face == "cal", base.count == 1 { name = "cal_" + name }
    if face == "frak", base.count == 1 { name = "frak_" + name }
    return Name(spelling: name).canonical
  }
}

/// Hands out names, each once.
struct NameTable {
  private var taken: Set<String>

  /// Words of the language that no variable may bear.
  static let reserved: Set<String> = [
    "and", "or", "not", "mod", "true", "false", "none", "pi", "inf", "nan", "let", "state", "when",
    "else", "repeat", "note", "by", "rule", "all", "rest", "grad", "loss", "hessian", "over",
  ]

  init() { taken = ["w", "theta", "g", "t"] }

  mutating func take(_ wanted: String) -> Name {
    var name = Name(spelling: wanted).canonical
    if NameTable.reserved.contains(name) { name += "_value" }
    var free = name
    var number = 2
    while taken.contains(free) {
      free = Name(spelling: name == "t" ? "t_value" : name + "_v\(number)").canonical
      number += 1
    }
    taken.insert(free)
    return Name(canonical: free)
  }
}

extension Name {
  /// The name a symbol of a formula gets in a rule: `\eta^{+}` → eta_plus, `\beta_1` → beta1.
  package init?(latex: String) {
    guard let math = try? Math(Span(Source(latex))),
      let use = SymbolReader(index: IndexEvidence([])).use(math)
    else { return nil }
    self.init(canonical: use.key.plainName)
  }
}
