// Graphs read as a student would write them, and what is read lowers to the same numbers.

import Diagnostics
import Notation
import Testing

@testable import Optimizers
@testable import Tensors

private func input(_ name: String, _ shape: Shape, _ builder: GraphBuilder) -> Term {
  builder.term(builder.graph.input(name, shape: shape))
}

@Suite("Readback")
struct ReadbackTests {
  /// A formula of w built as a graph.
  fileprivate typealias Build = (Term, GraphBuilder) throws -> Term

  fileprivate func built(_ shape: Shape, _ build: Build) throws -> (Graph, value: NodeID, w: NodeID)
  {
    var graph = Graph()
    let w = graph.input("w", shape: shape)
    let builder = GraphBuilder(graph)
    let value = try build(builder.term(w), builder)
    graph = builder.graph
    return (graph, value.id, w)
  }

  private func formula(_ shape: Shape = [2], _ build: Build) throws -> String? {
    let (graph, value, _) = try built(shape, build)
    return Readback(graph, names: [:]).formula(of: value)?.expression.text()
  }

  private func gradient(_ shape: Shape = [2], at pattern: [Int?]? = nil, _ build: Build) throws
    -> String?
  {
    var (graph, value, w) = try built(shape, build)
    let slope = try graph.gradient(of: value, withRespectTo: [w])[0]
    return Readback(graph, names: [:]).formula(of: slope, at: pattern)?.expression.text()
  }

  @Test func gradientsReadAsWrittenByHand() throws {
    func target(_ b: GraphBuilder) -> Term { b.constant(Tensor([3, 1], shape: [2])) }
    #expect(try gradient { w, b in try square(w - target(b)).sum() } == "2·(w - [3, 1])")
    #expect(try gradient { w, b in try square(target(b) - w).sum() } == "-2·([3, 1] - w)")
    #expect(try gradient { w, _ in try w.power(3).sum() } == "3·w²")
    #expect(try gradient { w, _ in try log(w).sum() } == "1/w")
    #expect(try gradient { w, _ in try w.sum() } == "[1, 1]")
    #expect(try gradient([20]) { w, _ in try w.mean() } == "ones(20)/20")
    #expect(
      try gradient { w, _ in try sigmoid(w).sum() } == "sigmoid(w)·(1 - sigmoid(w))")
  }

  @Test func regression() throws {
    let loss: Build = { w, b in
      try square(input("y", [4], b) - input("X", [4, 3], b).matmul(w)).mean()
    }
    #expect(try formula([3], loss) == "mean((y - X @ w)²)")
    #expect(try gradient([3], loss) == "-2·Xᵀ @ (y - X @ w)/4")
    #expect(try gradient([3], at: [1], loss) == "-2·X[:, 1] @ (y - X @ w)/4")
  }

  /// [n, 1] beside [n] counts as equal; the reshape between them is noise to a reader.
  @Test func axesOfSizeOneAreLeftOut() throws {
    var (graph, value, w) = try built([3, 1]) { w, b in
      try square(input("X", [4, 3], b).matmul(w).reshaped([4]) - input("y", [4], b)).mean()
    }
    let slope = try graph.gradient(of: value, withRespectTo: [w])[0]
    let short = Readback(graph, names: [:]).formula(of: slope)
    #expect(short?.expression.text() == "2·Xᵀ @ (X @ w - y)/4")
    #expect(short?.hidesUnitAxes == true)
    let exact = Readback(graph, names: [:], omitsUnitAxes: false).formula(of: slope)
    #expect(
      exact?.expression.text() == "2·Xᵀ @ reshape(reshape(X @ w, [4]) - y, [4, 1])/4")
  }

  @Test func partsOfAVectorAreListed() throws {
    let rosenbrock: Build = { w, _ in
      let (x, y) = (try w.at(0), try w.at(1))
      return try square(1 - x) + 100 * square(y - square(x))
    }
    #expect(try formula([2], rosenbrock) == "(1 - w[0])² + 100·(w[1] - w[0]²)²")
    #expect(
      try gradient([2], rosenbrock)
        == "[-2·(1 - w[0]) - 400·w[0]·(w[1] - w[0]²), 200·(w[1] - w[0]²)]")
    #expect(try gradient([2], at: [1], rosenbrock) == "200·(w[1] - w[0]²)")
    #expect(
      try gradient([20]) { w, _ in try square(w.at(3)) }
        == "2·concat([0, 0, 0], reshape(w[3], [1]), zeros(16))")
  }

  @Test func signsAndFactorsAreTidied() throws {
    #expect(try formula { w, b in try w + b.constant(-3) } == "w - 3")
    #expect(try formula { w, b in try w - b.constant(-3) } == "w + 3")
    #expect(try formula { w, _ in try w * w * w } == "w³")
    #expect(try formula { w, b in try w * (1 / input("x", [2], b)) } == "w/x")
    #expect(try formula { w, b in try (-w) / input("x", [2], b) } == "-w/x")
    #expect(try formula { w, _ in try 2 * (w * 3) } == "6·w")
    #expect(try formula { w, _ in try -(w - 1) * 4 } == "-4·(w - 1)")
    #expect(try formula { w, b in try w + (w + input("x", [2], b)) } == "w + w + x")
    #expect(try formula { w, b in try w - (w + input("x", [2], b)) } == "w - (w + x)")
  }

  @Test func readingStopsAtNames() throws {
    let (graph, value, w) = try built([2]) { w, b in
      try square(input("X", [4, 2], b).matmul(w) - input("y", [4], b)).mean()
    }
    let residual = try #require(
      graph.reachable(from: [value]).first { id in
        if case .apply(let operation, _, _) = graph[id].kind {
          operation == .subtract
        } else {
          false
        }
      })
    var changed = graph
    let slope = try changed.gradient(of: value, withRespectTo: [w])[0]
    let names = [residual: Name(canonical: "r")]
    let reader = Readback(changed, names: names)
    #expect(reader.formula(of: value)?.expression.text() == "mean(r²)")
    #expect(reader.formula(of: slope)?.expression.text() == "2·Xᵀ @ r/4")
    #expect(reader.formula(of: residual)?.expression.text() == "X @ w - y")
    #expect(reader.formula(of: residual, expanding: false)?.expression.text() == "r")
  }

  @Test func longFormulasComeInLinesAndHugeOnesNotAtAll() throws {
    var (graph, value, w) = try built([3, 2]) { w, b in
      let z = try input("X", [4, 3], b).matmul(w)
      let e = try exp(z - z.largest([-1], keeping: true))
      return try (log(e / e.sum([-1], keeping: true)) * input("Y", [4, 2], b)).mean()
    }
    let slope = try graph.gradient(of: value, withRespectTo: [w])[0]
    let formula = try #require(Readback(graph, names: [:]).formula(of: slope))
    #expect(formula.parts.count > 1)
    #expect(formula.parts[0].name.pretty == "a₁")
    #expect(formula.parts[0].expression?.text() == "exp(X @ w - max(X @ w, axis=1, keepdims=true))")

    let deep = try built([2]) { w, _ in
      var x = w
      for _ in 0..<5000 { x = try x.builder.apply(.sin, [x]) }
      return x
    }
    let reader = Readback(deep.0, names: [:])
    #expect(reader.formula(of: deep.value) == nil)
    #expect(reader.operationCount(of: deep.value) == 5000)
  }

  /// A deep chain below the limit: read without deep recursion, in lines.
  @Test func chainsAndDoublingsStayBounded() throws {
    let chain = try built([2]) { w, _ in
      var x = w
      for _ in 0..<390 { x = try x.builder.apply(.sin, [x]) }
      return x
    }
    let formula = try #require(Readback(chain.0, names: [:]).formula(of: chain.value))
    #expect(formula.parts.count > 3)
    #expect(formula.expression.text().utf8.count < 1000)
    let doubling = try built([2]) { w, _ in
      var x = w
      for _ in 0..<60 { x = try exp(x) * sin(x) }
      return x
    }
    for pattern in [nil, [1]] as [[Int?]?] {
      let formula = Readback(doubling.0, names: [:]).formula(of: doubling.value, at: pattern)
      #expect((formula?.expression.text().utf8.count ?? 0) < 2000)
    }
  }

  private func sin(_ x: Term) throws(TensorError) -> Term { try x.builder.apply(.sin, [x]) }
}

// MARK: - The law

/// Names are the inputs of the graph they came from.
private final class InputScope: Scope {
  let shapes: [String: Shape]

  init(_ graph: Graph) {
    var shapes: [String: Shape] = [:]
    for node in graph.nodes {
      if case .input(let name) = node.kind { shapes[name] = node.shape }
    }
    self.shapes = shapes
  }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    shapes[name.canonical].map { .node(lowering.graph.input(name.canonical, shape: $0)) }
  }

  var knownNames: [String] { shapes.keys.sorted() }
}

extension ReadbackTests {
  /// Every formula here, its gradient and single elements of both.
  private static let formulas: [(Shape, @Sendable (Term, GraphBuilder) throws -> Term)] = [
    ([2], { w, b in try square(w - b.constant(Tensor([3, 1], shape: [2]))).sum() }),
    (
      [3],
      { w, b in
        try square(input("y", [4], b) - input("X", [4, 3], b).matmul(w)).mean()
      }
    ),
    (
      [3, 1],
      { w, b in
        try square(input("X", [4, 3], b).matmul(w).reshaped([4]) - input("y", [4], b)).mean()
      }
    ),
    ([2], { w, _ in try square(1 - w.at(0)) + 100 * square(w.at(1) - square(w.at(0))) }),
    ([7], { w, _ in try square(w.at(3)) * w.at(1) }),
    ([3, 4], { w, _ in try square(w.at(1)).sum() }),
    ([2], { w, _ in try exp(w.sum()) }),
    (
      [3, 2],
      { w, b in
        let z = try input("X", [4, 3], b).matmul(w)
        let e = try exp(z - z.largest([-1], keeping: true))
        return try (log(e / e.sum([-1], keeping: true)) * input("Y", [4, 2], b)).mean()
      }
    ),
    ([], { w, _ in try (w - 3) * (w - 3) * w / (2 * sqrt(w + 1)) }),
    ([2, 3], { w, b in try w.transposed().matmul(input("x", [2], b)).then(.norm) }),
    ([4], { w, b in try maximum(w, input("x", [4], b)).sum() * abs(w).mean() }),
    ([4], { w, b in try (w / input("x", [4], b) / w.sum()).then(.product) }),
    ([2, 3], { w, _ in try (w.mean([-2]) * w.sum([-2])).sum() }),
    (
      [2],
      { w, b in
        let x = try b.apply(.stack, [w, 2 * w, exp(w)], Attributes(integers: [-2]))
        return try (x * x.sum([-1], keeping: true)).mean()
      }
    ),
    (
      [3],
      { w, b in
        try b.apply(.outer, [w, sigmoid(w)]).matmul(w).then(.norm)
      }
    ),
    (
      [5],
      { w, b in
        try b.apply(.concatenate, [w, w * w], Attributes(integers: [-1])).power(3).sum()
      }
    ),
    ([3, 2], { w, _ in try square(w.then(.softmax, Attributes(integers: [-2]))).sum() }),
    ([3, 2], { w, _ in try square(w.then(.logSoftmax, Attributes(integers: [-1]))).sum() }),
    ([3, 2], { w, _ in try square(w.then(.logSumExp, Attributes(integers: [-1]))).sum() }),
    ([3, 2], { w, _ in try square(w.then(.sort, Attributes(flag: true))).then(.norm) }),
    (
      [3, 2],
      { w, b in
        let rows = b.constant(Tensor([2, 0], shape: [2], type: .int64))
        return try exp(b.apply(.gather, [w, rows], Attributes(integers: [-2]))).sum()
      }
    ),
    ([2, 2], { w, _ in try w.then(.diagonal).then(.product) }),
  ]

  @Test(arguments: formulas.indices)
  func whatIsReadLowersToTheSameNumbers(number: Int) throws {
    let (shape, build) = Self.formulas[number]
    var (graph, value, w) = try built(shape, build)
    let slope = try graph.gradient(of: value, withRespectTo: [w])[0]
    var patterns: [(NodeID, [Int?]?)] = [(value, nil), (slope, nil)]
    for offset in 0..<shape.count where !shape.isScalar {
      let place = try #require(shape.place(of: offset))
      patterns.append((slope, place))
      if place.count > 1 {
        patterns.append((slope, [place[0], nil]))
        patterns.append((slope, [nil, place[1]]))
      }
    }
    for (node, pattern) in patterns {
      let reader = Readback(graph, names: [:], omitsUnitAxes: false)
      let formula = try #require(reader.formula(of: node, at: pattern))
      let again = Lowering()
      let scope = FormulaScope(formula, InputScope(graph))
      // What no function does (the gradient of a sort) can only be read.
      guard let lowered = try? again.lower(formula.expression, in: scope) else {
        #expect(formula.expression.text().contains("_along("), "\(formula.expression.text())")
        continue
      }
      let whole = try run(graph, node)
      let expected = pattern.map { whole.picked($0) } ?? whole
      let seen = try run(again.graph, lowered).broadcast(against: expected.shape)
      let text = formula.expression.text()
      #expect(seen.shape == expected.shape, "\(text)")
      for (a, b) in zip(seen.elements, expected.elements) {
        #expect(abs(a - b) <= 1e-12 * max(1, abs(a), abs(b)), "\(text)")
      }
    }
  }

  private func run(_ graph: Graph, _ node: NodeID) throws -> Tensor {
    let program = try Program(graph: graph, outputs: [node])
    for (index, entry) in graph.nodes.enumerated() {
      guard case .input(let name) = entry.kind else { continue }
      let seed = name.utf8.reduce(1) { $0 + Int($1) }
      let elements = (0..<entry.shape.count).map { Double(($0 * 37 + seed * 11) % 19) / 7 + 0.2 }
      program.write(Tensor(elements, shape: entry.shape), to: NodeID(index))
    }
    _ = program.run(steps: 1)
    return program.read(node)
  }
}

/// The lines of a long formula, then everything else.
private final class FormulaScope: Scope {
  let parts: [Name: Expression]
  let outer: InputScope

  init(_ formula: Formula, _ outer: InputScope) {
    parts = Dictionary(
      uniqueKeysWithValues: formula.parts.compactMap { part in
        part.expression.map { (part.name, $0) }
      })
    self.outer = outer
  }

  func meaning(of name: Name, at span: Span, in lowering: Lowering) throws(Diagnostic) -> Meaning? {
    if let part = parts[name] { return try lowering.meaning(of: part, in: self) }
    return try outer.meaning(of: name, at: span, in: lowering)
  }

  var knownNames: [String] { outer.knownNames }
}

extension Tensor {
  /// The part that a pattern of indices picks.
  fileprivate func picked(_ pattern: [Int?]) -> Tensor {
    var elements: [Double] = []
    for offset in 0..<shape.count {
      let place = shape.place(of: offset) ?? []
      if zip(place, pattern).allSatisfy({ $1 == nil || $0 == $1 }) {
        elements.append(self.elements[offset])
      }
    }
    let sizes = zip(shape.dimensions, pattern).filter { $1 == nil }.map(\.0)
    return Tensor(elements, shape: Shape(sizes))
  }

  /// A scalar stands for every element.
  fileprivate func broadcast(against shape: Shape) -> Tensor {
    guard self.shape != shape, elements.count == 1 else { return self }
    return Tensor([Double](repeating: elements[0], count: shape.count), shape: shape)
  }
}
