// Symbols in a claim: their value, their component, their definition, the function they name.

import Diagnostics
import Notation

extension ClaimEvaluator {
  func symbolOrScripted(_ math: Math) throws(ClaimFailure) -> FormulaValue {
    if case .symbol(let symbol) = math.kind {
      if symbol.name == "infty" { return FormulaValue(.infinity) }
    }
    if let symbol = ClaimSymbol(math) {
      if let apart = lettersApart(symbol, math) { return try value(apart) }
      let plain = try value(of: symbol)
      return try powered(plain, symbol, math)
    }
    guard case .scripted(let base, let scripts) = math.kind else {
      throw .notUnderstood("this is not read", math.span)
    }
    if case .fenced(.norm, let items) = base.kind, items.count == 1 {
      return try normed(try value(items[0]), scripts, math)
    }
    if case .fenced(.bars, let items) = base.kind, items.count == 1, !scripts.lower.isEmpty {
      return try normed(try value(items[0]), scripts, math)
    }
    var inner = try value(base)
    if case .fenced(_, let items) = base.kind, items.count > 1, inner.isVector, !inner.isRow,
      scripts.lower.isEmpty, scripts.primes == 0, let upper = scripts.upper, isTranspose(upper)
    {
      // (1, 2)^T is how a column is written in a line.
      return inner
    }
    guard scripts.primes == 0 else { throw .notUnderstood("this prime is not read", math.span) }
    if !scripts.lower.isEmpty {
      let (labels, places) = try split(scripts.lower)
      guard labels.isEmpty, let element = inner.element(places) else {
        throw .notUnderstood("this subscript is not read", math.span)
      }
      inner = element
    }
    guard let upper = scripts.upper else { return inner }
    return try power(inner, upper, math)
  }

  // MARK: Powers

  private func powered(_ value: FormulaValue, _ symbol: ClaimSymbol, _ math: Math)
    throws(ClaimFailure) -> FormulaValue
  {
    var value = value
    if symbol.isTransposed {
      if let exponent = scope.values["T"]?.scalar {
        return value.map { FormulaFunctions.power($0, exponent) }
      }
      value = value.transposed
    }
    guard let upper = symbol.power else { return value }
    return try power(value, upper, math)
  }

  private func isTranspose(_ upper: Math) -> Bool {
    switch upper.kind {
    case .mark(let mark): mark == "T"
    case .symbol(let symbol): ["T", "top", "intercal"].contains(symbol.name)
    default: false
    }
  }

  func power(_ base: FormulaValue, _ upper: Math, _ math: Math) throws(ClaimFailure) -> FormulaValue
  {
    switch upper.kind {
    case .mark("T"): return base.transposed
    case .symbol(let symbol) where ["T", "top", "intercal"].contains(symbol.name):
      if let exponent = scope.values["T"]?.scalar {
        return base.map { FormulaFunctions.power($0, exponent) }
      }
      return base.transposed
    case .mark, .fenced(.brace, _):
      throw .notUnderstood("this superscript is not read", upper.span)
    default: break
    }
    let exponent = try number(upper)
    if base.dimensions.count == 2 {
      guard base.dimensions[0] == base.dimensions[1], exponent == -1 else {
        throw .notUnderstood("the power of a matrix may be meant in two ways", math.span)
      }
      guard let inverse = base.inverse else {
        throw .undefined("this matrix is singular", math.span)
      }
      return inverse
    }
    if exponent < 0, base.elements.contains(0) {
      throw .undefined("this divides by zero", math.span)
    }
    return try finite(
      base.map { FormulaFunctions.power($0, exponent) }, base, "the root of a negative number", math
    )
  }

  private func normed(_ inner: FormulaValue, _ scripts: MathScripts, _ math: Math)
    throws(ClaimFailure) -> FormulaValue
  {
    var order = 2.0
    if let lower = scripts.lower.first {
      switch lower.kind {
      case .number(let text): order = Double(text) ?? 2
      case .symbol(let symbol) where symbol.name == "F": order = 2
      case .symbol(let symbol) where symbol.name == "infty": order = .infinity
      default: throw .notUnderstood("this norm is not known", lower.span)
      }
    }
    guard [1, 2, .infinity].contains(order) else {
      throw .notUnderstood("this norm is not known", math.span)
    }
    let result = FormulaValue(inner.norm(order))
    guard let upper = scripts.upper else { return result }
    return try power(result, upper, math)
  }

  // MARK: Looking up

  /// Subscripts that are places of components, and those that are labels.
  func split(_ lower: [Math]) throws(ClaimFailure) -> (labels: [String], places: [Int]) {
    var labels: [String] = []
    var places: [Int] = []
    for item in lower {
      if let place = place(item) { places.append(place) } else { labels.append(label(item)) }
    }
    return (labels, places)
  }

  /// A letter that a sum or a component has put to a place, ±1 included.
  func place(_ item: Math) -> Int? {
    guard let (letter, offset) = indexLike(item), let place = scope.places[letter] else {
      return nil
    }
    return place + offset
  }

  /// A label with what is known put in: m_{t-1} is m_2 when t is 3.
  private func label(_ item: Math) -> String {
    guard let (letter, offset) = indexLike(item), let step = scope.values[letter]?.scalar,
      step == step.rounded(), abs(step) < 1e9
    else { return labelText(item) }
    return String(Int(step) + offset)
  }

  func value(of symbol: ClaimSymbol) throws(ClaimFailure) -> FormulaValue {
    // By all that is printed first: E_t may be a name.
    if symbol.lower.isEmpty || symbol.lower.allSatisfy({ place($0) == nil }) {
      if let known = scope.values[symbol.key] { return known }
    }
    let (labels, lowerPlaces) = try split(symbol.lower)
    var plain = symbol
    var upperPlaces: [Int] = []
    plain.upperPlaces = []
    for item in symbol.upperPlaces {
      if let place = place(item) {
        upperPlaces.append(place)
      } else {
        plain.upperPlaces.append(item)
      }
    }
    let places = upperPlaces + lowerPlaces
    let key = plain.key(labels)
    if let known = scope.values[key] {
      if places.isEmpty { return known }
      if let element = known.element(places) { return element }
      if known.isScalar, scope.values[plain.key(labels + places.map(String.init))] == nil {
        throw .shape("\(symbol.pretty) is a component of a number", symbol.span)
      }
    }
    if !places.isEmpty, let known = scope.values[plain.key(labels + places.map(String.init))] {
      return known
    }
    if symbol.primes == 0, let made = try defined(key, places, symbol) { return made }
    if symbol.lower.isEmpty, symbol.upperPlaces.isEmpty, symbol.marks.isEmpty, symbol.primes == 0 {
      if symbol.base == "e" { return FormulaValue(2.718281828459045) }
      if symbol.base == "pi" { return FormulaValue(Double.pi) }
      if let place = scope.places[symbol.base] { return FormulaValue(Double(place)) }
    }
    if symbol.base == "delta", places.count == 2 {
      return FormulaValue(places[0] == places[1] ? 1 : 0)
    }
    throw .unknown(symbol.pretty, symbol.span)
  }

  /// What a definition gives, at places or as a whole.
  private func defined(_ key: String, _ places: [Int], _ symbol: ClaimSymbol) throws(ClaimFailure)
    -> FormulaValue?
  {
    guard let definition = scope.definitions[key] else { return nil }
    let tag = key + places.map { "," + String($0) }.joined()
    guard opens(tag) else {
      throw .notUnderstood("\(symbol.pretty) is defined by itself", symbol.span)
    }
    defer { closes(tag) }
    if definition.binders.isEmpty {
      let whole = try inside(scope.changed { $0.places = [:] }) { () throws(ClaimFailure) in
        try value(definition.value)
      }
      if places.isEmpty { return whole }
      guard let element = whole.element(places) else {
        throw .shape("\(symbol.pretty) is a component of \(whole.shapeText)", symbol.span)
      }
      return element
    }
    func at(_ places: [Int]) throws(ClaimFailure) -> Double {
      try inside(
        scope.changed { scope in
          scope.places = [:]
          for (letter, place) in zip(definition.binders, places) { scope.places[letter] = place }
        }
      ) { () throws(ClaimFailure) in try number(definition.value) }
    }
    if places.count == definition.binders.count { return FormulaValue(try at(places)) }
    guard places.isEmpty, definition.binders.count == 1 else {
      throw .notUnderstood("\(symbol.pretty) has other subscripts in its definition", symbol.span)
    }
    var elements: [Double] = []
    let size = scope.sizes[definition.binders[0]] ?? scope.count
    for place in 1...max(1, size) { elements.append(try at([place])) }
    return FormulaValue(elements)
  }

  /// `wx` and `wx_i^2`, where w and x are symbols of their own, as the product they are.
  func lettersApart(_ symbol: ClaimSymbol, _ math: Math) -> Math? {
    guard symbol.letters.count > 1, scope.values[symbol.key] == nil,
      scope.definitions[symbol.base] == nil, scope.values[symbol.base] == nil,
      scope.splits(symbol.letters)
    else { return nil }
    var factors = symbol.letters.map { letter in
      MathFactor(sign: .implicit, value: Math(.symbol(MathSymbol(letter)), math.span))
    }
    // Scripts belong to the last letter alone.
    if case .scripted(_, let scripts) = math.kind {
      let last = factors[factors.count - 1].value
      factors[factors.count - 1].value = Math(.scripted(last, scripts), math.span)
    }
    return Math(.product(factors), math.span)
  }
}
