// Products: what stands next to one another may be a product, a call or an inner product.

import Diagnostics
import Notation

extension FormulaEvaluator: FormulaWords {
  func isCall(_ head: Math, _ brackets: Math, _ items: [Math]) -> Bool {
    guard let key = notation.reference(head)?.key else { return false }
    // f given as a value: f(x) is that value.
    if values[key] != nil, !notation.isOpaque(key, items) { return false }
    return notation.isApplied(key, to: items)
  }

  func product(_ factors: [MathFactor], _ span: Span) throws(Diagnostic) -> FormulaValue {
    try product(FormulaFactor.read(factors, self), span)
  }

  func product(_ factors: [FormulaFactor], _ span: Span) throws(Diagnostic) -> FormulaValue {
    var result: FormulaValue?
    for factor in factors {
      let value = try operand(factor)
      result =
        if let left = result { try combined(left, value, factor.sign, span) } else { value }
    }
    return result ?? FormulaValue(1)
  }

  private func operand(_ factor: FormulaFactor) throws(Diagnostic) -> FormulaValue {
    switch factor.operand {
    case .plain(let math): return try value(math)
    case .call(let head, let items, let brackets): return try application(head, brackets, items)
    case .applied(let call, let inner):
      return try apply(call, [product(inner, factor.math.span)], factor.math.span)
    case .together(let inner): return try product(inner, factor.math.span)
    }
  }

  private func combined(
    _ left: FormulaValue, _ right: FormulaValue, _ sign: FormulaFactor.Sign, _ span: Span
  ) throws(Diagnostic) -> FormulaValue {
    if sign == .over { return try pair(left, right, span) { $0 / $1 } }
    if left.isScalar || right.isScalar { return try pair(left, right, span) { $0 * $1 } }
    if sign == .elementwise {
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
      if sign == .dot, let product = left.innerProduct(right) { return product }
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
