// Numbers for the free symbols of a claim, and shapes that fit together.
//
// A symbol that is indexed has the sizes of its letters. For the others numbers, vectors and matrices
// are tried until everything fits; with x^T or a capital letter the richest comes first.

import Notation

struct ClaimSample {
  enum Shape: Equatable {
    case number
    case whole(Int)
    case vector(Int)
    case matrix(Int, Int)
  }

  /// What a claim may silently presuppose.
  enum Condition: CaseIterable {
    case none, normalisedTargets, symmetricMatrices

    var says: String {
      switch self {
      case .none: ""
      case .normalisedTargets: "when the targets add up to 1"
      case .symmetricMatrices: "for symmetric matrices"
      }
    }
  }

  /// Values of all shapes for one point.
  static func values(
    _ shapes: [String: Shape], seed: Int, condition: Condition
  ) -> [String: FormulaValue] {
    var draw = Draw(seed: UInt64(seed) &* 7919 &+ 17)
    // The first points are between 0 and 1, where logarithms and roots are at home.
    let isPositive = seed % 3 != 2
    func number() -> Double {
      // Two decimals, so that a person can follow it.
      let x = 0.15 + 0.7 * draw.next()
      return ((isPositive ? x : x * 2.2 - 1.1) * 100).rounded() / 100
    }
    var result: [String: FormulaValue] = [:]
    for key in shapes.keys.sorted() {
      switch shapes[key] ?? .number {
      case .number: result[key] = FormulaValue(number())
      case .whole(let n): result[key] = FormulaValue(Double(n))
      case .vector(let n):
        var x = (0..<n).map { _ in number() }
        if condition == .normalisedTargets, isTarget(key) { x = normalised(x) }
        result[key] = FormulaValue(x)
      case .matrix(let m, let n) where isIdentity(key):
        let x = (0..<(m * n)).map { $0 / n == $0 % n ? 1.0 : 0 }
        result[key] = FormulaValue(x, dimensions: [m, n])
      case .matrix(let m, let n):
        var x = (0..<(m * n)).map { _ in number() }
        if condition == .symmetricMatrices, m == n {
          for i in 0..<m { for j in 0..<i { x[i * n + j] = x[j * n + i] } }
        }
        if condition == .normalisedTargets, isTarget(key) {
          for i in 0..<m {
            x.replaceSubrange(i * n..<(i + 1) * n, with: normalised(Array(x[i * n..<(i + 1) * n])))
          }
        }
        result[key] = FormulaValue(x, dimensions: [m, n])
      }
    }
    return result
  }

  private static func normalised(_ x: [Double]) -> [Double] {
    let positive = x.map { abs($0) }
    let total = positive.reduce(0, +)
    return positive.map { $0 / max(total, 1e-9) }
  }

  static func isTarget(_ key: String) -> Bool {
    let base = key.prefix { $0 != "^" }
    return ["y", "t", "d", "q", "Y", "T", "y_true", "target"].contains(String(base))
  }

  /// The identity matrix is called I wherever nothing else is said.
  static func isIdentity(_ key: String) -> Bool {
    ["I", "I_bf", "I_n", "I_d", "I_bf_n", "I_bf_d"].contains(key)
  }

  // MARK: Shapes

  private static let scalarLetters: Set<String> = [
    "alpha", "beta", "gamma", "lambda", "eta", "epsilon", "varepsilon", "tau", "kappa", "mu", "rho",
    "n", "m", "N", "M", "T", "K", "C", "c",
  ]

  /// How much of an assignment is a matrix or a vector: a claim is first held to the fullest reading.
  static func richness(_ shapes: [String: Shape]) -> Int {
    shapes.values.reduce(0) { sum, shape in
      switch shape {
      case .matrix: sum + 100
      case .vector: sum + 1
      case .number, .whole: sum
      }
    }
  }

  static func isSquare(_ shapes: [String: Shape]) -> Bool {
    shapes.values.contains {
      if case .matrix(let rows, let columns) = $0 { rows == columns } else { false }
    }
  }

  /// Ways to give every free symbol a shape, at most `limit` of them.
  static func shapes(_ usage: ClaimUsage, limit: Int = 3000) -> [[String: Shape]] {
    let sizes = usage.sizes()
    var fixed: [String: Shape] = [:]
    for count in usage.counts { fixed[count] = .whole(sizes["count " + count] ?? 3) }
    var open: [(key: String, choices: [Shape])] = []
    for key in usage.free.keys.sorted() where fixed[key] == nil {
      let places = usage.free[key] ?? 0
      let size = { (place: Int) in sizes["slot \(key) \(place)"] ?? 3 }
      let stem = String(key.prefix { $0 != "_" && $0 != "^" })
      let isCapital = stem.count == 1 && stem.first?.isUppercase == true
      switch places {
      case 0 where isIdentity(key):
        open.append((key, [.matrix(3, 3), .matrix(2, 2)]))
      case 0:
        if scalarLetters.contains(stem) {
          fixed[key] = .number
        } else if !usage.hasMatrices {
          open.append((key, [.number, .vector(3)]))
        } else if isCapital {
          open.append((key, [.matrix(2, 3), .matrix(3, 2), .matrix(3, 3), .number]))
        } else {
          open.append((key, [.vector(3), .vector(2), .number]))
        }
      case 1:
        let n = size(0)
        if usage.hasMatrices {
          open.append((key, [.vector(n), .matrix(n, n == 3 ? 2 : 3)]))
        } else {
          fixed[key] = .vector(n)
        }
      default: fixed[key] = .matrix(size(0), size(1))
      }
    }
    var result: [[String: Shape]] = [fixed]
    for (key, choices) in open {
      guard result.count * choices.count <= limit else {
        // Too many: the plainest alone.
        result = result.map { shapes in
          var shapes = shapes
          shapes[key] = .number
          return shapes
        }
        continue
      }
      result = choices.flatMap { choice in
        result.map { shapes in
          var shapes = shapes
          shapes[key] = choice
          return shapes
        }
      }
    }
    guard usage.hasMatrices else { return result }
    return result.enumerated().sorted {
      (-richness($0.element), isSquare($0.element) ? 1 : 0, $0.offset)
        < (-richness($1.element), isSquare($1.element) ? 1 : 0, $1.offset)
    }.map(\.element)
  }
}
