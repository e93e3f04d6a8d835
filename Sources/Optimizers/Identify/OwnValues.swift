// Values for the hyperparameters of the rule that is looked at, chosen to tell kinds apart, and what
// those of a candidate come to.

import Notation

struct OwnValues {
  let base: [Name: Double]
  private let rates: Set<Name>
  /// The learning rate changes from step to step.
  var isVarying = false

  init(_ rule: PlainRule, _ regime: ProbeRegime = .plain) {
    base = rule.hyper.values(regime, fixed: rule.printed)
    rates = Set(rule.roles.filter { $0.value == .learningRate && rule.printed[$0.key] == nil }.keys)
  }

  func values(_ step: Int) -> [Name: Double] {
    guard isVarying else { return base }
    var values = base
    // 1, 0.8, 0.5, 0.7, 0.4, again.
    let factor = [1, 0.8, 0.5, 0.7, 0.4][(step - 1) % 5]
    for rate in rates { values[rate] = (values[rate] ?? 0) * factor }
    return values
  }

  func own() -> ProbeValues {
    ProbeValues(base, changing: isVarying ? { self.values($0) } : nil)
  }

  /// The values of a candidate's hyperparameters, formulas of these.
  func values(_ forms: [Name: Expression], _ step: Int) -> [Name: Double] {
    let own = values(step)
    var result: [Name: Double] = [:]
    for (name, form) in forms {
      result[name] =
        ScalarFormula.value(of: form) { $0.canonical == "t" ? Double(step) : own[$0] } ?? .nan
    }
    return result
  }

  /// What a formula of these and t comes to.
  func value(_ form: Expression, _ step: Int) -> Double {
    let own = values(step)
    return ScalarFormula.value(of: form) { $0.canonical == "t" ? Double(step) : own[$0] } ?? .nan
  }

  func candidate(_ forms: [Name: Expression]) -> ProbeValues {
    var changing = forms.filter { $0.value.names.contains { $0.canonical == "t" } }
    if isVarying {
      for (name, form) in forms where !rates.isDisjoint(with: form.names) { changing[name] = form }
    }
    let changes = changing
    return ProbeValues(
      values(forms, 1), changing: changes.isEmpty ? nil : { self.values(changes, $0) })
  }
}
