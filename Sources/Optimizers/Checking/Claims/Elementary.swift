// Elementary functions of one number, as the evaluator of claims uses them.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

enum Elementary {
  /// Neither overflows nor loses the small side: 1/(1 + e^-x).
  @Sendable static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
  }

  @Sendable static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

  @Sendable static func tanh(_ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.tanh(x)
    #else
      Darwin.tanh(x)
    #endif
  }

  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
  static func root(_ x: Double, _ degree: Double) -> Double {
    degree == 3 ? cbrt(x) : pow(x, 1 / degree)
  }

  static func function(_ name: String) -> ((Double) -> Double)? {
    switch name {
    case "log": log
    case "lg": log10
    case "exp": exp
    case "sin": sin
    case "cos": cos
    case "tan": tan
    case "tanh": tanh
    case "sinh": sinh
    case "cosh": cosh
    case "sqrt": { $0.squareRoot() }
    case "abs": { abs($0) }
    case "sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    case "round": { $0.rounded(.toNearestOrEven) }
    case "floor": { $0.rounded(.down) }
    case "ceil": { $0.rounded(.up) }
    default: nil
    }
  }
}
