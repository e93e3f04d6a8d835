// The numbers of one text's definitions, for a comparison.
//
//   let notation = FormulaNotation(text.items)
//   let evaluator = DefinitionEvaluator(notation, values: ["z": FormulaValue([1, 2, 3])])
//   try evaluator.value(of: definition)       // what the text defines
//   try evaluator.array(side, over: ["i"])    // any expression, for all values of its indices
//
// Names are keys as `FormulaReference` makes them: `y_hat`, `theta_min`, `z^(l)`. Indices count from 1
// unless the text lets them begin at 0.

import Diagnostics
import Notation

final class DefinitionEvaluator: FormulaEvaluator {
  let notation: FormulaNotation
  /// Symbols that have a value; they come before definitions of the text.
  var values: [String: FormulaValue]

  init(_ notation: FormulaNotation, values: [String: FormulaValue] = [:]) {
    self.notation = notation
    self.values = values
    super.init(isTotal: true, longest: 2_000_000)
    work = notation.work
  }

  /// What the text defines: a vector or matrix when the left side has free indices.
  func value(of definition: FormulaDefinition) throws(FormulaFailure) -> FormulaValue {
    guard opens(definition.key) else { throw circular(definition, definition.left.span) }
    defer { closes(definition.key) }
    let before = letters
    defer { letters = before }
    for letter in definition.indices { letters[letter] = nil }
    let result = try array(definition.value, over: definition.indices[...])
    return definition.isSquare ? result.map { $0.squareRoot() } : result
  }

  private func circular(_ definition: FormulaDefinition, _ span: Span) -> FormulaFailure {
    .notUnderstood("\(FormulaNotation.pretty(definition.key)) is defined by itself", span)
  }

  /// A formula for all values of its free indices.
  func array(_ math: Math, over free: ArraySlice<String>) throws(FormulaFailure) -> FormulaValue {
    guard let letter = free.first else { return try value(math) }
    guard let count = extent(of: letter, in: math) else {
      throw .notUnderstood("how far \(letter) runs is not known here", math.span)
    }
    var parts: [FormulaValue] = []
    for place in 0..<count {
      letters[letter] = first(letter) + place
      parts.append(try array(math, over: free.dropFirst()))
    }
    letters[letter] = nil
    guard let dimensions = parts.first?.dimensions,
      parts.allSatisfy({ $0.dimensions == dimensions })
    else { return FormulaValue([Double]()) }
    return stacked(parts, [count] + dimensions)
  }

  // MARK: Symbols

  override func symbol(_ math: Math) throws(FormulaFailure) -> FormulaValue? {
    switch math.kind {
    case .fenced(.bars, let items) where items.count == 1:
      // |B| of a set of samples is their number.
      guard let key = FormulaNotation.letter(items[0]), notation.sets.contains(key) else {
        return nil
      }
      guard let size = values["|\(key)|"] else {
        throw .notUnderstood("how many \(key) holds is not known", math.span)
      }
      return size
    case .symbol(let symbol):
      if let apart = letters(of: symbol, math, MathScripts()) { return try value(apart) }
    case .scripted(let base, let scripts):
      if case .symbol(let symbol) = base.kind, notation.reference(math) != nil,
        let apart = letters(of: symbol, math, scripts)
      {
        return try value(apart)
      }
    case .accented: break
    default: return nil
    }
    if let reference = notation.reference(math) { return try value(of: reference) }
    // A bar over more than a letter: its mean.
    if case .accented("bar", let inner) = math.kind { return try mean(inner, math.span) }
    return nil
  }

  /// `wx^2`, where w and x are symbols of their own, as the product it is: a script is the last letter's.
  private func letters(of symbol: MathSymbol, _ math: Math, _ scripts: MathScripts) -> Math? {
    guard symbol.isRun, values[symbol.name] == nil, notation.definition(of: symbol.name) == nil
    else { return nil }
    if !scripts.isEmpty, let key = notation.reference(math)?.key,
      values[key] != nil || notation.definition(of: key) != nil
    {
      return nil
    }
    guard var letters = notation.split(Math(.symbol(symbol), math.span)), let last = letters.last
    else { return nil }
    if !scripts.isEmpty {
      letters[letters.count - 1] = Math(.scripted(last, scripts), math.span)
    }
    return Math(.product(letters.map { MathFactor(sign: .implicit, value: $0) }), math.span)
  }

  /// The value of a symbol with its indices and power.
  private func value(of reference: FormulaReference) throws(FormulaFailure) -> FormulaValue {
    let key = reference.key
    guard reference.primes == 0 else {
      throw .notUnderstood("a prime is read only before brackets", reference.span)
    }
    if key == "e", reference.indices.isEmpty, values["e"] == nil,
      notation.definition(of: "e") == nil, let power = reference.power
    {
      return try mapped(
        try value(power), .exp, FormulaEvaluator.overflow, reference.span,
        FormulaFunctions.exponential)
    }
    // σ² where the text defines its square.
    if reference.power.flatMap(wholeNumber) == 2, values[key] == nil, reference.indices.isEmpty,
      let definition = notation.definition(of: key), definition.isSquare,
      definition.indices.isEmpty, opens(key)
    {
      defer { closes(key) }
      return try value(definition.value)
    }
    var result = try element(of: reference)
    if reference.isTransposed { result = result.transposed }
    guard let exponent = reference.power else { return result }
    return try power(result, exponent, reference.span)
  }

  private func element(of reference: FormulaReference) throws(FormulaFailure) -> FormulaValue {
    let key = reference.key
    if reference.indices.isEmpty, let letter = letters[key], values[key] == nil {
      return FormulaValue(Double(letter))
    }
    if let value = values[key] { return try picked(value, reference) }
    if let definition = notation.definition(of: key) { return try defined(definition, reference) }
    if key == "pi" || key == "π" { return FormulaValue(Double.pi) }
    if key == "infty" { return FormulaValue(Double.infinity) }
    if key == "delta", reference.indices.count == 2 {
      let equal = try integer(reference.indices[0]) == integer(reference.indices[1])
      return FormulaValue(equal ? 1 : 0)
    }
    throw .unknown(FormulaNotation.pretty(key), reference.span)
  }

  /// A symbol that the text defines: its value for these indices.
  private func defined(_ definition: FormulaDefinition, _ reference: FormulaReference)
    throws(FormulaFailure) -> FormulaValue
  {
    let places = try reference.indices.map { index throws(FormulaFailure) in
      try place(index, reference.key)
    }
    guard places.count == definition.indices.count else {
      return try picked(value(of: definition), reference)
    }
    guard opens(definition.key) else { throw circular(definition, reference.span) }
    defer { closes(definition.key) }
    let before = letters
    defer { letters = before }
    letters = [:]
    for (letter, place) in zip(definition.indices, places) {
      letters[letter] = place + first(letter)
    }
    let result = try value(definition.value)
    return definition.isSquare ? result.map { $0.squareRoot() } : result
  }

  /// The element that the indices name.
  private func picked(_ value: FormulaValue, _ reference: FormulaReference)
    throws(FormulaFailure) -> FormulaValue
  {
    var result = value
    for index in reference.indices {
      let place = try self.place(index, reference.key)
      guard let part = result.part(place) else {
        let name = FormulaNotation.pretty(reference.key)
        throw .notUnderstood(
          result.isScalar
            ? "\(name) is a number and has no elements"
            : "\(name) has no element number \(place + 1)", reference.span)
      }
      result = part
    }
    return result
  }

  /// An index as a place from 0.
  private func place(_ index: Math, _ key: String) throws(FormulaFailure) -> Int {
    if let letter = FormulaNotation.letter(index), letters[letter] == nil, values[letter] == nil {
      throw .notUnderstood("nothing says what \(letter) runs through", index.span)
    }
    let number = try integer(index)
    return notation.zeroKeys.contains(key) ? number : number - 1
  }

  // MARK: Indices

  override func first(_ letter: String) -> Int { notation.fromZero.contains(letter) ? 0 : 1 }

  override func extent(of letter: String, in math: Math) -> Int? { length(of: letter, in: math) }

  override func freeLetters(_ math: Math) -> [String] { unbound(math) }

  override func isComponent(_ math: Math) -> Bool {
    notation.reference(math)?.indices.isEmpty == false
  }

  // MARK: Functions

  override func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool {
    guard let key = notation.reference(head)?.key else { return false }
    // f given as a value: f(x) is that value.
    if values[key] != nil, !notation.isOpaque(key, items) { return false }
    return notation.isApplied(key, to: items)
  }

  override func call(_ head: Math, _ items: [Math]) throws(FormulaFailure) -> FormulaValue {
    guard let reference = notation.reference(head) else { return try super.call(head, items) }
    if notation.isOpaque(reference.key, items) {
      guard let value = values[reference.key] else {
        throw .unknown(FormulaNotation.pretty(reference.key), head.span)
      }
      var indexed = reference
      if indexed.indices.isEmpty {
        indexed.indices = notation.letters(in: items).map {
          Math(.symbol(MathSymbol($0)), head.span)
        }
      }
      return try picked(value, indexed)
    }
    if let definition = notation.definition(of: reference.key) {
      return try call(definition, reference, items, head.span)
    }
    var function = MathFunction(
      name: reference.key, scripts: MathScripts(), arguments: items, nameSpan: head.span,
      isBracketed: true)
    function.scripts?.primes = reference.primes
    function.scripts?.upper = reference.power
    let result = try self.function(function, head.span)
    var scripts = MathScripts()
    scripts.lower = reference.indices
    return try withScripts(result, scripts, head.span)
  }

  /// A function that the text defines, with its arguments put in.
  private func call(
    _ definition: FormulaDefinition, _ reference: FormulaReference, _ items: [Math], _ span: Span
  ) throws(FormulaFailure) -> FormulaValue {
    guard items.count == definition.arguments.count else {
      throw .notUnderstood(
        "\(FormulaNotation.pretty(definition.key)) has \(definition.arguments.count) arguments"
          + " in its definition", span)
    }
    guard reference.primes < 2 else {
      throw .notUnderstood("only a first derivative is worked out here", span)
    }
    var arguments: [FormulaValue] = []
    for item in items { arguments.append(try value(item)) }
    func run(_ arguments: [FormulaValue]) throws(FormulaFailure) -> FormulaValue {
      guard opens(definition.key) else { throw circular(definition, span) }
      let before = (values, letters)
      defer {
        (values, letters) = before
        closes(definition.key)
      }
      for (key, value) in zip(definition.arguments, arguments) { values[key] = value }
      let places = try reference.indices.map { index throws(FormulaFailure) in try integer(index) }
      letters = [:]
      if places.count == definition.indices.count {
        for (letter, place) in zip(definition.indices, places) { letters[letter] = place }
        return try value(definition.value)
      }
      return try array(definition.value, over: definition.indices[...])
    }
    guard reference.primes == 1 else { return try run(arguments) }
    guard arguments.count == 1, let x = arguments[0].scalar else {
      throw .notUnderstood("a derivative by one number is worked out here", span)
    }
    let slope = try Slope.central(at: x) { x throws(FormulaFailure) in
      try run([FormulaValue(x)]).elements.first ?? .nan
    }
    return FormulaValue(slope.value)
  }
}
