// How far a sum reaches: `Σᵢ aᵢ + bᵢ` without brackets can only mean that the sum goes on, since nothing
// else says what i is in bᵢ.

import Diagnostics
import Notation

enum FormulaTerms {
  /// Terms with those that a sum before them takes in put into it.
  ///
  /// - Parameter isBound: whether a letter has a value already, so that it may stand outside of the sum.
  /// - Parameter distributesSign: -Σ aᵢ + bᵢ is -Σ (aᵢ + bᵢ); with it, the sign in front belongs to aᵢ
  ///   alone.
  static func joined(
    _ terms: [MathTerm], isBound: (String) -> Bool, distributesSign: Bool = false,
    note: (String, Span) -> Void = { _, _ in }
  ) -> [MathTerm] {
    guard terms.count > 1 else { return terms }
    var result: [MathTerm] = []
    var place = 0
    while place < terms.count {
      let term = terms[place]
      guard place + 1 < terms.count, let (front, scripts, body) = trailingSum(term.value) else {
        result.append(term)
        place += 1
        continue
      }
      let bound = Set(scripts.lower.flatMap(FormulaNotation.boundLetters)).filter { !isBound($0) }
      var last = place
      while last + 1 < terms.count, usesFree(bound, terms[last + 1].value) { last += 1 }
      guard last > place else {
        result.append(term)
        place += 1
        continue
      }
      note(
        "the sum has no brackets; what follows uses its index and is read as part of it",
        terms[place + 1].value.span)
      var rest = [MathTerm(isNegative: false, value: body)]
      rest += terms[(place + 1)...last].map {
        MathTerm(
          isNegative: $0.isNegative != (distributesSign && term.isNegative), value: $0.value)
      }
      let inner = Math(.sum(rest), body.span.joined(with: terms[last].value.span))
      let sum = Math(.big("sum", scripts, inner), term.value.span.joined(with: inner.span))
      let whole =
        front.isEmpty
        ? sum : Math(.product(front + [MathFactor(sign: .implicit, value: sum)]), sum.span)
      result.append(MathTerm(isNegative: term.isNegative, value: whole))
      place = last + 1
    }
    return result
  }

  /// A term that ends in a sum: what stands before it, its limits and its body.
  private static func trailingSum(_ math: Math) -> ([MathFactor], MathScripts, Math)? {
    switch math.kind {
    case .big("sum", let scripts, let body): return ([], scripts, body)
    case .product(let factors):
      guard let last = factors.last, last.sign == .implicit || last.sign == .times,
        case .big("sum", let scripts, let body) = last.value.kind
      else { return nil }
      return (Array(factors.dropLast()), scripts, body)
    default: return nil
    }
  }

  private static func usesFree(_ letters: Set<String>, _ math: Math) -> Bool {
    if case .big(_, let scripts, _) = math.kind {
      let bound = Set(scripts.lower.flatMap(FormulaNotation.boundLetters))
      if !letters.isDisjoint(with: bound) { return false }
    }
    if let letter = FormulaNotation.letter(math), letters.contains(letter) { return true }
    return math.children.contains { usesFree(letters, $0) }
  }
}
