// The derivative that a claim is about: which function, by what, how often.
//
//   \frac{\partial L}{\partial w}   L'(w)   f''(x)   \nabla_{w,b} L   f_x   y'   (x^2)'   dz
//
// A name alone is a derivative only when the document says what is differentiated: `dz` when a loss of it
// depends on z, `f_x` when f is a function of x.

import Diagnostics
import Notation

struct GradientTarget {
  enum Kind {
    /// ∂of/∂by
    case derivative(of: Math, by: Math)
    /// ∂²of/∂first∂second
    case second(of: Math, first: Math, second: Math)
    /// ∇of by several variables, one number each
    case several(of: Math, by: [Math])
    /// ∇²of by several variables
    case hessian(of: Math, by: [Math])
    /// f′(x), f′ of a function with a name that everybody knows, or of any
    case prime(name: String, argument: Math?)
  }

  var kind: Kind
  var span: Span

  /// nil for a side that is no derivative.
  init?(_ math: Math, _ scope: ClaimScope) {
    span = math.span
    guard
      let kind = GradientTarget.primed(math, scope) ?? GradientTarget.signed(math, scope)
        ?? GradientTarget.subscripted(math, scope) ?? GradientTarget.differential(math, scope)
    else { return nil }
    self.kind = kind
  }

  // MARK: Notations

  private static func primed(_ math: Math, _ scope: ClaimScope) -> Kind? {
    if case .function(let call) = math.kind, call.scripts?.primes == 1, call.arguments.count == 1 {
      return .prime(name: call.name, argument: call.arguments[0])
    }
    if case .scripted(let base, let scripts) = math.kind, case .fenced(_, let items) = base.kind,
      items.count == 1, scripts.upper == nil, scripts.lower.isEmpty
    {
      // (x^2)'
      guard let variable = onlyVariable(of: items[0], scope) else { return nil }
      return repeated(items[0], variable, scripts.primes)
    }
    if case .product(let factors) = math.kind, factors.count == 2,
      let symbol = ClaimSymbol(factors[0].value), symbol.primes > 0, symbol.power == nil,
      case .fenced(.parenthesis, let items) = factors[1].value.kind, items.count == 1
    {
      var named = symbol
      named.primes = 0
      let name = named.key
      guard ClaimSymbol(items[0]) != nil, let head = unprimed(factors[0].value),
        scope.functions[name]?.arguments.count == 1 || scope.definitions[name] != nil
          || symbol.primes > 1 && FormulaFunctions.applied(name)?.scalar != nil
      else { return symbol.primes == 1 ? .prime(name: name, argument: items[0]) : nil }
      let isCall = scope.functions[name] != nil || scope.definitions[name] == nil
      return repeated(isCall ? call(head, items) : head, items[0], symbol.primes)
    }
    guard let symbol = ClaimSymbol(math), symbol.primes > 0, symbol.power == nil,
      DerivativeSign(math) == nil
    else { return nil }
    var named = symbol
    named.primes = 0
    let name = named.key
    if FormulaFunctions.applied(name)?.scalar != nil || scope.functions[name] != nil {
      return symbol.primes == 1 ? .prime(name: name, argument: nil) : nil
    }
    guard let head = unprimed(math), scope.definitions[name] != nil,
      let variable = onlyVariable(of: head, scope)
    else { return nil }
    return repeated(head, variable, symbol.primes)
  }

  private static func signed(_ math: Math, _ scope: ClaimScope) -> Kind? {
    guard let sign = DerivativeSign(math), sign.order <= 2, var of = sign.of else { return nil }
    var by = sign.by
    // ∇J(θ): by its argument; ∇J: by what J is said to be a function of.
    if by.isEmpty { by = sign.arguments ?? [] }
    let head = ClaimSymbol(of)
    let function = head.flatMap { scope.functions[$0.key] }
    if by.isEmpty, let function { by = function.arguments.map { symbol($0, of.span) } }
    guard !by.isEmpty, by.allSatisfy({ ClaimSymbol($0) != nil }) else { return nil }
    if let arguments = sign.arguments, let head,
      function?.arguments.count == arguments.count
        || FormulaFunctions.applied(head.key)?.scalar != nil
    {
      of = call(of, arguments)
    } else if let function, sign.arguments == nil, scope.definitions[head?.key ?? ""] == nil {
      of = call(of, function.arguments.map { symbol($0, of.span) })
    } else if let head, head.power == nil, FormulaFunctions.applied(head.key)?.scalar != nil,
      scope.definitions[head.key] == nil, by.count == 1
    {
      // dσ/dz is of σ(z).
      of = call(of, by)
    }
    if sign.isGradient {
      if by.count == 1 { by = components(of: of, by[0], scope) ?? by }
      if by.count > 1 {
        return sign.order == 1 ? .several(of: of, by: by) : .hessian(of: of, by: by)
      }
    }
    return derivative(of, by: sign.order == 2 && by.count == 1 ? [by[0], by[0]] : by)
  }

  /// f_x and f_{xy}, of a function of x and y.
  private static func subscripted(_ math: Math, _ scope: ClaimScope) -> Kind? {
    guard case .scripted(let base, let scripts) = math.kind, scripts.upper == nil,
      scripts.primes == 0, scripts.lower.count == 1, let head = ClaimSymbol(base),
      let function = scope.functions[head.key]
    else { return nil }
    let by = DerivativeSign.letters(scripts.lower[0])
    guard by.count <= 2,
      by.allSatisfy({ ClaimSymbol($0).map { function.arguments.contains($0.key) } ?? false })
    else { return nil }
    return derivative(call(base, function.arguments.map { symbol($0, base.span) }), by: by)
  }

  /// dz, where a loss of the document depends on z.
  private static func differential(_ math: Math, _ scope: ClaimScope) -> Kind? {
    guard let by = Differential.variable(math), let loss = Differential.loss(of: by, scope) else {
      return nil
    }
    return .derivative(of: loss, by: by)
  }

  // MARK: Parts of them

  private static func derivative(_ of: Math, by: [Math]) -> Kind? {
    switch by.count {
    case 1: .derivative(of: of, by: by[0])
    case 2: .second(of: of, first: by[0], second: by[1])
    default: nil
    }
  }

  private static func repeated(_ of: Math, _ by: Math, _ times: Int) -> Kind? {
    derivative(of, by: [Math](repeating: by, count: times))
  }

  private static func symbol(_ key: String, _ span: Span) -> Math {
    Math(.symbol(MathSymbol(key)), span)
  }

  private static func call(_ head: Math, _ arguments: [Math]) -> Math {
    Math(
      .product([
        MathFactor(sign: .implicit, value: head),
        MathFactor(
          sign: .implicit, value: Math(.fenced(.parenthesis, arguments), head.span)),
      ]), head.span)
  }

  /// f of f′′.
  private static func unprimed(_ math: Math) -> Math? {
    guard case .scripted(let base, var scripts) = math.kind, scripts.primes > 0 else { return nil }
    scripts.primes = 0
    guard scripts.upper != nil || !scripts.lower.isEmpty else { return base }
    return Math(.scripted(base, scripts), math.span)
  }

  /// The variable of a formula that has only one.
  private static func onlyVariable(of math: Math, _ scope: ClaimScope) -> Math? {
    var usage = ClaimUsage(scope)
    usage.add(math)
    guard usage.free.count == 1, let (key, places) = usage.free.first, places == 0,
      usage.counts.isEmpty, let span = usage.spans[key]
    else { return nil }
    guard let item = (try? TeXText(span))?.items.first, case .formula(let sides, _) = item.kind,
      let first = sides.first
    else { return nil }
    // x of x².
    if case .scripted(let base, var scripts) = first.kind, scripts.upper != nil,
      ClaimSymbol(first)?.power != nil
    {
      scripts.upper = nil
      return scripts.isEmpty ? base : Math(.scripted(base, scripts), first.span)
    }
    return first
  }

  /// x_1 and x_2, where f(x) is written with the components of x.
  private static func components(of: Math, _ by: Math, _ scope: ClaimScope) -> [Math]? {
    guard let symbol = ClaimSymbol(by), symbol.lower.isEmpty else { return nil }
    var usage = ClaimUsage(scope)
    usage.add(of)
    guard usage.free.keys.contains(where: { $0 == symbol.key }) == isArgument(of) else {
      return nil
    }
    var inside = ClaimUsage(scope)
    if case .product(let factors) = of.kind, let head = ClaimSymbol(factors[0].value),
      let function = scope.functions[head.key]
    {
      inside.add(function.value)
    } else {
      inside.add(of)
    }
    guard inside.free[symbol.key] == nil else { return nil }
    let places = inside.free.keys.compactMap { key -> Int? in
      guard key.hasPrefix(symbol.key + "_") else { return nil }
      return Int(key.dropFirst(symbol.key.count + 1))
    }.sorted()
    guard let first = places.first, first <= 1, places == Array(first..<first + places.count),
      places.count > 1
    else { return nil }
    return places.map { place in
      var scripts = MathScripts()
      scripts.lower = [Math(.number("\(place)"), by.span)]
      return Math(.scripted(by, scripts), by.span)
    }
  }

  private static func isArgument(_ of: Math) -> Bool {
    if case .product = of.kind { true } else { false }
  }

  /// What has to be known.
  var parts: [Math] {
    switch kind {
    case .derivative(let of, let by): [of, by]
    case .second(let of, let first, let second): [of, first, second]
    case .several(let of, let by), .hessian(let of, let by): [of] + by
    case .prime(_, let argument): argument.map { [$0] } ?? []
    }
  }

  /// What is differentiated, and by what.
  var function: (of: Math, by: [Math])? {
    switch kind {
    case .derivative(let of, let by): (of, [by])
    case .second(let of, let first, let second): (of, [first, second])
    case .several(let of, let by), .hessian(let of, let by): (of, by)
    case .prime: nil
    }
  }
}
