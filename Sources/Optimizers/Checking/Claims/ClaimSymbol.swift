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
      if symbol.letters.count > 1, scripts.lower.isEmpty, scripts.primes == 0 {
        // `wx^2`: the power is of the last letter; the evaluator splits it.
      }
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
    switch upper.kind {
    case .mark(let mark):
      if mark == "T" { isTransposed = true } else { marks.append(mark) }
    case .symbol(let symbol)
    where symbol.name == "T" || symbol.name == "top" || symbol.name == "intercal":
      isTransposed = true
    case .symbol(let symbol) where symbol.isWord:
      marks.append(symbol.name)
    case .symbol(let symbol) where symbol.isRun && symbol.name.count > 2:
      marks.append(symbol.name)
    case .fenced(let fence, let items) where fence == .parenthesis || fence == .bracket:
      // (x + y)^{(2)} is no power; t^{(1 - x)} is none either.
      upperPlaces += items
    case .elementwise(let inner):
      power = inner
    case .fenced(.brace, let items):
      for item in items { apply(item) }
    default: power = upper
    }
  }

  /// `w_{ij}` has two subscripts.
  private static func parts(_ item: Math) -> [Math] {
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

/// `\frac{\partial L}{\partial w}`, `\frac{d}{dz} σ(z)`, `\nabla_θ J`: of what, by what.
struct DerivativeSign {
  /// What is differentiated; nil when it stands behind: `\frac{d}{dz} f`.
  var of: Math?
  /// By what; empty for ∇ without its subscript.
  var by: [Math]
  /// 1, or 2 for the second derivative by the same.
  var order = 1
  var isGradient = false
  /// Arguments behind the function's name: J(θ).
  var arguments: [Math]?
  var span: Span

  init?(_ math: Math) {
    span = math.span
    switch math.kind {
    case .gradient(let gradient):
      guard gradient.power == nil else { return nil }
      of = gradient.function
      by = gradient.by
      arguments = gradient.arguments
      isGradient = true
    case .fraction(let above, let below):
      guard let bottom = DerivativeSign.differentials(below), !bottom.isEmpty,
        let top = DerivativeSign.top(above, order: bottom.count)
      else { return nil }
      of = top.of
      arguments = top.arguments
      by = bottom
      order = bottom.count
    case .product(let factors):
      // \frac{\partial}{\partial w} L, \partial L / \partial w
      if factors.count >= 2, let first = DerivativeSign(factors[0].value), first.of == nil,
        !first.isGradient
      {
        self = first
        let rest = Array(factors.dropFirst())
        of =
          rest.count == 1
          ? rest[0].value
          : Math(.product(rest), rest[0].value.span.joined(with: rest[rest.count - 1].value.span))
        if rest.count == 2, let call = DerivativeSign.call(rest) {
          of = call.of
          arguments = call.arguments
        }
        span = math.span
        return
      }
      if let slash = factors.firstIndex(where: { $0.sign == .slash }), slash > 0,
        slash + 1 < factors.count || slash + 1 == factors.count
      {
        let above = DerivativeSign.joined(Array(factors[..<slash]))
        let below = DerivativeSign.joined(Array(factors[slash...]))
        guard let bottom = DerivativeSign.differentials(below), bottom.count == 1,
          let top = DerivativeSign.top(above, order: 1)
        else { return nil }
        of = top.of
        arguments = top.arguments
        by = bottom
        return
      }
      // \nabla J(\theta) as two factors
      if factors.count == 2, case .gradient = factors[0].value.kind,
        case .fenced(.parenthesis, let items) = factors[1].value.kind,
        let first = DerivativeSign(factors[0].value)
      {
        self = first
        arguments = items
        span = math.span
        return
      }
      return nil
    default: return nil
    }
  }

  private static func joined(_ factors: [MathFactor]) -> Math {
    if factors.count == 1 { return factors[0].value }
    return Math(
      .product(factors),
      factors[0].value.span.joined(with: factors[factors.count - 1].value.span))
  }

  private static func isSign(_ math: Math) -> Bool {
    switch math.kind {
    case .symbol(let symbol): symbol.name == "partial" || symbol.name == "d"
    case .scripted(let base, let scripts):
      isSign(base) && scripts.lower.isEmpty
        && (scripts.upper.flatMap(wholeNumber) ?? 0) > 0
    default: false
    }
  }

  /// `\partial L`, `dL`, `\partial^2 L`, `\partial`
  private static func top(_ math: Math, order: Int) -> (of: Math?, arguments: [Math]?)? {
    if isSign(math) { return (nil, nil) }
    switch math.kind {
    case .symbol(let symbol):
      // `dL`
      guard symbol.isRun, symbol.name.first == "d", symbol.name.count > 1 else { return nil }
      return (rest(symbol, math.span), nil)
    case .scripted(let base, let scripts):
      guard let inner = top(base, order: order)?.of else { return nil }
      return (
        Math(.scripted(inner, scripts), Span(math.span.source, inner.span.start, math.span.end)),
        nil
      )
    case .accented:
      return nil
    case .product(let factors):
      if isSign(factors[0].value) {
        let rest = Array(factors.dropFirst())
        if rest.count == 2, let call = call(rest) { return call }
        return (joined(rest), nil)
      }
      if factors.count == 2, let head = top(factors[0].value, order: order)?.of,
        case .fenced(.parenthesis, let items) = factors[1].value.kind
      {
        return (head, items)
      }
      return nil
    default: return nil
    }
  }

  private static func call(_ factors: [MathFactor]) -> (of: Math?, arguments: [Math]?)? {
    guard factors.count == 2, case .fenced(.parenthesis, let items) = factors[1].value.kind,
      ClaimSymbol(factors[0].value) != nil
    else { return nil }
    return (factors[0].value, items)
  }

  /// `L` of `dL`.
  private static func rest(_ symbol: MathSymbol, _ span: Span) -> Math {
    let name = String(symbol.name.dropFirst())
    var inner = span
    if span.text.hasPrefix("d") { inner.start += 1 }
    return Math(.symbol(MathSymbol(name, isRun: name.unicodeScalars.count > 1)), inner)
  }

  /// `\partial w`, `dw`, `\partial w^2`, `\partial x \partial y`
  private static func differentials(_ math: Math) -> [Math]? {
    switch math.kind {
    case .symbol(let symbol):
      guard symbol.isRun, symbol.name.first == "d", symbol.name.count > 1 else { return nil }
      return [rest(symbol, math.span)]
    case .scripted(let base, let scripts):
      guard let inner = differentials(base), inner.count == 1 else { return nil }
      return squared(
        inner[0], scripts, Span(math.span.source, inner[0].span.start, math.span.end))
    case .product(let factors):
      guard isSign(factors[0].value), factors.count > 1 else { return nil }
      var result: [Math] = []
      var place = 1
      while place < factors.count {
        if isSign(factors[place].value) {
          place += 1
          continue
        }
        if case .scripted(let base, let scripts) = factors[place].value.kind {
          result += squared(base, scripts, factors[place].value.span) ?? []
        } else {
          result.append(factors[place].value)
        }
        place += 1
      }
      return result
    default: return nil
    }
  }

  /// dw² is by w twice; dw_1 by w_1.
  private static func squared(_ base: Math, _ scripts: MathScripts, _ span: Span) -> [Math]? {
    if let upper = scripts.upper, wholeNumber(upper) == 2 {
      var rest = scripts
      rest.upper = nil
      let inner = rest.isEmpty ? base : Math(.scripted(base, rest), span)
      return [inner, inner]
    }
    return [Math(.scripted(base, scripts), span)]
  }
}
