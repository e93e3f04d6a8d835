// A named schedule written out: cosine(0.1, 100) as the formula of t it stands for, which shows
// whether t or t - 1 is counted.

import Diagnostics
import Engine
import Notation
import Tensors

extension Expression {
  /// The expression with every named schedule in it replaced by its formula; nil when there is none
  /// that can be written so.
  var schedulesWrittenOut: Expression? {
    var found = false
    let result = replacing { part in
      guard let formula = part.scheduleFormula else { return nil }
      found = true
      return formula
    }
    return found ? result : nil
  }

  private var scheduleFormula: Expression? {
    guard case .call(let callee, let arguments) = kind,
      let function = Function.named(callee.path.map(\.canonical).joined(separator: ".")),
      function.parameters.contains(where: { $0.value == .step }),
      let text = function.formula,
      let places = try? function.match(labels: arguments.map { $0.label?.canonical })
    else { return nil }
    var values: [Name: Expression] = [:]
    for (argument, place) in zip(arguments, places) {
      let parameter = function.parameters[place]
      // Flags and numbers known beforehand change the formula itself.
      guard parameter.kind == .tensor else { return nil }
      values[Name(spelling: parameter.name)] = argument.value
    }
    for parameter in function.parameters where values[Name(spelling: parameter.name)] == nil {
      if case .number(let number) = parameter.value {
        values[Name(spelling: parameter.name)] = Expression(
          .number(number, spelling: NumberFormat.text(number, digits: 6)), span)
      }
    }
    var parser = Parser(trusted: text)
    guard let formula = try? parser?.parseExpression() else { return nil }
    return formula.replacing { part in
      guard case .name(let name) = part.kind else { return nil }
      return values[name]
    }
  }
}

extension Parser {
  /// Over a text of the program's own.
  fileprivate init?(trusted text: String) {
    guard let parser = try? Parser(Source(text)) else { return nil }
    self = parser
  }
}
