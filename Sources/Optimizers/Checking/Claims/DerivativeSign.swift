// What a derivative is of and by, as it is printed: with ∂ or d, over or beside one another, as ∇ with or
// without its subscript.

import Diagnostics
import Notation

/// `\frac{\partial L}{\partial w}`, `\frac{d}{dz} σ(z)`, `\nabla_θ J`: of what, by what.
struct DerivativeSign {
  /// What is differentiated; nil when it stands behind: `\frac{d}{dz} f`.
  var of: Math?
  /// By what; empty for ∇ without its subscript.
  var by: [Math]
  /// How often it is taken; of ∇² the Hessian.
  var order = 1
  var isGradient = false
  /// Arguments behind the function's name: J(θ).
  var arguments: [Math]?
  var span: Span

  init?(_ math: Math) {
    span = math.span
    switch math.kind {
    case .gradient(let gradient):
      if let power = gradient.power {
        guard wholeNumber(power) == 2 else { return nil }
        order = 2
      }
      of = gradient.function
      by = gradient.by
      arguments = gradient.arguments
      isGradient = true
    case .fraction(let above, let below):
      guard var bottom = DerivativeSign.differentials(below), !bottom.isEmpty,
        let top = DerivativeSign.top(above, order: bottom.count)
      else { return nil }
      if bottom.count == 2, DerivativeSign.order(above) == 1,
        let square = DerivativeSign.square(below)
      {
        // ∂L/∂σ² is taken once, by σ².
        bottom = [square]
      }
      of = top.of
      arguments = top.arguments
      by = bottom
      order = bottom.count
    case .product(let factors):
      if let by = DerivativeSign.subscripted(factors[0].value), factors.count > 1 {
        // \partial_w L
        let rest = Array(factors.dropFirst())
        (of, arguments) = DerivativeSign.call(rest) ?? (DerivativeSign.joined(rest), nil)
        self.by = by
        order = by.count
        return
      }
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

  /// `\partial_w`, `\partial_{xy}`
  private static func subscripted(_ math: Math) -> [Math]? {
    guard case .scripted(let base, let scripts) = math.kind, scripts.upper == nil,
      scripts.primes == 0, case .symbol(let symbol) = base.kind, symbol.name == "partial",
      !scripts.lower.isEmpty
    else { return nil }
    return scripts.lower.flatMap(letters)
  }

  /// The variables of `f_{xy}`: a run of two letters is two of them.
  static func letters(_ item: Math) -> [Math] {
    guard case .symbol(let symbol) = item.kind, symbol.isRun, symbol.name.count == 2 else {
      return [item]
    }
    return symbol.name.map { Math(.symbol(MathSymbol(String($0))), item.span) }
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

  /// 2 of `\partial^2 L`; nil where there is no sign of its own.
  private static func order(_ math: Math) -> Int? {
    switch math.kind {
    case .symbol(let symbol): symbol.name == "partial" || symbol.name == "d" ? 1 : nil
    case .scripted(let base, let scripts):
      isSign(base) ? scripts.upper.flatMap(wholeNumber) ?? 1 : nil
    case .product(let factors): factors.first.flatMap { order($0.value) }
    default: nil
    }
  }

  /// σ² of `\partial\sigma^2`.
  private static func square(_ math: Math) -> Math? {
    guard case .product(let factors) = math.kind, factors.count == 2, order(factors[0].value) == 1,
      case .scripted(_, let scripts) = factors[1].value.kind,
      scripts.upper.flatMap(wholeNumber) == 2
    else { return nil }
    return factors[1].value
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
