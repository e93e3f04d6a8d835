// Values over a grid, and the lines along which they have one height: marching squares.
//
// Every square of the grid is crossed where a level lies between two of its corners; a saddle is
// resolved by the mean of the corners. Squares with a corner that is not finite are left out.

package struct Field: Sendable {
  package let name: String
  package let x: ClosedRange<Double>
  package let y: ClosedRange<Double>
  package let columns: Int
  package let rows: Int
  /// Row by row from the lowest y, each from the lowest x; `columns·rows` of them.
  package let values: [Double]
  package var levels: [Double]

  /// nil unless there are at least 2 by 2 values, as many as the grid has places.
  package init?(
    _ name: String, x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int,
    values: [Double], levels: [Double]? = nil
  ) {
    guard columns >= 2, rows >= 2, columns <= 1 << 15, rows <= 1 << 15,
      values.count == columns * rows
    else { return nil }
    self.name = name
    self.x = x
    self.y = y
    self.columns = columns
    self.rows = rows
    self.values = values
    self.levels = levels ?? Field.levels(of: values)
  }

  /// Heights that leave about as much of the plane between any two of them, with more near the
  /// lowest, each rounded to as few digits as tell it from the lowest.
  static func levels(of values: [Double]) -> [Double] {
    let sorted = values.filter(\.isFinite).sorted()
    guard let lowest = sorted.first, let highest = sorted.last, lowest < highest else { return [] }
    var levels: [Double] = []
    for share in [0.004, 0.02, 0.06, 0.13, 0.22, 0.33, 0.45, 0.58, 0.72, 0.87] {
      let value = sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
      let level = rounded(value, lowest)
      if level > lowest, level < highest, level > levels.last ?? -.infinity { levels.append(level) }
    }
    return levels
  }

  private static func rounded(_ value: Double, _ lowest: Double) -> Double {
    for digits in 2...12 {
      guard let rounded = Double(NumberLabel.short(value, digits: digits)) else { break }
      if abs(rounded - value) <= 0.1 * (value - lowest) { return rounded }
    }
    return value
  }

  /// A level as it is written beside its line.
  static func label(_ level: Double) -> String { NumberLabel.short(level, digits: 12) }

  /// The lines of one height, each as the points it runs through; closed ones end where they begin.
  package func contour(at level: Double) -> [[Point]] {
    var segments: [(Int, Int)] = []
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        segments += crossings(column, row, level)
      }
    }
    return joined(segments).map { edges in edges.map { place(of: $0, level) } }
  }

  /// An edge of the grid: 2·place for the one to the right of a place, 2·place + 1 for the one up.
  private func crossings(_ column: Int, _ row: Int, _ level: Double) -> [(Int, Int)] {
    let place = row * columns + column
    let corners = [
      values[place], values[place + 1], values[place + columns + 1], values[place + columns],
    ]
    guard corners.allSatisfy(\.isFinite) else { return [] }
    let bottom = 2 * place
    let right = 2 * (place + 1) + 1
    let top = 2 * (place + columns)
    let left = 2 * place + 1
    var pattern = 0
    for (i, corner) in corners.enumerated() where corner >= level { pattern |= 1 << i }
    switch pattern {
    case 1, 14: return [(left, bottom)]
    case 2, 13: return [(bottom, right)]
    case 3, 12: return [(left, right)]
    case 4, 11: return [(right, top)]
    case 6, 9: return [(bottom, top)]
    case 7, 8: return [(left, top)]
    case 5, 10:
      let middle = corners.reduce(0) { $0 + $1 / 4 }
      return (middle >= level) == (pattern == 5)
        ? [(left, top), (bottom, right)] : [(left, bottom), (right, top)]
    default: return []
    }
  }

  /// Where a level crosses an edge.
  private func place(of edge: Int, _ level: Double) -> Point {
    let place = edge / 2
    let isUp = edge % 2 == 1
    let other = isUp ? place + columns : place + 1
    let (a, b) = (values[place], values[other])
    let t = b == a ? 0.5 : (level / 2 - a / 2) / (b / 2 - a / 2)
    let column = Double(place % columns) + (isUp ? 0 : t)
    let row = Double(place / columns) + (isUp ? t : 0)
    let u = column / Double(columns - 1)
    let v = row / Double(rows - 1)
    return Point(
      x.lowerBound * (1 - u) + x.upperBound * u, y.lowerBound * (1 - v) + y.upperBound * v)
  }

  /// Segments that share an edge become one line.
  private func joined(_ segments: [(Int, Int)]) -> [[Int]] {
    var atEdge: [Int: [Int]] = [:]
    for (i, segment) in segments.enumerated() {
      atEdge[segment.0, default: []].append(i)
      atEdge[segment.1, default: []].append(i)
    }
    var used = [Bool](repeating: false, count: segments.count)
    func follow(from edge: Int) -> [Int] {
      var line = [edge]
      var here = edge
      while let next = atEdge[here]?.first(where: { !used[$0] }) {
        used[next] = true
        here = segments[next].0 == here ? segments[next].1 : segments[next].0
        line.append(here)
      }
      return line
    }
    var lines: [[Int]] = []
    // Lines that end at the border first, so that none is begun in its middle.
    for isBorder in [true, false] {
      for (i, segment) in segments.enumerated() where !used[i] {
        let ends = [segment.0, segment.1].filter { atEdge[$0]?.count == 1 }
        guard let start = isBorder ? ends.first : segment.0 else { continue }
        lines.append(follow(from: start))
      }
    }
    return lines
  }
}
