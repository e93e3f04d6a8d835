// Functions and brackets as nodes: σ(z), softmax, max, norms, and what the document defines.

import Diagnostics
import Notation
import Tensors

extension ClaimGraph {
  func call(_ head: Math, _ items: [Math], _ bracket: Math, _ math: Math) throws(ClaimFailure)
    -> Value
  {
    guard var symbol = ClaimSymbol(head), symbol.primes == 0 else {
      throw .notUnderstood("this call is not lowered", head.span)
    }
    var outer: MathScripts?
    if case .scripted(_, let scripts) = bracket.kind { outer = scripts }
    let power = symbol.power
    symbol.power = nil
    var arguments: [Value] = []
    for item in items { arguments.append(try value(item)) }
    var result = try applied(symbol.key, arguments, head.span)
    if let power { result = try powered(result, power, math) }
    guard let outer else { return result }
    guard outer.lower.isEmpty, outer.primes == 0, let upper = outer.upper else {
      throw .notUnderstood("this script is not lowered", math.span)
    }
    return try powered(result, upper, math)
  }

  func applied(_ name: String, _ arguments: [Value], _ span: Span) throws(ClaimFailure) -> Value {
    let numeric = try evaluator.apply(name, arguments.map(\.value), span)
    if let function = evaluator.scope.functions[name] {
      let before = bound
      defer { bound = before }
      for (key, value) in zip(function.arguments, arguments) { bound[key] = value.nodes }
      return try inside(
        evaluator.scope.changed { scope in
          for (key, value) in zip(function.arguments, arguments) { scope.values[key] = value.value }
        }
      ) { () throws(ClaimFailure) in try value(function.value) }
    }
    guard arguments.count == 1 else { throw .notUnderstood("this call is not lowered", span) }
    let x = arguments[0]
    if let operation = FormulaFunctions.applied(name)?.operation {
      return try mapped(operation, x, numeric, span)
    }
    switch FormulaFunctions.canonical(name) {
    case "softmax":
      let powers = try mapped(.exp, x, numeric, span)
      let sum = try total(nodes(powers), span)
      return try elementwise(
        .divide, powers, Value(value: FormulaValue(1), nodes: [sum]), numeric, span)
    default: throw .notUnderstood("this function is not lowered", span)
    }
  }

  func function(_ call: MathFunction, _ math: Math) throws(ClaimFailure) -> Value {
    var arguments: [Value] = []
    for argument in call.arguments { arguments.append(try value(argument)) }
    return try function(call, arguments, math)
  }

  func function(_ call: MathFunction, _ arguments: [Value], _ math: Math) throws(ClaimFailure)
    -> Value
  {
    guard call.scripts?.lower.isEmpty ?? true, call.scripts?.primes ?? 0 == 0 else {
      throw .notUnderstood("these scripts are not lowered", math.span)
    }
    var result: Value
    if let known = FormulaFunctions.named(call.name), let operation = known.operation,
      let run = known.scalar, arguments.count == 1
    {
      result = try mapped(operation, arguments[0], arguments[0].value.map(run), math.span)
    } else if call.name == "max" || call.name == "min", arguments.count == 2 {
      let isMax = call.name == "max"
      let both = try evaluator.pair(
        arguments[0].value, arguments[1].value, call.name, math,
        isMax ? FormulaFunctions.larger : FormulaFunctions.smaller)
      result = try elementwise(
        isMax ? .maximum : .minimum, arguments[0], arguments[1], both, math.span)
    } else {
      throw .notUnderstood("\(call.name) is not lowered", math.span)
    }
    if let upper = call.scripts?.upper { result = try powered(result, upper, math) }
    return result
  }

  func fenced(_ fence: MathFence, _ items: [Math], _ numeric: FormulaValue, _ math: Math)
    throws(ClaimFailure) -> Value
  {
    switch fence {
    case .norm where items.count == 1: return try norm(try value(items[0]), numeric, math)
    case .bars where items.count == 1:
      let inner = try value(items[0])
      if inner.value.isScalar { return try mapped(.absolute, inner, numeric, math.span) }
      return try norm(inner, numeric, math)
    case .parenthesis, .bracket, .brace:
      if items.count == 1 { return try value(items[0]) }
      var all: [NodeID] = []
      for item in items { all += nodes(try value(item)) }
      guard all.count == numeric.elements.count else { break }
      return Value(value: numeric, nodes: all)
    default: break
    }
    throw .notUnderstood("these brackets are not lowered", math.span)
  }

  private func norm(_ inner: Value, _ numeric: FormulaValue, _ math: Math) throws(ClaimFailure)
    -> Value
  {
    let squares = try mapped(.square, inner, inner.value.map { $0 * $0 }, math.span)
    let sum = try total(nodes(squares), math.span)
    return Value(
      value: FormulaValue(inner.value.norm()), nodes: [try apply(.squareRoot, [sum], math.span)])
  }
}
