// An expression as text, in Unicode or ASCII, with as few brackets as its meaning needs.
//
// What is printed parses to the same tree (in ASCII, `∇L` becomes the call `grad(L)`). A substitution
// puts other text in for parts: `0.9·[0, 0] + (1 - 0.9)·[-4, -6]`; how numbers are written is its
// business. Nothing here measures, wraps or colours.

/// Which characters may be used.
package enum TextForm: Sendable {
  /// `β₁·m + (1 - β₁)·g²`
  case pretty
  /// `beta1*m + (1 - beta1)*g^2`
  case ascii
}

package struct ExpressionPrinter {
  /// Text to put in for a part of the expression, or nil to print the part itself. Asked for every
  /// part, from the whole down; brackets are put round a negative number or a sum where needed.
  package typealias Substitution = (Expression) -> String?

  package var form: TextForm
  package var substitution: Substitution?

  package init(_ form: TextForm = .pretty, substitution: Substitution? = nil) {
    self.form = form
    self.substitution = substitution
  }

  package func text(_ expression: Expression) -> String {
    var writer = Writer(form: form, substitution: substitution)
    writer.write(expression, atLeast: .disjunction, leading: true)
    return writer.text
  }
}

extension Expression {
  /// The expression as a formula: `w - lr·m̂/(√v̂ + ε)`, or `w - lr*m_hat/(sqrt(v_hat) + eps)`.
  package func text(_ form: TextForm = .pretty) -> String {
    ExpressionPrinter(form).text(self)
  }
}

extension Name {
  package func text(_ form: TextForm) -> String {
    form == .pretty ? pretty : ascii
  }
}

/// The text being made.
struct Writer {
  let form: TextForm
  let substitution: ExpressionPrinter.Substitution?
  var text = ""

  var isPretty: Bool { form == .pretty }

  init(form: TextForm, substitution: ExpressionPrinter.Substitution?) {
    self.form = form
    self.substitution = substitution
  }

  /// Writes a part, in brackets if it is looser than its place allows. `leading` tells whether a
  /// minus may stand bare: at the beginning, after a bracket, a comma or a comparison.
  mutating func write(_ expression: Expression, atLeast minimum: Precedence, leading: Bool) {
    if let replacement = substitution?(expression) {
      let bracketed = Substituted(replacement).needsBrackets(atLeast: minimum, leading: leading)
      text += bracketed ? "(" + replacement + ")" : replacement
      return
    }
    let isSigned = expression.beginsWithMinus
    if precedence(of: expression) < minimum || (isSigned && !leading) {
      text += "("
      writeBare(expression, leading: true)
      text += ")"
    } else {
      writeBare(expression, leading: leading)
    }
  }

  private func precedence(of expression: Expression) -> Precedence {
    switch expression.kind {
    case .number(_, let spelling): spelling.hasPrefix("-") ? .signed : .atom
    case .string, .name, .list, .call, .gradient: .atom
    case .index, .member: .postfix
    case .unary(.transpose, _): .postfix
    case .unary(.not, _): .negation
    case .unary(.squareRoot, _): isPretty ? .signed : .atom
    case .unary(.negate, _): .signed
    case .binary(let operation, _, _): operation.precedence
    }
  }

  // MARK: Without brackets

  mutating func writeBare(_ expression: Expression, leading: Bool) {
    switch expression.kind {
    case .number(_, let spelling): text += spelling
    case .string(let content): text += quoted(content)
    case .name(let name): text += name.text(form)
    case .list(let elements):
      text += "["
      writeList(elements)
      text += "]"
    case .unary(let operation, let operand): writeUnary(operation, operand)
    case .binary(.power, let base, let exponent): writePower(base, exponent)
    case .binary(let operation, let left, let right):
      writeBinary(operation, left, right, leading: leading)
    case .call(let callee, let arguments): writeCall(callee, arguments)
    case .index(let base, let subscripts):
      write(base, atLeast: .postfix, leading: false)
      writeSubscripts(subscripts)
    case .member(let base, let name):
      writeMemberBase(base)
      text += "." + name.text(form)
    case .gradient(let target): writeGradient(target)
    }
  }

  private mutating func writeList(_ elements: [Expression]) {
    for (place, element) in elements.enumerated() {
      if place > 0 { text += ", " }
      write(element, atLeast: .disjunction, leading: true)
    }
  }

  private mutating func writeUnary(_ operation: UnaryOperator, _ operand: Expression) {
    switch operation {
    case .negate:
      text += "-"
      write(operand, atLeast: .signed, leading: false)
    case .not:
      text += "not "
      write(operand, atLeast: .negation, leading: true)
    case .squareRoot where isPretty:
      text += "√"
      write(operand, atLeast: .signed, leading: false)
    case .squareRoot:
      text += "sqrt("
      write(operand, atLeast: .disjunction, leading: true)
      text += ")"
    case .transpose:
      if isPretty {
        write(operand, atLeast: .postfix, leading: false)
        text += "ᵀ"
      } else {
        writeMemberBase(operand)
        text += ".T"
      }
    }
  }

  private mutating func writeBinary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, leading: Bool
  ) {
    let own = operation.precedence
    let isComparison = own == .comparison
    write(left, atLeast: isComparison ? own.above : own, leading: leading)
    text += operation.sign(form)
    write(right, atLeast: own.above, leading: own <= .comparison)
  }

  private mutating func writeCall(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument]
  ) {
    // A function's name is read as a word (`l2`, `log2`) unless it is a Greek letter.
    text += callee.path.map { isPretty && $0.isGreek ? $0.pretty : $0.ascii }
      .joined(separator: ".")
    text += "("
    for (place, argument) in arguments.enumerated() {
      if place > 0 { text += ", " }
      if let label = argument.label { text += label.ascii + "=" }
      write(argument.value, atLeast: .disjunction, leading: true)
    }
    text += ")"
  }

  private mutating func writeSubscripts(_ subscripts: [Expression.Subscript]) {
    text += "["
    for (place, entry) in subscripts.enumerated() {
      if place > 0 { text += ", " }
      switch entry {
      case .at(let expression): write(expression, atLeast: .disjunction, leading: true)
      case .slice(let from, let to, let by, _):
        if let from { write(from, atLeast: .disjunction, leading: true) }
        text += ":"
        if let to { write(to, atLeast: .disjunction, leading: true) }
        guard let by else { continue }
        text += ":"
        write(by, atLeast: .disjunction, leading: true)
      }
    }
    text += "]"
  }

  /// `2.T` would read as the number `2.`.
  private mutating func writeMemberBase(_ base: Expression) {
    if case .number = base.kind, substitution?(base) == nil {
      text += "("
      writeBare(base, leading: true)
      text += ")"
    } else {
      write(base, atLeast: .postfix, leading: false)
    }
  }

  private mutating func writeGradient(_ target: Expression) {
    guard isPretty else {
      text += "grad("
      write(target, atLeast: .disjunction, leading: true)
      text += ")"
      return
    }
    text += "∇"
    switch target.kind {
    // `∇_w` looks like a gradient with a subscript.
    case .name(let name) where !name.canonical.hasPrefix("_"):
      write(target, atLeast: .atom, leading: false)
    case .call(let callee, _)
    where callee.path.count == 1 && !callee.path[0].canonical.hasPrefix("_"):
      write(target, atLeast: .atom, leading: false)
    default:
      text += "("
      write(target, atLeast: .disjunction, leading: true)
      text += ")"
    }
  }

  private func quoted(_ content: String) -> String {
    var text = "\""
    for character in content.unicodeScalars {
      if character == "\"" { text += "\"" }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }
}

extension Expression {
  /// `-x`, or a literal that came out negative.
  fileprivate var beginsWithMinus: Bool {
    switch kind {
    case .unary(.negate, _): true
    case .number(_, let spelling): spelling.hasPrefix("-")
    default: false
    }
  }

  var isPrefixed: Bool {
    switch kind {
    case .unary(.negate, _), .unary(.squareRoot, _): true
    default: false
    }
  }
}
