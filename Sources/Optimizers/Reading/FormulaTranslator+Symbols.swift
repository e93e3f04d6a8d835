// Variables, powers and the slips round them.

import Diagnostics
import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FormulaTranslator {
  func symbol(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    if case .scripted(_, let scripts) = math.kind, let slip = scripts.slip, scripts.upper == nil {
      note(
        .slip, "\(slip.text) is read as one index; as TeX sets it, only its first sign is", slip)
    }
    if let use = symbols.use(math) { return try reference(use, depth) }
    if case .symbol(let symbol) = math.kind {
      // Letters next to one another that are a product.
      let factors = symbol.name.map { letter in
        one(Math(.symbol(MathSymbol(String(letter))), math.span))
      }
      return try product(factors, math.span, depth)
    }
    guard case .scripted(let base, let scripts) = math.kind else {
      throw .reading("accent", "an accent over this is not understood", math.span)
    }
    // A run of letters with scripts: they belong to the last.
    if case .symbol(let symbol) = base.kind, symbol.isRun {
      var factors = symbol.name.map { one(Math(.symbol(MathSymbol(String($0))), base.span)) }
      if let last = factors.popLast() {
        factors.append(one(Math(.scripted(last.value, scripts), math.span)))
      }
      return try product(factors, math.span, depth)
    }
    return try raised(base, scripts, math.span, depth)
  }

  /// A bracket or a norm with scripts.
  func raised(_ base: Math, _ scripts: MathScripts, _ span: Span, _ depth: Int)
    throws(Diagnostic) -> Expression
  {
    guard scripts.primes == 0 else {
      throw .reading("prime", "a prime here is not understood", span)
    }
    if symbols.isGradient(base), let step = iterate(scripts) {
      // ∂E/∂w at a step
      _ = try gradientOnly(base, depth)
      let key = number(of: SymbolKey(base: "gradient"))
      return Build.name(Reference(key, .step(step)).name, span)
    }
    var value: Expression
    if case .fenced(.angle, let items) = base.kind, items.count == 1,
      symbolsHoldGradient(items[0]), scripts.upper == nil
    {
      // ⟨∇L⟩_B
      return try translate(base, depth + 1)
    }
    if case .fenced(.norm, let items) = base.kind, items.count == 1 {
      value = try norm(items[0], scripts.lower, base.span, depth)
    } else {
      guard scripts.lower.isEmpty || isCoordinate(scripts.lower) else {
        throw .reading("subscript", "a subscript on this is not understood", span)
      }
      value = try translate(base, depth + 1)
    }
    guard let upper = scripts.upper else { return value }
    if case .mark("T") = upper.kind { return Expression(.unary(.transpose, value), span) }
    value = try power(value, upper, slip: scripts.slip, span, depth)
    return value
  }

  /// (∇J(w))_j beside w_j: one coordinate of all.
  private func isCoordinate(_ lower: [Math]) -> Bool {
    guard lower.count == 1, let (letter, offset) = indexLike(lower[0]) else { return false }
    return offset == 0
      && (symbols.index.coordinates.contains(letter) || symbols.extraCoordinates.contains(letter))
  }

  /// The step of a gradient that is written with one: (∂E/∂w)^{(t)}, or |_t.
  func iterate(_ scripts: MathScripts) -> Int? {
    if let upper = scripts.upper, scripts.lower.isEmpty,
      case .fenced(.parenthesis, let items) = upper.kind, items.count == 1,
      let (letter, offset) = indexLike(items[0]), letter == symbols.index.letter
    {
      return offset
    }
    if scripts.upper == nil, scripts.lower.count == 1,
      let (letter, offset) = indexLike(scripts.lower[0]), letter == symbols.index.letter
    {
      return offset
    }
    return nil
  }

  func isBracketed(_ math: Math) -> Bool {
    if case .fenced(.parenthesis, _) = math.kind { return true }
    return false
  }

  /// Notes what a gradient is of, without its place.
  func gradientOnly(_ base: Math, _ depth: Int) throws(Diagnostic) -> Expression? {
    guard let use = symbols.gradient(of: [one(base)], at: 0) else { return nil }
    return try gradient(use, depth)
  }

  func power(
    _ base: Expression, _ upper: Math, slip: Span?, _ span: Span, _ depth: Int
  ) throws(Diagnostic) -> Expression {
    var exponent = upper
    if case .elementwise(let inner) = upper.kind { exponent = inner }
    if case .fenced(.parenthesis, let items) = upper.kind, items.count == 1 { exponent = items[0] }
    if case .mark(let mark) = upper.kind {
      throw .reading("superscript", "the superscript \(mark) is not understood here", upper.span)
    }
    let value = try translate(exponent, depth + 1)
    if case .name(let name) = value.kind, name.canonical == "inf" {
      throw .reading(
        "limit", "a power with an infinite exponent is a limit, not a number", span)
    }
    if let slip {
      sawScriptSlip = true
      if takesSlipsLiterally, isBracketed(upper) { return Build.binary(.multiply, base, value) }
      note(
        .slip,
        "as TeX sets it, \(slip.text) raises only its first sign; it is read as the power "
          + "^{\(exponent.span.text)}", slip,
        other: isBracketed(upper) ? "by the letter the bracket is a factor, and " : nil)
    }
    // 10^{-8} is a number.
    if case .number(_, let spelling) = base.kind, spelling == "10",
      let whole = wholeNumber(exponent),
      let number = Double("1e\(whole)"), abs(whole) < 300
    {
      return Expression(.number(number, spelling: "1e\(whole)"), span)
    }
    if let result = constantPower(base, value), !result.isFinite {
      throw .reading("number", "this is no number that can be held", span)
    }
    // x^{1/2} is the root that it is elsewhere.
    switch sign(ofHalf: value) {
    case true?: return Expression(.unary(.squareRoot, base), span)
    case false?:
      return Build.binary(
        .divide, Build.number(1, span), Expression(.unary(.squareRoot, base), span))
    case nil: return Expression(.binary(.power, base, value), span)
    }
  }

  /// Whether an exponent is ½, or -½ (false); nil for any other.
  private func sign(ofHalf exponent: Expression) -> Bool? {
    switch exponent.kind {
    case .number(0.5, _): true
    case .binary(.divide, let one, let two):
      switch (one.kind, two.kind) {
      case (.number(1, _), .number(2, _)): true
      case (.unary(.negate, let inner), .number(2, _)):
        if case .number(1, _) = inner.kind { false } else { nil }
      default: nil
      }
    case .unary(.negate, let inner): sign(ofHalf: inner) == true ? false : nil
    default: nil
    }
  }

  /// A power of two numbers.
  private func constantPower(_ base: Expression, _ exponent: Expression) -> Double? {
    guard let base = constant(base), let exponent = constant(exponent) else { return nil }
    return pow(base, exponent)
  }

  private func constant(_ expression: Expression) -> Double? {
    switch expression.kind {
    case .number(let value, _): return value
    case .unary(.negate, let inner): return constant(inner).map { -$0 }
    case .binary(.power, let base, let exponent): return constantPower(base, exponent)
    default: return nil
    }
  }

  func note(_ kind: ReadingNote.Kind, _ text: String, _ span: Span, other: String? = nil) {
    guard !notes.contains(where: { $0.text == text && $0.span.start == span.start }) else { return }
    notes.append(ReadingNote(kind, text, span, other: other))
  }

  /// A variable with its power.
  func reference(_ use: SymbolUse, _ depth: Int) throws(Diagnostic) -> Expression {
    var value: Expression
    if let replacement = substitutions.last?[use.key], use.time == .none {
      value = replacement
    } else {
      value = try base(of: use)
    }
    if use.isTransposed { value = Expression(.unary(.transpose, value), use.span) }
    guard let power = use.power else { return value }
    // e^x
    if use.key == SymbolKey(base: "e") {
      return Build.call("exp", [try translate(power, depth + 1)], use.span)
    }
    if symbols.index.powered.contains(use.key.stem), slip(of: power, use) == nil,
      case .fenced(.parenthesis, _) = power.kind
    {
      note(
        .convention,
        "\(use.span.text) is a power: the text has the same constant without an index", use.span)
    }
    return try self.power(value, power, slip: slip(of: power, use), use.span, depth)
  }

  /// The slip of an exponent in round brackets without braces.
  func slip(of power: Math, _ use: SymbolUse) -> Span? {
    let bytes = use.span.source.bytes
    guard case .fenced(.parenthesis, _) = power.kind, power.span.start > 0,
      bytes.indices.contains(power.span.start - 1),
      bytes[power.span.start - 1] == UInt8(ascii: "^")
    else {
      if case .number(let text) = power.kind, text.utf8.count > 1, power.span.start > 0,
        bytes.indices.contains(power.span.start - 1),
        bytes[power.span.start - 1] == UInt8(ascii: "^")
      {
        return Span(use.span.source, power.span.start - 1, power.span.end)
      }
      return nil
    }
    return Span(use.span.source, power.span.start - 1, power.span.end)
  }

  func base(of use: SymbolUse) throws(Diagnostic) -> Expression {
    let key = use.key
    if key.labels.isEmpty, key.accents.isEmpty, use.time == .none {
      if key.base == symbols.index.letter || key.base == symbols.alias {
        return Build.name(counterName, use.span)
      }
      if key.base == "pi" { return Build.name("pi", use.span) }
      if key.base == "infty" { return Build.name("inf", use.span) }
      if key.base == "partial" {
        throw .reading("partial", "a ∂ without its fraction", use.span)
      }
    }
    let number = number(of: key)
    if places[number] == nil { places[number] = use.span }
    return Build.name(Reference(number, use.time).name, use.span)
  }
}
