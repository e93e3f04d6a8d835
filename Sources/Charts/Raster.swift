// A picture of a matrix: its values as shades, the first row at the top.
//
// The lowest value is the lightest in print and the darkest on a screen that shows grays; characters
// are the denser the higher the value. Values that are not finite are left blank.

package struct Raster: Sendable {
  package let title: String
  package let rows: Int
  package let columns: Int
  /// Row by row.
  package let values: [Double]
  /// The values shown lightest and darkest.
  package let range: ClosedRange<Double>

  /// nil when there are no values, or not `rows·columns` of them.
  package init?(_ title: String, rows: Int, columns: Int, values: [Double]) {
    guard rows > 0, columns > 0, values.count / columns == rows, values.count % columns == 0 else {
      return nil
    }
    self.title = title
    self.rows = rows
    self.columns = columns
    self.values = values
    range = Scale.range(of: values) ?? 0...0
  }

  /// A value's shade from 0 to 1; nil when it is not finite. A constant picture is all 0.
  package func shade(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let (low, high) = (range.lowerBound, range.upperBound)
    guard low < high else { return 0 }
    return max(0, min(1, (value / 4 - low / 4) / (high / 4 - low / 4)))
  }

  /// The shades of a picture made smaller to fit so many pixels: means of blocks.
  func shades(columns most: Int, rows mostRows: Int) -> (columns: Int, rows: Int, shades: [Double?])
  {
    let factor = max(
      1, (columns + max(1, most) - 1) / max(1, most),
      (rows + max(1, mostRows) - 1) / max(1, mostRows))
    let width = (columns + factor - 1) / factor
    let height = (rows + factor - 1) / factor
    var result: [Double?] = []
    for row in 0..<height {
      for column in 0..<width {
        var sum = 0.0
        var count = 0
        for y in row * factor..<min(rows, (row + 1) * factor) {
          for x in column * factor..<min(columns, (column + 1) * factor) {
            guard let shade = shade(values[y * columns + x]) else { continue }
            sum += shade
            count += 1
          }
        }
        result.append(count > 0 ? sum / Double(count) : nil)
      }
    }
    return (width, height, result)
  }

  /// What the shades mean: `8 × 8, from 0 to 16`.
  package func caption(ascii: Bool) -> String {
    let size = "\(rows) \(ascii ? "x" : "×") \(columns)"
    let (low, high) = (range.lowerBound, range.upperBound)
    let missing = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
    let blank = missing > 0 ? "; \(missing) not finite left blank" : ""
    if missing == values.count { return "\(size), none of them finite" }
    if low == high { return "\(size), all \(NumberLabel.short(low))\(blank)" }
    return "\(size), from \(NumberLabel.short(low)) to \(NumberLabel.short(high))\(blank)"
  }
}
