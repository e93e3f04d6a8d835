// What a command answers: a value that can be shown as text or as JSON.
//
// Nothing here writes to a screen; the executable does, in the form it was asked for.

import Diagnostics

/// An answer.
package protocol Report {
  /// The `kind` of its JSON object: `step`, `value`, `table`, …
  var kind: String { get }
  /// The lines a person sees.
  func text(_ format: Format) -> [StyledText]
  /// The fields of the JSON object besides `kind` and `version`.
  func json() -> [String: JSONValue]
}

/// How text is to look. Widths and digits out of range are taken as the nearest in range.
package struct Format: Sendable {
  /// Columns of the terminal.
  package var width: Int {
    didSet { width = Self.widths.nearest(to: width) }
  }
  /// Rows of the terminal; a chart takes no more.
  package var height: Int
  /// ASCII names and signs only: `beta1*m`, `<-`.
  package var ascii: Bool
  /// Whether cells may be given grays; pictures are made of characters elsewhere.
  package var grays: Bool
  /// Significant digits.
  package var digits: Int {
    didSet { digits = Self.digitCounts.nearest(to: digits) }
  }

  package static let widths = 1...1_000_000
  package static let digitCounts = 1...17

  package init(
    width: Int = 100, height: Int = 24, ascii: Bool = false, digits: Int = 6, grays: Bool = false
  ) {
    self.width = Self.widths.nearest(to: width)
    self.height = height
    self.ascii = ascii
    self.grays = grays
    self.digits = Self.digitCounts.nearest(to: digits)
  }
}

extension ClosedRange<Int> {
  fileprivate func nearest(to value: Int) -> Int {
    Swift.max(lowerBound, Swift.min(value, upperBound))
  }
}

/// JSON as a value. Numbers that JSON cannot hold (NaN, infinity) are strings.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])
}

extension JSONValue: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value):
      if value.isFinite {
        try container.encode(value)
      } else {
        try container.encode(value.isNaN ? "nan" : value > 0 ? "inf" : "-inf")
      }
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let fields): try container.encode(fields)
    }
  }
}
