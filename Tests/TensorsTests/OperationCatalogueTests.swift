// Laws that every operation obeys: its derivative agrees with finite differences, its kernel fills
// the shape that its shape rule promises, the executor gives what the plain evaluator gives, and it
// says what it does.

import Testing

@testable import Tensors

@Suite("Every operation")
struct OperationCatalogueTests {
  struct Sample {
    var shapes: [Shape]
    var attributes = Attributes.none
  }

  /// Where the default, [2, 3] beside [3] beside a scalar, does not fit.
  static let samples: [String: [Sample]] = [
    "sum": reductions, "prod": reductions, "norm": reductions,
    "prod_others": Array(reductions.dropLast()),
    "argmax": reductions,
    "argmin": reductions, "concat": joins,
    "stack": [
      Sample(shapes: [[2], [2], [2]], attributes: Attributes(integers: [-1])),
      Sample(shapes: [[2, 3], [2, 3]], attributes: Attributes(integers: [-3])),
    ],
    "broadcast": [
      Sample(shapes: [[2, 1]], attributes: Attributes(integers: [3, 2, 4])),
      Sample(shapes: [[]], attributes: Attributes(integers: [2])),
    ],
    "reshape": [Sample(shapes: [[2, 3]], attributes: Attributes(integers: [3, 2]))],
    "transpose": [Sample(shapes: [[2, 3]]), Sample(shapes: [[2, 3, 4]])],
    "permute": [
      Sample(shapes: [[2, 3, 4]], attributes: Attributes(integers: [-1, -3, -2])),
      Sample(shapes: [[2, 3, 4]], attributes: Attributes(integers: [-2, -3, -1])),
    ],
    "straight_through": [Sample(shapes: [[2, 3], [2, 3]])],
    "slice": [
      Sample(shapes: [[4, 5]], attributes: slices),
      Sample(shapes: [[2, 4, 5]], attributes: slices),
    ],
    "pad": [
      Sample(
        shapes: [[2, 5]],
        attributes: AxisSlice.encode(
          [AxisSlice(start: 3, count: 2, step: -2), AxisSlice(start: 0, count: 5)], of: [4, 5]))
    ],
    "matmul": [
      [[3], [3]], [[2, 3], [3]], [[2], [2, 3]], [[2, 3], [3, 4]], [[5, 2, 3], [3, 4]],
      [[2, 3], [5, 3, 4]], [[5, 2, 3], [3]], [[2], [5, 2, 3]], [[5, 1, 2, 3], [4, 3, 2]],
    ].map { Sample(shapes: $0) },
    "outer": [Sample(shapes: [[2], [3]])],
    "one_hot": [Sample(shapes: [[2, 2]], attributes: Attributes(integers: [3]))],
    "softmax": alongAxis, "log_softmax": alongAxis, "cumsum": alongAxis,
    "logsumexp": alongAxis + [
      Sample(shapes: [[2, 3]], attributes: Attributes(integers: [-2], flag: true))
    ],
    "gather": [
      Sample(shapes: [[2, 3], [4]], attributes: Attributes(integers: [-2])),
      Sample(shapes: [[2, 3], [2, 2]], attributes: Attributes(integers: [-1])),
      Sample(shapes: [[2, 3, 2], [4], [4]], attributes: Attributes(integers: [-3])),
    ],
    "scatter_add": [
      Sample(shapes: [[4, 3], [4]], attributes: Attributes(integers: [-2, 2, 3])),
      Sample(shapes: [[4, 2], [4], [4]], attributes: Attributes(integers: [-3, 2, 3, 2])),
    ],
    "pick": [Sample(shapes: [[2, 3], [2]]), Sample(shapes: [[2, 2, 3], [2, 2]])],
    "gather_along": [Sample(shapes: [[2, 3], [2, 4]])],
    "scatter_along": [
      Sample(shapes: [[2, 4], [2, 4]], attributes: Attributes(integers: [3]))
    ],
    "sort": [Sample(shapes: [[2, 4]]), Sample(shapes: [[5]], attributes: Attributes(flag: true))],
    "argsort": [Sample(shapes: [[2, 4]])],
    "solve": [Sample(shapes: [[3, 3], [3]]), Sample(shapes: [[3, 3], [3, 2]])],
    "inv": [Sample(shapes: [[3, 3]])], "det": [Sample(shapes: [[3, 3]])],
    "diagonal": [Sample(shapes: [[3, 3]]), Sample(shapes: [[2, 3]]), Sample(shapes: [[3, 2]])],
    "diagonal_matrix": [
      Sample(shapes: [[2]], attributes: Attributes(integers: [2, 2])),
      Sample(shapes: [[2]], attributes: Attributes(integers: [2, 3])),
      Sample(shapes: [[2]], attributes: Attributes(integers: [3, 2])),
    ],
    "xlogy": [Sample(shapes: [[2, 3], [2, 3]])],
    "bernoulli_loss": [Sample(shapes: [[2, 3], [2, 3]])],
    "logit_loss": [Sample(shapes: [[2, 3], [2, 3]])],
    "patches": [
      Sample(shapes: [[2, 4, 5]], attributes: Attributes(integers: [2, 3, 1, 2, 1, 0])),
      Sample(shapes: [[2, 1, 3, 3]], attributes: Attributes(integers: [3, 3, 1, 1, 1, 1])),
    ],
    "unpatches": [
      Sample(
        shapes: [[2, 2, 8]], attributes: Attributes(integers: [2, 2, 1, 1, 0, 0, 2, 3, 3]))
    ],
    "batch_rows": [
      Sample(shapes: [[], []], attributes: Attributes(integers: [5, 7, 3], flag: true)),
      Sample(shapes: [[], []], attributes: Attributes(integers: [5, 7, 3])),
    ],
    "rand": random, "randn": random,
    "permutation": [
      Sample(shapes: [[]], attributes: Attributes(integers: [5, 7]))
    ],
    "randint": [
      Sample(
        shapes: [[]], attributes: Attributes(integers: [5, 2, 3], numbers: [-2, 5]))
    ],
  ]

  static let reductions = [
    Sample(shapes: [[2, 3]]),
    Sample(shapes: [[2, 3]], attributes: Attributes(integers: [-1])),
    Sample(shapes: [[2, 3]], attributes: Attributes(integers: [-2], flag: true)),
    Sample(shapes: [[2, 3, 4]], attributes: Attributes(integers: [-3, -1])),
    Sample(shapes: [[]]),
  ]
  static let joins = [
    Sample(shapes: [[2, 3], [4, 3]], attributes: Attributes(integers: [-2])),
    Sample(shapes: [[2, 1], [2, 3], [2, 2]], attributes: Attributes(integers: [-1])),
  ]
  static let alongAxis = [
    Sample(shapes: [[2, 3]], attributes: Attributes(integers: [-1])),
    Sample(shapes: [[2, 3, 2]], attributes: Attributes(integers: [-2])),
  ]
  static let slices = AxisSlice.encode(
    [
      AxisSlice(start: 1, count: 2, step: 2), AxisSlice(start: 4, count: 1, dropsAxis: true),
    ], of: [4, 5])
  static let random = [Sample(shapes: [[]], attributes: Attributes(integers: [5, 2, 3]))]

  /// Their gradient is not that of what they compute, on purpose.
  static let pretenders = ["stop_gradient", "straight_through", "float32", "quantize"]

  @Test(arguments: Operation.catalogue.map(\.name).indices)
  func laws(_ index: Int) throws {
    let operation = Operation.catalogue[index]
    #expect(!operation.summary.isEmpty && operation.summary.hasSuffix("."))
    let sizes: [Shape] = [[2, 3], [3], []]
    let isReduction = if case .reduce = operation.kernel { true } else { false }
    let samples =
      Self.samples[operation.name].flatMap {
        operation.arity < 2 || $0[0].shapes.count != 1 ? $0 : nil
      }
      ?? (isReduction
        ? Self.reductions : [Sample(shapes: Array(sizes.prefix(max(1, operation.arity))))])
    for (number, sample) in samples.enumerated() {
      // Elementwise max and min share a name with the reductions.
      let sample =
        operation.arity == 2 && sample.shapes.count == 1 ? Sample(shapes: [[2, 3], [3]]) : sample
      try check(operation, sample, seed: UInt64(index * 10 + number))
    }
  }

  private func check(_ operation: Operation, _ sample: Sample, seed: UInt64) throws {
    var graph = Graph()
    var draws = Draws(seed + 1)
    var inputs: [(String, NodeID, Bool)] = []
    var values: [String: [Double]] = [:]
    for (operand, shape) in sample.shapes.enumerated() {
      let name = "x\(operand)"
      inputs.append((name, graph.input(name, shape: shape), operation.isContinuous(in: operand)))
      values[name] = draws.tensor(shape, operation.domain, operand: operand)
    }
    let value = try graph.apply(operation, inputs.map(\.1), sample.attributes)
    let promised = try operation.shape(sample.shapes, sample.attributes)
    let result = graph.evaluate(value, values)
    #expect(graph[value].shape == promised)
    #expect(!result.elements.contains(12345), "\(operation.name) leaves elements unwritten")

    let program = try Program(graph: graph, outputs: [value], threads: 1)
    for (name, id, _) in inputs {
      program.write(Tensor(values[name] ?? [], shape: graph[id].shape), to: id)
    }
    _ = program.run(steps: 1)
    let executed = program.read(value)
    for (a, b) in zip(executed.elements, result.elements) {
      #expect(
        abs(a - b) <= 1e-13 * max(1, abs(b)), "\(operation.name): executor \(a), plain \(b)")
    }

    guard !Self.pretenders.contains(operation.name) else { return }
    let gradients = GradientCase(
      graph: graph, value: value, inputs: inputs, values: values)
    let errors = try gradients.errors(second: true)
    let shapes = sample.shapes.map(\.description).joined(separator: " ")
    print("  \(operation.name)  \(shapes)  ∇ \(errors.first)  ∇² \(errors.second)")
    #expect(errors.first < 1e-7, "\(operation.name) \(sample)")
    #expect(errors.second < 1e-6, "\(operation.name) \(sample)")
  }

  @Test func names() {
    var seen: [String: Set<Int>] = [:]
    for operation in Operation.catalogue {
      #expect(seen[operation.name, default: []].insert(operation.arity).inserted)
    }
  }
}

extension Operation {
  /// Whether an operand may be moved a little.
  fileprivate func isContinuous(in operand: Int) -> Bool {
    switch domain {
    case .integers: false
    case .each(let domains):
      if case .integers = domains[min(operand, domains.count - 1)] { false } else { true }
    default: true
    }
  }
}
