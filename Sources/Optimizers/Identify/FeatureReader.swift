// A rule's features by the structure of its lines: where ε stands, what is corrected, which form
// momentum has. `FeatureMeasurement` holds them against runs.

import Notation

struct FeatureReader {
  private let plain: PlainRule
  private let rule: InlinedRule
  private let squares: Set<Name>
  private let momenta: Set<Name>
  private let rates: Set<Name>

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
    if rates.isEmpty { features.set(.rate, "none") }
    features.set(.amsgrad, amsgrad())
    if isAdaptive { features.set(.centered, isCentered ? "yes" : nil) }
    if isAdaptive { features.set(.nadam, nadam()) }
    features.set(.schedule, schedule())
    features.set(.clip, clip())
    return features
  }

  // MARK: Averages

  private func isAveraging(_ state: Name) -> Bool {
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

  private var hasAverage: Bool { momenta.contains(where: isAveraging) }

  private var isAverage: Bool {
    hasAverage && rule.updates.contains { rule.holds($0, momenta) }
  }

  /// Which averages are divided by 1 - βᵗ in the parameter's update.
  private func corrections() -> (first: Bool, second: Bool) {
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

  // MARK: Weight decay

  private func weightDecay() -> (String, scale: String?) {
    let decays = Set(plain.roles.filter { $0.value == .weightDecay }.keys)
    guard !decays.isEmpty else { return ("none", nil) }
    if let gradient = rule.gradient, rule.holds(gradient, decays) { return ("l2", nil) }
    if rule.states.values.contains(where: {
      rule.holds($0, decays) && rule.holds($0, rule.parameter)
    }) {
      return ("l2", nil)
    }
    for update in rule.updates {
      let isInRatio = update.contains { part in
        if case .call(let callee, let arguments) = part.kind,
          callee.path.first?.canonical == "norm"
        {
          return arguments.contains { rule.holds($0.value, decays) }
        }
        return false
      }
      if isInRatio { return ("in_ratio", nil) }
      // g + λ·w in one bracket is an L2 term where nothing scales the gradient.
      let isL2 =
        squares.isEmpty && momenta.isEmpty
        && update.contains { part in
          let terms = TermList(part).terms.map(\.value)
          return terms.contains(where: rule.isGradient)
            && terms.contains { rule.holds($0, decays) && rule.holds($0, rule.parameter) }
            && !terms.contains { if case .name(rule.parameter) = $0.kind { true } else { false } }
        }
      if isL2 { return ("l2", nil) }
    }
    guard rule.updates.contains(where: { rule.holds($0, decays) }) else { return ("none", nil) }
    return ("decoupled", isScaled(decays) ? "lr" : "none")
  }

  /// Whether the learning rate multiplies the decay.
  private func isScaled(_ decays: Set<Name>) -> Bool {
    func found(_ part: Expression, _ scaled: Bool) -> Bool {
      for term in TermList(part).terms {
        let factors = FactorList(term.value)
        let all = factors.above + factors.below
        let isScaled = scaled || all.contains { rule.holds($0, rates) && !rule.holds($0, decays) }
        for factor in all {
          if case .name(let name) = factor.kind {
            if decays.contains(name), isScaled { return true }
          } else if case .binary(let operation, _, _) = factor.kind,
            operation == .add || operation == .subtract
          {
            if found(factor, isScaled) { return true }
          } else if factor.children.contains(where: { found($0, isScaled) }) {
            return true
          }
        }
      }
      return false
    }
    return rule.updates.contains { found($0, false) }
  }

  // MARK: Momentum

  private func momentum() -> (form: String, rate: String?)? {
    let gradientPoints = (Array(rule.states.values) + rule.updates).flatMap(\.gradientPoints)
    if gradientPoints.contains(where: { point in
      rule.states.keys.contains { state in
        momenta.contains(state) && rule.holds(point, [state, InlinedRule.previous(state)])
      }
    }) {
      return ("lookahead", rateInMomenta ? "inside" : "outside")
    }
    if gradientPoints.contains(where: { point in
      rule.states.keys.contains { rule.holds(point, [$0, InlinedRule.previous($0)]) }
    }) {
      return ("two_sequence", "inside")
    }
    let iterates = rule.iterates
    if rule.updates.contains(where: { update in
      iterates.contains { rule.holds(update, [$0, InlinedRule.previous($0)]) }
    }) {
      return ("polyak", "inside")
    }
    let used = momenta.filter { state in
      rule.updates.contains { rule.holds($0, [state, InlinedRule.previous(state)]) }
        // Where the average is only taken from the mean square, it is no momentum.
        && !(isCentered && isOnlySquared(state))
    }
    guard !used.isEmpty else { return nil }
    let rate = rateInMomenta ? "inside" : "outside"
    if used.contains(where: isAveraging) { return ("ema", rate) }
    if squares.isEmpty, let last = rule.updates.last, isLinearInGradient(last) {
      return ("rewritten", rate)
    }
    return ("velocity", rate)
  }

  private var rateInMomenta: Bool {
    momenta.contains { rule.states[$0].map { rule.holds($0, rates) } ?? false }
  }

  private func isOnlySquared(_ state: Name) -> Bool {
    rule.updates.allSatisfy { update in
      var bare = false
      func visit(_ part: Expression) {
        if case .binary(.power, _, let exponent) = part.kind, case .number(2, _) = exponent.kind {
          return
        }
        if case .name(state) = part.kind { bare = true }
        for child in part.children { visit(child) }
      }
      visit(update)
      return !bare
    }
  }

  private func isLinearInGradient(_ update: Expression) -> Bool { rule.holdsGradient(update) }

  private func dampening() -> String {
    for name in momenta {
      guard let value = rule.states[name] else { continue }
      let decays = rule.decays(of: name)
      for term in TermList(value).terms where rule.holdsGradient(term.value) {
        for factor in FactorList(term.value).above {
          if case .binary(.subtract, let one, let other) = factor.kind,
            case .number(1, _) = one.kind, case .name(let damp) = other.kind,
            rule.hyper.contains(damp), !decays.contains(damp)
          {
            return "always"
          }
        }
      }
      if value.contains({
        if case .call(let callee, _) = $0.kind {
          callee.path.first?.canonical == "where"
        } else {
          false
        }
      }) {
        return "after_first"
      }
    }
    return "none"
  }

  // MARK: Adam's relatives

  private func amsgrad() -> String? {
    for (name, value) in rule.states where rule.isMaximum(name) && rule.holds(value, squares) {
      return value.contains { rule.correction($0) != nil } ? "max_of_corrected" : "max_of_raw"
    }
    return nil
  }

  private var isCentered: Bool {
    (rule.updates + Array(rule.states.values)).contains { value in
      value.contains { part in
        guard case .binary(.subtract, let left, let right) = part.kind,
          case .binary(.power, let base, let exponent) = right.kind,
          case .number(2, _) = exponent.kind
        else { return false }
        return rule.holds(left, squares) && rule.holds(base, momenta)
      }
    }
  }

  private func nadam() -> String? {
    guard let update = rule.updates.last, hasAverage, rule.holdsGradient(update) else { return nil }
    var exponents: [Expression] = []
    let firstDecays = momenta.reduce(into: Set<Name>()) { $0.formUnion(rule.decays(of: $1)) }
    var isProduct = false
    _ = update.contains { part in
      guard let correction = rule.correction(part) else { return false }
      if !firstDecays.isDisjoint(with: correction.base) {
        exponents.append(correction.exponent)
        if !correction.exponent.names.contains(where: { $0.canonical == "t" }) { isProduct = true }
      }
      return false
    }
    if isProduct { return "t+1" }
    guard !exponents.isEmpty else { return nil }
    let isNext = exponents.contains { exponent in
      TermList(exponent).terms.contains { term in
        if case .number(1, _) = term.value.kind { !term.isNegative } else { false }
      }
    }
    return isNext ? "t+1" : "t"
  }

  // MARK: Rates and clipping

  private func schedule() -> String? {
    guard let rate = RateFactor.of(plain) else { return nil }
    return rate.names.contains { $0.canonical == "t" } ? plain.words(rate) : nil
  }

  private func clip() -> String? {
    let values = [rule.gradient].compactMap { $0 } + rule.updates + Array(rule.states.values)
    for value in values {
      let norms = value.contains { part in
        guard case .call(let callee, let arguments) = part.kind,
          callee.path.first?.canonical == "norm"
        else { return false }
        return arguments.contains { rule.isGradient($0.value) }
      }
      var bounds = false
      var bare = false
      _ = value.contains { part in
        if case .call(let callee, let arguments) = part.kind {
          let name = callee.path.first?.canonical ?? ""
          if ["min", "max", "where", "clip"].contains(name) {
            bounds = true
            if name != "where", !arguments.contains(where: { rule.holds($0.value, squares) }),
              arguments.contains(where: { rule.isGradient($0.value) })
            {
              bare = true
            }
          }
        }
        return false
      }
      if norms, bounds, squares.isEmpty { return "norm" }
      if bare { return "value" }
    }
    return nil
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

  /// The points at which gradients are asked for.
  fileprivate var gradientPoints: [Expression] {
    var found: [Expression] = []
    _ = contains { part in
      if case .call(let callee, let arguments) = part.kind,
        callee.path.first?.canonical == "grad"
      {
        found += arguments.map(\.value)
      }
      return false
    }
    return found
  }
}
