// Names inside a translated line that still know their variable and step: `k3@s-1`.
//
// Lines are compared, ordered and given their final names in this form. A person never sees it.

import Diagnostics
import Notation

/// A variable at a step, as it occurs in a line.
struct Reference: Hashable {
  var key: Int
  var time: TimeMark

  var name: Name { Name(canonical: "k\(key)@" + time.code) }

  init(_ key: Int, _ time: TimeMark) {
    self.key = key
    self.time = time
  }

  init?(_ name: Name) {
    let text = name.canonical
    guard text.hasPrefix("k"), let at = text.firstIndex(of: "@"),
      let key = Int(text[text.index(after: text.startIndex)..<at]),
      let time = TimeMark(code: text[text.index(after: at)...])
    else { return nil }
    self.key = key
    self.time = time
  }
}

/// The letter of the step where it is used as a number.
let counterName = Name(canonical: "counter@")
/// The gradient where the text does not say at which point.
let gradientName = Name(canonical: "gradient@")

extension Expression {
  /// The variables of a line, each as often as it occurs, those inside grad(…) as well.
  var references: [(Reference, Span)] {
    var found: [(Reference, Span)] = []
    func visit(_ expression: Expression) {
      if case .name(let name) = expression.kind, let reference = Reference(name) {
        found.append((reference, expression.span))
      }
      for child in expression.children { visit(child) }
    }
    visit(self)
    return found
  }

  func isSmaller(than limit: Int) -> Bool {
    var left = limit
    func count(_ expression: Expression) {
      left -= 1
      for child in expression.children where left > 0 { count(child) }
    }
    count(self)
    return left > 0
  }

  func contains(_ test: (Expression) -> Bool) -> Bool {
    if test(self) { return true }
    return children.contains { $0.contains(test) }
  }

  var usesGradient: Bool {
    contains {
      switch $0.kind {
      case .name(let name): name == gradientName
      case .call(let callee, _): callee.path.first?.canonical == "grad"
      default: false
      }
    }
  }

  /// The same expression with parts replaced, from the leaves up; nil keeps a part.
  func mapped(_ replace: (Expression) throws(Diagnostic) -> Expression?) throws(Diagnostic)
    -> Expression
  {
    var copy = self
    switch kind {
    case .number, .string, .name: break
    case .list(let elements):
      var mapped: [Expression] = []
      for element in elements { mapped.append(try element.mapped(replace)) }
      copy.kind = .list(mapped)
    case .unary(let operation, let operand):
      copy.kind = .unary(operation, try operand.mapped(replace))
    case .binary(let operation, let left, let right):
      copy.kind = .binary(operation, try left.mapped(replace), try right.mapped(replace))
    case .call(let callee, let arguments):
      var mapped: [Argument] = []
      for argument in arguments {
        var argument = argument
        argument.value = try argument.value.mapped(replace)
        mapped.append(argument)
      }
      copy.kind = .call(callee, mapped)
    case .index(let base, let subscripts):
      copy.kind = .index(try base.mapped(replace), subscripts)
    case .member(let base, let name): copy.kind = .member(try base.mapped(replace), name)
    case .gradient(let target): copy.kind = .gradient(try target.mapped(replace))
    }
    return try replace(copy) ?? copy
  }
}

/// Building blocks with a place in the text.
enum Build {
  static func name(_ name: Name, _ span: Span) -> Expression { Expression(.name(name), span) }

  static func name(_ text: String, _ span: Span) -> Expression {
    Expression(.name(Name(canonical: text)), span)
  }

  static func number(_ value: Int, _ span: Span) -> Expression {
    if value < 0 {
      return Expression(
        .unary(.negate, Expression(.number(Double(-value), spelling: String(-value)), span)), span)
    }
    return Expression(.number(Double(value), spelling: String(value)), span)
  }

  static func call(_ name: String, _ arguments: [Expression], _ span: Span) -> Expression {
    Expression(
      .call(
        .init(path: [Name(canonical: name)], span: span),
        arguments.map { Expression.Argument(value: $0) }), span)
  }

  static func binary(_ operation: BinaryOperator, _ a: Expression, _ b: Expression) -> Expression {
    Expression(.binary(operation, a, b), a.span.joined(with: b.span))
  }

  static func negated(_ value: Expression, _ span: Span) -> Expression {
    Expression(.unary(.negate, value), span)
  }
}
