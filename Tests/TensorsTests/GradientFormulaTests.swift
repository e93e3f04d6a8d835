// Gradients read as a student would write them.

import Testing

@testable import Tensors

@Suite("Gradients as formulas")
struct GradientFormulaTests {
  /// The gradient by w of a formula of w, x, y and X.
  private func gradient(
    _ shape: Shape = [2], _ build: (Term, GraphBuilder) throws -> Term
  ) throws -> String {
    var graph = Graph()
    let w = graph.input("w", shape: shape)
    let builder = GraphBuilder(graph)
    let value = try build(builder.term(w), builder)
    graph = builder.graph
    let slope = try graph.gradient(of: value.id, withRespectTo: [w])[0]
    #expect(graph[slope].shape == shape)
    return graph.formula(slope)
  }

  private func input(_ name: String, _ shape: Shape, _ builder: GraphBuilder) -> Term {
    builder.term(builder.graph.input(name, shape: shape))
  }

  @Test func squares() throws {
    #expect(try gradient { w, b in try square(w - input("c", [2], b)).sum() } == "2 * (w - c)")
    #expect(try gradient { w, b in try square(input("c", [2], b) - w).sum() } == "-2 * (c - w)")
    #expect(try gradient { w, _ in try w.power(3).sum() } == "3 * w^2")
    #expect(try gradient { w, _ in try (w * w).sum() } == "2 * w")
    #expect(try gradient { w, _ in try (0.5 * square(w)).sum() } == "w")
    #expect(try gradient { w, _ in try (0.01 * square(w)).sum() } == "0.02 * w")
  }

  @Test func regression() throws {
    let slope = try gradient([3]) { w, b in
      try square(input("X", [4, 3], b).matmul(w) - input("y", [4], b)).mean()
    }
    #expect(slope == "(2 * (XT @ ((X @ w) - y))) / 4")
  }

  @Test func reuse() throws {
    #expect(try gradient { w, _ in try exp(w).sum() } == "exp(w)")
    #expect(try gradient { w, _ in try log(w).sum() } == "1 / w")
    #expect(try gradient { w, _ in try sigmoid(w).sum() } == "sigmoid(w) * (1 - sigmoid(w))")
    #expect(try gradient { w, _ in try w.sum() } == "1…")
    #expect(try gradient { w, _ in try w.mean() } == "1 / 2…")
    #expect(try gradient([]) { w, b in try (w + input("x", [5], b)).sum() } == "5")
    #expect(
      try gradient { w, _ in try w.builder.apply(.norm, [w]) }
        == "where(norm(w) == 0, 0, w / norm(w))")
  }
}
