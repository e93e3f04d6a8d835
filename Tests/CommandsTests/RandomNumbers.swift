// Numbers for tests by law: the same at every run, spread over many magnitudes.

struct RandomNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// SplitMix64.
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Evenly from 0 up to 1.
  mutating func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(bits() % UInt64(range.count))
  }

  /// Of either sign, from tiny to large; sometimes round, sometimes 0.
  mutating func number() -> Double {
    switch integer(0...9) {
    case 0: return 0
    case 1, 2: return Double(integer(-20...20))
    case 3: return Double(integer(-200...200)) / 100
    default:
      var scale = 1.0
      for _ in 0..<integer(0...8) { scale *= 10 }
      return (unit() * 2 - 1) * (integer(0...1) == 0 ? scale : 1 / scale)
    }
  }
}
