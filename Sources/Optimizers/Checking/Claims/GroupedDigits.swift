// Digits printed in groups: 0.593\,269\,992, 12\,345, 1{,}234{,}567.
//
// Only groups of exactly three behind the first, with a thin space or a comma in braces between them,
// so that no product is taken for one number.

import Diagnostics
import Notation

enum GroupedDigits {
  static func number(_ math: Math) -> Double? { text(math).flatMap(Double.init) }

  /// A formula with the groups in its products put together: 10\,000 \cdot 0.01 is a product of two.
  static func joined(_ math: Math) -> Math {
    MathRewrite.bottomUp(math) { part in
      guard case .product(let factors) = part.kind, factors.count > 2 else { return nil }
      var result: [MathFactor] = []
      var place = 0
      while place < factors.count {
        var factor = factors[place]
        var end = place + 1
        if case .number = factor.value.kind {
          while end < factors.count, factors[end].sign == .implicit { end += 1 }
          while end > place + 1 {
            let span = factor.value.span.joined(with: factors[end - 1].value.span)
            if let digits = text(Math(.product(Array(factors[place..<end])), span)) {
              factor.value = Math(.number(digits), span)
              break
            }
            end -= 1
          }
        }
        result.append(factor)
        place = end
      }
      guard result.count < factors.count else { return nil }
      return result.count == 1 ? result[0].value : Math(.product(result), part.span)
    }
  }

  /// The digits as one number; nil when there are no groups.
  static func text(_ math: Math) -> String? {
    guard case .product(let factors) = math.kind, factors.count > 1,
      case .number(let first) = factors[0].value.kind, !first.contains("e")
    else { return nil }
    if let digits = repeating(factors) { return digits }
    let hasPoint = first.contains(".")
    let head = first.split(separator: ".").last.map { $0.count } ?? 0
    guard hasPoint ? head == 3 : head <= 3 else { return nil }
    var result = first
    var sawPoint = hasPoint
    for (place, factor) in factors.enumerated().dropFirst() {
      guard factor.sign == .implicit, case .number(let digits) = factor.value.kind,
        isThin(factors[place - 1].value, factor.value)
      else { return nil }
      let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
      guard parts[0].count == 3 || sawPoint && place == factors.count - 1 && parts[0].count < 3,
        !digits.contains("e"), parts.count == 1 || !sawPoint
      else { return nil }
      if parts.count > 1 { sawPoint = true }
      result += digits
    }
    return result
  }

  /// `2 \cdot 1` and `000 + 1` with a comma and no blank between them: 2 · 1,000 + 1.
  static func joined(_ a: Math, _ b: Math) -> Math? {
    joined(a, b) { whole, group in
      guard whole.count <= 3, whole.first != "0", whole.allSatisfy(\.isNumber),
        group.prefix(while: { $0 != "." }).count == 3
      else { return nil }
      return group.contains(".") ? whole + group : whole + "." + group
    }
  }

  /// The same for any digits that are one number.
  /// - Parameter digits: what two numbers with a comma between them are; nil when they are two.
  static func joined(_ a: Math, _ b: Math, digits: (String, String) -> String?) -> Math? {
    guard a.span.source === b.span.source, a.span.end < b.span.start,
      Span(a.span.source, a.span.end, b.span.start).text == ","
    else { return nil }
    let (first, second) = (terms(a), terms(b))
    guard let end = first.last, let start = second.first, !start.isNegative else { return nil }
    let (left, right) = (factors(end.value), factors(start.value))
    guard let head = left.last, let tail = right.first, case .number(let whole) = head.value.kind,
      case .number(let group) = tail.value.kind, let digits = digits(whole, group)
    else { return nil }
    let number = Math(.number(digits), head.value.span.joined(with: tail.value.span))
    let product =
      left.dropLast() + [MathFactor(sign: head.sign, value: number)] + right.dropFirst()
    let span = end.value.span.joined(with: start.value.span)
    let term = MathTerm(
      isNegative: end.isNegative,
      value: product.count == 1 ? product[0].value : Math(.product(Array(product)), span))
    let sum = first.dropLast() + [term] + second.dropFirst()
    if sum.count == 1, !sum[0].isNegative { return sum[0].value }
    return Math(.sum(Array(sum)), a.span.joined(with: b.span))
  }

  private static func terms(_ math: Math) -> [MathTerm] {
    if case .sum(let terms) = math.kind { return terms }
    return [MathTerm(isNegative: false, value: math)]
  }

  private static func factors(_ math: Math) -> [MathFactor] {
    if case .product(let factors) = math.kind { return factors }
    return [MathFactor(sign: .implicit, value: math)]
  }

  /// `0.\overline{6}` to as many digits as a number holds; `0.333\ldots` as far as it is printed.
  private static func repeating(_ factors: [MathFactor]) -> String? {
    guard factors.count == 2, factors[1].sign == .implicit,
      case .number(let first) = factors[0].value.kind, factors[0].value.span.text.contains(".")
    else { return nil }
    guard case .accented(let accent, let inner) = factors[1].value.kind,
      accent == "bar" || accent == "overline", first.contains(".")
    else { return nil }
    return repeated(first, inner)
  }

  /// A period behind the digits before it, as often as a number holds it.
  static func repeated(_ head: String, _ period: Math) -> String? {
    guard case .number(let digits) = period.kind, digits.count <= 6,
      digits.allSatisfy({ $0.isNumber })
    else { return nil }
    var text = head
    while text.count < 17 { text += digits }
    return text
  }

  private static func isThin(_ a: Math, _ b: Math) -> Bool {
    guard a.span.end <= b.span.start else { return false }
    var between = a.span
    between.start = a.span.end
    between.end = b.span.start
    return ["\\,", "\\;", "\\:", "~", "{,}", "\u{2009}", "\u{202F}"].contains(
      between.text.filter { $0 != " " })
  }
}
