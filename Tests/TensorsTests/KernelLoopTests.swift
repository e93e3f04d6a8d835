// The executor's own loops for gathering and for windows against the operations' kernels, bit for
// bit, indices out of range included.

import Testing

@testable import Tensors

@Suite struct KernelLoopTests {
  /// Checks one operation on a carried input, so that each step computes it.
  func check(
    _ operation: Tensors.Operation, _ shape: Shape, indices: [Tensor] = [],
    _ attributes: Attributes
  ) throws {
    var graph = Graph()
    let x = graph.input("x", shape: shape)
    let other = graph.input("other", shape: shape)
    let result = try graph.apply(
      operation, [x] + indices.map { graph.constant($0) }, attributes)
    let carries = [Program.Carry(from: x, to: other), Program.Carry(from: other, to: x)]
    var random = TestGenerator(3)
    let values = (0..<shape.count).map { _ in Double.random(in: -1...1, using: &random) }
    for precision in [Program.Precision.float64, .float32] {
      var reference = ReferenceProgram(graph, carries: carries, precision: precision)
      reference.write(values, to: x)
      reference.write(values, to: other)
      reference.step([result])
      for level: Int32 in 0...2 {
        let program = try Program(
          graph: graph, outputs: [result], carries: carries, guards: [], stop: nil,
          precision: precision, threads: 1, path: .arrays(instructions: level))
        program.write(Tensor(values, shape: shape), to: x)
        program.write(Tensor(values, shape: shape), to: other)
        _ = program.run(steps: 1)
        #expect(
          sameBits(program.read(result).elements, reference.values[result] ?? []),
          "\(operation.name) \(shape) \(precision) at level \(level)")
      }
    }
  }

  static func indices(_ values: [Double], _ shape: Shape) -> Tensor {
    Tensor(values, shape: shape, type: .float64)
  }

  @Test func rowsAndElements() throws {
    let rows = Self.indices([3, -1, 0, 0, 7, 2.5, -8, .nan], [2, 4])
    let columns = Self.indices([1, -5, 4, 0, 0, 0, 0, 0], [2, 4])
    try check(.gather, [7, 5], indices: [rows], Attributes(integers: [-2]))
    try check(.gather, [7, 5], indices: [rows, columns], Attributes(integers: [-2]))
    try check(.gather, [3, 7, 5], indices: [rows], Attributes(integers: [-2]))
    try check(.gather, [3, 7, 5], indices: [columns], Attributes(integers: [-1]))
    try check(.scatterAdd, [2, 4, 5], indices: [rows], Attributes(integers: [-2, 7, 5]))
    try check(.scatterAdd, [2, 4], indices: [rows, columns], Attributes(integers: [-2, 7, 5]))
    try check(.scatterAdd, [3, 2, 4, 5], indices: [rows], Attributes(integers: [-2, 3, 7, 5]))
  }

  @Test func alongTheLastAxis() throws {
    let one = Self.indices([0, 3, -1, 9, 2, .nan], [2, 3])
    try check(.pick, [2, 3, 4], indices: [one], .none)
    let several = Self.indices((0..<12).map { Double($0 % 5) - 1 }, [2, 6])
    try check(.gatherAlong, [2, 4], indices: [several], .none)
    try check(.scatterAlong, [2, 6], indices: [several], Attributes(integers: [4]))
  }

  @Test func windows() throws {
    let windows: [[Int]] = [
      [3, 3, 1, 1, 1, 1], [2, 2, 2, 2, 0, 0], [2, 3, 1, 2, 0, 2], [1, 1, 1, 1, 0, 0],
      [3, 3, 2, 2, 3, 3],
    ]
    for window in windows {
      let image: Shape = [2, 3, 5, 6]
      try check(.patches, image, Attributes(integers: window))
      let patches = try Operation.patches.shape([image], Attributes(integers: window))
      try check(.unpatches, patches, Attributes(integers: window + [3, 5, 6]))
    }
  }
}

@Suite struct PathTests {
  /// An operation's way through its operand leads where its kernel puts numbered elements.
  @Test func pathsAreWhatKernelsDo() throws {
    let slices = [
      AxisSlice(start: 3, count: 2, step: -2), AxisSlice(start: 1, count: 1, dropsAxis: true),
      AxisSlice(start: 0, count: 2, step: 3),
    ]
    let cases: [(Tensors.Operation, Shape, Attributes)] = [
      (.transpose, [2, 3, 4], .none), (.permute, [2, 3, 4], Attributes(integers: [-1, -3, -2])),
      (.broadcast, [3, 1], Attributes(integers: [2, 3, 4])),
      (.slice, [2, 4, 3, 5], AxisSlice.encode(slices, of: [2, 4, 3, 5])),
      (.slice, [6], AxisSlice.encode([AxisSlice(start: 5, count: 6, step: -1)], of: [6])),
    ]
    for (operation, shape, attributes) in cases {
      var graph = Graph()
      let x = graph.input("x", shape: shape)
      let result = try graph.apply(operation, [x], attributes)
      guard case .rearrange(let body) = operation.kernel, let path = operation.path else {
        Issue.record("\(operation.name) has no path")
        continue
      }
      let numbers = (0..<shape.count).map(Double.init)
      let moved = Scalarizer.call(body, [numbers], [shape], graph[result], attributes)
      let walk = path(IndexWalk(dense: shape), attributes)
      var seen = [Double](repeating: -1, count: walk.count)
      walk.visit { seen[$0] = Double($1) }
      #expect(seen == moved, "\(operation.name)")
      #expect(walk.sizes == graph[result].shape.dimensions)
    }
  }
}
