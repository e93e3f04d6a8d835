// What a hyperparameter of one rule may be in terms of another's: one that does the same, a decay's
// complement, a learning rate that holds a factor such as 1 - β or changes with t, a number where there
// is no counterpart.

import Notation

struct HyperForms {
  /// The rule that is looked at.
  let own: RoleValues
  /// What the parameter's change is multiplied by, where that is more than one hyperparameter.
  let rate: Expression?
  /// What may serve as a decay.
  private let decays: [Name]

  typealias Option = (form: Expression, effort: Int)

  init(own: RoleValues, rate: Expression? = nil) {
    self.own = own
    self.rate = rate
    decays = own.names([.firstDecay, .secondDecay, .other, .constant])
  }

  /// The options of all hyperparameters of a candidate.
  func options(of candidate: RoleValues) -> [(name: Name, options: [Option])] {
    var used: [HyperRole: Int] = [:]
    return candidate.names.map { name in
      let role = candidate.role(name)
      let place = used[role, default: 0]
      used[role, default: 0] += 1
      return (name, options(candidate.defaults[name], role, place))
    }
  }

  /// What a candidate's hyperparameter may be, the plainest first.
  /// - Parameter place: among those of the candidate that are for the same.
  func options(_ usual: Double?, _ role: HyperRole, _ place: Int) -> [Option] {
    var result: [Option] = []
    func add(_ form: Expression, _ effort: Int) {
      if !result.contains(where: { $0.form.isSame(as: form) }) { result.append((form, effort)) }
    }
    func add(_ name: Name, _ effort: Int) { add(.of(name), effort) }
    let same = own.names(RoleValues.constants.contains(role) ? RoleValues.constants : [role])
    let others = own.names(RoleValues.constants)
    // What has the same default value is the likeliest to do the same.
    let twins = (RoleValues.constants.contains(role) ? same : same.isEmpty ? others : [])
      .filter { usual != nil && own.defaults[$0] == usual }
    for name in twins { add(name, 0) }
    if twins.isEmpty, place < same.count { add(same[place], 0) }
    switch role {
    case .learningRate:
      if let rate { add(rate, same.isEmpty ? 0 : 1) }
      if let first = same.first {
        for decay in decays.prefix(4) {
          add(.of(.multiply, .of(first), .complement(of: .of(decay))), 1)
          add(.of(.divide, .of(first), .complement(of: .of(decay))), 1)
        }
      } else {
        add(.numbered(1), 0)
        for other in others { add(other, 1) }
        // The step 1/L of a text on convexity.
        for other in others { add(.of(.divide, .numbered(1), .of(other)), 1) }
      }
    case .firstDecay, .secondDecay:
      for (rank, other) in decays.enumerated() where rank < 6 {
        add(other, same.isEmpty ? min(rank, 1) : 1)
      }
      for other in decays.prefix(4) {
        add(.complement(of: .of(other)), 1)
      }
      if same.count <= place {
        if let value = usual { add(.numbered(value), result.isEmpty ? 0 : 2) }
        add(.numbered(0), 2)
      }
    case .epsilon:
      if same.count <= place { add(.numbered(0), 0) }
      for other in same where result.first?.form.names != [other] { add(other, 1) }
      for other in others { add(other, 1) }
      for other in same.prefix(1) {
        add(.of(.power, .of(other), .numbered(2)), 2)
        add(.root(.of(other)), 2)
      }
      add(.numbered(0), 2)
    case .weightDecay:
      if same.count <= place { add(.numbered(0), 0) }
      for other in others { add(other, 1) }
      if let first = same.first {
        for rate in own.names([.learningRate]).prefix(1) {
          add(.of(.divide, .of(first), .of(rate)), 1)
          add(.of(.multiply, .of(first), .of(rate)), 2)
        }
      }
      // The 2λ of a penalty λw², and λ/n where it is for all n samples.
      for base in (same.isEmpty ? others : same).prefix(3) {
        add(.of(.multiply, .numbered(2), .of(base)), 2)
        for count in others.prefix(3) where count != base {
          add(.of(.divide, .of(base), .of(count)), 2)
        }
      }
      add(.numbered(0), 2)
    case .constant, .other:
      if let value = usual { add(.numbered(value), same.count <= place ? 0 : 2) }
      for other in decays.prefix(6) { add(other, 1) }
      for other in decays.prefix(3) {
        add(.complement(of: .of(other)), 2)
      }
      for other in own.names([.epsilon, .weightDecay, .learningRate]).prefix(3) { add(other, 2) }
      add(.numbered(0), 2)
    }
    if result.isEmpty { add(.numbered(usual ?? 0), 0) }
    return result
  }
}
