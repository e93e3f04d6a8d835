// Σ and Π in a claim: over limits that have numbers, over a count that has one, or over all components
// of what is summed.

import Diagnostics
import Notation

extension ClaimEvaluator {
  func big(_ name: String, _ scripts: MathScripts, _ body: Math, _ math: Math) throws(ClaimFailure)
    -> FormulaValue
  {
    guard name == "sum" || name == "prod" else {
      throw .notUnderstood("\\\(name) is not calculated", math.span)
    }
    let range = try limits(scripts, body, math)
    var total: FormulaValue?
    for place in range.from...max(range.from, range.to) where range.to >= range.from {
      let next: FormulaValue
      if let skip = range.skip, skip == place { continue }
      next = try inside(
        scope.changed { scope in
          for letter in range.letters { scope.places[letter] = place }
        }
      ) { () throws(ClaimFailure) in try value(body) }
      if let before = total {
        total = try name == "sum" ? added(before, next, math) : pair(before, next, "·", math, *)
      } else {
        total = next
      }
    }
    return total ?? FormulaValue(name == "sum" ? 0 : 1)
  }

  struct Limits {
    var letters: [String]
    var from: Int
    var to: Int
    /// j ≠ i
    var skip: Int?
  }

  func limits(_ scripts: MathScripts, _ body: Math, _ math: Math) throws(ClaimFailure)
    -> Limits
  {
    guard scripts.lower.count == 1 else {
      guard scripts.lower.isEmpty else {
        throw .notUnderstood("a sum over several letters is not calculated", math.span)
      }
      throw .notUnderstood("what this sum runs over is not written", math.span)
    }
    let lower = scripts.lower[0]
    if case .relation(let sides, let relations) = lower.kind, sides.count == 2,
      let (letter, offset) = indexLike(sides[0]), offset == 0
    {
      switch relations[0] {
      case .equals:
        let from = try whole(sides[1])
        guard let upper = scripts.upper else {
          throw .notUnderstood("where this sum ends is not written", math.span)
        }
        let to = try whole(upper)
        guard to - from < 10_000 else { throw .tooLong(math.span) }
        return Limits(letters: [letter], from: from, to: to)
      case .notEqual:
        return Limits(
          letters: [letter], from: 1, to: size(letter, body), skip: place(sides[1]))
      case .member: return Limits(letters: [letter], from: 1, to: size(letter, body))
      default: break
      }
    }
    if let (letter, offset) = indexLike(lower), offset == 0 {
      let to = try scripts.upper.map { math throws(ClaimFailure) in try whole(math) }
      return Limits(letters: [letter], from: 1, to: to ?? size(letter, body))
    }
    throw .notUnderstood("what this sum runs over is not understood", math.span)
  }

  private func whole(_ math: Math) throws(ClaimFailure) -> Int {
    if let place = place(math) { return place }
    let number = try number(math)
    guard number == number.rounded(), abs(number) < 1e6 else {
      throw .notUnderstood("this limit is no whole number", math.span)
    }
    return Int(number)
  }

  /// How many components there are of what a letter counts.
  private func size(_ letter: String, _ body: Math) -> Int {
    var found: Int?
    func visit(_ math: Math) {
      if found == nil, let symbol = ClaimSymbol(math),
        (symbol.lower + symbol.upperPlaces).contains(where: { indexLike($0)?.letter == letter })
      {
        var plain = symbol
        plain.upperPlaces = []
        plain.lower = []
        if let dimensions = scope.values[plain.key]?.dimensions, let first = dimensions.first {
          let isRow =
            symbol.upperPlaces.contains { indexLike($0)?.letter == letter }
            || symbol.lower.first.flatMap { indexLike($0)?.letter } == letter
          found = isRow || dimensions.count == 1 ? first : dimensions[1]
        }
      }
      for child in math.children { visit(child) }
    }
    visit(body)
    return found ?? scope.sizes[letter] ?? scope.count
  }
}
