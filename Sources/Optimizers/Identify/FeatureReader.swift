// A rule's features by the structure of its lines: where ε stands, what is corrected, which form
// momentum has. `FeatureMeasurement` holds them against runs.

import Notation

final class FeatureReader {
  let plain: PlainRule
  let rule: InlinedRule
  let squares: Set<Name>
  let momenta: Set<Name>
  let rates: Set<Name>

  init(_ plain: PlainRule) {
    self.plain = plain
    rule = InlinedRule(plain)
    squares = rule.squares
    momenta = rule.momenta
    rates = Set(plain.roles.filter { $0.value == .learningRate }.keys)
  }

  func features() -> Features {
    var features = Features()
    let isAdaptive = !squares.isEmpty
    let corrected = corrections()
    if isAdaptive, hasAverage {
      features.set(.firstCorrected, corrected.first ? "yes" : "no")
    } else if !isAdaptive, isAverage {
      features.set(.firstCorrected, corrected.first ? "yes" : "no")
    }
    if isAdaptive, squares.contains(where: { !rule.decays(of: $0).isEmpty }) {
      features.set(.secondCorrected, corrected.second ? "yes" : "no")
    }
    if isAdaptive { features.set(.epsilon, epsilon()) }
    let (decay, scale) = weightDecay()
    features.set(.weightDecay, decay)
    features.set(.decayScale, scale)
    if let (form, rate) = momentum() {
      features.set(.momentum, form)
      features.set(.rate, rate)
      if form == "velocity" { features.set(.dampening, dampening()) }
    }
    if rates.isEmpty {
      // A step size may be made of other constants: 1/L.
      let step = RateFactor.of(plain).flatMap { $0.names.isEmpty ? nil : plain.words($0) }
      let hasConstants = plain.roles.values.contains { [.constant, .other].contains($0) }
      features.set(.rate, step ?? (hasConstants ? nil : "none"))
    }
    features.set(.amsgrad, amsgrad())
    if isAdaptive { features.set(.centered, isCentered ? "yes" : nil) }
    if isAdaptive { features.set(.nadam, nadam()) }
    features.set(.schedule, schedule())
    features.set(.clip, clip())
    return features
  }

  // MARK: Averages

  func isAveraging(_ state: Name) -> Bool {
    guard let value = rule.states[state] else { return false }
    let decays = rule.decays(of: state)
    // (1 - β)·g, or two printed weights that add up to 1.
    return value.contains { part in
      if case .binary(.subtract, let one, let other) = part.kind, case .number(1, _) = one.kind {
        return !decays.isDisjoint(with: other.names)
      }
      return false
    } || hasComplementWeights(value)
  }

  private func hasComplementWeights(_ value: Expression) -> Bool {
    let weights = TermList(value).terms.map { term -> Double? in
      for factor in FactorList(term.value).above {
        if case .name(let name) = factor.kind, let weight = plain.printed[name] { return weight }
        if case .number(let weight, _) = factor.kind { return weight }
      }
      return nil
    }
    guard weights.count == 2, let a = weights[0], let b = weights[1] else { return false }
    return abs(a + b - 1) < 1e-12
  }

  var hasAverage: Bool { momenta.contains(where: isAveraging) }

  private var isAverage: Bool {
    hasAverage && rule.updates.contains { rule.holds($0, momenta) }
  }

  /// Which averages are divided by 1 - βᵗ in the parameter's update.
  func corrections() -> (first: Bool, second: Bool) {
    let firstDecays = momenta.reduce(into: Set<Name>()) { $0.formUnion(rule.decays(of: $1)) }
    let secondDecays = squares.reduce(into: Set<Name>()) { $0.formUnion(rule.decays(of: $1)) }
    var first = false
    var second = false
    for update in rule.updates {
      _ = update.contains { part in
        guard let correction = rule.correction(part) else { return false }
        if !firstDecays.isDisjoint(with: correction.base) { first = true }
        if !secondDecays.isDisjoint(with: correction.base) { second = true }
        return false
      }
    }
    return (first, second)
  }

  // MARK: ε

  private func isEpsilon(_ part: Expression) -> Bool {
    if case .name(let name) = part.kind { return plain.roles[name] == .epsilon }
    return false
  }

  private func epsilon() -> String {
    var places: Set<String> = []
    var isHat = false
    let corrected = corrections().second
    func visit(_ part: Expression, inRoot: Bool, inMaximum: Bool) {
      if isEpsilon(part) {
        places.insert(inRoot ? "inside" : inMaximum ? "in_max" : "outside")
        return
      }
      switch part.kind {
      case .unary(.squareRoot, let inner): visit(inner, inRoot: true, inMaximum: inMaximum)
      case .binary(.power, let base, let exponent) where exponent.isHalf:
        visit(base, inRoot: true, inMaximum: inMaximum)
      case .call(let callee, let arguments) where callee.path.first?.canonical == "max":
        for argument in arguments { visit(argument.value, inRoot: inRoot, inMaximum: true) }
      case .binary(.add, _, _) where !inRoot:
        let terms = TermList(part).terms.map(\.value)
        if corrected, terms.contains(where: isEpsilon),
          terms.contains(where: { rule.holds($0, squares) })
        {
          // Where the correction stands outside of the sum, ε is beside the uncorrected root.
          let isInside = terms.contains { term in
            term.contains { inner in
              rule.correction(inner).map { correction in
                squares.contains { !rule.decays(of: $0).isDisjoint(with: correction.base) }
              } ?? false
            }
          }
          if !isInside { isHat = true }
        }
        for term in terms { visit(term, inRoot: inRoot, inMaximum: inMaximum) }
      default:
        for child in part.children { visit(child, inRoot: inRoot, inMaximum: inMaximum) }
      }
    }
    for update in rule.updates { visit(update, inRoot: false, inMaximum: false) }
    for name in momenta {
      if let value = rule.states[name], rule.holds(value, squares) {
        visit(value, inRoot: false, inMaximum: false)
      }
    }
    if places.isEmpty {
      // Adamax may have it where its maximum is taken.
      for name in squares {
        if let value = rule.states[name], value.contains(isEpsilon) {
          visit(value, inRoot: false, inMaximum: false)
        }
      }
    }
    if isHat { return "hat" }
    for place in ["outside", "inside", "in_max"] where places.contains(place) { return place }
    return "none"
  }
}

extension PlainRule {
  /// A formula of hyperparameters, with printed numbers as they are.
  func words(_ form: Expression) -> String { spelled(form).text(.pretty) }

  func spelled(_ form: Expression) -> Expression {
    form.replacing { part in
      guard case .name(let name) = part.kind, let value = printed[name] else { return nil }
      return .numbered(value)
    }
  }
}

extension Expression {
  /// ½ or -½ as an exponent.
  fileprivate var isHalf: Bool {
    guard let value = ScalarFormula.value(of: self, { _ in nil }) else { return false }
    return abs(value) == 0.5
  }
}
