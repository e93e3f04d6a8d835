// The error at the end of a network, aᴸ - y, and sums over samples, Σᵢ dz⁽ⁱ⁾.

import Diagnostics
import Notation

extension LayerCheck {
  /// A formula with δ in it.
  static func hasError(_ math: Math) -> Bool {
    if let symbol = ClaimSymbol(math) { return symbol.base.hasPrefix("delta") }
    return math.children.contains(where: hasError)
  }

  /// Whether a formula says what the error at the end is: a - y, beside the same layer's δ or dz.
  static func isAtEnd(_ formula: Math, _ target: LayerQuantity) -> Bool {
    guard target.kind == .before, target.isGradient else { return false }
    var names: Set<String> = []
    func visit(_ math: Math) {
      if case .symbol(let symbol) = math.kind { names.insert(symbol.name) }
      math.children.forEach(visit)
    }
    visit(formula)
    return names.contains(targetKey)
      && names.contains(LayerQuantity(kind: .after, layer: target.layer).key)
      && !names.contains { quantity($0)?.isGradient ?? false }
  }

  /// Σᵢ dz⁽ⁱ⁾ as of one sample: what holds for each holds for the sum, and there is one then.
  static func withoutSamples(_ math: Math) -> Math {
    MathRewrite.topDown(math) { part in
      guard case .big("sum", let scripts, let body) = part.kind,
        let first = scripts.lower.first, scripts.lower.count == 1
      else { return nil }
      var letter = first
      if case .relation(let sides, _) = first.kind { letter = sides[0] }
      guard let sample = indexLike(letter)?.letter else { return nil }
      var hasSample = false
      let one = MathRewrite.topDown(body) { inner in
        guard case .scripted(let base, var scripts) = inner.kind, let upper = scripts.upper,
          case .product(let factors) = upper.kind
        else { return nil }
        let rest = factors.filter { factor in
          guard case .fenced(.parenthesis, let items) = factor.value.kind, items.count == 1 else {
            return true
          }
          return indexLike(items[0])?.letter != sample
        }
        guard rest.count == factors.count - 1, let only = rest.first else { return nil }
        hasSample = true
        scripts.upper = rest.count == 1 ? only.value : Math(.product(rest), upper.span)
        return Math(.scripted(base, scripts), inner.span)
      }
      return hasSample ? one : nil
    }
  }
}
