// Which of the rules that have its numbers a printed rule is meant as: not those whose hyperparameters
// would have to be what no text means by them.

import Notation

extension RuleVerdict {
  /// Momentum with β = 0 is gradient descent and nothing else, a rule without numbers is none, and a
  /// bias correction is no learning rate.
  func isEarnest(_ match: Identification.Match) -> Bool {
    guard hasNumbers else { return false }
    return !match.forms.contains { name, form in isFarFetched(name, form, match) }
  }

  /// What no text means by a hyperparameter, though it gives the same numbers.
  private func isFarFetched(
    _ name: Name, _ form: Expression, _ match: Identification.Match
  ) -> Bool {
    let known = KnownRule.named([match.name]).first
    let role = known?.roles.role(name) ?? .other
    if form.isNumber(0) { return RoleMatch.isDecay(name) || role == .learningRate }
    if role == .learningRate, Schedule.isNeverPositive(form) { return true }
    let decays = Set(roles.names([.firstDecay, .secondDecay]))
    if form.hasCorrection(by: decays) { return true }
    let ownDecays = form.names.filter(decays.contains)
    guard !ownDecays.isEmpty else { return false }
    switch role {
    // A correction is no schedule, and a decay no rate.
    case .learningRate:
      return form.names.contains(.time)
        || form.names.allSatisfy(decays.contains) && !roles.names(.learningRate).isEmpty
    // The weight of the squares as that which is left of the gradients'.
    case .firstDecay, .secondDecay:
      guard let other = form.complemented?.name else { return false }
      return match.forms.contains { $0.key != name && $0.value.name == other }
        && RoleMatch.isDecay(name) && !name.canonical.hasPrefix("nu")
    case .constant, .other:
      // A decay weighs something else as well only where the known rule has 1 - x as well.
      let isWeight =
        known?.rule.declaration.lines.contains { line in
          line.value.contains { $0.complemented?.name == name }
        } ?? true
      guard !isWeight else { return false }
      return form.name == nil
        || match.forms.contains { $0.key != name && $0.value.name == form.name }
    case .epsilon, .weightDecay: return false
    }
  }

  /// It gives numbers where the gradients are no zeros.
  var hasNumbers: Bool {
    guard let quick = QuickRule(rule) else { return true }
    return quick.run(roles.probing, .short).allSatisfy { !$0[0].isNaN && !$0[1].isNaN }
  }
}

extension Expression {
  /// 1 - βᵗ, or the power of a state's decay; γᵗ alone may be how a learning rate falls.
  fileprivate func hasCorrection(by decays: Set<Name>) -> Bool {
    contains { part in
      switch part.kind {
      case .binary(.power, let base, let exponent):
        exponent.names.contains(.time) && !decays.isDisjoint(with: base.names)
      case .binary(.subtract, let one, let power): one.isNumber(1) && power.hasPowerOfTime
      default: false
      }
    }
  }

  /// βᵗ, as in a bias correction.
  var hasPowerOfTime: Bool {
    contains { part in
      if case .binary(.power, _, let exponent) = part.kind {
        exponent.names.contains(.time)
      } else {
        false
      }
    }
  }
}
