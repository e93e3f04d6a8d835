// Philox4x32-10, a counter-based generator: the draw at a place is a function of the key and the
// place, so nothing is stored, any draw can be had again, and threads need no agreement.
//
// Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

/// Four 32-bit words of a counter turned into four random ones by a 64-bit key.
package struct Philox: Sendable {
  package typealias Words = SIMD4<UInt32>

  private let key: (UInt32, UInt32)

  package init(key: (UInt32, UInt32)) { self.key = key }

  package func callAsFunction(_ counter: Words) -> Words {
    var x = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let a = UInt64(x[0]) * 0xD251_1F53
      let b = UInt64(x[2]) * 0xCD9E_8D57
      x = Words(
        UInt32(truncatingIfNeeded: b >> 32) ^ x[1] ^ k0, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ x[3] ^ k1, UInt32(truncatingIfNeeded: a))
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return x
  }
}

/// The draws of one call of a random function: 64 random bits for each place.
package struct RandomStream: Sendable {
  private let generator: Philox
  private let seed: UInt64

  /// - Parameters:
  ///   - key: keeps this call apart from others.
  ///   - seed: any number; the same one gives the same draws.
  package init(key: UInt64, seed: Double) {
    generator = Philox(
      key: (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)))
    self.seed = (seed + 0).bitPattern  // -0 is 0
  }

  /// The two words of 64 bits of a block.
  package func block(_ index: Int) -> (UInt64, UInt64) {
    let place = UInt64(bitPattern: Int64(index))
    let words = generator(
      Philox.Words(
        UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: place >> 32),
        UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    return (UInt64(words[0]) | UInt64(words[1]) << 32, UInt64(words[2]) | UInt64(words[3]) << 32)
  }

  /// Fills with `draw`s, each of one block's two words; leaves off when `interrupted`, asked now and
  /// then, says so.
  package func fill(
    _ output: UnsafeMutableBufferPointer<Double>, interrupted: () -> Bool = { false },
    _ draw: (UInt64, UInt64) -> (Double, Double)
  ) {
    for place in stride(from: 0, to: output.count, by: 2) {
      if place & 0xFFFF == 0, interrupted() { return }
      let (first, second) = block(place / 2)
      let drawn = draw(first, second)
      output[place] = drawn.0
      if place + 1 < output.count { output[place + 1] = drawn.1 }
    }
  }

  /// One 64-bit key of many words (SplitMix64's finalizer, Steele et al. 2014, after each).
  package static func key(_ words: [Int]) -> UInt64 {
    var state: UInt64 = 0
    for word in words {
      state = (state ^ UInt64(bitPattern: Int64(word))) &+ 0x9E37_79B9_7F4A_7C15
      state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
      state ^= state >> 31
    }
    return state
  }
}
