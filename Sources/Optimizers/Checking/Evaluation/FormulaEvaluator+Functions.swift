// Functions: those of TeX, those that people write as words, and those that the text defines.

import Diagnostics
import Notation

extension FormulaEvaluator {
  /// A symbol before brackets as a call.
  func application(_ head: Math, _ brackets: Math, _ items: [Math]) throws(Diagnostic)
    -> FormulaValue
  {
    guard let reference = notation.reference(head) else {
      throw .reading("formula.function", "this is no function", head.span)
    }
    let span = head.span.joined(with: brackets.span)
    var scripts: MathScripts?
    if case .scripted(_, let outer) = brackets.kind { scripts = outer }
    var result: FormulaValue
    if notation.isOpaque(reference.key, items) {
      guard let value = values[reference.key] else {
        throw .reading("formula.unknown", "nothing says what \(reference.key) is", head.span)
      }
      var indexed = reference
      if indexed.indices.isEmpty {
        indexed.indices = notation.letters(in: items).map {
          Math(.symbol(MathSymbol($0)), head.span)
        }
      }
      indexed.power = nil
      result = try picked(value, indexed)
    } else if let definition = notation.definition(of: reference.key) {
      result = try call(definition, reference, items, span)
    } else {
      var function = MathFunction(
        name: reference.key, scripts: nil, arguments: items, nameSpan: head.span, isBracketed: true)
      if reference.primes > 0 {
        function.scripts = MathScripts()
        function.scripts?.primes = reference.primes
      }
      result = try self.function(function, span)
      if let power = reference.power { result = try raised(result, to: power, span) }
      for index in reference.indices {
        guard let part = result.part(try integer(index) - 1) else {
          throw .reading("formula.index", "there is no such element", span)
        }
        result = part
      }
    }
    guard let scripts else { return result }
    for index in scripts.lower {
      guard let part = result.part(try integer(index) - 1) else {
        throw .reading("formula.index", "there is no such element", span)
      }
      result = part
    }
    guard let upper = scripts.upper else { return result }
    if case .mark("T") = upper.kind { return result.transposed }
    return try raised(result, to: upper, span)
  }

  /// A function that the text defines, with its arguments put in.
  private func call(
    _ definition: FormulaDefinition, _ reference: FormulaReference, _ items: [Math], _ span: Span
  ) throws(Diagnostic) -> FormulaValue {
    guard items.count == definition.arguments.count else {
      throw .reading(
        "formula.arguments",
        "\(definition.key) has \(definition.arguments.count) arguments in its definition", span)
    }
    guard reference.primes < 2 else {
      throw .reading("formula.prime", "only a first derivative is worked out here", span)
    }
    var arguments: [FormulaValue] = []
    for item in items { arguments.append(try value(item)) }
    func run(_ arguments: [FormulaValue]) throws(Diagnostic) -> FormulaValue {
      guard !inProgress.contains(definition.key) else {
        throw .reading("formula.circular", "\(definition.key) is defined by itself", span)
      }
      inProgress.insert(definition.key)
      let before = (values, letters)
      defer {
        (values, letters) = before
        inProgress.remove(definition.key)
      }
      for (key, value) in zip(definition.arguments, arguments) { values[key] = value }
      let places = try reference.indices.map { index throws(Diagnostic) in try integer(index) }
      letters = [:]
      if places.count == definition.indices.count {
        for (letter, place) in zip(definition.indices, places) { letters[letter] = place }
        return try value(definition.value)
      }
      return try array(definition.value, over: definition.indices[...])
    }
    if reference.primes == 1 {
      guard arguments.count == 1, arguments[0].isScalar, let x = arguments[0].scalar else {
        throw .reading("formula.prime", "a derivative by one number is worked out here", span)
      }
      return FormulaValue(
        try Slope.central(at: x) { x throws(Diagnostic) in
          try run([FormulaValue(x)]).elements.first ?? .nan
        }.value)
    }
    return try run(arguments)
  }

  func function(_ call: MathFunction, _ span: Span) throws(Diagnostic) -> FormulaValue {
    // \max_j z_j
    if let scripts = call.scripts, !scripts.lower.isEmpty,
      ["max", "min", "argmax", "argmin"].contains(call.name)
    {
      return try extreme(call, scripts, span)
    }
    var arguments: [FormulaValue] = []
    for argument in call.arguments {
      if case .relation = argument.kind {
        arguments.append(FormulaValue(try holds(argument) ? 1 : 0))
      } else {
        arguments.append(try value(argument))
      }
    }
    return try apply(call, arguments, span)
  }

  func apply(_ call: MathFunction, _ arguments: [FormulaValue], _ span: Span) throws(Diagnostic)
    -> FormulaValue
  {
    // A function whose definition the text holds itself: `\operatorname{clip}(x) = …`.
    let result: FormulaValue
    if call.name == "log", let base = call.scripts?.lower.first, arguments.count == 1 {
      let base = try number(base)
      result = arguments[0].map { FormulaFunctions.logarithm($0, base: base) }
    } else if let function = FormulaFunctions.named(call.name) {
      guard function.takes.contains(arguments.count) else {
        throw .reading(
          "formula.arguments", "\(call.name) is not read with \(arguments.count) arguments", span)
      }
      let body: ([FormulaValue]) -> FormulaValue?
      switch call.scripts?.primes ?? 0 {
      case 0: body = function.body
      case 1:
        guard let derivative = function.derivative else {
          throw .reading("formula.prime", "the derivative of \(call.name) is not known here", span)
        }
        body = { $0.first?.map(derivative) }
      default:
        throw .reading("formula.prime", "only a first derivative is worked out here", span)
      }
      guard let value = body(arguments) else {
        throw .reading(
          "formula.shapes",
          "\(call.name) is not worked out for "
            + arguments.map(\.shapeText).joined(separator: " and "), span)
      }
      result = value
    } else {
      throw .reading("formula.function", "\(call.name) is not known here", call.nameSpan)
    }
    guard let upper = call.scripts?.upper else { return result }
    // \log^2 x
    return try raised(result, to: upper, span)
  }

  private func extreme(_ call: MathFunction, _ scripts: MathScripts, _ span: Span)
    throws(Diagnostic) -> FormulaValue
  {
    guard let body = call.arguments.first else {
      throw .reading("formula.arguments", "the \(call.name) of what?", span)
    }
    var best: Double?
    var bestPlace = 0
    let letter = scripts.lower.flatMap(FormulaNotation.boundLetters).first ?? ""
    // \max_j of a vector without index is its maximum.
    try forEach(scripts, in: body, span) { () throws(Diagnostic) in
      var value = try self.number(body)
      if call.name == "min" || call.name == "argmin" { value = -value }
      if best.map({ value > $0 }) ?? true || value.isNaN {
        best = value
        bestPlace = self.letters[letter] ?? 0
      }
    }
    guard let best else {
      throw .reading("formula.length", "this \(call.name) is of nothing", span)
    }
    switch call.name {
    case "max": return FormulaValue(best)
    case "min": return FormulaValue(-best)
    default: return FormulaValue(Double(bestPlace))
    }
  }

  // MARK: Brackets

  func fenced(_ fence: MathFence, _ items: [Math], _ span: Span) throws(Diagnostic)
    -> FormulaValue
  {
    guard items.count == 1 else {
      if fence == .angle, items.count == 2 {
        let (a, b) = (try value(items[0]), try value(items[1]))
        guard a.dimensions.count == 1, let product = a.innerProduct(b) else {
          throw .reading("formula.shapes", "these have no inner product", span)
        }
        return product
      }
      if fence == .parenthesis || fence == .bracket {
        var numbers: [Double] = []
        for item in items { numbers.append(try number(item)) }
        return FormulaValue(numbers)
      }
      throw .reading("formula.brackets", "what these brackets mean is not clear", span)
    }
    if case .relation = items[0].kind { return FormulaValue(try holds(items[0]) ? 1 : 0) }
    switch fence {
    case .parenthesis, .bracket, .brace: return try value(items[0])
    case .bars:
      // |B| of a set of samples is their number.
      if let key = FormulaNotation.letter(items[0]), notation.sets.contains(key) {
        guard let size = values["|\(key)|"] else {
          throw .reading("formula.unknown", "how many \(key) holds is not known", span)
        }
        return size
      }
      let inner = try value(items[0])
      if !inner.isScalar { note("| | of a vector is read elementwise", span) }
      return inner.map { abs($0) }
    case .norm: return try norm(items[0], MathScripts(), span)
    case .floor: return try value(items[0]).map { $0.rounded(.down) }
    case .ceiling: return try value(items[0]).map { $0.rounded(.up) }
    case .angle: return try mean(value(items[0]), span)
    }
  }

  func mean(_ value: FormulaValue, _ span: Span) throws(Diagnostic) -> FormulaValue {
    guard !value.isScalar, !value.elements.isEmpty else {
      throw .reading("formula.mean", "the mean of one number is no mean", span)
    }
    return FormulaValue(value.sum / Double(value.elements.count))
  }

  func norm(_ inner: Math, _ scripts: MathScripts, _ span: Span) throws(Diagnostic) -> FormulaValue
  {
    let value = try value(inner)
    // ‖w_g‖ of a group is no absolute value; squared, a number and a vector are alike.
    if value.isScalar, notation.reference(inner)?.indices.isEmpty == false {
      guard case .number("2") = scripts.upper?.kind else {
        throw .reading("formula.norm", "what this norm is of is not clear: a vector?", span)
      }
    }
    var result: Double
    switch scripts.lower.first.map(FormulaNotation.label) ?? "2" {
    case "1": result = value.norm(1)
    case "2", "F": result = value.norm()
    case "infty", "∞": result = value.norm(.infinity)
    default: throw .reading("formula.norm", "this norm is not known here", span)
    }
    if case .number("2") = scripts.upper?.kind,
      scripts.lower.first.map(FormulaNotation.label) != "1",
      scripts.lower.first.map(FormulaNotation.label) != "infty"
    {
      result = value.elements.reduce(0) { $0 + $1 * $1 }
      return FormulaValue(result)
    }
    guard let upper = scripts.upper else { return FormulaValue(result) }
    return try raised(FormulaValue(result), to: upper, span)
  }

  // MARK: Cases

  func cases(_ cases: [MathCase], _ span: Span) throws(Diagnostic) -> FormulaValue {
    for option in cases {
      guard let condition = option.condition else { return try value(option.value) }
      // A vector's cases are its elements'.
      if try holdsElementwise(condition) { return try value(option.value) }
    }
    throw .reading("formula.cases", "none of the cases holds", span)
  }

  private func holdsElementwise(_ condition: Math) throws(Diagnostic) -> Bool {
    try holds(condition)
  }
}
