// What a part of a claim is worth: a number, a vector (a column), or a matrix in rows.
//
// Shapes follow the textbook: x^T is a row, W x a column, x y^T a matrix, a row times a column a
// number. What does not fit is an error, never stretched; only a bias may be added to every row.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

enum ClaimValue: Sendable {
  case number(Double)
  case vector([Double])
  case matrix(rows: Int, columns: Int, [Double])

  enum ShapeError: Error {
    case mismatch(String)
    /// A product of more elements or multiplications than are worked out.
    case tooLarge
  }

  /// No product has more elements than this: x xᵀ of a long list would fill the memory.
  static let mostElements = 1_000_000
  /// And none takes more multiplications.
  static let mostMultiplications = 20_000_000

  var elements: [Double] {
    switch self {
    case .number(let x): [x]
    case .vector(let x), .matrix(_, _, let x): x
    }
  }

  var number: Double? {
    if case .number(let x) = self { return x }
    return nil
  }

  var isFinite: Bool { elements.allSatisfy(\.isFinite) }

  /// For a sentence: `a number`, `[3]`, `[2, 3]`.
  var shapeText: String {
    switch self {
    case .number: "a number"
    case .vector(let x): "[\(x.count)]"
    case .matrix(let rows, let columns, _): "[\(rows), \(columns)]"
    }
  }

  func hasShape(of other: ClaimValue) -> Bool {
    switch (self, other) {
    case (.number, .number): true
    case (.vector(let a), .vector(let b)): a.count == b.count
    case (.matrix(let a, let b, _), .matrix(let c, let d, _)): a == c && b == d
    default: false
    }
  }

  /// The same shape with other elements.
  func with(_ elements: [Double]) -> ClaimValue {
    switch self {
    case .number: elements.first.map(ClaimValue.number) ?? self
    case .vector: .vector(elements)
    case .matrix(let rows, let columns, _): .matrix(rows: rows, columns: columns, elements)
    }
  }

  func map(_ run: (Double) -> Double) -> ClaimValue { with(elements.map(run)) }

  /// A matrix with one row and one column is a number.
  var simplified: ClaimValue {
    if case .matrix(1, 1, let x) = self, let first = x.first { return .number(first) }
    return self
  }

  // MARK: Elementwise

  static func elementwise(
    _ a: ClaimValue, _ b: ClaimValue, _ sign: String, _ run: (Double, Double) -> Double
  ) throws(ShapeError) -> ClaimValue {
    switch (a, b) {
    case (.number(let x), _): return b.map { run(x, $0) }
    case (_, .number(let y)): return a.map { run($0, y) }
    case (.matrix(let rows, let columns, let x), .vector(let y))
    where columns == y.count && rows != y.count && sign == "+":
      // A bias, added to every row.
      return .matrix(
        rows: rows, columns: columns, x.indices.map { run(x[$0], y[$0 % max(1, columns)]) })
    default:
      guard a.hasShape(of: b) else {
        throw .mismatch("\(a.shapeText) and \(b.shapeText) do not fit together in \(sign)")
      }
      let (x, y) = (a.elements, b.elements)
      return a.with(x.indices.map { run(x[$0], y[$0]) })
    }
  }

  // MARK: Products

  var asMatrix: (rows: Int, columns: Int, elements: [Double]) {
    switch self {
    case .number(let x): (1, 1, [x])
    case .vector(let x): (x.count, 1, x)
    case .matrix(let rows, let columns, let x): (rows, columns, x)
    }
  }

  static func product(_ a: ClaimValue, _ b: ClaimValue) throws(ShapeError) -> ClaimValue {
    switch (a, b) {
    case (.number, _), (_, .number): return try elementwise(a, b, "·", *)
    default: break
    }
    let (m, n, x) = a.asMatrix
    let (p, q, y) = b.asMatrix
    guard n == p else {
      throw .mismatch("\(a.shapeText) and \(b.shapeText) do not fit together in a product")
    }
    let (size, isOver) = m.multipliedReportingOverflow(by: q)
    guard !isOver, size <= mostElements, n <= mostMultiplications / max(1, size) else {
      throw .tooLarge
    }
    var result = [Double](repeating: 0, count: size)
    for i in 0..<m {
      for k in 0..<n {
        for j in 0..<q { result[i * q + j] += x[i * n + k] * y[k * q + j] }
      }
    }
    if case .vector = b { return m == 1 ? .number(result[0]) : .vector(result) }
    return ClaimValue.matrix(rows: m, columns: q, result).simplified
  }

  /// a · b of two vectors.
  static func dot(_ a: ClaimValue, _ b: ClaimValue) throws(ShapeError) -> ClaimValue {
    if case .vector(let x) = a, case .vector(let y) = b, x.count == y.count {
      return .number(zip(x, y).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return try product(a, b)
  }

  var transposed: ClaimValue {
    switch self {
    case .number: return self
    case .vector(let x): return .matrix(rows: 1, columns: x.count, x)
    case .matrix(let rows, let columns, let x):
      if rows == 1 { return .vector(x) }
      var result: [Double] = []
      for j in 0..<columns { for i in 0..<rows { result.append(x[i * columns + j]) } }
      return .matrix(rows: columns, columns: rows, result)
    }
  }

  /// By Gauss and Jordan with pivots; nil when it is singular or not square.
  var inverse: ClaimValue? {
    guard case .matrix(let n, let columns, let given) = self, n == columns, n <= 8 else {
      return nil
    }
    var a = given
    var b = [Double](repeating: 0, count: n * n)
    for i in 0..<n { b[i * n + i] = 1 }
    for c in 0..<n {
      guard let pivot = (c..<n).max(by: { abs(a[$0 * n + c]) < abs(a[$1 * n + c]) }),
        abs(a[pivot * n + c]) > 1e-300
      else { return nil }
      for j in 0..<n {
        a.swapAt(c * n + j, pivot * n + j)
        b.swapAt(c * n + j, pivot * n + j)
      }
      let scale = a[c * n + c]
      for j in 0..<n {
        a[c * n + j] /= scale
        b[c * n + j] /= scale
      }
      for i in 0..<n where i != c {
        let factor = a[i * n + c]
        for j in 0..<n {
          a[i * n + j] -= factor * a[c * n + j]
          b[i * n + j] -= factor * b[c * n + j]
        }
      }
    }
    return .matrix(rows: n, columns: n, b)
  }

  /// 1-based, as printed.
  func element(_ indices: [Int]) -> ClaimValue? {
    switch self {
    case .number: return nil
    case .vector(let x):
      guard indices.count == 1, x.indices.contains(indices[0] - 1) else { return nil }
      return .number(x[indices[0] - 1])
    case .matrix(let rows, let columns, let x):
      guard let row = indices.first, (1...max(1, rows)).contains(row), rows > 0 else { return nil }
      if indices.count == 1 {
        return .vector(Array(x[((row - 1) * columns)..<(row * columns)]))
      }
      guard indices.count == 2, (1...max(1, columns)).contains(indices[1]) else { return nil }
      return .number(x[(row - 1) * columns + indices[1] - 1])
    }
  }
}
