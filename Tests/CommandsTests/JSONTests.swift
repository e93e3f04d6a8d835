import Foundation
import Tensors
import Testing

@testable import Commands

@Suite struct JSONTests {
  /// What another program reads.
  private func read(_ value: JSONValue) throws -> JSONValue {
    try JSONDecoder().decode(Read.self, from: JSONEncoder().encode(value)).value
  }

  @Test func tensorsComeBack() throws {
    var random = RandomNumbers(seed: 7)
    for _ in 0..<200 {
      let shape = Shape((0..<random.integer(0...3)).map { _ in random.integer(1...5) })
      let value = JSONValue(Tensor((0..<shape.count).map { _ in random.number() }, shape: shape))
      #expect(try read(value) == value)
    }
  }

  @Test func numbersJSONLacksAreStrings() throws {
    let value = JSONValue(Tensor([.nan, .infinity, -.infinity, -0.0], shape: [2, 2]))
    #expect(
      try read(value)
        == .array([
          .array([.string("nan"), .string("inf")]), .array([.string("-inf"), .number(0)]),
        ]))
    #expect(try read(.number(.nan)) == .string("nan"))
  }

  @Test func nesting() {
    #expect(JSONValue(Tensor(2)) == .number(2))
    #expect(JSONValue(Tensor([], shape: [0])) == .array([]))
    #expect(
      JSONValue(Tensor([1, 2], shape: [2, 1]))
        == .array([.array([.number(1)]), .array([.number(2)])]))
  }

  @Test func veryLargeTensorsAreSummedUp() throws {
    let value = JSONValue(Tensor([Double](repeating: 1, count: 40_000), shape: [200, 200]))
    let ones = JSONValue.array([.number(1), .number(1), .number(1)])
    #expect(
      try read(value)
        == .object([
          "shape": .array([.number(200), .number(200)]), "first": ones, "last": ones,
          "norm": .number(200),
        ]))
  }
}

/// JSON as it is read back.
private struct Read: Decodable {
  let value: JSONValue

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      value = .null
    } else if let number = try? container.decode(Double.self) {
      value = .number(number)
    } else if let text = try? container.decode(String.self) {
      value = .string(text)
    } else if let list = try? container.decode([Read].self) {
      value = .array(list.map(\.value))
    } else {
      value = .object(try container.decode([String: Read].self).mapValues(\.value))
    }
  }
}
