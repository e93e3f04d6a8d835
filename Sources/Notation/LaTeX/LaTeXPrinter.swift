// A rule as textbook formulas: rows of an aligned environment with the step as index.
//
// What is printed is read back as the same rule (`FormulaReader`), as long as it has no block: a name
// that was assigned stands at t, one that was not yet at t - 1, and lines that assign a name twice are
// written with ← in the order they run.

import Diagnostics

package struct LaTeXPrinter {
  private let rule: RuleDeclaration
  var assigned: Set<Name> = []
  var lasting: Set<Name> = []
  var stepped: Set<Name> = []
  let parameterNames: Set<String> = ["w", "theta"]
  /// The index of what the step gives a value to, and of what it has not yet.
  var now = "t"
  var before = "t-1"
  /// Whether what cannot be read back, an element or a list, may be written too.
  var isForPeople = false
  private var parameter = Name(canonical: "w")

  /// The formulas of a rule.
  /// - Throws: what has no formula: a block, a matrix product.
  package static func text(_ rule: RuleDeclaration) throws(Diagnostic) -> String {
    var printer = LaTeXPrinter(rule)
    return try printer.aligned()
  }

  init(_ rule: RuleDeclaration) { self.rule = rule }

  private mutating func aligned() throws(Diagnostic) -> String {
    var lines: [RuleStatement.Line] = []
    var starts: [RuleStatement.Line] = []
    for statement in rule.body {
      switch statement {
      case .state(let line): starts.append(line)
      case .let(let line), .assign(let line): lines.append(line)
      case .when, .repeat:
        throw Diagnostic(
          "latex.block", "rule \(rule.name) has a block, which has no formula", at: rule.nameSpan,
          help: "show \(rule.name) prints its lines")
      }
    }
    lasting = Set(starts.map(\.name))
    for line in lines {
      stepped.insert(line.name)
      if parameterNames.contains(line.name.canonical) {
        parameter = line.name
        lasting.insert(line.name)
      }
    }
    for name in parameterNames { lasting.insert(Name(canonical: name)) }
    stepped.formUnion(lasting)
    let g = Name(canonical: "g")
    let changesGradient = lines.contains { $0.name == g }
    let isSequence = changesGradient || Set(lines.map(\.name)).count < lines.count
    let sign = isSequence ? "&\\leftarrow " : "&= "
    var rows = try starts.map { (line) throws(Diagnostic) -> String in
      symbol(line.name, index: "0") + " &= " + (try start(line.value))
    }
    // Of which function the loss and its Hessian are shows by the gradient alone.
    let asksLoss = lines.contains { line in
      line.value.calledNames.contains { ["loss", "hessian"].contains($0.canonical) }
    }
    if changesGradient || asksLoss, lines.contains(where: { $0.value.names.contains(g) }) {
      rows.append("g_t \(sign)\\nabla L(\(symbol(parameter, index: "t-1")))")
    }
    for line in lines {
      let value = try text(line.value)
      assigned.insert(line.name)
      if parameterNames.contains(line.name.canonical) {
        for name in parameterNames { assigned.insert(Name(canonical: name)) }
      }
      rows.append(symbol(line.name, index: "t") + " " + sign + value)
    }
    return "\\begin{aligned}\n" + rows.joined(separator: " \\\\\n") + "\n\\end{aligned}"
  }

  /// A start is written before any step: the parameter's own start is θ_0.
  private mutating func start(_ value: Expression) throws(Diagnostic) -> String {
    var printer = self
    printer.isStart = true
    return try printer.text(value)
  }

  private var isStart = false

  // MARK: Names

  private func name(_ name: Name) -> String {
    let canonical = name.canonical
    if canonical == "t" || canonical == "pi" { return canonical == "t" ? "t" : "\\pi" }
    if canonical == "inf" { return "\\infty" }
    if canonical == "g" { return index("g", isStart ? "0" : now) }
    guard stepped.contains(name) else { return symbol(name, index: nil) }
    if isStart { return symbol(name, index: "0") }
    let isOld = lasting.contains(name) && !assigned.contains(name)
    return symbol(name, index: isOld ? before : now)
  }

  private func index(_ base: String, _ text: String) -> String {
    base + "_" + (text.count > 1 ? "{" + text + "}" : text)
  }

  /// `\hat{m}_t`, `\beta_1`, `v_{\max,t}`, `\mathrm{lr}`
  func symbol(_ name: Name, index step: String?) -> String {
    let canonical = name.canonical
    let stem = String(canonical.prefix { $0.isLetter })
    var tail = String(canonical.dropFirst(stem.count))
    var letter: String?
    if stem.count == 1 {
      letter = stem
    } else if GreekLetters.letter(named: stem) != nil {
      letter = "\\" + (stem == "eps" ? "epsilon" : stem)
    }
    let timeWords = ["old", "new", "prev", "previous", "next", "last", "older"]
    let isTimeWord = timeWords.contains { tail.hasSuffix("_" + $0) }
    guard var base = letter, !isTimeWord || isForPeople, stem != "d" || tail.isEmpty else {
      return word(canonical, step)
    }
    for accent in ["hat", "bar", "tilde"]
    where tail == "_" + accent || tail.hasPrefix("_" + accent + "_")
      || (tail.hasPrefix("_" + accent) && tail.dropFirst(accent.count + 1).first?.isNumber == true)
    {
      base = "\\\(accent){\(base)}"
      tail = String(tail.dropFirst(accent.count + 1))
    }
    let label = tail.hasPrefix("_") ? String(tail.dropFirst()) : tail
    guard !label.contains("_") else { return word(canonical, step) }
    if step == nil, !label.isEmpty, label.allSatisfy(\.isNumber) { return index(base, label) }
    var parts: [String] = []
    if !label.isEmpty {
      parts.append(
        label == "max" || label == "min"
          ? "\\" + label
          : label.count == 1 || label.allSatisfy(\.isNumber) ? label : "\\mathrm{\(label)}")
    }
    if parts == ["t"] || parts == ["k"] || parts == ["n"] { return word(canonical, step) }
    if let step { parts.append(step) }
    // A number beside the step would be one of its own.
    if step != nil, !label.isEmpty, label.allSatisfy(\.isNumber), !isForPeople {
      return word(canonical, step)
    }
    return parts.isEmpty ? base : index(base, parts.joined(separator: ","))
  }

  private func word(_ canonical: String, _ step: String?) -> String {
    let word =
      "\\mathrm{"
      + canonical.map { $0 == "_" ? "\\_" : String($0) }.joined() + "}"
    return step.map { index(word, $0) } ?? word
  }

  // MARK: Expressions

  func text(_ expression: Expression) throws(Diagnostic) -> String {
    try write(expression, at: 0)
  }

  /// - Parameter level: 0 a sum may stand bare, 1 a product, 2 an operand, 3 the base of a power.
  private func write(_ expression: Expression, at level: Int) throws(Diagnostic) -> String {
    switch expression.kind {
    case .number(_, let spelling):
      let text = number(spelling)
      return level > 1 && (text.contains("times") || text.hasPrefix("-"))
        || level > 2 && text.contains("^")
        ? "(" + text + ")" : text
    case .name(let name):
      return self.name(name)
    case .unary(.negate, let operand):
      let text = "-" + (try write(operand, at: 1))
      return level > 0 ? "(" + text + ")" : text
    case .unary(.squareRoot, let operand): return "\\sqrt{" + (try text(operand)) + "}"
    case .binary(.add, let left, let right):
      return bracketed(
        try write(left, at: 0) + " + " + (try write(right, at: 1)), if: level > 0)
    case .binary(.subtract, let left, let right):
      return bracketed(
        try write(left, at: 0) + " - " + (try write(right, at: 1)), if: level > 0)
    case .binary(.multiply, let left, let right):
      let a = try write(left, at: 1)
      let b = try write(right, at: 2)
      let needsDot = b.first?.isNumber == true || b.hasPrefix("(") || b.hasPrefix("\\left(")
      return bracketed(a + (needsDot ? " \\cdot " : "\\, ") + b, if: level > 1)
    case .binary(.divide, let left, let right):
      let text = "\\frac{" + (try self.text(left)) + "}{" + (try self.text(right)) + "}"
      return level > 2 ? "\\left(" + text + "\\right)" : text
    case .binary(.modulo, let left, let right):
      // In brackets wherever something else might be taken for a part of it.
      let text = (try write(left, at: 2)) + " \\bmod " + (try write(right, at: 2))
      return bracketed(text, if: level > 0)
    case .binary(.power, let base, let exponent):
      let below = try write(base, at: 3)
      let isBare: Bool
      if case .name(let name) = base.kind {
        isBare = !stepped.contains(name) || true
      } else {
        isBare = false
      }
      let text = (isBare ? below : "{" + below + "}") + "^{" + (try self.text(exponent)) + "}"
      return level > 2 ? "(" + text + ")" : text
    case .call(let callee, let arguments):
      return try call(callee, arguments, expression)
    default:
      if isForPeople, let text = try forPeople(expression) { return text }
      throw Diagnostic(
        "latex.print", "this has no formula that could be read back", at: expression.span)
    }
  }

  private func bracketed(_ text: String, if condition: Bool) -> String {
    condition ? "\\left(" + text + "\\right)" : text
  }

  private func number(_ spelling: String) -> String {
    let lowered = spelling.lowercased()
    guard let e = lowered.firstIndex(of: "e") else { return spelling }
    let mantissa = String(lowered[..<e])
    let digits = lowered[lowered.index(after: e)...].drop { $0 == "+" }
    let exponent = Int(digits).map(String.init) ?? String(digits)
    let power = "10^{\(exponent)}"
    return mantissa == "1" ? power : mantissa + " \\times " + power
  }

  /// The branches of a `where`; for people one within another goes on in the same brace.
  private func branches(_ arguments: [Expression.Argument]) throws(Diagnostic) -> String {
    let first =
      (try text(arguments[1].value)) + " & \\text{if } " + (try comparison(arguments[0].value))
    if isForPeople, case .call(let callee, let inner) = arguments[2].value.kind, inner.count == 3,
      callee.path.map(\.canonical) == ["where"], inner.allSatisfy({ $0.label == nil })
    {
      return first + " \\\\ " + (try branches(inner))
    }
    return first + " \\\\ " + (try text(arguments[2].value))
  }

  private func call(
    _ callee: Expression.Callee, _ arguments: [Expression.Argument], _ whole: Expression
  ) throws(Diagnostic) -> String {
    let name = callee.path.map(\.canonical).joined(separator: ".")
    let isPlain = arguments.allSatisfy { $0.label == nil }
    if isPlain, arguments.count == 1 {
      if name == "eye" { return "I" }
      let inner = try text(arguments[0].value)
      switch name {
      case "grad": return "\\nabla L\\left(" + inner + "\\right)"
      case "loss": return "L\\left(" + inner + "\\right)"
      case "hessian": return "\\nabla^2 L\\left(" + inner + "\\right)"
      case "abs": return "\\left|" + inner + "\\right|"
      case "norm": return "\\left\\lVert " + inner + " \\right\\rVert"
      case "exp", "log", "sin", "cos", "tan", "tanh": return "\\\(name)\\left(" + inner + "\\right)"
      default: break
      }
    }
    if name == "solve", isPlain, arguments.count == 2 {
      var matrix = try text(arguments[0].value)
      if case .name = arguments[0].value.kind {} else { matrix = "\\left[" + matrix + "\\right]" }
      return matrix + "^{-1}\\, " + (try write(arguments[1].value, at: 2))
    }
    if name == "where", isPlain, arguments.count == 3 {
      return "\\begin{cases} " + (try branches(arguments)) + " & \\text{otherwise} \\end{cases}"
    }
    guard ["rank", "rows", "cols", "count", "size"].contains(name) == false
    else {
      throw Diagnostic(
        "latex.print", "\(name) has no formula that could be read back", at: whole.span)
    }
    var parts: [String] = []
    for argument in arguments {
      let value = try text(argument.value)
      parts.append(argument.label.map { "\\mathrm{\($0.canonical)} = " + value } ?? value)
    }
    let head = ["max", "min"].contains(name) ? "\\" + name : "\\operatorname{\(name)}"
    return head + "\\left(" + parts.joined(separator: ",\\, ") + "\\right)"
  }

  private func comparison(_ expression: Expression) throws(Diagnostic) -> String {
    if case .binary(let operation, let left, let right) = expression.kind {
      let signs: [BinaryOperator: String] = [
        .less: "<", .lessOrEqual: "\\le", .greater: ">", .greaterOrEqual: "\\ge", .equal: "=",
        .notEqual: "\\ne",
      ]
      if let sign = signs[operation] {
        return try text(left) + " " + sign + " " + (try text(right))
      }
    }
    throw Diagnostic(
      "latex.print", "this condition has no formula that could be read back", at: expression.span)
  }
}
