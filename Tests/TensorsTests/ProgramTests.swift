// What a program promises beyond its numbers: carries, guards, stops, interruption, replay, limits.

import Testing

@testable import Tensors

@Suite struct ProgramTests {
  /// w ← w · 1e100, t ← t + 1, and how large t must be for a stop.
  struct Growth {
    var graph = Graph()
    var w: NodeID
    var t: NodeID
    var next: NodeID
    var later: NodeID
    var isLate: NodeID

    init(shape: Shape, limit: Double = 3) throws {
      w = graph.input("w", shape: shape)
      t = graph.input("t", shape: [])
      next = try graph.apply(.multiply, [w, graph.constant(1e100)])
      later = try graph.apply(.add, [t, graph.constant(1)])
      isLate = try graph.apply(.greaterOrEqual, [t, graph.constant(limit)])
    }

    func program(guards: [NodeID] = [], stop: NodeID? = nil) throws -> Program {
      let program = try Program(
        graph: graph, outputs: [next, isLate],
        carries: [.init(from: next, to: w), .init(from: later, to: t)], guards: guards, stop: stop)
      program.write(
        Tensor([Double](repeating: 1, count: graph[w].shape.count), shape: graph[w].shape), to: w)
      program.write(Tensor(1), to: t)
      return program
    }
  }

  @Test(arguments: [Shape([]), [2], [700]]) func guardsEndARun(shape: Shape) throws {
    let growth = try Growth(shape: shape)
    let program = try growth.program(guards: [growth.next])
    #expect(program.run(steps: 10) == RunResult(completed: 4, reason: .notFinite))
    #expect(program.read(growth.t).scalar == 5)
    #expect(program.read(growth.w).elements.allSatisfy { $0 == .infinity })
    #expect(program.read(growth.next).elements.allSatisfy { $0 == .infinity })
  }

  @Test(arguments: [Shape([]), [2], [700]]) func stopsAfterCarrying(shape: Shape) throws {
    let growth = try Growth(shape: shape)
    let program = try growth.program(stop: growth.isLate)
    #expect(program.run(steps: 10) == RunResult(completed: 3, reason: .stopped))
    #expect(program.read(growth.t).scalar == 4)
    #expect(program.read(growth.isLate).scalar == 1)
    #expect(program.run(steps: 0) == RunResult(completed: 0, reason: .finished))
  }

  /// What reads the beginning of a larger array is other work than what makes that array, and later.
  @Test(arguments: [7, 60, 700, 5000]) func thePartsOfAnArrayAreReadOnceItIsMade(part: Int) throws {
    var graph = Graph()
    let count = part + 10
    let w = graph.input("w", shape: [count])
    let v = graph.input("v", shape: [part])
    let made = try graph.apply(.multiply, [w, graph.constant(3)])
    let beginning = try graph.apply(
      .slice, [made], AxisSlice.encode([AxisSlice(start: 0, count: part)], of: [count]))
    let sum = try graph.apply(.add, [v, beginning])
    let next = try graph.apply(.subtract, [made, w])
    let program = try Program(
      graph: graph, outputs: [beginning],
      carries: [.init(from: next, to: w), .init(from: sum, to: v)]
    )
    program.write(Tensor([Double](repeating: 1, count: count), shape: [count]), to: w)
    program.write(Tensor([Double](repeating: 0, count: part), shape: [part]), to: v)
    _ = program.run(steps: 3)
    // w doubles, v adds up 3·1 + 3·2 + 3·4.
    #expect(program.read(w).elements.allSatisfy { $0 == 8 })
    #expect(program.read(v).elements.allSatisfy { $0 == 21 })
  }

  /// Powers of the step's number may be computed for many steps ahead; a stop must not show it.
  @Test func powersAheadOfAStop() throws {
    var graph = Graph()
    let t = graph.input("t", shape: [])
    let w = graph.input("w", shape: [])
    let decay = try graph.apply(.power, [graph.constant(0.9), t])
    let next = try graph.apply(.add, [w, decay])
    let later = try graph.apply(.add, [t, graph.constant(1)])
    let isSmall = try graph.apply(.less, [decay, graph.constant(0.35)])
    for path in [Program.Path.automatic, .interpreted, .arrays(instructions: 2)] {
      let program = try Program(
        graph: graph, outputs: [decay, next],
        carries: [.init(from: next, to: w), .init(from: later, to: t)], guards: [], stop: isSmall,
        precision: .float64, threads: 1, path: path)
      program.write(Tensor(1), to: t)
      program.write(Tensor(0), to: w)
      #expect(program.run(steps: 7) == RunResult(completed: 7, reason: .finished))
      #expect(program.run(steps: 500) == RunResult(completed: 3, reason: .stopped))
      #expect(program.read(t).scalar == 11)
      #expect(program.read(decay).scalar == Opcode.power.apply(0.9, 10))
      #expect(program.read(next).elements == program.read(w).elements)
      #expect(abs((program.read(w).scalar ?? 0) - 9 * (1 - Opcode.power.apply(0.9, 10))) < 1e-14)
      program.write(Tensor(1), to: t)
      #expect(program.run(steps: 4).completed == 4)
      #expect(program.read(decay).scalar == Opcode.power.apply(0.9, 4))
    }
  }

  @Test(arguments: [Shape([2]), [700]]) func canBeInterrupted(shape: Shape) throws {
    var growth = try Growth(shape: shape, limit: .infinity)
    growth.next = try growth.graph.apply(.multiply, [growth.w, growth.graph.constant(1)])
    let program = try growth.program()
    var polls = 0
    let result = program.run(steps: 1 << 40) {
      polls += 1
      return polls > 3
    }
    #expect(result.reason == .interrupted)
    #expect(result.completed > 0 && result.completed < 1 << 40)
    #expect(program.read(growth.t).scalar == Double(result.completed + 1))
  }

  @Test(arguments: [1, 5, 2000]) func outputsSurviveWriting(count: Int) throws {
    var graph = Graph()
    let x = graph.input("x", shape: [count])
    let y = try graph.apply(.square, [x])
    let flat = try graph.apply(.reshape, [x], Attributes(integers: [1, count]))
    let program = try Program(
      graph: graph, outputs: [y, flat], carries: [.init(from: y, to: x)])
    program.write(Tensor([Double](repeating: 3, count: count), shape: [count]), to: x)
    _ = program.run(steps: 2)
    #expect(program.read(y).elements.allSatisfy { $0 == 81 })
    #expect(program.read(flat).elements.allSatisfy { $0 == 9 }, "the value before the carry")
    program.write(Tensor([Double](repeating: 7, count: count), shape: [count]), to: x)
    #expect(program.read(y).elements.allSatisfy { $0 == 81 })
    #expect(program.read(x).elements.allSatisfy { $0 == 7 })
    _ = program.run(steps: 1)
    #expect(program.read(y).elements.allSatisfy { $0 == 49 })
  }

  /// Data that is written between runs takes part in what is computed once a run.
  @Test(arguments: [2, 3000]) func dataMayChangeBetweenRuns(count: Int) throws {
    var graph = Graph()
    let data = graph.input("data", shape: [count])
    let w = graph.input("w", shape: [count])
    let prepared = try graph.apply(.exp, [try graph.apply(.square, [data])])
    let total = try graph.apply(.sum, [prepared])
    let next = try graph.apply(.add, [w, try graph.apply(.multiply, [prepared, total])])
    let program = try Program(graph: graph, outputs: [], carries: [.init(from: next, to: w)])
    program.write(Tensor([Double](repeating: 0, count: count), shape: [count]), to: w)
    for value in [0.0, 1] {
      program.write(Tensor([Double](repeating: value, count: count), shape: [count]), to: data)
      _ = program.run(steps: 2)
    }
    let e = Opcode.exp.apply(1)
    let expected = 2 * Double(count) + 2 * e * (Double(count) * e)
    #expect(abs((program.read(w).elements.last ?? 0) / expected - 1) < 1e-12)
  }

  @Test(arguments: 0..<12) func replayGivesTheSameBits(seed: Int) throws {
    for (rows, columns) in [(2, 3), (20, 30)] {
      let sample = try RandomGraph(seed: seed, rows: rows, columns: columns, operations: 15)
      let program = try Program(graph: sample.graph, outputs: [], carries: sample.carries)
      for (id, elements) in sample.start() {
        program.write(Tensor(elements, shape: sample.graph[id].shape), to: id)
      }
      _ = program.run(steps: 3)
      let snapshot = sample.inputs.map { program.read($0) }
      _ = program.run(steps: 4)
      let end = sample.inputs.map { program.read($0) }
      for (id, value) in zip(sample.inputs, snapshot) { program.write(value, to: id) }
      for _ in 0..<4 { _ = program.run(steps: 1) }
      for (id, value) in zip(sample.inputs, end) {
        #expect(sameBits(program.read(id).elements, value.elements), "seed \(seed) \(id)")
      }
    }
  }

  @Test(arguments: 0..<12) func moreOutputsChangeNoBit(seed: Int) throws {
    for (rows, columns) in [(2, 3), (20, 30)] {
      let sample = try RandomGraph(seed: seed, rows: rows, columns: columns, operations: 25)
      let few = try Program(
        graph: sample.graph, outputs: Array(sample.outputs.prefix(1)), carries: sample.carries)
      let all = try Program(
        graph: sample.graph, outputs: sample.graph.nodes.indices.map(NodeID.init),
        carries: sample.carries)
      for (id, elements) in sample.start() {
        few.write(Tensor(elements, shape: sample.graph[id].shape), to: id)
        all.write(Tensor(elements, shape: sample.graph[id].shape), to: id)
      }
      _ = few.run(steps: 3)
      _ = all.run(steps: 3)
      for id in sample.outputs.prefix(1) + sample.carries.map(\.to) {
        #expect(sameBits(few.read(id).elements, all.read(id).elements), "seed \(seed) \(id)")
      }
    }
  }

  @Test func threadsChangeNoBit() throws {
    let count = 1_100_003
    var graph = Graph()
    let x = graph.input("x", shape: [count])
    let s = graph.input("s", shape: [])
    let y = try graph.apply(.sigmoid, [try graph.apply(.multiply, [x, s])])
    let total = try graph.apply(.sum, [y])
    let largest = try graph.apply(.largest, [y])
    let mean = try graph.apply(.divide, [total, graph.constant(Double(count))])
    let next = try graph.apply(
      .divide, [try graph.apply(.subtract, [y, mean]), largest])
    let elements = (0..<count).map { Double(($0 &* 7919) % 1009) * 1e-3 - 0.4 }
    var seen: [[Double]] = []
    for precision in [Program.Precision.float64, .float32] {
      seen = []
      for threads in 1...4 {
        let program = try Program(
          graph: graph, outputs: [total], carries: [.init(from: next, to: x)],
          precision: precision, threads: threads)
        program.write(Tensor(elements, shape: [count]), to: x)
        program.write(Tensor(1.5), to: s)
        _ = program.run(steps: 2)
        seen.append(program.read(total).elements + program.read(x).elements)
      }
      for (index, other) in seen.enumerated() {
        #expect(sameBits(other, seen[0]), "\(precision) \(index + 1) threads")
      }
    }
  }

  @Test func emptyTensors() throws {
    var graph = Graph()
    let none = graph.input("none", shape: [0])
    let rows = graph.input("rows", shape: [2, 0])
    let columns = graph.input("columns", shape: [0, 3])
    let doubled = try graph.apply(.add, [none, none])
    let sum = try graph.apply(.sum, [doubled])
    let product = try graph.apply(.matmul, [rows, columns])
    let sums = try graph.apply(.sum, [columns], Attributes(integers: [-2]))
    let joined = try graph.apply(
      .concatenate, [none, graph.constant(Tensor([1, 2], shape: [2])), none],
      Attributes(integers: [-1]))
    let next = try graph.apply(.negate, [none])
    for path in [Program.Path.automatic, .arrays(instructions: 2)] {
      let program = try Program(
        graph: graph, outputs: [doubled, sum, product, sums, joined],
        carries: [.init(from: next, to: none)], guards: [doubled], stop: nil,
        precision: .float64, threads: 1, path: path)
      program.write(Tensor([], shape: [0]), to: none)
      #expect(program.run(steps: 2) == RunResult(completed: 2, reason: .finished))
      #expect(program.read(doubled).elements == [])
      #expect(program.read(sum).elements == [0])
      #expect(program.read(product).elements == [Double](repeating: 0, count: 6))
      #expect(program.read(sums).elements == [0, 0, 0])
      #expect(program.read(joined).elements == [1, 2])
    }
  }

  @Test func tooLargeIsSaidBeforeMemoryIsAsked() throws {
    var graph = Graph()
    let huge = graph.input("huge", shape: [Tensor.maximumCount + 1])
    #expect(throws: TensorError.tooLarge([Tensor.maximumCount + 1])) {
      try Program(graph: graph, outputs: [huge])
    }
    let many = (0..<9).map { graph.input("x\($0)", shape: [Tensor.maximumCount]) }
    #expect(throws: TensorError.self) { try Program(graph: graph, outputs: many) }
  }

  @Test func carriesMustFit() throws {
    var graph = Graph()
    let a = graph.input("a", shape: [2])
    let b = graph.input("b", shape: [3])
    #expect(throws: TensorError.shapeMismatch(operation: "carry", [2], [3])) {
      try Program(graph: graph, outputs: [], carries: [.init(from: a, to: b)])
    }
  }

  @Test func float32ProgramsKeepWholeNumbersExact() throws {
    var graph = Graph()
    let t = graph.input("t", shape: [], type: .int64)
    let x = graph.input("x", shape: [])
    let later = try graph.apply(.add, [t, graph.constant(Tensor(1, type: .int64))])
    let next = try graph.apply(.add, [x, graph.constant(1)])
    let program = try Program(
      graph: graph, outputs: [],
      carries: [.init(from: later, to: t), .init(from: next, to: x)], precision: .float32)
    program.write(Tensor(16_777_216, type: .int64), to: t)
    program.write(Tensor(16_777_216), to: x)
    _ = program.run(steps: 3)
    #expect(program.read(t).scalar == 16_777_219)
    #expect(program.read(x).scalar == 16_777_216)
    #expect(program.read(x).elementType == .float32)
  }

  @Test func compilingIsLinear() throws {
    var graph = Graph()
    let x = graph.input("x", shape: [40])
    let scale = graph.input("scale", shape: [])
    var value = x
    var number = scale
    for index in 0..<5000 {
      value = try graph.apply(index % 2 == 0 ? .add : .multiply, [value, x])
      number = try graph.apply(.multiply, [number, scale])
    }
    let end = try graph.apply(.multiply, [value, number])
    let start = ContinuousClock.now
    let program = try Program(graph: graph, outputs: [end], carries: [.init(from: end, to: x)])
    #expect(ContinuousClock.now - start < .seconds(5))
    program.write(Tensor([Double](repeating: 0.5, count: 40), shape: [40]), to: x)
    program.write(Tensor(1), to: scale)
    #expect(program.run(steps: 1).completed == 1)
    #expect(program.read(end).elements.allSatisfy { $0 == program.read(end).elements[0] })
  }
}
