// One small change of a printed formula: a sign, a factor, a square, a root, a bracket.
//
// A change says what it does, and nothing of who made it. Where a formula is right and a number wrong, the
// change is the mistake that was made; where the formula is wrong, it undoes one. `made` and `undone` are
// the two readings, with the identifiers of `Mistakes` where the same is done to a rule.

import Diagnostics
import Notation

struct MathChange {
  enum Kind {
    /// The sign of a term is now -, or +.
    case turned(isNegative: Bool, isFirst: Bool)
    /// A minus before anything.
    case negated
    case withoutTerm
    /// 1 - x for x, and back.
    case complement, withoutComplement
    /// a/b + c for a/(b + c), and back: (a + b)/c for a + b/c.
    case intoDivisor
    case lastAloneDivided(by: Math)
    case timesForPlus
    case withoutFactor
    case withoutDivisor, inverted
    case withRoot, withoutRoot
    case squared
    /// Without a power; nil when it is no whole number.
    case withoutPower(Int?)
    /// With another power, one more or one less.
    case power(Int, step: Int)
    case timesForPower(Int)
    /// Another function in its place; a function round it, and its argument alone.
    case otherFunction(String, String)
    case with(String)
    case without(String)
    case absolute, squareForAbsolute
    case conditionSwapped
    case meanForSum, productForSum, sumForProduct
    case number(String)
    case transposed, notTransposed
    /// Two factors in the other order: this one before.
    case before(Math)
    /// What only one checker knows of: which mistake it undoes, as a sentence.
    case other(id: String, says: String)
  }

  var kind: Kind
  /// What is changed: the term, the factor, the denominator.
  var part: Math
  /// Where the mistake is.
  var span: Span
  var isExponent = false
  /// The formula with the change.
  var math: Math
}
