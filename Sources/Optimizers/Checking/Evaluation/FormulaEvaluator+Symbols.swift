// Symbols: given values, definitions of the text, elements picked by indices, powers.

import Diagnostics
import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FormulaEvaluator {
  func symbol(_ math: Math) throws(Diagnostic) -> FormulaValue {
    if case .symbol(let symbol) = math.kind, symbol.isRun, values[symbol.name] == nil,
      notation.definition(of: symbol.name) == nil, let letters = notation.split(math)
    {
      return try product(letters.map { MathFactor(sign: .implicit, value: $0) }, math.span)
    }
    guard let reference = notation.reference(math) else {
      if case .accented(let accent, let inner) = math.kind, accent == "bar" {
        // A bar over more than a letter: its mean.
        return try mean(value(inner), math.span)
      }
      throw .reading("formula.symbol", "this is no symbol that is known here", math.span)
    }
    return try value(of: reference)
  }

  /// The value of a symbol with its indices and power.
  func value(of reference: FormulaReference) throws(Diagnostic) -> FormulaValue {
    guard reference.primes == 0 else {
      throw .reading("formula.prime", "a prime is read only before brackets", reference.span)
    }
    var result = try element(of: reference)
    if reference.isTransposed { result = result.transposed }
    guard let exponent = reference.power else { return result }
    return try raised(result, to: exponent, reference.span)
  }

  private func element(of reference: FormulaReference) throws(Diagnostic) -> FormulaValue {
    let key = reference.key
    if reference.indices.isEmpty, let letter = letters[key], values[key] == nil {
      return FormulaValue(Double(letter))
    }
    if let value = values[key] { return try picked(value, reference) }
    if let definition = notation.definition(of: key) {
      return try defined(definition, reference)
    }
    if key == "pi" || key == "π" { return FormulaValue(Double.pi) }
    if key == "infty" { return FormulaValue(Double.infinity) }
    if key == "delta", reference.indices.count == 2 {
      let equal = try integer(reference.indices[0]) == integer(reference.indices[1])
      return FormulaValue(equal ? 1 : 0)
    }
    throw .reading("formula.unknown", "nothing says what \(key) is", reference.span)
  }

  /// A symbol that the text defines: its value for these indices.
  private func defined(_ definition: FormulaDefinition, _ reference: FormulaReference)
    throws(Diagnostic) -> FormulaValue
  {
    let places = try reference.indices.map { index throws(Diagnostic) in
      try place(index, reference.key)
    }
    // Nothing free: worked out with the letters of the left side bound.
    guard !inProgress.contains(definition.key) else {
      throw .reading(
        "formula.circular", "\(definition.key) is defined by itself", reference.span)
    }
    if places.count == definition.indices.count {
      let before = letters
      defer { letters = before }
      inProgress.insert(definition.key)
      defer { inProgress.remove(definition.key) }
      letters = [:]
      for (letter, place) in zip(definition.indices, places) {
        letters[letter] = place + (notation.fromZero.contains(letter) ? 0 : 1)
      }
      let result = try value(definition.value)
      return definition.isSquare ? result.map { $0.squareRoot() } : result
    }
    return try picked(value(of: definition), reference)
  }

  /// The element that the indices name.
  func picked(_ value: FormulaValue, _ reference: FormulaReference) throws(Diagnostic)
    -> FormulaValue
  {
    var result = value
    for index in reference.indices {
      // A number serves for all indices: a batch of one.
      let place = try self.place(index, reference.key)
      guard let part = result.part(place) else {
        throw .reading(
          "formula.index",
          result.isScalar
            ? "\(reference.key) is a number and has no elements"
            : "\(reference.key) has no element number \(place + 1)", reference.span)
      }
      result = part
    }
    return result
  }

  /// An index as a place from 0.
  private func place(_ index: Math, _ key: String) throws(Diagnostic) -> Int {
    if let letter = FormulaNotation.letter(index), letters[letter] == nil, values[letter] == nil {
      throw .reading("formula.free-index", "nothing says what \(letter) runs through", index.span)
    }
    let number = try integer(index)
    return notation.zeroKeys.contains(key) ? number : number - 1
  }

  // MARK: Scripts

  func scripted(_ base: Math, _ scripts: MathScripts, _ math: Math) throws(Diagnostic)
    -> FormulaValue
  {
    if let reference = notation.reference(math) {
      if reference.key == "e", reference.indices.isEmpty, values["e"] == nil,
        notation.definition(of: "e") == nil, let power = reference.power
      {
        return try value(power).map { exp($0) }
      }
      // A run of letters with a script: the script is the last one's.
      if case .symbol(let symbol) = base.kind, symbol.isRun, values[reference.key] == nil,
        notation.definition(of: reference.key) == nil, let factors = notation.split(base)
      {
        return try run(factors, scripts, math.span)
      }
      // σ² where the text defines its square.
      if case .number("2") = reference.power?.kind, values[reference.key] == nil,
        reference.indices.isEmpty, let definition = notation.definition(of: reference.key),
        definition.isSquare, definition.indices.isEmpty, !inProgress.contains(reference.key)
      {
        inProgress.insert(definition.key)
        defer { inProgress.remove(definition.key) }
        return try value(definition.value)
      }
      return try value(of: reference)
    }
    // 1_{y = k}
    if case .number("1") = base.kind, scripts.lower.count == 1, scripts.upper == nil,
      case .relation = scripts.lower[0].kind
    {
      return FormulaValue(try holds(scripts.lower[0]) ? 1 : 0)
    }
    if case .fenced(.norm, let items) = base.kind, items.count == 1 {
      return try norm(items[0], scripts, math.span)
    }
    if case .fenced(.bars, let items) = base.kind, items.count == 1, !scripts.lower.isEmpty {
      return try norm(items[0], scripts, math.span)
    }
    var result = try value(base)
    if !scripts.lower.isEmpty {
      // (Wx)_i, softmax(z)_i
      for index in scripts.lower {
        guard let part = result.part(try integer(index) - 1) else {
          throw .reading("formula.index", "there is no such element", math.span)
        }
        result = part
      }
    }
    guard scripts.primes == 0 else {
      throw .reading("formula.prime", "a prime is read only before brackets", math.span)
    }
    guard let upper = scripts.upper else { return result }
    if case .mark("T") = upper.kind { return result.transposed }
    if case .fenced = upper.kind, scripts.slip == nil, result.isScalar == false {
      // (x)^{(i)}
      throw .reading("formula.script", "what this script means here is not clear", upper.span)
    }
    return try raised(result, to: upper, math.span)
  }

  private func run(_ factors: [Math], _ scripts: MathScripts, _ span: Span) throws(Diagnostic)
    -> FormulaValue
  {
    var parts = factors.map { MathFactor(sign: .implicit, value: $0) }
    if let last = parts.last {
      parts[parts.count - 1].value = Math(.scripted(last.value, scripts), span)
    }
    return try product(parts, span)
  }

  func raised(_ base: FormulaValue, to exponent: Math, _ span: Span) throws(Diagnostic)
    -> FormulaValue
  {
    if FormulaNotation.letter(exponent) == "T", !base.isScalar || values["T"] == nil {
      return base.transposed
    }
    let exponent = try value(exponent)
    if base.dimensions.count == 2, exponent.scalar == -1 {
      guard let inverse = base.inverse else {
        throw .reading("formula.inverse", "this matrix has no inverse", span)
      }
      return inverse
    }
    return try pair(base, exponent, span) { pow($0, $1) }
  }

  // MARK: Lengths

  /// How many values an index letter takes in an expression, from what it indexes.
  func extent(of letter: String, in math: Math, _ depth: Int = 0) -> Int? {
    if let count = lengths[letter] { return count }
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
          let count = extent(of: definition.indices[place], in: definition.value, depth + 1)
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
      if let count = extent(of: letter, in: child, depth + 1) { return count }
    }
    return nil
  }
}
