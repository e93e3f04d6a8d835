// Symbols as nodes: variables, definitions, components, and the powers that stand above them.

import Diagnostics
import Notation
import Tensors

extension ClaimGraph {
  func symbol(_ math: Math, _ numeric: FormulaValue) throws(ClaimFailure) -> Value {
    if let symbol = ClaimSymbol(math) {
      if let apart = evaluator.lettersApart(symbol, math) { return try value(apart) }
      var result = try looked(symbol)
      if symbol.isTransposed, let moved = moved(result, { $0.transposed }) { result = moved }
      guard let upper = symbol.power else { return result }
      return try powered(result, upper, math)
    }
    guard case .scripted(let base, let scripts) = math.kind, scripts.primes == 0 else {
      throw .notUnderstood("this is not lowered", math.span)
    }
    let isNorm: Bool
    switch base.kind {
    case .fenced(.norm, _), .fenced(.bars, _): isNorm = true
    default: isNorm = false
    }
    if isNorm, let lower = scripts.lower.first {
      switch lower.kind {
      case .number("2"): break
      case .symbol(let symbol) where symbol.name == "F": break
      default: throw .notUnderstood("this norm is not lowered", math.span)
      }
    }
    var result = try value(base)
    if !isNorm, !scripts.lower.isEmpty {
      let places = try evaluator.split(scripts.lower).places
      guard places.count == scripts.lower.count, let element = moved(result, { $0.element(places) })
      else { throw .notUnderstood("this subscript is not lowered", math.span) }
      result = element
    }
    guard let upper = scripts.upper else { return result }
    return try powered(result, upper, math)
  }

  private func looked(_ symbol: ClaimSymbol) throws(ClaimFailure) -> Value {
    let (key, places, stem) = try evaluator.reference(symbol)
    func component(_ whole: Value) throws(ClaimFailure) -> Value {
      guard !places.isEmpty else { return whole }
      guard let element = moved(whole, { $0.element(places) }) else {
        throw .notUnderstood("this component is not lowered", symbol.span)
      }
      return element
    }
    if let nodes = bound[key], let known = evaluator.scope.values[key] {
      return try component(Value(value: known, nodes: nodes))
    }
    guard evaluator.scope.values[key] == nil, let definition = evaluator.scope.definitions[key]
    else { throw .notUnderstood("this symbol is not lowered", symbol.span) }
    if definition.binders.isEmpty {
      return try component(
        try inside(evaluator.scope.changed { $0.places = [:] }) { () throws(ClaimFailure) in
          try value(definition.value)
        })
    }
    func at(_ places: [Int]) throws(ClaimFailure) -> Value {
      try inside(
        evaluator.scope.changed { scope in
          scope.places = [:]
          for (letter, place) in zip(definition.binders, places) { scope.places[letter] = place }
        }
      ) { () throws(ClaimFailure) in try value(definition.value) }
    }
    if places.count == definition.binders.count { return try at(places) }
    guard places.isEmpty, definition.binders.count == 1 else {
      throw .notUnderstood("these subscripts are not lowered", symbol.span)
    }
    let numeric = try evaluator.value(of: stem)
    var all: [NodeID] = []
    for place in 1...max(1, numeric.elements.count) { all += nodes(try at([place])) }
    return Value(value: numeric, nodes: all)
  }

  func powered(_ base: Value, _ upper: Math, _ math: Math) throws(ClaimFailure) -> Value {
    let numeric = try evaluator.power(base.value, upper, math)
    switch upper.kind {
    case .mark, .symbol(MathSymbol("T")), .symbol(MathSymbol("top")):
      guard let moved = moved(base, { $0.transposed }) else { break }
      return moved
    default: break
    }
    if base.value.dimensions.count == 2 {
      throw .notUnderstood("this power is not lowered", math.span)
    }
    if wholeNumber(upper) == 2 { return try mapped(.square, base, numeric, math.span) }
    return try elementwise(.power, base, try value(upper), numeric, math.span)
  }
}
