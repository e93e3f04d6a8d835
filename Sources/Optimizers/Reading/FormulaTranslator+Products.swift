// Products: compound names, function calls, gradients and inner products among factors that stand
// next to one another.

import Diagnostics
import Notation
import Tensors

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
      afterSlash = sign == .slash && isPlainSymbol(factors[place].value) ? start : nil
      if let left = result {
        if case .unary(.transpose, let row) = left.kind, sign == .implicit || sign == .times {
          result = Build.call("sum", [Build.binary(.multiply, row, value)], span)
        } else if case .binary(let operation, let before, let right) = left.kind,
          case .unary(.transpose, let row) = right.kind, sign == .implicit || sign == .times
        {
          let inner = Build.call("sum", [Build.binary(.multiply, row, value)], right.span)
          result = Expression(.binary(operation, before, inner), left.span.joined(with: value.span))
        } else {
          let operation: BinaryOperator = sign == .slash || sign == .over ? .divide : .multiply
          result = Build.binary(operation, left, value)
        }
      } else {
        result = value
      }
      place += count
    }
    guard let result else { throw .reading("empty", "an empty product", span) }
    if result.contains({ if case .unary(.transpose, _) = $0.kind { true } else { false } }) {
      throw .reading(
        "transpose", "a transpose outside of an inner product is not read", span,
        help: "a rule works elementwise; g^\\top g is the sum of squares")
    }
    return Expression(result.kind, span)
  }

  /// E[∇L] or E_x[g]: what is inside, if that is a gradient and E[…] is no variable of the text.
  private func expectation(_ factors: [MathFactor], at place: Int) -> Math? {
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

  private func isPlainSymbol(_ math: Math) -> Bool {
    switch math.kind {
    case .symbol, .accented, .scripted: return symbols.use(math) != nil
    default: return false
    }
  }

  /// The operand that begins at a factor, and how many factors it takes.
  private func operand(_ factors: [MathFactor], at place: Int, _ depth: Int) throws(Diagnostic)
    -> (Expression, Int)
  {
    let value = factors[place].value
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

  // MARK: Functions

  /// f(x) if f is a function; nil for a product.
  private func application(_ head: Math, _ tail: Math, _ depth: Int) throws(Diagnostic)
    -> Expression?
  {
    var fence = tail
    var outer: MathScripts?
    if case .scripted(let base, let scripts) = tail.kind {
      fence = base
      outer = scripts
    }
    guard case .fenced(let kind, let items) = fence.kind, kind == .parenthesis || kind == .bracket
    else { return nil }
    let span = head.span.joined(with: tail.span)
    if let found = defined(head), kind == .parenthesis {
      var values: [Expression] = []
      for item in items { values.append(try translate(item, depth + 1)) }
      var lower: [Expression] = []
      for item in found.lower { lower.append(try translate(item, depth + 1)) }
      let call = try inlined(found.definition, values, lower, span, depth)
      return try withPower(call, outer, span, depth)
    }
    if case .scripted(let base, let scripts) = head.kind, case .symbol(let symbol) = base.kind,
      symbol.isWord || symbol.isRun, symbols.use(head)?.time == TimeMark.none,
      !table.assignments.contains(where: { $0.key == symbols.use(head)?.key }),
      !FormulaTranslator.factorWords.contains(symbol.name), kind == .parenthesis
    {
      let known = FormulaTranslator.synonyms[symbol.name] ?? symbol.name
      let call = MathFunction(
        name: known, scripts: scripts, arguments: items, nameSpan: head.span, isBracketed: true)
      return try withPower(
        try translate(Math(.function(call), span), depth + 1), outer, span, depth)
    }
    guard let use = symbols.use(head) else { return nil }
    var name: String?
    if case .symbol(let symbol) = head.kind, symbol.isWord || symbol.isRun { name = symbol.name }
    if let name {
      let known = FormulaTranslator.synonyms[name] ?? name
      if Function.named(known) != nil {
        let call = MathFunction(
          name: known, scripts: nil, arguments: items, nameSpan: head.span, isBracketed: true)
        return try withPower(
          try translate(Math(.function(call), span), depth + 1), outer, span, depth)
      }
      if table.assignments.contains(where: { $0.key == use.key }) { return nil }
      if items.count == 1, FormulaTranslator.factorWords.contains(name) { return nil }
      throw .reading(
        "function", "the function \(name) is not known here", head.span,
        help: "define it: \(name)(x) = …, or write \(name) \\cdot (…) for a product")
    }
    guard kind == .parenthesis, use.time == .none || items.count > 1 else { return nil }
    if items.count > 1 {
      throw .reading(
        "function", "the text does not say what the function \(head.span.text) is", head.span,
        help: "a rule needs the formula itself")
    }
    // A letter that functions are called by, and that is no variable here.
    let functions: Set<String> = ["f", "F", "h", "J", "L", "ell", "Q", "phi", "psi", "sigma", "H"]
    let isCapital =
      use.key.base.first?.isUppercase == true && use.key.base != "G"
      && GreekLetters.letter(named: use.key.base) != nil
      || ["P", "T", "R", "A", "S"].contains(use.key.base)
    if functions.contains(use.key.base) || use.key.face == "cal" || isCapital,
      !table.assignments.contains(where: { $0.key == use.key }), !isNumberLike(items[0])
    {
      throw .reading(
        "function", "the text does not say what the function \(head.span.text) is", head.span,
        help:
          "a rule needs the formula itself, or the gradient as \\nabla \(head.span.text)(\\theta)")
    }
    return nil
  }

  private func isNumberLike(_ math: Math) -> Bool {
    if case .sum(let terms) = math.kind {
      return terms.contains { if case .number = $0.value.kind { true } else { false } }
    }
    return false
  }

  static let synonyms: [String: String] = [
    "sgn": "sign", "Sign": "sign", "ReLU": "relu", "Clip": "clip", "tr": "trace", "Tr": "trace",
    "avg": "mean", "average": "mean", "Norm": "norm", "matmul": "matmul", "clamp": "clip",
    "SoftPlus": "softplus", "sig": "sigmoid", "Max": "max", "Min": "min",
  ]

  /// Words that are factors, not functions.
  static let factorWords: Set<String> = ["lr", "learning_rate", "step_size", "decay", "wd"]

  private func withPower(
    _ call: Expression, _ scripts: MathScripts?, _ span: Span, _ depth: Int
  ) throws(Diagnostic) -> Expression {
    guard let scripts else { return call }
    guard scripts.lower.isEmpty, scripts.primes == 0, let upper = scripts.upper else {
      throw .reading("subscript", "a subscript on a call is not understood", span)
    }
    var exponent = upper
    if case .elementwise(let inner) = upper.kind { exponent = inner }
    return Build.binary(.power, call, try translate(exponent, depth + 1))
  }

  private func defined(_ head: Math) -> (definition: FunctionDefinition, lower: [Math])? {
    var base = head
    var lower: [Math] = []
    if case .scripted(let inner, let scripts) = head.kind, scripts.upper == nil {
      if let use = symbols.use(head), let definition = table.functions[use.key],
        definition.lower.isEmpty
      {
        return (definition, [])
      }
      base = inner
      lower = scripts.lower
    }
    guard let use = symbols.use(base), let definition = table.functions[use.key] else { return nil }
    return (definition, lower)
  }

  // MARK: Gradients

  func gradient(_ use: SymbolReader.GradientUse, _ depth: Int) throws(Diagnostic) -> Expression {
    if let function = use.function {
      try checkOneFunction(function)
      noteFunction(function)
    }
    if let by = use.by, let variable = symbols.use(by) {
      gradientVariables.append((number(of: variable.key), by.span))
    }
    if let step = use.step {
      return Build.name(
        Reference(number(of: SymbolKey(base: "gradient")), .step(step)).name, use.span)
    }
    var point = use.at
    if point == nil, let arguments = use.arguments { point = self.point(arguments, by: use.by) }
    if point == nil, let function = use.function {
      point = nested(in: function, by: use.by)
    }
    if point == nil, let by = use.by, let variable = symbols.use(by),
      variable.time != .none || !variable.key.accents.isEmpty
    {
      point = by
    }
    guard let point else { return Build.name(gradientName, use.span) }
    let at = try translate(point, depth + 1)
    if case .name(let name) = at.kind, let reference = Reference(name) {
      gradientPoints.append((reference, point.span))
    }
    return Build.call("grad", [at], use.span)
  }

  /// ∇(L + λR) is no gradient that a rule is given.
  private func checkOneFunction(_ math: Math) throws(Diagnostic) {
    guard case .fenced(_, let items) = math.kind, items.count == 1,
      case .sum(let terms) = items[0].kind, terms.count > 1
    else { return }
    throw .reading(
      "gradient-of-sum", "the gradient of a sum; a rule is given that of one loss", math.span,
      help: "write the other terms' gradients out: \\nabla L(w) + \\lambda w")
  }

  /// Remembers what the gradient is of, without the number of the sample or the step.
  private func noteFunction(_ math: Math) {
    var base = math
    if case .scripted(let inner, _) = math.kind { base = inner }
    switch base.kind {
    case .symbol, .accented:
      if let use = symbols.use(base) { gradientFunctions.append((use.key.stem, math.span)) }
    default: break
    }
  }

  /// The argument at which the gradient is taken: the one that holds the variable.
  private func point(_ arguments: [Math], by: Math?) -> Math? {
    let wanted = by.flatMap { symbols.use($0)?.key }
    if let wanted {
      for argument in arguments {
        if let found = holder(of: wanted, in: argument) { return found }
      }
    }
    for argument in arguments {
      if isVariable(argument) { return argument }
    }
    return nil
  }

  /// The argument itself, or one of a function inside: L(f(x; θ), y).
  private func holder(of key: SymbolKey, in math: Math) -> Math? {
    if case .product(let factors) = math.kind {
      for (place, factor) in factors.enumerated() where place > 0 && factor.sign == .implicit {
        if case .fenced(_, let items) = factor.value.kind,
          symbols.use(factors[place - 1].value).map({ $0.key.base == "f" || $0.key.base == "h" })
            ?? false
        {
          for item in items {
            if let found = holder(of: key, in: item) { return found }
          }
        }
      }
    }
    return mentions(key, in: math) ? math : nil
  }

  private func mentions(_ key: SymbolKey, in math: Math) -> Bool {
    if let use = symbols.use(math), use.key == key { return true }
    return math.children.contains { mentions(key, in: $0) }
  }

  /// Whether an argument speaks of a variable of the rule.
  private func isVariable(_ math: Math) -> Bool {
    if let use = symbols.use(math) {
      return table.assignments.contains { $0.key == use.key }
    }
    switch math.kind {
    case .sum, .fenced, .product: return math.children.contains { isVariable($0) }
    default: return false
    }
  }

  /// The point inside a formula that is differentiated: ∇ Σ L(f(x; θ), y).
  private func nested(in function: Math, by: Math?) -> Math? {
    guard let wanted = by.flatMap({ symbols.use($0)?.key }) else { return nil }
    var found: Math?
    func visit(_ math: Math) {
      if found != nil { return }
      if let use = symbols.use(math), use.key == wanted, use.time != .none { found = math }
      for child in math.children { visit(child) }
    }
    visit(function)
    return found
  }

  // MARK: Sums over samples

  /// What a sum of gradients over samples counts: `n`, or the set; nil for any other sum.
  func sampleSum(_ math: Math) -> (count: Math, isSet: Bool)? {
    switch math.kind {
    case .big("sum", let scripts, let body):
      guard symbolsHoldGradient(body) else { return nil }
      return counted(scripts)
    case .gradient(let gradient):
      guard let function = gradient.function, case .big("sum", let scripts, _) = function.kind
      else {
        return nil
      }
      return counted(scripts)
    case .product(let factors):
      for factor in factors {
        if let found = sampleSum(factor.value) { return found }
      }
      return nil
    case .fenced(let fence, let items):
      return items.count == 1 && fence != .norm && fence != .bars ? sampleSum(items[0]) : nil
    default: return nil
    }
  }

  private func counted(_ scripts: MathScripts) -> (count: Math, isSet: Bool)? {
    if let first = scripts.lower.first, case .relation(let sides, let relations) = first.kind {
      if relations[0] == .member { return (sides[1], true) }
      if let upper = scripts.upper { return (upper, false) }
    }
    return scripts.lower.first.map { ($0, true) }
  }

  private func symbolsHoldGradient(_ math: Math) -> Bool {
    if symbols.isGradient(math) { return true }
    if case .product(let factors) = math.kind {
      return factors.indices.contains { symbols.gradient(of: factors, at: $0) != nil }
    }
    if case .fenced(_, let items) = math.kind { return items.contains { symbolsHoldGradient($0) } }
    return false
  }

  /// 1/n Σ ∇L(θ; x_i): the 1/n goes with the sum.
  private func cancelled(_ factors: [MathFactor]) throws(Diagnostic) -> [MathFactor]? {
    var sum: (place: Int, count: Math, isSet: Bool)?
    for (place, factor) in factors.enumerated() {
      if case .fraction(let above, _) = factor.value.kind, let found = sampleSum(above) {
        sum = (place, found.count, found.isSet)
      } else if let found = sampleSum(factor.value) {
        sum = (place, found.count, found.isSet)
      }
    }
    guard let sum else { return nil }
    var result = factors
    let wanted = compact(sum.count)
    func matches(_ math: Math) -> Bool {
      if sum.isSet {
        if case .fenced(.bars, let items) = math.kind, items.count == 1 {
          return compact(items[0]) == wanted
        }
        // The size of a batch often has its own letter.
        if let use = symbols.use(math) {
          return ["m", "n", "b", "B", "N", "batch_size"].contains(use.key.base)
        }
        return false
      }
      return compact(math) == wanted
    }
    for (place, factor) in factors.enumerated() {
      if case .fraction(let above, let below) = factor.value.kind {
        if matches(below) {
          result[place].value = above
          if case .number("1") = above.kind, factors.count > 1, factor.sign != .slash {
            result.remove(at: place)
          }
          return result
        }
        if case .product(var parts) = below.kind,
          let index = parts.firstIndex(where: { matches($0.value) && $0.sign != .slash })
        {
          parts.remove(at: index)
          result[place].value = Math(
            .fraction(above, Math(.product(parts), below.span)), factor.value.span)
          return result
        }
      }
      if factor.sign == .slash, matches(factor.value) {
        result.remove(at: place)
        return result
      }
    }
    note(
      .convention, "the sum over the samples is taken as the gradient; no 1/n stands before it",
      factors[sum.place].value.span)
    return nil
  }

  private func compact(_ math: Math) -> String {
    math.span.text.filter { !" {}\n\t".contains($0) }
  }
}
