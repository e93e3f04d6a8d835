// What a document prints of layers unit by unit and without their numbers: a_j = Σ_i w_{ji} z_i,
// z_j = h(a_j), δ_j = ∂E/∂a_j.

import Notation

struct UnitNames: Sendable {
  /// What a letter is before or behind an activation.
  private var roles: [String: Set<LayerQuantity.Kind>] = [:]
  /// The signs with which δ is said to be the gradient.
  private var signs: [(sign: Int, section: Int)] = []
  /// Formulas of gradients, to be held against one another.
  private(set) var claims: [(chain: ClaimChain, section: Int)] = []

  /// Functions that a unit ends in.
  private(set) var activations: Set<String> = []

  private static let most = 60

  /// What a letter is; nil where nothing tells, or both.
  func role(_ base: String) -> LayerQuantity.Kind? {
    roles[base].flatMap { $0.count == 1 ? $0.first : nil }
  }

  /// With which signs δ is said to be the gradient, in a section or else anywhere.
  func signs(in section: Int) -> Set<Int> {
    let here = Set(signs.filter { $0.section == section }.map(\.sign))
    return here.isEmpty ? Set(signs.map(\.sign)) : here
  }

  /// The formulas of gradients before one, in its section.
  func claims(before chain: ClaimChain, section: Int) -> [ClaimChain] {
    claims.filter { $0.section == section }.map(\.chain).prefix { other in
      other.span.start != chain.span.start || other.span.text != chain.span.text
    }
  }

  mutating func learn(_ chain: ClaimChain, section: Int) {
    guard claims.count < UnitNames.most else { return }
    claims.append((chain, section))
  }

  /// δ_j = ±∂E/∂a_j
  mutating func learnSign(_ left: Math, _ value: Math, section: Int) {
    guard let symbol = UnitSymbol(UnitSymbol.plain(left)), symbol.isError,
      signs.count < UnitNames.most
    else { return }
    var sign = 1
    if case .sum(let terms) = value.kind, terms.count == 1, terms[0].isNegative { sign = -1 }
    signs.append((sign, section))
  }

  /// How a_j = Σ_i w_{ji} z_i takes its weights; nil for what is no layer.
  /// - Parameter function: what the sum stands in: z_j = h(Σ_i w_{ji} z_i).
  mutating func learnLayer(_ left: Math, _ inner: Math, function: String?) -> LayerConvention? {
    guard let output = UnitSymbol(UnitSymbol.plain(left)), output.letters.count == 1 else {
      return nil
    }
    var terms = [UnitSymbol.plain(inner)]
    if case .sum(let parts) = terms[0].kind { terms = parts.map(\.value) }
    for term in terms {
      guard case .big("sum", _, let body) = term.kind, case .product(let factors) = body.kind,
        factors.count == 2, let a = UnitSymbol(factors[0].value),
        let b = UnitSymbol(factors[1].value)
      else { continue }
      for (weight, input) in [(a, b), (b, a)] where weight.isWeight && input.letters.count == 1 {
        let order = [output.letters[0], input.letters[0]]
        guard weight.letters == order || weight.letters == order.reversed() else { continue }
        roles[input.base, default: []].insert(.after)
        roles[output.base, default: []].insert(function == nil ? .before : .after)
        return weight.letters == order ? .columns : .columnsTransposed
      }
    }
    return nil
  }

  /// z_j = h(a_j)
  mutating func learnActivation(_ left: Math, _ inner: Math, _ function: String) {
    guard let output = UnitSymbol(UnitSymbol.plain(left)), output.letters.count == 1,
      let input = UnitSymbol(UnitSymbol.plain(inner)), input.letters == output.letters,
      input.base != output.base
    else { return }
    roles[input.base, default: []].insert(.before)
    roles[output.base, default: []].insert(.after)
    activations.insert(function)
  }
}
