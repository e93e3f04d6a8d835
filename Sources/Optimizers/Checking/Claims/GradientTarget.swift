// The derivative that a claim is about, and its value by finite differences.

import Diagnostics
import Notation

struct GradientTarget {
  enum Kind {
    /// ∂of/∂by
    case derivative(of: Math, by: Math)
    /// f′(x), f′
    case prime(name: String, argument: Math?)
  }

  var kind: Kind
  var span: Span

  /// nil for a side that is no derivative.
  init?(_ math: Math, _ scope: ClaimScope) {
    span = math.span
    if case .product(let factors) = math.kind, factors.count == 2,
      let symbol = ClaimSymbol(factors[0].value), symbol.primes == 1, symbol.power == nil,
      case .fenced(.parenthesis, let items) = factors[1].value.kind, items.count == 1
    {
      var named = symbol
      named.primes = 0
      kind = .prime(name: named.key, argument: items[0])
      return
    }
    if case .function(let call) = math.kind, call.scripts?.primes == 1, call.arguments.count == 1 {
      kind = .prime(name: call.name, argument: call.arguments[0])
      return
    }
    if let symbol = ClaimSymbol(math), symbol.primes == 1, symbol.power == nil,
      DerivativeSign(math) == nil
    {
      var named = symbol
      named.primes = 0
      let name = named.key
      guard ClaimScope.knownFunctions[name] != nil || scope.functions[name] != nil else {
        return nil
      }
      kind = .prime(name: name, argument: nil)
      return
    }
    guard let sign = DerivativeSign(math), sign.order == 1, var of = sign.of else { return nil }
    var by = sign.by.first
    if by == nil {
      // ∇J(θ): by its argument; ∇J: by what J is said to be a function of.
      by = sign.arguments?.first
    }
    guard let by, sign.by.count <= 1, ClaimSymbol(by) != nil else { return nil }
    if let arguments = sign.arguments, let head = ClaimSymbol(of),
      scope.functions[head.key]?.arguments.count == arguments.count
        || ClaimScope.knownFunctions[head.key] != nil
    {
      let span = of.span
      of = Math(
        .product([
          MathFactor(sign: .implicit, value: of),
          MathFactor(
            sign: .implicit, value: Math(.fenced(.parenthesis, arguments), span)),
        ]), span)
    } else if let head = ClaimSymbol(of), head.power == nil,
      ClaimScope.knownFunctions[head.key] != nil,
      scope.definitions[head.key] == nil
    {
      // dσ/dz is of σ(z).
      of = Math(
        .product([
          MathFactor(sign: .implicit, value: of),
          MathFactor(sign: .implicit, value: Math(.fenced(.parenthesis, [by]), by.span)),
        ]), of.span)
    }
    kind = .derivative(of: of, by: by)
  }

  /// What has to be known.
  var parts: [Math] {
    switch kind {
    case .derivative(let of, let by): [of, by]
    case .prime(_, let argument): argument.map { [$0] } ?? []
    }
  }
}

extension ClaimEvaluator {
  /// A derivative by central differences, in the shape of what it is taken by.
  func derivative(of: Math, by: Math) throws(ClaimFailure) -> (value: ClaimValue, error: Double) {
    guard let symbol = ClaimSymbol(by) else {
      throw .notUnderstood("a derivative by this is not taken", by.span)
    }
    var plain = symbol
    plain.power = nil
    plain.isTransposed = false
    let (key, places, stem) = try reference(plain)
    let whole: ClaimValue
    if let known = scope.values[key] { whole = known } else { whole = try value(of: stem) }
    guard places.isEmpty || whole.element(places) != nil else {
      throw .shape("\(symbol.pretty) is a component of \(whole.shapeText)", symbol.span)
    }
    let offsets: [Int]
    if places.isEmpty {
      offsets = Array(whole.elements.indices)
    } else if case .matrix(_, let columns, _) = whole {
      guard places.count == 2 else {
        offsets = (0..<columns).map { (places[0] - 1) * columns + $0 }
        return try slopes(of, key, whole, offsets, shape: .vector(offsets.map { _ in 0 }))
      }
      offsets = [(places[0] - 1) * columns + places[1] - 1]
    } else {
      offsets = [places[0] - 1]
    }
    return try slopes(of, key, whole, offsets, shape: places.isEmpty ? whole : .number(0))
  }

  private func slopes(
    _ of: Math, _ key: String, _ whole: ClaimValue, _ offsets: [Int], shape: ClaimValue
  ) throws(ClaimFailure) -> (value: ClaimValue, error: Double) {
    var result: [Double] = []
    var worst = 0.0
    for offset in offsets {
      let moved = { (x: Double) throws(ClaimFailure) -> Double in
        var elements = whole.elements
        elements[offset] = x
        let there = self.scope.changed { $0.values[key] = whole.with(elements) }
        return try self.inside(there) { () throws(ClaimFailure) in try self.number(of) }
      }
      let slope = try Slope.central(at: whole.elements[offset], moved)
      result.append(slope.value)
      worst = max(worst, slope.error)
    }
    return (shape.with(result), worst)
  }

  /// Under which key a symbol's value is kept, at which places, and the symbol without them.
  private func reference(_ symbol: ClaimSymbol) throws(ClaimFailure)
    -> (key: String, places: [Int], stem: ClaimSymbol)
  {
    if scope.values[symbol.key] != nil || scope.definitions[symbol.key] != nil {
      return (symbol.key, [], symbol)
    }
    var plain = symbol
    plain.upperPlaces = []
    plain.lower = []
    var places: [Int] = []
    for item in symbol.upperPlaces {
      if let place = place(item) { places.append(place) } else { plain.upperPlaces.append(item) }
    }
    for item in symbol.lower {
      if let place = place(item) { places.append(place) } else { plain.lower.append(item) }
    }
    return (plain.key(plain.lower.map(labelText)), places, plain)
  }
}
