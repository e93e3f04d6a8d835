// Formulas of back-propagation between layers: δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ σ′(zˡ), dW = δaᵀ.
//
// The order of the factors and the transposes are told by shapes: every layer has another size. Which
// order is right depends on how the forward pass is printed; where it is not, what fits one of the
// usual ways is right, and which one is said. A formula is wrong only when a change of order, a
// transpose or the next layer's quantity in place of one puts it right. With one unit in a layer all
// are numbers and any order is right: it is not wrong where nothing printed says that they are matrices.

import Diagnostics
import Notation

struct LayerCheck {
  let names: LayerNames
  private let isStopped: Stopping
  private let work: FormulaWork

  init(names: LayerNames, isStopped: Stopping) {
    self.names = names
    self.isStopped = isStopped
    work = FormulaWork(isStopped)
  }

  /// What a text says of the gradients of layers; nil when it says nothing that can be told.
  static func finding(
    _ items: [MathItem], in context: ClaimContext, isStopped: Stopping = .never
  ) -> Finding? {
    guard items.contains(where: mayClaim) else { return nil }
    var context = context
    context.add(items)
    var names = context.layers
    names.section = context.section
    names.defined = Set(context.definitions.keys)
    let check = LayerCheck(names: names, isStopped: isStopped)
    var findings: [Finding] = []
    for item in items {
      guard let chain = ClaimChain(item) else { continue }
      let finding = check.anyFinding(chain)
      if finding?.verdict != .right, let others = names.numberedByInput,
        var other = LayerCheck(names: others, isStopped: isStopped).anyFinding(chain),
        other.verdict == .right
      {
        other.details.append(
          "the weights are numbered by the layer that they come from, zˡ⁺¹ = Wˡ aˡ")
        findings.append(other)
      } else if let finding {
        findings.append(finding)
      }
    }
    return NumberCheck.combined(findings)
  }

  /// Whether an equation begins with a gradient.
  private static func mayClaim(_ item: MathItem) -> Bool {
    guard case .formula(let sides, _) = item.kind, sides.count > 1 else { return false }
    return Differential.variable(sides[0]) != nil || DerivativeSign(sides[0]) != nil
      || ClaimSymbol(sides[0])?.base.hasPrefix("delta") ?? false || UnitCheck.mayClaim(sides[0])
  }

  /// Of matrices or of units.
  private func anyFinding(_ chain: ClaimChain) -> Finding? {
    finding(chain) ?? LayerComponentCheck(names: names, isStopped: isStopped).finding(chain)
      ?? UnitCheck(names: names, isStopped: isStopped).finding(chain)
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
    guard let right, right.verdict == .right, names.conventions.isEmpty else { return right }
    return names.agreeing(
      right, chain, fits: { Set(fits($0)) }, says: { "\($0.formula) (\($0.says))" })
  }

  /// The conventions in which all that a chain says is right; empty where nothing can be told.
  private func fits(_ chain: ClaimChain) -> [LayerConvention] {
    guard let target = names.quantity(chain.sides[0].math), target.isGradient else { return [] }
    var result: [LayerConvention]?
    for side in chain.sides.dropFirst() where names.quantity(side.math) != target {
      guard let formula = rewritten(side.math, target, chain.sides[0].math) else { continue }
      result = (result ?? LayerConvention.allCases).filter { convention in
        if case .same = outcome(formula, target, convention) { true } else { false }
      }
    }
    return result ?? []
  }

  static let targetKey = "layer target"

  /// What an activation is often called; applied to z it is one.
  private static let functions: Set<String> = ["f", "g", "h", "psi", "varphi", "phi"]

  // MARK: One claim

  /// A claim in the names of the model; nil for one that back-propagation does not decide.
  private func rewritten(_ claim: Math, _ target: LayerQuantity, _ left: Math) -> Math? {
    var usesGradient = false
    var usesTarget = false
    let formula = LayerRewriting(
      read: { names.atEnd($0, of: target, printed: left) ?? names.whole($0) },
      isTarget: names.isTarget,
      isActivation: { names.isActivation($0) || LayerCheck.functions.contains($0) },
      met: { reading in
        guard let reading else {
          usesTarget = true
          return
        }
        if reading.quantity.isGradient { usesGradient = true }
      }
    ).rewritten(LayerCheck.withoutSamples(claim))
    // With targets the loss decides; only the order of factors is looked at.
    return usesGradient || usesTarget && target.layer < names.top
      || LayerCheck.isAtEnd(formula, target) ? formula : nil
  }

  private func finding(_ claim: Math, _ target: LayerQuantity, _ left: Math) -> Finding? {
    guard let formula = rewritten(claim, target, left) else { return nil }
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
      if printed.count != 1, fitting.count < LayerConvention.allCases.count {
        let forms = fitting.map { "\($0.formula) (\($0.says))" }
        details.append(
          "it is right where " + forms.joined(separator: ", or ")
            + "; nothing here prints the forward pass")
      }
      return Finding(
        .right, "= \(name)",
        measure: "the shapes fit, and the numbers are those of back-propagation"
          + (details.isEmpty && printed.isEmpty ? "" : " through \(first.formula)"),
        details: details, reference: name)
    }
    let minus = Math(
      .sum([MathTerm(isNegative: true, value: Math(.fenced(.parenthesis, [formula]), claim.span))]),
      claim.span)
    if let convention = open.first(where: {
      if case .same = outcome(minus, target, $0) { true } else { false }
    }) {
      if !names.saysError, LayerCheck.hasError(left) != LayerCheck.hasError(claim) {
        return Finding(
          .right, "= \(name)",
          measure: "the shapes fit, and the numbers are those of back-propagation",
          details: [
            "it is right where δ is the gradient by z with a minus, and \(convention.formula)"
          ], reference: name)
      }
      return Finding(
        .wrong, "≠ \(name)", measure: "other numbers than back-propagation's",
        details: ["its sign is the other way round"], mistake: "sign", span: claim.span,
        reference: name)
    }
    for convention in open {
      guard let change = change(formula, target, convention) else { continue }
      if !names.saysMatrices, isRightForOneUnit(formula, target) {
        return Finding(
          .unchecked, "right for one unit per layer, not for several",
          measure: "with one unit the numbers are those of back-propagation",
          details: [
            "with several units in a layer the order of the factors and the transposes matter: "
              + change.says
          ], reference: name)
      }
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

  enum Outcome {
    case same
    /// The reason when shapes do not fit.
    case other(String?)
    /// Something in it is not known here.
    case unknown
  }

  /// For one sample and for many; right for one of the activations it may be.
  func outcome(
    _ formula: Math, _ target: LayerQuantity, _ convention: LayerConvention
  ) -> Outcome {
    var result: Outcome?
    let activations = LayerModel.Activation.named(names.activations)
    for (isBatch, end) in [
      (false, LayerQuantity.Kind.before), (false, .after), (true, .before), (true, .after),
    ] {
      for activation in activations {
        if isStopped() { return .unknown }
        let outcomes = (0..<LayerModel.seeds).map { seed in
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
    _ end: LayerQuantity.Kind, seed: Int
  ) -> Outcome {
    guard let model = LayerModel.made(convention, activation, isBatch: isBatch, seed: seed) else {
      return .unknown
    }
    return outcome(formula, target, model, end)
  }

  /// Whether a formula has the right numbers where a layer is one unit and all of it are numbers.
  private func isRightForOneUnit(_ formula: Math, _ target: LayerQuantity) -> Bool {
    let activations = LayerModel.Activation.named(names.activations)
    return [LayerQuantity.Kind.before, .after].contains { end in
      activations.contains { activation in
        (0..<LayerModel.seeds).allSatisfy { seed in
          guard let model = LayerModel.single(activation, seed: seed) else { return false }
          if case .same = outcome(formula, target, model, end) { return true }
          return false
        }
      }
    }
  }

  private func outcome(
    _ formula: Math, _ target: LayerQuantity, _ model: LayerModel, _ end: LayerQuantity.Kind
  ) -> Outcome {
    guard let expected = model.values[target.key] else { return .unknown }
    let isBatch = model.isBatch
    let top = LayerCheck.isAtEnd(formula, target) ? target.layer : names.top
    var scope = ClaimScope().sampled
    scope.values = model.values
    scope.work = work
    // ŷ - y is the gradient at the end, of most losses by z, of the squared error by ŷ.
    if let given = model.values[LayerQuantity(kind: .after, layer: top).key],
      let error = model.values[LayerQuantity(kind: end, layer: top).gradient.key]
    {
      scope.values[LayerCheck.targetKey] = given.combined(with: error, -)
    }
    let evaluator = ClaimEvaluator(scope)
    for name in ["m", "N", "n", "B"] {
      evaluator.scope.values[name] = FormulaValue(isBatch ? Double(LayerModel.samples) : 1)
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
}

extension LayerQuantity.Kind {
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
