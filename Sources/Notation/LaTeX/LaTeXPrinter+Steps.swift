// One step of a rule as formulas to be looked at: its lines with the number of the step as index,
// and formulas with numbers in place of the names.
//
// Unlike a rule printed whole, these are not meant to be read back, so elements and lists are written
// too: `w_{0}[1]`, `[1,\, -2]`.

import Diagnostics

extension LaTeXPrinter {
  /// The symbol and the right side of each line of a rule that is nothing but lines; nil for what
  /// has no formula.
  /// - Parameters:
  ///   - now: the index of what the step gives a value to: `t`, `1`.
  ///   - before: the index of what it found: `t-1`, `0`.
  package static func lines(_ rule: RuleDeclaration, now: String = "t", before: String = "t-1")
    -> [(name: String, value: String?)]
  {
    var printer = LaTeXPrinter(step: rule, now: now, before: before)
    return rule.body.compactMap { statement in
      guard case .assign(let line) = statement else { return nil }
      let value = try? printer.text(line.value)
      printer.assigned.insert(line.name)
      if printer.parameterNames.contains(line.name.canonical) {
        for name in printer.parameterNames { printer.assigned.insert(Name(canonical: name)) }
      }
      return (printer.symbol(line.name, index: now), value)
    }
  }

  /// A formula of parameters; nil for what has none.
  /// - Parameter index: the step whose parameters are meant; without one they have no index.
  package static func text(_ expression: Expression, index: String? = nil) -> String? {
    var printer = LaTeXPrinter(step: Self.empty, now: index ?? "", before: index ?? "")
    if index == nil {
      printer.stepped = []
      printer.lasting = []
    }
    return try? printer.text(expression)
  }

  /// The symbol of a name at a step; without one, of a name that does not change.
  package static func symbol(_ name: Name, index: String? = nil) -> String {
    LaTeXPrinter(step: empty, now: "", before: "").symbol(name, index: index)
  }

  private static var empty: RuleDeclaration {
    let nowhere = Span(Source(""), 0, 0)
    return RuleDeclaration(path: [], nameSpan: nowhere, body: [], span: nowhere)
  }

  private init(step rule: RuleDeclaration, now: String, before: String) {
    self.init(rule)
    self.now = now
    self.before = before
    isForPeople = true
    for statement in rule.body {
      switch statement {
      case .state(let line):
        lasting.insert(line.name)
        stepped.insert(line.name)
      case .assign(let line): stepped.insert(line.name)
      case .let, .when, .repeat: break
      }
    }
    for name in parameterNames { lasting.insert(Name(canonical: name)) }
    stepped.formUnion(lasting)
  }

  /// Elements and lists.
  func forPeople(_ expression: Expression) throws(Diagnostic) -> String? {
    switch expression.kind {
    case .list(let items):
      if let matrix = try matrix(items) { return matrix }
      return "["
        + (try items.map { (item) throws(Diagnostic) in try text(item) })
        .joined(separator: ",\\, ") + "]"
    case .index(let base, let subscripts):
      var places: [String] = []
      for entry in subscripts {
        guard case .at(let place) = entry else { return nil }
        places.append(try text(place))
      }
      return try text(base) + "[" + places.joined(separator: ", ") + "]"
    case .binary(.matmul, let left, let right):
      return try factor(left) + "\\, " + factor(right)
    case .unary(.transpose, let operand):
      return try factor(operand) + "^{\\top}"
    default: return nil
    }
  }

  /// Rows of the same length, set as a matrix.
  private func matrix(_ items: [Expression]) throws(Diagnostic) -> String? {
    var rows: [String] = []
    var width: Int?
    for item in items {
      guard case .list(let elements) = item.kind, !elements.isEmpty,
        width ?? elements.count == elements.count
      else { return nil }
      width = elements.count
      var cells: [String] = []
      for element in elements {
        if case .list = element.kind { return nil }
        cells.append(try text(element))
      }
      rows.append(cells.joined(separator: " & "))
    }
    guard !rows.isEmpty else { return nil }
    return "\\begin{bmatrix} " + rows.joined(separator: " \\\\ ") + " \\end{bmatrix}"
  }

  private func factor(_ expression: Expression) throws(Diagnostic) -> String {
    switch expression.kind {
    case .binary: "\\left(" + (try text(expression)) + "\\right)"
    default: try text(expression)
    }
  }
}
