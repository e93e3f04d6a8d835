// Laws that every function obeys: its gradient agrees with finite differences, the executor gives
// what the plain evaluator gives, and its help says what it does.

import Testing

@testable import Tensors

/// An argument of a sample call.
enum SampleArgument {
  /// An input of the graph, drawn from a domain.
  case input(Shape, SamplingDomain = .real)
  /// A constant of the graph.
  case constant([Double], Shape = .scalar)
  case integers([Int])
  case number(Double)
  case flag(Bool)
}

struct SampleCall {
  var arguments: [(label: String?, value: SampleArgument)]

  init(_ positional: SampleArgument..., named: KeyValuePairs<String, SampleArgument> = [:]) {
    arguments = positional.map { (nil, $0) } + named.map { ($0.key, $0.value) }
  }

  /// The call, as the layer above would make it.
  func build(_ function: Function, seed: UInt64 = 3) throws -> GradientCase {
    var draws = Draws(seed)
    var result = GradientCase(graph: Graph(), value: NodeID(0), inputs: [], values: [:])
    let places = try function.match(labels: arguments.map(\.label))
    var values: [ArgumentValue] = []
    for (index, argument) in arguments.enumerated() {
      switch argument.value {
      case .input(let shape, let domain):
        let id = result.graph.input("x\(index)", shape: shape)
        let isContinuous = if case .integers = domain { false } else { true }
        result.inputs.append(("x\(index)", id, isContinuous))
        result.values["x\(index)"] = draws.tensor(shape, domain)
        values.append(.node(id))
      case .constant(let elements, let shape):
        values.append(.node(result.graph.constant(Tensor(elements, shape: shape))))
      case .integers(let list): values.append(.integers(list))
      case .number(let number): values.append(.number(number))
      case .flag(let flag): values.append(.flag(flag))
      }
    }
    let step = result.graph.input("t", shape: .scalar)
    result.values["t"] = [7.3]
    let bound = try function.arguments(values, places: places, randomKey: [1, 2], step: step)
    result.value = try function.build(&result.graph, bound)
    return result
  }

  /// The value of a call of constants.
  static func value(
    _ name: String, _ arguments: SampleArgument...,
    named: KeyValuePairs<String, SampleArgument> = [:]
  ) throws -> [Double] {
    var call = SampleCall(named: named)
    call.arguments = arguments.map { (nil, $0) } + call.arguments
    let built = try call.build(#require(Function.named(name)))
    return built.graph.evaluate(built.value, built.values).elements
  }
}

@Suite("Every function")
struct FunctionCatalogueTests {
  static let kinked = SamplingDomain.realExcept([-2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5])
  static let schedule = [
    SampleCall(.input([], .positive), named: ["steps": .constant([100])])
  ]
  static let decay = [SampleCall(.input([], .positive), .input([], .unitInterval))]

  static let labelled = [
    SampleCall(.input([4, 3]), .constant([0, 2, 1, 0], [4])),
    SampleCall(.input([4], .unitInterval), .constant([0, 1, 1, 0], [4])),
  ]

  /// Where inputs of shape [2, 3] for the required tensors do not fit.
  static let calls: [String: [SampleCall]] = [
    "log": [SampleCall(.input([2], .positive))],
    "log1p": [SampleCall(.input([2], .positive))],
    "sqrt": [SampleCall(.input([2], .positive))],
    "tan": [SampleCall(.input([2], .unitInterval))],
    "abs": [SampleCall(.input([5], kinked))],
    "sign": [SampleCall(.input([5], kinked))],
    "floor": [SampleCall(.input([5], kinked))],
    "ceil": [SampleCall(.input([5], kinked))],
    "round": [SampleCall(.input([5], kinked))],
    "relu": [SampleCall(.input([5], kinked))],
    "leaky_relu": [
      SampleCall(.input([5], kinked)), SampleCall(.input([5], kinked), .input([], .positive)),
    ],
    "elu": [SampleCall(.input([5], kinked))],
    "power": [SampleCall(.input([2, 3], .positive), .input([3]))],
    "where": [SampleCall(.input([2, 3], .integers(below: 2)), .input([2, 3]), .input([3]))],
    "clip": [
      SampleCall(.input([6], kinked), .constant([-1]), .constant([1])),
      SampleCall(.input([6], kinked), named: ["high": .constant([0.5])]),
      SampleCall(.input([6]), .input([6]), .input([6])),
    ],
    "var": [
      SampleCall(.input([2, 3])), SampleCall(.input([4, 3]), .integers([0])),
      SampleCall(.input([4, 3]), named: ["ddof": .integers([1]), "keepdims": .flag(true)]),
    ],
    "std": [SampleCall(.input([2, 3])), SampleCall(.input([4, 3]), .integers([-1]))],
    "max": [
      SampleCall(.input([2, 3])), SampleCall(.input([2, 3]), .input([3])),
      SampleCall(.input([2, 3]), named: ["axis": .integers([1])]),
    ],
    "norm": [
      SampleCall(.input([2, 3])), SampleCall(.input([2, 3], kinked), .number(1)),
      SampleCall(.input([2, 3], kinked), .number(3), .integers([0])),
      SampleCall(.input([2, 3], kinked), .number(.infinity)),
    ],
    "softmax": [SampleCall(.input([2, 3])), SampleCall(.input([2, 3]), .integers([0]))],
    "reshape": [
      SampleCall(.input([2, 3]), .integers([3]), .integers([-1])),
      SampleCall(.input([2, 3]), .integers([6])),
    ],
    "transpose": [
      SampleCall(.input([2, 3])), SampleCall(.input([2, 3, 4]), .integers([2, 0, 1])),
    ],
    "broadcast": [SampleCall(.input([2, 3]), .integers([4, 2, 3]))],
    "concat": [
      SampleCall(.input([2, 3]), .input([1, 3])),
      SampleCall(.input([2, 3]), .input([2, 1]), named: ["axis": .integers([1])]),
    ],
    "stack": [
      SampleCall(.input([2]), .input([2])),
      SampleCall(.input([2]), .input([2]), named: ["axis": .integers([1])]),
    ],
    "sort": [
      SampleCall(.input([5])), SampleCall(.input([4, 3]), .integers([0]), .flag(true)),
    ],
    "argsort": [SampleCall(.input([5]))],
    "pick": [SampleCall(.input([4, 3]), .input([4], .integers(below: 3)))],
    "scatter_add": [
      SampleCall(.input([4, 2]), .input([4], .integers(below: 3)), .integers([3])),
      SampleCall(.input([2, 2]), .input([2, 2], .integers(below: 3)), .integers([3])),
    ],
    "one_hot": [
      SampleCall(.input([4], .integers(below: 3)), .integers([3])),
      SampleCall(.constant([2, 0, 1], [3])),
    ],
    "matmul": [SampleCall(.input([2, 3]), .input([3, 2]))],
    "dot": [SampleCall(.input([3]), .input([3]))],
    "outer": [SampleCall(.input([3]), .input([2]))],
    "solve": [SampleCall(.input([3, 3]), .input([3]))],
    "inv": [SampleCall(.input([3, 3]))], "det": [SampleCall(.input([3, 3]))],
    "trace": [SampleCall(.input([3, 3]))],
    "diag": [SampleCall(.input([3])), SampleCall(.input([2, 3]))],
    "zeros": [SampleCall(.integers([2, 3])), SampleCall(.integers([2]), .integers([3]))],
    "ones": [SampleCall(.integers([2, 3]))],
    "full": [SampleCall(.integers([2, 3]), .input([]))],
    "eye": [SampleCall(.integers([3]))],
    "arange": [SampleCall(.number(5)), SampleCall(.number(1), .number(2), .number(0.25))],
    "linspace": [SampleCall(.number(0), .number(1), .integers([5]))],
    "logspace": [SampleCall(.number(0), .number(1), .integers([5]))],
    "rand": [SampleCall(.integers([2, 3]))],
    "randn": [SampleCall(.integers([2]), .integers([3]), named: ["seed": .constant([4])])],
    "randint": [SampleCall(.integers([-2]), .integers([3]), .integers([4]))],
    "permutation": [SampleCall(.integers([6]))],
    "mae": [SampleCall(.input([4], .positive), .constant([0, -1, 0, -2], [4]))],
    "l1": [SampleCall(.input([4], kinked)), SampleCall(.input([4], kinked), .input([2], kinked))],
    "huber": [
      SampleCall(.input([4]), .constant([0, -1, 0, -2], [4])),
      SampleCall(.input([4, 1]), .input([4]), named: ["delta": .input([], .positive)]),
    ],
    "cross_entropy": [
      SampleCall(.input([4, 3]), .input([4], .integers(below: 3))),
      SampleCall(.input([4, 3]), .input([4, 3], .unitInterval)),
      SampleCall(.input([3]), .constant([1])),
    ],
    "nll": [SampleCall(.input([4, 3]), .input([4, 1], .integers(below: 3)))],
    "bernoulli_loss": [
      SampleCall(.input([4], .unitInterval), .input([4], .unitInterval))
    ],
    "binary_cross_entropy": [
      SampleCall(.input([4], .unitInterval), .input([4, 1], .unitInterval))
    ],
    "kl": [SampleCall(.input([2, 3], .unitInterval), .input([2, 3], .unitInterval))],
    "standardize": [
      SampleCall(.input([4, 3])), SampleCall(.input([2, 3]), named: ["by": .input([4, 3])]),
    ],
    "minmax": [
      SampleCall(.input([4, 3])), SampleCall(.input([2, 3]), named: ["by": .input([4, 3])]),
    ],
    "accuracy": labelled, "confusion": labelled, "precision": labelled, "recall": labelled,
    "f1": labelled, "perplexity": [SampleCall(.input([4, 3]), .input([4], .integers(below: 3)))],
    "r2": [SampleCall(.input([4]), .input([4, 1])), SampleCall(.input([4, 2]), .input([4, 2]))],
    "top_k_accuracy": [
      SampleCall(.input([4, 3]), .input([4], .integers(below: 3)), .integers([2]))
    ],
    "windows": [
      SampleCall(.input([7]), .integers([3])),
      SampleCall(.input([7, 2]), .integers([3]), .integers([2])),
    ],
    "flip": [
      SampleCall(.input([3, 2, 3])),
      SampleCall(.input([3, 6]), .number(0.9), named: ["size": .integers([2, 3])]),
    ],
    "shift": [
      SampleCall(.input([3, 2, 2, 3]), .integers([1])),
      SampleCall(.input([3, 6]), .integers([2]), named: ["size": .integers([2, 3])]),
    ],
    "xlogy": [SampleCall(.input([2, 3], .positive), .input([3], .positive))],
    "conv2d": [
      SampleCall(.input([2, 2, 3, 3]), .input([2, 2, 2, 2]), .input([2])),
      SampleCall(
        .input([1, 1, 5, 4]), .input([1, 1, 3, 3]),
        named: ["stride": .integers([2]), "padding": .integers([1, 2])]),
    ],
    "maxpool": [SampleCall(.input([1, 2, 4, 4]), .integers([2]))],
    "avgpool": [
      SampleCall(.input([1, 2, 4, 4]), .integers([2, 3]), named: ["stride": .integers([1])])
    ],
    "elastic_net": [
      SampleCall(.input([4], kinked), .input([2], kinked), named: ["ratio": .input([], .positive)])
    ],
    "distill": [
      SampleCall(.input([2, 3]), .constant([0, 1, 2, -1, 0.5, 3], [2, 3])),
      SampleCall(
        .input([3]), .constant([0, 1, 2], [3]), named: ["temperature": .input([], .positive)]),
    ],
    "quantize": [
      SampleCall(.input([2, 3])),
      SampleCall(.input([2, 3]), .integers([3]), .flag(false), .integers([0])),
      SampleCall(.input([5]), named: ["axis": .integers([0])]),
      SampleCall(.input([]), named: ["symmetric": .flag(false)]),
    ],
    "exponential_decay": decay, "step_decay": decay, "inverse_time": decay,
    "multi_step": [
      SampleCall(
        .input([], .positive), .constant([3, 6, 9], [3]), named: ["rate": .input([], .unitInterval)]
      )
    ],
    "inverse_sqrt": [SampleCall(.input([], .positive))],
    "noam": [SampleCall(.input([], .positive), .constant([10]))],
    "ramp": [SampleCall(.input([]), .input([]), .constant([10]))],
    "warmup_cosine": [
      SampleCall(.input([]), .constant([4]), .constant([20])),
      SampleCall(.input([]), .constant([10]), .constant([20]), named: ["start": .input([])]),
    ],
    "cosine_restarts": [
      SampleCall(.input([]), .constant([4])),
      SampleCall(.input([]), .constant([2]), named: ["grow": .number(2), "final": .input([])]),
    ],
    "cyclic": [
      SampleCall(.input([]), .input([]), .constant([4])),
      SampleCall(.input([]), .input([]), .constant([8]), .constant([3])),
    ],
    "torch.CosineAnnealingWarmRestarts": [
      SampleCall(.input([]), .constant([4])),
      SampleCall(.input([]), .constant([4]), named: ["T_mult": .number(2)]),
    ],
    "optax.polynomial_schedule": [
      SampleCall(.input([]), .input([]), .input([], .positive), .constant([20]))
    ],
    "keras.CosineDecayRestarts": [SampleCall(.input([]), .constant([4]))],
    "keras.PiecewiseConstantDecay": [SampleCall(.constant([4, 9], [2]), .input([3]))],
    "polynomial": schedule, "cosine": schedule, "one_cycle": schedule, "warmup": schedule,
  ]

  /// Their gradient is not that of what they compute, on purpose.
  static let pretenders = [
    "stop_gradient", "straight_through", "float32", "quantize", "fake_quantize",
  ]

  @Test(arguments: Function.catalogue.indices)
  func laws(_ index: Int) throws {
    let function = Function.catalogue[index]
    #expect(!function.summary.isEmpty && function.summary.hasSuffix("."))
    let required = function.parameters.filter { $0.value == .required && $0.kind != .shape }
    var standard = SampleCall()
    // A library's schedule takes numbers.
    standard.arguments = required.map { parameter in
      function.name.contains(".") ? (nil, .input([], .positive)) : (nil, .input([2, 3]))
    }
    for call in Self.calls[function.name] ?? [standard] {
      let built = try call.build(function)
      let result = built.graph.evaluate(built.value, built.values)

      let program = try Program(graph: built.graph, outputs: [built.value], threads: 1)
      for (name, elements) in built.values {
        guard let id = built.graph.nodes.indices.first(where: { built.graph.isInput($0, name) })
        else { continue }
        let shape = built.graph.nodes[id].shape
        program.write(Tensor(elements, shape: shape), to: NodeID(id))
      }
      _ = program.run(steps: 1)
      for (a, b) in zip(program.read(built.value).elements, result.elements) {
        #expect(abs(a - b) <= 1e-13 * max(1, abs(b)), "\(function.name): \(a), plain \(b)")
      }
      guard !Self.pretenders.contains(function.name) else { continue }
      let errors = try built.errors(second: true)
      print("  \(function.signature)  ∇ \(errors.first)  ∇² \(errors.second)")
      #expect(errors.first < 1e-7, "\(function.name)")
      #expect(errors.second < 1e-6, "\(function.name)")
    }
  }

  @Test func names() {
    var seen = Set<String>()
    for function in Function.catalogue {
      for name in [function.name] + function.aliases {
        #expect(seen.insert(name).inserted, "\(name) is there twice")
        #expect(Function.named(name)?.name == function.name)
      }
    }
    #expect(Function.catalogue.map(\.name) == Function.catalogue.map(\.name).sorted())
  }
}

extension Graph {
  fileprivate func isInput(_ index: Int, _ name: String) -> Bool {
    if case .input(name) = nodes[index].kind { true } else { false }
  }
}
