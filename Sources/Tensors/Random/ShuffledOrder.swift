// A random order of 0, 1, … n - 1 in which the number at any place is computed by itself: a batch
// asks for a few places of it, and no list of n numbers is ever made or kept.
//
// A Feistel network is a bijection of the numbers of b bits, whatever its round functions are (Luby
// & Rackoff, "How to construct pseudorandom permutations from pseudorandom functions", 1988). The
// smallest b with 2^b ≥ n is taken; a result of n or more is put in again until one is below n, which
// keeps it a bijection ("cycle walking": Black & Rogaway, "Ciphers with arbitrary finite domains",
// 2002) and takes less than two goes on average.

package struct ShuffledOrder: Sendable {
  package let count: Int

  private typealias Keys = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
  private let keys: Keys
  private let lowBits: UInt64
  private let lowMask: UInt64
  private let highBits: UInt64
  private let highMask: UInt64
  /// Few bits are mixed more often, since there are few functions of them: with 32 rounds the orders
  /// of a handful of numbers are as good as equally frequent.
  private let passes: UInt64

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
    passes = bits <= 6 ? 4 : 1
    lowBits = bits / 2
    highBits = bits - lowBits
    lowMask = (1 << lowBits) &- 1
    highMask = (1 << highBits) &- 1
  }

  /// The number at a place; a place outside of 0 ..< n is counted on from the other end.
  package subscript(place: Int) -> Int {
    guard count > 1 else { return 0 }
    let remainder = place % count
    var number = UInt64(remainder < 0 ? remainder + count : remainder)
    repeat { number = mixed(number) } while number >= UInt64(count)
    return Int(number)
  }

  /// Eight rounds a pass, of which each adds a function of one half to the other.
  private func mixed(_ number: UInt64) -> UInt64 {
    var low = number & lowMask
    var high = number >> lowBits
    for pass in 0..<passes {
      high ^= round(low &+ pass << 8, keys.0) & highMask
      low ^= round(high &+ pass << 8, keys.1) & lowMask
      high ^= round(low &+ pass << 8, keys.2) & highMask
      low ^= round(high &+ pass << 8, keys.3) & lowMask
      high ^= round(low &+ pass << 8, keys.4) & highMask
      low ^= round(high &+ pass << 8, keys.5) & lowMask
      high ^= round(low &+ pass << 8, keys.6) & highMask
      low ^= round(high &+ pass << 8, keys.7) & lowMask
    }
    return high << lowBits | low
  }

  /// 64 well mixed bits: two multiplications, each followed by a shift that brings the high bits,
  /// where a product mixes best, to the low ones.
  @inline(__always) private func round(_ half: UInt64, _ key: UInt64) -> UInt64 {
    var x = (half ^ key) &* 0x9E37_79B9_7F4A_7C15
    x = (x ^ (x >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return x ^ (x >> 32)
  }
}
