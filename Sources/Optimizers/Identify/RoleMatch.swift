// One way to give a known rule's hyperparameters as a printed rule's own, as a reader would believe it.
//
// The forms are those that identify tries (`HyperForms`); here they cost more the less they are what a
// text can be meant to say, and powers, fractions of others and usual values are no forms at all.

import Notation

struct RoleMatch {
  /// What each is, as a formula of the printed rule's own.
  var forms: [(name: Name, form: Expression)] = []
  /// How far from name for name it is.
  var effort = 0

  func values(_ own: [Name: Double]) -> [Name: Double] {
    var result: [Name: Double] = [:]
    for (name, form) in forms { result[name] = ScalarFormula.value(of: form) { own[$0] } }
    return result
  }

  /// `lr = α`, as far as a hyperparameter is not switched off.
  var arguments: [(name: Name, value: String)] {
    forms.map { ($0.name, $0.form.text(.pretty)) }
  }

  private static let budgets = [0, 2, 4, 8]
  private static let limit = 60

  /// The ways, the plainest first.
  static func all(from own: RoleValues, to candidate: RoleValues) -> [RoleMatch] {
    var used: [HyperRole: Int] = [:]
    var options: [[HyperForms.Option]] = []
    for (name, forms) in HyperForms(own: own).options(of: candidate) {
      let role = candidate.role(name)
      let place = used[role, default: 0]
      used[role, default: 0] += 1
      options.append(
        forms.compactMap { option in
          price(option.form, name, role, place, own).map { (option.form, $0) }
        })
    }
    // A hyperparameter of the rule that nothing answers to would make other numbers.
    return HyperSearch.choices(options, needed: Set(own.names), budgets: budgets, limit: limit)
      .map { choice, effort in
        var match = RoleMatch(effort: effort)
        for (place, index) in choice.enumerated() {
          match.forms.append((candidate.names[place], options[place][index].form))
        }
        return match
      }
  }

  static func isDecay(_ name: Name) -> Bool {
    ["beta", "rho", "momentum", "nu"].contains { name.canonical.hasPrefix($0) }
  }

  /// nil for what no text is meant to say.
  private static func price(
    _ form: Expression, _ name: Name, _ role: HyperRole, _ place: Int, _ own: RoleValues
  ) -> Int? {
    let same = own.names(role)
    if case .name(let other) = form.kind {
      if place < same.count, same[place] == other { return 0 }
      return switch role {
      case .learningRate: nil
      case .firstDecay, .secondDecay: 2
      case .epsilon, .weightDecay: RoleValues.constants.contains(own.role(other)) ? 2 : nil
      case .constant, .other: own.role(other) == .learningRate ? nil : 2
      }
    }
    if case .number(let value, _) = form.kind {
      switch role {
      case .learningRate: return value == 1 ? 1 : nil
      // Without its decay it would be another rule.
      case _ where value != 0 || isDecay(name): return nil
      case .epsilon, .weightDecay: return place < same.count ? 4 : 1
      case .constant, .other, .firstDecay, .secondDecay: return 2
      }
    }
    switch role {
    // lr·(1 - β), lr/(1 - β)
    case .learningRate:
      return form.names.contains { own.role($0) == .firstDecay } ? 2 : nil
    case .firstDecay, .secondDecay:
      return same.prefix(2).contains { form.isSame(as: .complement(of: .of($0))) } ? 3 : nil
    // λ/n, 2λ
    case .weightDecay:
      return form.names.allSatisfy {
        RoleValues.constants.contains(own.role($0)) || own.role($0) == .weightDecay
      } ? 3 : nil
    case .epsilon, .constant, .other: return nil
    }
  }
}
