// Reading the files in Data beside the tests: JSON Lines, one record a line.

import Foundation

enum RecordedData {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Data")

  static func lines<Record: Decodable>(_ file: String, as type: Record.Type) throws -> [Record] {
    let data = try Data(contentsOf: folder.appendingPathComponent(file))
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(type, from: $0)
    }
  }
}

/// A number or nested lists of them.
enum RecordedTensor: Decodable {
  case number(Double)
  case list([RecordedTensor])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .list(try container.decode([RecordedTensor].self))
    }
  }

  /// As the language writes it.
  var literal: String {
    switch self {
    case .number(let value): "\(value)"
    case .list(let parts): "[" + parts.map(\.literal).joined(separator: ", ") + "]"
    }
  }

  var elements: [Double] {
    switch self {
    case .number(let value): [value]
    case .list(let parts): parts.flatMap(\.elements)
    }
  }
}

/// The largest difference, relative where a number is above 1.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { x, y in
    let gap = abs(x - y) / max(1, abs(y))
    return x == y ? 0 : gap.isNaN ? .infinity : gap
  }.max() ?? 0
}
