// Reading the recorded runs beside the tests. Only tests read JSON this way; it trusts its files.

import Foundation
import Tensors

/// A JSON value that tells a flag from a number.
enum JSON: Decodable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSON].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  var flag: Bool? {
    if case .flag(let flag) = self { flag } else { nil }
  }

  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  var list: [JSON]? {
    if case .list(let list) = self { list } else { nil }
  }

  /// Members in the order of their names.
  var members: [(key: String, value: JSON)] {
    guard case .object(let members) = self else { return [] }
    return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Nested lists of numbers as one tensor.
  var tensor: Tensor {
    switch self {
    case .number(let value): return Tensor(value)
    case .list(let items):
      let parts = items.map(\.tensor)
      let inner = parts.first?.shape.dimensions ?? []
      return Tensor(parts.flatMap(\.elements), shape: Shape([parts.count] + inner))
    default: return Tensor(.nan)
    }
  }

  /// As an argument of a call is written: 0.1, [0.9, 0.999], true, none, "original".
  var argument: String {
    switch self {
    case .null: "none"
    case .flag(let flag): flag ? "true" : "false"
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let text): "\"\(text)\""
    case .list(let items): "[" + items.map(\.argument).joined(separator: ", ") + "]"
    case .object: "none"
    }
  }
}

/// The files of the folder `Data`.
enum Recorded {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Data")

  static func lines(_ file: String) throws -> [JSON] {
    let data = try Data(contentsOf: folder.appendingPathComponent(file))
    let decoder = JSONDecoder()
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(JSON.self, from: $0)
    }
  }

  static func object(_ file: String) throws -> JSON {
    try JSONDecoder().decode(
      JSON.self, from: try Data(contentsOf: folder.appendingPathComponent(file)))
  }
}
