// Products in a claim, and the calls that look like products: σ(z) beside w(x - y).

import Diagnostics
import Notation

extension ClaimEvaluator: FormulaWords {
  func product(_ factors: [MathFactor], _ math: Math) throws(ClaimFailure) -> FormulaValue {
    try product(FormulaFactor.read(factors, self), math)
  }

  func product(_ factors: [FormulaFactor], _ math: Math) throws(ClaimFailure) -> FormulaValue {
    var result: FormulaValue?
    for factor in factors {
      let value = try operand(factor, math)
      guard let before = result else {
        result = value
        continue
      }
      result =
        switch factor.sign {
        case .over: try quotient(before, value, factor.math)
        case .elementwise: try pair(before, value, "⊙", math, *)
        case .dot: try dotted(before, value, math)
        case .times: try multiplied(before, value, math)
        }
    }
    return result ?? FormulaValue(1)
  }

  private func operand(_ factor: FormulaFactor, _ math: Math) throws(ClaimFailure) -> FormulaValue {
    switch factor.operand {
    case .plain(let math): return try value(math)
    case .call(let head, let items, let brackets): return try call(head, items, brackets, math)
    case .applied(let function, let inner):
      return try self.function(function, [try product(inner, math)], factor.math)
    case .together(let inner): return try product(inner, math)
    }
  }

  // MARK: Calls

  func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool {
    guard var symbol = ClaimSymbol(head),
      symbol.lower.isEmpty || scope.functions[symbol.key] != nil, !symbol.isTransposed
    else { return false }
    symbol.power = nil
    symbol.primes = 0
    return scope.values[symbol.key] == nil && isFunction(symbol.key)
  }

  /// f(x), with a power of f, a prime, or scripts behind the brackets.
  private func call(_ head: Math, _ items: [Math], _ bracket: Math, _ math: Math)
    throws(ClaimFailure) -> FormulaValue
  {
    guard var symbol = ClaimSymbol(head) else {
      throw .notUnderstood("this call is not read", head.span)
    }
    var outer: MathScripts?
    if case .scripted(_, let scripts) = bracket.kind { outer = scripts }
    let power = symbol.power
    symbol.power = nil
    var named = symbol
    named.primes = 0
    let name = named.key
    var arguments: [FormulaValue] = []
    for item in items { arguments.append(try value(item)) }
    var result: FormulaValue
    if symbol.primes == 0 {
      result = try apply(name, arguments, head.span)
    } else {
      guard symbol.primes == 1, arguments.count == 1 else {
        throw .notUnderstood("this derivative is not read", head.span)
      }
      result = try slope(name, arguments[0], head.span)
    }
    if let power { result = try self.power(result, power, math) }
    if let outer {
      if !outer.lower.isEmpty {
        let (labels, places) = try split(outer.lower)
        guard labels.isEmpty, let element = result.element(places) else {
          throw .notUnderstood("this subscript is not read", bracket.span)
        }
        result = element
      }
      guard outer.primes == 0 else { throw .notUnderstood("this prime is not read", bracket.span) }
      if let upper = outer.upper { result = try self.power(result, upper, math) }
    }
    return result
  }

  func isFunction(_ name: String) -> Bool {
    scope.functions[name] != nil || scope.smooth.contains(name)
      || (FormulaFunctions.applied(name) != nil && scope.definitions[name] == nil)
  }

  func apply(_ name: String, _ arguments: [FormulaValue], _ span: Span) throws(ClaimFailure)
    -> FormulaValue
  {
    if let function = scope.functions[name] {
      guard function.arguments.count == arguments.count else {
        throw .notUnderstood(
          "\(ClaimText.pretty(span.text)) is defined with \(function.arguments.count) arguments",
          span)
      }
      guard opens(name + "(") else {
        throw .notUnderstood("\(ClaimText.pretty(span.text)) is defined by itself", span)
      }
      defer { closes(name + "(") }
      return try inside(
        scope.changed { scope in
          for (argument, value) in zip(function.arguments, arguments) {
            scope.values[argument] = value
          }
        }
      ) { () throws(ClaimFailure) in try value(function.value) }
    }
    if scope.smooth.contains(name), arguments.count == 1 {
      return arguments[0].map(FormulaFunctions.smooth)
    }
    guard let known = FormulaFunctions.applied(name) else {
      throw .unknownFunction(ClaimText.pretty(span.text), span)
    }
    return try applied(known, name, arguments, span)
  }

  private func applied(
    _ function: FormulaFunction, _ name: String, _ arguments: [FormulaValue], _ span: Span
  ) throws(ClaimFailure) -> FormulaValue {
    guard function.takes.contains(arguments.count) else {
      throw .notUnderstood("\(name) is not read with \(arguments.count) arguments", span)
    }
    guard let result = function.body(arguments) else {
      let shapes = arguments.map(\.shapeText).joined(separator: " and ")
      throw .shape("\(name) is not worked out for \(shapes)", span)
    }
    if !result.isFinite, arguments.allSatisfy(\.isFinite) {
      throw .undefined("\(name) of a number it is not defined for is taken here", span)
    }
    return result
  }

  /// f′(x) by central differences, extrapolated: good to about ten digits.
  func slope(_ name: String, _ at: FormulaValue, _ span: Span) throws(ClaimFailure) -> FormulaValue
  {
    var elements: [Double] = []
    for x in at.elements {
      elements.append(
        try Slope.central(at: x) { x throws(ClaimFailure) in
          guard let y = try apply(name, [FormulaValue(x)], span).scalar else {
            throw .shape("this function is no function of one number", span)
          }
          return y
        }.value)
    }
    return at.with(elements)
  }

  // MARK: Functions with names of their own

  func function(_ call: MathFunction, _ math: Math) throws(ClaimFailure) -> FormulaValue {
    var arguments: [FormulaValue] = []
    for argument in call.arguments { arguments.append(try value(argument)) }
    return try function(call, arguments, math)
  }

  func function(_ call: MathFunction, _ arguments: [FormulaValue], _ math: Math)
    throws(ClaimFailure) -> FormulaValue
  {
    var result: FormulaValue
    if let scripts = call.scripts, !scripts.lower.isEmpty || scripts.primes > 0 {
      guard call.name == "log", scripts.lower.count == 1, scripts.primes == 0,
        arguments.count == 1
      else { throw .notUnderstood("the scripts of \(call.name) are not read", call.nameSpan) }
      let base = try number(scripts.lower[0])
      guard base > 0, base != 1 else {
        throw .undefined("a logarithm to this base is taken", call.nameSpan)
      }
      result = try finite(
        arguments[0].map { FormulaFunctions.logarithm($0, base: base) }, arguments[0],
        "the logarithm of a number that is not above zero", math)
    } else {
      guard !arguments.isEmpty, let known = FormulaFunctions.named(call.name) else {
        throw .notUnderstood("\(call.name) is not calculated here", call.nameSpan)
      }
      result = try applied(known, call.name, arguments, math.span)
    }
    guard let upper = call.scripts?.upper else { return result }
    return try power(result, upper, math)
  }
}
