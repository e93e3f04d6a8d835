// Formulas of back-propagation between layers: δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ), dW = δaᵀ.
//
// The order of the factors and the transposes are told by shapes: every layer has another size. Which
// order is right depends on how the forward pass is printed; where it is not, what fits one of the
// usual ways is right, and which one is said. A formula is wrong only when a change of order, a
// transpose or the next layer's quantity in place of one puts it right.

import Diagnostics
import Notation

struct LayerCheck {
  private let names: LayerNames
  private let isStopped: Stopping

  /// What a text says of the gradients of layers; nil when it says nothing that can be told.
  static func finding(
    _ items: [MathItem], in context: ClaimContext, isStopped: Stopping = .never
  ) -> Finding? {
    guard items.contains(where: mayClaim) else { return nil }
    var context = context
    context.add(items)
    var names = context.layers
    names.section = context.section
    let check = LayerCheck(names: names, isStopped: isStopped)
    var findings: [Finding] = []
    for item in items {
      guard let chain = ClaimChain(item), let finding = check.finding(chain) else { continue }
      findings.append(finding)
    }
    return NumberCheck.combined(findings)
  }

  /// Whether an equation begins with a gradient.
  private static func mayClaim(_ item: MathItem) -> Bool {
    guard case .formula(let sides, _) = item.kind, sides.count > 1 else { return false }
    return Differential.variable(sides[0]) != nil || DerivativeSign(sides[0]) != nil
      || LayerSymbol(sides[0])?.base.hasPrefix("delta") ?? false
  }

  private func finding(_ chain: ClaimChain) -> Finding? {
    guard let target = names.quantity(chain.sides[0].math), target.isGradient else { return nil }
    var right: Finding?
    for side in chain.sides.dropFirst() {
      // δ = ∂L/∂z says what δ is.
      if names.quantity(side.math) == target { continue }
      guard let finding = finding(side.math, target, chain.sides[0].math) else { return nil }
      if finding.verdict == .wrong { return finding }
      right = right ?? finding
    }
    return right
  }

  private static let targetKey = "layer target"

  // MARK: One claim

  private func finding(_ claim: Math, _ target: LayerQuantity, _ left: Math) -> Finding? {
    var usesGradient = false
    var usesTarget = false
    let formula = rewritten(claim) { quantity in
      guard let quantity else {
        usesTarget = true
        return
      }
      if quantity.isGradient { usesGradient = true }
    }
    // With targets the loss decides; only the order of factors is looked at.
    guard usesGradient || usesTarget && target.layer < names.top else { return nil }
    let printed = names.conventions
    let open =
      printed.isEmpty
      ? LayerConvention.allCases
      : LayerConvention.allCases.filter(
        printed.contains)
    var fitting: [LayerConvention] = []
    var misfit: String?
    for convention in open {
      switch outcome(formula, target, convention) {
      case .same: fitting.append(convention)
      case .other(let reason): misfit = misfit ?? reason
      case .unknown: return nil
      }
    }
    let name = ClaimText.pretty(left.span.text)
    if let first = fitting.first {
      var details: [String] = []
      if printed.count != 1 {
        let forms = fitting.map { "\($0.formula) (\($0.says))" }
        details.append(
          "it is right where " + forms.joined(separator: ", or ")
            + "; nothing here prints the forward pass")
      }
      return Finding(
        .right, "= \(name)",
        measure: "the shapes fit, and the numbers are those of back-propagation through "
          + first.formula, details: details, reference: name)
    }
    for convention in open {
      guard let change = change(formula, target, convention) else { continue }
      var details = [change.says]
      if let misfit { details.append(misfit) }
      if printed.count == 1 {
        details.append("the forward pass is \(convention.formula): \(convention.says)")
      }
      return Finding(
        .wrong, "≠ \(name)",
        measure: misfit == nil ? "other numbers than back-propagation's" : "its shapes do not fit",
        details: details, mistake: change.id, span: claim.span, reference: name)
    }
    return nil
  }

  private enum Outcome {
    case same
    /// The reason when shapes do not fit.
    case other(String?)
    /// Something in it is not known here.
    case unknown
  }

  /// For one sample and for many; right for one of the activations it may be.
  private func outcome(
    _ formula: Math, _ target: LayerQuantity, _ convention: LayerConvention
  ) -> Outcome {
    var result: Outcome?
    let activations = LayerModel.Activation.named(names.activations)
    for (isBatch, end) in [
      (false, LayerQuantity.Kind.before), (false, .after), (true, .before), (true, .after),
    ] {
      for activation in activations {
        if isStopped() { return .unknown }
        let outcomes = (0..<2).map { (seed: UInt64) in
          outcome(formula, target, convention, activation, isBatch: isBatch, end, seed: seed)
        }
        if outcomes.allSatisfy({ if case .same = $0 { true } else { false } }) { return .same }
        for outcome in outcomes {
          switch (result, outcome) {
          case (nil, .unknown), (nil, .other), (.unknown?, .other), (.other(nil)?, .other):
            result = outcome
          default: break
          }
        }
      }
    }
    return result ?? .unknown
  }

  private func outcome(
    _ formula: Math, _ target: LayerQuantity, _ convention: LayerConvention,
    _ activation: LayerModel.Activation, isBatch: Bool,
    _ end: LayerQuantity.Kind, seed: UInt64
  ) -> Outcome {
    guard
      let model = LayerModel(convention, activation, isBatch: isBatch, seed: seed),
      let expected = model.values[target.key]
    else { return .unknown }
    var scope = ClaimScope()
    scope.values = model.values
    // ŷ - y is the gradient at the end, of most losses by z, of the squared error by ŷ.
    if let given = model.values[LayerQuantity(kind: .after, layer: names.top).key],
      let error = model.values[LayerQuantity(kind: end, layer: names.top).gradient.key]
    {
      scope.values[LayerCheck.targetKey] = given.combined(with: error, -)
    }
    let evaluator = ClaimEvaluator(scope)
    if isBatch {
      for name in ["m", "N", "n", "B"] {
        evaluator.scope.values[name] = FormulaValue(Double(LayerModel.samples))
      }
    }
    let value: FormulaValue
    do {
      value = try evaluator.value(formula).simplified
    } catch {
      if case .shape(let text, _) = error { return .other(sized(text, target, isBatch)) }
      return .unknown
    }
    let isMean = isBatch && (target.kind == .weight || target.kind == .bias)
    guard value.hasShape(of: expected) || target.kind == .bias && value.isVector else {
      return .other(
        sized(
          "it has the shape \(value.shapeText), \(target.kind.says) \(expected.shapeText)", target,
          isBatch))
    }
    let factors = isMean ? [1, Double(LayerModel.samples)] : [1]
    let isSame = factors.contains { factor in
      zip(value.elements, expected.elements).allSatisfy { a, b in
        abs(factor * a - b) <= 1e-9 * max(1, abs(b))
      }
    }
    return isSame && value.elements.count == expected.elements.count ? .same : .other(nil)
  }

  private func sized(_ text: String, _ target: LayerQuantity, _ isBatch: Bool) -> String {
    let layer = max(1, target.layer)
    let samples = isBatch ? " and \(LayerModel.samples) samples" : ""
    return "with \(LayerModel.sizes[layer - 1]) inputs, \(LayerModel.sizes[layer]) outputs"
      + "\(samples) for the layer: \(text)"
  }

  // MARK: In the model's names

  /// The formula with the model's names in the place of its symbols.
  private func rewritten(_ math: Math, _ met: (LayerQuantity?) -> Void) -> Math {
    MathRewrite.topDown(math) { part in
      if case .product(let factors) = part.kind { return product(factors, part, met) }
      if case .function(let call) = part.kind, call.scripts?.primes == 1,
        call.arguments.count == 1
      {
        return slope(call.arguments[0], part.span)
      }
      if case .scripted(let base, var scripts) = part.kind, !scripts.lower.isEmpty,
        let power = scripts.upper, wholeNumber(power) != nil
      {
        // A₁²
        scripts.upper = nil
        var above = MathScripts()
        above.upper = power
        let inner = rewritten(Math(.scripted(base, scripts), part.span), met)
        return Math(.scripted(inner, above), part.span)
      }
      if let target = LayerSymbol(part), names.isTarget(target) {
        met(nil)
        return symbol(LayerCheck.targetKey, isTransposed: target.isTransposed, part.span)
      }
      guard let quantity = names.quantity(part) else { return nil }
      met(quantity)
      let printed = LayerSymbol(Differential.variable(part) ?? part)
      return symbol(quantity.key, isTransposed: printed?.isTransposed ?? false, part.span)
    }
  }

  /// σ′(z) within a product.
  private func product(_ factors: [MathFactor], _ part: Math, _ met: (LayerQuantity?) -> Void)
    -> Math?
  {
    if let quantity = names.quantity(part) {
      met(quantity)
      return symbol(quantity.key, isTransposed: false, part.span)
    }
    var result: [MathFactor] = []
    var place = 0
    while place < factors.count {
      let factor = factors[place]
      if place + 1 < factors.count, factors[place + 1].sign == .implicit,
        let head = ClaimSymbol(factor.value), isPrimed(factor.value, head),
        case .fenced(_, let items) = factors[place + 1].value.kind, items.count == 1,
        let slope = slope(
          items[0], factor.value.span.joined(with: factors[place + 1].value.span))
      {
        result.append(MathFactor(sign: factor.sign, value: slope))
        place += 2
        continue
      }
      result.append(MathFactor(sign: factor.sign, value: rewritten(factor.value, met)))
      place += 1
    }
    return result.count == 1 ? result[0].value : Math(.product(result), part.span)
  }

  /// g′, and g^{[l]}′ with the prime behind its layer.
  private func isPrimed(_ math: Math, _ symbol: ClaimSymbol) -> Bool {
    symbol.primes == 1 || symbol.marks.contains("'")
  }

  private func slope(_ inner: Math, _ span: Span) -> Math? {
    guard let quantity = names.quantity(inner), quantity.kind == .before, !quantity.isGradient
    else { return nil }
    return symbol(
      LayerQuantity(kind: .slope, layer: quantity.layer).key, isTransposed: false, span)
  }

  private func symbol(_ key: String, isTransposed: Bool, _ span: Span) -> Math {
    let symbol = Math(.symbol(MathSymbol(key, isWord: true)), span)
    guard isTransposed else { return symbol }
    var scripts = MathScripts()
    scripts.upper = Math(.mark("T"), span)
    return Math(.scripted(symbol, scripts), span)
  }

  // MARK: What puts it right

  private func change(
    _ formula: Math, _ target: LayerQuantity, _ convention: LayerConvention
  ) -> (id: String, says: String)? {
    func isRight(_ math: Math) -> Bool {
      if case .same = outcome(math, target, convention) { true } else { false }
    }
    var whole = MathScripts()
    whole.upper = Math(.mark("T"), formula.span)
    if isRight(
      Math(.scripted(Math(.fenced(.parenthesis, [formula]), formula.span), whole), formula.span))
    {
      return (
        "wrong-order",
        "it is the transpose of the gradient: what stands first belongs last, and the other of the two "
          + "is the one to be transposed"
      )
    }
    let single = ClaimMutation.transposes(formula)
    for change in single + neighbours(formula) where isRight(change.math) {
      return (change.undone, sentence(clause(change)))
    }
    guard single.count <= 16 else { return nil }
    for first in single {
      for second in ClaimMutation.transposes(first.math) where isRight(second.math) {
        let id = first.undone == second.undone ? first.undone : "wrong-order"
        return (id, sentence(clause(first) + " and " + clause(second)))
      }
    }
    return nil
  }

  private func clause(_ change: MathChange) -> String {
    change.clause { ClaimText.pretty($0.span.text) }
  }

  private func sentence(_ says: String) -> String { "it is right " + says }

  /// With a quantity of the layer before or behind in place of one.
  private func neighbours(_ formula: Math) -> [MathChange] {
    var quantities: [String: (LayerQuantity, Span)] = [:]
    func visit(_ math: Math) {
      if case .symbol(let symbol) = math.kind, let quantity = LayerCheck.quantity(symbol.name) {
        quantities[symbol.name] = quantities[symbol.name] ?? (quantity, math.span)
      }
      for child in math.children { visit(child) }
    }
    visit(formula)
    var result: [MathChange] = []
    for key in quantities.keys.sorted() {
      guard let (quantity, span) = quantities[key] else { continue }
      for (offset, words) in [(-1, "before it"), (1, "behind it")] {
        guard let next = quantity.shifted(by: offset) else { continue }
        let changed = MathRewrite.topDown(formula) { part in
          guard case .symbol(let symbol) = part.kind, symbol.name == key else { return nil }
          return Math(.symbol(MathSymbol(next.key, isWord: true)), part.span)
        }
        let says =
          "with \(next.kind.name(isGradient: next.isGradient)) of the layer \(words) in place of"
          + " \(ClaimText.pretty(span.text))"
        result.append(
          MathChange(
            kind: .other(id: "wrong-layer", says: says), part: formula, span: span, math: changed))
      }
    }
    return result
  }

  private static func quantity(_ key: String) -> LayerQuantity? {
    let words = key.split(separator: " ")
    guard words.first == "layer", words.count == 3 || words.count == 4,
      let layer = Int(words[words.count - 1]),
      let kind = LayerQuantity.Kind(rawValue: String(words[words.count - 2]))
    else { return nil }
    return LayerQuantity(kind: kind, layer: layer, isGradient: words.count == 4)
  }
}

extension LayerQuantity.Kind {
  fileprivate func name(isGradient: Bool) -> String {
    let name =
      switch self {
      case .weight: "the weights"
      case .bias: "the bias"
      case .before: "z"
      case .after: "a"
      case .slope: "the slope"
      }
    return isGradient ? "the gradient by \(name)" : name
  }

  fileprivate var says: String {
    switch self {
    case .weight: "the weights have"
    case .bias: "the bias has"
    case .before: "z has"
    case .after: "a has"
    case .slope: "the slope has"
    }
  }
}
