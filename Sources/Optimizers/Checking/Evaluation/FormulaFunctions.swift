// Functions of printed formulas by the names that texts give them: the one table for every checker.

import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct FormulaFunction: Sendable {
  /// How many arguments it may have.
  var takes: ClosedRange<Int>
  /// Of one number, when it is taken element by element.
  var scalar: (@Sendable (Double) -> Double)?
  var derivative: (@Sendable (Double) -> Double)?
  /// What it is in a graph.
  var operation: Operation?
  /// nil when the shapes do not fit.
  var body: @Sendable ([FormulaValue]) -> FormulaValue?

  static func elementwise(
    _ body: @escaping @Sendable (Double) -> Double, _ operation: Operation? = nil,
    derivative: (@Sendable (Double) -> Double)? = nil
  ) -> FormulaFunction {
    FormulaFunction(takes: 1...1, scalar: body, derivative: derivative, operation: operation) {
      $0[0].map(body)
    }
  }

  static func reducing(_ body: @escaping @Sendable ([Double]) -> Double) -> FormulaFunction {
    FormulaFunction(takes: 1...1) { arguments in
      guard !arguments[0].isScalar, !arguments[0].elements.isEmpty else { return nil }
      return FormulaValue(body(arguments[0].elements))
    }
  }
}

enum FormulaFunctions {
  /// The names that are applied to brackets although TeX has no command for them.
  static func named(_ name: String) -> FormulaFunction? {
    table[canonical(name)]
  }

  /// The name under which a function stands in the table.
  static func canonical(_ name: String) -> String {
    if table[name] != nil { return name }
    let lower = name.lowercased()
    return aliases[name] ?? aliases[lower] ?? (table[lower] != nil ? lower : name)
  }

  /// The function of a name before brackets that nothing in the text defines: σ(x), ReLU(x), var(x).
  /// A capital letter may be anything.
  static func applied(_ name: String) -> FormulaFunction? {
    name.count > 1 && name != "Phi" && !name.contains(":") ? named(name) : nil
  }

  /// Functions of a whole vector.
  static let reducing: Set<String> = [
    "sum", "mean", "var", "std", "norm", "logsumexp", "softmax", "logsoftmax",
  ]

  private static let aliases: [String: String] = [
    "ln": "log", "sgn": "sign", "relu": "ReLU", "sigm": "sigmoid", "logistic": "sigmoid",
    "E:bb": "mean", "avg": "mean", "average": "mean", "clamp": "clip", "E": "mean",
    "rint": "round", "sigma": "sigmoid", "silu": "swish", "normal_cdf": "Phi", "I:bb": "I",
    "1:bb": "I", "log_softmax": "logsoftmax", "lse": "logsumexp", "V:bb": "var",
    "nint": "round", "Tr": "tr", "trace": "tr", "Diag": "diag", "expit": "sigmoid",
  ]

  /// The larger of two numbers; what is undefined stays undefined, whichever of them it is.
  static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }
  static func smaller(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : min(a, b) }

  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

  /// A root of an odd degree has the sign of the number.
  static func root(_ x: Double, _ degree: Double) -> Double {
    if degree == 2 { return x.squareRoot() }
    if degree == 3 { return cbrt(x) }
    let isOdd = degree.truncatingRemainder(dividingBy: 2).magnitude == 1
    return isOdd && x < 0 ? -pow(-x, 1 / degree) : pow(x, 1 / degree)
  }

  static func exponential(_ x: Double) -> Double { exp(x) }
  static func logarithm(_ x: Double) -> Double { log(x) }

  static func logarithm(_ x: Double, base: Double) -> Double {
    base == 2 ? log2(x) : base == 10 ? log10(x) : log(x) / log(base)
  }

  /// By elimination; nil for what is no square matrix.
  private static func determinant(_ x: FormulaValue) -> FormulaValue? {
    guard x.dimensions.count == 2, x.dimensions[0] == x.dimensions[1] else { return nil }
    let n = x.dimensions[0]
    var rows = (0..<n).map { row in Array(x.elements[(row * n)..<((row + 1) * n)]) }
    var result = 1.0
    for column in 0..<n {
      guard
        let pivot = (column..<n).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
        rows[pivot][column] != 0
      else { return FormulaValue(0) }
      if pivot != column {
        rows.swapAt(pivot, column)
        result = -result
      }
      result *= rows[column][column]
      for row in (column + 1)..<max(n, column + 1) {
        let factor = rows[row][column] / rows[column][column]
        for place in column..<n { rows[row][place] -= factor * rows[column][place] }
      }
    }
    return FormulaValue(result)
  }

  /// n! of a whole number that is not negative; of 171 on it is no float64.
  private static func factorial(_ x: Double) -> Double {
    guard x >= 0, x == x.rounded() else { return .nan }
    guard x <= 170 else { return .infinity }
    return (1...max(1, Int(x))).reduce(1) { $0 * Double($1) }
  }

  /// n over k, of whole numbers.
  private static func binomial(_ n: Double, _ k: Double) -> Double {
    guard n >= 0, n == n.rounded(), k == k.rounded(), n <= 1000 else { return .nan }
    guard k >= 0, k <= n else { return 0 }
    var result = 1.0
    for place in 0..<Int(min(k, n - k)) {
      result = (result * (n - Double(place)) / Double(place + 1)).rounded()
    }
    return result
  }

  /// Stands for a function that nothing defines: smooth, and nothing that anybody would mean.
  static func smooth(_ x: Double) -> Double { tanh(0.9 * x) + 0.3 * x * x }

  static func sigmoid(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  }

  private static func softmax(_ z: [Double]) -> [Double] {
    let top = z.max() ?? 0
    let parts = z.map { exp($0 - top) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  private static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

  private static func variance(_ x: [Double]) -> Double {
    let center = mean(x)
    return mean(x.map { ($0 - center) * ($0 - center) })
  }

  private static func folding(_ two: @escaping @Sendable (Double, Double) -> Double)
    -> FormulaFunction
  {
    FormulaFunction(takes: 1...8) { arguments in
      if arguments.count == 1 {
        let elements = arguments[0].elements
        guard !arguments[0].isScalar, let first = elements.first else { return nil }
        return FormulaValue(elements.dropFirst().reduce(first, two))
      }
      var result = arguments[0]
      for next in arguments.dropFirst() {
        guard let combined = result.combined(with: next, two) else { return nil }
        result = combined
      }
      return result
    }
  }

  private static let table: [String: FormulaFunction] = [
    "exp": .elementwise({ exp($0) }, .exp, derivative: { exp($0) }),
    "log": .elementwise({ log($0) }, .log, derivative: { 1 / $0 }),
    "lg": .elementwise({ log10($0) }),
    "log1p": .elementwise({ log1p($0) }, .log1p),
    "expm1": .elementwise({ expm1($0) }, .expm1),
    "sqrt": .elementwise({ $0.squareRoot() }, .squareRoot),
    "abs": .elementwise({ abs($0) }, .absolute),
    "sign": .elementwise({ $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, .sign),
    "sin": .elementwise({ sin($0) }, .sin, derivative: { cos($0) }),
    "cos": .elementwise({ cos($0) }, .cos, derivative: { -sin($0) }),
    "tan": .elementwise({ tan($0) }, .tan),
    "sinh": .elementwise({ sinh($0) }),
    "cosh": .elementwise({ cosh($0) }),
    "tanh": .elementwise({ tanh($0) }, .tanh, derivative: { 1 - tanh($0) * tanh($0) }),
    "erf": .elementwise({ erf($0) }, .erf),
    "Phi": .elementwise({ 0.5 * erfc(-$0 / 2.0.squareRoot()) }),
    // Half to even, as IEEE 754, NumPy and PyTorch.
    "round": .elementwise({ $0.rounded(.toNearestOrEven) }),
    "roundaway": .elementwise({ $0.rounded(.toNearestOrAwayFromZero) }),
    "floor": .elementwise({ $0.rounded(.down) }),
    "ceil": .elementwise({ $0.rounded(.up) }),
    "trunc": .elementwise({ $0.rounded(.towardZero) }),
    "sigmoid": .elementwise(
      { sigmoid($0) }, .sigmoid, derivative: { sigmoid($0) * sigmoid(-$0) }),
    "ReLU": .elementwise({ larger(0, $0) }, .relu, derivative: { $0 > 0 ? 1 : 0 }),
    "softplus": .elementwise(
      { larger($0, 0) + log1p(exp(-abs($0))) }, .softplus, derivative: { sigmoid($0) }),
    "swish": .elementwise({ $0 * sigmoid($0) }),
    "I": .elementwise({ $0 }),
    "sum": .reducing { $0.reduce(0, +) },
    "mean": .reducing { mean($0) },
    "var": .reducing { variance($0) },
    "std": .reducing { variance($0).squareRoot() },
    "norm": .reducing { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() },
    "logsumexp": .reducing { z in
      let top = z.max() ?? 0
      return top + log(z.reduce(0) { $0 + exp($1 - top) })
    },
    "softmax": FormulaFunction(takes: 1...1) { arguments in
      // Of a matrix, row by row.
      let z = arguments[0]
      guard let width = z.dimensions.last, width > 0, z.dimensions.count <= 2 else { return nil }
      let rows = stride(from: 0, to: z.elements.count, by: width).flatMap {
        softmax(Array(z.elements[$0..<min($0 + width, z.elements.count)]))
      }
      return FormulaValue(rows, dimensions: z.dimensions)
    },
    "logsoftmax": FormulaFunction(takes: 1...1) { arguments in
      guard arguments[0].dimensions.count == 1 else { return nil }
      let z = arguments[0].elements
      let top = z.max() ?? 0
      let sum = log(z.reduce(0) { $0 + exp($1 - top) })
      return arguments[0].map { $0 - top - sum }
    },
    "diag": FormulaFunction(takes: 1...1) { arguments in
      let x = arguments[0]
      guard x.dimensions.count == 1 else { return nil }
      let n = x.elements.count
      return FormulaValue.matrix(
        rows: n, columns: n, (0..<(n * n)).map { $0 / n == $0 % n ? x.elements[$0 / n] : 0 })
    },
    "tr": FormulaFunction(takes: 1...1) { arguments in
      let x = arguments[0]
      guard x.dimensions.count == 2, x.dimensions[0] == x.dimensions[1] else { return nil }
      return FormulaValue(
        (0..<x.dimensions[0]).reduce(0) { $0 + x.elements[$1 * x.dimensions[0] + $1] })
    },
    "det": FormulaFunction(takes: 1...1) { arguments in determinant(arguments[0]) },
    "factorial": .elementwise({ factorial($0) }),
    // What is left is no smaller than zero where the divisor is not.
    "mod": FormulaFunction(takes: 2...2) { arguments in
      arguments[0].combined(with: arguments[1]) { $0 - $1 * ($0 / $1).rounded(.down) }
    },
    "binom": FormulaFunction(takes: 2...2) { arguments in
      arguments[0].combined(with: arguments[1], binomial)
    },
    "max": folding(larger),
    "min": folding(smaller),
    "clip": FormulaFunction(takes: 3...3) { arguments in
      arguments[0].combined(with: arguments[1], larger)?.combined(with: arguments[2], smaller)
    },
  ]
}
