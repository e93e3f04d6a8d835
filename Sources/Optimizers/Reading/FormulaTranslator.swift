// From a formula's tree to an expression whose names still know variable and step.
//
// Everything has to find a place: what is not understood is an error there. Sums over past steps
// become states of their own, sums over the samples of a gradient its mean.

import Diagnostics
import Notation
import Tensors

struct TranslatedLine {
  var key: Int
  var time: TimeMark
  var value: Expression
  var isAssigned: Bool
  var span: Span
  var order: Int
  var isRemark: Bool
  /// It was made for a sum over past steps.
  var isHistory = false
}

final class FormulaTranslator {
  var symbols: SymbolReader
  let table: EquationTable
  private(set) var keys: [SymbolKey] = []
  private var numbers: [SymbolKey: Int] = [:]
  /// Lines for sums over past steps.
  var history: [TranslatedLine] = []
  var notes: [ReadingNote] = []
  /// What the gradients are of, and by what, and where they are taken.
  var gradientFunctions: [(name: String, span: Span)] = []
  var gradientVariables: [(key: Int, span: Span)] = []
  var gradientPoints: [(reference: Reference, span: Span)] = []
  /// Where each variable is seen first.
  private(set) var places: [Int: Span] = [:]
  /// The left side of the line being translated.
  private var own: (key: Int, time: TimeMark)?
  /// `m_t-1` was seen where it must mean m_{t-1}.
  var minusOneIsIndex = false
  /// The letter of it instead of what is meant, for `β^(t+1)`.
  var takesSlipsLiterally = false
  private(set) var sawScriptSlip = false
  /// Function arguments being put in.
  private var substitutions: [[SymbolKey: Expression]] = []
  private var order = 0

  init(_ symbols: SymbolReader, _ table: EquationTable) {
    self.symbols = symbols
    self.table = table
    self.symbols.squared = table.squared
  }

  func number(of key: SymbolKey) -> Int {
    if let number = numbers[key] { return number }
    keys.append(key)
    numbers[key] = keys.count - 1
    return keys.count - 1
  }

  /// - Parameter own: the variable on the left side.
  func line(_ assignment: Assignment) throws(Diagnostic) -> TranslatedLine {
    let key = number(of: assignment.key)
    own = (key, assignment.time)
    defer { own = nil }
    order = assignment.order
    var value = try translate(assignment.value, 0)
    let itself = Build.name(Reference(key, .none).name, assignment.span)
    if let update = assignment.update {
      switch update {
      case "+": value = Build.binary(.add, itself, value)
      case "-": value = Build.binary(.subtract, itself, value)
      case "*": value = Build.binary(.multiply, itself, value)
      default: value = Build.binary(.divide, itself, value)
      }
    }
    for term in assignment.added {
      let other = try translate(term.value, 0)
      value = Build.binary(term.isNegative ? .subtract : .add, other, value)
      if term.isNegative {
        value = Build.binary(.subtract, Build.number(0, assignment.span), value)
      }
    }
    if places[key] == nil { places[key] = assignment.span }
    return TranslatedLine(
      key: key, time: assignment.time, value: value, isAssigned: assignment.isAssigned,
      span: assignment.span, order: assignment.order, isRemark: assignment.isRemark)
  }

  // MARK: Parts

  private static let limit = 180

  func translate(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    guard depth < FormulaTranslator.limit else {
      throw .reading(
        "too-high", "too many operations inside one another", math.span,
        help: "give a part of it a name")
    }
    switch math.kind {
    case .number(let text):
      guard let value = Double(text), value.isFinite else {
        throw .reading("number", "\(text) is no number that can be held", math.span)
      }
      return Expression(.number(value, spelling: text), math.span)
    case .symbol, .accented, .scripted: return try symbol(math, depth)
    case .sum(let terms): return try sum(terms, math.span, depth)
    case .product(let factors): return try product(factors, math.span, depth)
    case .fraction(let above, let below):
      if symbols.isGradient(math) { return try product([one(math)], math.span, depth) }
      if sampleSum(above) != nil {
        return try product([one(math)], math.span, depth)
      }
      return Expression(
        .binary(.divide, try translate(above, depth + 1), try translate(below, depth + 1)),
        math.span)
    case .root(let inner, let degree):
      let value = try translate(inner, depth + 1)
      guard let degree, wholeNumber(degree) != 2 else {
        return Expression(.unary(.squareRoot, value), math.span)
      }
      let exponent = Build.binary(
        .divide, Build.number(1, math.span), try translate(degree, depth + 1))
      return Expression(.binary(.power, value, exponent), math.span)
    case .fenced(let fence, let items): return try fenced(fence, items, math.span, depth)
    case .function(let call): return try function(call, math.span, depth)
    case .big: return try big(math, depth)
    case .gradient, .evaluated:
      guard symbols.isGradient(math) else {
        throw .reading(
          "second-derivative", "second derivatives and the like are not read", math.span,
          help: "a rule has the gradient alone")
      }
      return try product([one(math)], math.span, depth)
    case .cases(let cases): return try self.cases(cases, math.span, depth)
    case .relation:
      throw .reading("relation", "an equation inside a formula", math.span)
    case .mark, .elementwise, .ellipsis:
      throw .reading("not-understood", "this is not understood", math.span)
    }
  }

  private func one(_ math: Math) -> MathFactor { MathFactor(sign: .implicit, value: math) }

  // MARK: Symbols and powers

  private func symbol(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    if let use = symbols.use(math) { return try reference(use, depth) }
    if case .symbol(let symbol) = math.kind {
      // Letters next to one another that are a product.
      let factors = symbol.name.map { letter in
        one(Math(.symbol(MathSymbol(String(letter))), math.span))
      }
      return try product(factors, math.span, depth)
    }
    guard case .scripted(let base, let scripts) = math.kind else {
      throw .reading("accent", "an accent over this is not understood", math.span)
    }
    // A run of letters with scripts: they belong to the last.
    if case .symbol(let symbol) = base.kind, symbol.isRun {
      var factors = symbol.name.map { one(Math(.symbol(MathSymbol(String($0))), base.span)) }
      if let last = factors.popLast() {
        factors.append(one(Math(.scripted(last.value, scripts), math.span)))
      }
      return try product(factors, math.span, depth)
    }
    return try raised(base, scripts, math.span, depth)
  }

  /// A bracket or a norm with scripts.
  private func raised(_ base: Math, _ scripts: MathScripts, _ span: Span, _ depth: Int)
    throws(Diagnostic) -> Expression
  {
    guard scripts.primes == 0 else {
      throw .reading("prime", "a prime here is not understood", span)
    }
    if symbols.isGradient(base), let step = iterate(scripts) {
      // ∂E/∂w at a step
      _ = try gradientOnly(base, depth)
      let key = number(of: SymbolKey(base: "gradient"))
      return Build.name(Reference(key, .step(step)).name, span)
    }
    var value: Expression
    if case .fenced(.norm, let items) = base.kind, items.count == 1 {
      value = try norm(items[0], scripts.lower, base.span, depth)
    } else {
      guard scripts.lower.isEmpty else {
        throw .reading("subscript", "a subscript on this is not understood", span)
      }
      value = try translate(base, depth + 1)
    }
    guard let upper = scripts.upper else { return value }
    if case .mark("T") = upper.kind { return Expression(.unary(.transpose, value), span) }
    value = try power(value, upper, slip: scripts.slip, span, depth)
    return value
  }

  /// The step of a gradient that is written with one: (∂E/∂w)^{(t)}, or |_t.
  private func iterate(_ scripts: MathScripts) -> Int? {
    if let upper = scripts.upper, scripts.lower.isEmpty,
      case .fenced(.parenthesis, let items) = upper.kind, items.count == 1,
      let (letter, offset) = indexLike(items[0]), letter == symbols.index.letter
    {
      return offset
    }
    if scripts.upper == nil, scripts.lower.count == 1,
      let (letter, offset) = indexLike(scripts.lower[0]), letter == symbols.index.letter
    {
      return offset
    }
    return nil
  }

  private func isBracketed(_ math: Math) -> Bool {
    if case .fenced(.parenthesis, _) = math.kind { return true }
    return false
  }

  /// Notes what a gradient is of, without its place.
  private func gradientOnly(_ base: Math, _ depth: Int) throws(Diagnostic) -> Expression? {
    guard let use = symbols.gradient(of: [one(base)], at: 0) else { return nil }
    return try gradient(use, depth)
  }

  private func power(
    _ base: Expression, _ upper: Math, slip: Span?, _ span: Span, _ depth: Int
  ) throws(Diagnostic) -> Expression {
    var exponent = upper
    if case .elementwise(let inner) = upper.kind { exponent = inner }
    if case .fenced(.parenthesis, let items) = upper.kind, items.count == 1 { exponent = items[0] }
    if case .mark(let mark) = upper.kind {
      throw .reading("superscript", "the superscript \(mark) is not understood here", upper.span)
    }
    let value = try translate(exponent, depth + 1)
    if let slip {
      sawScriptSlip = true
      if takesSlipsLiterally, isBracketed(upper) { return Build.binary(.multiply, base, value) }
      note(
        .slip,
        "as TeX sets it, \(slip.text) raises only its first sign; it is read as the power "
          + "^{\(exponent.span.text)}", slip,
        other: isBracketed(upper) ? "by the letter the bracket is a factor, and " : nil)
    }
    // 10^{-8} is a number.
    if case .number(_, let spelling) = base.kind, spelling == "10",
      let whole = wholeNumber(exponent),
      let number = Double("1e\(whole)"), abs(whole) < 300
    {
      return Expression(.number(number, spelling: "1e\(whole)"), span)
    }
    return Expression(.binary(.power, base, value), span)
  }

  func note(_ kind: ReadingNote.Kind, _ text: String, _ span: Span, other: String? = nil) {
    guard !notes.contains(where: { $0.text == text && $0.span.start == span.start }) else { return }
    notes.append(ReadingNote(kind, text, span, other: other))
  }

  /// A variable with its power.
  func reference(_ use: SymbolUse, _ depth: Int) throws(Diagnostic) -> Expression {
    var value: Expression
    if let replacement = substitutions.last?[use.key], use.time == .none {
      value = replacement
    } else {
      value = try base(of: use)
    }
    if use.isTransposed { value = Expression(.unary(.transpose, value), use.span) }
    guard let power = use.power else { return value }
    // e^x
    if use.key == SymbolKey(base: "e") {
      return Build.call("exp", [try translate(power, depth + 1)], use.span)
    }
    return try self.power(value, power, slip: slip(of: power, use), use.span, depth)
  }

  /// The slip of an exponent in round brackets without braces.
  private func slip(of power: Math, _ use: SymbolUse) -> Span? {
    let bytes = use.span.source.bytes
    guard case .fenced(.parenthesis, _) = power.kind, power.span.start > 0,
      bytes.indices.contains(power.span.start - 1),
      bytes[power.span.start - 1] == UInt8(ascii: "^")
    else {
      if case .number(let text) = power.kind, text.utf8.count > 1, power.span.start > 0,
        bytes.indices.contains(power.span.start - 1),
        bytes[power.span.start - 1] == UInt8(ascii: "^")
      {
        return Span(use.span.source, power.span.start - 1, power.span.end)
      }
      return nil
    }
    return Span(use.span.source, power.span.start - 1, power.span.end)
  }

  private func base(of use: SymbolUse) throws(Diagnostic) -> Expression {
    let key = use.key
    if key.labels.isEmpty, key.accents.isEmpty, use.time == .none {
      if key.base == symbols.index.letter || key.base == symbols.alias {
        return Build.name(counterName, use.span)
      }
      if key.base == "pi" { return Build.name("pi", use.span) }
      if key.base == "infty" { return Build.name("inf", use.span) }
      if key.base == "partial" {
        throw .reading("partial", "a ∂ without its fraction", use.span)
      }
    }
    let number = number(of: key)
    if places[number] == nil { places[number] = use.span }
    return Build.name(Reference(number, use.time).name, use.span)
  }

  // MARK: Sums

  private func sum(_ terms: [MathTerm], _ span: Span, _ depth: Int) throws(Diagnostic) -> Expression
  {
    guard terms.count < FormulaTranslator.limit else {
      throw .reading("too-high", "too many terms in one sum", span)
    }
    var result: Expression?
    var skipNext = false
    for (place, term) in terms.enumerated() {
      if skipNext {
        skipNext = false
        continue
      }
      var value = term.value
      if place + 1 < terms.count, let shifted = shifted(value, by: terms[place + 1]) {
        value = shifted
        skipNext = true
      }
      let part = try translate(value, depth + terms.count)
      if let sum = result {
        result = Build.binary(term.isNegative ? .subtract : .add, sum, part)
      } else {
        result = term.isNegative ? Build.negated(part, span) : part
      }
    }
    guard let result else { throw .reading("empty", "an empty sum", span) }
    return Expression(result.kind, span)
  }

  /// `m_t-1` written without space, where it must mean m_{t-1}.
  private func shifted(_ value: Math, by next: MathTerm) -> Math? {
    guard next.isNegative, wholeNumber(next.value) == 1 else { return nil }
    let bytes = value.span.source.bytes
    guard next.value.span.start == value.span.end + 1, bytes.indices.contains(value.span.end),
      bytes[value.span.end] == UInt8(ascii: "-")
    else { return nil }
    var last = value
    var prefix: [MathFactor] = []
    if case .product(let factors) = value.kind, let factor = factors.last {
      last = factor.value
      prefix = Array(factors.dropLast())
    }
    guard case .scripted(let base, var scripts) = last.kind, scripts.upper == nil,
      scripts.lower.count == 1, let (letter, offset) = indexLike(scripts.lower[0]),
      letter == symbols.index.letter, offset == 0, let use = symbols.use(last)
    else { return nil }
    if let own, own.key == number(of: use.key), own.time == use.time { minusOneIsIndex = true }
    guard minusOneIsIndex else { return nil }
    let span = value.span.joined(with: next.value.span)
    note(
      .slip,
      "\(last.span.text)-1 is read as \(base.span.text) one step before: the braces round the "
        + "index are missing", last.span.joined(with: next.value.span))
    let index = Math(
      .sum([
        MathTerm(isNegative: false, value: scripts.lower[0]),
        MathTerm(isNegative: true, value: next.value),
      ]), scripts.lower[0].span)
    scripts.lower = [index]
    let replaced = Math(.scripted(base, scripts), last.span)
    if prefix.isEmpty { return replaced }
    var factors = prefix
    if case .product(let old) = value.kind, let final = old.last {
      factors.append(MathFactor(sign: final.sign, value: replaced))
    }
    return Math(.product(factors), span)
  }

  // MARK: Brackets

  private func fenced(_ fence: MathFence, _ items: [Math], _ span: Span, _ depth: Int)
    throws(Diagnostic) -> Expression
  {
    guard items.count == 1 else {
      if fence == .angle, items.count == 2 {
        let a = try translate(items[0], depth + 1)
        let b = try translate(items[1], depth + 1)
        return Build.call("sum", [Build.binary(.multiply, a, b)], span)
      }
      throw .reading(
        "list", items.isEmpty ? "nothing between these brackets" : "a list is no number here", span)
    }
    switch fence {
    case .parenthesis, .bracket, .brace:
      let inner = try translate(items[0], depth + 1)
      return Expression(inner.kind, span)
    case .bars: return Build.call("abs", [try translate(items[0], depth + 1)], span)
    case .norm: return try norm(items[0], [], span, depth)
    case .floor: return Build.call("floor", [try translate(items[0], depth + 1)], span)
    case .ceiling: return Build.call("ceil", [try translate(items[0], depth + 1)], span)
    case .angle: throw .reading("angle", "an angle bracket needs two parts", span)
    }
  }

  private func norm(_ inner: Math, _ lower: [Math], _ span: Span, _ depth: Int) throws(Diagnostic)
    -> Expression
  {
    let value = try translate(inner, depth + 1)
    guard let kind = lower.first else { return Build.call("norm", [value], span) }
    switch labelText(kind) {
    case "2", "F": return Build.call("norm", [value], span)
    case "1": return Build.call("sum", [Build.call("abs", [value], span)], span)
    case "inf": return Build.call("max", [Build.call("abs", [value], span)], span)
    default:
      throw .reading("norm", "this norm is not known", kind.span, help: "known are 1, 2, F and ∞")
    }
  }

  // MARK: Cases

  private func cases(_ cases: [MathCase], _ span: Span, _ depth: Int) throws(Diagnostic)
    -> Expression
  {
    guard let last = cases.last else { throw .reading("cases", "no cases here", span) }
    var rest: Expression
    var remaining = cases.dropLast()
    if last.condition == nil {
      rest = try translate(last.value, depth + 1)
    } else if let condition = last.condition, let before = remaining.last?.condition,
      remaining.count == 1, isOpposite(condition, before)
    {
      rest = try translate(last.value, depth + 1)
    } else {
      throw .reading(
        "cases-otherwise", "nothing is said for the other case", span,
        help: "add a row with \\text{otherwise}")
    }
    while let row = remaining.popLast() {
      guard let condition = row.condition else {
        throw .reading("cases-otherwise", "“otherwise” stands before the last case", row.value.span)
      }
      rest = Build.call(
        "where",
        [try comparison(condition, depth + 1), try translate(row.value, depth + 1), rest], span)
    }
    return rest
  }

  private func isOpposite(_ a: Math, _ b: Math) -> Bool {
    guard case .relation(let sides, let relations) = a.kind,
      case .relation(let others, let other) = b.kind, sides.count == 2, others.count == 2,
      sides[0].span.text == others[0].span.text, sides[1].span.text == others[1].span.text
    else { return false }
    switch (relations[0], other[0]) {
    case (.less, .greaterOrEqual), (.greaterOrEqual, .less), (.greater, .lessOrEqual),
      (.lessOrEqual, .greater), (.equals, .notEqual), (.notEqual, .equals):
      return true
    default: return false
    }
  }

  private func comparison(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    guard case .relation(let sides, let relations) = math.kind else {
      throw .reading("condition", "a condition compares two things", math.span)
    }
    var result: Expression?
    for (place, relation) in relations.enumerated() {
      let operation: BinaryOperator
      switch relation {
      case .less: operation = .less
      case .lessOrEqual: operation = .lessOrEqual
      case .greater: operation = .greater
      case .greaterOrEqual: operation = .greaterOrEqual
      case .equals: operation = .equal
      case .notEqual: operation = .notEqual
      default: throw .reading("condition", "this comparison is not understood", math.span)
      }
      let part = Build.binary(
        operation, try translate(sides[place], depth + 1),
        try translate(sides[place + 1], depth + 1))
      result = result.map { Build.binary(.and, $0, part) } ?? part
    }
    guard let result else { throw .reading("condition", "a condition is missing", math.span) }
    return result
  }

  // MARK: Functions

  private func function(_ call: MathFunction, _ span: Span, _ depth: Int) throws(Diagnostic)
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
  private func labelled(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
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
    return try translate(definition.value, depth + 1)
  }
}
