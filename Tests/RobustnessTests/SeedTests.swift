// The fuzzer's seeds and seeded mutations of them, the same in every run.

import Engine
import Testing

@Suite struct SeedTests {
  static let folder: String = {
    "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/FuzzSeeds"
  }()

  static let seeds: [String] = FileAccess.names(in: folder)

  private static let mutationsPerSeed = 12

  @Test(arguments: seeds) func nothingBreaks(_ name: String) throws {
    let bytes = try FileAccess.read(Self.folder + "/" + name, at: .init(.init(""), 0, 0))
    FuzzEntry.run(bytes)
    var random = Mutations(seed: name)
    for _ in 0..<Self.mutationsPerSeed { FuzzEntry.run(random.mutated(bytes)) }
  }

  @Test func thereAreSeeds() { #expect(Self.seeds.count >= 12) }
}

/// A small linear congruential generator: the tests must be the same everywhere.
private struct Mutations {
  private var state: UInt64
  private static let signs = Array("()[]{}\"^√²=;,.@-".utf8)

  init(seed: String) {
    state = seed.utf8.reduce(0x9E37_79B9) { ($0 &* 31) &+ UInt64($1) }
  }

  private mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, bound)))
  }

  /// A few edits after the first byte, which keeps its reader.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...next(below: 4) where result.count > 2 {
      let place = 1 + next(below: result.count - 1)
      switch next(below: 5) {
      case 0: result[place] = UInt8(next(below: 256))
      case 1: result.remove(at: place)
      case 2: result.insert(contentsOf: result[place...].prefix(next(below: 16)), at: place)
      case 3: result.insert(Self.signs[next(below: Self.signs.count)], at: place)
      default: result.removeLast(next(below: result.count / 2))
      }
    }
    return result
  }
}
