// What the symbols of a claim stand for: values, definitions, functions, and the places that sums and
// components are at.

import Notation

struct ClaimScope {
  /// z_i = w x_i + b: the value as a formula, and the letters its subscripts bind.
  struct Definition: Sendable {
    var binders: [String]
    var value: Math
  }

  /// f(x) = …
  struct Function: Sendable {
    var arguments: [String]
    var value: Math
  }

  /// What all that is calculated of a claim may cost.
  var work: FormulaWork?
  /// By key: `w_1`, `m_hat_1`, `net_h1`, `∂…`.
  var values: [String: FormulaValue] = [:]
  var definitions: [String: Definition] = [:]
  var functions: [String: Function] = [:]
  /// Letters that are subscripts of components.
  var indexLetters: Set<String> = ["i", "j", "k"]
  /// Letters that stand alone somewhere, so that a run of them is a product.
  var single: Set<String> = []
  /// How far a sum without limits goes, when no symbol tells: any number will do where two formulas are
  /// compared, and none where a number is claimed.
  var count: Int?
  /// How far letters go, where it is known.
  var sizes: [String: Int] = [:]
  /// Functions that nothing defines, for which any smooth one stands.
  var smooth: Set<String> = []
  /// Losses that nothing defines, and what stands for each.
  var stands: [(name: String, value: String)] = []

  /// Where sums and components are, from 1.
  var places: [String: Int] = [:]
}

extension ClaimScope {
  /// The same for comparing formulas with any numbers put in.
  var sampled: ClaimScope { changed { $0.count = 3 } }

  /// Whether letters next to one another are a product: two of which one is a symbol elsewhere, or more
  /// that all are.
  func splits(_ letters: [String]) -> Bool {
    let isSymbol = { (letter: String) in
      values[letter] != nil || definitions[letter] != nil || single.contains(letter)
        || places[letter] != nil
    }
    switch letters.count {
    case 2: return letters[0] != "d" && letters.contains(where: isSymbol)
    case 3...6: return letters.allSatisfy(isSymbol)
    default: return false
    }
  }

  func changed(_ change: (inout ClaimScope) -> Void) -> ClaimScope {
    var copy = self
    change(&copy)
    return copy
  }
}
