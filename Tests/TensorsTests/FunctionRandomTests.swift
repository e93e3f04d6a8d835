// The generator against its published answers, and the draws made from it.

import Testing

@testable import Tensors

@Suite("Random tensors")
struct FunctionRandomTests {
  /// The known answers that the paper's authors publish for Philox4x32-10.
  @Test func philox() {
    let zero = Philox(key: (0, 0))(Philox.Words(0, 0, 0, 0))
    #expect(zero == Philox.Words(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    let ones = UInt32.max
    #expect(
      Philox(key: (ones, ones))(Philox.Words(repeating: ones))
        == Philox.Words(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    let counter = Philox.Words(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344)
    #expect(
      Philox(key: (0xA409_3822, 0x299F_31D0))(counter)
        == Philox.Words(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  private func draw(
    _ name: String, _ arguments: [ArgumentValue], seed: Double = 0, key: [Int] = [1, 2, 3]
  ) throws -> [Double] {
    var graph = Graph()
    let function = try #require(Function.named(name))
    let seeded = arguments + [.node(graph.constant(seed))]
    let places = try function.match(labels: arguments.map { _ in nil } + ["seed"])
    let value = try function.build(
      &graph, function.arguments(seeded, places: places, randomKey: key))
    return graph.evaluate(value).elements
  }

  @Test func sameSeedSameNumbers() throws {
    let shape = ArgumentValue.integers([7])
    let drawn = try draw("randn", [shape], seed: 1)
    #expect(try draw("randn", [shape], seed: 1) == drawn)
    #expect(try draw("randn", [shape], seed: -0.0) == draw("randn", [shape], seed: 0))
    #expect(try draw("randn", [shape], seed: 2) != drawn)
    #expect(try draw("randn", [shape], seed: 1, key: [1, 2, 4]) != drawn)
    #expect(try draw("randn", [shape], seed: 1, key: [1, 3, 2]) != drawn)
    // More of them begin with the same ones.
    #expect(try Array(draw("randn", [.integers([3, 4])], seed: 1).prefix(7)) == drawn)
  }

  @Test func distributions() throws {
    let n = 20_000
    let uniform = try draw("rand", [.integers([n])])
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = uniform.reduce(0, +) / Double(n)
    #expect(abs(mean - 0.5) < 0.01)
    let normal = try draw("randn", [.integers([n])])
    let centre = normal.reduce(0, +) / Double(n)
    let spread = normal.reduce(0) { $0 + $1 * $1 } / Double(n)
    #expect(abs(centre) < 0.03)
    #expect(abs(spread - 1) < 0.05)
    let whole = try draw("randint", [.integers([-2]), .integers([3]), .integers([n])])
    for value in -2..<3 {
      let share = Double(whole.filter { $0 == Double(value) }.count) / Double(n)
      #expect(abs(share - 0.2) < 0.02)
    }
    #expect(try draw("permutation", [.integers([100])]).sorted() == (0..<100).map(Double.init))
  }

  @Test func drawsAnewAtEachStep() throws {
    var graph = Graph()
    let t = graph.input("t", shape: .scalar)
    let function = try #require(Function.named("rand"))
    let arguments = try function.arguments([.integers([2]), .node(t)], places: [0, 1])
    let value = try function.build(&graph, arguments)
    #expect(graph.evaluate(value, ["t": [1]]) != graph.evaluate(value, ["t": [2]]))
    #expect(!graph.isConstant(value))
  }
}
