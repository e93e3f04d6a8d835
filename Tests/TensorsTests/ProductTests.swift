// Matrix products of every layout and size: the bits of the plain evaluation with whatever
// instructions and threads, and nearly those where the system's library computes.

import Testing

@testable import Tensors

@Suite struct ProductTests {
  /// a@b with operands that lie transposed in memory, or are parts of wider matrices.
  struct Sample: CustomStringConvertible {
    var batch: [Int] = []
    var rows: Int
    var inner: Int
    var columns: Int
    var turnsLeft = false
    var turnsRight = false
    var isCut = false
    var batchesRight = false

    var description: String {
      "\(batch)\(rows)x\(inner)x\(columns) \(turnsLeft ? "t" : "")\(turnsRight ? "T" : "")"
        + "\(isCut ? "c" : "")\(batchesRight ? "b" : "")"
    }

    func graph() throws -> (graph: Graph, inputs: [NodeID], product: NodeID) {
      var graph = Graph()
      func operand(_ name: String, _ sizes: [Int], turned: Bool) throws -> (NodeID, NodeID) {
        let shape = turned ? sizes.dropLast(2) + sizes.suffix(2).reversed() : sizes
        guard isCut, let last = shape.last else {
          let input = graph.input(name, shape: Shape(shape))
          return (input, turned ? try graph.apply(.transpose, [input]) : input)
        }
        let input = graph.input(name, shape: Shape(shape.dropLast() + [last + 3]))
        let part = try graph.apply(
          .slice, [input], Attributes(integers: [2, last, 1, 0, last + 3]))
        return (input, turned ? try graph.apply(.transpose, [part]) : part)
      }
      let (a, left) = try operand("a", batch + [rows, inner], turned: turnsLeft)
      let (b, right) = try operand(
        "b", (batchesRight ? batch : []) + [inner, columns], turned: turnsRight)
      let product = try graph.apply(.matmul, [left, right])
      return (graph, [a, b], product)
    }

    func values(_ shape: Shape, _ seed: Int) -> [Double] {
      var random = TestGenerator(seed)
      return (0..<shape.count).map { _ in Double.random(in: -1...1, using: &random) }
    }

    func run(
      _ path: Program.Path, _ precision: Program.Precision = .float64, threads: Int = 1
    ) throws -> [Double] {
      let (graph, inputs, product) = try graph()
      let program = try Program(
        graph: graph, outputs: [product], carries: [], guards: [], stop: nil,
        precision: precision, threads: threads, path: path)
      for (seed, id) in inputs.enumerated() {
        program.write(Tensor(values(graph[id].shape, seed), shape: graph[id].shape), to: id)
      }
      _ = program.run(steps: 1)
      return program.read(product).elements
    }

    func reference(_ precision: Program.Precision) throws -> [Double] {
      let (graph, inputs, product) = try graph()
      var reference = ReferenceProgram(graph, precision: precision)
      for (seed, id) in inputs.enumerated() {
        reference.write(values(graph[id].shape, seed), to: id)
      }
      reference.step([product])
      return reference.values[product] ?? []
    }
  }

  /// Around the sizes of tiles, panels and blocks.
  static let samples: [Sample] = {
    let sizes = [
      (2, 2, 2), (3, 7, 5), (8, 8, 16), (9, 17, 15), (5, 64, 33), (32, 10, 17), (7, 257, 9),
      (17, 300, 10), (70, 31, 47), (300, 20, 8), (1, 40, 30), (40, 30, 1), (1, 9, 1),
    ]
    var result: [Sample] = []
    for (rows, inner, columns) in sizes {
      for layout in 0..<8 {
        result.append(
          Sample(
            rows: rows, inner: inner, columns: columns, turnsLeft: layout & 1 != 0,
            turnsRight: layout & 2 != 0, isCut: layout & 4 != 0))
      }
    }
    for layout in 0..<16 {
      for (rows, columns) in [(5, 6), (1, 6), (5, 1), (1, 1)] {
        result.append(
          Sample(
            batch: [2, 3], rows: rows, inner: 9, columns: columns, turnsLeft: layout & 1 != 0,
            turnsRight: layout & 2 != 0, isCut: layout & 4 != 0, batchesRight: layout & 8 != 0))
      }
    }
    return result
  }()

  @Test(arguments: [Program.Precision.float64, .float32])
  func sameBitsWithAllInstructions(precision: Program.Precision) throws {
    for sample in Self.samples {
      let expected = try sample.reference(precision)
      for level: Int32 in 0...2 {
        let seen = try sample.run(.arrays(instructions: level), precision)
        #expect(sameBits(seen, expected), "\(sample) at level \(level)")
      }
    }
  }

  @Test func sameBitsWithThreads() throws {
    for layout in 0..<4 {
      let sample = Sample(
        rows: 203, inner: 130, columns: 101, turnsLeft: layout & 1 != 0,
        turnsRight: layout & 2 != 0)
      for precision in [Program.Precision.float64, .float32] {
        let alone = try sample.run(.arrays(instructions: 2), precision)
        #expect(sameBits(alone, try sample.run(.automatic, precision, threads: 2)))
        #expect(sameBits(alone, try sample.run(.automatic, precision, threads: 3)))
      }
    }
  }

  /// A library may add in another order, but always in the same.
  @Test func aLibraryGivesNearlyTheSame() throws {
    for (precision, error) in [(Program.Precision.float64, 1e-12), (.float32, 1e-3)] {
      var first: [Double] = []
      for layout in 0..<8 {
        let sample = Sample(
          rows: 410, inner: 409, columns: 411, turnsLeft: layout & 1 != 0,
          turnsRight: layout & 2 != 0, isCut: layout & 4 != 0)
        // What lies transposed has the same elements only if it is square; so compare with ours.
        let ours = try sample.run(.library(.never), precision)
        let seen = try sample.run(.library(.always), precision)
        #expect(zip(seen, ours).allSatisfy { abs($0 - $1) <= error }, "\(sample)")
        #expect(sameBits(seen, try sample.run(.library(.always), precision, threads: 2)))
        first = seen
      }
      #expect(first.count == 410 * 411)
    }
  }

  @Test func aLibraryDoesNotMindTheLayout() throws {
    for precision in [Program.Precision.float64, .float32] {
      var graph = Graph()
      let a = graph.input("a", shape: [410, 410])
      let turned = graph.input("turned", shape: [410, 410])
      let b = graph.input("b", shape: [410, 410])
      let products = [
        try graph.apply(.matmul, [a, b]),
        try graph.apply(.matmul, [try graph.apply(.transpose, [turned]), b]),
      ]
      let program = try Program(
        graph: graph, outputs: products, carries: [], guards: [], stop: nil,
        precision: precision, threads: 1, path: .library(.always))
      let sample = Sample(rows: 410, inner: 410, columns: 410)
      let values = sample.values([410, 410], 1)
      program.write(Tensor(values, shape: [410, 410]), to: a)
      var other = values
      for row in 0..<410 {
        for column in 0..<410 { other[column * 410 + row] = values[row * 410 + column] }
      }
      program.write(Tensor(other, shape: [410, 410]), to: turned)
      program.write(Tensor(sample.values([410, 410], 2), shape: [410, 410]), to: b)
      _ = program.run(steps: 1)
      #expect(sameBits(program.read(products[0]).elements, program.read(products[1]).elements))
    }
  }

  @Test func smallProductsAreLeftToNoLibrary() {
    #expect(!MatrixLibrary.takes(rows: 32, inner: 64, columns: 128, policy: .always))
    #expect(!MatrixLibrary.takes(rows: 1 << 20, inner: 64, columns: 8, policy: .always))
    #expect(!MatrixLibrary.takes(rows: 2048, inner: 2048, columns: 2048, policy: .never))
  }
}
