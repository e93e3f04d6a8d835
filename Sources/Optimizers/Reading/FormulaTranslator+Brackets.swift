// Brackets, bars and norms; cases as where(…).

import Diagnostics
import Notation

extension FormulaTranslator {
  func fenced(_ fence: MathFence, _ items: [Math], _ span: Span, _ depth: Int)
    throws(Diagnostic) -> Expression
  {
    guard items.count == 1 else {
      if fence == .angle, items.count == 2 {
        let a = try translate(items[0], depth + 1)
        let b = try translate(items[1], depth + 1)
        return Build.call("sum", [Build.binary(.multiply, a, b)], span)
      }
      throw .reading(
        "list", items.isEmpty ? "nothing between these brackets" : "a list is no number here", span)
    }
    switch fence {
    case .parenthesis, .bracket, .brace:
      let inner = try translate(items[0], depth + 1)
      return Expression(inner.kind, span)
    case .bars: return Build.call("abs", [try translate(items[0], depth + 1)], span)
    case .norm: return try norm(items[0], [], span, depth)
    case .floor: return Build.call("floor", [try translate(items[0], depth + 1)], span)
    case .ceiling: return Build.call("ceil", [try translate(items[0], depth + 1)], span)
    case .angle:
      guard symbolsHoldGradient(items[0]) else {
        throw .reading(
          "angle", "no formula here says what this average is", span,
          help: "an inner product has two parts")
      }
      note(.convention, "the average of the gradient is taken as the gradient", span)
      return try translate(items[0], depth + 1)
    }
  }

  func norm(_ inner: Math, _ lower: [Math], _ span: Span, _ depth: Int) throws(Diagnostic)
    -> Expression
  {
    let value = try translate(inner, depth + 1)
    guard let kind = lower.first else { return Build.call("norm", [value], span) }
    switch labelText(kind) {
    case "2", "F": return Build.call("norm", [value], span)
    case "1": return Build.call("sum", [Build.call("abs", [value], span)], span)
    case "inf": return Build.call("max", [Build.call("abs", [value], span)], span)
    default:
      throw .reading("norm", "this norm is not known", kind.span, help: "known are 1, 2, F and ∞")
    }
  }

  // MARK: Cases

  func cases(_ cases: [MathCase], _ span: Span, _ depth: Int) throws(Diagnostic)
    -> Expression
  {
    guard let last = cases.last else { throw .reading("cases", "no cases here", span) }
    var rest: Expression
    var remaining = cases.dropLast()
    if last.condition == nil {
      rest = try translate(last.value, depth + 1)
    } else if let condition = last.condition, let before = remaining.last?.condition,
      remaining.count == 1, isOpposite(condition, before)
    {
      rest = try translate(last.value, depth + 1)
    } else {
      throw .reading(
        "cases-otherwise", "nothing is said for the other case", span,
        help: "add a row with \\text{otherwise}")
    }
    while let row = remaining.popLast() {
      guard let condition = row.condition else {
        throw .reading("cases-otherwise", "“otherwise” stands before the last case", row.value.span)
      }
      rest = Build.call(
        "where",
        [try comparison(condition, depth + 1), try translate(row.value, depth + 1), rest], span)
    }
    return rest
  }

  func isOpposite(_ a: Math, _ b: Math) -> Bool {
    guard case .relation(let sides, let relations) = a.kind,
      case .relation(let others, let other) = b.kind, sides.count == 2, others.count == 2,
      sides[0].span.text == others[0].span.text, sides[1].span.text == others[1].span.text
    else { return false }
    switch (relations[0], other[0]) {
    case (.less, .greaterOrEqual), (.greaterOrEqual, .less), (.greater, .lessOrEqual),
      (.lessOrEqual, .greater), (.equals, .notEqual), (.notEqual, .equals):
      return true
    default: return false
    }
  }

  func comparison(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    guard case .relation(let sides, let relations) = math.kind else {
      throw .reading("condition", "a condition compares two things", math.span)
    }
    var result: Expression?
    for (place, relation) in relations.enumerated() {
      let operation: BinaryOperator
      switch relation {
      case .less: operation = .less
      case .lessOrEqual: operation = .lessOrEqual
      case .greater: operation = .greater
      case .greaterOrEqual: operation = .greaterOrEqual
      case .equals: operation = .equal
      case .notEqual: operation = .notEqual
      default: throw .reading("condition", "this comparison is not understood", math.span)
      }
      let part = Build.binary(
        operation, try translate(sides[place], depth + 1),
        try translate(sides[place + 1], depth + 1))
      result = result.map { Build.binary(.and, $0, part) } ?? part
    }
    guard let result else { throw .reading("condition", "a condition is missing", math.span) }
    return result
  }
}
