// Functions with names of their own, brackets, norms, and scripts on what is no symbol.

import Diagnostics
import Notation

extension FormulaEvaluator {
  // MARK: Functions

  func function(_ call: MathFunction, _ span: Span) throws(FormulaFailure) -> FormulaValue {
    // \max_j z_j
    if let scripts = call.scripts, !scripts.lower.isEmpty,
      ["max", "min", "argmax", "argmin"].contains(call.name)
    {
      return try extreme(call, scripts, span)
    }
    let gathers =
      FormulaFunctions.reducing.contains(FormulaFunctions.canonical(call.name))
      || ["max", "min"].contains(call.name) && call.arguments.count == 1
    var arguments: [FormulaValue] = []
    for argument in call.arguments {
      arguments.append(
        gathers
          ? try gathering { () throws(FormulaFailure) in try value(argument) }
          : try value(argument))
    }
    return try function(call, arguments, span)
  }

  func function(_ call: MathFunction, _ arguments: [FormulaValue], _ span: Span)
    throws(FormulaFailure) -> FormulaValue
  {
    var result: FormulaValue
    let scripts = call.scripts ?? MathScripts()
    if call.name == "log", let lower = scripts.lower.first, arguments.count == 1 {
      let base = try constant(lower)
      guard isTotal || base > 0 && base != 1 else {
        throw .undefined("a logarithm to this base is taken", call.nameSpan)
      }
      let what = "the logarithm of a number that is not above zero"
      if arguments[0].nodes != nil {
        let log = try mapped(arguments[0], .log, what, span, FormulaFunctions.logarithm)
        let under = FormulaValue(FormulaFunctions.logarithm(base))
        result = try pair(log, under, .over, span)
      } else {
        result = try mapped(arguments[0], nil, what, span) {
          FormulaFunctions.logarithm($0, base: base)
        }
      }
    } else {
      guard !arguments.isEmpty, var known = FormulaFunctions.named(call.name) else {
        throw .notUnderstood("\(call.name) is not calculated here", call.nameSpan)
      }
      guard scripts.lower.isEmpty else {
        throw .notUnderstood("the scripts of \(call.name) are not read", call.nameSpan)
      }
      if scripts.primes > 0 {
        guard scripts.primes == 1, let derivative = known.derivative else {
          throw .notUnderstood("this derivative of \(call.name) is not read", call.nameSpan)
        }
        known = .elementwise(derivative)
      }
      result = try applied(known, call.name, arguments, span)
    }
    guard let upper = scripts.upper else { return result }
    // \log^2 x
    return try power(result, upper, span)
  }

  private func extreme(_ call: MathFunction, _ scripts: MathScripts, _ span: Span)
    throws(FormulaFailure) -> FormulaValue
  {
    guard let body = call.arguments.first else {
      throw .notUnderstood("the \(call.name) of what?", span)
    }
    let isMaximum = call.name == "max" || call.name == "argmax"
    let letter = scripts.lower.flatMap(FormulaNotation.boundLetters).first ?? ""
    var best: (value: FormulaValue, x: Double, place: Int)?
    try forEach(scripts, in: body, span) { () throws(FormulaFailure) in
      let value = try self.value(body).simplified
      guard let x = value.scalar else {
        throw .shape("the \(call.name) is of numbers, not of \(value.shapeText)", body.span)
      }
      if best.map({ isMaximum ? x > $0.x : x < $0.x }) ?? true || x.isNaN {
        best = (value, x, self.letters[letter] ?? 0)
      }
    }
    guard let best else { throw .notUnderstood("this \(call.name) is of nothing", span) }
    return call.name.hasPrefix("arg") ? FormulaValue(Double(best.place)) : best.value
  }

  // MARK: Brackets

  func fenced(_ fence: MathFence, _ items: [Math], _ span: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    if items.count == 1 {
      let item = items[0]
      switch fence {
      case .parenthesis, .bracket, .brace:
        if let row = try rows(items) { return row }
        return try value(item)
      case .bars: return try bars(try value(item), span)
      case .norm: return try norm(item, MathScripts(), span)
      case .floor:
        return try mapped(try value(item), .floor, FormulaEvaluator.overflow, span) {
          $0.rounded(.down)
        }
      case .ceiling:
        return try mapped(try value(item), .ceil, FormulaEvaluator.overflow, span) {
          $0.rounded(.up)
        }
      case .angle: return try mean(item, span)
      }
    }
    switch fence {
    case .angle where items.count == 2:
      return try dotted(try value(items[0]), try value(items[1]), span)
    case .parenthesis, .bracket:
      if let matrix = try rows(items) { return matrix }
      guard !items.isEmpty else { break }
      return try vector(items)
    default: break
    }
    throw .notUnderstood("what these brackets mean is not clear", span)
  }

  private func vector(_ items: [Math]) throws(FormulaFailure) -> FormulaValue {
    var parts: [FormulaValue] = []
    for item in items {
      let part = try value(item).simplified
      guard part.isScalar else {
        throw .shape(
          "\(ClaimText.pretty(item.span.text)) is \(part.shapeText), not a number", item.span)
      }
      parts.append(part)
    }
    return stacked(parts, [parts.count])
  }

  /// [[1, 2], [3, 4]]; nil when the items are no rows.
  private func rows(_ items: [Math]) throws(FormulaFailure) -> FormulaValue? {
    var rows: [FormulaValue] = []
    for item in items {
      guard case .fenced(.bracket, let row) = item.kind, row.count > 1,
        row.count == rows.first?.elements.count ?? row.count
      else { return nil }
      rows.append(try vector(row))
    }
    guard let columns = rows.first?.elements.count else { return nil }
    return rows.count == 1 ? rows[0].transposed : stacked(rows, [rows.count, columns])
  }

  /// The length of a vector; of each of its elements where those are added up behind.
  private func bars(_ x: FormulaValue, _ span: Span) throws(FormulaFailure) -> FormulaValue {
    if x.isScalar || isGathering {
      if !x.isScalar { note("| | of a vector is read elementwise", span) }
      return try mapped(x, .absolute, FormulaEvaluator.overflow, span) { abs($0) }
    }
    guard x.isVector else {
      throw .notUnderstood("bars round a matrix may be its determinant", span)
    }
    return try norm(x, 2, isSquared: false, span)
  }

  func mean(_ inner: Math, _ span: Span) throws(FormulaFailure) -> FormulaValue {
    let x = try gathering { () throws(FormulaFailure) in try value(inner) }
    guard !x.isScalar, !x.elements.isEmpty else {
      throw .notUnderstood("the mean of one number is no mean", span)
    }
    return try quotient(try total(x, span), FormulaValue(Double(x.elements.count)), span)
  }

  private func norm(_ inner: Math, _ scripts: MathScripts, _ span: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    let x = try value(inner)
    let order: Double
    switch scripts.lower.first.map(FormulaNotation.label) ?? "2" {
    case "1": order = 1
    case "2", "F": order = 2
    case "infty", "∞": order = .infinity
    default: throw .notUnderstood("this norm is not known", scripts.lower.first?.span ?? span)
    }
    let isSquared = order == 2 && scripts.upper.flatMap(wholeNumber) == 2
    // ‖w_g‖ of a group is no absolute value; squared, a number and a vector are alike.
    if x.isScalar, isComponent(inner), !isSquared {
      throw .notUnderstood("what this norm is of is not clear: a vector?", span)
    }
    let result = try norm(x, order, isSquared: isSquared, span)
    guard !isSquared, let upper = scripts.upper else { return result }
    return try power(result, upper, span)
  }

  // MARK: Scripts

  func scripted(_ base: Math, _ scripts: MathScripts, _ math: Math) throws(FormulaFailure)
    -> FormulaValue
  {
    // 1_{y = k}
    if case .number("1") = base.kind, scripts.lower.count == 1, scripts.upper == nil,
      case .relation = scripts.lower[0].kind
    {
      return FormulaValue(try holds(scripts.lower[0]) ? 1 : 0)
    }
    if case .fenced(let fence, let items) = base.kind, items.count == 1,
      fence == .norm || fence == .bars && !scripts.lower.isEmpty
    {
      return try norm(items[0], scripts, math.span)
    }
    let result = try value(base)
    if case .fenced(_, let items) = base.kind, items.count > 1, result.isVector,
      scripts.lower.isEmpty, scripts.primes == 0, let upper = scripts.upper, upper.isTranspose
    {
      // (1, 2)^T is how a column is written in a line.
      return result
    }
    return try withScripts(result, scripts, math.span)
  }

  /// The element that a subscript picks, with a power or a transpose.
  func withScripts(_ value: FormulaValue, _ scripts: MathScripts, _ span: Span)
    throws(FormulaFailure) -> FormulaValue
  {
    guard scripts.primes == 0 else { throw .notUnderstood("this prime is not read", span) }
    var result = value
    if !scripts.lower.isEmpty {
      // (Wx)_i, softmax(z)_i
      var places: [Int] = []
      for index in scripts.lower { places.append(try integer(index)) }
      guard let element = value.element(places) else {
        throw .notUnderstood("there is no such element", span)
      }
      result = element
    }
    guard let upper = scripts.upper else { return result }
    if case .fenced = upper.kind, scripts.slip == nil, !result.isScalar {
      // (x)^{(i)}
      throw .notUnderstood("what this script means here is not clear", upper.span)
    }
    return try power(result, upper, span)
  }
}
