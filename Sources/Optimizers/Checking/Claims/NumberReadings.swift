// Other readings of printed numbers: 0,9 \cdot 0,5 = 0,45 with the comma as the decimal sign, 10 : 4 = 2.5
// as a division, 20 % of 50 as a product, 1½ as a mixed number.
//
// They are asked for only where a calculation does not hold as it stands. Whether one may accuse depends
// on how surely it is meant.

import Diagnostics
import Notation

struct NumberReading {
  var items: [MathItem]
  var says: String
  /// Nothing else can be meant.
  var isSure: Bool

  /// The readings of a text that differ from the plain one.
  static func all(_ items: [MathItem], _ habits: PrintedHabits) -> [NumberReading] {
    [
      commas(items, isUsual: habits.decimals.contains(",")), colons(items), shares(items),
      mixed(items),
    ].compactMap { $0 }
  }

  // MARK: Items put together

  /// What stands between two formulas, and nothing else of them.
  private static func between(_ a: MathItem, _ b: MathItem) -> String? {
    guard a.span.source === b.span.source, a.span.end <= b.span.start else { return nil }
    return Span(a.span.source, a.span.end, b.span.start).text
  }

  /// One item of two, with the last side of the one and the first side of the other made one.
  private static func joined(_ a: MathItem, _ b: MathItem, _ join: (Math, Math) -> Math?)
    -> MathItem?
  {
    guard case .formula(var sides, let relations) = a.kind,
      case .formula(var next, let after) = b.kind, let end = sides.last, let start = next.first,
      let middle = join(end, start)
    else { return nil }
    sides[sides.count - 1] = middle
    next.removeFirst()
    var whole = a
    whole.kind = .formula(sides + next, relations + after)
    whole.span = a.span.joined(with: b.span)
    return whole
  }

  /// With a comma and digits on both sides of it as a decimal sign; nil where there is none, or where
  /// three numbers stand so in a row.
  private static func commas(_ items: [MathItem], isUsual: Bool) -> NumberReading? {
    var result: [MathItem] = []
    var hasChanged = false
    var isSure = isUsual
    for item in items {
      guard let last = result.last, between(last, item) == "," else {
        result.append(item)
        continue
      }
      guard
        let whole = joined(
          last, item,
          { a, b in
            GroupedDigits.joined(a, b) { whole, digits in
              guard whole.allSatisfy(\.isNumber), digits.allSatisfy(\.isNumber) else { return nil }
              if whole == "0" { isSure = true }
              return whole + "." + digits
            }
          })
      else {
        // 0,1,2 is a list.
        return nil
      }
      result[result.count - 1] = whole
      hasChanged = true
    }
    guard hasChanged else { return nil }
    return NumberReading(items: result, says: "the comma is the decimal sign here", isSure: isSure)
  }

  /// With a colon between numbers as a division.
  private static func colons(_ items: [MathItem]) -> NumberReading? {
    var result: [MathItem] = []
    var hasChanged = false
    var isSure = true
    for item in items {
      guard let last = result.last, let sign = between(last, item),
        sign.filter({ !$0.isWhitespace }) == ":",
        let whole = joined(
          last, item,
          { a, b in
            guard isFactor(a), isFactor(b) else { return nil }
            return Math(
              .product([
                MathFactor(sign: .implicit, value: a), MathFactor(sign: .slash, value: b),
              ]), a.span.joined(with: b.span))
          })
      else {
        result.append(item)
        continue
      }
      if sign.first != " " { isSure = false }
      result[result.count - 1] = whole
      hasChanged = true
    }
    return hasChanged
      ? NumberReading(items: result, says: "the colon divides here", isSure: isSure) : nil
  }

  /// With what is said between two numbers, "20 % of 50", as a product; where other words stand there,
  /// what is behind them is no statement by itself.
  private static func shares(_ items: [MathItem]) -> NumberReading? {
    var result: [MathItem] = []
    var hasChanged = false
    for item in items {
      if case .formula(_, let relations) = item.kind, !relations.isEmpty, result.count > 1,
        case .words(let words) = result[result.count - 1].kind,
        ["of", "von", "times", "mal", "de", "di", "fois"].contains(
          words.filter { !$0.isWhitespace }.lowercased()),
        case .formula(let sides, let none) = result[result.count - 2].kind, none.isEmpty,
        sides.count == 1, isFactor(sides[0]),
        let whole = joined(
          result[result.count - 2], item,
          { a, b in
            guard isFactor(b) else { return nil }
            return Math(
              .product([
                MathFactor(sign: .implicit, value: a), MathFactor(sign: .times, value: b),
              ]), a.span.joined(with: b.span))
          })
      {
        result.removeLast(2)
        result.append(whole)
        hasChanged = true
      } else {
        result.append(item)
      }
    }
    return hasChanged
      ? NumberReading(items: result, says: "a share of a number is a product", isSure: true) : nil
  }

  /// A product, but no sum.
  private static func isFactor(_ math: Math) -> Bool {
    if case .sum = math.kind { false } else { true }
  }

  // MARK: Mixed numbers

  /// With a whole number and a fraction of two right behind it as their sum.
  private static func mixed(_ items: [MathItem]) -> NumberReading? {
    var hasChanged = false
    let result = items.map { item in
      guard case .formula(let sides, let relations) = item.kind else { return item }
      var other = item
      other.kind = .formula(
        sides.map { side in
          MathRewrite.bottomUp(side) { part in
            guard case .product(let factors) = part.kind, let changed = mixed(factors) else {
              return nil
            }
            hasChanged = true
            return changed.count == 1 ? changed[0].value : Math(.product(changed), part.span)
          }
        }, relations)
      return other
    }
    return hasChanged
      ? NumberReading(
        items: result, says: "a whole number with a fraction behind it is a mixed number here",
        isSure: false) : nil
  }

  private static func mixed(_ factors: [MathFactor]) -> [MathFactor]? {
    var result: [MathFactor] = []
    var hasChanged = false
    for factor in factors {
      if factor.sign == .implicit, case .fraction(let above, let below) = factor.value.kind,
        isWhole(above), isWhole(below), let whole = result.last, isWhole(whole.value)
      {
        let span = whole.value.span.joined(with: factor.value.span)
        let sum = Math(
          .sum([
            MathTerm(isNegative: false, value: whole.value),
            MathTerm(isNegative: false, value: factor.value),
          ]), span)
        result[result.count - 1] = MathFactor(
          sign: whole.sign, value: Math(.fenced(.parenthesis, [sum]), span))
        hasChanged = true
      } else {
        result.append(factor)
      }
    }
    return hasChanged ? result : nil
  }

  private static func isWhole(_ math: Math) -> Bool {
    if case .number(let text) = math.kind { text.allSatisfy(\.isNumber) } else { false }
  }
}
