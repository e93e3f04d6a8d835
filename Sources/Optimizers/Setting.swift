// Hyperparameters that settle which lines of a rule run: flags, options, `none`.
//
// `when nesterov { … }` is decided once, when the optimizer is chosen, by this small evaluator. It
// knows plain values only; a hyperparameter that changes with t cannot be asked about.

import Diagnostics
import Notation
import Tensors

/// A hyperparameter's value as far as it is known before the first step.
package enum Setting: Equatable {
  case number(Double)
  case flag(Bool)
  case text(String)
  case none
  case list([Setting])
  /// Known only at each step.
  case changing

  package var isTrue: Bool? {
    switch self {
    case .flag(let value): value
    case .number(let value): value != 0
    case .none: false
    case .text, .list, .changing: nil
    }
  }
}

/// Evaluates conditions and counts in a rule from settings and the parameter's shape.
package struct SettingEvaluator {
  package var settings: [Name: Setting]
  package var shape: Shape
  /// What the rule calls its parameter.
  package var parameterNames: Set<String> = ["w", "theta"]

  package func value(of expression: Expression) throws(Diagnostic) -> Setting {
    switch expression.kind {
    case .number(let value, _): return .number(value)
    case .string(let text): return .text(text)
    case .name(let name):
      switch name.canonical {
      case "true": return .flag(true)
      case "false": return .flag(false)
      case "none": return .none
      default:
        guard let setting = settings[name] else {
          throw LoweringError.unknownName(
            name, expression.span, known: settings.keys.map(\.canonical).sorted()
          ).diagnostic
        }
        return setting
      }
    case .list(let items):
      var values: [Setting] = []
      for item in items { values.append(try value(of: item)) }
      return .list(values)
    case .unary(.not, let operand):
      return .flag(!(try truth(of: operand)))
    case .unary(.negate, let operand):
      return .number(-(try number(of: operand)))
    case .unary(.squareRoot, let operand):
      return .number((try number(of: operand)).squareRoot())
    case .binary(let op, let left, let right):
      return try binary(op, left, right)
    case .index(let base, let subscripts):
      if case .list(let items) = try value(of: base), subscripts.count == 1,
        case .at(let position) = subscripts[0]
      {
        let i = try number(of: position)
        if i >= 0, i < Double(items.count), i == i.rounded() { return items[Int(i)] }
      }
      return .changing
    case .call(let callee, let arguments):
      return try call(callee, arguments, at: expression.span)
    default:
      return .changing
    }
  }

  /// Whether a condition holds.
  package func truth(of expression: Expression) throws(Diagnostic) -> Bool {
    guard let truth = try value(of: expression).isTrue else {
      throw Diagnostic(
        "rule.condition", "this must be known when the optimizer is chosen", at: expression.span,
        help: "use where(condition, a, b) for what changes from step to step")
    }
    return truth
  }

  package func number(of expression: Expression) throws(Diagnostic) -> Double {
    switch try value(of: expression) {
    case .number(let value): return value
    case .flag(let flag): return flag ? 1 : 0
    default:
      throw Diagnostic(
        "rule.number", "a number is needed here, known when the optimizer is chosen",
        at: expression.span)
    }
  }

  private func binary(_ op: BinaryOperator, _ left: Expression, _ right: Expression)
    throws(Diagnostic) -> Setting
  {
    switch op {
    case .and, .or:
      // The right side is asked only where it decides.
      let first = try truth(of: left)
      if first == (op == .or) { return .flag(first) }
      return .flag(try truth(of: right))
    case .equal, .notEqual:
      guard let same = try same(left, right) else { return .changing }
      return .flag(same == (op == .equal))
    default: break
    }
    let a = try value(of: left)
    let b = try value(of: right)
    if a == .changing || b == .changing { return .changing }
    let x = try number(of: left)
    let y = try number(of: right)
    switch op {
    case .less: return .flag(x < y)
    case .lessOrEqual: return .flag(x <= y)
    case .greater: return .flag(x > y)
    case .greaterOrEqual: return .flag(x >= y)
    case .add: return .number(x + y)
    case .subtract: return .number(x - y)
    case .multiply: return .number(x * y)
    case .divide: return .number(x / y)
    default: return .changing
    }
  }

  /// Equality, where a flag equals the number 0 or 1 as it does in Python.
  private func same(_ left: Expression, _ right: Expression) throws(Diagnostic) -> Bool? {
    let a = try value(of: left)
    let b = try value(of: right)
    switch (a, b) {
    // A schedule is none of the plain values it may pass through: `momentum != 0` holds for one.
    case (.changing, .changing): return nil
    case (.changing, _), (_, .changing): return false
    case (.flag(let f), .number(let n)), (.number(let n), .flag(let f)): return (f ? 1 : 0) == n
    default: return a == b
    }
  }

  private func call(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument], at span: Span
  ) throws(Diagnostic) -> Setting {
    guard callee.path.count == 1, arguments.count >= 1 else { return .changing }
    if case .name(let name) = arguments[0].value.kind, parameterNames.contains(name.canonical) {
      let sizes = shape.dimensions
      switch callee.path[0].canonical {
      case "rank": return .number(Double(sizes.count))
      case "count", "size": return .number(Double(shape.count))
      case "rows": return .number(Double(sizes.count >= 2 ? sizes[sizes.count - 2] : 1))
      case "cols": return .number(Double(sizes.last ?? 1))
      default: return .changing
      }
    }
    let bound = callee.path[0].canonical
    if arguments.count == 2, bound == "max" || bound == "min" {
      let a = try number(of: arguments[0].value)
      let b = try number(of: arguments[1].value)
      return .number(bound == "max" ? Swift.max(a, b) : Swift.min(a, b))
    }
    return .changing
  }
}
