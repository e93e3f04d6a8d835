// A symbol with the letters of units and no layer: δ_j, w_{kj}, z_i, x_{ji}, as textbooks of neural
// networks print them.
//
// The letters say which layer a unit is in: j of the units in question, k of those behind them, i of
// those before. A letter for the pattern, δ_{pj}, and the step in brackets, δ_j(n), say nothing here.

import Diagnostics
import Notation

struct UnitSymbol {
  var base: String
  var letters: [String]

  private static let units = Set("hijklmnopqrs".map(String.init))
  static let errors: Set<String> = ["delta", "Delta"]
  static let weights: Set<String> = ["w", "W", "theta", "Theta", "v", "u"]
  static let biases: Set<String> = ["b", "theta"]

  /// nil for what has no letters of units, and for powers.
  init?(_ math: Math) {
    guard let symbol = ClaimSymbol(math), symbol.power == nil, !symbol.isTransposed,
      symbol.marks.isEmpty, symbol.primes == 0, symbol.upperPlaces.count <= 1,
      symbol.upperPlaces.allSatisfy({ wholeNumber($0) != nil }), !symbol.lower.isEmpty
    else { return nil }
    var letters: [String] = []
    for item in symbol.lower {
      guard case .symbol(let name) = item.kind, !name.isWord else { return nil }
      letters += name.isRun ? name.name.map(String.init) : [name.name]
    }
    guard (1...2).contains(letters.count), letters.allSatisfy(UnitSymbol.units.contains) else {
      return nil
    }
    base = symbol.base
    self.letters = letters
  }

  /// The letter of a place.
  static func letter(_ place: Math) -> String? {
    guard case .symbol(let symbol) = place.kind, units.contains(symbol.name) else { return nil }
    return symbol.name
  }

  var isError: Bool { UnitSymbol.errors.contains(base) && letters.count == 1 }
  var isWeight: Bool {
    letters.count == 2 && UnitSymbol.weights.contains(base) && letters[0] != letters[1]
  }

  // MARK: Plainly printed

  /// A formula without patterns, steps and the limits of sums: δ_{pj}(n) is δ_j, Σ_{k ∈ outputs} is Σ_k.
  static func plain(_ math: Math) -> Math {
    MathRewrite.bottomUp(math) { part in
      switch part.kind {
      case .scripted(let base, var scripts):
        if !scripts.lower.isEmpty, scripts.primes == 0, let power = scripts.upper,
          wholeNumber(power) != nil
        {
          // z_j² is the square of z_j.
          scripts.upper = nil
          var above = MathScripts()
          above.upper = power
          return Math(.scripted(Math(.scripted(base, scripts), part.span), above), part.span)
        }
        guard scripts.lower.count == 1, case .symbol(let run) = scripts.lower[0].kind, run.isRun,
          run.name.count == 2, run.name.first == "p", let letter = run.name.last
        else { return nil }
        scripts.lower = [Math(.symbol(MathSymbol(String(letter))), scripts.lower[0].span)]
        return Math(.scripted(base, scripts), part.span)
      case .product(let factors):
        var result: [MathFactor] = []
        for factor in factors {
          if factor.sign == .implicit, let last = result.last, UnitSymbol(last.value) != nil,
            isStep(factor.value)
          {
            continue
          }
          result.append(factor)
        }
        guard result.count < factors.count else { return nil }
        return result.count == 1 ? result[0].value : Math(.product(result), part.span)
      case .big("sum", var scripts, let body):
        guard scripts.lower.count == 1,
          case .relation(let sides, let relations) = scripts.lower[0].kind,
          sides.count == 2, relations == [.member] || relations == [.equals]
        else { return nil }
        scripts.lower = [sides[0]]
        scripts.upper = nil
        return Math(.big("sum", scripts, body), part.span)
      default: return nil
      }
    }
  }

  /// (n), (t), (t + 1)
  private static func isStep(_ math: Math) -> Bool {
    guard case .fenced(.parenthesis, let items) = math.kind, items.count == 1 else { return false }
    return indexLike(items[0]).map { ["n", "t"].contains($0.letter) } ?? false
  }
}

/// What a formula of back-propagation without layers is of.
struct UnitTarget {
  enum Kind {
    /// δ_j
    case error
    /// ∂E/∂w_{ji}, ∂E/∂b_j, ∂E/∂a_j
    case gradient(of: UnitSymbol)
    /// Δw_{ji}, or w_{ji} ← w_{ji} + …
    case step(of: UnitSymbol)
  }

  var kind: Kind
  var letters: [String]
  /// What the sides say that it is, without a weight that is only moved.
  var claims: [Math]
  var name: String

  init?(_ chain: ClaimChain, _ names: LayerNames) {
    let sides = chain.sides.map { UnitSymbol.plain($0.math) }
    name = ClaimText.pretty(chain.sides[0].math.span.text)
    claims = Array(sides.dropFirst())
    if let by = names.gradientVariable(sides[0]), let symbol = UnitSymbol(by) {
      kind = .gradient(of: symbol)
      letters = symbol.letters
    } else if let symbol = UnitSymbol(sides[0]), symbol.isError {
      kind = .error
      letters = symbol.letters
    } else if let symbol = UnitTarget.moved(sides[0]) {
      kind = .step(of: symbol)
      letters = symbol.letters
    } else if let symbol = UnitSymbol(sides[0]),
      symbol.isWeight || UnitSymbol.biases.contains(symbol.base)
    {
      kind = .step(of: symbol)
      letters = symbol.letters
      claims = claims.compactMap { UnitTarget.step($0, from: symbol) }
      guard claims.count == sides.count - 1 else { return nil }
    } else {
      return nil
    }
    guard Set(letters).count == letters.count else { return nil }
  }

  /// w_{ji} of Δw_{ji}.
  private static func moved(_ math: Math) -> UnitSymbol? {
    guard case .product(let factors) = math.kind, factors.count == 2, factors[1].sign == .implicit,
      let head = ClaimSymbol(factors[0].value), head.base == "Delta", head.power == nil
    else { return nil }
    return UnitSymbol(factors[1].value)
  }

  /// What is added to a weight.
  private static func step(_ math: Math, from weight: UnitSymbol) -> Math? {
    guard case .sum(let terms) = math.kind, terms.count > 1, !terms[0].isNegative,
      let old = UnitSymbol(terms[0].value), old.base == weight.base, old.letters == weight.letters
    else { return nil }
    return Math(.sum(Array(terms.dropFirst())), math.span)
  }
}
