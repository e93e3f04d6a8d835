// Back-propagation unit by unit where no layers are numbered: δ_j = h′(a_j) Σ_k w_{kj} δ_k,
// ∂E/∂w_{ji} = δ_j z_i, Δw_{ji} = η δ_j o_i, δ_k = o_k(1 - o_k)(t_k - o_k).
//
// The letters stand for layers, and each number is compared with a network's own. Which subscript of a
// weight is the unit that it comes from, whether δ is the gradient or its negative, and what a letter
// is that nothing explains: all that fit are tried, and a formula is wrong only when none of them makes
// it right and one change does.

import Diagnostics
import Notation

struct UnitCheck {
  let names: LayerNames
  let isStopped: Stopping
  let work: FormulaWork

  init(names: LayerNames, isStopped: Stopping) {
    self.names = names
    self.isStopped = isStopped
    work = FormulaWork(isStopped)
  }

  private var activations: Set<String> { names.activations.union(names.units.activations) }

  /// A way to read a formula, in which it is right.
  struct Fit {
    var convention: LayerConvention
    /// With which sign δ must be the gradient; nil where that does not matter.
    var sign: Int?
  }

  /// Whether a left side may be a gradient or a step of one unit.
  static func mayClaim(_ left: Math) -> Bool {
    if case .product(let factors) = left.kind {
      return ClaimSymbol(factors[0].value)?.base == "Delta"
    }
    return UnitSymbol(left).map { $0.isError || $0.isWeight } ?? false
  }

  func finding(_ chain: ClaimChain) -> Finding? {
    guard let target = UnitTarget(chain, names) else { return nil }
    var right: Finding?
    for claim in target.claims where !saysWhatItIs(claim, target) {
      guard let finding = finding(claim, target, chain) else { return nil }
      if finding.verdict == .wrong { return finding }
      right = right ?? finding
    }
    guard let right, right.verdict == .right, names.unitConventions.isEmpty else { return right }
    return names.agreeing(
      right, chain, fits: { Set(fits($0).map(\.convention)) }, says: { $0.unitFormula })
  }

  /// δ_j = ∂E/∂a_j says what δ is, and derivatives between units only rewrite it.
  private func saysWhatItIs(_ claim: Math, _ target: UnitTarget) -> Bool {
    if case .error = target.kind, let by = names.gradientVariable(LayerReading.unsigned(claim)),
      UnitSymbol(by) != nil
    {
      return true
    }
    func isBetween(_ math: Math) -> Bool {
      if DerivativeSign(math) != nil { return names.gradientVariable(math) == nil }
      return math.children.contains(where: isBetween)
    }
    return isBetween(claim)
  }

  // MARK: Right

  /// The ways in which a chain's claims are all right; empty where none is.
  func fits(_ chain: ClaimChain) -> [Fit] {
    guard let target = UnitTarget(chain, names) else { return [] }
    var result: [Fit]?
    for claim in target.claims where !saysWhatItIs(claim, target) {
      let found = fits(claim, target)
      result = result.map { all in
        all.filter { fit in
          found.contains { $0.convention == fit.convention && $0.sign == fit.sign }
        }
      }
      result = result ?? found
    }
    return result ?? []
  }

  private func fits(_ claim: Math, _ target: UnitTarget) -> [Fit] {
    var result: [Fit] = []
    for reading in UnitReading.all(claim, target, names) where !isStopped() {
      for sign in signs(reading) {
        let fit = Fit(convention: reading.convention, sign: sign)
        let isKnown = result.contains {
          $0.convention == fit.convention && $0.sign == fit.sign
        }
        if !isKnown { result.append(fit) }
      }
    }
    return result
  }

  private func finding(_ claim: Math, _ target: UnitTarget, _ chain: ClaimChain) -> Finding? {
    let readings = UnitReading.all(claim, target, names)
    guard !readings.isEmpty else { return nil }
    let printed = names.unitConventions
    let open = [LayerConvention.columns, .columnsTransposed].filter {
      printed.isEmpty || printed.contains($0)
    }
    let said = signs(before: chain, target)
    let fits = self.fits(claim, target)
    let fitting = fits.filter { open.contains($0.convention) }
    let name = target.name
    let allowed = fitting.filter { fit in
      fit.sign.map { said.isEmpty || said.contains($0) } ?? true
    }
    if let first = allowed.first {
      var details: [String] = []
      if printed.isEmpty, Set(allowed.map(\.convention)).count == 1 {
        details.append(
          "it is right where \(first.convention.unitFormula); nothing here prints the forward pass")
      }
      let signs = Set(allowed.map(\.sign))
      if said.isEmpty, signs.count == 1, let sign = first.sign {
        details.append(
          sign > 0
            ? "it is right where δ is the gradient by what goes into a unit"
            : "it is right where δ is the gradient by what goes into a unit with a minus")
      }
      return Finding(
        .right, "= \(name)", measure: "for each unit the numbers are those of back-propagation",
        details: details, reference: name)
    }
    guard readings.contains(where: \.isSure) else { return nil }
    if let sign = fitting.compactMap(\.sign).first {
      return Finding(
        .wrong, "≠ \(name)", measure: "other numbers than back-propagation's",
        details: [
          "its sign is the other way round: δ is the gradient "
            + (sign > 0 ? "with a minus here" : "itself here, without a minus")
        ], mistake: "sign", span: claim.span, reference: name)
    }
    if let other = activation(readings) {
      return Finding(
        .wrong, "≠ \(name)", measure: "other numbers than back-propagation's",
        details: [
          "it has the slope of \(other.rawValue); the activation here is "
            + activations.sorted().joined(separator: ", ")
        ], mistake: "other-activation", span: claim.span, reference: name)
    }
    // Readings in which letters are what they usually are come first.
    for reading in readings where open.contains(reading.convention) {
      for change in LayerComponentCheck.unitChanges(reading) {
        if isStopped() { return nil }
        var changed = reading
        changed.formula = change.math
        guard
          signs(changed).contains(where: { $0.map { said.isEmpty || said.contains($0) } ?? true })
        else { continue }
        if change.undone == "missing-chain-factor", activations.isEmpty {
          return Finding(
            .unchecked, "right for linear units, not with an activation",
            details: ["with an activation its slope at this unit, σ′(z), is a factor"],
            reference: name)
        }
        var details = ["it is right " + change.clause { ClaimText.pretty($0.span.text) }]
        if printed.count == 1 {
          details.append("the forward pass is \(reading.convention.unitFormula)")
        }
        return Finding(
          .wrong, "≠ \(name)", measure: "other numbers than back-propagation's", details: details,
          mistake: change.undone, span: claim.span, reference: name)
      }
    }
    return nil
  }

  // MARK: Signs

  /// The signs that δ may have, by what else the document says of it.
  private func signs(before chain: ClaimChain, _ target: UnitTarget) -> Set<Int> {
    var result = names.units.signs(in: names.section)
    guard result.isEmpty else { return result }
    // δ_k = t_k - o_k says it, too; of that itself only what δ is said to be decides.
    if case .error = target.kind { return [] }
    for claim in names.units.claims where claim.section == names.section {
      guard claim.chain.span.start != chain.span.start,
        let other = UnitTarget(claim.chain, names), case .error = other.kind,
        other.claims.contains(where: { UnitReading.hasTarget($0, other) })
      else { continue }
      for fit in fits(claim.chain) { if let sign = fit.sign { result.insert(sign) } }
    }
    return result.count == 1 ? result : []
  }

  /// The activation for which a formula would be right, where the document has another.
  private func activation(_ readings: [UnitReading]) -> LayerModel.Activation? {
    let own = LayerModel.Activation.named(activations)
    guard own.count < LayerModel.Activation.allCases.count else { return nil }
    return LayerModel.Activation.allCases.first { other in
      !own.contains(other)
        && readings.contains { !signs($0, [other]).isEmpty }
    }
  }

  // MARK: Numbers

  /// With which signs of δ a reading is right; nil stands for any.
  private func signs(_ reading: UnitReading) -> [Int?] {
    signs(reading, LayerModel.Activation.named(activations))
  }

  private func signs(_ reading: UnitReading, _ activations: [LayerModel.Activation]) -> [Int?] {
    var found: Set<Int> = []
    for end in reading.ends {
      for activation in activations {
        var ratio: Int?
        let isRight = (0..<LayerModel.seeds).allSatisfy { seed in
          guard !isStopped(),
            let model = LayerModel.made(
              reading.convention, activation, isBatch: false, seed: seed),
            let next = self.ratio(reading, model, end), ratio == nil || ratio == next
          else { return false }
          ratio = next
          return true
        }
        if isRight, let ratio { found.insert(ratio) }
      }
    }
    switch reading.meaning {
    case .fixed: return found.contains(1) ? [nil] : []
    case .signed(let factor): return found.sorted(by: >).map { $0 * factor }
    }
  }

  /// 1 where a formula has the network's numbers, -1 where it has them with a minus.
  private func ratio(_ reading: UnitReading, _ model: LayerModel, _ end: LayerQuantity.Kind)
    -> Int?
  {
    let letters = reading.letters
    guard let expected = model.values[reading.target.key],
      expected.dimensions.count == letters.count
    else { return nil }
    var scope = ClaimScope().sampled
    scope.values = model.values
    scope.work = work
    let top = LayerQuantity.most
    if let given = model.values[LayerQuantity(kind: .after, layer: top).key],
      let error = model.values[LayerQuantity(kind: end, layer: top).gradient.key]
    {
      scope.values[LayerCheck.targetKey] = given.combined(with: error, -)
    }
    let evaluator = ClaimEvaluator(scope)
    var ratio: Int?
    for place in expected.elements.indices {
      let last = expected.dimensions[letters.count - 1]
      let places = letters.count == 1 ? [place + 1] : [place / last + 1, place % last + 1]
      for (letter, place) in zip(letters, places) { evaluator.scope.places[letter] = place }
      guard let number = try? evaluator.number(reading.formula) else { return nil }
      let right = reading.isStep ? -expected.elements[place] : expected.elements[place]
      let room = 1e-9 * max(1, abs(right))
      let next = abs(number - right) <= room ? 1 : abs(number + right) <= room ? -1 : 0
      if abs(right) <= room, next != 0 { continue }
      guard next != 0, ratio == nil || ratio == next else { return nil }
      ratio = next
    }
    return ratio
  }
}

extension LayerReading {
  /// What stands behind a minus, or the formula itself.
  static func unsigned(_ math: Math) -> Math {
    if case .sum(let terms) = math.kind, terms.count == 1 { return terms[0].value }
    return math
  }
}
