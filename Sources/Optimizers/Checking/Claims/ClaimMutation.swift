// Every small change of a formula: a sign, a factor, a square, a root, a bracket. What each says of who
// made it is for the sentence that names the mistake.

import Notation

/// One small change of a formula, and what it says of who made it.
struct ClaimMutation {
  var id: String
  var says: String
  var math: Math

  private static let limit = 400
  /// Sums and products with more parts are left as they are: so long a one is a table written out, and
  /// to try every change of it takes time with the square of its length.
  private static let mostParts = 40

  /// All single changes, the commonest first.
  static func all(_ math: Math) -> [ClaimMutation] {
    var result: [(rank: Int, change: ClaimMutation)] = []
    visit(math, nil) { part, rebuild in
      guard result.count < limit else { return }
      for (rank, id, says, other) in changes(part) {
        guard result.count < limit else { return }
        result.append((rank, ClaimMutation(id: id, says: says, math: rebuild(other))))
      }
    }
    return result.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }.map(\.element.change)
  }

  private static func visit(
    _ math: Math, _ outer: ((Math) -> Math)?, _ run: (Math, @escaping (Math) -> Math) -> Void
  ) {
    guard math.children.count <= mostParts else { return }
    let rebuild = outer ?? { $0 }
    run(math, rebuild)
    switch math.kind {
    case .sum(let terms):
      for (place, term) in terms.enumerated() {
        visit(
          term.value,
          { other in
            var copy = terms
            copy[place].value = other
            return rebuild(Math(.sum(copy), math.span))
          }, run)
      }
    case .product(let factors):
      for (place, factor) in factors.enumerated() {
        visit(
          factor.value,
          { other in
            var copy = factors
            copy[place].value = other
            return rebuild(Math(.product(copy), math.span))
          }, run)
      }
    case .fraction(let a, let b):
      visit(a, { rebuild(Math(.fraction($0, b), math.span)) }, run)
      visit(b, { rebuild(Math(.fraction(a, $0), math.span)) }, run)
    case .root(let inner, let degree):
      visit(inner, { rebuild(Math(.root($0, degree: degree), math.span)) }, run)
    case .fenced(let fence, let items):
      for (place, item) in items.enumerated() {
        visit(
          item,
          { other in
            var copy = items
            copy[place] = other
            return rebuild(Math(.fenced(fence, copy), math.span))
          }, run)
      }
    case .scripted(let base, let scripts):
      if ClaimSymbol(math) == nil {
        visit(base, { rebuild(Math(.scripted($0, scripts), math.span)) }, run)
      }
      if let upper = scripts.upper {
        visit(
          upper,
          { other in
            var copy = scripts
            copy.upper = other
            return rebuild(Math(.scripted(base, copy), math.span))
          }, run)
      }
    case .function(let call):
      for (place, argument) in call.arguments.enumerated() {
        visit(
          argument,
          { other in
            var copy = call
            copy.arguments[place] = other
            return rebuild(Math(.function(copy), math.span))
          }, run)
      }
    case .big(let name, let scripts, let body):
      visit(body, { rebuild(Math(.big(name, scripts, $0), math.span)) }, run)
    default: break
    }
  }

  private static func number(_ text: String, _ math: Math) -> Math {
    Math(.number(text), math.span)
  }

  private static func changes(_ math: Math) -> [(Int, String, String, Math)] {
    var result: [(Int, String, String, Math)] = []
    var here: String { text(math) }
    func with(_ kind: Math.Kind) -> Math { Math(kind, math.span) }
    switch math.kind {
    case .sum(let terms) where terms.count > 1:
      for place in terms.indices {
        var copy = terms
        copy[place].isNegative.toggle()
        let sign = copy[place].isNegative ? "-" : "+"
        let rank = place > 0 || terms[0].isNegative ? 1 : 2
        result.append(
          (rank, "sign", "with \(sign) before \(text(terms[place].value))", with(.sum(copy)))
        )
      }
      if terms.count == 2, terms[1].isNegative, case .number("1") = terms[0].value.kind {
        result.append(
          (
            2, "complement", "with \(text(terms[1].value)) in place of \(here)",
            terms[1].value
          ))
      }
      for place in terms.indices {
        var copy = terms
        copy.remove(at: place)
        result.append(
          (6, "missing-term", "without \(text(terms[place].value))", with(.sum(copy))))
      }
    case .sum(let terms) where terms.count == 1:
      result.append((1, "sign", "with + for \(here)", terms[0].value))
    case .product(let factors):
      if !isCallLike(factors) {
        for place in factors.indices {
          var copy = factors
          copy.remove(at: place)
          if place == 0 { copy[0].sign = .implicit }
          if place == 0, factors[1].sign == .slash || factors[1].sign == .over { continue }
          result.append(
            (
              4, isTwo(factors[place].value) ? "factor-two" : "missing-factor",
              "without the factor \(text(factors[place].value))",
              copy.count == 1 ? copy[0].value : with(.product(copy))
            ))
        }
      }
    case .fraction(let above, let below):
      result.append((5, "missing-factor", "without dividing by \(text(below))", above))
      result.append(
        (
          5, "inverted", "with \(text(below)) over \(text(above))",
          with(.fraction(below, above))
        ))
      if case .sum(let terms) = above.kind, terms.count > 1, var last = terms.last {
        last.value = with(.fraction(last.value, below))
        result.append(
          (
            5, "missing-parentheses",
            "when only \(text(terms[terms.count - 1].value)) is divided by \(text(below))",
            with(.sum(Array(terms.dropLast()) + [last]))
          ))
      }
    case .root(let inner, _):
      result.append((3, "missing-root", "without the root", inner))
    case .scripted(let base, let scripts) where scripts.upper != nil:
      guard let upper = scripts.upper, ClaimSymbol(base) != nil || !isLabel(math) else { break }
      var bare = scripts
      bare.upper = nil
      let without = bare.isEmpty ? base : with(.scripted(base, bare))
      if let power = wholeNumber(upper) {
        result.append(
          (
            3, power == 2 ? "missing-square" : "missing-power",
            "without the power \(power)", without
          ))
        for (step, words) in [(1, "one too many"), (-1, "one too few")] where power + step > 0 {
          var other = scripts
          other.upper = number(String(power + step), upper)
          result.append(
            (
              3, "time-off-by-one", "with the power \(power + step), \(words)",
              with(.scripted(base, other))
            ))
        }
        if power == 2 || power == 3 {
          // 3^2 taken for 3·2.
          result.append(
            (
              6, "power-for-product", "with ·\(power) for the power \(power)",
              with(
                .product([
                  MathFactor(sign: .implicit, value: without),
                  MathFactor(sign: .times, value: number(String(power), upper)),
                ]))
            ))
        }
      } else {
        result.append((5, "missing-power", "without the power", without))
      }
    case .symbol, .function, .fenced(.parenthesis, _):
      result.append((7, "missing-square", "with the square of \(here)", squared(math)))
    case .number(let text):
      guard let value = Double(text), value > 0, value < 1 else { break }
      result.append(
        (
          4, "complement", "with 1 - \(text) in place of \(text)",
          number("\(1 - value)", math)
        ))
    default: break
    }
    return result
  }

  private static func squared(_ math: Math) -> Math {
    let two = Math(.number("2"), math.span)
    if case .function(var call) = math.kind, call.scripts?.upper == nil {
      var scripts = call.scripts ?? MathScripts()
      scripts.upper = two
      call.scripts = scripts
      return Math(.function(call), math.span)
    }
    var scripts = MathScripts()
    scripts.upper = two
    return Math(.scripted(math, scripts), math.span)
  }

  /// With a transpose put on or taken off somewhere, or two neighbours changing places.
  static func transposes(_ math: Math) -> [ClaimMutation] {
    var result: [ClaimMutation] = []
    visit(math, nil) { part, rebuild in
      guard result.count < 200 else { return }
      let name = text(part)
      if case .product(let factors) = part.kind, !isCallLike(factors) {
        for place in factors.indices.dropLast()
        where factors[place + 1].sign == .implicit || factors[place + 1].sign == .times {
          var copy = factors
          copy[place].value = factors[place + 1].value
          copy[place + 1].value = factors[place].value
          result.append(
            ClaimMutation(
              id: "wrong-order",
              says: "with \(text(factors[place + 1].value)) before \(text(factors[place].value))",
              math: rebuild(Math(.product(copy), part.span))))
        }
      }
      switch part.kind {
      case .symbol, .fenced(.parenthesis, _):
        var scripts = MathScripts()
        scripts.upper = Math(.mark("T"), part.span)
        result.append(
          ClaimMutation(
            id: "missing-transpose", says: "with \(name)ᵀ for \(name)",
            math: rebuild(Math(.scripted(part, scripts), part.span))))
      case .scripted(let base, let scripts):
        guard let symbol = ClaimSymbol(part), symbol.isTransposed, scripts.lower.isEmpty else {
          return
        }
        result.append(
          ClaimMutation(
            id: "extra-transpose", says: "with \(text(base)) for \(name)", math: rebuild(base)))
      default: return
      }
    }
    return result
  }

  private static func isLabel(_ math: Math) -> Bool {
    ClaimSymbol(math).map { $0.power == nil } ?? false
  }

  /// σ(x): its parts are no factors.
  private static func isCallLike(_ factors: [MathFactor]) -> Bool {
    guard let symbol = factors.first.flatMap({ ClaimSymbol($0.value) }) else { return false }
    return FormulaFunctions.applied(symbol.base) != nil
  }

  private static func isTwo(_ math: Math) -> Bool { wholeNumber(math) == 2 }

  private static func text(_ math: Math) -> String { ClaimText.pretty(math.span.text) }
}
