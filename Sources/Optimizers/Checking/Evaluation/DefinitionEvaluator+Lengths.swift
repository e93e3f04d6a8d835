// How far index letters run, and which of them nothing has bound.

import Diagnostics
import Notation

extension DefinitionEvaluator {
  func length(of letter: String, in math: Math, _ depth: Int = 0) -> Int? {
    if let limit = notation.limits[letter], let count = values[limit]?.scalar, count >= 0,
      count < 1e6, count == count.rounded()
    {
      return Int(count)
    }
    guard depth < 20 else { return nil }
    if let reference = notation.reference(math), !reference.indices.isEmpty {
      for (place, index) in reference.indices.enumerated()
      where FormulaNotation.letter(index) == letter {
        if let value = values[reference.key], place < value.dimensions.count {
          return value.dimensions[place]
        }
        if values[reference.key] == nil, let definition = notation.definition(of: reference.key),
          place < definition.indices.count,
          let count = length(of: definition.indices[place], in: definition.value, depth + 1)
        {
          return count
        }
      }
    }
    if case .product(let factors) = math.kind {
      for (place, factor) in factors.enumerated() {
        guard let items = FormulaFactor.brackets(after: place, in: factors)?.items,
          let key = notation.reference(factor.value)?.key,
          notation.isOpaque(key, items), let value = values[key]
        else { continue }
        if let position = notation.letters(in: items).firstIndex(of: letter),
          position < value.dimensions.count
        {
          return value.dimensions[position]
        }
      }
    }
    for child in math.children {
      if let count = length(of: letter, in: child, depth + 1) { return count }
    }
    return nil
  }

  /// Index letters that nothing binds, in the order they come.
  func unbound(_ math: Math) -> [String] {
    var result: [String] = []
    func visit(_ math: Math, _ bound: Set<String>) {
      var bound = bound
      switch math.kind {
      // Σ (yᵢ - ŷᵢ)² runs over what its terms are counted by.
      case .big(_, let scripts, _) where scripts.lower.isEmpty && scripts.upper == nil: return
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
}
