// The order in which numbers are folded, on which every bit of a sum depends. There is one, decided
// by the length alone: not by threads, by fusion, or by whether the program was small.
//
// Up to 7 numbers one after the other; up to 128 in 8 lanes that are then folded in pairs; more in
// runs of 128 whose results are folded the same way. So the error grows with the logarithm of the
// length, and short sums are what a person or NumPy gets. `reduce.h` holds the same in C.

enum CanonicalOrder {
  static let run = 128

  /// Folds `count` > 0 values with `combine`.
  static func fold<Value>(
    _ count: Int, _ value: (Int) -> Value, _ combine: (Value, Value) -> Value
  ) -> Value {
    if count <= run { return short(0..<count, value, combine) }
    var values: [Value] = []
    for start in stride(from: 0, to: count, by: run) {
      values.append(short(start..<min(start + run, count), value, combine))
    }
    return fold(values.count, { values[$0] }, combine)
  }

  private static func short<Value>(
    _ range: Range<Int>, _ value: (Int) -> Value, _ combine: (Value, Value) -> Value
  ) -> Value {
    var total: Value
    var next: Int
    if range.count < 8 {
      total = value(range.lowerBound)
      next = range.lowerBound + 1
    } else {
      var lanes = (0..<8).map { value(range.lowerBound + $0) }
      next = range.lowerBound + 8
      while next + 8 <= range.upperBound {
        for lane in 0..<8 { lanes[lane] = combine(lanes[lane], value(next + lane)) }
        next += 8
      }
      total = combine(
        combine(combine(lanes[0], lanes[1]), combine(lanes[2], lanes[3])),
        combine(combine(lanes[4], lanes[5]), combine(lanes[6], lanes[7])))
    }
    while next < range.upperBound {
      total = combine(total, value(next))
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
