// A random order of 0, 1, … n - 1 in which the number at any place is computed by itself: a batch
// asks for a few places of it, and no list of n numbers is ever made or kept.
//
// A Feistel network is a bijection of the numbers of b bits, whatever its round functions are (Luby
// & Rackoff, "How to construct pseudorandom permutations from pseudorandom functions", 1988). The
// smallest b with 2^b ≥ n is taken; a result of n or more is put in again until one is below n, which
// keeps it a bijection ("cycle walking": Black & Rogaway, "Ciphers with arbitrary finite domains",
// 2002) and takes less than two goes on average. A few numbers are shuffled at once instead (Fisher &
// Yates), since there all orders should be equally frequent and there are few functions of few bits.

package struct ShuffledOrder: Sendable {
  package let count: Int

  /// Up to this many numbers are shuffled at once.
  private static let few = 64

  private typealias Keys = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
  private let keys: Keys
  private let lowBits: UInt64
  private let lowMask: UInt64
  private let highMask: UInt64
  private var table = SIMD64<UInt8>()

  /// - Parameters:
  ///   - count: n, at most 2^53.
  ///   - key: keeps this order apart from others.
  ///   - seed: any number; each gives another order. An epoch's number, say.
  package init(count: Int, key: UInt64, seed: Double) {
    self.count = count
    let stream = RandomStream(key: key, seed: seed)
    let (a, b, c, d) = (stream.block(0), stream.block(1), stream.block(2), stream.block(3))
    keys = (a.0, a.1, b.0, b.1, c.0, c.1, d.0, d.1)
    let bits = UInt64(max(2, Int.bitWidth - max(count - 1, 0).leadingZeroBitCount))
    lowBits = bits / 2
    lowMask = (1 << lowBits) &- 1
    highMask = (1 << (bits - lowBits)) &- 1
    if count <= ShuffledOrder.few { shuffle() }
  }

  private mutating func shuffle() {
    for i in 0..<max(count, 0) { table[i] = UInt8(i) }
    guard count > 1 else { return }
    var state = keys.0
    for i in (1..<count).reversed() {
      // SplitMix64 (Steele, Lea & Flood 2014).
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      word ^= word >> 31
      let j = Int(word.multipliedFullWidth(by: UInt64(i + 1)).high)
      (table[i], table[j]) = (table[j], table[i])
    }
  }

  /// The number at a place; a place outside of 0 ..< n is counted on from the other end.
  package subscript(place: Int) -> Int {
    guard count > 1 else { return 0 }
    var start = place
    if place < 0 || place >= count {
      let remainder = place % count
      start = remainder < 0 ? remainder + count : remainder
    }
    if count <= ShuffledOrder.few { return Int(table[start]) }
    var number = UInt64(start)
    repeat { number = mixed(number) } while number >= UInt64(count)
    return Int(number)
  }

  /// Eight rounds, of which each adds a function of one half to the other.
  private func mixed(_ number: UInt64) -> UInt64 {
    var low = number & lowMask
    var high = number >> lowBits
    high ^= round(low, keys.0) & highMask
    low ^= round(high, keys.1) & lowMask
    high ^= round(low, keys.2) & highMask
    low ^= round(high, keys.3) & lowMask
    high ^= round(low, keys.4) & highMask
    low ^= round(high, keys.5) & lowMask
    high ^= round(low, keys.6) & highMask
    low ^= round(high, keys.7) & lowMask
    return high << lowBits | low
  }

  /// The upper half of a product, to which all lower bits of its factors contribute.
  @inline(__always) private func round(_ half: UInt64, _ key: UInt64) -> UInt64 {
    ((half ^ key) &* (0x9E37_79B9_7F4A_7C15 ^ key << 1)) >> 32
  }
}
