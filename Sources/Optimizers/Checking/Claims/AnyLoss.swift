// Derivatives of a loss that nothing defines, by what the document defines: ∂ℓ/∂x̂ᵢ = ∂ℓ/∂yᵢ · γ where
// yᵢ = γ x̂ᵢ + β is printed, as back-propagation through one step is written.
//
// It must hold whatever the loss is. A loss stands in that is any smooth function of those quantities of
// the claim that come last. What is found wrong by it is accused only where one slip explains it: the
// loss may depend on the rest in a way that is not printed.

import Diagnostics
import Notation

enum AnyLoss {
  /// The scope with such a loss; nil where the claims take no derivative of the loss, or of nothing that
  /// is defined.
  static func scope(_ target: GradientTarget, _ claims: [Math], _ scope: ClaimScope)
    -> (scope: ClaimScope, target: GradientTarget, through: String)?
  {
    guard case .derivative(let of, let by) = target.kind, let loss = ClaimSymbol(of),
      loss.power == nil, scope.definitions[loss.key] == nil, scope.functions[loss.key] == nil,
      LayerNames.losses.contains(loss.base)
    else { return nil }
    var quantities: [Math] = []
    for claim in claims { note(claim, of: ClaimSymbol.plain(of.span.text), &quantities) }
    let keys = quantities.map { key($0, scope) }
    let own = key(by, scope)
    guard !quantities.isEmpty, keys.allSatisfy({ $0 != nil }), let own, !keys.contains(own) else {
      return nil
    }
    // What comes last: no other one is made of it.
    let last = zip(quantities, keys).filter { _, key in
      guard let key else { return false }
      return !zip(quantities, keys).contains { _, other in
        guard let other, other != key else { return false }
        return depends(other, on: key, scope)
      }
    }
    guard !last.isEmpty,
      last.allSatisfy({ _, key in
        key.map { scope.definitions[$0] != nil && depends($0, on: own, scope) } ?? false
      })
    else { return nil }
    var terms: [Math] = []
    var named: Set<String> = []
    for (quantity, key) in last where named.insert(key ?? "").inserted {
      guard ClaimSymbol(quantity)?.power == nil else { return nil }
      terms.append(sum(quantity, scope))
    }
    let span = of.span
    let value = Math(.sum(terms.map { MathTerm(isNegative: false, value: $0) }), span)
    var changed = scope
    changed.definitions[loss.key] = ClaimScope.Definition(binders: [], value: value)
    guard let target = GradientTarget(self.target(target), changed) else { return nil }
    let through = last.map { ClaimText.pretty($0.0.span.text) }.joined(separator: ", ")
    return (changed, target, through)
  }

  /// Σ_i tanh(q_i) + exp(q_i/2), or over all elements of q.
  private static func sum(_ quantity: Math, _ scope: ClaimScope) -> Math {
    let span = quantity.span
    func call(_ name: String, _ argument: Math) -> Math {
      Math(
        .function(
          MathFunction(
            name: name, scripts: nil, arguments: [argument], nameSpan: span, isBracketed: true)),
        span)
    }
    let half = Math(
      .product([
        MathFactor(sign: .implicit, value: Math(.number("0.5"), span)),
        MathFactor(sign: .times, value: quantity),
      ]), span)
    let body = Math(
      .fenced(
        .parenthesis,
        [
          Math(
            .sum([
              MathTerm(isNegative: false, value: call("tanh", quantity)),
              MathTerm(isNegative: false, value: call("exp", half)),
            ]), span)
        ]), span)
    var scripts = MathScripts()
    if let symbol = ClaimSymbol(quantity) {
      scripts.lower = (symbol.lower + symbol.upperPlaces).filter { item in
        indexLike(item).map { $0.offset == 0 && scope.indexLetters.contains($0.letter) } ?? false
      }
    }
    return Math(.big("sum", scripts, body), span)
  }

  private static func target(_ target: GradientTarget) -> Math {
    guard case .derivative(let of, let by) = target.kind else {
      return Math(.number("0"), target.span)
    }
    func part(_ math: Math) -> Math {
      Math(
        .product([
          MathFactor(
            sign: .implicit, value: Math(.symbol(MathSymbol("partial")), math.span)),
          MathFactor(sign: .implicit, value: math),
        ]), math.span)
    }
    return Math(.fraction(part(of), part(by)), target.span)
  }

  /// What the loss is differentiated by in a claim.
  private static func note(_ math: Math, of loss: String, _ quantities: inout [Math]) {
    if let sign = DerivativeSign(math), let of = sign.of {
      if ClaimSymbol.plain(of.span.text) == loss, sign.order == 1, sign.by.count == 1 {
        quantities.append(sign.by[0])
      }
      return
    }
    for child in math.children { note(child, of: loss, &quantities) }
  }

  /// The key of a definition, or of a free symbol.
  private static func key(_ math: Math, _ scope: ClaimScope) -> String? {
    guard let symbol = ClaimSymbol(math) else { return nil }
    var usage = ClaimUsage(scope)
    usage.add(math)
    return usage.name(symbol).key
  }

  private static func depends(_ key: String, on other: String, _ scope: ClaimScope) -> Bool {
    guard let definition = scope.definitions[key] else { return false }
    var usage = ClaimUsage(scope)
    usage.add(definition.value)
    return usage.met.contains(other)
  }
}
