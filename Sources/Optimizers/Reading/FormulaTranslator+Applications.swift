// Two factors next to one another that are a call: f(x).

import Diagnostics
import Notation
import Tensors

extension FormulaTranslator {
  /// f(x) if f is a function; nil for a product.
  func application(_ head: Math, _ tail: Math, _ depth: Int) throws(Diagnostic)
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
    if items.count == 1, kind == .parenthesis,
      let gradient = try namedGradient(use, at: items[0], span, depth)
    {
      return try withPower(gradient, outer, span, depth)
    }
    guard kind == .parenthesis, use.time == .none || items.count > 1 else { return nil }
    if items.count == 1, let value = try loss(use, at: items[0], span, depth) {
      return try withPower(value, outer, span, depth)
    }
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
    if items[0].isSymbolLike, isVariable(items[0]),
      !table.assignments.contains(where: { $0.key == use.key })
    {
      throw .reading(
        "product-or-call",
        "is \(span.text) a product, or the function \(head.span.text) at \(items[0].span.text)?",
        span,
        help: "write \\cdot for a product; a function needs its formula")
    }
    return nil
  }

  /// g(θ), and F(θ) where F = ∇f: the gradient at θ.
  private func namedGradient(_ use: SymbolUse, at point: Math, _ span: Span, _ depth: Int)
    throws(Diagnostic) -> Expression?
  {
    let line = table.assignments.first { $0.key == use.key }
    if let line {
      guard case .gradient(let gradient) = line.value.kind, gradient.arguments == nil,
        gradient.power == nil
      else {
        return nil
      }
    } else {
      guard ["g", "G", "grad", "gradient"].contains(use.key.base), isVariable(point) else {
        return nil
      }
      note(.convention, "\(span.text) is read as the gradient at \(point.span.text)", span)
    }
    return try gradient(
      SymbolReader.GradientUse(arguments: [point], at: point, count: 2, span: span), depth)
  }

  func isNumberLike(_ math: Math) -> Bool {
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

  func withPower(
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

  func defined(_ head: Math) -> (definition: FunctionDefinition, lower: [Math])? {
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
}
