// A formula of back-propagation in the names of the layers' model: every symbol in the place that the
// text gives it, σ(z) and σ′(z) as the output and the slope of its layer.
//
// What is no quantity of a layer stays as it is printed.

import Diagnostics
import Notation

struct LayerRewriting {
  /// What a part of the formula is, as a whole or as one number.
  let read: (Math) -> LayerReading?
  /// Whether a symbol is what the network should give.
  let isTarget: (LayerSymbol) -> Bool
  /// Whether a function is what a layer ends in.
  let isActivation: (String) -> Bool
  /// Told of every quantity that is met; nil for the target.
  let met: (LayerReading?) -> Void

  /// The formula with the model's names in the place of its symbols.
  func rewritten(_ math: Math) -> Math {
    MathRewrite.topDown(math) { part in
      if case .product(let factors) = part.kind { return product(factors, part) }
      if case .function(let call) = part.kind, call.arguments.count == 1,
        let applied = applied(call.name, call.scripts?.primes ?? 0, call.arguments[0], part.span)
      {
        return applied
      }
      if let reading = read(part) {
        met(reading)
        return reading.symbol(part.span)
      }
      if case .scripted(let base, var scripts) = part.kind, !scripts.lower.isEmpty,
        let power = scripts.upper, wholeNumber(power) != nil
      {
        // A₁²
        scripts.upper = nil
        var above = MathScripts()
        above.upper = power
        return Math(
          .scripted(rewritten(Math(.scripted(base, scripts), part.span)), above), part.span)
      }
      guard let target = LayerSymbol(part), isTarget(target) else { return nil }
      met(nil)
      let symbol = Math(.symbol(MathSymbol(LayerCheck.targetKey, isWord: true)), part.span)
      guard target.isTransposed else { return symbol }
      var scripts = MathScripts()
      scripts.upper = Math(.mark("T"), part.span)
      return Math(.scripted(symbol, scripts), part.span)
    }
  }

  /// σ(z) and σ′(z) within a product.
  private func product(_ factors: [MathFactor], _ part: Math) -> Math? {
    if let reading = read(part) {
      met(reading)
      return reading.symbol(part.span)
    }
    var result: [MathFactor] = []
    var place = 0
    while place < factors.count {
      let factor = factors[place]
      if place + 1 < factors.count, factors[place + 1].sign == .implicit,
        let head = ClaimSymbol(factor.value),
        case .fenced(_, let items) = factors[place + 1].value.kind, items.count == 1,
        let applied = applied(
          head.base, primes(head), items[0],
          factor.value.span.joined(with: factors[place + 1].value.span))
      {
        result.append(MathFactor(sign: factor.sign, value: applied))
        place += 2
        continue
      }
      result.append(MathFactor(sign: factor.sign, value: rewritten(factor.value)))
      place += 1
    }
    return result.count == 1 ? result[0].value : Math(.product(result), part.span)
  }

  /// Of g′, and of g^{[l]}′ with the prime behind its layer.
  private func primes(_ symbol: ClaimSymbol) -> Int {
    symbol.marks.contains("'") ? 1 : symbol.primes
  }

  private func applied(_ function: String, _ primes: Int, _ inner: Math, _ span: Span) -> Math? {
    guard let reading = read(inner) else { return nil }
    switch primes {
    case 0: return isActivation(function) ? reading.activated?.symbol(span) : nil
    case 1: return reading.slope?.symbol(span)
    default: return nil
    }
  }
}
