// What a change undoes, as a sentence about the definition that was printed.

import Diagnostics
import Notation

extension FormulaMistakes {
  func id(_ change: MathChange) -> String {
    switch change.kind {
    case .withoutTerm where isAddedOne(change): "complement"
    case .power: "wrong-power"
    case .withoutFactor where isMeanFactor(change.part): "mean-for-sum"
    default: change.undone
    }
  }

  func sentence(_ change: MathChange) -> String {
    let text = notation.plain(change.part)
    switch change.kind {
    case .turned: return "the sign of \(text) is wrong"
    case .negated:
      return change.isExponent
        ? "the sign of the exponent is wrong" : "the sign of \(text) is wrong"
    case .withoutTerm where wholeNumber(change.part) == 1: return "the 1 does not belong here"
    case .withoutTerm, .withoutComplement: return "\(text) does not belong here"
    case .intoDivisor: return "\(text) belongs to the denominator"
    case .complement: return "1 - \(text) is meant"
    case .timesForPlus:
      guard case .sum(let terms) = change.part.kind, terms.count == 2 else { return text }
      return "the product of \(notation.plain(terms[0].value)) and"
        + " \(notation.plain(terms[1].value)) is meant, not their sum"
    case .withoutFactor: return "the factor \(text) does not belong here"
    case .withoutDivisor: return "the division by \(text) does not belong here"
    case .inverted: return "numerator and denominator have changed places"
    case .withRoot: return "the root of \(text) is missing"
    case .withoutRoot: return "the root does not belong here"
    case .squared:
      var part = change.part
      if case .scripted(let base, _) = part.kind { part = base }
      if case .fenced(.norm, _) = part.kind { return "the square of the norm is missing" }
      return "the square of \(text) is missing"
    case .squareForAbsolute: return "the error is to be squared, not made positive"
    case .withoutPower:
      guard case .scripted(var base, var scripts) = change.part.kind else { return text }
      scripts.upper = nil
      if !scripts.isEmpty { base = Math(.scripted(base, scripts), change.part.span) }
      return "the square of \(notation.plain(base)) does not belong here"
    case .otherFunction(let old, let new): return "\(old) stands for \(new)"
    case .with(let name):
      return "the \(name == "exp" ? "exponential" : "logarithm") of \(text) is missing"
    case .without(let name):
      return "the \(name == "exp" ? "exponential" : "logarithm") does not belong here"
    case .absolute: return "the absolute value of \(text) is missing"
    case .conditionSwapped: return "the condition is the other way round"
    case .meanForSum: return "the sum is not divided by the number of its terms"
    case .productForSum: return "a product is meant"
    case .sumForProduct: return "a sum is meant"
    case .number(let other): return "\(text) stands for \(other)"
    case .other(_, let says): return says
    case .power(let power, _):
      guard case .scripted(var base, var scripts) = change.part.kind else { return text }
      scripts.upper = nil
      if !scripts.isEmpty { base = Math(.scripted(base, scripts), change.part.span) }
      return "the power \(power) of \(notation.plain(base)) is meant"
    case .lastAloneDivided, .timesForPower, .transposed, .notTransposed, .before:
      return "it is right " + change.clause { notation.plain($0) }
    }
  }

  /// 1 + x for x.
  private func isAddedOne(_ change: MathChange) -> Bool { wholeNumber(change.part) == 1 }

  private func isMeanFactor(_ math: Math) -> Bool {
    guard case .fraction(let above, let below) = math.kind, wholeNumber(above) == 1,
      let key = notation.reference(below)?.key
    else { return false }
    return shape.lengths[key] != nil || ["n", "m", "N"].contains(key)
  }
}
