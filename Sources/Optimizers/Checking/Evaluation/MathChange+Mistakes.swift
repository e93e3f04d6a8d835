// Which mistake a change makes, and which it undoes: the identifiers are those of `Mistakes` where the same
// is done to a rule.

import Notation

extension MathChange {
  /// The mistake that this change of a right formula is; nil when nobody makes it. Those of the lowest
  /// rank are the commonest.
  var made: (id: String, rank: Int)? {
    switch kind {
    case .turned(_, let isFirst):
      if isExponent { return ("exponent-sign", 1) }
      return ("sign", isFirst && !isNegativeNow ? 1 : isFirst ? 2 : 1)
    case .withoutComplement: return ("complement", 2)
    case .withoutRoot: return ("missing-root", 3)
    case .withoutPower(2): return ("missing-square", 3)
    case .withoutPower(let power): return ("exponent-left-out", power == nil ? 5 : 3)
    case .power: return ("time-off-by-one", 3)
    case .withoutFactor: return (isTwo ? "factor-two" : "factor-left-out", 4)
    case .complement:
      // Of a number; of a symbol it is too far-fetched.
      if case .number = part.kind { return ("complement", 4) }
      return nil
    case .withoutDivisor: return ("divisor-left-out", 5)
    case .inverted: return ("inverted", 5)
    case .lastAloneDivided: return ("missing-parentheses", 5)
    case .withoutTerm: return ("term-left-out", 6)
    case .timesForPower(let power):
      return (power == 2 ? "doubled-for-squared" : "product-for-power", 6)
    case .squared: return ("square-of-product", 7)
    case .otherFunction("max", _): return ("min-for-max", 7)
    case .otherFunction("min", _): return ("max-for-min", 7)
    case .otherFunction: return ("sine-for-cosine", 7)
    default: return nil
    }
  }

  /// The mistake that a formula is without when it is changed like this.
  var undone: String {
    switch kind {
    case .turned, .negated: isExponent ? "exponent-sign" : "sign"
    case .complement, .withoutComplement: "complement"
    case .withoutTerm: "extra-term"
    case .intoDivisor: "epsilon-outside-fraction"
    case .lastAloneDivided: "extra-parentheses"
    case .timesForPlus: "plus-for-times"
    case .withoutFactor: isTwo ? "factor-two" : "extra-factor"
    case .withoutDivisor: "extra-denominator"
    case .inverted: "inverted"
    case .withRoot: "missing-root"
    case .withoutRoot: "extra-root"
    case .squared, .squareForAbsolute: "missing-square"
    case .withoutPower(2): "extra-square"
    case .withoutPower: "extra-exponent"
    case .power: "time-off-by-one"
    case .timesForPower: "power-for-product"
    case .otherFunction("max", _): "max-for-min"
    case .otherFunction("min", _): "min-for-max"
    case .otherFunction: "sine-for-cosine"
    case .with(let name): name == "exp" ? "missing-exponential" : "missing-logarithm"
    case .without(let name): name == "exp" ? "extra-exponential" : "extra-logarithm"
    case .absolute: "absolute-left-out"
    case .conditionSwapped: "condition-swapped"
    case .meanForSum: "sum-for-mean"
    case .productForSum: "sum-for-product"
    case .sumForProduct: "product-for-sum"
    case .number: "wrong-number"
    case .transposed: "missing-transpose"
    case .notTransposed: "extra-transpose"
    case .before: "wrong-order"
    case .other(let id, _): id
    }
  }

  private var isNegativeNow: Bool {
    if case .turned(let isNegative, _) = kind { return isNegative }
    return false
  }

  /// A factor 2 or 1/2.
  var isTwo: Bool {
    switch part.kind {
    case .number(let text): return text == "2"
    case .fraction(let above, let below): return wholeNumber(above) == 1 && wholeNumber(below) == 2
    default: return false
    }
  }

  /// A clause that says what the formula has now, behind “it is right” or “it is the value”.
  func clause(_ name: (Math) -> String) -> String {
    let text = name(part)
    switch kind {
    case .turned(let isNegative, _): return "with \(isNegative ? "-" : "+") before \(text)"
    case .negated: return "with - before \(text)"
    case .withoutTerm: return "without \(text)"
    case .complement: return "with 1 - \(text) in place of \(text)"
    case .withoutComplement: return "with \(text) in place of 1 - \(text)"
    case .intoDivisor: return "with \(text) in the denominator"
    case .lastAloneDivided(let by): return "when only \(text) is divided by \(name(by))"
    case .timesForPlus: return "with a product in place of \(text)"
    case .withoutFactor: return "without the factor \(text)"
    case .withoutDivisor: return "without dividing by \(text)"
    case .inverted:
      guard case .fraction(let above, let below) = part.kind else { return "upside down" }
      return "with \(name(below)) over \(name(above))"
    case .withRoot: return "with the root of \(text)"
    case .withoutRoot: return "without the root"
    case .squared, .squareForAbsolute: return "with the square of \(text)"
    case .withoutPower(let power): return "without the power" + (power.map { " \($0)" } ?? "")
    case .power(let power, let step):
      return "with the power \(power), one too \(step > 0 ? "many" : "few")"
    case .timesForPower(let power): return "with ·\(power) for the power \(power)"
    case .otherFunction(let old, let new): return "with \(new) for \(old)"
    case .with(let function): return "with the \(function) of \(text)"
    case .without(let function): return "without the \(function)"
    case .absolute: return "with the absolute value of \(text)"
    case .conditionSwapped: return "with the condition the other way round"
    case .meanForSum: return "with the mean for the sum"
    case .productForSum: return "with the product for the sum"
    case .sumForProduct: return "with the sum for the product"
    case .number(let other): return "with \(other) for \(text)"
    case .transposed: return "with \(text)ᵀ for \(text)"
    case .notTransposed: return "with \(text) for \(text)ᵀ"
    case .before(let next): return "with \(text) before \(name(next))"
    case .other(_, let says): return says
    }
  }
}
