// What a graph promises: equal applications are one node, simplifying changes no number, walks and
// gradients take time in proportion to what they walk over.

import Testing

@testable import Tensors

@Suite("Graphs")
struct GraphTests {
  @Test func equalNodesAreOne() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2])
    #expect(graph.input("w", shape: [2]) == w)
    #expect(graph.input("w", shape: [3]) != w)
    #expect(graph.constant(0) == graph.constant(0))
    #expect(graph.constant(0) != graph.constant(-0.0))
    #expect(graph.constant(.nan) == graph.constant(.nan))
    #expect(graph.constant(Tensor(1, type: .int64)) != graph.constant(1))
    let first = try graph.apply(.exp, [w])
    let count = graph.nodes.count
    #expect(try graph.apply(.exp, [w]) == first)
    #expect(graph.nodes.count == count)
    #expect(
      try graph.apply(.sum, [w], Attributes(integers: [-1]))
        != graph.apply(.sum, [w], Attributes(integers: [-1], flag: true)))
  }

  @Test func simplifications() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2, 3])
    let (zero, one, two) = (graph.constant(0), graph.constant(1), graph.constant(2))
    #expect(try graph.apply(.multiply, [w, one]) == w)
    #expect(try graph.apply(.multiply, [one, w]) == w)
    #expect(try graph.apply(.divide, [w, one]) == w)
    #expect(try graph.apply(.add, [w, zero]) == w)
    #expect(try graph.apply(.subtract, [w, zero]) == w)
    #expect(try graph.apply(.power, [w, one]) == w)
    #expect(try graph.formula(applying: .power, [w, two]) == "w^2")
    #expect(try graph.apply(.negate, [graph.apply(.negate, [w])]) == w)
    #expect(try graph.apply(.transpose, [graph.apply(.transpose, [w])]) == w)
    let flat = try graph.apply(.reshape, [w], Attributes(integers: [6]))
    #expect(try graph.apply(.reshape, [flat], Attributes(integers: [2, 3])) == w)
    #expect(try graph.apply(.reshape, [w], Attributes(integers: [2, 3])) == w)
    // Not where a number or a shape would change.
    #expect(try graph.formula(applying: .multiply, [w, zero]) == "w * 0")
    let ones = graph.constant(Tensor([1, 1], shape: [2, 1, 1]))
    let grown = try graph.apply(.multiply, [w, ones])
    #expect(graph[grown].shape == [2, 2, 3])
    let whole = graph.input("k", shape: [2], type: .int64)
    let real = try graph.apply(.multiply, [whole, one])
    #expect(graph[real].elementType == .float64)
  }

  @Test func needlessBroadcasts() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2, 3])
    let b = graph.input("b", shape: [3])
    let wide = try graph.apply(.broadcast, [b], Attributes(integers: [2, 3]))
    #expect(try graph.formula(applying: .add, [w, wide]) == "w + b")
    #expect(try graph.formula(applying: .exp, [wide]) == "exp(b…)")
    let product = try graph.apply(.multiply, [wide, wide])
    #expect(graph.formula(product) == "b * b…")
    #expect(graph[product].shape == [2, 3])
  }

  @Test func substitution() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2])
    let v = graph.input("v", shape: [2])
    let loss = try graph.apply(.sum, [graph.apply(.exp, [w])])
    let slope = try graph.gradient(of: loss, withRespectTo: [w])[0]
    let ahead = try graph.apply(.add, [w, v])
    let moved = try graph.substitute([slope, loss, v], [w: ahead])
    #expect(graph.formula(moved[0]) == "exp(w + v)")
    #expect(graph.formula(moved[1]) == "sum(exp(w + v))")
    #expect(moved[2] == v)
    #expect(throws: TensorError.shapeMismatch(operation: "=", [2], [])) {
      try graph.substitute([slope], [w: loss])
    }
  }

  @Test func reachable() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [])
    _ = graph.input("unused", shape: [])
    let e = try graph.apply(.exp, [w])
    #expect(graph.reachable(from: [e]) == [w, e])
    #expect(graph.reachable(from: []) == [])
    #expect(!graph.isConstant(e))
    let constant = try graph.apply(.exp, [graph.constant(1)])
    #expect(graph.isConstant(constant))
  }

  @Test func gradientsOfOthers() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2])
    let other = graph.input("other", shape: [3])
    let loss = try graph.apply(.sum, [w])
    let slopes = try graph.gradient(of: loss, withRespectTo: [other, w])
    #expect(graph.evaluate(slopes[0]).elements == [0, 0, 0])
    #expect(graph.evaluate(slopes[1]).elements == [1, 1])
    #expect(throws: TensorError.notScalar([2])) {
      try graph.gradient(of: w, withRespectTo: [w])
    }
    // A variable that comes later than the value.
    let late = try graph.apply(.exp, [other])
    let none = try graph.gradient(of: loss, withRespectTo: [late])[0]
    #expect(graph.evaluate(none, ["other": [1, 2, 3]]).elements == [0, 0, 0])
  }

  @Test func compositesAreMadeOfSimpleOperations() throws {
    var graph = Graph()
    let x = graph.input("x", shape: [2, 3])
    let norm = try graph.apply(.norm, [graph.apply(.softmax, [x], Attributes(integers: [-1]))])
    let value = try graph.apply(.exp, [norm])
    let images = try graph.expandComposites(in: [value])
    let root = try #require(images[value])
    for id in graph.reachable(from: [root]) {
      guard case .apply(let operation, _, _) = graph[id].kind else { continue }
      let isComposite = if case .composite = operation.kernel { true } else { false }
      #expect(!isComposite, "\(operation.name)")
    }
    #expect(graph[root].shape == graph[value].shape)
    #expect(try graph.expandComposites(in: [x]).isEmpty)
  }

  @Test func longChains() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2])
    var x = w
    for _ in 0..<20_000 { x = try graph.apply(.sin, [x]) }
    let clock = ContinuousClock()
    let loss = try graph.apply(.sum, [x])
    var slope = w
    let time = try clock.measure { slope = try graph.gradient(of: loss, withRespectTo: [w])[0] }
    #expect(time < .seconds(20))
    #expect(graph.evaluate(slope, ["w": [0.1, 0.2]]).elements.allSatisfy { $0.isFinite })
  }

  @Test func errors() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2])
    let c = graph.input("c", shape: [3])
    #expect(throws: TensorError.shapeMismatch(operation: "-", [2], [3])) {
      try graph.apply(.subtract, [w, c])
    }
    #expect(throws: TensorError.shapeMismatch(operation: "@", [2], [3])) {
      try graph.apply(.matmul, [w, c])
    }
    #expect(throws: TensorError.self) { try graph.apply(.add, [w]) }
    #expect(throws: TensorError.tooLarge([1 << 20, 1 << 20])) {
      try graph.apply(.broadcast, [graph.constant(0)], Attributes(integers: [1 << 20, 1 << 20]))
    }
    #expect(throws: TensorError.self) {
      try graph.apply(.reshape, [w], Attributes(integers: [-1, -2]))
    }
    let large = graph.input("large", shape: [1 << 14])
    #expect(throws: TensorError.tooLarge([1 << 14, 1 << 14])) {
      try graph.apply(.outer, [large, large])
    }
  }
}
