// A few words in answer to a command: what was defined, what changed, what there is.
//
// The words may depend on the format, since they can hold numbers and names.

import Diagnostics

package struct MessageReport: Report {
  package let kind: String
  private let lines: @Sendable (Format) -> [StyledText]
  private let fields: [String: JSONValue]

  /// A message that is the same in every format, but for signs that ASCII lacks.
  package init(_ text: String, kind: String = "message", fields: [String: JSONValue] = [:]) {
    self.init(
      StyledText(text), kind: kind, fields: fields)
  }

  package init(_ text: StyledText, kind: String = "message", fields: [String: JSONValue] = [:]) {
    self.init(kind: kind, fields: fields) { _ in [text] }
  }

  /// A message that shows numbers or names; longer lines than the width allows are folded.
  package init(
    kind: String = "message", fields: [String: JSONValue] = [:],
    lines: @escaping @Sendable (Format) -> [StyledText]
  ) {
    self.kind = kind
    self.fields = fields
    self.lines = lines
  }

  package func text(_ format: Format) -> [StyledText] {
    lines(format).flatMap { $0.lines }.flatMap { $0.plainSigns(format).folded(to: format.width) }
  }

  package func json() -> [String: JSONValue] {
    var result = fields
    if result["text"] == nil {
      let plain = lines(Format(width: 1_000_000)).map(\.plain)
      result["text"] = .string(plain.joined(separator: "\n"))
    }
    return result
  }
}
