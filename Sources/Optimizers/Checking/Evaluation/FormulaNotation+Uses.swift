// How the symbols of a text are used: as functions with arguments, with labels, transposed.

import Diagnostics
import Notation

extension FormulaNotation: FormulaWords {
  mutating func collect(_ math: Math) {
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
        if FormulaFactor.brackets(after: place, in: factors) != nil,
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

  mutating func noteArguments(of key: String, _ place: Int, _ factors: [MathFactor]) {
    guard let items = FormulaFactor.brackets(after: place, in: factors)?.items else { return }
    let names = items.map { item in
      reference(item)?.key ?? String(item.span.text.filter { $0 != " " })
    }
    applied[key, default: []].insert(
      letters(in: items).isEmpty ? names.joined(separator: ",") : "\(names.count) indexed")
  }

  mutating func noteLabels(_ math: Math) {
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
  static func usesT(_ math: Math) -> Bool {
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

  func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool {
    reference(head).map { isApplied($0.key, to: items) } ?? false
  }

  /// Letters that are factors wherever they stand.
  static let factors: Set<String> = [
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

  func isPlain(_ math: Math) -> Bool {
    if reference(math)?.power == nil, reference(math) != nil { return true }
    guard case .product(let factors) = math.kind, factors.count == 2,
      let items = FormulaFactor.brackets(after: 0, in: factors)?.items,
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

  func uses(_ key: String, _ math: Math) -> Bool {
    if let reference = reference(math) { return reference.key == key }
    return math.children.contains { uses(key, $0) }
  }
}
