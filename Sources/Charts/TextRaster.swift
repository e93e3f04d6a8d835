// A picture in characters: two grays a cell where the terminal has them, else shades made of
// characters. Pixels are about square, two cells wide where a cell is one high.

package struct TextRaster {
  private let raster: Raster
  private let width: Int
  private let height: Int
  private let ascii: Bool
  private let grays: Bool

  /// - Parameters:
  ///   - height: rows for the picture and its two lines of text.
  ///   - grays: whether cells can be given colours.
  package init(_ raster: Raster, width: Int, height: Int, ascii: Bool, grays: Bool) {
    self.raster = raster
    self.width = max(4, min(width, TextChart.widest))
    self.height = max(4, min(height, 60))
    self.ascii = ascii
    self.grays = grays && !ascii
  }

  package func lines() -> [ChartLine] {
    var lines: [ChartLine] = []
    if !raster.title.isEmpty {
      lines.append([ChartRun(Glyphs.cut(raster.title, to: width), .title)])
    }
    lines += grays ? halves() : characters()
    lines.append([
      ChartRun(raster.caption(ascii: ascii) + (grays ? "" : key), .frame)
    ])
    return lines
  }

  private var ramp: [Character] { Array(ascii ? " .:-=+*#%@" : " ░▒▓█") }

  private var key: String {
    raster.range.lowerBound < raster.range.upperBound ? "   low |\(String(ramp))| high" : ""
  }

  /// A pixel is two columns wide and one row high, or a multiple.
  private func characters() -> [ChartLine] {
    let space = height - 2
    let (columns, rows, shades) = raster.shades(columns: width / 2, rows: space)
    let zoom = max(1, min(width / 2 / columns, space / rows, 2))
    return (0..<rows).flatMap { row -> [ChartLine] in
      var text = ""
      for column in 0..<columns {
        let sign = shades[row * columns + column].map { character($0) } ?? " "
        text += String(repeating: String(sign), count: 2 * zoom)
      }
      while text.last == " " { text.removeLast() }
      return Array(repeating: [ChartRun(text)], count: zoom)
    }
  }

  private func character(_ shade: Double) -> Character {
    ramp[max(0, min(ramp.count - 1, Int(shade * Double(ramp.count))))]
  }

  /// A pixel is half a cell, or a multiple.
  private func halves() -> [ChartLine] {
    let space = 2 * (height - 2)
    let (columns, rows, shades) = raster.shades(columns: width, rows: space)
    let zoom = max(1, min(width / columns, space / rows, 4))
    func gray(_ x: Int, _ y: Int) -> UInt8? {
      guard y / zoom < rows, let shade = shades[y / zoom * columns + x / zoom] else { return nil }
      return UInt8(max(0, min(255, 255 * shade)))
    }
    return stride(from: 0, to: rows * zoom, by: 2).map { y in
      var line: ChartLine = []
      for x in 0..<columns * zoom {
        let upper = gray(x, y)
        let lower = gray(x, y + 1)
        let ink =
          upper == nil && lower == nil
          ? Ink.plain : Ink.grays(upper: upper ?? 0, lower: lower ?? 0)
        let sign = ink == .plain ? " " : "▀"
        if let last = line.indices.last, line[last].ink == ink {
          line[last].text += sign
        } else {
          line.append(ChartRun(sign, ink))
        }
      }
      return line
    }
  }
}
