// Whatever a call is given, it gives a value or an error, never a trap.

import Testing

@testable import Tensors

@Suite("Calls with anything")
struct FunctionRobustnessTests {
  private static let sizes = [0, 1, 1, 2, 2, 3, 4]
  private static let integers = [
    0, 1, 2, 3, -1, -2, -3, 7, 64, (1 << 27) + 1, 1 << 40, Int.max, Int.min, Int.min + 1,
    Int.max - 1,
  ]
  private static let numbers = [
    0, 1, -1, 0.5, 2, -2.5, 1e300, -1e300, 1e18, -1e19, .infinity, -.infinity, .nan, 1e-300,
  ]

  private func pick<T>(_ list: [T], _ draws: inout Draws) -> T {
    list[Int(draws.fraction() * Double(list.count))]
  }

  private func tensor(_ graph: inout Graph, _ draws: inout Draws, _ place: Int) -> NodeID {
    let rank = Int(draws.fraction() * 4.5)
    let shape = Shape((0..<rank).map { _ in pick(Self.sizes, &draws) })
    if draws.fraction() < 0.5 { return graph.input("x\(place)", shape: shape) }
    let isWhole = draws.fraction() < 0.5
    let elements = (0..<shape.count).map { _ in
      isWhole ? Double(pick([0, 1, 2, -1], &draws)) : pick(Self.numbers, &draws)
    }
    return graph.constant(Tensor(elements, shape: shape, type: isWhole ? .int64 : .float64))
  }

  private func argument(
    _ kind: Parameter.Kind, _ graph: inout Graph, _ draws: inout Draws, _ place: Int
  ) -> ArgumentValue {
    switch kind {
    case .tensor, .tensors: return .node(tensor(&graph, &draws, place))
    case .integer: return .integers([pick(Self.integers, &draws)])
    case .number: return .number(pick(Self.numbers, &draws))
    case .flag: return .flag(draws.fraction() < 0.5)
    case .axes, .shape:
      let count = Int(draws.fraction() * 3.5)
      let isSmall = draws.fraction() < 0.8
      return .integers(
        (0..<count).map { _ in isSmall ? pick(Self.sizes, &draws) : pick(Self.integers, &draws) })
    }
  }

  @Test(arguments: Function.catalogue.indices)
  func functions(_ index: Int) throws {
    let function = Function.catalogue[index]
    var draws = Draws(UInt64(index))
    for _ in 0..<150 {
      var graph = Graph()
      var values: [ArgumentValue] = []
      var places: [Int] = []
      for (place, parameter) in function.parameters.enumerated() {
        let isGiven = parameter.value == .required || draws.fraction() < 0.4
        guard isGiven else { continue }
        for _ in 0..<(parameter.kind == .tensors ? 2 : 1) {
          values.append(argument(parameter.kind, &graph, &draws, places.count))
          places.append(place)
        }
      }
      let step = graph.input("t", shape: .scalar)
      guard let arguments = try? function.arguments(values, places: places, step: step),
        let value = try? function.build(&graph, arguments)
      else { continue }
      guard graph[value].shape.count <= 10_000 else { continue }
      try evaluate(graph, value, function.name)
    }
  }

  private func evaluate(_ graph: Graph, _ value: NodeID, _ name: String) throws {
    var graph = graph
    let variables = graph.reachable(from: [value]).filter {
      if case .input = graph[$0].kind { true } else { false }
    }
    let total = try graph.apply(.sum, [value])
    let slopes = try graph.gradient(of: total, withRespectTo: variables)
    let wide = graph.reachable(from: slopes + [value]).contains { graph[$0].shape.count > 100_000 }
    guard !wide else { return }
    let program = try Program(graph: graph, outputs: slopes + [value], threads: 1)
    for variable in variables {
      let shape = graph[variable].shape
      program.write(
        Tensor([Double](repeating: 0.5, count: shape.count), shape: shape), to: variable)
    }
    _ = program.run(steps: 1)
    #expect(program.read(value).elements.count == graph[value].shape.count, "\(name)")
    for (slope, variable) in zip(slopes, variables) {
      #expect(graph[slope].shape == graph[variable].shape, "\(name)")
    }
  }
}
