// Sample inputs for the laws that every operation and function is held to.

@testable import Tensors

/// A small generator, so that every run draws the same samples.
struct Draws {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// From 0 to 1.
  mutating func fraction() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }

  mutating func real() -> Double { fraction() * 4 - 2 }

  mutating func sample(_ domain: SamplingDomain, operand: Int = 0) -> Double {
    switch domain {
    case .real: return real()
    case .positive: return 0.3 + 2.2 * fraction()
    case .unitInterval: return 0.1 + 0.8 * fraction()
    case .realExcept(let kinks):
      while true {
        let x = real()
        if kinks.allSatisfy({ abs($0 - x) > 0.05 }) { return x }
      }
    case .each(let domains):
      return sample(domains[min(operand, domains.count - 1)])
    case .integers(let bound): return (fraction() * Double(bound)).rounded(.down)
    }
  }

  mutating func tensor(_ shape: Shape, _ domain: SamplingDomain, operand: Int = 0) -> [Double] {
    (0..<shape.count).map { _ in sample(domain, operand: operand) }
  }
}

/// A graph of one value with named inputs, to be differentiated by those that are continuous.
struct GradientCase {
  var graph: Graph
  var value: NodeID
  var inputs: [(name: String, id: NodeID, isContinuous: Bool)]
  var values: [String: [Double]]

  /// How far the gradient is from central differences, and the second derivatives from central
  /// differences of the gradient, relative to the larger of the value and 1.
  func errors(second: Bool) throws -> (first: Double, second: Double) {
    var graph = graph
    var draws = Draws(77)
    let weights = graph.constant(
      Tensor(draws.tensor(graph[value].shape, .real), shape: graph[value].shape))
    let total = try graph.apply(.sum, [graph.apply(.multiply, [weights, value])])
    let variables = inputs.filter(\.isContinuous)
    let slopes = try graph.gradient(of: total, withRespectTo: variables.map(\.id))
    var worst = (first: 0.0, second: 0.0)
    for (variable, slope) in zip(variables, slopes) {
      worst.first = max(worst.first, try gap(graph, total, variable.name, slope))
    }
    guard second else { return worst }
    for slope in slopes {
      let shape = graph[slope].shape
      let direction = graph.constant(Tensor(draws.tensor(shape, .real), shape: shape))
      let along = try graph.apply(.sum, [graph.apply(.multiply, [direction, slope])])
      let curvatures = try graph.gradient(of: along, withRespectTo: variables.map(\.id))
      for (variable, curvature) in zip(variables, curvatures) {
        worst.second = max(worst.second, try gap(graph, along, variable.name, curvature))
      }
    }
    return worst
  }

  private func gap(
    _ graph: Graph, _ total: NodeID, _ name: String, _ slope: NodeID
  ) throws -> Double {
    let expected = graph.evaluate(slope, values).elements
    var worst = 0.0
    for (i, x) in (values[name] ?? []).enumerated() {
      let h = 1e-5
      var moved = values
      moved[name]?[i] = x + h
      let above = graph.evaluate(total, moved).elements[0]
      moved[name]?[i] = x - h
      let below = graph.evaluate(total, moved).elements[0]
      let difference = (above - below) / (2 * h)
      let error = abs(difference - expected[i]) / max(1, abs(difference))
      worst = max(worst, error.isNaN ? .infinity : error)
    }
    return worst
  }
}
