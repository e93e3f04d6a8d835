// What the letters of a claim stand for: what the document has said of them so far.
//
// A symbol is looked up among the values, then among the definitions, which are evaluated on the spot;
// so a value put in for an intermediate quantity is what everything behind it sees. What has no value
// is a failure with its name: nothing is guessed.

import Diagnostics
import Notation

final class ClaimEvaluator: FormulaEvaluator {
  var scope: ClaimScope
  /// Derivatives inside a formula, where they can be taken.
  var derivative: ((DerivativeSign, ClaimEvaluator) throws(FormulaFailure) -> FormulaValue)?

  init(_ scope: ClaimScope) {
    self.scope = scope
    super.init(isTotal: false, longest: 200_000)
    work = scope.work
  }

  override var letters: [String: Int] {
    get { scope.places }
    set { scope.places = newValue }
  }

  /// Evaluates in another scope for a while.
  func inside<T>(_ other: ClaimScope, _ run: () throws(FormulaFailure) -> T)
    throws(FormulaFailure) -> T
  {
    let before = scope
    scope = other
    defer { scope = before }
    return try run()
  }

  // MARK: Symbols

  override func symbol(_ math: Math) throws(FormulaFailure) -> FormulaValue? {
    switch math.kind {
    case .product, .fraction, .gradient:
      guard let sign = DerivativeSign(math) else { return nil }
      return try derivative(sign, math)
    case .symbol(let symbol) where symbol.name == "infty": return FormulaValue(.infinity)
    case .symbol, .accented, .scripted:
      guard let symbol = ClaimSymbol(math) else { return nil }
      if let apart = lettersApart(symbol, math) { return try value(apart) }
      var result = try value(of: symbol)
      if symbol.isTransposed {
        if result.isScalar, let steps = scope.values["T"], steps.isScalar {
          result = try pair(result, steps, .power, math.span)
        } else {
          result = result.transposed
        }
      }
      guard let upper = symbol.power else { return result }
      return try power(result, upper, math.span)
    default: return nil
    }
  }

  private func derivative(_ sign: DerivativeSign, _ math: Math) throws(FormulaFailure)
    -> FormulaValue
  {
    if let symbol = ClaimSymbol(math), let known = scope.values[symbol.base] { return known }
    guard let derivative, tape == nil else {
      throw .unknown(ClaimText.pretty(math.span.text), math.span)
    }
    return try derivative(sign, self)
  }

  /// How many components there are of what a letter counts.
  override func extent(of letter: String, in body: Math) -> Int? {
    var found: Int?
    func visit(_ math: Math) {
      if found == nil, let symbol = ClaimSymbol(math),
        (symbol.lower + symbol.upperPlaces).contains(where: { indexLike($0)?.letter == letter })
      {
        var plain = symbol
        plain.upperPlaces = []
        plain.lower = []
        if let dimensions = scope.values[plain.key]?.dimensions, let first = dimensions.first {
          let isRow =
            symbol.upperPlaces.contains { indexLike($0)?.letter == letter }
            || symbol.lower.first.flatMap { indexLike($0)?.letter } == letter
          found = isRow || dimensions.count == 1 ? first : dimensions[1]
        }
      }
      for child in math.children { visit(child) }
    }
    visit(body)
    return found ?? scope.sizes[letter] ?? scope.count
  }

  override var takesAnySet: Bool { scope.count != nil }

  override func set(_ math: Math) -> Math {
    guard let symbol = ClaimSymbol(math), symbol.power == nil else { return math }
    if let listed = scope.values[symbol.key], !listed.isScalar, scope.count == nil {
      let items = listed.elements.map { Math(.number("\($0)"), math.span) }
      return Math(.fenced(.brace, items), math.span)
    }
    guard let definition = scope.definitions[symbol.key], definition.binders.isEmpty else {
      return math
    }
    return definition.value
  }

  // MARK: Functions

  override func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool {
    guard var symbol = ClaimSymbol(head),
      symbol.lower.isEmpty || scope.functions[symbol.key] != nil, !symbol.isTransposed
    else { return false }
    symbol.power = nil
    symbol.primes = 0
    let name = symbol.key
    return scope.values[name] == nil
      && (scope.functions[name] != nil || scope.smooth.contains(name)
        || FormulaFunctions.applied(name) != nil && scope.definitions[name] == nil)
  }

  override func call(_ head: Math, _ items: [Math]) throws(FormulaFailure) -> FormulaValue {
    guard var symbol = ClaimSymbol(head) else { return try super.call(head, items) }
    let (power, primes) = (symbol.power, symbol.primes)
    symbol.power = nil
    symbol.primes = 0
    var arguments: [FormulaValue] = []
    for item in items { arguments.append(try value(item)) }
    var result: FormulaValue
    switch primes {
    case 0: result = try apply(symbol.key, arguments, head.span)
    case 1 where arguments.count == 1 && tape == nil:
      result = try slope(symbol.key, arguments[0], head.span)
    default: throw .notUnderstood("this derivative is not read", head.span)
    }
    if let power { result = try self.power(result, power, head.span) }
    return result
  }

  func apply(_ name: String, _ arguments: [FormulaValue], _ span: Span) throws(FormulaFailure)
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
      ) { () throws(FormulaFailure) in try value(function.value) }
    }
    if scope.smooth.contains(name), arguments.count == 1 {
      return try mapped(
        arguments[0], nil, FormulaEvaluator.overflow, span, FormulaFunctions.smooth)
    }
    guard let known = FormulaFunctions.applied(name) else {
      throw .unknownFunction(ClaimText.pretty(span.text), span)
    }
    return try applied(known, name, arguments, span)
  }

  /// f′(x) by central differences, extrapolated: good to about ten digits.
  func slope(_ name: String, _ at: FormulaValue, _ span: Span) throws(FormulaFailure)
    -> FormulaValue
  {
    var elements: [Double] = []
    for x in at.elements {
      elements.append(
        try Slope.central(at: x) { x throws(FormulaFailure) in
          guard let y = try apply(name, [FormulaValue(x)], span).scalar else {
            throw .shape("this function is no function of one number", span)
          }
          return y
        }.value)
    }
    return at.with(elements)
  }
}
