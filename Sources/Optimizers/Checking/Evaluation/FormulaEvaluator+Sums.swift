// Sums, products and maxima over an index: what the limits bind, and which values it takes.

import Diagnostics
import Notation

extension FormulaEvaluator {
  func big(_ name: String, _ scripts: MathScripts, _ body: Math, _ span: Span)
    throws(FormulaFailure) -> FormulaValue
  {
    guard ["sum", "prod", "mean"].contains(name) else {
      throw .notUnderstood("\\\(name) is not calculated", span)
    }
    // Σ x without an index: of all elements.
    if scripts.lower.isEmpty, scripts.upper == nil {
      let free = freeLetters(body)
      if free.isEmpty {
        let x = try gathering { () throws(FormulaFailure) in try value(body) }
        guard isTotal || !x.isScalar else {
          throw .notUnderstood("what this sum runs over is not written", span)
        }
        if name == "prod" {
          guard x.nodes == nil else { throw .notUnderstood("there is no operation for it", span) }
          return FormulaValue(x.elements.reduce(1, *))
        }
        let sum = try total(x, span)
        guard name == "mean" else { return sum }
        return try quotient(sum, FormulaValue(Double(max(1, x.elements.count))), span)
      }
      guard free.count == 1 else {
        throw .notUnderstood("over which index this sum runs is not written", span)
      }
    }
    var result: FormulaValue?
    var count = 0.0
    try forEach(scripts, in: body, span) { () throws(FormulaFailure) in
      let next = try self.value(body)
      count += 1
      guard let before = result else {
        result = next
        return
      }
      result =
        try name == "prod" ? self.pair(before, next, .times, span) : self.added(before, next, span)
    }
    let total = result ?? FormulaValue(name == "prod" ? 1 : 0)
    // Only a formula put right has this: a sum divided by the number of its terms.
    return name == "mean" ? try quotient(total, FormulaValue(count), span) : total
  }

  /// Runs something for all values of what limits bind.
  func forEach(
    _ scripts: MathScripts, in body: Math, _ span: Span,
    _ run: () throws(FormulaFailure) -> Void
  ) throws(FormulaFailure) {
    var bound: [(letter: String, first: Int?, last: Math?)] = []
    var filters: [Math] = []
    if scripts.lower.isEmpty { bound = freeLetters(body).map { ($0, nil, nil) } }
    for item in scripts.lower {
      let names = FormulaNotation.boundLetters(item)
      guard case .relation(let sides, let relations) = item.kind else {
        guard !names.isEmpty else {
          throw .notUnderstood("this limit is not understood", item.span)
        }
        bound += names.map { ($0, nil, names.count == 1 ? scripts.upper : nil) }
        continue
      }
      if let letter = names.first, !bound.contains(where: { $0.letter == letter }),
        letters[letter] == nil || relations[0] == .equals
      {
        if relations[0] == .equals, sides.count == 2, FormulaNotation.letter(sides[0]) != nil {
          guard isTotal || scripts.upper != nil else {
            throw .notUnderstood("where this sum ends is not written", span)
          }
          bound.append((letter, try integer(sides[1]), scripts.upper))
          continue
        }
        if sides.count == 3, case .number = sides[0].kind {
          bound.append((letter, try integer(sides[0]), sides[2]))
          continue
        }
        bound.append((letter, nil, nil))
        if relations[0] == .member { continue }
      }
      filters.append(item)
    }
    guard !bound.isEmpty else {
      throw .notUnderstood("what this sum runs over is not written", span)
    }
    let before = letters
    defer { letters = before }
    try loop(bound[...], filters, body, span, run)
  }

  private func loop(
    _ bound: ArraySlice<(letter: String, first: Int?, last: Math?)>, _ filters: [Math],
    _ body: Math, _ span: Span, _ run: () throws(FormulaFailure) -> Void
  ) throws(FormulaFailure) {
    guard let (letter, first, last) = bound.first else {
      for filter in filters where try !holds(filter) { return }
      return try run()
    }
    let start = first ?? self.first(letter)
    letters[letter] = nil
    var end: Int
    if let last, FormulaNotation.letter(last) != "infty" {
      do throws(FormulaFailure) {
        end = try integer(last)
      } catch {
        if case .tooLong = error { throw .tooLong(span) }
        throw error
      }
    } else {
      guard let count = extent(of: letter, in: body) else {
        throw .notUnderstood("how far \(letter) runs is not known here", span)
      }
      end = self.first(letter) + count - 1
    }
    guard end - start < 100_000 else { throw .tooLong(span) }
    guard start <= end else { return }
    for number in start...end {
      letters[letter] = number
      try loop(bound.dropFirst(), filters, body, span, run)
    }
    letters[letter] = nil
  }
}
