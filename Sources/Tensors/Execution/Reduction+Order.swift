// The order in which numbers are folded, on which every bit of a sum depends. There is one, decided
// by the length alone: not by threads, by fusion, or by whether the program was small.
//
// Up to 7 numbers one after the other; up to 128 in 8 lanes that are then folded in pairs; more in
// runs of 128 whose results are folded the same way. So the error grows with the logarithm of the
// length, and short sums are what a person or NumPy gets. `reduce.h` holds the same in C.

enum CanonicalOrder {
  static let run = 128

  /// Folds one value or more.
  static func fold<Value>(_ values: [Value], _ combine: (Value, Value) -> Value) -> Value {
    if values.count <= run { return short(values[...], combine) }
    var parts: [Value] = []
    for start in stride(from: 0, to: values.count, by: run) {
      parts.append(short(values[start..<min(start + run, values.count)], combine))
    }
    return fold(parts, combine)
  }

  private static func short<Value>(
    _ values: ArraySlice<Value>, _ combine: (Value, Value) -> Value
  ) -> Value {
    let start = values.startIndex
    var total = values[start]
    var next = start + 1
    if values.count >= 8 {
      var lanes = Array(values[start..<start + 8])
      next = start + 8
      while next + 8 <= values.endIndex {
        for lane in 0..<8 { lanes[lane] = combine(lanes[lane], values[next + lane]) }
        next += 8
      }
      total = combine(
        combine(combine(lanes[0], lanes[1]), combine(lanes[2], lanes[3])),
        combine(combine(lanes[4], lanes[5]), combine(lanes[6], lanes[7])))
    }
    while next < values.endIndex {
      total = combine(total, values[next])
      next += 1
    }
    return total
  }
}

extension Reduction {
  var opcode: Opcode {
    switch self {
    case .sum: .add
    case .max: .maximum
    case .min: .minimum
    case .product: .multiply
    }
  }

  /// The fold of nothing.
  var identity: Double {
    switch self {
    case .sum: 0
    case .max: -.infinity
    case .min: .infinity
    case .product: 1
    }
  }
}
