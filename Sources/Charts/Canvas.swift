// A grid of character cells to draw on: eight Braille dots a cell, or one character a cell in ASCII.
//
// Positions are fractions of the whole, from the lower left. What lies outside is not drawn.

/// What a part of a chart is drawn with; the terminal chooses colours for it.
package enum Ink: Sendable, Hashable {
  case plain, title, frame, contour
  /// By number, from 0.
  case series(Int)
  /// A cell in two grays, 0 black to 255 white, for its upper and its lower half.
  case grays(upper: UInt8, lower: UInt8)
}

/// A piece of a line in one ink.
package struct ChartRun: Sendable, Equatable {
  package var text: String
  package var ink: Ink

  package init(_ text: String, _ ink: Ink = .plain) {
    self.text = text
    self.ink = ink
  }
}

package typealias ChartLine = [ChartRun]

struct Canvas {
  let columns: Int
  let rows: Int
  let ascii: Bool
  private var dots: [UInt8]
  private var inks: [Ink?]
  private var signs: [Character?]

  /// Dots across and down a cell.
  private var across: Int { ascii ? 1 : 2 }
  private var down: Int { ascii ? 1 : 4 }

  init(columns: Int, rows: Int, ascii: Bool) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    self.ascii = ascii
    dots = [UInt8](repeating: 0, count: self.columns * self.rows)
    inks = [Ink?](repeating: nil, count: self.columns * self.rows)
    signs = [Character?](repeating: nil, count: self.columns * self.rows)
  }

  /// The bits of Braille's dots, by row and column of the cell (Unicode, block 2800).
  private static let braille: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  /// The dot at a place, counted from the upper left.
  private func dot(_ place: Point) -> (x: Int, y: Int)? {
    guard place.x >= 0, place.x <= 1, place.y >= 0, place.y <= 1 else { return nil }
    let width = columns * across
    let height = rows * down
    let x = Int((place.x * Double(width - 1)).rounded())
    let y = Int(((1 - place.y) * Double(height - 1)).rounded())
    return (min(width - 1, max(0, x)), min(height - 1, max(0, y)))
  }

  private mutating func set(_ x: Int, _ y: Int, _ ink: Ink) {
    let cell = y / down * columns + x / across
    guard dots.indices.contains(cell) else { return }
    // What is drawn over contours hides them, so that a path can be told from them without colour.
    if inks[cell] == .contour, ink != .contour { dots[cell] = 0 }
    inks[cell] = ink
    dots[cell] |= ascii ? 1 : Canvas.braille[y % down * 2 + x % across]
  }

  mutating func point(_ place: Point, _ ink: Ink) {
    if let (x, y) = dot(place) { set(x, y, ink) }
  }

  /// A straight line; its part outside is left out.
  mutating func line(_ a: Point, _ b: Point, _ ink: Ink) {
    guard let (a, b) = Frame.clipped(a, b), let from = dot(a), let to = dot(b) else { return }
    let count = max(abs(to.x - from.x), abs(to.y - from.y))
    guard count > 0 else { return set(from.x, from.y, ink) }
    for i in 0...count {
      // Halves are rounded the same way in both directions.
      set(
        from.x + (2 * i * (to.x - from.x) + count).flooredQuotient(by: 2 * count),
        from.y + (2 * i * (to.y - from.y) + count).flooredQuotient(by: 2 * count), ink)
    }
  }

  /// A character over whatever is there.
  mutating func sign(_ sign: Character, at place: Point, _ ink: Ink) {
    guard let (x, y) = dot(place) else { return }
    set(sign, column: x / across, row: y / down, ink)
  }

  mutating func set(_ sign: Character, column: Int, row: Int, _ ink: Ink) {
    guard column >= 0, column < columns, row >= 0, row < rows else { return }
    signs[row * columns + column] = sign
    inks[row * columns + column] = ink
  }

  /// A row from the top, without blanks at its end.
  func line(_ row: Int, character: (Ink) -> Character) -> ChartLine {
    var line: ChartLine = []
    var end = columns
    func isBlank(_ cell: Int) -> Bool { signs[cell] == nil && dots[cell] == 0 }
    while end > 0, isBlank(row * columns + end - 1) { end -= 1 }
    for column in 0..<end {
      let cell = row * columns + column
      var sign: Character = " "
      var ink = Ink.plain
      if !isBlank(cell) {
        ink = inks[cell] ?? .plain
        let braille = Unicode.Scalar(0x2800 + UInt32(dots[cell])).map(Character.init) ?? " "
        sign = signs[cell] ?? (ascii ? character(ink) : braille)
      }
      if let last = line.indices.last, line[last].ink == ink || sign == " " {
        line[last].text.append(sign)
      } else {
        line.append(ChartRun(String(sign), ink))
      }
    }
    return line
  }
}

extension Int {
  fileprivate func flooredQuotient(by divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
