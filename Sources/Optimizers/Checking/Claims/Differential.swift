// `dz`, `dW^{[2]}`: what courses call the derivative of the loss by z, by W^{[2]}.
//
// It is one only where the document defines a loss that depends on the variable.

import Diagnostics
import Notation

enum Differential {
  /// z of dz; nil for what is no d with a letter.
  static func variable(_ math: Math) -> Math? {
    switch math.kind {
    case .symbol(let symbol):
      guard symbol.isRun, symbol.name.count == 2, symbol.name.first == "d" else { return nil }
      var span = math.span
      if span.text.hasPrefix("d") { span.start += 1 }
      return Math(.symbol(MathSymbol(String(symbol.name.dropFirst()))), span)
    case .scripted(let base, let scripts):
      guard scripts.primes == 0, let inner = variable(base) else { return nil }
      return Math(
        .scripted(inner, scripts), Span(math.span.source, inner.span.start, math.span.end))
    case .product(let factors):
      // d\theta, d\hat y
      guard factors.count == 2, factors[1].sign == .implicit,
        case .symbol(let symbol) = factors[0].value.kind, symbol.name == "d",
        ClaimSymbol(factors[1].value) != nil
      else { return nil }
      return factors[1].value
    default: return nil
    }
  }

  /// The losses of the document in the order they are asked: of one example before their mean.
  private static let losses = [
    "L", "L_cal", "ell", "E", "C", "J", "J_cal", "loss", "Loss", "cost", "E_total", "L_total",
  ]

  /// The loss that depends on a variable.
  static func loss(of variable: Math, _ scope: ClaimScope) -> Math? {
    guard let symbol = ClaimSymbol(variable), symbol.power == nil else { return nil }
    for name in losses where scope.definitions[name] != nil {
      guard let definition = scope.definitions[name], definition.binders.isEmpty else { continue }
      var usage = ClaimUsage(scope)
      usage.add(definition.value)
      guard usage.met.contains(usage.name(symbol).key) else { continue }
      return loss(name, variable.span)
    }
    return nil
  }

  private static func loss(_ key: String, _ span: Span) -> Math {
    let parts = key.split(separator: "_").map(String.init)
    guard parts.count == 2 else { return Math(.symbol(MathSymbol(key)), span) }
    if parts[1] == "cal" {
      return Math(.symbol(MathSymbol(parts[0], face: parts[1])), span)
    }
    var scripts = MathScripts()
    scripts.lower = [Math(.symbol(MathSymbol(parts[1], isRun: true)), span)]
    return Math(.scripted(Math(.symbol(MathSymbol(parts[0])), span), scripts), span)
  }

  /// A claim with derivatives in the place of what is written for them.
  static func spelledOut(_ claim: Math, _ scope: ClaimScope) -> Math {
    MathRewrite.topDown(claim) { part in
      guard let variable = variable(part), let loss = loss(of: variable, scope) else { return nil }
      return fraction(loss, variable, part.span)
    }
  }

  /// ∂of/∂by
  static func fraction(_ of: Math, _ by: Math, _ span: Span) -> Math {
    let sign = MathFactor(sign: .implicit, value: Math(.symbol(MathSymbol("partial")), span))
    let part = { (math: Math) in
      Math(.product([sign, MathFactor(sign: .implicit, value: math)]), span)
    }
    return Math(.fraction(part(of), part(by)), span)
  }
}
