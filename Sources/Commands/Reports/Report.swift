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

/// How text is to look.
package struct Format: Sendable {
  /// Columns of the terminal.
  package var width: Int
  /// ASCII names and signs only: `beta1*m`, `<-`.
  package var ascii: Bool
  /// Significant digits.
  package var digits: Int

  package init(width: Int = 100, ascii: Bool = false, digits: Int = 6) {
    self.width = width
    self.ascii = ascii
    self.digits = digits
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
