// A derivative rewritten by the chain rule: ∂L/∂w = ∂L/∂a · ∂a/∂z · ∂z/∂w.
//
// Whether what stands in between cancels is all that can be said without the functions.

import Notation

enum ChainRule {
  /// A sentence about the first claim that is a product of derivatives; nil when none is.
  static func remark(_ target: GradientTarget, _ claims: [Math]) -> String? {
    guard case .derivative(let of, let by) = target.kind else { return nil }
    for claim in claims {
      guard case .product(let factors) = claim.kind, factors.count > 1 else { continue }
      var above: [String] = []
      var below: [String] = []
      for factor in factors {
        var math = factor.value
        if case .fenced(_, let items) = math.kind, items.count == 1 { math = items[0] }
        if case .scripted(let base, let scripts) = math.kind, scripts.lower.isEmpty { math = base }
        if case .fenced(_, let items) = math.kind, items.count == 1 { math = items[0] }
        guard let sign = DerivativeSign(math), let of = sign.of, let by = sign.by.first,
          sign.by.count == 1
        else {
          above = []
          break
        }
        above.append(ClaimSymbol.plain(of.span.text))
        below.append(ClaimSymbol.plain(by.span.text))
      }
      guard !above.isEmpty else { continue }
      for name in above where below.contains(name) {
        if let a = above.firstIndex(of: name), let b = below.firstIndex(of: name) {
          above.remove(at: a)
          below.remove(at: b)
        }
      }
      let holds =
        above == [ClaimSymbol.plain(of.span.text)] && below == [ClaimSymbol.plain(by.span.text)]
      if holds {
        return "it is the chain rule: what stands in between cancels; for vectors the order of the "
          + "factors matters"
      }
      return "as a chain rule it does not close: what stands above and below in between does not "
        + "cancel"
    }
    return nil
  }
}
