// Products in a claim, and the calls that look like products: σ(z) beside w(x - y).

import Diagnostics
import Notation

extension ClaimEvaluator {
  func product(_ factors: [MathFactor], _ math: Math) throws(ClaimFailure) -> ClaimValue {
    var result: ClaimValue?
    var place = 0
    var previous: Math?
    while place < factors.count {
      let factor = factors[place]
      var next: ClaimValue
      if place + 1 < factors.count, factors[place + 1].sign == .implicit,
        let made = try call(factor.value, factors[place + 1].value, math)
      {
        next = made
        place += 1
      } else {
        next = try value(factor.value)
      }
      if let before = result {
        switch factor.sign {
        case .slash, .over: next = try quotient(before, next, factor.value)
        case .implicit, .times:
          let kind = previous.map { sign($0, factor.value) } ?? .plain
          let right = next
          next = try shaped(math) { () throws(ClaimValue.ShapeError) in
            switch kind {
            case .elementwise: try ClaimValue.elementwise(before, right, "⊙", *)
            case .dot: try ClaimValue.dot(before, right)
            case .plain: try ClaimValue.product(before, right)
            }
          }
        }
      }
      result = next
      previous = factors[min(place, factors.count - 1)].value
      place += 1
    }
    return result ?? .number(1)
  }

  enum Sign { case elementwise, dot, plain }

  /// Which sign stands between two factors; the tree has one name for all of them.
  func sign(_ a: Math, _ b: Math) -> Sign {
    guard a.span.end <= b.span.start, a.span.source === b.span.source else { return .plain }
    let between = Span(a.span.source, a.span.end, b.span.start).text
    for text in ["odot", "⊙", "circ", "∘", "*", "ast"] where between.contains(text) {
      return .elementwise
    }
    for text in ["cdot", "·", "⋅", "bullet"] where between.contains(text) { return .dot }
    return .plain
  }

  // MARK: Calls

  /// f(x) when f is a function; nil when the bracket is a factor.
  private func call(_ head: Math, _ bracket: Math, _ math: Math) throws(ClaimFailure) -> ClaimValue?
  {
    var fence = bracket
    var outer: MathScripts?
    if case .scripted(let inner, let scripts) = bracket.kind {
      fence = inner
      outer = scripts
    }
    guard case .fenced(let kind, let items) = fence.kind, kind == .parenthesis || kind == .bracket,
      var symbol = ClaimSymbol(head), symbol.lower.isEmpty || scope.functions[symbol.key] != nil,
      !symbol.isTransposed
    else { return nil }
    let power = symbol.power
    symbol.power = nil
    var named = symbol
    named.primes = 0
    let name = named.key
    guard scope.values[name] == nil, isFunction(name) else { return nil }
    var arguments: [ClaimValue] = []
    for item in items { arguments.append(try value(item)) }
    var result: ClaimValue
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
      || (ClaimScope.knownFunctions[name] != nil && scope.definitions[name] == nil)
      || ["softmax", "Softmax"].contains(name)
  }

  func apply(_ name: String, _ arguments: [ClaimValue], _ span: Span) throws(ClaimFailure)
    -> ClaimValue
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
    guard arguments.count == 1 else {
      throw .notUnderstood("this call is not understood", span)
    }
    if name == "softmax" || name == "Softmax" {
      guard case .vector(let z) = arguments[0], let most = z.max() else {
        throw .shape("softmax takes a vector", span)
      }
      let powers = z.map { Elementary.function("exp")?($0 - most) ?? 0 }
      let total = powers.reduce(0, +)
      return .vector(powers.map { $0 / total })
    }
    if let known = ClaimScope.knownFunctions[name] { return arguments[0].map(known) }
    if scope.smooth.contains(name) {
      return arguments[0].map { Elementary.tanh(0.9 * $0) + 0.3 * $0 * $0 }
    }
    if let known = Elementary.function(name) { return arguments[0].map(known) }
    throw .unknownFunction(ClaimText.pretty(span.text), span)
  }

  /// f′(x) by central differences, extrapolated: good to about ten digits.
  func slope(_ name: String, _ at: ClaimValue, _ span: Span) throws(ClaimFailure) -> ClaimValue {
    var elements: [Double] = []
    for x in at.elements {
      elements.append(
        try Slope.central(at: x) { x throws(ClaimFailure) in
          guard let y = try apply(name, [.number(x)], span).number else {
            throw .shape("this function is no function of one number", span)
          }
          return y
        }.value)
    }
    return at.with(elements)
  }

  // MARK: Functions with names of their own

  func function(_ call: MathFunction, _ math: Math) throws(ClaimFailure) -> ClaimValue {
    var arguments: [ClaimValue] = []
    for argument in call.arguments { arguments.append(try value(argument)) }
    var power = call.scripts?.upper
    if let scripts = call.scripts, !scripts.lower.isEmpty || scripts.primes > 0 {
      guard call.name == "log", scripts.lower.count == 1, scripts.primes == 0,
        arguments.count == 1
      else { throw .notUnderstood("the scripts of \(call.name) are not read", call.nameSpan) }
      let base = try number(scripts.lower[0])
      let log = Elementary.function("log")
      guard let log, base > 0, base != 1 else {
        throw .undefined("a logarithm to this base is taken", call.nameSpan)
      }
      return try finite(
        arguments[0].map { log($0) / log(base) }, arguments[0],
        "the logarithm of a number that is not above zero", math)
    }
    guard let first = arguments.first else {
      throw .notUnderstood("\(call.name) has no argument", call.nameSpan)
    }
    var result: ClaimValue
    switch call.name {
    case "max", "min":
      let isMax = call.name == "max"
      if arguments.count == 1 {
        let all = first.elements
        result = .number((isMax ? all.max() : all.min()) ?? 0)
      } else {
        result = first
        for next in arguments.dropFirst() {
          let before = result
          result = try shaped(math) { () throws(ClaimValue.ShapeError) in
            try ClaimValue.elementwise(before, next, call.name) {
              isMax ? max($0, $1) : min($0, $1)
            }
          }
        }
      }
    case "sum": result = .number(first.elements.reduce(0, +))
    case "mean":
      result = .number(first.elements.reduce(0, +) / Double(max(1, first.elements.count)))
    case "norm": result = norm(first, 2)
    case "clip":
      guard arguments.count == 3, let low = arguments[1].number, let high = arguments[2].number
      else { throw .notUnderstood("clip has three arguments", call.nameSpan) }
      result = first.map { min(max($0, low), high) }
    default:
      guard arguments.count == 1, let run = Elementary.function(call.name) else {
        throw .notUnderstood("\(call.name) is not calculated here", call.nameSpan)
      }
      result = try finite(
        first.map(run), first, "\(call.name) of a number it is not defined for", math)
    }
    if let upper = power {
      power = nil
      result = try self.power(result, upper, math)
    }
    return result
  }
}
