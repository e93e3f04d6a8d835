// One link of a chain with a printed number at its end: what was calculated, and whether the number is
// it, to the digits printed.

import Diagnostics
import Notation

struct NumberClaim {
  enum Verdict {
    case right(PrintedDigits.Outcome)
    /// What it is instead, at the component that is wrong.
    case wrong(PrintedDigits.Outcome, component: Int?, value: Double, printed: PrintedNumber)
    /// Vectors of different lengths.
    case sizes(String)
  }

  let context: ClaimContext

  /// Values an expression may have, the likeliest first: with the numbers as printed, and with what
  /// those were rounded from.
  func values(_ math: Math, earlier: [FormulaValue]) throws(FormulaFailure) -> [FormulaValue] {
    let printed = try ClaimEvaluator(context.scope(.printed)).value(math).simplified
    var result = [printed]
    if let precise = try? ClaimEvaluator(context.scope(.precise)).value(math).simplified {
      result.append(precise)
    }
    let traced = Literals.replaced(math) { number in origin(number, earlier) }
    if let traced, let value = try? ClaimEvaluator(context.scope(.precise)).value(traced) {
      result.append(value.simplified)
    }
    return result
  }

  /// The number that a printed one was rounded from, when it was printed before.
  private func origin(_ number: PrintedNumber, _ earlier: [FormulaValue]) -> Double? {
    guard number.significant >= 3 else { return nil }
    for key in context.keys(printedAs: number.value) {
      guard let known = context.known[key] else { continue }
      for (place, precise) in known.precise.elements.enumerated() {
        guard abs(abs(precise) - number.value) <= number.halfUnit * 1.02,
          known.numbers.indices.contains(place),
          abs(known.numbers[place].value) == number.value, abs(precise) != number.value
        else { continue }
        return abs(precise)
      }
    }
    return nil
  }

  /// How far the value of an expression may be off because of rounded numbers in it.
  func spread(_ math: Math, isFirst: Bool, before: Set<Double>) -> [Double] {
    guard let base = try? ClaimEvaluator(context.scope(.printed)).value(math).simplified else {
      return []
    }
    var total = [Double](repeating: 0, count: base.elements.count)
    let literals = Literals.of(math)
    guard literals.count <= 40 else { return total }
    for (place, literal) in literals.enumerated() {
      let isResult = !isFirst && !literal.isWhole && !before.contains(literal.value)
      guard !literal.isWhole, literal.significant >= 3 || isResult else { continue }
      guard
        let moved = Literals.replaced(math, place: place, by: literal.value + literal.halfUnit),
        let other = try? ClaimEvaluator(context.scope(.printed)).value(moved).simplified,
        other.elements.count == total.count
      else { continue }
      for (k, pair) in zip(base.elements, other.elements).enumerated() {
        total[k] += abs(pair.0 - pair.1)
      }
    }
    for key in results(math) {
      guard let known = context.known[key], let number = known.numbers.first else { continue }
      var scope = context.scope(.printed)
      scope.values[key] = FormulaValue(number.value + number.halfUnit)
      guard let other = try? ClaimEvaluator(scope).value(math).simplified,
        other.elements.count == total.count
      else { continue }
      for (k, pair) in zip(base.elements, other.elements).enumerated() {
        total[k] += abs(pair.0 - pair.1)
      }
    }
    return total
  }

  /// Symbols whose value was calculated before and printed rounded.
  private func results(_ math: Math) -> [String] {
    var keys: Set<String> = []
    func visit(_ math: Math) {
      if let symbol = ClaimSymbol(math) {
        let key = ClaimEvaluator(context.scope(.printed)).key(of: symbol) ?? symbol.key
        if let known = context.known[key], let number = known.numbers.first,
          known.numbers.count == 1, number.significant >= 3, !number.isWhole,
          known.precise.scalar != number.value
        {
          keys.insert(key)
        }
        return
      }
      for child in math.children { visit(child) }
    }
    visit(math)
    return keys.sorted()
  }

  /// Compares a printed number or vector with what was calculated.
  func judge(
    _ printed: PrintedVector, _ values: [FormulaValue], spread: [Double], isApproximate: Bool
  ) -> Verdict {
    guard let first = values.first else { return .sizes("") }
    var worst: Verdict?
    for value in values {
      let elements = value.elements
      guard elements.count == printed.numbers.count else {
        worst =
          worst
          ?? .sizes(
            "\(printed.numbers.count) numbers are printed, and there are \(first.elements.count)")
        continue
      }
      var outcome = PrintedDigits.Outcome.exact
      var failed: Verdict?
      for (place, number) in printed.numbers.enumerated() {
        let off = spread.indices.contains(place) ? spread[place] : 0
        let digits = PrintedDigits(
          number, value: elements[place], spread: off, isApproximate: isApproximate)
        if !digits.outcome.isRight {
          failed = .wrong(
            digits.outcome, component: printed.isVector ? place : nil, value: elements[place],
            printed: number)
          break
        }
        outcome = max(outcome, digits.outcome)
      }
      if let failed { worst = worst ?? failed } else { return .right(outcome) }
    }
    return worst ?? .right(.exact)
  }
}

extension PrintedDigits.Outcome: Comparable {
  private var rank: Int {
    switch self {
    case .exact: 0
    case .rounded: 1
    case .truncated: 2
    case .carried: 3
    case .slip: 4
    case .wrong: 5
    }
  }
  static func < (a: PrintedDigits.Outcome, b: PrintedDigits.Outcome) -> Bool { a.rank < b.rank }
}
