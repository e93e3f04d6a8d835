// How a text of formulas uses its letters: which subscripts are indices, which symbols are vectors
// indexed by them, what is defined, which letters are lengths.
//
// All by structure: an index is what a sum, a maximum, “i = 1, …, n” or the left side binds, or a lone
// i, j or k in a script. Everything else in a script is part of the name.

import Diagnostics
import Notation

/// `\hat y_k^{(i)}` taken apart.
package struct FormulaReference: Sendable {
  /// Letter, accents and labels: `y_hat`, `theta_min`, `z^(l)`.
  package var key: String
  /// Sample first, as in data[i][k].
  package var indices: [Math] = []
  package var power: Math?
  package var isTransposed = false
  package var primes = 0
  /// The same with the index scripts as they are printed.
  package var span: Span
}

/// One equation: what is defined, for which indices and arguments, and by what.
package struct FormulaDefinition: Sendable {
  package var key: String
  /// Index letters of the left side, in order: `\hat x_i`.
  package var indices: [String]
  /// Keys of the arguments: `\sigma(z) = …`.
  package var arguments: [String]
  /// The left side is its square: `\sigma^2 = …`.
  package var isSquare: Bool
  package var left: Math
  package var value: Math
  /// Said in passing.
  package var isRemark: Bool
}

package struct FormulaNotation: Sendable {
  package internal(set) var definitions: [FormulaDefinition] = []
  /// What all that is calculated of the text may cost.
  var work = FormulaWork()
  /// Expressions that stand alone.
  package internal(set) var expressions: [Math] = []
  /// Letters that are indices somewhere.
  package internal(set) var indexLetters: Set<String> = []
  /// Keys that carry an index somewhere.
  package internal(set) var indexedKeys: Set<String> = []
  /// Letters that a sum or “i = …” ranges over, with the key of the upper limit when it is one symbol.
  package internal(set) var limits: [String: String] = [:]
  /// Index letters that begin at 0.
  package internal(set) var fromZero: Set<String> = []
  /// Keys indexed by a letter that begins at 0.
  package internal(set) var zeroKeys: Set<String> = []
  /// Sets that an index runs through: `i \in B`.
  package internal(set) var sets: Set<String> = []
  /// Which set an index letter runs through.
  package internal(set) var setLetters: [String: String] = [:]
  /// Symbols applied to arguments.
  package internal(set) var functions: Set<String> = []
  /// i of η_max^i where nothing runs through i: part of names.
  var labelLetters: Set<String> = []
  /// What each function of data is applied to, without indices: d(a, p) and d(a, n) are two values.
  var applied: [String: Set<String>] = [:]
  /// T is a number somewhere, so that x^T need not be a transpose.
  var hasNumberT = false
  /// Letters that are values on their own.
  package internal(set) var bareKeys: Set<String> = []

  /// Letters that are indices whenever they stand alone in a script.
  static let usualIndices: Set<String> = ["i", "j", "k"]

  package init(_ items: [MathItem]) {
    var formulas: [(sides: [Math], relations: [TeXRelation], isRemark: Bool)] = []
    for item in items {
      guard case .formula(let sides, let relations) = item.kind else { continue }
      formulas.append((sides, relations, item.isRemark))
    }
    for formula in formulas {
      noteRange(formula.sides, formula.relations)
      for side in formula.sides { bind(in: side) }
    }
    for formula in formulas where formula.relations.first?.isDefining == true {
      noteLeftIndices(formula.sides)
    }
    for formula in formulas { for side in formula.sides { noteLabels(side) } }
    hasNumberT = formulas.contains { $0.sides.contains { FormulaNotation.usesT($0) } }
    // Twice: whether z_y is an element is known once z_j has been seen.
    for _ in 0..<2 {
      bareKeys = []
      applied = [:]
      for formula in formulas {
        for (place, side) in formula.sides.enumerated() {
          // The arguments of f(x) = … are no use of x.
          if place == 0, formula.relations.first?.isDefining == true,
            case .product(let factors) = side.kind, factors.count == 2,
            FormulaFactor.brackets(after: 0, in: factors) != nil
          {
            if let key = reference(factors[0].value)?.key { functions.insert(key) }
            continue
          }
          collect(side)
        }
      }
    }
    for formula in formulas {
      if isRange(formula.sides, formula.relations) { continue }
      if formula.relations.isEmpty {
        expressions += formula.sides
      } else if formula.relations.first?.isDefining == true, formula.sides.count > 1,
        let definition = definition(formula.sides, isRemark: formula.isRemark)
      {
        definitions.append(definition)
      }
    }
  }

  /// The same text with another right side for one key.
  package func replacing(_ key: String, with value: Math) -> FormulaNotation {
    var result = self
    for place in result.definitions.indices where result.definitions[place].key == key {
      result.definitions[place].value = value
    }
    return result
  }

  /// The same text with one definition alone: what the others define is given.
  package func only(_ key: String) -> FormulaNotation {
    var result = self
    result.definitions.removeAll { $0.key != key }
    return result
  }

  /// The last definition of a key.
  package func definition(of key: String) -> FormulaDefinition? {
    definitions.last { $0.key == key }
  }

  // MARK: Index letters

  /// `i = 1, …, n` as an item of its own, or the `i = 1` of it.
  func isRange(_ sides: [Math], _ relations: [TeXRelation]) -> Bool {
    guard sides.count >= 2, let letter = FormulaNotation.letter(sides[0]),
      indexLetters.contains(letter)
    else { return false }
    if case .number = sides[1].kind { return true }
    if relations.first == .member { return true }
    return false
  }

  mutating func noteRange(_ sides: [Math], _ relations: [TeXRelation]) {
    guard sides.count == 2, let letter = FormulaNotation.letter(sides[0]), letter.count == 1 else {
      return
    }
    switch relations[0] {
    case .equals:
      guard case .number(let text) = sides[1].kind, text == "1" || text == "0",
        FormulaNotation.usualIndices.contains(letter) || letter == "c" || letter == "n"
          || letter == "m" || letter == "l"
      else { return }
      indexLetters.insert(letter)
    case .member:
      guard case .fenced(.brace, let items) = sides[1].kind else { return }
      indexLetters.insert(letter)
      if let last = items.last, let key = FormulaNotation.letter(last) { limits[letter] = key }
    default: break
    }
  }

  mutating func bind(in math: Math) {
    switch math.kind {
    case .big(_, let scripts, _): bind(scripts)
    case .function(let call):
      if let scripts = call.scripts, ["max", "min", "argmax", "argmin"].contains(call.name) {
        bind(scripts)
      }
    default: break
    }
    for child in math.children { bind(in: child) }
  }

  mutating func bind(_ scripts: MathScripts) {
    for item in scripts.lower {
      let bound = FormulaNotation.boundLetters(item)
      for letter in bound { indexLetters.insert(letter) }
      if case .relation(let sides, let relations) = item.kind, let letter = bound.first {
        if relations[0] == .equals, sides.count == 2 {
          if case .number("0") = sides[1].kind { fromZero.insert(letter) }
          if let upper = scripts.upper, let key = FormulaNotation.letter(upper) {
            limits[letter] = key
          }
          // From 0 to n - 1: n of them.
          if fromZero.contains(letter), case .sum(let terms)? = scripts.upper?.kind,
            terms.count == 2, terms[1].isNegative, case .number("1") = terms[1].value.kind,
            let key = FormulaNotation.letter(terms[0].value)
          {
            limits[letter] = key
          }
        }
        if relations[0] == .member, sides.count == 2, let set = FormulaNotation.letter(sides[1]) {
          sets.insert(set)
          setLetters[letter] = set
        }
        if sides.count == 3, let key = FormulaNotation.letter(sides[2]) { limits[letter] = key }
      }
    }
  }

  /// The letters that a sum's lower limit binds.
  static func boundLetters(_ item: Math) -> [String] {
    switch item.kind {
    case .symbol(let symbol):
      if symbol.isRun { return symbol.name.map(String.init) }
      return symbol.isWord ? [] : [symbol.name]
    case .relation(let sides, let relations):
      if case .number = sides[0].kind, sides.count > 1 { return boundLetters(sides[1]) }
      if relations[0] == .less || relations[0] == .greater || relations[0] == .notEqual
        || relations[0] == .equals || relations[0] == .member
      {
        return boundLetters(sides[0])
      }
      return []
    default: return []
    }
  }

  /// `\hat x_i = … x_i …`: what stands in scripts on both sides.
  mutating func noteLeftIndices(_ sides: [Math]) {
    let left = FormulaNotation.scriptLetters(sides[0])
    var right: Set<String> = []
    for side in sides.dropFirst() { right.formUnion(FormulaNotation.scriptLetters(side)) }
    for letter in left.intersection(right) where letter != "t" && letter != "T" {
      indexLetters.insert(letter)
    }
  }

  /// Small letters that stand alone in scripts, outside of labels that are words.
  static func scriptLetters(_ math: Math) -> Set<String> {
    var result: Set<String> = []
    func visit(_ math: Math) {
      if case .scripted(_, let scripts) = math.kind {
        for item in scripts.lower {
          if let letter = letter(item), letter.count == 1, letter.first?.isLowercase == true {
            result.insert(letter)
          }
        }
        if let upper = scripts.upper, case .fenced(.parenthesis, let items) = upper.kind,
          items.count == 1, let letter = letter(items[0]), letter.count == 1
        {
          result.insert(letter)
        }
      }
      for child in math.children { visit(child) }
    }
    visit(math)
    return result
  }

  /// The name of a plain letter.
  static func letter(_ math: Math) -> String? {
    guard case .symbol(let symbol) = math.kind, !symbol.isRun else { return nil }
    return symbol.face.map { symbol.name + ":" + $0 } ?? symbol.name
  }

}
