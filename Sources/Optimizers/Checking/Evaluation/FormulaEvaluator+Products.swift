// Products: what stands next to one another may be a product, a call or an inner product.

import Diagnostics
import Notation

extension FormulaEvaluator {
  func product(_ factors: ArraySlice<MathFactor>, _ span: Span) throws(Diagnostic) -> FormulaValue {
    let factors = Array(factors)
    var result: FormulaValue?
    var place = 0
    var afterSlash: Span?
    while place < factors.count {
      let sign = place == 0 ? MathFactor.Sign.implicit : factors[place].sign
      let start = factors[place].value.span
      var (value, count) = try operand(factors, at: place)
      // 1/2n: a number and what stands right behind it.
      if sign == .slash, place + count < factors.count, factors[place + count].sign == .implicit {
        if case .number = factors[place].value.kind,
          notation.reference(factors[place + count].value) != nil
        {
          let next = try operand(factors, at: place + count)
          value = try pair(value, next.0, span) { $0 * $1 }
          count += next.1
          note("what stands behind the slash is read as the denominator", start)
        }
      } else if let slash = afterSlash, sign == .implicit,
        notation.reference(factors[place].value) != nil
      {
        note("a/b c is read from the left, as (a/b)·c", slash)
      }
      afterSlash = sign == .slash && notation.reference(factors[place].value) != nil ? start : nil
      if let left = result {
        result = try combine(left, value, factors[place], span)
      } else {
        result = value
      }
      place += count
    }
    return result ?? FormulaValue(1)
  }

  private func combine(
    _ left: FormulaValue, _ right: FormulaValue, _ factor: MathFactor, _ span: Span
  ) throws(Diagnostic) -> FormulaValue {
    if factor.sign == .slash || factor.sign == .over {
      return try pair(left, right, span) { $0 / $1 }
    }
    if left.isScalar || right.isScalar { return try pair(left, right, span) { $0 * $1 } }
    if isElementwise(before: factor.value.span) {
      return try pair(left, right, span) { $0 * $1 }
    }
    if left.isRow || right.isRow || left.dimensions.count == 2 || right.dimensions.count == 2 {
      return try matrixProduct(left, right, span)
    }
    switch vectorProduct {
    case .elementwise:
      note("the product of two vectors is read elementwise", span)
      return try pair(left, right, span) { $0 * $1 }
    case .inner:
      note("the product of two vectors is read as their inner product", span)
      guard let product = left.innerProduct(right) else {
        return try matrixProduct(left, right, span)
      }
      return product
    case nil:
      throw .reading(
        "formula.vectors", "is this product of two vectors elementwise or the inner product?", span,
        help: "write \\odot for the one, ^\\top for the other")
    }
  }

  private func matrixProduct(_ left: FormulaValue, _ right: FormulaValue, _ span: Span)
    throws(Diagnostic) -> FormulaValue
  {
    let words = "\(left.shapeText) times \(right.shapeText)"
    guard !left.makesTooMuch(with: right) else {
      throw .reading("formula.large", "\(words) is too large to be worked out", span)
    }
    guard let product = left.matrixProduct(right) else {
      throw .reading("formula.shapes", "\(words) has no value here", span)
    }
    return product
  }

  /// Whether the sign before a factor is one of elementwise multiplication.
  private func isElementwise(before span: Span) -> Bool {
    let bytes = span.source.bytes
    var end = min(max(span.start, 0), bytes.count)
    let blanks: Set<UInt8> = [0x20, 0x0A, 0x09, UInt8(ascii: "("), UInt8(ascii: "{")]
    while end > 0, blanks.contains(bytes[end - 1]) { end -= 1 }
    let before = String(decoding: bytes[max(0, end - 8)..<end], as: UTF8.self)
    return ["\\odot", "⊙", "\\circ", "\\otimes", "∘"].contains { before.hasSuffix($0) }
  }

  /// The operand that begins at a factor, and how many factors it takes.
  private func operand(_ factors: [MathFactor], at place: Int) throws(Diagnostic)
    -> (FormulaValue, Int)
  {
    let math = factors[place].value
    if let items = FormulaNotation.brackets(after: place, in: factors),
      let call = try application(math, factors[place + 1].value, items)
    {
      return (call, 2)
    }
    // `\log p(x)`, `\log \sigma(z)`: the brackets belong to what stands before them.
    if case .function(let call) = math.kind, !call.isBracketed, call.arguments.count == 1 {
      if let items = FormulaNotation.brackets(after: place, in: factors),
        let inner = try application(call.arguments[0], factors[place + 1].value, items)
      {
        return (try apply(call, [inner], math.span), 2)
      }
      if ["cos", "sin", "tan"].contains(call.name) {
        // \cos \pi t / T: all of it.
        var last = place
        while last + 1 < factors.count, factors[last + 1].sign != .times,
          !isFunctionLike(factors[last + 1].value), !isBracketed(factors[last + 1].value)
        {
          last += 1
        }
        if last > place {
          note("\(call.name) is taken of all that follows it", math.span)
          var inner = Array(factors[place...last])
          inner[0] = MathFactor(sign: .implicit, value: call.arguments[0])
          return (try apply(call, [product(inner[...], math.span)], math.span), last - place + 1)
        }
      } else if place + 1 < factors.count, factors[place + 1].sign == .implicit,
        notation.reference(factors[place + 1].value) != nil
      {
        note("does \(call.name) take in what follows its argument as well?", math.span)
      }
    }
    if case .symbol(let symbol) = math.kind, symbol.isRun, values[symbol.name] == nil,
      notation.definition(of: symbol.name) == nil, let letters = notation.split(math)
    {
      // wx(…) would be w·x(…): only plain factors are split.
      var result = FormulaValue(1)
      for (index, letter) in letters.enumerated() {
        let value = try value(letter)
        result =
          index == 0
          ? value
          : try combine(result, value, MathFactor(sign: .implicit, value: letter), math.span)
      }
      return (result, 1)
    }
    return (try value(math), 1)
  }

  private func isFunctionLike(_ math: Math) -> Bool {
    switch math.kind {
    case .function, .big: true
    default: false
    }
  }

  private func isBracketed(_ math: Math) -> Bool {
    if case .scripted(let base, _) = math.kind { return isBracketed(base) }
    if case .fenced = math.kind { return true }
    return false
  }
}

extension FormulaNotation {
  /// `wx` as w·x; nil for what is one word.
  func split(_ math: Math) -> [Math]? {
    guard case .symbol(let symbol) = math.kind, symbol.isRun,
      symbol.name.unicodeScalars.count <= 3, !FormulaNotation.words.contains(symbol.name),
      !(symbol.name.first == "d" && !bareKeys.contains("d")),
      !(symbol.name.count == 3 && symbol.name.allSatisfy(\.isUppercase))
    else { return nil }
    return symbol.name.map { Math(.symbol(MathSymbol(String($0))), math.span) }
  }

  private static let words: Set<String> = [
    "lr", "wd", "eps", "MSE", "CE", "KL", "BN", "LN", "TP", "FP", "TN", "FN", "max", "min", "acc",
    "NLL", "MAE", "BCE", "std", "var", "len", "sgn", "num",
  ]
}
