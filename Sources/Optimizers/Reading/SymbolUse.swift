// What a symbol with its scripts stands for: which variable, at which step, to which power.
//
// A superscript is decoration, iterate, label or power, decided in this order by what the whole text
// shows: x^{k+1} is an iterate when x^{k+1} stands on a left side, β^{t+1} is a power.

import Diagnostics
import Notation

/// A variable: its letter with everything that tells it from others.
struct SymbolKey: Hashable, Sendable {
  var base: String
  var accents: [String] = []
  var labels: [String] = []
  var face: String?

  /// The letter with accents, without labels: what evidence is collected for.
  var stem: String { (face.map { $0 + ":" } ?? "") + accents.map { $0 + "-" }.joined() + base }
}

/// When a variable is meant.
enum TimeMark: Hashable, Sendable {
  case none
  /// The letter of the step plus a number: θ_{t+1}.
  case step(Int)
  /// θ_0
  case fixed(Int)
  case new, old

  var code: String {
    switch self {
    case .none: ""
    case .step(let n): "s\(n)"
    case .fixed(let n): "f\(n)"
    case .new: "new"
    case .old: "old"
    }
  }

  init?(code: Substring) {
    switch code {
    case "": self = .none
    case "new": self = .new
    case "old": self = .old
    default:
      guard let n = Int(code.dropFirst()) else { return nil }
      switch code.first {
      case "s": self = .step(n)
      case "f": self = .fixed(n)
      default: return nil
      }
    }
  }
}

/// A symbol taken apart.
struct SymbolUse {
  var key: SymbolKey
  var time: TimeMark = .none
  var power: Math?
  var isTransposed = false
  var span: Span
}

/// A letter plus a whole number: what an index of time looks like.
func indexLike(_ math: Math) -> (letter: String, offset: Int)? {
  switch math.kind {
  case .symbol(let symbol):
    guard !symbol.isRun, !symbol.isWord, symbol.face == nil else { return nil }
    return (symbol.name, 0)
  case .sum(let terms):
    guard terms.count == 2 else { return nil }
    var letter: String?
    var offset: Int?
    for term in terms {
      switch term.value.kind {
      case .symbol(let symbol) where !term.isNegative && !symbol.isRun && !symbol.isWord:
        letter = symbol.name
      case .number(let text):
        guard let number = Int(text), number < 1000 else { return nil }
        offset = term.isNegative ? -number : number
      default: return nil
      }
    }
    if let letter, let offset { return (letter, offset) }
    return nil
  default: return nil
  }
}

/// A whole number as printed, with its sign; nil for one that numbers no step.
func wholeNumber(_ math: Math) -> Int? {
  switch math.kind {
  case .number(let text):
    guard let number = Int(text), number <= 1_000_000 else { return nil }
    return number
  case .sum(let terms):
    guard terms.count == 1, let number = wholeNumber(terms[0].value) else { return nil }
    return terms[0].isNegative ? -number : number
  default: return nil
  }
}

/// A formula as a word, for names: `\Delta\theta^2` → Delta_theta_2.
func labelText(_ math: Math) -> String {
  switch math.kind {
  case .number(let text): return text
  case .symbol(let symbol): return symbol.name == "infty" ? "inf" : symbol.name
  case .scripted(let base, let scripts):
    var text = labelText(base)
    if let upper = scripts.upper { text += labelText(upper) }
    for item in scripts.lower where indexLike(item)?.letter != "t" { text += "_" + labelText(item) }
    return text
  case .accented(let accent, let inner): return labelText(inner) + "_" + accent
  case .product(let factors): return factors.map { labelText($0.value) }.joined(separator: "_")
  case .sum(let terms):
    return terms.map { ($0.isNegative ? "m" : "") + labelText($0.value) }.joined(separator: "_")
  case .fenced(_, let items): return items.map(labelText).joined(separator: "_")
  case .mark(let mark):
    switch mark {
    case "+": return "plus"
    case "-": return "minus"
    case "*": return "star"
    case "'": return "prime"
    default: return mark
    }
  case .function(let call):
    return ([call.name] + call.arguments.map(labelText)).joined(separator: "_")
  case .fraction(let a, let b): return labelText(a) + "_" + labelText(b)
  case .relation(let sides, _): return sides.map(labelText).joined(separator: "_")
  default: return "x"
  }
}

extension MathSymbol {
  /// Several capitals next to one another, as in y^{LS}: a label, whatever is printed upright.
  var isCapitals: Bool {
    isRun && name.unicodeScalars.count > 1 && name.allSatisfy { $0.isASCII && $0.isUppercase }
  }
}
