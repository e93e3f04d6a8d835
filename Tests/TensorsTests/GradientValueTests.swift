// Gradients where formulas have kinks, second derivatives, and gradients that are held back.

import Testing

@testable import Tensors

@Suite("Gradients as numbers")
struct GradientValueTests {
  /// The gradient at a point of the sum of a function of w.
  private func slope(
    _ name: String, at point: [Double], _ others: Double...
  ) throws -> [Double] {
    var graph = Graph()
    let w = graph.input("w", shape: [point.count])
    let function = try #require(Function.named(name))
    let nodes = [w] + others.map { graph.constant($0) }
    let arguments = try function.arguments(
      nodes.map { .node($0) }, places: Array(nodes.indices))
    let value = try function.build(&graph, arguments)
    let total = try graph.apply(.sum, [value])
    let gradient = try graph.gradient(of: total, withRespectTo: [w])[0]
    return graph.evaluate(gradient, ["w": point]).elements
  }

  @Test func kinks() throws {
    #expect(try slope("relu", at: [-1, 0, 1]) == [0, 0, 1])
    #expect(try slope("abs", at: [-1, 0, 1]) == [-1, 0, 1])
    #expect(try slope("sign", at: [-1, 0, 1]) == [0, 0, 0])
    #expect(try slope("floor", at: [0.5, 1]) == [0, 0])
    #expect(try slope("leaky_relu", at: [-1, 0, 1]) == [0.01, 0.01, 1])
    #expect(try slope("max", at: [2, 2, 1]) == [0.5, 0.5, 0])
    #expect(try slope("min", at: [2, 2, 1]) == [0, 0, 1])
    #expect(try slope("max", at: [-1, 0, 1], 0) == [0, 0.5, 1])
    #expect(try slope("min", at: [-1, 0, 1], 0) == [1, 0.5, 0])
    #expect(try slope("clip", at: [-2, -1, 0, 1, 2], -1, 1) == [0, 1, 1, 1, 0])
    #expect(try slope("sqrt", at: [0, 1]) == [.infinity, 0.5])
    #expect(try slope("norm", at: [0, 0]) == [0, 0])
    #expect(try slope("norm", at: [3, 4]) == [0.6, 0.8])
    #expect(try slope("power", at: [0, 2], 0) == [0, 0])
    #expect(try slope("power", at: [0, 2], 3) == [0, 12])
    #expect(try slope("power", at: [0, 4], 0.5) == [.infinity, 0.25])
    #expect(try slope("prod", at: [0, 3, 2]) == [6, 0, 0])
    #expect(try slope("prod", at: [0, 0, 2]) == [0, 0, 0])
    #expect(try slope("softplus", at: [-800, 800]) == [0, 1])
    #expect(try slope("sigmoid", at: [-800, 800]) == [0, 0])
    #expect(try slope("elu", at: [-800, 800]) == [0, 1])
  }

  @Test func powersOfVariables() throws {
    var graph = Graph()
    let a = graph.input("a", shape: [3])
    let b = graph.input("b", shape: [3])
    let total = try graph.apply(.sum, [graph.apply(.power, [a, b])])
    let slopes = try graph.gradient(of: total, withRespectTo: [a, b])
    let values = graph.evaluate(slopes, ["a": [0, 0, 2], "b": [0, 2, 3]])
    #expect(values[0].elements == [0, 0, 12])
    #expect(values[1].elements[0] == 0)
    #expect(values[1].elements[1] == 0)
    #expect(abs(values[1].elements[2] - 8 * 0.6931471805599453) < 1e-14)
  }

  @Test func heldBack() throws {
    #expect(try slope("stop_gradient", at: [1, 2]) == [0, 0])
    #expect(try slope("float32", at: [1, 2]) == [1, 1])
    #expect(try slope("quantize", at: [1, 2.3]) == [1, 1])
  }

  /// f = (1 - x)² + 100·(y - x²)² has the Hessian [[2 - 400·(y - 3·x²), -400·x], [-400·x, 200]].
  @Test func hessianOfRosenbrock() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2])
    let builder = GraphBuilder(graph)
    let (x, y) = (try builder.term(w).at(0), try builder.term(w).at(1))
    let value = try square(1 - x) + 100 * square(y - square(x))
    graph = builder.graph
    let hessian = try graph.hessian(of: value.id, withRespectTo: w)
    #expect(graph[hessian].shape == [2, 2])
    for (x, y) in [(1.0, 1.0), (-1.2, 1.0), (0.5, -2.0)] {
      let entries = graph.evaluate(hessian, ["w": [x, y]]).elements
      let expected = [2 - 400 * (y - 3 * x * x), -400 * x, -400 * x, 200]
      for (entry, exact) in zip(entries, expected) {
        #expect(abs(entry - exact) <= 1e-12 * max(1, abs(exact)))
      }
    }
  }

  @Test func hessianOfMatrix() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2, 2])
    let loss = try graph.apply(.sum, [graph.apply(.exp, [w])])
    let hessian = try graph.hessian(of: loss, withRespectTo: w)
    let entries = graph.evaluate(hessian, ["w": [0, 0, 0, 0]]).elements
    #expect(entries == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    let large = graph.input("large", shape: [65])
    let total = try graph.apply(.sum, [large])
    #expect(throws: TensorError.self) { try graph.hessian(of: total, withRespectTo: large) }
    // Of something linear, zeros.
    let flat = try graph.hessian(of: graph.apply(.sum, [w]), withRespectTo: w)
    #expect(graph.evaluate(flat, [:]).elements.allSatisfy { $0 == 0 })
  }

  @Test func vectorJacobian() throws {
    var graph = Graph()
    let w = graph.input("w", shape: [2])
    let upstream = graph.input("u", shape: [2])
    let value = try graph.apply(.exp, [w])
    let product = try graph.gradient(of: value, upstream: upstream, withRespectTo: [w])[0]
    #expect(graph.evaluate(product, ["w": [0, 0], "u": [3, 4]]).elements == [3, 4])
    #expect(throws: TensorError.self) {
      try graph.gradient(of: value, upstream: graph.constant(1), withRespectTo: [w])
    }
  }
}
