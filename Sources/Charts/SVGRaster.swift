// A picture of a matrix as a standalone SVG file: a square for every value, white for the lowest and
// black for the highest, with a key.

package struct SVGRaster {
  private let raster: Raster
  /// A file with more squares than this would be slow to open; pictures are made smaller.
  private static let most = 256

  package init(_ raster: Raster) { self.raster = raster }

  package func text() -> String {
    let (columns, rows, shades) = raster.shades(columns: SVGRaster.most, rows: SVGRaster.most)
    let side = max(1, min(40, min(560 / Double(columns), 440 / Double(rows))))
    let left = 24.0
    let top = raster.title.isEmpty ? 20.0 : 42.0
    let width = max(320, 2 * left + side * Double(columns))
    let bottom = top + side * Double(rows)
    var document = SVGDocument(width: width, height: bottom + 56)
    if !raster.title.isEmpty {
      document.text(raster.title, at: Point(left, 26), size: 15, weight: "bold")
    }
    document.open("g", [("shape-rendering", "crispEdges")])
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let shade = shades[row * columns + column]
        var end = column + 1
        while end < columns, shades[row * columns + end] == shade { end += 1 }
        if let shade {
          rectangle(
            left + side * Double(column), top + side * Double(row), side * Double(end - column),
            side, gray(shade), &document)
        }
        column = end
      }
    }
    document.close("g")
    document.element(
      "rect",
      [
        ("x", SVGDocument.number(left)), ("y", SVGDocument.number(top)),
        ("width", SVGDocument.number(side * Double(columns))),
        ("height", SVGDocument.number(side * Double(rows))), ("fill", "none"),
        ("stroke", SVGPalette.axis),
      ])
    key(left, bottom + 14, &document)
    document.text(
      raster.caption(ascii: false), at: Point(left + 128, bottom + 25), size: 11,
      color: SVGPalette.axis)
    return document.file(title: raster.title)
  }

  private func gray(_ shade: Double) -> String {
    let level = Int((255 * (1 - max(0, min(1, shade)))).rounded())
    return "rgb(\(level),\(level),\(level))"
  }

  private func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: String,
    _ document: inout SVGDocument
  ) {
    document.element(
      "rect",
      [
        ("x", SVGDocument.number(x)), ("y", SVGDocument.number(y)),
        ("width", SVGDocument.number(width)), ("height", SVGDocument.number(height)),
        ("fill", color),
      ])
  }

  private func key(_ x: Double, _ y: Double, _ document: inout SVGDocument) {
    for i in 0..<12 {
      rectangle(x + 10 * Double(i), y, 10, 14, gray(Double(i) / 11), &document)
    }
    document.element(
      "rect",
      [
        ("x", SVGDocument.number(x)), ("y", SVGDocument.number(y)), ("width", "120"),
        ("height", "14"), ("fill", "none"), ("stroke", SVGPalette.axis),
      ])
  }
}
