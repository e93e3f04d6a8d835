// When two quick runs are the same.

extension Lanes {
  /// Beyond this, numbers lose the digits that tell, and are no evidence.
  static let sober = 1e6

  /// The same, both without a number included.
  static func agree(_ a: Lanes, _ b: Lanes) -> Bool {
    for lane in 0..<Lanes.count where !agree(a[lane], b[lane]) { return false }
    return true
  }

  /// The same step after step, each number as far as the first run stays sober.
  static func agree(_ own: [Lanes], _ other: [Lanes]) -> Bool {
    guard own.count == other.count else { return false }
    var isAway = [Bool](repeating: false, count: Lanes.count)
    for (a, b) in Swift.zip(own, other) {
      for lane in 0..<Lanes.count where !isAway[lane] {
        if abs(a[lane]) > sober { isAway[lane] = true }
        guard agree(a[lane], b[lane]) else { return false }
      }
    }
    return true
  }

  private static func agree(_ x: Double, _ y: Double) -> Bool {
    // What is infinite is near to nothing.
    x == y || x.isNaN && y.isNaN
      || x.isFinite && abs(x - y) <= RunDistance.tolerance * max(1, abs(x))
  }
}
