// The derivative of a function of one number by central differences, with what it may be off by.
//
// Three widths, extrapolated to width zero (Richardson); the last correction says how sure it is. A kink
// or a jump shows as a large error, never as a number to trust.

enum Slope {
  static func central<E: Error>(
    at x: Double, width: Double = 1.0 / 64, _ run: (Double) throws(E) -> Double
  ) throws(E) -> (value: Double, error: Double) {
    var table: [Double] = []
    var h = width * max(1, abs(x))
    for _ in 0..<4 {
      let (up, down) = (x + h, x - h)
      table.append((try run(up) - run(down)) / (up - down))
      h /= 2
    }
    var error = Double.infinity
    var scale = 4.0
    while table.count > 1 {
      var next: [Double] = []
      for place in 1..<table.count {
        next.append(table[place] + (table[place] - table[place - 1]) / (scale - 1))
      }
      error = abs(next[next.count - 1] - table[table.count - 1])
      table = next
      scale *= 4
    }
    let value = table[0]
    return (value, error + 1e-12 * max(1, abs(value)))
  }
}
