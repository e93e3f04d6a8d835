// Sums, products and maxima over an index: what the limits bind, and which values it takes.

import Diagnostics
import Notation

extension FormulaEvaluator {
  func big(_ name: String, _ scripts: MathScripts, _ body: [Math], _ span: Span)
    throws(Diagnostic) -> FormulaValue
  {
    guard ["sum", "prod", "mean"].contains(name) else {
      throw .reading("formula.big", "\\\(name) is not worked out here", span)
    }
    let math = body[0]
    // Σ x without an index: of all elements.
    if scripts.lower.isEmpty, scripts.upper == nil {
      let free = freeLetters(math)
      if free.isEmpty {
        let value = try value(math)
        return FormulaValue(
          name == "prod"
            ? value.elements.reduce(1, *)
            : value.sum / (name == "mean" ? Double(max(1, value.elements.count)) : 1))
      }
      guard free.count == 1 else {
        throw .reading("formula.sum", "over which index is this sum?", span)
      }
    }
    var result: FormulaValue?
    var count = 0.0
    try forEach(scripts, in: math, span) { () throws(Diagnostic) in
      let value = try self.value(math)
      count += 1
      if let sum = result {
        result = try self.pair(sum, value, span) { name == "prod" ? $0 * $1 : $0 + $1 }
      } else {
        result = value
      }
    }
    // Only a formula put right has this: a sum divided by the number of its terms.
    if name == "mean" { return (result ?? FormulaValue(0)).map { $0 / count } }
    return result ?? FormulaValue(name == "sum" ? 0 : 1)
  }

  /// Runs something for all values of what limits bind.
  func forEach(
    _ scripts: MathScripts, in body: Math, _ span: Span,
    _ run: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    var bound: [(letter: String, first: Int?, last: Math?)] = []
    var filters: [Math] = []
    if scripts.lower.isEmpty {
      bound = freeLetters(body).map { ($0, nil, nil) }
    }
    for item in scripts.lower {
      let names = FormulaNotation.boundLetters(item)
      guard case .relation(let sides, let relations) = item.kind else {
        guard !names.isEmpty else {
          throw .reading("formula.limit", "this limit is not understood", item.span)
        }
        bound += names.map { ($0, nil, nil) }
        continue
      }
      if let letter = names.first, !bound.contains(where: { $0.letter == letter }),
        letters[letter] == nil || relations[0] == .equals
      {
        if relations[0] == .equals, sides.count == 2, FormulaNotation.letter(sides[0]) != nil {
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
      throw .reading("formula.limit", "what this runs through is not understood", span)
    }
    let before = letters
    defer { letters = before }
    try loop(bound[...], filters, body, span, run)
  }

  private func loop(
    _ bound: ArraySlice<(letter: String, first: Int?, last: Math?)>, _ filters: [Math],
    _ body: Math, _ span: Span, _ run: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard let (letter, first, last) = bound.first else {
      for filter in filters where try !holds(filter) { return }
      return try run()
    }
    let start = first ?? (notation.fromZero.contains(letter) ? 0 : 1)
    letters[letter] = nil
    var end: Int
    if let last, FormulaNotation.letter(last) != "infty" {
      end = try integer(last)
    } else {
      guard let count = extent(of: letter, in: body) else {
        throw .reading("formula.length", "how far \(letter) runs is not known here", span)
      }
      end = (notation.fromZero.contains(letter) ? 0 : 1) + count - 1
    }
    guard end - start < 100_000 else {
      throw .reading("formula.long", "this sum has too many terms", span)
    }
    guard start <= end else { return }
    for number in start...end {
      letters[letter] = number
      try loop(bound.dropFirst(), filters, body, span, run)
    }
    letters[letter] = nil
  }

  /// Index letters that nothing has bound, in the order they come.
  func freeLetters(_ math: Math) -> [String] {
    var result: [String] = []
    func visit(_ math: Math, _ bound: Set<String>) {
      var bound = bound
      switch math.kind {
      case .big(_, let scripts, _):
        bound.formUnion(scripts.lower.flatMap(FormulaNotation.boundLetters))
      case .function(let call):
        if let scripts = call.scripts {
          bound.formUnion(scripts.lower.flatMap(FormulaNotation.boundLetters))
        }
      default: break
      }
      if case .sum(let terms) = math.kind {
        let isBound = { (letter: String) in bound.contains(letter) || self.letters[letter] != nil }
        for term in FormulaTerms.joined(terms, isBound: isBound) { visit(term.value, bound) }
        return
      }
      if let reference = notation.reference(math) {
        for index in reference.indices {
          for letter in notation.letters(in: [index])
          where !bound.contains(letter) && letters[letter] == nil && !result.contains(letter) {
            result.append(letter)
          }
        }
      }
      for child in math.children { visit(child, bound) }
    }
    visit(math, [])
    return result
  }

  // MARK: Conditions

  /// Whether relations hold: `y = k`, `1 \le i < n`, `j \ne i`.
  func holds(_ math: Math) throws(Diagnostic) -> Bool {
    guard case .relation(let sides, let relations) = math.kind else {
      if case .fenced(_, let items) = math.kind, items.count == 1 { return try holds(items[0]) }
      throw .reading("formula.condition", "this is no condition that is understood", math.span)
    }
    for (place, relation) in relations.enumerated() {
      let a = try number(sides[place])
      let b = try number(sides[place + 1])
      let isTrue: Bool
      switch relation {
      case .equals: isTrue = a == b
      case .notEqual: isTrue = a != b
      case .less: isTrue = a < b
      case .lessOrEqual: isTrue = a <= b
      case .greater: isTrue = a > b
      case .greaterOrEqual: isTrue = a >= b
      default:
        throw .reading("formula.condition", "this condition is not understood", math.span)
      }
      guard isTrue else { return false }
    }
    return true
  }
}
