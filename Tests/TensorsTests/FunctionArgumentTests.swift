// Calls that fit a function's parameters, and those that do not.

import Testing

@testable import Tensors

@Suite("Arguments of functions")
struct FunctionArgumentTests {
  private func function(_ name: String) throws -> Function { try #require(Function.named(name)) }

  @Test func placesByPositionAndKeyword() throws {
    let norm = try function("norm")
    #expect(norm.signature == "norm(x, ord=2, axis=…, keepdims=false)")
    #expect(try norm.match(labels: [nil, nil]) == [0, 1])
    #expect(try norm.match(labels: [nil, "keepdims", "axis"]) == [0, 3, 2])
    #expect(try function("zeros").match(labels: [nil, nil, nil]) == [0, 0, 0])
    #expect(try function("randn").match(labels: [nil, nil, "seed"]) == [0, 0, 1])
    #expect(try function("concat").match(labels: [nil, nil, "axis"]) == [0, 0, 1])
  }

  @Test func misfits() throws {
    let norm = try function("norm")
    #expect(
      throws: FunctionError.unknownParameter(
        function: "norm", name: "axes", argument: 1, known: ["x", "ord", "axis", "keepdims"])
    ) { try norm.match(labels: [nil, "axes"]) }
    #expect(throws: FunctionError.missing(function: "norm", parameter: "x")) {
      try norm.match(labels: [])
    }
    #expect(throws: FunctionError.givenTwice(function: "norm", parameter: "x", argument: 1)) {
      try norm.match(labels: [nil, "x"])
    }
    #expect(throws: FunctionError.positionalAfterKeyword(function: "norm", argument: 1)) {
      try norm.match(labels: ["x", nil])
    }
    #expect(throws: FunctionError.tooManyArguments(function: "exp", argument: 1, maximum: 1)) {
      try function("exp").match(labels: [nil, nil])
    }
    #expect(
      throws: FunctionError.wrongKind(
        function: "eye", parameter: "n", argument: 0,
        expected: "a whole number that does not change from step to step")
    ) { try function("eye").arguments([.number(2.5)], places: [0]) }
    #expect(throws: Never.self) { try function("eye").arguments([.number(2)], places: [0]) }
  }

  @Test func badValues() throws {
    for (name, sizes) in [("zeros", [1 << 40]), ("zeros", [1 << 40, 1 << 40]), ("ones", [-1])] {
      #expect(throws: TensorError.self) {
        try SampleCall.value(name, .integers(sizes))
      }
    }
    #expect(throws: TensorError.self) { try SampleCall.value("eye", .integers([1 << 20])) }
    #expect(throws: TensorError.self) { try SampleCall.value("eye", .integers([-3])) }
    #expect(throws: TensorError.self) {
      try SampleCall.value("arange", .number(0), .number(1), .number(0))
    }
    #expect(throws: TensorError.self) { try SampleCall.value("arange", .number(.nan)) }
    #expect(throws: TensorError.self) {
      try SampleCall.value("linspace", .number(0), .number(1), .integers([Int.max]))
    }
    #expect(throws: TensorError.self) {
      try SampleCall.value("reshape", .constant([1, 2], [2]), .integers([-1]), .integers([-1]))
    }
    #expect(throws: TensorError.self) {
      try SampleCall.value("randint", .integers([Int.min]), .integers([Int.max]), .integers([2]))
    }
    #expect(throws: TensorError.self) {
      try SampleCall.value("one_hot", .constant([3], [1]), .integers([3]))
    }
    #expect(throws: TensorError.axisOutOfRange(axis: 2, [2, 2])) {
      try SampleCall.value("sum", .constant([1, 2, 3, 4], [2, 2]), .integers([2]))
    }
    #expect(throws: TensorError.self) {
      try SampleCall.value("standardize", .constant([1, 2, 1, 3], [2, 2]))
    }
    #expect(throws: TensorError.self) {
      try SampleCall.value(
        "maxpool", .constant([1], [1, 1, 1, 1]), .integers([Int.max]))
    }
    #expect(throws: TensorError.self) {
      try SampleCall.value("max", .constant([], [0]))
    }
  }

  @Test func pairedLossesDoNotBroadcast() throws {
    let x = SampleArgument.constant([1, 2, 3], [3, 1])
    #expect(try SampleCall.value("mse", x, .constant([0, 0, 0], [3])) == [14.0 / 3])
    for wrong: Shape in [[1, 3], [], [1]] {
      #expect(throws: TensorError.unequalPair(operation: "mse", [3, 1], wrong)) {
        try SampleCall.value(
          "mse", x, .constant([Double](repeating: 0, count: wrong.count), wrong))
      }
    }
  }
}
