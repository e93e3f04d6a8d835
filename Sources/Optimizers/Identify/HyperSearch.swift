// The ways in which a catalogue rule's hyperparameters may answer to those of a rule.
//
// One that does the same gets the same value; decays may be complements, the learning rate may hold a
// factor such as 1 - β or change with t. A hyperparameter without counterpart is switched off, or has
// the value it has by default. The plainest ways come first.

import Notation

struct HyperSearch {
  let own: PlainRule
  /// Without these the numbers cannot agree.
  let needed: Set<Name>
  /// What the parameter's change is multiplied by, where that is more than one hyperparameter.
  let rate: Expression?

  /// Every hyperparameter of the candidate as a formula of the rule's own and t.
  struct Attempt {
    var forms: [Name: Expression] = [:]
    /// 0 when every hyperparameter has its like.
    var effort = 0
  }

  private typealias Option = (form: Expression, effort: Int)

  /// How far from the plainest an attempt may be, and how many are made.
  private static let budget = 4
  private static let limit = 160

  func attempts(_ candidate: PlainRule) -> [Attempt] {
    var used: [HyperRole: Int] = [:]
    var options: [(Name, [Option])] = []
    for slot in candidate.slots {
      let role = candidate.roles[slot.name] ?? .other
      let place = used[role, default: 0]
      used[role, default: 0] += 1
      options.append((slot.name, self.options(slot, role, place, candidate)))
    }
    var attempts: [Attempt] = []
    func extend(_ place: Int, _ attempt: Attempt, _ left: Int) {
      guard attempts.count < HyperSearch.limit else { return }
      guard place < options.count else {
        attempts.append(attempt)
        return
      }
      for option in options[place].1 where option.effort <= left {
        var next = attempt
        next.forms[options[place].0] = option.form
        next.effort += option.effort
        extend(place + 1, next, left - option.effort)
      }
    }
    // Few changes first, so that the limit cuts off the far-fetched.
    for budget in [1, 2, HyperSearch.budget] {
      attempts = []
      extend(0, Attempt(), budget)
      if attempts.count * 3 > HyperSearch.limit { break }
    }
    return attempts.enumerated().sorted {
      ($0.element.effort, $0.offset) < ($1.element.effort, $1.offset)
    }.map(\.element)
  }

  /// Whether nothing that matters in the rule is left out.
  func isComplete(_ attempt: Attempt) -> Bool {
    var named: Set<Name> = []
    for form in attempt.forms.values { named.formUnion(form.names) }
    return needed.isSubset(of: named)
  }

  private static let decays: Set<HyperRole> = [.firstDecay, .secondDecay, .other, .constant]

  private func ownNames(_ roles: Set<HyperRole>) -> [Name] {
    own.rule.declaration.parameters.map(\.name).filter { roles.contains(own.roles[$0] ?? .other) }
  }

  private func options(
    _ slot: PlainRule.Slot, _ role: HyperRole, _ place: Int, _ candidate: PlainRule
  ) -> [Option] {
    var result: [Option] = []
    func add(_ form: Expression, _ effort: Int) {
      if !result.contains(where: { $0.form.isSame(as: form) }) { result.append((form, effort)) }
    }
    func add(_ name: Name, _ effort: Int) { add(.of(name), effort) }
    let same = ownNames(role == .other || role == .constant ? [.other, .constant] : [role])
    let others = ownNames([.other, .constant])
    // What has the same default value is the likeliest to do the same.
    let twins = (role == .other || role == .constant ? same : same.isEmpty ? others : []).filter {
      name in
      slot.defaultValue != nil
        && own.slots.first { $0.name == name }?.defaultValue == slot.defaultValue
    }
    for name in twins { add(name, 0) }
    if twins.isEmpty, place < same.count { add(same[place], 0) }
    switch role {
    case .learningRate:
      if let rate { add(rate, same.isEmpty ? 0 : 1) }
      if let first = same.first {
        for decay in ownNames(HyperSearch.decays).prefix(4) {
          add(.of(.multiply, .of(first), .complement(of: .of(decay))), 1)
          add(.of(.divide, .of(first), .complement(of: .of(decay))), 1)
        }
      } else {
        add(.numbered(1), 0)
        for other in others { add(other, 1) }
      }
    case .firstDecay, .secondDecay:
      for (rank, other) in ownNames(HyperSearch.decays).enumerated() where rank < 6 {
        add(other, same.isEmpty ? min(rank, 1) : 1)
      }
      for other in ownNames(HyperSearch.decays).prefix(4) {
        add(.complement(of: .of(other)), 1)
      }
      if same.count <= place {
        if let value = slot.defaultValue { add(.numbered(value), result.isEmpty ? 0 : 2) }
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
        for rate in ownNames([.learningRate]).prefix(1) {
          add(.of(.divide, .of(first), .of(rate)), 1)
          add(.of(.multiply, .of(first), .of(rate)), 2)
        }
        add(.of(.multiply, .numbered(2), .of(first)), 2)
      }
      add(.numbered(0), 2)
    case .constant, .other:
      if let value = slot.defaultValue { add(.numbered(value), same.count <= place ? 0 : 2) }
      for other in ownNames(HyperSearch.decays).prefix(6) { add(other, 1) }
      for other in ownNames(HyperSearch.decays).prefix(3) {
        add(.complement(of: .of(other)), 2)
      }
      for other in ownNames([.epsilon, .weightDecay, .learningRate]).prefix(3) { add(other, 2) }
      add(.numbered(0), 2)
    }
    if result.isEmpty { add(.numbered(slot.defaultValue ?? 0), 0) }
    return result
  }
}
