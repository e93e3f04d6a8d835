// A part of an answer whose looks wait until the format is known: a name, a formula, a number, words.
//
// Reports are made before anyone knows the width and the characters of the screen, so they keep
// these; none of them holds text that was formatted already, unless it is words.

import Diagnostics
import Notation
import Tensors

package enum Piece: Sendable {
  /// Words, as they are.
  case text(String)
  case name(Name)
  case formula(Expression)
  /// A value on one line.
  case value(Tensor)

  package func text(_ format: Format) -> String {
    switch self {
    case .text(let text): format.signs.plain(text)
    case .name(let name): name.text(format.ascii ? .ascii : .pretty)
    case .formula(let expression): expression.text(format.ascii ? .ascii : .pretty)
    case .value(let tensor): TensorFormat(format).line(tensor)
    }
  }

  package func styled(_ format: Format) -> StyledText {
    let style: Style =
      switch self {
      case .name: .name
      case .value: .result
      case .text, .formula: .plain
      }
    return StyledText(text(format), style)
  }

  package var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .name(let name): .string(name.ascii)
    case .formula(let expression): .string(expression.text(.ascii))
    case .value(let tensor): JSONValue(tensor)
    }
  }
}

extension Piece: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .text(value) }
}
