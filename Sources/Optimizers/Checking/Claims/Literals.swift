// The numbers written in an expression, in order, and the expression with others in their place.

import Notation

enum Literals {
  static func of(_ math: Math) -> [PrintedNumber] {
    var result: [PrintedNumber] = []
    _ = rebuilt(math) { number in
      result.append(number)
      return nil
    }
    return result
  }

  /// With one number changed, by its place.
  static func replaced(_ math: Math, place: Int, by value: Double) -> Math? {
    var next = 0
    var changed = false
    let result = rebuilt(math) { _ in
      defer { next += 1 }
      guard next == place else { return nil }
      changed = true
      return value
    }
    return changed ? result : nil
  }

  /// With the numbers changed for which there is another; nil when there is none.
  static func replaced(_ math: Math, _ other: (PrintedNumber) -> Double?) -> Math? {
    var changed = false
    let result = rebuilt(math) { number in
      guard let value = other(number) else { return nil }
      changed = true
      return value
    }
    return changed ? result : nil
  }

  private static func rebuilt(_ math: Math, _ change: (PrintedNumber) -> Double?) -> Math {
    MathRewrite.bottomUp(math) { part in
      guard case .number = part.kind, let number = PrintedNumber(part) else { return nil }
      return change(number).map { Math(.number("\($0)"), part.span) }
    }
  }
}

/// A formula with parts of it replaced.
enum MathRewrite {
  /// Replaces the largest parts for which `change` has another.
  static func topDown(_ math: Math, _ change: (Math) -> Math?) -> Math {
    if let other = change(math) { return other }
    return parts(math) { topDown($0, change) }
  }

  /// Replaces every part for which `change` has another; subscripts stay as they are.
  static func bottomUp(_ math: Math, _ change: (Math) -> Math?) -> Math {
    let result = parts(math) { bottomUp($0, change) }
    return change(result) ?? result
  }

  /// With every part of it changed, the subscripts left out.
  private static func parts(_ math: Math, _ go: (Math) -> Math) -> Math {
    var result = math
    switch math.kind {
    case .number, .symbol, .mark, .ellipsis, .accented, .gradient: break
    case .scripted(let base, var scripts):
      scripts.upper = scripts.upper.map(go)
      result.kind = .scripted(go(base), scripts)
    case .sum(let terms):
      result.kind = .sum(terms.map { MathTerm(isNegative: $0.isNegative, value: go($0.value)) })
    case .product(let factors):
      result.kind = .product(factors.map { MathFactor(sign: $0.sign, value: go($0.value)) })
    case .fraction(let a, let b): result.kind = .fraction(go(a), go(b))
    case .root(let inner, let degree): result.kind = .root(go(inner), degree: degree.map(go))
    case .fenced(let fence, let items): result.kind = .fenced(fence, items.map(go))
    case .function(var call):
      call.arguments = call.arguments.map(go)
      result.kind = .function(call)
    case .big(let name, let scripts, let body): result.kind = .big(name, scripts, go(body))
    case .cases(let cases):
      result.kind = .cases(
        cases.map { one in
          var one = one
          one.value = go(one.value)
          one.condition = one.condition.map(go)
          return one
        })
    case .relation(let sides, let relations): result.kind = .relation(sides.map(go), relations)
    case .evaluated(let inner, let at): result.kind = .evaluated(go(inner), at: at)
    case .elementwise(let inner): result.kind = .elementwise(go(inner))
    }
    return result
  }
}
