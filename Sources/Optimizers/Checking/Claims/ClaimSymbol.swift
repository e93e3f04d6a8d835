// A symbol of a claim, taken apart without deciding what its scripts mean: `\hat m_1`, `net_{h1}`,
// `w_5^+`, `x^{(i)}_j`, `X^T`.
//
// Whether a subscript is a label or the place of a component depends on what is known of the symbol;
// the evaluator decides it.

import Diagnostics
import Notation

struct ClaimSymbol {
  /// The letter or word with its accents: `m_hat`.
  var base: String
  var lower: [Math] = []
  /// What stands above in brackets: `(i)`, `[1]`, `(l-1)`.
  var upperPlaces: [Math] = []
  var marks: [String] = []
  var power: Math?
  var isTransposed = false
  /// f′ as the derivative of a function.
  var primes = 0
  /// Letters next to one another that may be a product.
  var letters: [String] = []
  var span: Span

  /// nil for what is no symbol with scripts.
  init?(_ math: Math) {
    switch math.kind {
    case .symbol(let symbol):
      guard symbol.name != "infty", symbol.name != "partial" else {
        return nil
      }
      base = symbol.face.map { symbol.name + "_" + $0 } ?? symbol.name
      if symbol.isRun { letters = symbol.name.unicodeScalars.map { String($0) } }
      span = math.span
    case .accented(let accent, let inner):
      guard let symbol = ClaimSymbol(inner) else { return nil }
      self = symbol
      base += "_" + accent
      letters = []
      span = math.span
    case .scripted(let inner, let scripts):
      guard var symbol = ClaimSymbol(inner), symbol.power == nil, !symbol.isTransposed else {
        return nil
      }
      symbol.span = math.span
      // In `wx^2` the power is of the last letter; the evaluator splits it.
      symbol.lower += scripts.lower.flatMap(ClaimSymbol.parts)
      symbol.primes += scripts.primes
      if let upper = scripts.upper { symbol.apply(upper) }
      self = symbol
    default:
      guard let name = ClaimSymbol.derivativeName(math) else { return nil }
      base = name
      span = math.span
    }
  }

  private mutating func apply(_ upper: Math) {
    guard !upper.isTranspose else {
      isTransposed = true
      return
    }
    switch upper.kind {
    case .mark(let mark): marks.append(mark)
    case .symbol(let symbol) where symbol.isWord:
      marks.append(symbol.name)
    case .symbol(let symbol) where symbol.isRun && symbol.name.count > 2 || symbol.isCapitals:
      marks.append(symbol.name)
    case .fenced(let fence, let items) where fence == .parenthesis || fence == .bracket:
      // (x + y)^{(2)} is no power; t^{(1 - x)} is none either.
      upperPlaces += items
    case .scripted(let base, let scripts)
    where scripts.primes > 0 && scripts.upper == nil && scripts.lower.isEmpty:
      // g^{[l]'}
      primes += scripts.primes
      apply(base)
    case .elementwise(let inner):
      power = inner
    case .fenced(.brace, let items):
      for item in items { apply(item) }
    case .product(let factors) where ClaimSymbol.isPlace(factors):
      // W^{[2]T}
      for factor in factors { apply(factor.value) }
    default: power = upper
    }
  }

  private static func isPlace(_ factors: [MathFactor]) -> Bool {
    switch factors[0].value.kind {
    case .fenced(.parenthesis, _), .fenced(.bracket, _): break
    default:
      // W^{l\top}
      guard
        factors.dropFirst().allSatisfy({ if case .mark = $0.value.kind { true } else { false } })
      else { return false }
    }
    return factors.dropFirst().allSatisfy { factor in
      if factor.sign != .implicit { return false }
      if case .mark = factor.value.kind { return true }
      return factor.value.isTranspose
    }
  }

  /// `w_{ij}` has two subscripts.
  static func parts(_ item: Math) -> [Math] {
    guard case .symbol(let symbol) = item.kind, symbol.isRun, symbol.name.count == 2,
      symbol.name.allSatisfy({ "ijkmnl".contains($0) })
    else { return [item] }
    return symbol.name.map { Math(.symbol(MathSymbol(String($0))), item.span) }
  }

  /// What a derivative is called, so that its value can be looked up: ∂E/∂w, ∇L.
  static func derivativeName(_ math: Math) -> String? {
    guard DerivativeSign(math) != nil else { return nil }
    return "∂" + plain(math.span.text)
  }

  /// TeX without what changes only the look.
  static func plain(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    let skipped = ["\\left", "\\right", "\\,", "\\!", "\\;", "\\:", "\\displaystyle", "\\dfrac"]
    while let first = rest.first {
      if let command = skipped.first(where: { rest.hasPrefix($0) }) {
        rest = rest.dropFirst(command.count)
        if command == "\\dfrac" { result += "\\frac" }
      } else {
        if !first.isWhitespace, first != "{", first != "}" { result.append(first) }
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// The name with all its scripts as labels, as far as they are no places.
  func key(_ labels: [String]) -> String {
    var text = base
    for label in labels { text += "_" + label }
    for place in upperPlaces { text += "^(" + labelText(place) + ")" }
    for mark in marks { text += "^" + mark }
    if primes > 0 { text += String(repeating: "'", count: min(primes, 3)) }
    return text
  }

  var key: String { key(lower.map(labelText)) }

  /// As a person reads it.
  var pretty: String { ClaimText.pretty(span.text) }
}
