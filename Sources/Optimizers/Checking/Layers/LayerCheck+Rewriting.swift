// A formula of back-propagation in the names of the layers' model: every symbol in the place that the
// text gives it, σ′(z) as the slope of its layer.
//
// What is no quantity of a layer stays as it is printed.

import Diagnostics
import Notation

extension LayerCheck {
  /// The formula with the model's names in the place of its symbols.
  func rewritten(_ math: Math, _ met: (LayerQuantity?) -> Void) -> Math {
    MathRewrite.topDown(math) { part in
      if case .product(let factors) = part.kind { return product(factors, part, met) }
      if case .function(let call) = part.kind, call.scripts?.primes == 1,
        call.arguments.count == 1
      {
        return slope(call.arguments[0], part.span)
      }
      if case .scripted(let base, var scripts) = part.kind, !scripts.lower.isEmpty,
        let power = scripts.upper, wholeNumber(power) != nil
      {
        // A₁²
        scripts.upper = nil
        var above = MathScripts()
        above.upper = power
        let inner = rewritten(Math(.scripted(base, scripts), part.span), met)
        return Math(.scripted(inner, above), part.span)
      }
      if let target = LayerSymbol(part), names.isTarget(target) {
        met(nil)
        return symbol(LayerCheck.targetKey, isTransposed: target.isTransposed, part.span)
      }
      guard let quantity = names.quantity(part) else { return nil }
      met(quantity)
      let printed = LayerSymbol(Differential.variable(part) ?? part)
      return symbol(quantity.key, isTransposed: printed?.isTransposed ?? false, part.span)
    }
  }

  /// σ′(z) within a product.
  private func product(_ factors: [MathFactor], _ part: Math, _ met: (LayerQuantity?) -> Void)
    -> Math?
  {
    if let quantity = names.quantity(part) {
      met(quantity)
      return symbol(quantity.key, isTransposed: false, part.span)
    }
    var result: [MathFactor] = []
    var place = 0
    while place < factors.count {
      let factor = factors[place]
      if place + 1 < factors.count, factors[place + 1].sign == .implicit,
        let head = ClaimSymbol(factor.value), isPrimed(factor.value, head),
        case .fenced(_, let items) = factors[place + 1].value.kind, items.count == 1,
        let slope = slope(
          items[0], factor.value.span.joined(with: factors[place + 1].value.span))
      {
        result.append(MathFactor(sign: factor.sign, value: slope))
        place += 2
        continue
      }
      result.append(MathFactor(sign: factor.sign, value: rewritten(factor.value, met)))
      place += 1
    }
    return result.count == 1 ? result[0].value : Math(.product(result), part.span)
  }

  /// g′, and g^{[l]}′ with the prime behind its layer.
  private func isPrimed(_ math: Math, _ symbol: ClaimSymbol) -> Bool {
    symbol.primes == 1 || symbol.marks.contains("'")
  }

  private func slope(_ inner: Math, _ span: Span) -> Math? {
    guard let quantity = names.quantity(inner), quantity.kind == .before, !quantity.isGradient
    else { return nil }
    return symbol(
      LayerQuantity(kind: .slope, layer: quantity.layer).key, isTransposed: false, span)
  }

  private func symbol(_ key: String, isTransposed: Bool, _ span: Span) -> Math {
    let symbol = Math(.symbol(MathSymbol(key, isWord: true)), span)
    guard isTransposed else { return symbol }
    var scripts = MathScripts()
    scripts.upper = Math(.mark("T"), span)
    return Math(.scripted(symbol, scripts), span)
  }
}
