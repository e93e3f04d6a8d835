// Back-propagation written unit by unit: δⱼˡ = Σₖ wₖⱼˡ⁺¹ δₖˡ⁺¹ σ′(zⱼˡ), ∂C/∂wⱼₖˡ = aₖˡ⁻¹ δⱼˡ.
//
// Each number is compared with the network's own. Which subscript of a weight is the unit that it comes
// from is told by the forward pass; where that is not printed, what is right one way is right, and which
// way is said. A formula is wrong only when one change puts it right.

import Diagnostics
import Notation

struct LayerComponentCheck {
  let names: LayerNames
  let isStopped: Stopping
  /// For all that is calculated of one text.
  let work: FormulaWork

  init(names: LayerNames, isStopped: Stopping) {
    self.names = names
    self.isStopped = isStopped
    work = FormulaWork(isStopped)
  }

  func finding(_ chain: ClaimChain) -> Finding? {
    let left = chain.sides[0].math
    guard let target = names.component(left), target.quantity.isGradient,
      Set(target.letters).count == target.places.count
    else { return nil }
    var right: Finding?
    for side in chain.sides.dropFirst() {
      // δ = ∂L/∂z says what δ is.
      if let same = names.component(side.math), same.quantity == target.quantity,
        same.letters == target.letters
      {
        continue
      }
      guard let finding = finding(side.math, target, ClaimText.pretty(left.span.text)) else {
        return nil
      }
      if finding.verdict == .wrong { return finding }
      right = right ?? finding
    }
    guard let right, right.verdict == .right, names.unitConventions.isEmpty else { return right }
    return names.agreeing(right, chain, fits: fits, says: { $0.unitFormula })
  }

  /// The conventions in which all that a chain says is right; empty where nothing can be told.
  private func fits(_ chain: ClaimChain) -> Set<LayerConvention> {
    guard let target = names.component(chain.sides[0].math), target.quantity.isGradient,
      Set(target.letters).count == target.places.count
    else { return [] }
    var result: Set<LayerConvention>?
    for side in chain.sides.dropFirst() {
      guard let formula = rewritten(side.math, target) else { continue }
      let fitting = [LayerConvention.columns, .columnsTransposed].filter {
        isRight(formula, target, $0)
      }
      result = (result ?? Set(fitting)).intersection(fitting)
    }
    return result ?? []
  }

  /// A claim in the names of the model; nil for one that has something else in it.
  private func rewritten(_ claim: Math, _ target: LayerReading) -> Math? {
    var usesGradient = false
    let formula = LayerComponentCheck.withoutLimits(
      LayerRewriting(
        read: names.component, isTarget: { _ in false }, isActivation: names.isActivation,
        met: { if $0?.quantity.isGradient ?? false { usesGradient = true } }
      ).rewritten(claim))
    return usesGradient && isKnown(formula, target) ? formula : nil
  }

  private func finding(_ claim: Math, _ target: LayerReading, _ name: String) -> Finding? {
    guard let formula = rewritten(claim, target) else { return nil }
    let printed = names.unitConventions
    let open = [LayerConvention.columns, .columnsTransposed].filter {
      printed.isEmpty || printed.contains($0)
    }
    let fitting = open.filter { isRight(formula, target, $0) }
    if let first = fitting.first {
      let isOpen = printed.isEmpty && fitting.count == 1
      return Finding(
        .right, "= \(name)",
        measure: "for each unit the numbers are those of back-propagation"
          + (printed.isEmpty ? "" : " through \(first.unitFormula)"),
        details: isOpen
          ? ["it is right where \(first.unitFormula); nothing here prints the forward pass"] : [],
        reference: name)
    }
    for convention in open {
      guard
        let change = LayerComponentCheck.changes(formula, target).first(where: {
          isRight($0.math, target, convention)
        })
      else { continue }
      if change.undone == "missing-chain-factor", names.activations.isEmpty {
        return Finding(
          .unchecked, "right for linear units, not with an activation",
          details: ["with an activation its slope at this unit, σ′(z), is a factor"],
          reference: name)
      }
      var details = ["it is right " + change.clause { ClaimText.pretty($0.span.text) }]
      if printed.count == 1 { details.append("the forward pass is \(convention.unitFormula)") }
      return Finding(
        .wrong, "≠ \(name)", measure: "other numbers than back-propagation's", details: details,
        mistake: change.undone, span: claim.span, reference: name)
    }
    return nil
  }

  /// Σ from 1 to the number of units: over all units.
  private static func withoutLimits(_ math: Math) -> Math {
    MathRewrite.topDown(math) { part in
      guard case .big("sum", var scripts, let body) = part.kind, scripts.lower.count == 1 else {
        return nil
      }
      if case .relation(let sides, let relations) = scripts.lower[0].kind, relations == [.equals],
        sides.count == 2, wholeNumber(sides[1]) == 1
      {
        scripts.lower = [sides[0]]
        scripts.upper = nil
      }
      return Math(.big("sum", scripts, withoutLimits(body)), part.span)
    }
  }

  /// Whether all symbols are the network's, or places.
  private func isKnown(_ formula: Math, _ target: LayerReading) -> Bool {
    var bound = Set(target.letters)
    func visit(_ math: Math) -> Bool {
      if case .big(_, let scripts, let body) = math.kind {
        bound.formUnion(scripts.lower.compactMap(LayerReading.letter))
        return visit(body)
      }
      if let symbol = ClaimSymbol(math) {
        return LayerCheck.quantity(symbol.base) != nil
          && symbol.lower.allSatisfy { LayerReading.letter($0).map(bound.contains) ?? false }
      }
      return math.children.allSatisfy(visit)
    }
    return visit(formula)
  }

  // MARK: Numbers

  /// In a network with one of the activations that it may be, for one sample.
  private func isRight(_ formula: Math, _ target: LayerReading, _ convention: LayerConvention)
    -> Bool
  {
    LayerModel.Activation.named(names.activations).contains { activation in
      (0..<LayerModel.seeds).allSatisfy { seed in
        guard !isStopped(),
          let model = LayerModel.made(convention, activation, isBatch: false, seed: seed),
          let expected = model.values[target.quantity.key]
        else { return false }
        return hasNumbers(formula, target.letters, expected, model)
      }
    }
  }

  private func hasNumbers(
    _ formula: Math, _ letters: [String], _ expected: FormulaValue, _ model: LayerModel
  ) -> Bool {
    guard expected.dimensions.count == letters.count else { return false }
    var scope = ClaimScope().sampled
    scope.values = model.values
    scope.work = work
    let evaluator = ClaimEvaluator(scope)
    for place in expected.elements.indices {
      let last = expected.dimensions[letters.count - 1]
      let places = letters.count == 1 ? [place + 1] : [place / last + 1, place % last + 1]
      for (letter, place) in zip(letters, places) { evaluator.scope.places[letter] = place }
      guard let number = try? evaluator.number(formula) else { return false }
      let right = expected.elements[place]
      guard abs(number - right) <= 1e-9 * max(1, abs(right)) else { return false }
    }
    return true
  }
}

extension LayerConvention {
  /// The same for one unit.
  var unitFormula: String {
    switch self {
    case .columns, .rowsTransposed: "zⱼ = Σₖ wⱼₖ aₖ"
    case .columnsTransposed, .rows: "zⱼ = Σₖ wₖⱼ aₖ"
    }
  }
}

extension LayerReading {
  /// What the gradient is by.
  var ofItself: LayerReading {
    var reading = self
    reading.quantity.isGradient = false
    return reading
  }
}
