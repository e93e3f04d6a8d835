// Weight decay, the schedule of the learning rate and gradient clipping in a rule's lines.

import Notation

extension FeatureReader {
  // MARK: Weight decay

  func weightDecay() -> (String, scale: String?) {
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

  // MARK: Rates and clipping

  func schedule() -> String? {
    guard let rate = RateFactor.of(plain) else { return nil }
    return rate.names.contains { $0.canonical == "t" } ? plain.words(rate) : nil
  }

  func clip() -> String? {
    let states = rule.states.sorted { $0.key < $1.key }.map(\.value)
    let values = [rule.gradient].compactMap { $0 } + rule.updates + states
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
