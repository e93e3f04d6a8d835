// Formulas over plain numbers: what a hyperparameter of one rule is in terms of another's, a learning
// rate that a rule makes of t.
//
// No graph is built; what is no formula of numbers alone has no value.

import Diagnostics
import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

enum ScalarFormula {
  /// The value with these names; nil where something in it is no number.
  static func value(of expression: Expression, _ names: (Name) -> Double?) -> Double? {
    func value(_ part: Expression) -> Double? { ScalarFormula.value(of: part, names) }
    switch expression.kind {
    case .number(let number, _): return number
    case .name(let name): return names(name)
    case .unary(.negate, let inner): return value(inner).map { -$0 }
    case .unary(.squareRoot, let inner): return value(inner).map { $0.squareRoot() }
    case .binary(let operation, let left, let right):
      guard let a = value(left), let b = value(right) else { return nil }
      switch operation {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply: return a * b
      case .divide: return a / b
      case .power: return pow(a, b)
      case .less: return a < b ? 1 : 0
      case .lessOrEqual: return a <= b ? 1 : 0
      case .greater: return a > b ? 1 : 0
      case .greaterOrEqual: return a >= b ? 1 : 0
      default: return nil
      }
    case .call(let callee, let arguments):
      let values = arguments.compactMap { value($0.value) }
      guard callee.path.count == 1, values.count == arguments.count, let x = values.first else {
        return nil
      }
      switch (callee.path[0].canonical, values.count) {
      case ("exp", 1): return exp(x)
      case ("log", 1): return log(x)
      case ("sqrt", 1): return x.squareRoot()
      case ("cos", 1): return cos(x)
      case ("sin", 1): return sin(x)
      case ("floor", 1): return floor(x)
      case ("abs", 1): return abs(x)
      case ("min", 2): return min(x, values[1])
      case ("max", 2): return max(x, values[1])
      case ("where", 3): return x != 0 ? values[1] : values[2]
      default: return nil
      }
    default: return nil
    }
  }
}

extension Expression {
  /// Formulas made here stand nowhere in a text.
  private static let nowhere = Span(Source(""), 0, 0)

  static func numbered(_ value: Double) -> Expression {
    let isWhole = value == value.rounded() && abs(value) < 1e15
    return Expression(
      .number(value, spelling: isWhole ? "\(Int(value))" : "\(value)"), nowhere)
  }

  /// 1 - x
  static func complement(of x: Expression) -> Expression { of(.subtract, number(1), x) }

  /// The product of the parts; nil for none.
  static func product(_ parts: [Expression]) -> Expression? {
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first) { of(.multiply, $0, $1) }
  }
}
