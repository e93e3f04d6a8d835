// A matrix with orthonormal columns (or rows, whichever are fewer) from one of normal draws, as
// Saxe, McClelland & Ganguli (2014) begin deep networks.
//
// The Q of a QR decomposition by modified Gram-Schmidt, each vector taken twice, which leaves it
// orthogonal to rounding. The diagonal of R is positive by construction, as PyTorch makes it by
// signs, so that Q is spread evenly over all orthogonal matrices.

enum Orthogonal {
  /// - Parameters:
  ///   - draws: row-major, `rows` × `columns`.
  /// - Returns: a matrix of the same sizes.
  static func basis(_ draws: [Double], rows: Int, columns: Int) -> [Double] {
    let count = min(rows, columns)
    let length = max(rows, columns)
    guard count > 0, draws.count == rows * columns else { return draws }
    let isTall = rows >= columns
    // The vectors to be made orthogonal, one after the other.
    var vectors = [Double](repeating: 0, count: count * length)
    for vector in 0..<count {
      for i in 0..<length {
        vectors[vector * length + i] =
          isTall ? draws[i * columns + vector] : draws[vector * columns + i]
      }
    }
    for vector in 0..<count {
      let start = vector * length
      for _ in 0..<2 {
        for other in 0..<vector {
          let begin = other * length
          var product = 0.0
          for i in 0..<length { product += vectors[start + i] * vectors[begin + i] }
          for i in 0..<length { vectors[start + i] -= product * vectors[begin + i] }
        }
      }
      var sum = 0.0
      for i in 0..<length { sum += vectors[start + i] * vectors[start + i] }
      let norm = sum.squareRoot()
      guard norm > 0 else { continue }
      for i in 0..<length { vectors[start + i] /= norm }
    }
    guard isTall else { return vectors }
    var result = draws
    for vector in 0..<count {
      for i in 0..<length { result[i * columns + vector] = vectors[vector * length + i] }
    }
    return result
  }
}
