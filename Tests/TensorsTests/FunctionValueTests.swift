// Functions against numbers worked out from their documented formulas.

import Testing

@testable import Tensors

@Suite("Values of functions")
struct FunctionValueTests {
  private func expect(
    _ name: String, _ arguments: SampleArgument...,
    named: KeyValuePairs<String, SampleArgument> = [:],
    equals expected: [Double], within tolerance: Double = 1e-14,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    var call = SampleCall(named: named)
    call.arguments = arguments.map { (nil, $0) } + call.arguments
    let built = try call.build(#require(Function.named(name)))
    let result = built.graph.evaluate(built.value, built.values).elements
    #expect(result.count == expected.count, sourceLocation: location)
    for (a, b) in zip(result, expected) {
      #expect(
        a == b || abs(a - b) <= tolerance * max(1, abs(b)), "\(name): \(result)",
        sourceLocation: location)
    }
  }

  private func vector(_ elements: Double...) -> SampleArgument {
    .constant(elements, [elements.count])
  }
  private func matrix(_ rows: [Double]...) -> SampleArgument {
    .constant(rows.flatMap { $0 }, [rows.count, rows.first?.count ?? 0])
  }

  @Test func losses() throws {
    let x = vector(1, 2, 4)
    let y = vector(1, 4, 1)
    try expect("mse", x, y, equals: [13.0 / 3])
    try expect("rmse", x, y, equals: [(13.0 / 3).squareRoot()])
    try expect("mae", x, y, equals: [5.0 / 3])
    // 0; |−2| > 1: 2 - 1/2; |3| > 1: 3 - 1/2
    try expect("huber", x, y, equals: [4.0 / 3])
    // 0; 2²/2; 2.5·(3 - 1.25)
    try expect("huber", x, y, named: ["delta": .constant([2.5])], equals: [(2 + 4.375) / 3])
    try expect("l1", vector(1, -2, 3), equals: [6])
    try expect("l2", vector(1, -2, 3), equals: [14])
    try expect("l2", vector(1, -2), matrix([3]), equals: [14])
    try expect("hinge", vector(0.5, -2, 3), vector(1, 1, -1), equals: [(0.5 + 3 + 4) / 3])
  }

  @Test func likelihoods() throws {
    // log(1 + e^-1) = 0.31326168751822286, log(1 + e) = 1.3132616875182228
    let logits = matrix([0, 1], [2, 1])
    try expect("cross_entropy", logits, vector(1, 1), equals: [0.8132616875182228])
    try expect("cross_entropy", logits, matrix([0, 1], [0, 1]), equals: [0.8132616875182228])
    try expect("cross_entropy", logits, matrix([1], [1]), equals: [0.8132616875182228])
    try expect("cross_entropy", vector(0, 1), .constant([0]), equals: [1.3132616875182228])
    try expect("cross_entropy", matrix([1000, 0]), vector(0), equals: [0])
    try expect("cross_entropy", matrix([1000, 0]), vector(1), equals: [1000])
    try expect("nll", matrix([-0.1, -2], [-3, -0.2]), vector(1, 1), equals: [1.1])
    let ln2 = 0.6931471805599453
    try expect("binary_cross_entropy", vector(0.5, 0.25), vector(1, 1), equals: [1.5 * ln2])
    try expect("binary_cross_entropy", vector(0, 1), vector(0, 1), equals: [0])
    try expect("binary_cross_entropy", vector(0), vector(1), equals: [100])
    try expect(
      "binary_cross_entropy_with_logits", vector(0, 1), vector(1, 0),
      equals: [(ln2 + 1.3132616875182228) / 2])
    try expect(
      "binary_cross_entropy_with_logits", vector(-1000, 1000), vector(1, 1), equals: [500])
    try expect("kl", vector(0.5, 0.5, 0), vector(0.25, 0.25, 0.5), equals: [ln2])
    try expect(
      "kl", matrix([1, 0], [0, 1]), matrix([0.5, 0.5], [0.25, 0.75]),
      equals: [(ln2 + 0.2876820724517809) / 2])
  }

  @Test func reductions() throws {
    let x = matrix([1, 2, 3], [4, 5, 9])
    try expect("mean", x, equals: [4])
    try expect("mean", x, .integers([0]), equals: [2.5, 3.5, 6])
    try expect("var", x, .integers([1]), equals: [2.0 / 3, 14.0 / 3])
    try expect("var", x, .integers([1]), named: ["ddof": .integers([1])], equals: [1, 7])
    try expect(
      "std", x, .integers([-1]), named: ["ddof": .integers([1])],
      equals: [1, 7.0.squareRoot()])
    try expect("max", x, equals: [9])
    try expect("max", x, .constant([3]), equals: [3, 3, 3, 4, 5, 9])
    try expect("argmax", x, equals: [5])
    try expect("argmin", x, named: ["axis": .integers([1])], equals: [0, 0])
    try expect("argmax", vector(1, .nan, 3), equals: [1])
    try expect("norm", vector(3, -4), equals: [5])
    try expect("norm", vector(3, -4), .number(1), equals: [7])
    try expect("norm", vector(3, -4), .number(.infinity), equals: [4])
    try expect("count", matrix([1, 0], [0, 0]), equals: [1])
    try expect("logsumexp", vector(1000, 1000), equals: [1000.6931471805599453])
    try expect("cumsum", x, .integers([1]), equals: [1, 3, 6, 4, 9, 18])
    try expect("sort", vector(3, 1, 2), equals: [1, 2, 3])
    try expect("argsort", vector(3, .nan, 1, 2), equals: [2, 3, 0, 1])
  }

  @Test func matrices() throws {
    let a = matrix([2, 1], [4, 3])
    try expect("det", a, equals: [2])
    try expect("inv", a, equals: [1.5, -0.5, -2, 1])
    try expect("solve", a, vector(1, 2), equals: [0.5, 0])
    try expect("det", matrix([0, 1], [1, 0]), equals: [-1])
    try expect("det", matrix([1, 2], [2, 4]), equals: [0])
    try expect("trace", a, equals: [5])
    try expect("diag", vector(1, 2), equals: [1, 0, 0, 2])
    try expect("diag", a, equals: [2, 3])
    try expect("outer", vector(1, 2), vector(3, 4), equals: [3, 4, 6, 8])
    try expect("dot", vector(1, 2), vector(3, 4), equals: [11])
    #expect(try SampleCall.value("inv", matrix([1, 2], [2, 4])).allSatisfy { $0.isNaN })
    #expect(
      try SampleCall.value("solve", matrix([0, 0], [0, 0]), vector(1, 2)).allSatisfy { $0.isNaN })
  }

  @Test func normalisation() throws {
    let root = 1.5.squareRoot()
    try expect(
      "standardize", matrix([1, 2], [2, 4], [3, 6]),
      equals: [-root, -root, 0, 0, root, root])
    try expect("quantize", vector(-1, 0.1, 1.27), .integers([8]), equals: [-1, 0.1, 1.27])
    try expect("quantize", vector(0, 0), equals: [0, 0])
    // Levels -3, -2, … 3 of 1/3.
    try expect("quantize", vector(-1, 0.4, 0.6), .integers([3]), equals: [-1, 1.0 / 3, 2.0 / 3])
    // Four levels from 0 to 3.
    try expect(
      "quantize", vector(0, 0.6, 1.4, 3), .integers([2]), named: ["symmetric": .flag(false)],
      equals: [0, 1, 1, 3])
    try expect("gelu", vector(0, 1), equals: [0, 0.8413447460685429])
    try expect("softmax", vector(0, 1000), equals: [0, 1])
  }

  @Test func ranges() throws {
    try expect("arange", .number(3), equals: [0, 1, 2])
    try expect("arange", .number(3), .number(0), .number(-1), equals: [3, 2, 1])
    try expect("arange", .number(3), .number(0), equals: [])
    try expect("linspace", .number(0), .number(1), .integers([3]), equals: [0, 0.5, 1])
    try expect("linspace", .number(2), .number(1), .integers([1]), equals: [2])
    try expect("logspace", .number(0), .number(2), .integers([3]), equals: [1, 10, 100])
    try expect("eye", .integers([2]), equals: [1, 0, 0, 1])
    try expect("full", .integers([2]), .constant([7]), equals: [7, 7])
    try expect("shape", matrix([1, 2, 3]), equals: [1, 3])
    try expect("transpose", matrix([1, 2, 3], [4, 5, 6]), equals: [1, 4, 2, 5, 3, 6])
  }

  @Test func convolution() throws {
    let image = SampleArgument.constant((1...9).map(Double.init), [1, 1, 3, 3])
    let kernel = SampleArgument.constant([1, 0, 0, -1], [1, 1, 2, 2])
    try expect("conv2d", image, kernel, equals: [-4, -4, -4, -4])
    try expect("conv2d", image, kernel, vector(1), equals: [-3, -3, -3, -3])
    try expect(
      "maxpool", image, .integers([2]), named: ["stride": .integers([1])],
      equals: [5, 6, 8, 9])
    try expect("avgpool", image, .integers([3]), equals: [5])
  }

  @Test func schedules() throws {
    func at(_ t: Double, _ name: String, _ named: KeyValuePairs<String, SampleArgument>) throws
      -> Double
    {
      var call = SampleCall(.constant([0.1]))
      call.arguments += named.map { ($0.key, $0.value) }
      call.arguments.append(("t", .constant([t])))
      let built = try call.build(#require(Function.named(name)))
      return built.graph.evaluate(built.value).elements[0]
    }
    let hundred: SampleArgument = .constant([100])
    #expect(try at(1, "exponential_decay", ["rate": .constant([0.5])]) == 0.1)
    #expect(try at(3, "exponential_decay", ["rate": .constant([0.5])]) == 0.025)
    #expect(try at(30, "step_decay", [:]) == 0.1)
    #expect(abs(try at(31, "step_decay", [:]) - 0.01) < 1e-16)
    #expect(try at(4, "inverse_time", [:]) == 0.025)
    #expect(try at(1, "cosine", ["steps": hundred]) == 0.1)
    #expect(abs(try at(51, "cosine", ["steps": hundred]) - 0.05) < 1e-16)
    #expect(try at(1000, "cosine", ["steps": hundred]) == 0)
    #expect(try at(101, "polynomial", ["steps": hundred, "final": .constant([0.02])]) == 0.02)
    #expect(try at(51, "polynomial", ["steps": hundred]) == 0.05)
    #expect(abs(try at(1, "warmup", ["steps": hundred]) - 0.001) < 1e-16)
    #expect(try at(200, "warmup", ["steps": hundred]) == 0.1)
    // PyTorch's OneCycleLR(max_lr=0.1, total_steps=100): its peak is at step 29, counted from 0.
    #expect(abs(try at(1, "one_cycle", ["steps": hundred]) - 0.004) < 1e-16)
    #expect(abs(try at(30, "one_cycle", ["steps": hundred]) - 0.1) < 1e-15)
    #expect(abs(try at(100, "one_cycle", ["steps": hundred]) - 4e-7) < 1e-15)
  }
}
