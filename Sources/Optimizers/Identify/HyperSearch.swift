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

  /// Ways to give a candidate's hyperparameters, the plainest first.
  struct Attempts {
    let names: [Name]
    /// What each hyperparameter may be, as formulas of the rule's own and t.
    let options: [[Option]]
    /// For each way, the place of each hyperparameter's option.
    let choices: [[Int]]
    /// Nothing that matters in the rule is left out. Where that cannot be, there is one way, to be near
    /// by.
    let isComplete: Bool

    func forms(_ choice: [Int]) -> [Name: Expression] {
      var forms: [Name: Expression] = [:]
      for (place, index) in choice.enumerated() { forms[names[place]] = options[place][index].form }
      return forms
    }
  }

  typealias Option = (form: Expression, effort: Int)

  /// How far from the plainest an attempt may be, and how many are made.
  private static let budget = 4
  private static let limit = 160

  func attempts(_ candidate: PlainRule) -> Attempts {
    var used: [HyperRole: Int] = [:]
    var options: [(Name, [Option])] = []
    for slot in candidate.slots {
      let role = candidate.roles[slot.name] ?? .other
      let place = used[role, default: 0]
      used[role, default: 0] += 1
      options.append((slot.name, self.options(slot, role, place, candidate)))
    }
    // Which of the needed hyperparameters an option names, as bits, and what is still to come.
    let order = needed.sorted()
    let whole = order.count < 64 ? (UInt64(1) << UInt64(order.count)) - 1 : .max
    let bits = options.map { entry in
      entry.1.map { option in
        option.form.names.reduce(UInt64(0)) { mask, name in
          order.firstIndex(of: name).map { mask | (UInt64(1) << UInt64($0 % 64)) } ?? mask
        }
      }
    }
    var later = [UInt64](repeating: 0, count: options.count + 1)
    for place in options.indices.reversed() {
      later[place] = bits[place].reduce(later[place + 1]) { $0 | $1 }
    }
    var chosen = [Int](repeating: 0, count: options.count)
    var found: [(choice: [Int], effort: Int)] = []
    func extend(_ place: Int, _ named: UInt64, _ effort: Int, _ budget: Int) {
      guard found.count < HyperSearch.limit, named | later[place] == whole else { return }
      guard place < options.count else {
        found.append((chosen, effort))
        return
      }
      for (index, option) in options[place].1.enumerated() where effort + option.effort <= budget {
        chosen[place] = index
        extend(place + 1, named | bits[place][index], effort + option.effort, budget)
      }
    }
    // Few changes first, so that the limit cuts off the far-fetched.
    for budget in [1, 2, HyperSearch.budget] {
      found = []
      extend(0, 0, 0, budget)
      if found.count * 3 > HyperSearch.limit { break }
    }
    let names = options.map(\.0)
    let choices = options.map(\.1)
    guard !found.isEmpty else {
      return Attempts(
        names: names, options: choices, choices: [[Int](repeating: 0, count: options.count)],
        isComplete: false)
    }
    let sorted = found.enumerated().sorted {
      ($0.element.effort, $0.offset) < ($1.element.effort, $1.offset)
    }
    return Attempts(
      names: names, options: choices, choices: sorted.map(\.element.choice), isComplete: true)
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
        // The step 1/L of a text on convexity.
        for other in others { add(.of(.divide, .numbered(1), .of(other)), 1) }
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
