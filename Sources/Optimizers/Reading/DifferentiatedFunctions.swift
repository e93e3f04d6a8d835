// Which functions a formula takes derivatives of: ∇J and ∇L are of two, ∂C/∂w and ∂C/∂b of one.
//
// Accents, faces and subscripts tell functions apart. Where it does not show of what a derivative is,
// nothing is said.

import Notation

struct DifferentiatedFunctions {
  private(set) var names: Set<String> = []
  /// A derivative of something that has no name of its own: of a sum, of what stands behind.
  private(set) var hasUnknown = false

  init() {}

  init(in math: Math) { visit(math, 0) }

  /// Whether both are of the same functions for certain.
  func isSame(as other: DifferentiatedFunctions) -> Bool {
    !hasUnknown && !other.hasUnknown && names == other.names
  }

  /// Whether one may be of a function that the other is not of. A gradient that is called g_t shows no
  /// function and speaks against none.
  func differs(from other: DifferentiatedFunctions) -> Bool {
    if isSame(as: other) { return false }
    return hasUnknown || other.hasUnknown || names.union(other.names).count > 1
  }

  private mutating func visit(_ math: Math, _ depth: Int) {
    guard depth < 60 else {
      hasUnknown = true
      return
    }
    if let sign = DerivativeSign(math) { return take(sign) }
    guard case .product(let factors) = math.kind else {
      if DifferentiatedFunctions.isSign(math) { hasUnknown = true }
      for child in math.children { visit(child, depth + 1) }
      return
    }
    // η ∂J/∂w, η \frac{∂}{∂w} J: what belongs to the sign stands behind it.
    for (place, factor) in factors.enumerated() {
      let value = factor.value
      let isOpen = DerivativeSign(value).map { $0.of == nil } ?? false
      if isOpen || DifferentiatedFunctions.isSign(value) {
        let rest = Array(factors[place...])
        let span = value.span.joined(with: rest[rest.count - 1].value.span)
        if rest.count > 1, let sign = DerivativeSign(Math(.product(rest), span)) {
          take(sign)
        } else {
          hasUnknown = true
        }
        return
      }
      visit(value, depth + 1)
    }
  }

  private mutating func take(_ sign: DerivativeSign) {
    if let name = sign.of.flatMap({ DifferentiatedFunctions.name($0) }) {
      names.insert(name)
    } else {
      hasUnknown = true
    }
  }

  /// ∂ alone, with or without its scripts.
  private static func isSign(_ math: Math) -> Bool {
    switch math.kind {
    case .symbol(let symbol): symbol.name == "partial"
    case .scripted(let base, _): isSign(base)
    default: false
    }
  }

  /// J, \mathcal{J}, \hat J, J_{data}; nil for what is more than a name.
  private static func name(_ math: Math, _ depth: Int = 0) -> String? {
    guard depth < 8 else { return nil }
    switch math.kind {
    case .number(let text): return text
    case .symbol(let symbol): return symbol.face.map { $0 + " " + symbol.name } ?? symbol.name
    case .mark(let mark): return mark
    case .accented(let accent, let inner):
      return name(inner, depth + 1).map { accent + "(" + $0 + ")" }
    case .scripted(let base, let scripts):
      guard var text = name(base, depth + 1) else { return nil }
      for lower in scripts.lower {
        guard let label = name(lower, depth + 1) else { return nil }
        text += "_" + label
      }
      if let upper = scripts.upper {
        guard let label = name(upper, depth + 1) else { return nil }
        text += "^" + label
      }
      return text + String(repeating: "'", count: min(scripts.primes, 9))
    // C(w), the function and where it is.
    case .product(let factors):
      guard factors.count == 2, case .fenced = factors[1].value.kind else { return nil }
      return name(factors[0].value, depth + 1)
    case .fenced(_, let items):
      return items.count == 1 ? name(items[0], depth + 1) : nil
    default: return nil
    }
  }
}
