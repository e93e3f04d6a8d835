// Under which names the lines of a step are shown: the rule's `w` under the parameter's own name, a
// state that would be mistaken for the parameter under `m.m`.

import Diagnostics
import Engine
import Notation
import Tensors

/// The names of one parameter's lines.
package struct LineNames {
  private let parameter: Expression
  private var shown: [Name: Expression] = [:]

  /// The names a rule has for the parameter it is applied to.
  private static let ofParameter = [Name(canonical: "w"), Name(canonical: "theta")]

  /// - Parameter others: the other parameters of a rule over all, which are one vector to it.
  package init(_ record: StepRecord.ParameterRecord, among others: [Name] = []) {
    let span = Span(Source(""), 0, 0)
    func expression(_ name: Name) -> Expression { Expression(.name(name), span) }
    if others.isEmpty {
      parameter = expression(record.name)
    } else if others.count < 3 {
      parameter = Expression(.list(([record.name] + others).map(expression)), span)
    } else {
      parameter = expression(Name(canonical: "all"))
    }
    for name in Self.ofParameter { shown[name] = parameter }
    let own = record.lines.filter { !$0.isParameter }.map(\.name) + record.constants.map(\.name)
    for name in own where name == record.name && shown[name] == nil {
      shown[name] = Expression(.member(expression(record.name), name), span)
    }
  }

  /// The name a line is shown under.
  package func name(of line: StepRecord.Line) -> Expression {
    if line.isParameter { return parameter }
    return shown[line.name]
      ?? Expression(.name(line.name), Span(Source(""), 0, 0))
  }

  /// A line's formula as it is shown.
  package func formula(_ expression: Expression) -> Expression {
    expression.replacing { part in
      guard case .name(let name) = part.kind else { return nil }
      return shown[name]
    }
  }
}
