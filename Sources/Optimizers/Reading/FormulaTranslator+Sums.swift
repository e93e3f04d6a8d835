// Σ: over samples of a gradient, over past steps, over coordinates.

import Diagnostics
import Notation

extension FormulaTranslator {
  func big(_ math: Math, _ depth: Int) throws(Diagnostic) -> Expression {
    guard case .big(let name, let scripts, let body) = math.kind else {
      throw .reading("sum", "this sum is not understood", math.span)
    }
    if name == "prod", let product = try pastProduct(scripts, body, math.span, depth) {
      return product
    }
    guard name == "sum" else {
      throw .reading(
        "big", "\\\(name) is not read in a rule", math.span,
        help: "write the product as an equation from one step to the next")
    }
    if sampleSum(math) != nil {
      // The mean over samples is the gradient itself.
      return try translate(body, depth + 1)
    }
    let bound = scripts.lower.first
    var letter: String?
    var start: Int?
    if let bound {
      if case .relation(let sides, let relations) = bound.kind {
        guard relations.allSatisfy({ $0.isDefining || $0 == .member }) else {
          throw .reading(
            "sum", "over what this sum runs is not understood", bound.span,
            help: "write where it begins, as in i = 1")
        }
        letter = indexLike(sides[0])?.letter
        start = sides.count > 1 ? wholeNumber(sides[1]) : nil
      } else {
        letter = indexLike(bound)?.letter
      }
    }
    guard let letter else {
      throw .reading("sum", "over what this sum runs is not understood", math.span)
    }
    if let upper = scripts.upper, let (top, offset) = indexLike(upper), top == symbols.index.letter,
      start == 1 || start == 0
    {
      return try history(letter, offset, body, math.span, depth)
    }
    let isCoordinate = ["i", "j", "k", "l", "d", "p", "q"].contains(letter)
    let top = scripts.upper.map { indexLike($0)?.letter ?? "" }
    if isCoordinate, top.map({ ["d", "D", "n", "N", "p", "P"].contains($0) }) ?? true,
      bearsIndex(letter, body)
    {
      symbols.extraCoordinates.insert(letter)
      defer { symbols.extraCoordinates.remove(letter) }
      let inner = try translate(body, depth + 1)
      note(.convention, "the sum over \(letter) is read as the sum over all coordinates", math.span)
      return Build.call("sum", [inner], math.span)
    }
    throw .reading(
      "sum", "over what this sum runs is not understood", math.span,
      help: "read are sums over samples of a gradient, over past steps, over coordinates")
  }

  /// Π_{i=1}^t μ_i is a state that begins at 1 and is multiplied by μ_t; with t + 1 on top one factor
  /// more.
  private func pastProduct(
    _ scripts: MathScripts, _ body: Math, _ span: Span, _ depth: Int
  ) throws(Diagnostic) -> Expression? {
    guard case .relation(let sides, let relations)? = scripts.lower.first?.kind, sides.count == 2,
      relations == [.equals], let letter = indexLike(sides[0])?.letter, wholeNumber(sides[1]) == 1,
      let (top, offset) = scripts.upper.flatMap(indexLike), top == symbols.index.letter,
      (-1...1).contains(offset)
    else { return nil }
    let outer = symbols.alias
    symbols.alias = letter
    defer { symbols.alias = outer }
    let factor = try translate(body, depth + 1)
    // A product of gradients is nothing that a rule keeps.
    let holdsGradient =
      factor.usesGradient || factor.references.contains { keys[$0.0.key].base.lowercased() == "g" }
    if holdsGradient, case .product(let factors) = body.kind, factors.count > 1 {
      throw .reading(
        "big", "what stands behind Π belongs to every factor of it, the gradient too", span,
        help: "put the product in brackets: (\\prod …) g_t")
    }
    guard !holdsGradient else { return nil }
    guard !factor.contains({ $0.isCounter }) else {
      throw .reading("big", "a product over past steps that uses the number of the step", span)
    }
    var known = products.first { $0.factor.isSame(as: factor) }?.key
    if known == nil {
      let key = number(
        of: SymbolKey(base: "P", labels: products.isEmpty ? [] : ["\(products.count + 1)"]))
      products.append((key, factor))
      history.append(
        TranslatedLine(
          key: key, time: .step(0),
          value: Build.binary(.multiply, Build.name(Reference(key, .step(-1)).name, span), factor),
          isAssigned: false, span: span, order: 0, isRemark: false, isHistory: true))
      note(
        .convention, "the product over past steps is kept as a state that starts at 1", span)
      known = key
    }
    guard let known else { return nil }
    let product = Build.name(Reference(known, .step(min(offset, 0))).name, span)
    return offset < 1 ? product : Build.binary(.multiply, product, factor.shifted(by: 1))
  }

  /// Whether a letter is the index of a symbol in a formula.
  private func bearsIndex(_ letter: String, _ math: Math) -> Bool {
    if case .scripted(_, let scripts) = math.kind,
      scripts.lower.contains(where: { indexLike($0)?.letter == letter })
    {
      return true
    }
    return math.children.contains { bearsIndex(letter, $0) }
  }

  /// Σ_{τ=1}^t f_τ is a state that grows by f_t; with β^{t-τ} it fades.
  private func history(
    _ letter: String, _ offset: Int, _ body: Math, _ span: Span, _ depth: Int
  ) throws(Diagnostic) -> Expression {
    guard offset == 0 || offset == -1 else {
      throw .reading("sum", "this sum looks into the future", span)
    }
    // It would have to begin anew at every step of the outer one.
    guard symbols.alias == nil else {
      throw .reading(
        "sum", "over what this sum runs is not understood, inside of another over past steps", span)
    }
    var factors: [MathFactor] = []
    if case .product(let parts) = body.kind {
      factors = parts
    } else {
      factors = [MathFactor(sign: .implicit, value: body)]
    }
    var decay: Math?
    for (place, factor) in factors.enumerated() {
      guard case .scripted(let base, let scripts) = factor.value.kind, let upper = scripts.upper,
        case .sum(let terms) = upper.kind, terms.count == 2,
        indexLike(terms[0].value)?.letter == symbols.index.letter, !terms[0].isNegative,
        indexLike(terms[1].value)?.letter == letter, terms[1].isNegative, factor.sign != .slash
      else { continue }
      var bare = scripts
      bare.upper = nil
      decay = bare.isEmpty ? base : Math(.scripted(base, bare), factor.value.span)
      factors.remove(at: place)
      break
    }
    let outer = symbols.alias
    symbols.alias = letter
    defer { symbols.alias = outer }
    let added =
      factors.isEmpty
      ? Build.number(1, span)
      : try product(factors, span, depth + 1)
    guard
      !added.contains({ if case .name(let name) = $0.kind { name == counterName } else { false } })
    else {
      throw .reading("sum", "a sum over past steps that uses the number of the step", span)
    }
    let key = number(
      of: SymbolKey(base: "S", labels: history.isEmpty ? ["sum"] : ["sum\(history.count + 1)"]))
    let before = Build.name(Reference(key, .step(-1)).name, span)
    var old = before
    if let decay {
      old = Build.binary(.multiply, try translate(decay, depth + 1), before)
    }
    history.append(
      TranslatedLine(
        key: key, time: .step(0), value: Build.binary(.add, old, added), isAssigned: false,
        span: span, order: 0, isRemark: false, isHistory: true))
    note(
      .convention, "the sum over past steps is kept as a state that starts at 0", span)
    return Build.name(Reference(key, .step(offset)).name, span)
  }
}
