// Fewer points that look the same: of every column of the picture the first, the lowest, the highest
// and the last point are kept, in their order. Peaks never disappear.

extension Series {
  /// The points worth drawing in so many columns. Lines whose x goes back and forth, and single
  /// points, are kept as they are.
  func decimated(columns: Int, on scale: Scale) -> [Point] {
    let columns = max(1, columns)
    guard points.count > 4 * columns, drawing == .line else { return points }
    var kept: [Point] = []
    var column = Int.min
    var first = 0
    var low = 0
    var high = 0
    func close(at last: Int) {
      var previous = -1
      for i in [first, min(low, high), max(low, high), last] where i > previous {
        kept.append(points[i])
        previous = i
      }
    }
    var isOpen = false
    var lastX = -Double.infinity
    for (i, point) in points.enumerated() {
      guard point.isFinite, let fraction = scale.fraction(point.x) else {
        if isOpen { close(at: i - 1) }
        isOpen = false
        if kept.last?.isFinite ?? true { kept.append(point) }
        continue
      }
      guard point.x >= lastX else { return points }
      lastX = point.x
      let place = Int(max(-1, min(2, fraction)) * Double(columns))
      if isOpen, place == column {
        if point.y < points[low].y { low = i }
        if point.y > points[high].y { high = i }
      } else {
        if isOpen { close(at: i - 1) }
        (column, first, low, high, isOpen) = (place, i, i, i, true)
      }
    }
    if isOpen { close(at: points.count - 1) }
    return kept
  }
}
