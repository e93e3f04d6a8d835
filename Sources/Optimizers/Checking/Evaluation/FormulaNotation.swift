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
  package private(set) var definitions: [FormulaDefinition] = []
  /// Expressions that stand alone.
  package private(set) var expressions: [Math] = []
  /// Letters that are indices somewhere.
  package private(set) var indexLetters: Set<String> = []
  /// Keys that carry an index somewhere.
  package private(set) var indexedKeys: Set<String> = []
  /// Letters that a sum or “i = …” ranges over, with the key of the upper limit when it is one symbol.
  package private(set) var limits: [String: String] = [:]
  /// Index letters that begin at 0.
  package private(set) var fromZero: Set<String> = []
  /// Keys indexed by a letter that begins at 0.
  package private(set) var zeroKeys: Set<String> = []
  /// Sets that an index runs through: `i \in B`.
  package private(set) var sets: Set<String> = []
  /// Which set an index letter runs through.
  package private(set) var setLetters: [String: String] = [:]
  /// Symbols applied to arguments.
  package private(set) var functions: Set<String> = []
  /// i of η_max^i where nothing runs through i: part of names.
  private(set) var labelLetters: Set<String> = []
  /// What each function of data is applied to, without indices: d(a, p) and d(a, n) are two values.
  private var applied: [String: Set<String>] = [:]
  /// T is a number somewhere, so that x^T need not be a transpose.
  private(set) var hasNumberT = false
  /// Letters that are values on their own.
  package private(set) var bareKeys: Set<String> = []

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
            FormulaNotation.brackets(after: 0, in: factors) != nil
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
  private func isRange(_ sides: [Math], _ relations: [TeXRelation]) -> Bool {
    guard sides.count >= 2, let letter = FormulaNotation.letter(sides[0]),
      indexLetters.contains(letter)
    else { return false }
    if case .number = sides[1].kind { return true }
    if relations.first == .member { return true }
    return false
  }

  private mutating func noteRange(_ sides: [Math], _ relations: [TeXRelation]) {
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

  private mutating func bind(in math: Math) {
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

  private mutating func bind(_ scripts: MathScripts) {
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
  private mutating func noteLeftIndices(_ sides: [Math]) {
    let left = FormulaNotation.scriptLetters(sides[0])
    var right: Set<String> = []
    for side in sides.dropFirst() { right.formUnion(FormulaNotation.scriptLetters(side)) }
    for letter in left.intersection(right) where letter != "t" && letter != "T" {
      indexLetters.insert(letter)
    }
  }

  /// Small letters that stand alone in scripts, outside of labels that are words.
  private static func scriptLetters(_ math: Math) -> Set<String> {
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

  // MARK: Uses

  private mutating func collect(_ math: Math) {
    switch math.kind {
    case .symbol(let symbol):
      if !symbol.isRun, let key = FormulaNotation.letter(math) { bareKeys.insert(key) }
    case .scripted, .accented:
      if let reference = reference(math) {
        if !reference.indices.isEmpty { indexedKeys.insert(reference.key) }
        if reference.indices.contains(where: {
          FormulaNotation.letter($0).map { fromZero.contains($0) } ?? false
        }) {
          zeroKeys.insert(reference.key)
        }
        bareKeys.insert(reference.key)
        for index in reference.indices { collect(index) }
        if let power = reference.power { collect(power) }
        return
      }
    case .product(let factors):
      for (place, factor) in factors.enumerated() {
        if FormulaNotation.brackets(after: place, in: factors) != nil,
          let reference = reference(FormulaNotation.head(factor.value)), reference.power == nil
        {
          functions.insert(reference.key)
          noteArguments(of: reference.key, place, factors)
        } else {
          collect(factor.value)
        }
      }
      return
    default: break
    }
    for child in math.children { collect(child) }
  }

  private mutating func noteArguments(of key: String, _ place: Int, _ factors: [MathFactor]) {
    guard let items = FormulaNotation.brackets(after: place, in: factors) else { return }
    let names = items.map { item in
      reference(item)?.key ?? String(item.span.text.filter { $0 != " " })
    }
    applied[key, default: []].insert(
      letters(in: items).isEmpty ? names.joined(separator: ",") : "\(names.count) indexed")
  }

  /// What is in the brackets that stand right behind a factor.
  static func brackets(after place: Int, in factors: [MathFactor]) -> [Math]? {
    guard place + 1 < factors.count, factors[place + 1].sign == .implicit else { return nil }
    var next = factors[place + 1].value
    if case .scripted(let inner, _) = next.kind { next = inner }
    guard case .fenced(let fence, let items) = next.kind,
      fence == .parenthesis || fence == .bracket || fence == .brace
    else { return nil }
    return items
  }

  private mutating func noteLabels(_ math: Math) {
    if case .scripted(let base, let scripts) = math.kind, let upper = scripts.upper,
      !scripts.lower.isEmpty, let letter = FormulaNotation.letter(upper),
      FormulaNotation.usualIndices.contains(letter), !indexLetters.contains(letter),
      FormulaNotation.letter(base) != nil
    {
      labelLetters.insert(letter)
    }
    // T_i, the length of the i-th run, where nothing runs through i.
    if case .scripted(let base, let scripts) = math.kind, FormulaNotation.letter(base) == "T",
      scripts.lower.count == 1, let letter = FormulaNotation.letter(scripts.lower[0]),
      FormulaNotation.usualIndices.contains(letter), !indexLetters.contains(letter)
    {
      labelLetters.insert(letter)
    }
    for child in math.children { noteLabels(child) }
  }

  /// What brackets behind a factor belong to: in `\log p(x)`, p.
  static func head(_ math: Math) -> Math {
    if case .function(let call) = math.kind, !call.isBracketed, call.arguments.count == 1 {
      return call.arguments[0]
    }
    return math
  }

  /// Whether T stands somewhere as a value and not only as a superscript.
  private static func usesT(_ math: Math) -> Bool {
    if case .scripted(let base, let scripts) = math.kind {
      if let upper = scripts.upper, letter(upper) != "T", usesT(upper) { return true }
      if case .number = base.kind { return scripts.upper.map { letter($0) == "T" } ?? false }
      if letter(base) == "T" { return true }
      return letter(base) == nil && usesT(base) || scripts.lower.contains { usesT($0) }
    }
    if letter(math) == "T" { return true }
    return math.children.contains { usesT($0) }
  }

  /// Whether a symbol before brackets is applied to what is in them, and not multiplied with it.
  package func isApplied(_ key: String, to items: [Math]) -> Bool {
    if let definition = definition(of: key) { return !definition.arguments.isEmpty }
    if FormulaFunctions.named(key) != nil {
      return !bareKeys.contains(key) || key.count > 1 && key != "sigma"
    }
    return isOpaque(key, items)
  }

  /// Letters that are factors wherever they stand.
  private static let factors: Set<String> = [
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "eta", "lambda", "mu", "rho", "tau",
    "kappa", "nu", "omega", "theta", "xi", "zeta", "n", "m", "N", "M", "K", "T", "t", "i", "j", "k",
    "e", "x", "w", "z", "y", "c", "s", "b", "a",
  ]

  /// A function of data that the text does not define: h_θ(x^{(i)}) is a number for every i.
  package func isOpaque(_ key: String, _ items: [Math]) -> Bool {
    guard functions.contains(key), !bareKeys.contains(key), definition(of: key) == nil,
      FormulaFunctions.named(key) == nil, !FormulaNotation.factors.contains(key)
    else { return false }
    return applied[key]?.count ?? 0 < 2 && items.allSatisfy { isPlain($0) }
  }

  private func isPlain(_ math: Math) -> Bool {
    if reference(math)?.power == nil, reference(math) != nil { return true }
    guard case .product(let factors) = math.kind, factors.count == 2,
      let items = FormulaNotation.brackets(after: 0, in: factors),
      let key = reference(factors[0].value)?.key
    else { return false }
    return isOpaque(key, items)
  }

  /// The index letters in arguments, in the order they come.
  func letters(in items: [Math]) -> [String] {
    var result: [String] = []
    func visit(_ math: Math) {
      if let letter = FormulaNotation.letter(math), isIndex(letter), !result.contains(letter) {
        result.append(letter)
      }
      for child in math.children { visit(child) }
    }
    for item in items { visit(item) }
    return result
  }

  private func uses(_ key: String, _ math: Math) -> Bool {
    if let reference = reference(math) { return reference.key == key }
    return math.children.contains { uses(key, $0) }
  }

  private func definition(_ sides: [Math], isRemark: Bool) -> FormulaDefinition? {
    let value = sides[sides.count - 1]
    var head = sides[0]
    var arguments: [String] = []
    var outer: MathScripts?
    // `\mathrm{softmax}(z)_i`: the script stands on the brackets.
    if case .product(let factors) = head.kind, factors.count == 2, factors[1].sign == .implicit {
      var brackets = factors[1].value
      if case .scripted(let inner, let scripts) = brackets.kind {
        brackets = inner
        outer = scripts
      }
      guard case .fenced(let fence, let items) = brackets.kind,
        fence == .parenthesis || fence == .bracket
      else { return nil }
      arguments = items.compactMap { reference($0)?.key }
      head = factors[0].value
    }
    if case .function(let call) = head.kind {
      arguments = call.arguments.compactMap { reference($0)?.key }
      return FormulaDefinition(
        key: call.name, indices: [], arguments: arguments, isSquare: false, left: sides[0],
        value: value, isRemark: isRemark)
    }
    // `F1`: a letter and a digit are one name.
    if case .product(let factors) = head.kind, factors.count == 2,
      let letter = FormulaNotation.letter(factors[0].value),
      case .number(let digits) = factors[1].value.kind
    {
      head = Math(.symbol(MathSymbol(letter + digits)), head.span)
    }
    guard var reference = reference(head) else { return nil }
    // g ← … g: the new value of what is on the right the old one.
    if arguments.isEmpty, uses(reference.key, value) {
      reference.key += "^new"
    }
    var indices = reference.indices
    if let outer {
      indices += outer.lower
      if let upper = outer.upper { indices.append(upper) }
    }
    var isSquare = false
    if let power = reference.power {
      guard case .number("2") = power.kind else { return nil }
      isSquare = true
    }
    return FormulaDefinition(
      key: reference.key + String(repeating: "'", count: min(reference.primes, 3)),
      indices: indices.compactMap(FormulaNotation.letter),
      arguments: arguments, isSquare: isSquare, left: sides[0], value: value, isRemark: isRemark)
  }
}
