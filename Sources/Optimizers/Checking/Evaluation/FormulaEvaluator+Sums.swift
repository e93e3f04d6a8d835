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

  /// A letter that limits bind, and what it runs through.
  struct Bound {
    var letter: String
    var first: Int?
    var last: Math?
    /// Those that are listed; nil for a run of numbers.
    var members: [Int]?

    init(_ letter: String, _ first: Int? = nil, last: Math? = nil, members: [Int]? = nil) {
      self.letter = letter
      self.first = first
      self.last = last
      self.members = members
    }
  }

  /// {1, 2, 5}, [n]: what is listed; any set of some size where one will do.
  private func members(_ letter: String, of printed: Math) throws(FormulaFailure) -> Bound {
    let set = set(printed)
    if case .fenced(.brace, let items) = set.kind, !isTotal {
      if let dots = items.firstIndex(where: { if case .ellipsis = $0.kind { true } else { false } })
      {
        guard dots + 2 == items.count, dots > 0 else {
          throw .notUnderstood("which numbers this set holds is not clear", printed.span)
        }
        return Bound(letter, try integer(items[0]), last: items[dots + 1])
      }
      var members: [Int] = []
      for item in items { members.append(try integer(item)) }
      return Bound(letter, members: members)
    }
    if case .fenced(.bracket, let items) = set.kind, items.count == 1, !isTotal, !takesAnySet {
      return Bound(letter, 1, last: items[0])
    }
    guard takesAnySet else {
      throw .notUnderstood(
        "what \(ClaimText.pretty(printed.span.text)) holds is not said here", printed.span)
    }
    return Bound(letter)
  }

  /// Runs something for all values of what limits bind.
  func forEach(
    _ scripts: MathScripts, in body: Math, _ span: Span,
    _ run: () throws(FormulaFailure) -> Void
  ) throws(FormulaFailure) {
    var bound: [Bound] = []
    var filters: [Math] = []
    if scripts.lower.isEmpty { bound = freeLetters(body).map { Bound($0) } }
    for item in scripts.lower {
      let names = FormulaNotation.boundLetters(item)
      guard case .relation(let sides, let relations) = item.kind else {
        guard !names.isEmpty else {
          throw .notUnderstood("this limit is not understood", item.span)
        }
        bound += names.map { Bound($0, last: names.count == 1 ? scripts.upper : nil) }
        continue
      }
      if let letter = names.first, !bound.contains(where: { $0.letter == letter }),
        letters[letter] == nil || relations[0] == .equals
      {
        if relations[0] == .equals, sides.count == 2, FormulaNotation.letter(sides[0]) != nil {
          guard isTotal || scripts.upper != nil else {
            throw .notUnderstood("where this sum ends is not written", span)
          }
          bound.append(Bound(letter, try integer(sides[1]), last: scripts.upper))
          continue
        }
        if sides.count == 3, case .number = sides[0].kind {
          bound.append(Bound(letter, try integer(sides[0]), last: sides[2]))
          continue
        }
        if relations[0] == .member, sides.count == 2 {
          bound.append(try members(letter, of: sides[1]))
          continue
        }
        bound.append(Bound(letter))
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
    _ bound: ArraySlice<Bound>, _ filters: [Math], _ body: Math, _ span: Span,
    _ run: () throws(FormulaFailure) -> Void
  ) throws(FormulaFailure) {
    guard let next = bound.first else {
      for filter in filters where try !holds(filter) { return }
      return try run()
    }
    let (letter, last) = (next.letter, next.last)
    if let members = next.members {
      for number in members {
        letters[letter] = number
        try loop(bound.dropFirst(), filters, body, span, run)
      }
      letters[letter] = nil
      return
    }
    let start = next.first ?? self.first(letter)
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
      guard last == nil || takesAnySet else {
        throw .notUnderstood("a sum without an end is not worked out", span)
      }
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
