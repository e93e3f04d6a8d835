// The right side of an update, multiplied out as far as it takes to see what each term is made of: the
// error of a prediction stays whole.
//
//   θ_j - α [ (1/m) Σ (h - y) x_j + (λ/m) θ_j ]      θ_j,   -α (1/m) Σ (h - y) x_j,   -α (λ/m) θ_j

import Diagnostics
import Notation

struct DescentTerm {
  struct Factor {
    var math: Math
    var isBelow = false
  }

  var isNegative: Bool
  var factors: [Factor]
  /// The sums that it stands in.
  var sums: [Sum] = []

  struct Sum {
    /// What it runs over; nil where that is not said.
    var letter: String?
    /// As it is printed: `\sum_{i=1}^m`.
    var text: String
  }
}

/// Multiplies out.
struct DescentTerms {
  let words: ClaimUsage
  /// Whether a formula is the error of a prediction, which stays as it is.
  let isWhole: (Math) -> Bool

  private static let most = 24
  private static let deepest = 40

  /// nil for what has too many terms.
  func terms(of math: Math) -> [DescentTerm]? {
    var result: [DescentTerm] = []
    let all = DescentTerm(isNegative: false, factors: [DescentTerm.Factor(math: math)])
    return add(all, to: &result, depth: 0) ? result : nil
  }

  private func add(_ term: DescentTerm, to result: inout [DescentTerm], depth: Int) -> Bool {
    guard depth < DescentTerms.deepest, result.count < DescentTerms.most else { return false }
    for (place, factor) in term.factors.enumerated() {
      func put(_ factors: [DescentTerm.Factor], negative: Bool = false, sum: DescentTerm.Sum? = nil)
        -> Bool
      {
        var next = term
        next.factors.replaceSubrange(place...place, with: factors)
        if negative { next.isNegative.toggle() }
        if let sum { next.sums.append(sum) }
        return add(next, to: &result, depth: depth + 1)
      }
      switch factor.math.kind {
      case .sum(let terms) where !factor.isBelow || terms.count == 1:
        return terms.allSatisfy {
          put(
            [DescentTerm.Factor(math: $0.value, isBelow: factor.isBelow)], negative: $0.isNegative)
        }
      case .product(let factors):
        guard let parts = parts(factors, isBelow: factor.isBelow) else { continue }
        return put(parts)
      case .fraction(let above, let below):
        return put([
          DescentTerm.Factor(math: above, isBelow: factor.isBelow),
          DescentTerm.Factor(math: below, isBelow: !factor.isBelow),
        ])
      case .fenced(.parenthesis, let items), .fenced(.bracket, let items),
        .fenced(.brace, let items):
        guard items.count == 1, !factor.isBelow, !isWhole(factor.math) else { continue }
        return put([DescentTerm.Factor(math: items[0])])
      case .big("sum", let scripts, let body) where !factor.isBelow:
        return put(
          [DescentTerm.Factor(math: body)],
          sum: DescentTerm.Sum(
            letter: DescentTerms.letter(scripts),
            text: Span(factor.math.span.source, factor.math.span.start, body.span.start).text))
      default: continue
      }
    }
    result.append(term)
    return true
  }

  /// The factors of a product, functions with their arguments; nil for what is one call.
  private func parts(_ factors: [MathFactor], isBelow: Bool) -> [DescentTerm.Factor]? {
    let read = FormulaFactor.read(factors, words)
    if read.count == 1, case .call = read[0].operand { return nil }
    var result: [DescentTerm.Factor] = []
    func add(_ read: [FormulaFactor], isBelow: Bool) {
      for factor in read {
        let side = (factor.sign == .over) != isBelow
        if case .together(let inner) = factor.operand {
          add(inner, isBelow: side)
        } else {
          result.append(DescentTerm.Factor(math: factor.math, isBelow: side))
        }
      }
    }
    add(read, isBelow: isBelow)
    return result
  }

  /// The letter that a sum binds: i of Σ_{i=1}^m, of Σ_{i ∈ B}, of Σ_i.
  private static func letter(_ scripts: MathScripts) -> String? {
    guard let lower = scripts.lower.first else { return nil }
    if case .relation(let sides, _) = lower.kind { return indexLike(sides[0])?.letter }
    return indexLike(lower)?.letter
  }
}
