// Gradients in all the ways they are written: ∇L(θ), ∂L/∂θ, ∂/∂θ L(θ), dL/dw.

import Diagnostics
import Notation

extension SymbolReader {
  /// A gradient as written: what it is of, where it is taken, by what.
  struct GradientUse {
    var function: Math?
    var arguments: [Math]?
    var by: Math?
    var at: Math?
    /// The step it is taken at, where that is an argument.
    var step: Int?
    /// f′(x)
    var isPrimed = false
    /// How many factors it takes.
    var count: Int
    var span: Span
  }

  func isGradient(_ math: Math) -> Bool {
    gradient(of: [MathFactor(sign: .implicit, value: math)], at: 0) != nil
  }

  /// A gradient that begins at a factor: ∇L(θ), ∂L/∂θ, ∂/∂θ L(θ), dL/dw, and the place behind it.
  func gradient(of factors: [MathFactor], at place: Int) -> GradientUse? {
    guard var use = plainGradient(of: factors, at: place) else { return nil }
    let next = place + use.count
    guard use.arguments == nil, use.at == nil, next < factors.count,
      factors[next].sign == .implicit,
      case .fenced(.parenthesis, let items) = factors[next].value.kind,
      items.count == 1
    else { return use }
    if let (letter, offset) = indexLike(items[0]), isTime(letter) {
      use.step = offset
      use.count += 1
    } else if let by = use.by.flatMap({ self.use($0) }), holds(by.key.base, items[0]) {
      use.at = items[0]
      use.count += 1
    }
    return use
  }

  /// f′(x), where f is a letter that losses have.
  private func primed(
    _ base: Math, _ scripts: MathScripts, _ factors: [MathFactor], at place: Int
  ) -> GradientUse? {
    guard scripts.primes == 1, scripts.upper == nil, place + 1 < factors.count,
      factors[place + 1].sign == .implicit,
      case .fenced(.parenthesis, let items) = factors[place + 1].value.kind, items.count == 1,
      case .symbol(let symbol) = base.kind,
      ["f", "F", "J", "L", "E", "C", "ell"].contains(symbol.name)
    else { return nil }
    var use = GradientUse(
      function: base, arguments: items, count: 2,
      span: factors[place].value.span.joined(with: factors[place + 1].value.span))
    use.isPrimed = true
    return use
  }

  func holds(_ base: String, _ math: Math) -> Bool {
    if let use = use(math), use.key.base == base { return true }
    return math.children.contains { holds(base, $0) }
  }

  func plainGradient(of factors: [MathFactor], at place: Int) -> GradientUse? {
    guard factors.indices.contains(place) else { return nil }
    let value = factors[place].value
    switch value.kind {
    case .gradient(let gradient):
      guard gradient.power == nil else { return nil }
      return GradientUse(
        function: gradient.function, arguments: gradient.arguments,
        by: gradient.by.first.map(bare),
        count: 1, span: value.span)
    case .fenced(_, let items) where items.count == 1 && place == 0 && factors.count == 1:
      return gradient(of: [MathFactor(sign: .implicit, value: items[0])], at: 0)
    case .evaluated(let inner, let at):
      var parts = [MathFactor(sign: .implicit, value: inner)]
      if case .product(let factors) = inner.kind { parts = factors }
      guard var use = gradient(of: parts, at: 0), use.count == parts.count else { return nil }
      if case .relation(let sides, _) = at.kind, sides.count == 2 {
        use.at = sides[1]
      } else {
        use.at = at
      }
      use.count = 1
      use.span = value.span
      return use
    case .scripted(let base, let scripts):
      if let primed = primed(base, scripts, factors, at: place) { return primed }
      // ∂_w l(y, f(x, w))
      guard case .symbol(let symbol) = base.kind, symbol.name == "partial",
        scripts.lower.count == 1, scripts.upper == nil, place + 1 < factors.count,
        factors[place + 1].sign == .implicit
      else { return nil }
      var use = GradientUse(
        function: factors[place + 1].value, by: bare(scripts.lower[0]), count: 2,
        span: value.span.joined(with: factors[place + 1].value.span))
      if place + 2 < factors.count, factors[place + 2].sign == .implicit,
        case .fenced(_, let items) = factors[place + 2].value.kind
      {
        use.arguments = items
        use.count = 3
        use.span = use.span.joined(with: factors[place + 2].value.span)
      }
      return use
    case .fraction(let above, let below):
      guard let by = differential(below) else { return nil }
      if isBareDifferential(above) {
        // ∂/∂θ L(θ)
        guard place + 1 < factors.count, factors[place + 1].sign == .implicit else { return nil }
        var use = GradientUse(
          function: factors[place + 1].value, by: by, count: 2, span: value.span)
        if place + 2 < factors.count, factors[place + 2].sign == .implicit,
          case .fenced(_, let items) = factors[place + 2].value.kind
        {
          use.arguments = items
          use.count = 3
        }
        use.span = value.span.joined(with: factors[place + use.count - 1].value.span)
        return use
      }
      guard let (function, arguments) = differentiated(above) else { return nil }
      return GradientUse(
        function: function, arguments: arguments, by: by, count: 1, span: value.span)
    case .symbol(let symbol) where symbol.name == "partial":
      // ∂E/∂w
      var next = place + 1
      while next < factors.count, factors[next].sign == .implicit { next += 1 }
      guard next > place + 1, next + 1 < factors.count, factors[next].sign == .slash,
        case .symbol(let other) = factors[next].value.kind, other.name == "partial",
        factors[next + 1].sign == .implicit
      else { return nil }
      var arguments: [Math]?
      if next == place + 3, case .fenced(_, let items) = factors[place + 2].value.kind {
        arguments = items
      }
      return GradientUse(
        function: factors[place + 1].value, arguments: arguments, by: factors[next + 1].value,
        count: next + 2 - place, span: value.span.joined(with: factors[next + 1].value.span))
    default: return nil
    }
  }

  /// Without round brackets about one thing.
  private func bare(_ math: Math) -> Math {
    if case .fenced(.parenthesis, let items) = math.kind, items.count == 1 { return items[0] }
    return math
  }

  /// ∂w or dw: w.
  func differential(_ math: Math) -> Math? {
    switch math.kind {
    case .product(let factors):
      guard factors.count >= 2, isBareDifferential(factors[0].value),
        factors.dropFirst().allSatisfy({ $0.sign == .implicit })
      else { return nil }
      if factors.count == 2 { return factors[1].value }
      return Math(.product(Array(factors.dropFirst())), math.span)
    case .symbol(let symbol):
      guard symbol.isRun, symbol.name.first == "d", symbol.name.count == 2 else { return nil }
      return Math(.symbol(MathSymbol(String(symbol.name.dropFirst()))), math.span)
    case .scripted(let base, let scripts):
      return differential(base).map { Math(.scripted($0, scripts), math.span) }
    default: return nil
    }
  }

  func isBareDifferential(_ math: Math) -> Bool {
    if case .symbol(let symbol) = math.kind {
      return symbol.name == "partial" || symbol.name == "d"
    }
    return false
  }

  func differentiated(_ math: Math) -> (Math, [Math]?)? {
    switch math.kind {
    case .product(let factors):
      guard factors.count >= 2, isBareDifferential(factors[0].value) else { return nil }
      if factors.count == 3, case .fenced(_, let items) = factors[2].value.kind {
        return (factors[1].value, items)
      }
      if factors.count == 2 { return (factors[1].value, nil) }
      return (Math(.product(Array(factors.dropFirst())), math.span), nil)
    default:
      return differential(math).map { ($0, nil) }
    }
  }
}
