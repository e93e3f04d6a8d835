// The value of an expression and nothing else: `[-3.7861, -5.78605]`; one that is watched also says
// what it is, `norm(g) = 7.21`.

import Diagnostics
import Tensors

package struct ValueReport: Report {
  /// What the value is called; printed before it.
  package let name: String?
  package let value: Tensor

  package init(name: String? = nil, value: Tensor) {
    self.name = name
    self.value = value
  }

  package var kind: String { "value" }

  package func text(_ format: Format) -> [StyledText] {
    guard let name else {
      return TensorFormat(format).block(value).map { StyledText($0, .result) }
    }
    var line = StyledText(format.signs.plain(name), .name)
    line.append(" = ")
    let inLine = line + StyledText(TensorFormat(format).line(value), .result)
    if inLine.width <= format.width { return [inLine] }
    return [line] + TensorFormat(format).block(value).map { StyledText("  " + $0, .result) }
  }

  package func json() -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "shape": .array(value.shape.dimensions.map { .number(Double($0)) }),
      "type": .string(value.elementType.rawValue),
      "value": JSONValue(value),
    ]
    if let name { fields["name"] = .string(name) }
    return fields
  }
}
