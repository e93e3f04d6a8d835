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

/// How tightly an expression holds together, loosest first.
enum Precedence: Int, Comparable {
  case disjunction, conjunction, negation, comparison, sum, product, signed, power, postfix, atom

  static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }

  /// The next tighter one.
  var above: Precedence { Precedence(rawValue: rawValue + 1) ?? .atom }
}

extension BinaryOperator {
  var precedence: Precedence {
    switch self {
    case .or: .disjunction
    case .and: .conjunction
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: .comparison
    case .add, .subtract: .sum
    case .multiply, .divide, .matmul, .modulo: .product
    case .power: .power
    }
  }

  /// The sign by itself, for a message: `+`, `·`, `@`, `≤`.
  package var symbol: String {
    String(sign(.pretty).filter { $0 != " " })
  }

  /// The sign with the blanks round it.
  func sign(_ form: TextForm) -> String {
    let pretty = form == .pretty
    return switch self {
    case .add: " + "
    case .subtract: " - "
    case .multiply: pretty ? "·" : "*"
    case .divide: "/"
    case .matmul: " @ "
    case .power: "^"
    case .less: " < "
    case .lessOrEqual: pretty ? " ≤ " : " <= "
    case .greater: " > "
    case .greaterOrEqual: pretty ? " ≥ " : " >= "
    case .equal: " == "
    case .notEqual: pretty ? " ≠ " : " != "
    case .and: " and "
    case .or: " or "
    case .modulo: " mod "
    }
  }
}

/// The text being made.
struct Writer {
  let form: TextForm
  let substitution: ExpressionPrinter.Substitution?
  var text = ""

  private var isPretty: Bool { form == .pretty }

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

  private mutating func writeBare(_ expression: Expression, leading: Bool) {
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

  // MARK: Powers

  private mutating func writePower(_ base: Expression, _ exponent: Expression) {
    writeBase(base)
    if isPretty, let raised = superscript(exponent) {
      text += raised
      return
    }
    text += "^"
    write(exponent, atLeast: exponent.isPrefixed ? .postfix : .power, leading: false)
  }

  private mutating func writeBase(_ base: Expression) {
    if let replacement = substitution?(base) {
      let isPlain = Substituted(replacement).isAtom && !hasExponent(replacement)
      text += isPlain ? replacement : "(" + replacement + ")"
      return
    }
    if isPretty, isHardToRaise(base) {
      text += "("
      writeBare(base, leading: true)
      text += ")"
    } else {
      write(base, atLeast: .postfix, leading: false)
    }
  }

  /// `1e-8²` and `xᵀ²` would be hard to read.
  private func isHardToRaise(_ base: Expression) -> Bool {
    switch base.kind {
    case .number(_, let spelling): hasExponent(spelling)
    case .unary(.transpose, _): true
    default: false
    }
  }

  private func hasExponent(_ number: String) -> Bool {
    guard let first = number.utf8.first, first >= 0x2E, first <= 0x39 else { return false }
    return number.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") }
  }

  /// A small whole number or a single letter, as superscript characters.
  private func superscript(_ exponent: Expression) -> String? {
    if let replacement = substitution?(exponent) {
      return smallInteger(replacement) ? Scripts.superscriptText(replacement) : nil
    }
    switch exponent.kind {
    case .number(_, let spelling):
      return smallInteger(spelling) ? Scripts.superscriptText(spelling) : nil
    case .unary(.negate, let operand):
      guard substitution?(operand) == nil, case .number(_, let spelling) = operand.kind,
        !spelling.hasPrefix("-"), smallInteger(spelling)
      else { return nil }
      return Scripts.superscriptText("-" + spelling)
    case .name(let name):
      let canonical = name.canonical
      guard canonical.utf8.count == 1, let letter = canonical.utf8.first, letter >= 0x61 else {
        return nil
      }
      return Scripts.superscriptText(canonical)
    default:
      return nil
    }
  }

  private func smallInteger(_ spelling: String) -> Bool {
    let digits = spelling.hasPrefix("-") ? spelling.dropFirst() : Substring(spelling)
    return (1...3).contains(digits.utf8.count)
      && digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
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

  fileprivate var isPrefixed: Bool {
    switch kind {
    case .unary(.negate, _), .unary(.squareRoot, _): true
    default: false
    }
  }
}

/// Text put in for a part: what it looks like decides whether it needs brackets.
private struct Substituted {
  let isNegative: Bool
  let isAtom: Bool

  init(_ text: String) {
    isNegative = text.utf8.first == UInt8(ascii: "-") || text.hasPrefix("−")
    var depth = 0
    var hasBlank = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: " ") where depth == 0: hasBlank = true
      default: break
      }
    }
    isAtom = !isNegative && !hasBlank
  }

  func needsBrackets(atLeast minimum: Precedence, leading: Bool) -> Bool {
    if isAtom { return false }
    if isNegative { return !leading || minimum > .signed }
    return minimum > .disjunction
  }
}
