// Random formulas: the tidy gradient of each agrees with finite differences, and so does its own.

import Testing

@testable import Tensors

@Suite("Gradients of random formulas")
struct GradientRandomTests {
  @Test(arguments: 0..<120)
  func formula(_ seed: Int) throws {
    var draws = Draws(UInt64(seed) &* 7919 &+ 5)
    var graph = Graph()
    let inputs = [graph.input("w", shape: [3]), graph.input("A", shape: [2, 3])]
    let builder = GraphBuilder(graph)
    var terms = inputs.map { builder.term($0) }
    terms.append(builder.constant(Tensor([0.5, -1, 2], shape: [3])))
    for _ in 0..<12 {
      if let term = try? grow(terms, &draws), term.shape.count <= 64 { terms.append(term) }
    }
    guard let last = terms.last else { return }
    let bounded = try Operation.tanh(0.1 * last)
    let built = GradientCase(
      graph: builder.graph, value: bounded.id,
      inputs: [("w", inputs[0], true), ("A", inputs[1], true)],
      values: [
        "w": draws.tensor([3], .realExcept([0])), "A": draws.tensor([2, 3], .realExcept([0])),
      ])
    let errors = try built.errors(second: true)
    let formula = built.graph.formula(bounded.id)
    try compareWithExecutor(built)
    #expect(errors.first < 1e-6, "\(formula)")
    #expect(errors.second < 1e-5, "\(formula)")
  }

  private func compareWithExecutor(_ built: GradientCase) throws {
    var graph = built.graph
    let total = try graph.apply(.sum, [built.value])
    let variables = built.inputs.map(\.id)
    let slopes = try graph.gradient(of: total, withRespectTo: variables)
    let program = try Program(graph: graph, outputs: slopes + [total], threads: 1)
    for (name, id, _) in built.inputs {
      program.write(Tensor(built.values[name] ?? [], shape: graph[id].shape), to: id)
    }
    _ = program.run(steps: 1)
    for (slope, plain) in zip(slopes, graph.evaluate(slopes, built.values)) {
      for (a, b) in zip(program.read(slope).elements, plain.elements) {
        #expect(abs(a - b) <= 1e-11 * max(1, abs(b)), "\(graph.formula(slope))")
      }
    }
  }

  private func grow(_ terms: [Term], _ draws: inout Draws) throws -> Term {
    func pick<T>(_ list: [T]) -> T { list[Int(draws.fraction() * Double(list.count))] }
    // Newer terms more often, so that formulas get deep.
    let x = pick(Array(terms.suffix(4)))
    let y = pick(terms)
    let scale = pick([2, 0.5, -1, 3, 0.1, 4, -0.3])
    switch Int(draws.fraction() * 24) {
    case 0: return try x + y
    case 1: return try x - y
    case 2, 3: return try x * y
    case 4: return try x / (1.5 + square(y))
    case 5: return try -x
    case 6: return try scale * x
    case 7: return try x * scale
    case 8: return try x / scale
    case 9: return try Operation.sin(x)
    case 10: return try Operation.tanh(x)
    case 11: return try square(x)
    case 12: return try sqrt(1 + square(x))
    case 13: return try x.matmul(y)
    case 14: return try x.sum()
    case 15: return try x.mean([-1], keeping: true)
    case 16: return try x.transposed()
    case 17: return try Operation.outer(x, y)
    case 18: return try select(x.isAbove(0), x, 0)
    case 19: return try select(x.isAbove(0), scale, y)
    case 20: return try x.at(0)
    case 21: return try scale / (2 + square(x))
    case 22: return try x.reshaped(Shape(x.shape.dimensions.reversed()))
    default: return try sigmoid(x) * (1 - sigmoid(y))
    }
  }
}
