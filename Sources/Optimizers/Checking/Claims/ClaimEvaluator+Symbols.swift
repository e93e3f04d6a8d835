// Symbols in a claim: their value, their component, their definition.

import Diagnostics
import Notation

extension ClaimEvaluator {
  /// Subscripts that are places of components, and those that are labels.
  func split(_ lower: [Math]) throws(FormulaFailure) -> (labels: [String], places: [Int]) {
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

  func value(of symbol: ClaimSymbol) throws(FormulaFailure) -> FormulaValue {
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
  private func defined(_ key: String, _ places: [Int], _ symbol: ClaimSymbol) throws(FormulaFailure)
    -> FormulaValue?
  {
    guard let definition = scope.definitions[key] else { return nil }
    let tag = key + places.map { "," + String($0) }.joined()
    guard opens(tag) else {
      throw .notUnderstood("\(symbol.pretty) is defined by itself", symbol.span)
    }
    defer { closes(tag) }
    if definition.binders.isEmpty {
      let whole = try inside(scope.changed { $0.places = [:] }) { () throws(FormulaFailure) in
        try value(definition.value)
      }
      if places.isEmpty { return whole }
      guard let element = whole.element(places) else {
        throw .shape("\(symbol.pretty) is a component of \(whole.shapeText)", symbol.span)
      }
      return element
    }
    func at(_ places: [Int]) throws(FormulaFailure) -> FormulaValue {
      try inside(
        scope.changed { scope in
          scope.places = [:]
          for (letter, place) in zip(definition.binders, places) { scope.places[letter] = place }
        }
      ) { () throws(FormulaFailure) in try component(definition.value) }
    }
    if places.count == definition.binders.count { return try at(places) }
    guard places.isEmpty, definition.binders.count == 1 else {
      throw .notUnderstood("\(symbol.pretty) has other subscripts in its definition", symbol.span)
    }
    var elements: [FormulaValue] = []
    guard let size = scope.sizes[definition.binders[0]] ?? scope.count else {
      throw .notUnderstood("how many \(symbol.pretty) there are is not known here", symbol.span)
    }
    for place in 1...max(1, size) { elements.append(try at([place])) }
    return stacked(elements, [elements.count])
  }

  /// One number of a definition with subscripts.
  private func component(_ math: Math) throws(FormulaFailure) -> FormulaValue {
    let value = try value(math).simplified
    guard value.isScalar else {
      throw .shape(
        "\(ClaimText.pretty(math.span.text)) is \(value.shapeText), not a number", math.span)
    }
    return value
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
