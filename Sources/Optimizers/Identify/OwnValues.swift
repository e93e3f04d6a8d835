// Values for the hyperparameters of the rule that is looked at, chosen to tell kinds apart, and what
// those of a candidate come to.

import Notation

struct OwnValues {
  private(set) var base: [Name: Double] = [:]
  private let rates: Set<Name>
  /// The learning rate changes from step to step.
  var isVarying = false

  enum Regime {
    /// Short memories, ε of the size of small gradients.
    case plain
    /// Long memories and a large ε.
    case large
    /// Constants of the size of t within a run: 1 - t/T is no zero, and t > T comes to pass.
    case late
  }

  init(_ rule: PlainRule, _ regime: Regime = .plain) {
    var counts: [HyperRole: Int] = [:]
    for parameter in rule.rule.declaration.parameters {
      let role = rule.roles[parameter.name] ?? .other
      let place = Double(counts[role, default: 0])
      if let printed = rule.printed[parameter.name] {
        base[parameter.name] = printed
        continue
      }
      counts[role, default: 0] += 1
      base[parameter.name] =
        switch (role, regime) {
        case (.learningRate, .plain), (.learningRate, .late): 0.07 + 0.02 * place
        case (.learningRate, .large): 0.11 + 0.02 * place
        case (.firstDecay, .plain), (.firstDecay, .late): 0.7 + 0.11 * place
        case (.firstDecay, .large): 0.9 - 0.07 * place
        case (.secondDecay, .plain), (.secondDecay, .late): 0.85 + 0.08 * place
        case (.secondDecay, .large): 0.97 - 0.02 * place
        case (.epsilon, .plain), (.epsilon, .late): 0.003 * (place + 1)
        case (.epsilon, .large): 0.6 + 0.1 * place
        case (.weightDecay, .plain), (.weightDecay, .late): 0.2 + 0.1 * place
        case (.weightDecay, .large): 0.05 + 0.02 * place
        case (.constant, .plain), (.other, .plain): 0.55 + 0.07 * place
        case (.constant, .large), (.other, .large): 0.31 + 0.05 * place
        case (.constant, .late), (.other, .late): 12 + 1.5 * place
        }
    }
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
