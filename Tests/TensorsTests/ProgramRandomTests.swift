// Random graphs: whatever path a program takes, its results are those of the plain evaluation, bit
// for bit, in both precisions, step after step.

import Testing

@testable import Tensors

/// A random graph whose carried inputs have every shape of a family that broadcasts.
struct RandomGraph {
  var graph = Graph()
  var inputs: [NodeID] = []
  var outputs: [NodeID] = []
  var carries: [Program.Carry] = []
  var random: TestGenerator

  /// `rows` and `columns` decide how large the program is.
  init(seed: Int, rows: Int, columns: Int, operations: Int) throws {
    random = TestGenerator(seed)
    let shapes: [Shape] = [
      [], [1], [columns], [rows, 1], [1, columns], [rows, columns], [rows, columns],
      [columns, rows],
    ]
    var nodes: [NodeID] = []
    for (index, shape) in shapes.enumerated() {
      inputs.append(graph.input("x\(index)", shape: shape))
    }
    nodes = inputs
    nodes.append(graph.constant(0.5))
    nodes.append(
      graph.constant(
        Tensor((0..<columns).map { 0.25 * Double($0) - 1 }, shape: [columns])))
    for _ in 0..<operations { if let id = try? extend(nodes) { nodes.append(id) } }
    // The last values of fitting shape are carried, some inputs exchange places.
    for (index, input) in inputs.enumerated() {
      let fitting = nodes.dropFirst(inputs.count).filter { graph[$0].shape == shapes[index] }
      if let from = fitting.last, index != 2 {
        let tame = try graph.apply(.tanh, [from])
        carries.append(.init(from: tame, to: input))
      }
    }
    carries.removeAll { $0.to == inputs[5] || $0.to == inputs[6] }
    if seed % 2 == 0 {
      carries.append(.init(from: inputs[5], to: inputs[6]))
      carries.append(.init(from: inputs[6], to: inputs[5]))
    } else if let from = nodes.last(where: { graph[$0].shape == shapes[5] }) {
      carries.append(.init(from: try graph.apply(.tanh, [from]), to: inputs[5]))
      carries.append(.init(from: inputs[5], to: inputs[6]))
    }
    outputs = nodes.suffix(3) + [nodes[nodes.count / 2]]
    if seed % 3 == 0 { outputs = nodes }
  }

  private mutating func extend(_ nodes: [NodeID]) throws -> NodeID {
    func pick() -> NodeID {
      let recent = Int.random(in: 0..<3, using: &random) > 0
      return recent
        ? nodes.suffix(8).randomElement(using: &random) ?? nodes[0]
        : nodes.randomElement(using: &random) ?? nodes[0]
    }
    let binary: [Operation] = [
      .add, .subtract, .multiply, .add, .subtract, .multiply, .divide, .maximum, .minimum, .less,
      .greaterOrEqual, .equal, .and, .modulo,
    ]
    let unary: [Operation] = [
      .negate, .square, .sigmoid, .tanh, .absolute, .relu, .sin, .sign, .round, .softplus, .not,
    ]
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<6:
      return try graph.apply(binary.randomElement(using: &random) ?? .add, [pick(), pick()])
    case 6..<9: return try graph.apply(unary.randomElement(using: &random) ?? .negate, [pick()])
    case 9:
      return try graph.apply(.squareRoot, [try graph.apply(.absolute, [pick()])])
    case 10:
      return try graph.apply(.select, [pick(), pick(), pick()])
    case 11, 12:
      let id = pick()
      let rank = graph[id].shape.rank
      let axes =
        rank == 0 ? [] : [[], [-1], [-rank], Array(-rank..<0)].randomElement(using: &random)
      let operation: Operation =
        [.sum, .sum, .largest, .smallest].randomElement(using: &random) ?? .sum
      return try graph.apply(
        operation, [id], Attributes(integers: axes ?? [], flag: Bool.random(using: &random)))
    case 13: return try graph.apply(.transpose, [pick()])
    case 14: return try graph.apply(.matmul, [pick(), pick()])
    case 15:
      // Every other element of the last axis, or the first two put back into zeros.
      let id = pick()
      let size = graph[id].shape.dimensions.last ?? 1
      return Bool.random(using: &random)
        ? try graph.apply(
          .slice, [id], Attributes(integers: [size - 1, (size + 1) / 2, -2, 0, size]))
        : try graph.apply(.pad, [id], Attributes(integers: [1, size, 1, 0, size + 2]))
    case 16:
      let id = pick()
      let like = nodes.filter { graph[$0].shape == graph[id].shape }
      let axes = graph[id].shape.rank
      return try graph.apply(
        .concatenate, [id, like.randomElement(using: &random) ?? id, id],
        Attributes(integers: [-Int.random(in: 1...max(axes, 1), using: &random)]))
    case 17:
      let operations: [Operation] = [.argmax, .cumulativeSum, .softmax, .norm]
      return try graph.apply(
        operations.randomElement(using: &random) ?? .norm, [pick()], Attributes(integers: [-1]))
    case 18:
      let id = pick()
      return try graph.apply(
        .broadcast, [id], Attributes(integers: [2] + graph[id].shape.dimensions))
    default:
      let id = pick()
      return try graph.apply(.reshape, [id], Attributes(integers: [graph[id].shape.count]))
    }
  }

  /// The same start for programs and reference.
  func start() -> [(NodeID, [Double])] {
    var random = random
    return inputs.map { id in
      (id, (0..<graph[id].shape.count).map { _ in Double.random(in: -2...2, using: &random) })
    }
  }
}

@Suite struct ProgramRandomTests {
  static func check(
    seed: Int, rows: Int, columns: Int, operations: Int, precision: Program.Precision,
    threads: Int = 1, path: Program.Path = .automatic
  ) throws {
    let sample = try RandomGraph(seed: seed, rows: rows, columns: columns, operations: operations)
    var reference = ReferenceProgram(sample.graph, carries: sample.carries, precision: precision)
    let program = try Program(
      graph: sample.graph, outputs: sample.outputs, carries: sample.carries, guards: [], stop: nil,
      precision: precision, threads: threads, path: path)
    for (id, elements) in sample.start() {
      reference.write(elements, to: id)
      program.write(Tensor(elements, shape: sample.graph[id].shape), to: id)
    }
    for step in 1...3 {
      let before = reference.values
      reference.step(sample.outputs)
      #expect(program.run(steps: 1).completed == 1)
      for id in sample.outputs {
        var expected = reference.values[id] ?? []
        if case .input = sample.graph[id].kind {
        } else if reference.values[id] == nil {
          expected = before[id] ?? []
        }
        let seen = program.read(id).elements
        #expect(
          sameBits(seen, expected),
          "seed \(seed) step \(step) node \(id.index) \(sample.graph[id].kind): \(seen.prefix(8)) for \(expected.prefix(8))"
        )
        if !sameBits(seen, expected) { return }
      }
      for carry in sample.carries {
        #expect(
          sameBits(program.read(carry.to).elements, reference.values[carry.to] ?? []),
          "seed \(seed) step \(step) carry \(carry.from.index) to \(carry.to.index)")
      }
    }
  }

  @Test(arguments: 0..<60) func tinyGraphs(seed: Int) throws {
    for precision in [Program.Precision.float64, .float32] {
      try Self.check(seed: seed, rows: 3, columns: 2, operations: 20, precision: precision)
      try Self.check(seed: seed, rows: 1, columns: 1, operations: 20, precision: precision)
      try Self.check(
        seed: seed, rows: 3, columns: 2, operations: 20, precision: precision, path: .interpreted)
      for level: Int32 in 0...2 {
        try Self.check(
          seed: seed, rows: 3, columns: 2, operations: 20, precision: precision,
          path: .arrays(instructions: level))
      }
    }
  }

  @Test(arguments: 0..<30) func mediumGraphs(seed: Int) throws {
    for precision in [Program.Precision.float64, .float32] {
      for level: Int32 in 0...2 {
        try Self.check(
          seed: seed, rows: 9, columns: 37, operations: 30, precision: precision,
          path: .arrays(instructions: level))
      }
    }
  }

  @Test(arguments: 0..<6) func largeGraphs(seed: Int) throws {
    for precision in [Program.Precision.float64, .float32] {
      try Self.check(seed: seed, rows: 150, columns: 140, operations: 12, precision: precision)
    }
  }
}
