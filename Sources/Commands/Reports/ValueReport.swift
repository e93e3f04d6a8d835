// The value of an expression or of a name, and nothing else: `[-3.7861, -5.78605]`.

import Diagnostics
import Notation
import Tensors

package struct ValueReport: Report {
  /// What was asked for, when it has a name.
  package let name: Name?
  package let value: Tensor

  package init(name: Name? = nil, _ value: Tensor) {
    self.name = name
    self.value = value
  }

  package var kind: String { "value" }

  package func text(_ format: Format) -> [StyledText] {
    TensorFormat(format).block(value).map { StyledText($0, .result) }
  }

  package func json() -> [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "shape": .array(value.shape.dimensions.map { .number(Double($0)) }),
      "type": .string(value.elementType.rawValue),
      "value": JSONValue(value),
    ]
    if let name { fields["name"] = .string(name.ascii) }
    return fields
  }
}
