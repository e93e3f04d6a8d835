// Which form momentum has in a rule: a velocity, an average, the iterate before, a gradient taken ahead;
// and what Adam's relatives do with their averages.

import Notation

extension FeatureReader {
  func momentum() -> (form: String, rate: String?)? {
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

  func dampening() -> String {
    for name in momenta.sorted() {
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

  func amsgrad() -> String? {
    for (name, value) in rule.states.sorted(by: { $0.key < $1.key })
    where rule.isMaximum(name) && rule.holds(value, squares) {
      return value.contains { rule.correction($0) != nil } ? "max_of_corrected" : "max_of_raw"
    }
    return nil
  }

  var isCentered: Bool {
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

  func nadam() -> String? {
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
}

extension Expression {
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
