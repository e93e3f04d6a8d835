// Products: compound names, function calls, gradients and inner products among factors that stand
// next to one another.

import Diagnostics
import Notation

extension FormulaTranslator {
  func product(_ given: [MathFactor], _ span: Span, _ depth: Int) throws(Diagnostic) -> Expression {
    guard given.count < 180 else {
      throw .reading("too-high", "too many factors in one product", span)
    }
    var factors = given
    if let cancelled = try cancelled(factors) { factors = cancelled }
    let depth = depth + factors.count
    var result: Expression?
    var place = 0
    var afterSlash: Span?
    while place < factors.count {
      let sign = place == 0 ? MathFactor.Sign.implicit : factors[place].sign
      let start = factors[place].value.span
      var (value, count) = try operand(factors, at: place, depth)
      // 1/2n: a number and what stands right behind it.
      if sign == .slash, !takesSlipsLiterally, place + count < factors.count,
        case .number = value.kind,
        factors[place + count].sign == .implicit, isPlainSymbol(factors[place + count].value)
      {
        let next = try operand(factors, at: place + count, depth)
        value = Build.binary(.multiply, value, next.0)
        count += next.1
        note(
          .ambiguity, "what stands behind the slash without a sign is read as the denominator",
          start.joined(with: value.span), other: "read from the left ")
      } else if let slash = afterSlash, sign == .implicit, isPlainSymbol(factors[place].value) {
        if takesSlipsLiterally, let left = result,
          case .binary(.divide, let above, let below) = left.kind
        {
          result = Build.binary(.divide, above, Build.binary(.multiply, below, value))
          place += count
          continue
        }
        note(
          .ambiguity,
          "a/b c is read from the left, as (a/b)·c; brackets would say which is meant",
          slash.joined(with: value.span), other: "as a/(b·c) ")
      }
      // ε\mathbf{1}: nobody writes a factor 1 behind a symbol for its number.
      if sign == .implicit, result != nil, case .number(1, _) = value.kind {
        note(.convention, "a 1 behind a symbol is read as the vector of ones", start)
        place += count
        continue
      }
      afterSlash = sign == .slash && isPlainSymbol(factors[place].value) ? start : nil
      if let left = result {
        try checkMatrices(left, factors[place].value)
        if case .unary(.transpose, let row) = left.kind, sign == .implicit || sign == .times {
          result = Build.call("sum", [Build.binary(.multiply, row, value)], span)
        } else if case .binary(let operation, let before, let right) = left.kind,
          case .unary(.transpose, let row) = right.kind, sign == .implicit || sign == .times
        {
          let inner = Build.call("sum", [Build.binary(.multiply, row, value)], right.span)
          result = Expression(.binary(operation, before, inner), left.span.joined(with: value.span))
        } else {
          let operation: BinaryOperator = sign == .slash || sign == .over ? .divide : .multiply
          if operation == .divide { try checkNoRoot(left, value, span) }
          result = Build.binary(operation, left, value)
        }
      } else {
        result = value
      }
      place += count
    }
    guard let result else { throw .reading("empty", "an empty product", span) }
    if let diagonal = diagonal(result), let own, isDiagonal(keys[own.key]) {
      note(.convention, "only the diagonal of this is used, the squares of each coordinate", span)
      return diagonal
    }
    if result.contains({ if case .unary(.transpose, _) = $0.kind { true } else { false } }) {
      throw .reading(
        "transpose", "a transpose outside of an inner product is not read", span,
        help: "a rule works elementwise; g^\\top g is the sum of squares")
    }
    return Expression(result.kind, span)
  }

  /// E[∇L] or E_x[g]: what is inside, if that is a gradient and E[…] is no variable of the text.
  func expectation(_ factors: [MathFactor], at place: Int) -> Math? {
    var head = factors[place].value
    if case .scripted(let base, let scripts) = head.kind, scripts.upper == nil { head = base }
    guard case .symbol(let symbol) = head.kind, symbol.name == "E", place + 1 < factors.count,
      factors[place + 1].sign == .implicit,
      case .fenced(_, let items) = factors[place + 1].value.kind,
      items.count == 1
    else { return nil }
    if let (use, _) = symbols.compound(factors, at: place),
      table.assignments.contains(where: { $0.key == use.key })
    {
      return nil
    }
    if symbolsHoldGradient(items[0]) { return items[0] }
    if let use = symbols.use(items[0]), use.power == nil, use.key.base == "g" { return items[0] }
    return nil
  }

  /// M^⊤M of capital letters is a matrix, v^⊤v of others a number.
  private func checkMatrices(_ left: Expression, _ right: Math) throws(Diagnostic) {
    var row = left
    if case .binary(_, _, let last) = left.kind { row = last }
    guard case .unary(.transpose, let inner) = row.kind, case .name(let name) = inner.kind,
      let reference = Reference(name)
    else { return }
    // SS^⊤∇f: the run of capitals is a product of matrices, whatever it multiplies.
    let isRun =
      keys[reference.key].base.utf8.count > 1
      && keys[reference.key].base.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    guard
      isRun
        || isCapital(keys[reference.key]) && (symbols.use(right).map { isCapital($0.key) } ?? false)
    else { return }
    throw .reading(
      "matrix", "a product of matrices is not read", inner.span.joined(with: right.span),
      help: "a rule works elementwise; a vector has a small letter")
  }

  /// The diagonal of a b^⊤ is a times b.
  private func diagonal(_ outer: Expression) -> Expression? {
    guard case .binary(.multiply, let left, let right) = outer.kind,
      case .unary(.transpose, let row) = right.kind,
      !left.contains({ if case .unary(.transpose, _) = $0.kind { true } else { false } })
    else { return nil }
    return Expression(.binary(.multiply, left, row), outer.span)
  }

  /// Whether a variable is read by other lines in diag(…) alone.
  private func isDiagonal(_ key: SymbolKey) -> Bool {
    var inside = 0
    var outside = 0
    func visit(_ math: Math, _ inDiagonal: Bool) {
      if symbols.use(math)?.key == key {
        if inDiagonal { inside += 1 } else { outside += 1 }
      }
      let isDiagonal = inDiagonal || self.isDiagonal(math)
      if case .product(let factors) = math.kind {
        for (place, factor) in factors.enumerated() {
          let isCalled = place > 0 && symbols.use(factors[place - 1].value)?.key.base == "diag"
          visit(factor.value, isDiagonal || isCalled)
        }
        return
      }
      for child in math.children { visit(child, isDiagonal) }
    }
    for line in table.assignments where line.key != key { visit(line.value, false) }
    return inside > 0 && outside == 0
  }

  /// diag(…)
  func isDiagonal(_ math: Math) -> Bool {
    switch math.kind {
    case .function(let call): call.name == "diag"
    case .product(let factors):
      factors.count == 2 && symbols.use(factors[0].value)?.key.base == "diag"
    default: false
    }
  }

  private func isCapital(_ key: SymbolKey) -> Bool {
    key.base.count == 1 && key.base.first?.isUppercase == true
  }

  func isPlainSymbol(_ math: Math) -> Bool {
    switch math.kind {
    case .symbol, .accented, .scripted: return symbols.use(math) != nil
    default: return false
    }
  }

  /// The operand that begins at a factor, and how many factors it takes.
  func operand(_ factors: [MathFactor], at place: Int, _ depth: Int) throws(Diagnostic)
    -> (Expression, Int)
  {
    let value = factors[place].value
    if let step = try solved(factors, at: place, depth) { return step }
    if let gradient = symbols.gradient(of: factors, at: place) {
      return (try self.gradient(gradient, depth), gradient.count)
    }
    if let inner = expectation(factors, at: place) {
      note(.convention, "the expectation of the gradient is taken as the gradient", value.span)
      return (try translate(inner, depth + 1), 2)
    }
    if let (use, count) = symbols.compound(factors, at: place) {
      return (try reference(use, depth), count)
    }
    if place + 1 < factors.count, factors[place + 1].sign == .implicit,
      let call = try application(factors[place].value, factors[place + 1].value, depth)
    {
      return (call, 2)
    }
    return (try translate(value, depth + 1), 1)
  }
}
