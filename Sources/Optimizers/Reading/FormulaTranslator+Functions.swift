// Functions: those of the language, and those that the text defines.

import Diagnostics
import Notation
import Tensors

extension FormulaTranslator {
  func function(_ call: MathFunction, _ span: Span, _ depth: Int) throws(Diagnostic)
    -> Expression
  {
    guard !call.arguments.isEmpty else {
      throw .reading("function", "\(call.name) of what?", span)
    }
    var arguments: [Expression.Argument] = []
    for argument in call.arguments {
      if case .relation(let sides, let relations) = argument.kind, sides.count == 2,
        relations[0] == .equals, case .symbol(let label) = sides[0].kind
      {
        arguments.append(
          Expression.Argument(
            label: Name(spelling: label.name), labelSpan: sides[0].span,
            value: try labelled(sides[1], depth + 1)))
      } else {
        arguments.append(Expression.Argument(value: try translate(argument, depth + 1)))
      }
    }
    var name = call.name
    if let lower = call.scripts?.lower, let first = lower.first {
      if name == "clip", arguments.count == 1, case .fenced(_, let bounds) = first.kind,
        bounds.count == 2
      {
        for bound in bounds {
          arguments.append(Expression.Argument(value: try translate(bound, depth + 1)))
        }
      } else if name == "max" || name == "min", arguments.count == 1, lower.count == 1,
        let (letter, offset) = indexLike(first), offset == 0, letter != symbols.index.letter
      {
        note(.convention, "the \(name) over \(letter) is read as that of all coordinates", span)
        symbols.extraCoordinates.insert(letter)
        defer { symbols.extraCoordinates.remove(letter) }
        arguments = [Expression.Argument(value: try translate(call.arguments[0], depth + 1))]
      } else if Function.named(name) != nil {
        throw .reading(
          "function-subscript", "the subscript of \(name) is not understood here", first.span)
      }
    }
    if name == "diag", arguments.count == 1 {
      note(.convention, "a diagonal matrix acts on each coordinate by itself", span)
      return arguments[0].value
    }
    if name == "sqrt", arguments.count == 1 {
      return Expression(.unary(.squareRoot, arguments[0].value), span)
    }
    if name == "mod", arguments.count == 2 {
      return Build.binary(.modulo, arguments[0].value, arguments[1].value)
    }
    if name == "max" || name == "min", arguments.count > 2 {
      // max(a, b, c)
      let first = arguments[0]
      let nested = arguments.dropFirst().reduce(first.value) {
        Build.call(name, [$0, $1.value], span)
      }
      return nested
    }
    if ["argmin", "argmax", "sup", "lim", "det", "dim", "Pr", "gcd", "limsup", "liminf", "lg"]
      .contains(name) || Function.named(name) == nil
    {
      if call.isOperator {
        throw .reading(
          "operator",
          "\(call.nameSpan.text) is no operation on numbers, and nothing here computes it",
          call.nameSpan)
      }
      throw .reading(
        "function", "the function \(name) is not known here", call.nameSpan,
        help: "define it: \(name)(x) = …")
    }
    if name == "inf" { name = "min" }
    var value = Expression(
      .call(.init(path: [Name(canonical: name)], span: call.nameSpan), arguments), span)
    if let upper = call.scripts?.upper { value = try power(value, upper, slip: nil, span, depth) }
    return value
  }

  /// `axis = -1`, `keepdims = true`
  func labelled(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    if case .symbol(let symbol) = math.kind, symbol.name == "true" || symbol.name == "false" {
      return Build.name(symbol.name, math.span)
    }
    return try translate(math, depth)
  }

  /// A function defined in the text, with its arguments put in.
  func inlined(
    _ definition: FunctionDefinition, _ values: [Expression], _ lower: [Expression], _ span: Span,
    _ depth: Int
  ) throws(Diagnostic) -> Expression {
    guard definition.arguments.count == values.count, definition.lower.count == lower.count else {
      throw .reading(
        "arguments", "this function is defined with \(definition.arguments.count) arguments", span)
    }
    guard substitutions.count < 8 else {
      throw .reading("recursion", "this function leads back to itself", span)
    }
    var map: [SymbolKey: Expression] = [:]
    for (key, value) in zip(definition.arguments + definition.lower, values + lower) {
      map[key] = value
    }
    substitutions.append(map)
    defer { substitutions.removeLast() }
    let result = try translate(definition.value, depth + 1)
    guard result.isSmaller(than: FormulaTranslator.largest) else {
      throw .reading(
        "too-large",
        "with its functions put in, this has more than \(FormulaTranslator.largest) parts",
        span)
    }
    return result
  }
}
