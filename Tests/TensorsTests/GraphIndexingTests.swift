// Subscripts, against what NumPy answers.

import Testing

@testable import Tensors

@Suite("Subscripts")
struct GraphIndexingTests {
  private static let x = Tensor((0..<12).map(Double.init), shape: [3, 4])

  private func index(_ subscripts: (inout Graph) throws -> [AxisSubscript]) throws -> Tensor {
    var graph = Graph()
    let x = graph.constant(Self.x)
    let list = try subscripts(&graph)
    let part = try graph.index(x, list)
    return graph.evaluate(part)
  }

  private func all(_ from: Int? = nil, _ to: Int? = nil, _ by: Int? = nil) -> AxisSubscript {
    .range(from: from, to: to, by: by)
  }

  @Test func positionsAndRanges() throws {
    #expect(try index { _ in [.at(1)] } == Tensor([4, 5, 6, 7], shape: [4]))
    #expect(try index { _ in [.at(-1), .at(-2)] } == Tensor([10], shape: []))
    #expect(try index { _ in [all(), .at(1)] } == Tensor([1, 5, 9], shape: [3]))
    #expect(try index { _ in [all(1, 3), all(0, 4, 2)] } == Tensor([4, 6, 8, 10], shape: [2, 2]))
    #expect(try index { _ in [all(nil, nil, -1), .at(0)] } == Tensor([8, 4, 0], shape: [3]))
    #expect(try index { _ in [all(-2), .at(0)] } == Tensor([4, 8], shape: [2]))
    #expect(try index { _ in [all(5, 2)] } == Tensor([], shape: [0, 4]))
    #expect(try index { _ in [all(-100, 100, 5), .at(0)] } == Tensor([0], shape: [1]))
    #expect(
      try index { _ in [all(Int.min, Int.max, Int.max - 1), .at(0)] } == Tensor([0], shape: [1]))
    #expect(
      try index { _ in [all(nil, nil, Int.min + 2), .at(0)] } == Tensor([8], shape: [1]))
  }

  @Test func tensors() throws {
    func vector(_ elements: [Double], _ graph: inout Graph) -> AxisSubscript {
      .tensor(graph.constant(Tensor(elements, shape: [elements.count], type: .int64)))
    }
    #expect(
      try index { [vector([2, 0], &$0)] } == Tensor([8, 9, 10, 11, 0, 1, 2, 3], shape: [2, 4]))
    #expect(
      try index { [all(), vector([3, -1, 0], &$0)] }
        == Tensor([3, 3, 0, 7, 7, 4, 11, 11, 8], shape: [3, 3]))
    #expect(
      try index { [vector([0, 1, 2], &$0), vector([3, 0, 1], &$0)] }
        == Tensor([3, 4, 9], shape: [3]))
    #expect(try index { [.tensor($0.constant(2)), .at(1)] } == Tensor([9], shape: []))
    #expect(try index { [.at(1), vector([1, 2], &$0)] } == Tensor([5, 6], shape: [2]))
    #expect(throws: TensorError.indexOutOfRange(index: 3, size: 3)) {
      try index { [vector([3], &$0)] }
    }
  }

  @Test func outOfRange() throws {
    #expect(throws: TensorError.indexOutOfRange(index: 3, size: 3)) { try index { _ in [.at(3)] } }
    #expect(throws: TensorError.indexOutOfRange(index: -5, size: 4)) {
      try index { _ in [.at(0), .at(-5)] }
    }
    #expect(throws: TensorError.self) { try index { _ in [.at(0), .at(0), .at(0)] } }
    #expect(throws: TensorError.self) { try index { _ in [all(nil, nil, 0)] } }
    // Known only when it runs: NaN, not a crash.
    var graph = Graph()
    let x = graph.constant(Self.x)
    let i = graph.input("i", shape: [])
    let row = try graph.index(x, [.tensor(i)])
    #expect(graph.evaluate(row, ["i": [1]]).elements == [4, 5, 6, 7])
    #expect(graph.evaluate(row, ["i": [7]]).elements.allSatisfy { $0.isNaN })
    #expect(graph.evaluate(row, ["i": [.nan]]).elements.allSatisfy { $0.isNaN })
  }

  @Test func replacing() throws {
    var graph = Graph()
    let x = graph.constant(Tensor([1, 2, 3, 4], shape: [2, 2]))
    let row = try graph.replace(x, [.at(0)], with: graph.constant(9))
    #expect(graph.evaluate(row).elements == [9, 9, 3, 4])
    let vector = graph.constant(Tensor([7, .infinity], shape: [2]))
    let column = try graph.replace(x, [all(), .at(1)], with: vector)
    #expect(graph.evaluate(column).elements == [1, 7, 3, .infinity])
    #expect(throws: TensorError.self) { try graph.replace(x, [.at(2)], with: vector) }
  }

  @Test func gradientsGoWhereElementsCameFrom() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [3])
    let index = graph.constant(Tensor([0, 2, 0], shape: [3]))
    let total = try graph.apply(.sum, [graph.index(w, [.tensor(index)])])
    let slope = try graph.gradient(of: total, withRespectTo: [w])[0]
    #expect(graph.evaluate(slope, ["w": [1, 2, 3]]).elements == [2, 0, 1])
  }
}
