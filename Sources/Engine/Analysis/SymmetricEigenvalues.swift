// The eigenvalues of a small symmetric matrix by Jacobi's rotations (Golub & Van Loan, section 8.5).
//
// Slow beyond some dozens of rows and unbeatably plain below; it always ends.

package enum SymmetricEigenvalues {
  /// Each sweep squares the distance from diagonal; a dozen reach full precision.
  private static let mostSweeps = 50

  /// In ascending order; nil if an element is not finite. `matrix` is row-major, `count` by `count`;
  /// of what is not symmetric the mean of both halves is taken.
  package static func of(_ matrix: [Double], count n: Int) -> [Double]? {
    let (size, overflow) = n.multipliedReportingOverflow(by: n)
    guard n > 0, !overflow, matrix.count == size, matrix.allSatisfy(\.isFinite) else { return nil }
    var a = matrix
    for i in 0..<n {
      for j in 0..<i {
        let mean = a[i * n + j] / 2 + a[j * n + i] / 2
        a[i * n + j] = mean
        a[j * n + i] = mean
      }
    }
    for _ in 0..<mostSweeps {
      var off = 0.0
      for i in 0..<n { for j in 0..<i { off = max(off, abs(a[i * n + j])) } }
      let largest = (0..<n).reduce(0) { max($0, abs(a[$1 * n + $1])) }
      if off <= .leastNormalMagnitude || off <= 1e-17 * largest { break }
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1) { rotate(&a, n, p, q) }
      }
    }
    let values = (0..<n).map { a[$0 * n + $0] }
    return values.allSatisfy(\.isFinite) ? values.sorted() : nil
  }

  /// Makes the element at (p, q) zero.
  private static func rotate(_ a: inout [Double], _ n: Int, _ p: Int, _ q: Int) {
    let apq = a[p * n + q]
    guard apq != 0 else { return }
    let tau = (a[q * n + q] - a[p * n + p]) / (2 * apq)
    guard tau.isFinite else {
      // The rotation is by nothing: too small beside the diagonal to matter.
      a[p * n + q] = 0
      a[q * n + p] = 0
      return
    }
    let t = (tau < 0 ? -1 : 1) / (abs(tau) + (1 + tau * tau).squareRoot())
    let c = 1 / (1 + t * t).squareRoot()
    let s = t * c
    for k in 0..<n {
      let akp = a[k * n + p]
      let akq = a[k * n + q]
      a[k * n + p] = c * akp - s * akq
      a[k * n + q] = s * akp + c * akq
    }
    for k in 0..<n {
      let apk = a[p * n + k]
      let aqk = a[q * n + k]
      a[p * n + k] = c * apk - s * aqk
      a[q * n + k] = s * apk + c * aqk
    }
  }
}
