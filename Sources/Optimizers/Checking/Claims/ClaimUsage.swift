// Which symbols a formula rests on, through the definitions of the document, and how they are indexed.
//
// Symbols without a definition are free: a check gives them any numbers. Letters that index the same
// symbol in the same place run equally far.

import Diagnostics
import Notation

struct ClaimUsage: FormulaWords {
  /// How many places a free symbol has at most.
  private(set) var free: [String: Int] = [:]
  /// Where a symbol is printed first.
  private(set) var spans: [String: Span] = [:]
  /// What a symbol is called in a sentence, without its places.
  private(set) var names: [String: String] = [:]
  /// Free and defined symbols that were met.
  private(set) var met: Set<String> = []
  /// Symbols that say how far a sum runs.
  private(set) var counts: Set<String> = []
  /// Letters of places that no sum binds.
  private(set) var openLetters: Set<String> = []
  /// Functions that nothing defines: any smooth one will do.
  private(set) var functions: Set<String> = []
  /// x^T, ‖x‖, or a capital letter: matrices are meant.
  private(set) var hasMatrices = false

  let scope: ClaimScope
  private var links: [String: String] = [:]
  private var bound: Set<String> = []
  private var locals: Set<String> = []
  private var budget = 20_000
  private var depth = 0
  /// A chain of definitions that goes deeper is followed no further.
  private static let deepest = 2000

  init(_ scope: ClaimScope) { self.scope = scope }

  // MARK: Walking

  mutating func add(_ math: Math) {
    budget -= 1
    depth += 1
    defer { depth -= 1 }
    guard budget > 0, depth <= ClaimUsage.deepest else { return }
    if let sign = DerivativeSign(math) {
      if let of = sign.of { add(of) }
      for by in sign.by { add(by) }
      for argument in sign.arguments ?? [] { add(argument) }
      return
    }
    if let symbol = ClaimSymbol(math) {
      add(symbol, math)
      return
    }
    switch math.kind {
    case .product(let factors):
      for factor in FormulaFactor.read(factors, self) { add(factor) }
    case .sum(let terms):
      for term in FormulaTerms.joined(terms, isBound: bound.contains) { add(term.value) }
    case .big(_, let scripts, let body): addBig(scripts, body)
    case .fenced(let fence, let items):
      if fence == .norm { hasMatrices = true }
      for item in items { add(item) }
    case .scripted(let base, let scripts):
      add(base)
      if let upper = scripts.upper {
        if upper.isTranspose { hasMatrices = true } else { add(upper) }
      }
    case .symbol, .mark, .ellipsis, .number: break
    default: for child in math.children { add(child) }
    }
  }

  private mutating func addBig(_ scripts: MathScripts, _ body: Math) {
    var letter: String?
    if let lower = scripts.lower.first {
      if case .relation(let sides, _) = lower.kind {
        letter = indexLike(sides[0])?.letter
        for side in sides.dropFirst() {
          if let other = indexLike(side)?.letter, bound.contains(other) || isIndex(other) {
            continue
          }
          add(side)
        }
      } else {
        letter = indexLike(lower)?.letter
      }
    }
    if let upper = scripts.upper {
      if let symbol = ClaimSymbol(upper), scope.definitions[symbol.key] == nil {
        counts.insert(symbol.key)
        names[symbol.key] = names[symbol.key] ?? symbol.pretty
        met.insert(symbol.key)
        spans[symbol.key] = spans[symbol.key] ?? symbol.span
        if let letter { link("letter " + letter, "count " + symbol.key) }
      } else if let whole = wholeNumber(upper), let letter {
        link("letter " + letter, "size \(whole)")
      } else {
        add(upper)
      }
    }
    guard let letter else {
      add(body)
      return
    }
    let isNew = bound.insert(letter).inserted
    add(body)
    if isNew { bound.remove(letter) }
  }

  func isIndex(_ letter: String) -> Bool {
    bound.contains(letter)
      || scope.indexLetters.contains(letter) && scope.definitions[letter] == nil
  }

  private mutating func add(_ symbol: ClaimSymbol, _ math: Math) {
    if symbol.letters.count > 1, scope.definitions[symbol.base] == nil,
      scope.splits(symbol.letters)
    {
      for (place, letter) in symbol.letters.enumerated() {
        var one = symbol
        one.base = letter
        one.letters = []
        if place < symbol.letters.count - 1 {
          one.lower = []
          one.upperPlaces = []
          one.marks = []
          one.power = nil
          one.isTransposed = false
        }
        addPlain(one)
      }
      return
    }
    addPlain(symbol)
  }

  private mutating func addPlain(_ symbol: ClaimSymbol) {
    if let power = symbol.power { add(power) }
    if symbol.isTransposed { hasMatrices = true }
    let (key, letters) = name(symbol)
    if locals.contains(key) || letters.isEmpty && isIndex(key) && scope.definitions[key] == nil {
      return
    }
    if symbol.base == "e" || symbol.base == "pi", scope.definitions[key] == nil, letters.isEmpty {
      return
    }
    names[key] = names[key] ?? ClaimText.name(symbol, letters: letters)
    if symbol.base == "delta", letters.count == 2, scope.definitions[key] == nil { return }
    for (place, letter) in letters.enumerated() {
      link("letter " + letter, "slot \(key) \(place)")
      if !bound.contains(letter) { openLetters.insert(letter) }
    }
    spans[key] = spans[key] ?? symbol.span
    let isNew = met.insert(key).inserted
    if let definition = scope.definitions[key] {
      for (place, letter) in definition.binders.enumerated() {
        link("letter " + letter, "slot \(key) \(place)")
      }
      guard isNew else { return }
      let before = (bound, openLetters)
      bound.formUnion(definition.binders)
      add(definition.value)
      (bound, openLetters) = before
      return
    }
    if let function = scope.functions[key] {
      guard isNew else { return }
      addBody(function)
      return
    }
    if let first = symbol.base.unicodeScalars.first, (65...90).contains(first.value),
      symbol.base.prefix(while: { $0 != "_" }).count == 1,
      !["L", "J", "E", "C", "N", "T", "K", "M", "R"].contains(symbol.base)
    {
      hasMatrices = true
    }
    free[key] = max(free[key] ?? 0, letters.count)
  }

  private mutating func addBody(_ function: ClaimScope.Function) {
    let before = locals
    locals.formUnion(function.arguments)
    add(function.value)
    locals = before
  }

  /// The key without places, and the letters of the places: above first.
  func name(_ symbol: ClaimSymbol) -> (key: String, letters: [String]) {
    var plain = symbol
    var above: [String] = []
    plain.upperPlaces = []
    for item in symbol.upperPlaces {
      if let index = indexLike(item), isIndex(index.letter) {
        above.append(index.letter)
      } else {
        plain.upperPlaces.append(item)
      }
    }
    var below: [String] = []
    var labels: [String] = []
    for item in symbol.lower {
      if let index = indexLike(item), isIndex(index.letter) {
        below.append(index.letter)
      } else {
        labels.append(labelText(item))
      }
    }
    return (plain.key(labels), above + below)
  }

  static let functionLetters: Set<String> = ["f", "g", "h", "phi", "varphi", "psi", "sigma"]

  func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool {
    guard var symbol = ClaimSymbol(head), !symbol.isTransposed else { return false }
    symbol.power = nil
    symbol.primes = 0
    let name = symbol.key
    if scope.functions[name] != nil { return true }
    if scope.definitions[name] != nil { return false }
    return FormulaFunctions.applied(name) != nil || isSmooth(symbol)
  }

  /// A function that nothing defines: f(x), h_θ(x).
  private func isSmooth(_ symbol: ClaimSymbol) -> Bool {
    ClaimUsage.functionLetters.contains(symbol.base)
      && symbol.lower.allSatisfy { ClaimUsage.isParameter($0) }
      && !scope.single.contains("=" + symbol.key)
  }

  /// What a function's subscript says it depends on: the weights of a model.
  private static func isParameter(_ label: Math) -> Bool {
    guard let symbol = ClaimSymbol(label), symbol.lower.isEmpty else { return false }
    return ["theta", "w", "W", "phi", "beta", "Theta"].contains(symbol.base)
  }

  private mutating func add(_ factor: FormulaFactor) {
    switch factor.operand {
    case .plain(let math): add(math)
    case .applied(_, let inner), .together(let inner): for factor in inner { add(factor) }
    case .call(let head, let items, let brackets):
      guard var symbol = ClaimSymbol(head) else { return }
      symbol.power = nil
      symbol.primes = 0
      let name = symbol.key
      if let function = scope.functions[name] {
        if met.insert(name + "(").inserted { addBody(function) }
        met.insert(name)
      } else if FormulaFunctions.applied(name) == nil {
        functions.insert(name)
      }
      if case .scripted(_, let scripts) = brackets.kind, let upper = scripts.upper,
        !upper.isTranspose
      {
        add(upper)
      }
      for item in items { add(item) }
    }
  }

  // MARK: Sizes

  private mutating func link(_ a: String, _ b: String) {
    let (x, y) = (root(a), root(b))
    if x != y { links[x] = y }
  }

  private func root(_ name: String) -> String {
    var name = name
    var steps = 0
    while let next = links[name], steps < 1000 {
      name = next
      steps += 1
    }
    return name
  }

  /// How far letters, counts and the places of symbols run: small numbers, different for what has
  /// nothing to do with one another.
  func sizes() -> [String: Int] {
    var names: Set<String> = Set(links.keys).union(links.values)
    for letter in openLetters { names.insert("letter " + letter) }
    var given: [String: Int] = [:]
    for name in names where name.hasPrefix("size ") {
      if let size = Int(name.dropFirst(5)), size > 0, size <= 12 { given[root(name)] = size }
    }
    let order = [3, 2, 4]
    var next = 0
    var result: [String: Int] = [:]
    for name in names.sorted() {
      let top = root(name)
      if given[top] == nil {
        given[top] = order[next % order.count]
        next += 1
      }
      result[name] = given[top]
    }
    return result
  }
}
